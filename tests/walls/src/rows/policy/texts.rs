//! Row 85 as data: texts that must be refused, with words of the refusal, and texts that must deny.
//!
//! A provider's keys stand from line 4 on. `{scene}` is the folder of the scene.

/// What grants the guest its file: without it, a refusal would prove nothing.
pub(super) const GRANT: &str = "filesystem: [{ host: \"{scene}/inside\", guest: /in }]";

/// The keys of the provider after `component`, and words of the refusal.
pub(super) const SECTIONS: &[(&str, &str)] = &[
    ("filesystem:", "4:15: providers.guest.filesystem: expected a list"),
    ("filesystem: # []", "4:15: providers.guest.filesystem: expected a list"),
    ("filesystem: ~", "4:17: providers.guest.filesystem: expected a list"),
    ("filesystem: true", "4:17: providers.guest.filesystem: expected a list"),
    ("filesystem: all", "4:17: providers.guest.filesystem: expected a list"),
    ("filesystem: \"*\"", "4:17: providers.guest.filesystem: expected a list"),
    ("filesystem: [\"*\"]", "4:18: providers.guest.filesystem[0]: expected"),
    (
        "filesystem: [{ host: \"*\" }]",
        "4:26: providers.guest.filesystem[0].host: expected a path from the root",
    ),
    ("filesystem: [{ host: / }]", "4:26: providers.guest.filesystem[0].host: `/` is the whole file system"),
    ("filesystem: { host: \"{scene}/inside\" }", "4:17: providers.guest.filesystem: expected a list"),
    (
        "filesystem: [{ host: \"{scene}/inside\", access: \"*\" }]",
        "providers.guest.filesystem[0].access: expected `read`, `write`",
    ),
    (
        "filesystem: []\n    filesystem: [{ host: \"{scene}/inside\" }]",
        "5:5: providers.guest.filesystem: a second `filesystem` (the first is on line 4)",
    ),
    (
        "filesystem: [{ host: \"{scene}/inside\", deny: true }]",
        "providers.guest.filesystem[0].deny: unknown key",
    ),
    (
        "filesystem: [{ host: \"{scene}/inside\", host: \"{scene}\" }]",
        "providers.guest.filesystem[0].host: a second `host`",
    ),
    ("Filesystem: []", "4:5: providers.guest.Filesystem: unknown key"),
    ("allow_all: true", "4:5: providers.guest.allow_all: unknown key"),
    ("sockets: all", "4:14: providers.guest.sockets: expected `none`"),
    ("network: \"*\"", "4:14: providers.guest.network: expected a list"),
    (
        "network: [{ name: d, origin: \"*\", allow: [GET /**] }]",
        "providers.guest.network[0].origin: `*` is no origin",
    ),
    ("environment: \"*\"", "4:18: providers.guest.environment: expected a map"),
    ("environment: [\"*\"]", "4:18: providers.guest.environment: expected a map"),
    (
        "environment: { \"*\": { from: \"*\" } }",
        "4:25: providers.guest.environment.*: `*` is no variable's name",
    ),
    ("limits: { memory: unlimited }", "4:23: providers.guest.limits.memory: expected a size"),
    ("limits: { wall: 0s }", "4:21: providers.guest.limits.wall: `0ms` is out of range"),
    ("limits: ~", "4:13: providers.guest.limits: expected a map"),
    ("digest: # sha256:00", "4:11: providers.guest.digest: expected"),
    ("digest: \"*\"", "4:13: providers.guest.digest: expected `sha256:`"),
    ("<<: { filesystem: [{ host: \"{scene}/inside\" }] }", "4:5: merge keys (`<<`) are not taken"),
    ("filesystem: *wide", "4:17: not readable as YAML: alias references unknown anchor"),
    ("filesystem: !all []", "4:22: this tag is not taken"),
];

/// Whole files, and words of the refusal. `{grant}` is [`GRANT`].
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "version: 0\nproviders: { guest: { component: ./guest.wasm, {grant} } }",
        "1:10: version: expected `version: 1`",
    ),
    (
        "version: 2\nproviders: { guest: { component: ./guest.wasm, {grant} } }",
        "1:10: version: expected `version: 1`",
    ),
    (
        "version: ~\nproviders: { guest: { component: ./guest.wasm, {grant} } }",
        "1:10: version: expected `version: 1`",
    ),
    ("version: \"1\"\nproviders: { guest: { component: ./guest.wasm, {grant} } }", "1:10: version: expected"),
    ("version: 1.0\nproviders: { guest: { component: ./guest.wasm, {grant} } }", "1:10: version: expected"),
    (
        "version: 1\nversion: 0\nproviders: { guest: { component: ./guest.wasm, {grant} } }",
        "2:1: version: a second",
    ),
    // Without a version it would be an agent file, whose keys are the document's own.
    (
        "providers: { guest: { component: ./guest.wasm, {grant} } }",
        "`providers` counts beside `version: 1` only",
    ),
    (
        "version: 1\nproviders: { guest: { component: ./guest.wasm, {grant} } }\nallow: all",
        "3:1: allow: unknown key",
    ),
    ("version: 1\nproviders: [{ component: ./guest.wasm, {grant} }]", "2:12: providers: expected a map"),
    (
        "version: 1\nproviders: { guest: { component: ./guest.wasm }, guest: { component: ./guest.wasm, {grant} } }",
        "providers.guest: a second `guest` (the first is on line 2)",
    ),
    (
        "version: 1\nproviders: { guest: { component: ./guest.wasm } }\n---\nproviders: { guest: { {grant} } }",
        "a second document",
    ),
    (
        "version: 1\nproviders:\n  guest: { component: ./guest.wasm, <<: &wide { {grant} } }",
        "merge keys (`<<`) are not taken",
    ),
];

/// Ceilings that must not be taken for none, and words of the refusal.
pub(super) const CEILINGS: &[(&str, &str)] = &[
    ("version: 0\nfilesystem: []", "1:10: version: expected `version: 1`"),
    ("filesystem:", "1:11: filesystem: expected a list"),
    ("filesystem: # []", "1:11: filesystem: expected a list"),
    ("filesystem: \"*\"", "1:13: filesystem: expected a list"),
    ("filesystem: {}", "1:13: filesystem: expected a list"),
    ("file_system: []", "1:1: file_system: unknown key `file_system`"),
    ("filesystem: []\nfilesystem: [{ host: / }]", "2:1: filesystem: a second `filesystem`"),
    ("environment: {}", "1:14: environment: expected a list"),
    ("digest: optional", "1:9: digest: expected `required`"),
    ("limits: { cpu: unlimited }", "1:16: limits.cpu: expected a time"),
];

/// What is accepted, and denies: the provider's keys, and a ceiling.
pub(super) const DENYING: &[(&str, Option<&str>)] = &[
    ("filesystem: []", None),
    ("filesystem: [] # [{ host: \"{scene}/inside\" }]", None),
    ("filesystem: &none []", None),
    (GRANT, Some("filesystem: []")),
    (GRANT, Some("filesystem: [] # [{ host: / }]")),
];
