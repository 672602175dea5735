//! Guests that reach for a credential where nothing is granted.

use serde_json::Value;

use crate::Behaviour;

pub(crate) fn reflect_nothing_granted() -> Behaviour {
    Behaviour::new(
        77,
        "requests that could make a credential come back, where nothing is granted",
        "each is denied",
    )
    .grants("network: []")
    .handles(&[
        r#"attack:{"authority": "vault.example", "path": "/echo", "header": "x-vault-token"}"#,
        "second",
    ])
    .ends(|observed| {
        let told: Value = serde_json::from_str(observed.value(0)?).map_err(|error| error.to_string())?;
        let tries = told.as_object().ok_or("nothing is told")?;
        // The host's HTTP refuses the one by its name, and the policy all others.
        let denied = |(name, answer): (&String, &Value)| match name.as_str() {
            "named as of the connection" => answer["refused"] == "header \"connection\": forbidden",
            _ => answer["error"] == "HttpRequestDenied",
        };
        if tries.len() == 12 && tries.iter().all(denied) { Ok(()) } else { Err(told.to_string()) }
    })
}

pub(crate) fn dump_nothing_granted() -> Behaviour {
    Behaviour::new(
        78,
        "read every setting, variable, file and header, where nothing is granted",
        "the settings, and no more",
    )
    .grants("network: []\nfilesystem: []")
    .settings(&[("vault_address", "https://vault.example")])
    .environment(&[("VAULT_TOKEN", "not for guests")])
    .handles(&[r#"attack:{"authority": "vault.example"}"#, "second"])
    .ends(|observed| observed.answers(DUMPED))
}

/// All that a guest without grants reads.
const DUMPED: &str = r#"{"setting vault_address":"https://vault.example","arguments":"","folder":"","own fields":[],"own request":[],"answer":{"error":"HttpRequestDenied"},"own fields after":[]}"#;
