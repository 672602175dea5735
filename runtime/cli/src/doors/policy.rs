//! `portcullis policy`: the compiled form, checked and explained. Nothing is loaded or run.

use portcullis::{Plan, PlannedComponent, PlannedProvider};
use portcullis_policy::ProviderName;
use serde_json::json;

use crate::arguments::{Common, Policy, PolicyAction};
use crate::exit::Exit;

/// Runs the door.
pub(crate) fn main(arguments: &Policy, common: &Common) -> anyhow::Result<Exit> {
    let files = common.trusted_files();
    let ceiling = common.ceiling(&files)?;
    let Some(configuration) = common.configuration(&files)? else {
        anyhow::bail!("no configuration: name one with --config or $PORTCULLIS_CONFIG");
    };
    let plan = Plan::compile(configuration, ceiling.as_ref())?;
    match &arguments.action {
        PolicyAction::Validate { json } => validate(&plan, *json),
        PolicyAction::Explain { provider, json } => explain(&plan, provider.as_deref(), *json),
    }
}

fn validate(plan: &Plan, json: bool) -> anyhow::Result<Exit> {
    if json {
        let providers: Vec<_> = plan
            .providers()
            .iter()
            .map(|(name, provider)| {
                let lints: Vec<String> = provider.policy.lints().iter().map(|lint| format!("{}: {}", lint.code.as_str(), lint.message)).collect();
                json!({ "provider": name.as_str(), "policy": provider.policy.id().to_string(), "warnings": lints })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&json!({ "valid": true, "providers": providers }))?);
        return Ok(Exit::Done);
    }
    for (name, provider) in plan.providers() {
        println!("{name}: valid, policy {}", provider.policy.id());
        for lint in provider.policy.lints() {
            println!("  warning: {}: {}", lint.code.as_str(), lint.message);
        }
    }
    Ok(Exit::Done)
}

fn explain(plan: &Plan, wanted: Option<&str>, json: bool) -> anyhow::Result<Exit> {
    let shown: Vec<(&ProviderName, &PlannedProvider)> = plan
        .providers()
        .iter()
        .filter(|(name, _)| wanted.is_none_or(|wanted| name.as_str() == wanted))
        .collect();
    if shown.is_empty() {
        let names: Vec<&str> = plan.providers().keys().map(ProviderName::as_str).collect();
        anyhow::bail!("no provider {:?}; there are: {}", wanted.unwrap_or_default(), names.join(", "));
    }
    if json {
        let explanations: Vec<_> = shown
            .iter()
            .map(|(_, p)| json!({ "component": component(&p.component), "policy": p.policy.explain() }))
            .collect();
        println!("{}", serde_json::to_string_pretty(&explanations)?);
        return Ok(Exit::Done);
    }
    for (_, provider) in shown {
        println!("component  {}", component(&provider.component));
        println!("{}", provider.policy.explain());
    }
    Ok(Exit::Done)
}

fn component(component: &PlannedComponent) -> String {
    match component {
        PlannedComponent::Builtin(name) => format!("built-in {name}"),
        PlannedComponent::File(path) => path.display().to_string(),
        PlannedComponent::Unsupported(name) => format!("none: there is no backend type {name:?}"),
        _ => "unknown".to_owned(),
    }
}
