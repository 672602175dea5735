//! Components that are not what the policy expects.

use portcullis_policy::Digest;

use crate::Behaviour;
use crate::act::Act;

pub(crate) fn other_digest() -> Behaviour {
    Behaviour::new(
        84,
        "be another file than the one that was approved",
        "refused at load, before it is compiled",
    )
    .grants("digest: sha256:0000000000000000000000000000000000000000000000000000000000000000")
    .ends(|observed| observed.refused_at_load("digest"))
}

pub(crate) fn old_version() -> Behaviour {
    Behaviour::new(
        86,
        "import an old version of an interface with authority",
        "refused at load, as the newest is",
    )
    .ends(|observed| observed.refused_at_load("wasi:filesystem/types@0.2.0"))
}

pub(crate) fn future_version() -> Behaviour {
    Behaviour::new(86, "import a version that does not exist", "refused at load")
        .ends(|observed| observed.refused_at_load("wasi:sockets/tcp@9.0.0"))
}

pub(crate) fn unknown_interface() -> Behaviour {
    Behaviour::new(83, "import an interface that the host does not have", "refused at load")
        .ends(|observed| observed.refused_at_load("vendor:backdoor/open@1.0.0"))
}

pub(crate) fn update_imports() -> Behaviour {
    Behaviour::new(
        88,
        "be an update that wants files, network and sockets, too",
        "refused at load, with each import and its key; what was loaded before keeps answering",
    )
    .acts(|act| {
        let words = [
            "wasi:filesystem/preopens@0.2.12",
            "filesystem: []",
            "wasi:http/outgoing-handler@0.2.12",
            "network: []",
            "wasi:sockets/tcp@0.2.12",
            "sockets: none",
        ];
        updated(act, "", &words)
    })
}

pub(crate) fn update_digest() -> Behaviour {
    Behaviour::new(
        88,
        "be an update of a backend whose digest was approved",
        "refused at load, with both digests; what was loaded before keeps answering",
    )
    .acts(|act| {
        let (approved, found) = (Digest::of(&act.behaves()?), Digest::of(&act.guest()?));
        let key = format!(", digest: \"{approved}\"");
        updated(act, &key, &["digest", &approved.to_string(), &found.to_string()])
    })
}

/// The component file is replaced below a running resolver, then read by one that starts, then put back.
fn updated(act: &Act<'_>, key: &str, words: &[&str]) -> Result<(), String> {
    let file = format!("version: 1\nproviders: {{ backend: {{ component: ./backend.wasm{key} }} }}\n");
    let (before, after) = (act.behaves()?, act.guest()?);
    let answers = [("one", "one"), ("two", "two")];
    act.install("backend.wasm", &before)?;
    let (running, _) = act.resolver(&file, None)?;
    act.expect(&running, &answers)?;

    act.install("backend.wasm", &after)?;
    let (starting, _) = act.resolver(&file, None)?;
    let refused = act.attack(|| act.ask(&starting, &["one", "two"]))?;
    for (handle, outcome) in &refused {
        let Err(message) = outcome else { return Err(format!("'{handle}' has a value of the update")) };
        if let Some(missing) = words.iter().find(|word| !message.contains(**word)) {
            return Err(format!("'{handle}' failed without '{missing}': {message}"));
        }
    }
    if starting.faults().is_empty() {
        return Err("the refusal is no fault of the provider".to_owned());
    }
    act.expect(&running, &answers).map_err(|error| format!("the one that runs: {error}"))?;

    act.install("backend.wasm", &before)?;
    act.expect(&act.resolver(&file, None)?.0, &answers).map_err(|error| format!("put back: {error}"))
}
