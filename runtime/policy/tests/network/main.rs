//! What a policy lets a guest request, in which spelling, and at which addresses.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod addresses;
mod clouds;
mod credentials;
mod decisions;
mod laws;
mod login;
mod spelling;
mod suggest;

use portcullis_policy::{
    AuthorizedRequest, Ceiling, Denial, Policy, PortcullisFile, Profile, ProviderName, Reason, Request,
};

/// The policy of provider `p` with these destinations (a list in brackets, or lines that begin with a line break), under this `network` of a ceiling.
fn policy(network: &str, ceiling: Option<&str>) -> Policy {
    let (before, after) = if network.starts_with('\n') {
        ("\n    component: x.wasm\n    network:", "")
    } else {
        (" { component: x.wasm, network: ", " }")
    };
    let text = format!("version: 1\nproviders:\n  p:{before}{network}{after}\n");
    let mut file = PortcullisFile::parse("p.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let provider = file.providers.remove("p").unwrap();
    let ceiling = ceiling.map(|network| Ceiling::parse("c.yaml", &format!("network: {network}\n")).unwrap());
    Policy::compile(provider.name, Profile::Custom, provider.grants, ceiling.as_ref()).unwrap()
}

/// The decision on a request as text.
fn decide(policy: &Policy, method: &str, url: &str, headers: &[&str]) -> Result<AuthorizedRequest, Denial> {
    let request = Request::parse(method, url, headers).map_err(|error| error.denial(policy.provider()))?;
    policy.decide_request(&request)
}

fn reason(policy: &Policy, method: &str, url: &str, headers: &[&str]) -> Option<Reason> {
    decide(policy, method, url, headers).err().map(|denial| {
        assert_eq!(denial.provider(), &ProviderName::new("p").unwrap());
        assert!(!denial.to_string().chars().any(char::is_control), "{denial}");
        denial.reason()
    })
}
