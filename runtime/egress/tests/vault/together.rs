//! Many requests at once: one login, one renewal, one answer for all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::host::{Host, Provider};
use crate::stub::Vault;

const LOGIN: &str = "kind: vault, login: { method: approle, role_id: { value: r } }";
/// Requests at once; as many as a destination has under way by default, or fewer.
const MANY: usize = 8;

/// Holds back what waits at it until it is opened.
#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
    waiting: AtomicUsize,
}

impl Gate {
    fn wait(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let open = self.open.lock().unwrap();
        drop(self.opened.wait_while(open, |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }

    /// Until somebody waits.
    async fn reached(&self) {
        while self.waiting.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    }
}

fn count(vault: &Vault, part: &str) -> usize {
    vault.lines().iter().filter(|line| line.contains(part)).count()
}

/// Sends many requests, of which the first to be made waits at the gate.
async fn many(provider: &Arc<Provider>, gate: &Gate) -> Vec<Result<u16, String>> {
    let requests: Vec<_> = (0..MANY)
        .map(|_| {
            let provider = Arc::clone(provider);
            tokio::spawn(async move {
                provider.get("/v1/kv/a").await.map(|(status, _)| status).map_err(|error| error.to_string())
            })
        })
        .collect();
    gate.reached().await;
    gate.open();
    let mut outcomes = Vec::new();
    for request in requests {
        outcomes.push(request.await.unwrap());
    }
    outcomes
}

fn gated(path: &'static str) -> (Arc<Gate>, Vault) {
    let gate = Arc::new(Gate::default());
    let at = Arc::clone(&gate);
    let vault = Vault::start_with(move |received| {
        if received.target == path {
            at.wait();
        }
    });
    (gate, vault)
}

#[tokio::test]
async fn the_first_use_is_one_login() {
    let (gate, vault) = gated("/v1/auth/approle/login");
    let provider = Arc::new(Provider::with_credential(&Host::new(), &vault.store.origin(), LOGIN));
    assert_eq!(many(&provider, &gate).await, vec![Ok(200); MANY]);
    assert_eq!((count(&vault, "/login"), count(&vault, "/kv/a")), (1, MANY));
}

#[tokio::test]
async fn a_refused_login_is_one_answer_for_all() {
    let (gate, vault) = gated("/v1/auth/approle/login");
    vault.change(|state| state.login = Some((400, r#"{"errors":["invalid role ID"]}"#.to_owned())));
    let provider = Arc::new(Provider::with_credential(&Host::new(), &vault.store.origin(), LOGIN));
    let refused = "no credential: vault: the login at auth/approle answered 400: invalid role ID";
    assert_eq!(many(&provider, &gate).await, vec![Err(refused.to_owned()); MANY]);
    assert_eq!(vault.lines().len(), 1);
}

#[tokio::test]
async fn a_renewal_is_one() {
    let (gate, vault) = gated("/v1/auth/token/renew-self");
    let host = Host::new();
    let provider = Arc::new(Provider::with_credential(&host, &vault.store.origin(), LOGIN));
    provider.get("/v1/kv/a").await.unwrap();
    host.pass(Duration::from_secs(3300));
    assert_eq!(many(&provider, &gate).await, vec![Ok(200); MANY]);
    assert_eq!((count(&vault, "renew-self"), count(&vault, "/login")), (1, 1));
}

#[tokio::test]
async fn a_revoked_token_is_replaced_once_for_all() {
    let (gate, vault) = gated("/v1/auth/token/lookup-self");
    let provider = Arc::new(Provider::with_credential(&Host::new(), &vault.store.origin(), LOGIN));
    provider.get("/v1/kv/a").await.unwrap();
    vault.change(|state| state.tokens.clear());
    assert_eq!(many(&provider, &gate).await, vec![Ok(200); MANY]);
    assert_eq!(count(&vault, "/login"), 2);
}

#[tokio::test]
async fn a_guest_that_gives_up_does_not_take_the_login_from_the_others() {
    let (gate, vault) = gated("/v1/auth/approle/login");
    let provider = Arc::new(Provider::with_credential(&Host::new(), &vault.store.origin(), LOGIN));
    let first = {
        let provider = Arc::clone(&provider);
        tokio::spawn(async move { provider.get("/v1/kv/a").await.map(|(status, _)| status).ok() })
    };
    gate.reached().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    gate.open();
    assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
}
