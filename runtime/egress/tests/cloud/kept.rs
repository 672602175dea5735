//! How long a credential is kept: until it is to expire, an input changes, or the store refuses it.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::aws_stub::{Aws, signed};
use crate::host::{Host, Provider};
use crate::store::Store;
use crate::{bearer, form, host};

/// Requests at once; as many as a destination has under way by default.
const MANY: usize = 8;

/// No time is asserted: a test that would hang fails.
const WATCHDOG: Duration = Duration::from_secs(20);

/// A directory that counts: each token is another one, and tells which secret it was given for.
struct Directory {
    issuer: Store,
    /// Of a new token, in seconds.
    lasts: Arc<AtomicU64>,
    /// Status of its answers.
    status: Arc<AtomicUsize>,
    gate: Arc<Gate>,
}

/// Holds back who waits at it while it is closed.
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
    waiting: AtomicUsize,
}

impl Gate {
    fn new(open: bool) -> Self {
        Self { open: Mutex::new(open), opened: Condvar::new(), waiting: AtomicUsize::new(0) }
    }

    fn wait(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let open = self.open.lock().unwrap();
        drop(self.opened.wait_while(open, |open| !*open).unwrap());
    }

    fn set(&self, open: bool) {
        *self.open.lock().unwrap() = open;
        self.waiting.store(0, Ordering::SeqCst);
        self.opened.notify_all();
    }

    /// Until somebody waits.
    async fn reached(&self) {
        let somebody = async {
            while self.waiting.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(WATCHDOG, somebody).await.expect("nobody asks the issuer");
    }
}

impl Directory {
    fn start() -> Self {
        let lasts = Arc::new(AtomicU64::new(3600));
        let status = Arc::new(AtomicUsize::new(200));
        let gate = Arc::new(Gate::new(true));
        let given = AtomicUsize::new(0);
        let (lasts_, status_, gate_) = (Arc::clone(&lasts), Arc::clone(&status), Arc::clone(&gate));
        let issuer = Store::start(move |received| {
            gate_.wait();
            let secret = form::form(received)["client_secret"].clone();
            let number = given.fetch_add(1, Ordering::SeqCst) + 1;
            let lasts = lasts_.load(Ordering::SeqCst);
            let status = u16::try_from(status_.load(Ordering::SeqCst)).unwrap();
            (status, format!(r#"{{"access_token":"token-{number}-of-{secret}","expires_in":{lasts}}}"#))
        });
        Self { issuer, lasts, status, gate }
    }

    fn credential(&self) -> String {
        let origin = self.issuer.origin();
        format!("kind: azure, tenant: t, client: c, authority: '{origin}', from: {{ secret: {{ env: S }} }}")
    }

    fn asked(&self) -> usize {
        self.issuer.received().len()
    }
}

fn start() -> (Directory, Arc<Host>, Arc<Provider>, Store) {
    let directory = Directory::start();
    let host = host(&[("S", "secret-1")]);
    let (provider, store) = crate::provider(&host, &directory.credential());
    (directory, host, Arc::new(provider), store)
}

/// Lifetime in seconds, time that passes before the next request, whether that is a new token.
const TIMES: &[(u64, u64, bool)] = &[
    // A fifth of the lifetime before its end, and at most five minutes.
    (3600, 3299, false),
    (3600, 3300, true),
    (86_400, 86_099, false),
    (86_400, 86_100, true),
    (600, 479, false),
    (600, 480, true),
    (3600, 7200, true),
    // One that is valid for no time is used at once, and once.
    (0, 0, true),
];

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    for (lasts, passes, is_new) in TIMES {
        let (directory, host, provider, store) = start();
        directory.lasts.store(*lasts, Ordering::SeqCst);
        provider.get("/a").await.unwrap();
        host.pass(Duration::from_secs(*passes));
        provider.get("/a").await.unwrap();
        let expected = if *is_new { "token-2-of-secret-1" } else { "token-1-of-secret-1" };
        assert_eq!(bearer(&store), expected, "{lasts} s, after {passes} s");
    }
}

#[tokio::test]
async fn a_renewal_that_fails_fails_no_request_while_the_old_one_is_valid() {
    let (directory, host, provider, store) = start();
    provider.get("/a").await.unwrap();
    directory.status.store(503, Ordering::SeqCst);
    host.pass(Duration::from_secs(3300));
    provider.get("/a").await.unwrap();
    provider.get("/a").await.unwrap();
    assert_eq!(
        (bearer(&store).as_str(), directory.asked()),
        ("token-1-of-secret-1", 2),
        "it is tried once, and then not at once again"
    );
    host.pass(Duration::from_secs(30));
    provider.get("/a").await.unwrap();
    assert_eq!((bearer(&store).as_str(), directory.asked()), ("token-1-of-secret-1", 3));
    // Past its end it is no credential.
    host.pass(Duration::from_secs(300));
    let error = provider.get("/a").await.unwrap_err().to_string();
    assert_eq!(error, "no credential: azure: the directory answered with status 503");
    directory.status.store(200, Ordering::SeqCst);
    provider.get("/a").await.unwrap();
    assert_eq!(bearer(&store), "token-5-of-secret-1");
}

#[tokio::test]
async fn a_changed_secret_is_used_from_the_next_request_on() {
    let (directory, host, provider, store) = start();
    provider.get("/a").await.unwrap();
    host.set("S", "secret-2");
    provider.get("/a").await.unwrap();
    provider.get("/a").await.unwrap();
    assert_eq!((bearer(&store).as_str(), directory.asked()), ("token-2-of-secret-2", 2));
    // One that the issuer does not know yet.
    directory.status.store(401, Ordering::SeqCst);
    host.set("S", "secret-3");
    provider.get("/a").await.unwrap();
    assert_eq!(bearer(&store), "token-2-of-secret-2");
    directory.status.store(200, Ordering::SeqCst);
    host.pass(Duration::from_secs(30));
    provider.get("/a").await.unwrap();
    assert_eq!(bearer(&store), "token-4-of-secret-3");
}

/// A store that takes the tokens that the test says.
fn choosy(takes: &Arc<Mutex<Vec<&'static str>>>) -> Store {
    let takes = Arc::clone(takes);
    Store::start(move |received| {
        let token = received.header("authorization").unwrap_or_default();
        let is_taken = takes.lock().unwrap().iter().any(|taken| token == format!("Bearer {taken}"));
        if received.target == "/forbidden" {
            (403, String::new())
        } else if is_taken {
            (200, String::new())
        } else {
            (401, String::new())
        }
    })
}

#[tokio::test]
async fn a_refused_token_is_made_anew_within_the_request_and_not_in_a_loop() {
    let directory = Directory::start();
    let host = host(&[("S", "s")]);
    let takes = Arc::new(Mutex::new(vec!["token-1-of-s"]));
    let store = choosy(&takes);
    let provider = Provider::with_credential(&host, &store.origin(), &directory.credential());
    let status = async |path| provider.get(path).await.unwrap().0;
    assert_eq!((status("/a").await, directory.asked()), (200, 1));
    // What it may not do, a new token may not either.
    assert_eq!((status("/forbidden").await, directory.asked()), (403, 1));
    *takes.lock().unwrap() = vec!["token-2-of-s"];
    assert_eq!((status("/a").await, directory.asked()), (200, 2));
    takes.lock().unwrap().clear();
    for _ in 0..5 {
        assert_eq!(
            (status("/a").await, directory.asked()),
            (401, 2),
            "a new token is not made for each request"
        );
    }
    host.pass(Duration::from_secs(60));
    *takes.lock().unwrap() = vec!["token-3-of-s"];
    assert_eq!((status("/a").await, directory.asked()), (200, 3));
}

async fn many(provider: &Arc<Provider>, gate: &Gate) -> Vec<Result<u16, String>> {
    gate.set(false);
    let requests: Vec<_> = (0..MANY)
        .map(|_| {
            let provider = Arc::clone(provider);
            tokio::spawn(async move {
                provider.get("/a").await.map(|(status, _)| status).map_err(|error| error.to_string())
            })
        })
        .collect();
    gate.reached().await;
    gate.set(true);
    let mut outcomes = Vec::new();
    for request in requests {
        outcomes.push(request.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn many_requests_at_once_are_one_login_one_renewal_one_refusal() {
    let (directory, host, provider, _store) = start();
    assert_eq!((many(&provider, &directory.gate).await, directory.asked()), (vec![Ok(200); MANY], 1));
    host.pass(Duration::from_secs(3300));
    assert_eq!((many(&provider, &directory.gate).await, directory.asked()), (vec![Ok(200); MANY], 2));
    host.pass(Duration::from_secs(7200));
    directory.status.store(401, Ordering::SeqCst);
    let refused = "no credential: azure: the directory answered with status 401";
    assert_eq!(
        (many(&provider, &directory.gate).await, directory.asked()),
        (vec![Err(refused.to_owned()); MANY], 3)
    );
}

#[tokio::test]
async fn a_revoked_token_is_replaced_once_for_all() {
    let directory = Directory::start();
    let host = host(&[("S", "s")]);
    let takes = Arc::new(Mutex::new(vec!["token-1-of-s"]));
    let store = choosy(&takes);
    let provider = Arc::new(Provider::with_credential(&host, &store.origin(), &directory.credential()));
    provider.get("/a").await.unwrap();
    *takes.lock().unwrap() = vec!["token-2-of-s"];
    assert_eq!((many(&provider, &directory.gate).await, directory.asked()), (vec![Ok(200); MANY], 2));
}

#[tokio::test]
async fn a_refusal_that_comes_late_is_not_about_the_newer_token() {
    let directory = Directory::start();
    let host = host(&[("S", "s")]);
    let gate = Arc::new(Gate::new(false));
    let at = Arc::clone(&gate);
    let store = Store::start(move |received| {
        let is_old = received.header("authorization") == Some("Bearer token-1-of-s");
        if is_old && received.target == "/late" {
            at.wait();
        }
        (if is_old { 401 } else { 200 }, String::new())
    });
    let provider = Arc::new(Provider::with_credential(&host, &store.origin(), &directory.credential()));
    let late = {
        let provider = Arc::clone(&provider);
        tokio::spawn(async move { provider.get("/late").await.unwrap().0 })
    };
    gate.reached().await;
    assert_eq!((provider.get("/a").await.unwrap().0, directory.asked()), (200, 2));
    gate.set(true);
    assert_eq!((late.await.unwrap(), directory.asked()), (200, 2));
}

#[tokio::test]
async fn a_guest_that_gives_up_does_not_take_the_login_from_the_others() {
    let (directory, _host, provider, _store) = start();
    directory.gate.set(false);
    let first = {
        let provider = Arc::clone(&provider);
        tokio::spawn(async move { provider.get("/a").await.is_ok() })
    };
    directory.gate.reached().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    directory.gate.set(true);
    assert_eq!(provider.get("/a").await.unwrap().0, 200);
}

#[tokio::test]
async fn keys_of_a_session_are_renewed_and_given_keys_are_not() {
    let stub = Aws::start();
    let origin = stub.origin();
    let host = host(&[]);
    let role = format!(
        "kind: aws, service: ssm, region: a, sts: '{origin}', role: {{ arn: 'arn:aws:iam::1:role/plain' }}, \
         from: {{ keys: {{ id: {{ value: AKIASTATIC }}, secret: {{ value: secret-of-static }} }} }}"
    );
    let (session, store) = crate::provider(&host, &role);
    session.get("/a").await.unwrap();
    host.pass(Duration::from_secs(719));
    session.get("/a").await.unwrap();
    assert_eq!(stub.issuer.received().len(), 1);
    host.pass(Duration::from_secs(1));
    session.get("/a").await.unwrap();
    assert_eq!((stub.issuer.received().len(), signed(&store).0.key_id.as_str()), (2, "ASIAROLE1"));
    // Given keys that the store refuses stay what they are.
    let refusing = Store::start(|_| (403, String::new()));
    let keys = "kind: aws, service: ssm, region: a, from: { keys: { id: { value: AKIASTATIC }, secret: { value: secret-of-static } } }";
    let given = Provider::with_credential(&host, &refusing.origin(), keys);
    assert_eq!(given.get("/a").await.unwrap().0, 403);
    assert_eq!(refusing.received().len(), 1);
    // Those of a session are got anew, once.
    let again = Provider::with_credential(&host, &refusing.origin(), &role);
    for _ in 0..3 {
        assert_eq!(again.get("/a").await.unwrap().0, 403);
    }
    assert_eq!((refusing.received().len(), stub.issuer.received().len()), (1 + 4, 2 + 2));
}
