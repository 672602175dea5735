//! A store in the shape of Vault's: it gives tokens, and knows which of them it still takes.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::store::{Answer, Received, Store};

/// What the store does, which a test may change while it runs.
pub(crate) struct State {
    /// Of a new token, in seconds.
    pub(crate) lasts: u64,
    pub(crate) renewable: bool,
    /// Of a renewed token, in seconds.
    pub(crate) renewed_lasts: u64,
    /// In place of the answer to a login.
    pub(crate) login: Option<Answer>,
    /// In place of the answer to a renewal.
    pub(crate) renewal: Option<Answer>,
    /// Tokens that it takes.
    pub(crate) tokens: HashSet<String>,
    given: u32,
}

/// The stub: its server and its state.
pub(crate) struct Vault {
    pub(crate) store: Store,
    pub(crate) state: Arc<Mutex<State>>,
}

pub(crate) const FORBIDDEN: &str = r#"{"errors":["permission denied"]}"#;

impl Vault {
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// `before` sees each request before it is answered, and may wait.
    pub(crate) fn start_with(before: impl Fn(&Received) + Send + Sync + 'static) -> Self {
        let state = State {
            lasts: 3600,
            renewable: true,
            renewed_lasts: 3600,
            login: None,
            renewal: None,
            tokens: HashSet::new(),
            given: 0,
        };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let store = Store::start(move |received| {
            before(received);
            shared.lock().unwrap().answer(received)
        });
        Self { store, state }
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    /// Requests so far, those of the guest included.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.store.lines()
    }
}

impl State {
    fn answer(&mut self, received: &Received) -> Answer {
        let token = received.header("x-vault-token").unwrap_or_default().to_owned();
        let known = self.tokens.contains(&token);
        let path = received.target.strip_prefix("/v1/").unwrap_or_default();
        match path {
            "auth/token/renew-self" if !known => (403, FORBIDDEN.to_owned()),
            "auth/token/renew-self" => {
                self.renewal.clone().unwrap_or_else(|| auth(&token, self.renewed_lasts, self.renewable))
            }
            "auth/token/lookup-self" if !known => (403, FORBIDDEN.to_owned()),
            "auth/token/lookup-self" => {
                let data = json!({ "ttl": self.lasts, "renewable": self.renewable, "id": token });
                (200, json!({ "data": data }).to_string())
            }
            login if login.starts_with("auth/") => self.login.clone().unwrap_or_else(|| {
                self.given += 1;
                let token = format!("hvs.token-{}", self.given);
                self.tokens.insert(token.clone());
                auth(&token, self.lasts, self.renewable)
            }),
            // A path that no token of the host's may read.
            "kv/forbidden" => (403, FORBIDDEN.to_owned()),
            _ if known => {
                let body = String::from_utf8_lossy(&received.body);
                (
                    200,
                    json!({ "data": { "seen": format!("{:?}", received.headers), "body": body } })
                        .to_string(),
                )
            }
            _ => (403, FORBIDDEN.to_owned()),
        }
    }
}

fn auth(token: &str, lasts: u64, renewable: bool) -> Answer {
    let auth = json!({
        "client_token": token, "accessor": "a", "policies": ["default"], "lease_duration": lasts, "renewable": renewable,
        "mfa_requirement": null,
    });
    (
        200,
        json!({ "request_id": "r", "lease_id": "", "renewable": false, "data": null, "auth": auth })
            .to_string(),
    )
}
