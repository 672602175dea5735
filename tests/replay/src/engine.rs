//! One engine, one policy and one runtime for a whole run of a target.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use portcullis_policy::{NoEvents, Policy, PortcullisFile, Profile};
use portcullis_sandbox::{Component, Engine, LinkError, Provider};
use tokio::runtime::{Builder, Runtime};

/// The engine that ships, without a pool: nothing is kept between inputs.
pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::on_demand(1).expect("an engine"))
}

/// The policy of a provider's section in a Portcullis file.
pub(crate) fn policy(section: &str) -> Arc<Policy> {
    let text = format!("version: 1\nproviders:\n  fuzzed: {{ component: ./fuzzed.wasm, {section} }}\n");
    let file = PortcullisFile::parse("fuzzed.yaml", &text).expect("a policy file");
    let declared = file.providers.into_values().next().expect("its one provider");
    Arc::new(Policy::compile(declared.name, Profile::Custom, declared.grants, None).expect("a policy"))
}

/// Links a component under a policy, with one setting.
pub(crate) fn link(
    component: &Component,
    policy: &Arc<Policy>,
    setting: (String, String),
) -> Result<Provider, LinkError> {
    let environment = policy.decide_environment(|_| None);
    Provider::link(engine(), component, Arc::clone(policy), [setting], environment, None, Arc::new(NoEvents))
}

/// Runs a call to its end.
pub(crate) fn block_on<F: Future>(call: F) -> F::Output {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime =
        RUNTIME.get_or_init(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));
    runtime.block_on(call)
}
