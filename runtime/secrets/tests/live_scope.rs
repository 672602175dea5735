//! Which Kubernetes secrets a configuration may use.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeMap;

use common::store::Store;
use portcullis_secrets::{Live, Origin, ScopeSettings, Settings};

/// What each handle resolves to is itself.
const HANDLES: [&str; 5] = [
    "non_k8s_value",
    "k8s_secret@namespace1/sec1/key1",
    "k8s_secret@default/sec1/key1",
    "Kube;default/sec1;key1",
    "my-secret;key",
];

struct Row {
    name: &'static str,
    scope: ScopeSettings,
    image: Option<&'static str>,
    namespace: Option<&'static str>,
    /// The handles that keep their `ENC[…]`, and why.
    refused: &'static [(&'static str, &'static str)],
}

fn own() -> ScopeSettings {
    ScopeSettings { to_own_namespace: true, ..ScopeSettings::default() }
}

fn allowed(namespaces: &[&str]) -> ScopeSettings {
    let allowed_namespaces = namespaces.iter().map(|name| (*name).to_owned()).collect();
    ScopeSettings { allowed_namespaces, ..ScopeSettings::default() }
}

fn image() -> ScopeSettings {
    let handles = [HANDLES[0], HANDLES[2]].map(str::to_owned);
    ScopeSettings {
        image_to_handle: BTreeMap::from([("image1".to_owned(), handles.into())]),
        ..ScopeSettings::default()
    }
}

fn with_backend(scope: ScopeSettings) -> ScopeSettings {
    ScopeSettings { kubernetes_backends: ["kube".to_owned()].into(), ..scope }
}

fn rows() -> Vec<Row> {
    let row = |name, scope| Row { name, scope, image: None, namespace: Some("namespace1"), refused: &[] };
    vec![
        Row {
            refused: &[
                (
                    HANDLES[2],
                    "'k8s_secret@default/sec1/key1' from integration 'test': image '' from k8s namespace 'namespace1' \
                     can't access secrets from other namespaces as per \
                     'secret_scope_integration_to_their_k8s_namespace'",
                ),
                (
                    HANDLES[3],
                    "'Kube;default/sec1;key1' from integration 'test': image '' from k8s namespace 'namespace1' can't \
                     access secrets from other namespaces as per 'secret_scope_integration_to_their_k8s_namespace'",
                ),
                (
                    HANDLES[4],
                    "'my-secret;key' from integration 'test': image '' from k8s namespace 'namespace1' can't access \
                     secrets from other namespaces as per 'secret_scope_integration_to_their_k8s_namespace'",
                ),
            ],
            ..row("own namespace", with_backend(own()))
        },
        Row {
            refused: &[
                (
                    HANDLES[2],
                    "'k8s_secret@default/sec1/key1' from integration 'test': image '' can't access secrets from \
                     namespace 'default' as per 'secret_allowed_k8s_namespace'",
                ),
                (
                    // Not known as a backend of Kubernetes secrets: what stands before the `;` counts.
                    HANDLES[3],
                    "'Kube;default/sec1;key1' from integration 'test': image '' can't access secrets from namespace \
                     'Kube' as per 'secret_allowed_k8s_namespace'",
                ),
            ],
            ..row("allowed namespaces", allowed(&["namespace1", "my-secret"]))
        },
        Row {
            refused: &[(
                HANDLES[4],
                "'my-secret;key' from integration 'test': image '' can't access secrets from namespace 'my-secret' as \
                 per 'secret_allowed_k8s_namespace'",
            )],
            ..row(
                "allowed namespaces, with a backend in other letters",
                with_backend(allowed(&["namespace1", "default"])),
            )
        },
        Row {
            image: Some("image1"),
            namespace: None,
            refused: &[
                (
                    HANDLES[1],
                    "'k8s_secret@namespace1/sec1/key1' from integration 'test': image 'image1' can't access it as per \
                     'secret_image_to_handle'",
                ),
                (
                    HANDLES[3],
                    "'Kube;default/sec1;key1' from integration 'test': image 'image1' can't access it as per \
                     'secret_image_to_handle'",
                ),
                (
                    HANDLES[4],
                    "'my-secret;key' from integration 'test': image 'image1' can't access it as per \
                     'secret_image_to_handle'",
                ),
            ],
            ..row("handles of an image", image())
        },
        row("no settings", ScopeSettings::default()),
        Row { namespace: None, ..row("not on a pod: own namespace", own()) },
        Row { namespace: Some(""), ..row("not on a pod: allowed namespaces", allowed(&["x"])) },
        Row { namespace: None, ..row("not on a pod: images", image()) },
    ]
}

#[tokio::test]
async fn what_is_out_of_scope_keeps_its_reference_and_is_no_failure() {
    let source: String = HANDLES.iter().map(|handle| format!("- \"ENC[{handle}]\"\n")).collect();
    for row in rows() {
        let store = Store::new(HANDLES.map(|handle| (handle, handle)));
        let settings = Settings { scope: row.scope, ..Settings::default() };
        let live = Live::builder(store.clone()).settings(settings).build().unwrap();
        let origin = Origin {
            image: row.image.map(Into::into),
            namespace: row.namespace.map(Into::into),
            ..Origin::new("test")
        };
        // Known already: scope comes before the cache.
        live.resolve(source.as_bytes(), &Origin::new("datadog.yaml")).await.unwrap();
        let answer = live.resolve(source.as_bytes(), &origin).await.unwrap();
        let expected: String = HANDLES
            .iter()
            .map(|handle| match row.refused.iter().any(|(refused, _)| refused == handle) {
                true => format!("- \"ENC[{handle}]\"\n"),
                false => format!("- \"{handle}\"\n"),
            })
            .collect();
        assert_eq!(std::str::from_utf8(&answer.text).unwrap(), expected, "{}", row.name);
        let refused: Vec<_> =
            answer.refused.iter().map(|refused| (refused.handle().as_str(), refused.to_string())).collect();
        let wanted: Vec<_> = row.refused.iter().map(|(handle, text)| (*handle, (*text).to_owned())).collect();
        assert_eq!(refused, wanted, "{}", row.name);
        assert!(answer.failures.is_empty() && live.failures().is_empty(), "{}", row.name);
        let snapshot = live.snapshot();
        assert_eq!(snapshot.unresolved.len(), row.refused.len(), "{}", row.name);
        for (handle, places) in &snapshot.handles {
            let may = !row.refused.iter().any(|(refused, _)| *refused == handle.as_str());
            assert_eq!(places.iter().any(|(name, _)| &**name == "test"), may, "{}: {handle}", row.name);
        }
        live.remove_origin("test");
        assert!(live.snapshot().unresolved.is_empty(), "{}", row.name);
    }
}

#[tokio::test]
async fn a_shared_fetch_brings_a_configuration_only_what_it_may_use() {
    let store = Store::new([("x;secret", "s"), ("x;free", "f")]);
    store.hold("x");
    let scope = ScopeSettings {
        image_to_handle: BTreeMap::from([("image1".to_owned(), ["x;free".to_owned()].into())]),
        ..ScopeSettings::default()
    };
    let settings = Settings { scope, ..Settings::default() };
    let live = Live::builder(store.clone()).settings(settings).build().unwrap();
    let resolving = |origin: Origin| {
        let live = live.clone();
        tokio::spawn(async move {
            let answer = live.resolve(b"- ENC[x;secret]\n- ENC[x;free]\n", &origin).await.unwrap();
            String::from_utf8(answer.text.to_vec()).unwrap()
        })
    };
    let may = resolving(Origin::new("datadog.yaml"));
    store.asked_times(1).await;
    let may_not = resolving(Origin { image: Some("image1".into()), ..Origin::new("pod") });
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    store.release("x");
    assert_eq!(may.await.unwrap(), "- \"s\"\n- \"f\"\n");
    assert_eq!(may_not.await.unwrap(), "- ENC[x;secret]\n- \"f\"\n");
    assert_eq!(store.times(), 1, "it was shared");
}
