//! Interfaces that are linked and grant nothing (`network: []`, `sockets: none`): whatever is tried, nothing leaves.

use portcullis_sandbox::CallError;
use serde_json::Value;

use crate::Behaviour;

const NOTHING: &str = "network: []";

/// A request that a policy could allow.
macro_rules! attack {
    ($more:literal) => {
        &[concat!("attack:{\"authority\": \"vault.example\", \"path\": \"/v1/a\"", $more, "}"), "second"]
    };
}

pub(crate) fn request_nothing_granted() -> Behaviour {
    Behaviour::new(
        23,
        "any request, where nothing is granted",
        "`HTTP-request-denied` for each; nothing is looked up",
    )
    .grants(NOTHING)
    .handles(&[
        r#"attack:{"authority": "vault.example"}"#,
        r#"attack:{"authority": "127.0.0.1:1", "scheme": "http"}"#,
        r#"attack:{"authority": "vault.example", "method": "POST", "body": "text"}"#,
        r#"attack:{"authority": "vault.example@evil.example"}"#,
        r#"attack:{"authority": "169.254.169.254", "scheme": "http", "path": "/latest/meta-data/"}"#,
        r#"attack:{"authority": "vault.example", "scheme": null}"#,
    ])
    .ends(|observed| {
        (0..6).try_for_each(|place| match observed.value(place)? {
            r#"{"error":"HttpRequestDenied"}"# => Ok(()),
            // It is denied before its body is read, if not before it is written.
            r#"{"unsent":"closed","error":"HttpRequestDenied"}"#
            | r#"{"wrote":4,"error":"HttpRequestDenied"}"# => Ok(()),
            other => Err(format!("request {place}: {other}")),
        })
    })
}

pub(crate) fn client_nothing_granted() -> Behaviour {
    Behaviour::new(
        23,
        "a request by the SDK's client, where nothing is granted",
        "an error that says what to do; it is tried once",
    )
    .grants(NOTHING)
    .handles(&[r#"attack:{"requests": [{"url": "https://vault.example/v1/a"}]}"#, "second"])
    .ends(|observed| {
        observed.answers(
            "GET https://vault.example/v1/a: the policy does not allow it: \
                 `portcullis policy explain --request` says what is missing",
        )
    })
}

pub(crate) fn flood_nothing_granted() -> Behaviour {
    Behaviour::new(
        54,
        "10,000 requests, 50 at once, where nothing is granted",
        "each is denied; after `limits.requests` none is looked at",
    )
    .grants(NOTHING)
    .limits("cpu: 30s, wall: 60s")
    .handles(attack!(", \"count\": 10000, \"at_once\": 50"))
    .ends(|observed| {
        observed.answers(r#"{"ConnectionLimitReached":9700,"HttpRequestDenied":300}"#)?;
        observed.host_memory_within(16)
    })
}

pub(crate) fn flood_held() -> Behaviour {
    Behaviour::new(22, "10,000 requests, none of which it lets go of", "a trap at `limits.handles`")
        .grants(NOTHING)
        .limits("cpu: 30s, wall: 60s")
        .handles(attack!(", \"count\": 10000, \"hold\": true"))
        .ends(|observed| {
            observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. }))?;
            observed.host_memory_within(16)
        })
}

pub(crate) fn upload_nothing_granted() -> Behaviour {
    Behaviour::new(53, "a body of 10 GiB, where nothing is granted", "denied; next to nothing of it is taken")
        .grants(NOTHING)
        .limits("cpu: 30s, wall: 60s")
        .handles(attack!(", \"method\": \"POST\", \"zeroes\": 10737418240"))
        .ends(|observed| {
            let seen = observed.value(0)?;
            if !seen.ends_with(r#""end":"HttpRequestDenied"}"#) {
                return Err(seen.to_owned());
            }
            observed.host_memory_within(16)
        })
}

pub(crate) fn hold_nothing_granted() -> Behaviour {
    Behaviour::new(55, "responses that are never read, where nothing is granted", "there are none")
        .grants(NOTHING)
        .handles(attack!(", \"count\": 20"))
        .ends(|observed| observed.answers("held=0;other=HttpRequestDenied"))
}

/// What the host takes of nobody, whatever the policy says: name, and the outcome of each of four ways.
const FIELDS: &[(&str, &str)] = &[
    ("connection", "forbidden"),
    ("Connection", "forbidden"),
    ("content-length", "invalid-syntax"),
    ("host", "forbidden"),
    ("HOST", "forbidden"),
    ("http2-settings", "forbidden"),
    ("keep-alive", "forbidden"),
    ("proxy-authenticate", "forbidden"),
    ("proxy-authorization", "forbidden"),
    ("proxy-connection", "forbidden"),
    ("transfer-encoding", "forbidden"),
    ("Transfer-Encoding", "forbidden"),
    ("upgrade", "forbidden"),
    ("x free", "invalid-syntax"),
    ("x-free\r\nhost", "invalid-syntax"),
    ("", "invalid-syntax"),
    (":authority", "invalid-syntax"),
];

pub(crate) fn trailers_nothing_granted() -> Behaviour {
    Behaviour::new(
        30,
        "headers of the host, in headers and trailers, by every way to make them",
        "refused by name; requests with the rest are denied",
    )
    .grants(NOTHING)
    .handles(attack!(""))
    .ends(|observed| {
        let told: Value = serde_json::from_str(observed.value(0)?).map_err(|error| error.to_string())?;
        let wrong = FIELDS.iter().find(|(name, outcome)| {
            told.pointer(&format!("/ways/{name}")) != Some(&Value::from([*outcome; 4].join(" ")))
        });
        if let Some((name, outcome)) = wrong {
            return Err(format!("{name:?} is not {outcome}: {told}"));
        }
        let sent = told.get("sent").and_then(Value::as_object).ok_or("nothing is told of what was sent")?;
        let names: Vec<&str> = sent.keys().map(String::as_str).collect();
        // The policy decides about these.
        let expected = ["te", "trailer", "expect", "via", "x-vault-token", "authorization", "x-free"];
        let denied =
            sent.values().all(|answer| *answer == serde_json::json!({ "error": "HttpRequestDenied" }));
        if names == expected && denied { Ok(()) } else { Err(told.to_string()) }
    })
}

/// What came of each attempt of `network_sockets`.
const SOCKETS: &str = "\
     lookup 'secret-value.collector.example'=permanent-resolver-failure;\
     lookup 'localhost'=permanent-resolver-failure;lookup '127.0.0.1'=permanent-resolver-failure;\
     lookup '::1'=permanent-resolver-failure;lookup '169.254.169.254'=permanent-resolver-failure;\
     lookup ''=permanent-resolver-failure;tcp v4=access-denied;udp v4=access-denied;tcp v6=access-denied;\
     udp v6=access-denied";

pub(crate) fn sockets_refused() -> Behaviour {
    Behaviour::new(
        42,
        "raw sockets, datagrams and name lookups",
        "each is refused by `sockets: none`; no name is looked up",
    )
    .grants("sockets: none")
    .ends(|observed| observed.answers(SOCKETS))
}

pub(crate) fn sockets_unlinked() -> Behaviour {
    Behaviour::new(42, "import raw sockets and name lookups", "refused at load, with the import and the key")
        .grants("network: []")
        .ends(|observed| {
            observed.refused_at_load("wasi:sockets/ip-name-lookup")?;
            observed.refused_at_load("sockets: none")
        })
}
