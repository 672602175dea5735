//! `portcullis policy`: the compiled form, checked and explained. Nothing is loaded or run.

mod request;
mod suggest;

use anyhow::Context as _;
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
        PolicyAction::Explain { provider: Some(provider), request: Some(request), headers, json } => {
            request::explain(&named(&plan, provider)?.policy, request, headers, *json)
        }
        PolicyAction::Suggest { from, json } => suggest::main(&plan, from, *json),
        PolicyAction::Explain { provider, json, .. } => explain(&plan, provider.as_deref(), *json),
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
    let shown: Vec<&PlannedProvider> = match wanted {
        Some(name) => vec![named(plan, name)?],
        None => plan.providers().values().collect(),
    };
    if json {
        let explanations: Vec<_> = shown
            .iter()
            .map(|p| json!({ "component": component(&p.component), "policy": p.policy.explain() }))
            .collect();
        println!("{}", serde_json::to_string_pretty(&explanations)?);
        return Ok(Exit::Done);
    }
    for provider in shown {
        println!("component  {}", component(&provider.component));
        println!("{}", provider.policy.explain());
    }
    Ok(Exit::Done)
}

fn named<'a>(plan: &'a Plan, wanted: &str) -> anyhow::Result<&'a PlannedProvider> {
    let names = || plan.providers().keys().map(ProviderName::as_str).collect::<Vec<_>>().join(", ");
    plan.providers().get(wanted).with_context(|| format!("no provider {wanted:?}; there are: {}", names()))
}

fn component(component: &PlannedComponent) -> String {
    match component {
        PlannedComponent::Builtin(name) => format!("built-in {name}"),
        PlannedComponent::File(path) => path.display().to_string(),
        PlannedComponent::Unsupported(name) => format!("none: there is no backend type {name:?}"),
        _ => "unknown".to_owned(),
    }
}
