//! `/metrics` of a daemon that fails to resolve some of its handles.

/// The number at the beginning of a line.
fn number(page: &str, series: &str) -> Option<f64> {
    page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

#[test]
fn failures_are_counted_by_kind_and_no_handle_is_named() {
    let folder = super::files();
    let store = r#"{"api": "00000000000000000000000000000000", "password": "pass-word", "blank-one": ""}"#;
    folder.write("store.json", store);
    let check = "instances:\n  - password: ENC[nobody-has-this]\n    token: ENC[blank-one]\n";
    folder.write("conf.d/redis.yaml", check);
    let daemon = super::resolved(&folder, &[]);
    let before = super::get(&folder, "/metrics");
    daemon.ask(&["secret", "refresh"]).expect(1);
    let page = super::get(&folder, "/metrics");

    for (kind, count) in
        [("handles", 4.0), ("places", 4.0), ("cached", 2.0), ("stale", 0.0), ("failing", 2.0)]
    {
        let series = format!("portcullis_secrets{{kind=\"{kind}\"}}");
        assert_eq!(number(&page, &series), Some(count), "{series} in {page}");
    }
    // Once when the files were resolved, once by the refresh; it may have tried by itself in between.
    for reason in ["backend_error", "empty"] {
        let series = format!("portcullis_secret_backend_resolve_errors_total{{reason=\"{reason}\"}}");
        let (first, second) = (number(&before, &series), number(&page, &series));
        assert!(first >= Some(1.0) && second > first, "{series} was {first:?}, is {second:?}");
    }
    let refreshes = "portcullis_secret_refreshes_total{outcome=\"incomplete\"}";
    let (first, second) = (number(&before, refreshes), number(&page, refreshes));
    assert!(second > first, "{refreshes} was {first:?}, is {second:?}");
    let elapsed = "portcullis_secret_backend_elapsed_seconds_total{provider=\"default\"}";
    assert!(number(&page, elapsed) > Some(0.0), "{page}");
    for handle in ["nobody-has-this", "blank-one", "\"api\"", "password", "pass-word"] {
        assert!(!page.contains(handle), "{handle} is in {page}");
    }
    daemon.stop();
}
