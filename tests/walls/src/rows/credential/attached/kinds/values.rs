//! A text in a header, from everywhere that a text may come from.

use super::{Kind, TEXT};

/// The credential. It has bytes that every encoding writes in its own way.
const TOKEN: &str = "s.marker/of+the host\"&=~";
const BEARING: &str = "Bearer s.marker/of+the host\"&=~";

const HEADER: Kind = Kind { header: "x-vault-token", arrives: TOKEN, shown: &[TOKEN], ..TEXT };
const BEARER: Kind = Kind { arrives: BEARING, comes_back: "Bearer ***", shown: &[TOKEN], ..TEXT };
const VARIABLE: &[(&str, &str)] = &[("TOKEN", TOKEN)];
const FILE: &[(&str, &str)] = &[("/run/token", TOKEN)];

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "header from a value",
        credential: r#"kind: header, name: x-vault-token, from: { value: 's.marker/of+the host"&=~' }"#,
        ..HEADER
    },
    Kind {
        name: "header from a file",
        credential: "kind: header, name: x-vault-token, from: { file: /run/token }",
        files: FILE,
        ..HEADER
    },
    Kind {
        name: "header from a variable",
        credential: "kind: header, name: x-vault-token, from: { env: TOKEN }",
        variables: VARIABLE,
        ..HEADER
    },
    Kind {
        name: "authorization from a variable",
        credential: "kind: header, name: authorization, from: { env: TOKEN }",
        variables: VARIABLE,
        header: "authorization",
        ..HEADER
    },
    Kind {
        name: "bearer from a value",
        credential: r#"kind: bearer, from: { value: 's.marker/of+the host"&=~' }"#,
        ..BEARER
    },
    Kind {
        name: "bearer from a file",
        credential: "kind: bearer, from: { file: /run/token }",
        files: FILE,
        ..BEARER
    },
    Kind {
        name: "bearer from a variable",
        credential: "kind: bearer, from: { env: TOKEN }",
        variables: VARIABLE,
        ..BEARER
    },
    Kind {
        name: "kubernetes from a file",
        credential: "kind: kubernetes, from: { file: /run/token }",
        files: FILE,
        ..BEARER
    },
    Kind {
        name: "kubernetes as the pod has it",
        credential: "kind: kubernetes",
        files: &[("/var/run/secrets/kubernetes.io/serviceaccount/token", TOKEN)],
        ..BEARER
    },
];
