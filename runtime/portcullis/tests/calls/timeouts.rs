//! `secret_backend_timeout`: from the file, or the payload, to the end of a call.

use std::time::Duration;

use portcullis::{Origin, Plan, PlannedProvider};
use portcullis_compat::json::{self, Value};

use crate::guest::{Guests, runtime};

const ONE: &str = "secret_backend_type: file.json\n";
const SEVERAL: &str = "multi_secret_backends:\n  a: { type: file.json }\n  b: { type: file.text, config: { secrets_path: /s } }\n";
const SETTING: &str = "setting secret_backend_timeout";

/// The time that each provider has, and what `explain` says of where that comes from.
fn walls(plan: &Plan) -> Vec<(Duration, String)> {
    let wall = |provider: &PlannedProvider| {
        let explained = provider.policy.explain().limits.into_iter().find(|limit| limit.limit == "wall");
        (provider.policy.limits().wall.value(), explained.unwrap().origin)
    };
    plan.providers().values().map(wall).collect()
}

#[test]
fn the_agents_setting_is_the_time_limit_of_each_built_in_backend() {
    let guests = Guests::new();
    for (file, seconds, origin) in [
        (format!("{ONE}secret_backend_timeout: 7\n"), 7, SETTING),
        (format!("{ONE}secret_backend_timeout: '7'\n"), 7, SETTING),
        (format!("{SEVERAL}secret_backend_timeout: 7\n"), 7, SETTING),
        // As long as an operator likes: no default of ours is in its way.
        (format!("{ONE}secret_backend_timeout: 3600\n"), 3600, SETTING),
        (ONE.to_owned(), 30, "default"),
        (format!("{ONE}secret_backend_timeout: 0\n"), 30, "default"),
    ] {
        let expected = (Duration::from_secs(seconds), origin.to_owned());
        let walls = walls(&guests.plan(&file));
        assert_eq!(walls.len(), if file.starts_with(ONE) { 1 } else { 2 }, "{file}");
        assert!(walls.iter().all(|wall| *wall == expected), "{file}: {walls:?}");
    }
}

fn payload(seconds: u64) -> Plan {
    let settings: Value = json::parse(b"{}").unwrap();
    Plan::payload("file.json", &settings, Duration::from_secs(seconds), None).unwrap()
}

#[test]
fn the_payloads_timeout_is_one_too() {
    for (seconds, wall) in [(7, 7), (3600, 3600), (0, 1)] {
        let expected = (Duration::from_secs(wall), SETTING.to_owned());
        assert_eq!(walls(&payload(seconds)), [expected], "{seconds}");
    }
}

/// The text names the limit; that `secret_backend_timeout` raises it is what `policy explain` and `secret` are for.
#[test]
fn a_backend_that_does_not_end_is_stopped_and_says_at_which_limit() {
    let runtime = runtime();
    let guests = Guests::new();
    guests.add("compute_infinite_loop", "file.json.wasm");
    for plan in [guests.plan(&format!("{ONE}secret_backend_timeout: 1\n")), payload(1)] {
        let secrets = runtime.block_on(async {
            let secrets = guests.secrets(plan);
            secrets.resolve(b"a: ENC[attack]\n", &Origin::new("test")).await.unwrap();
            secrets
        });
        let status = secrets.status();
        let unresolved: Vec<&str> = status.unresolved.iter().map(String::as_str).collect();
        assert_eq!(unresolved, ["'test' handle \"attack\": no answer after 1s (`limits.wall`)"]);
        assert_eq!(status.providers[0].fault.as_deref(), Some("no answer after 1s (`limits.wall`)"));
        let wall = status.providers[0].policy.limits.iter().find(|limit| limit.limit == "wall").unwrap();
        assert_eq!((wall.value.as_str(), wall.origin.as_str()), ("1s", SETTING));
    }
}
