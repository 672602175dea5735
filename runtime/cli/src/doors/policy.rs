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
    let providers = plan.providers();
    let valid = providers.values().all(|provider| fault(provider).is_none());
    if json {
        let providers: Vec<_> = providers
            .iter()
            .map(|(name, provider)| {
                let (policy, warnings) = (provider.policy.id().to_string(), warnings(provider));
                json!({ "provider": name.as_str(), "policy": policy, "fault": fault(provider), "warnings": warnings })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&json!({ "valid": valid, "providers": providers }))?);
    } else {
        for (name, provider) in providers {
            match fault(provider) {
                None => println!("{name}: valid, policy {}", provider.policy.id()),
                Some(fault) => println!("{name}: cannot run: {fault}"),
            }
            for warning in warnings(provider) {
                println!("  warning: {warning}");
            }
        }
    }
    Ok(if valid { Exit::Done } else { Exit::No })
}

/// Why a provider whose policy is right will answer no handle all the same.
fn fault(provider: &PlannedProvider) -> Option<String> {
    match &provider.component {
        PlannedComponent::Unsupported(name) => Some(format!("there is no backend type {name:?}")),
        _ => None,
    }
}

fn warnings(provider: &PlannedProvider) -> Vec<String> {
    provider.policy.lints().iter().map(|lint| format!("{}: {}", lint.code.as_str(), lint.message)).collect()
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
