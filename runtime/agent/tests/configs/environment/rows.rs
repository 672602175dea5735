//! Which variable is taken, as what, and where it goes.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use portcullis_agent::configs::{Environment, Sources};
use serde_json::Value;

use super::{Variables, merged, text};
use crate::Agent;

/// As a reader of YAML 1.1 takes it.
fn read(text: &str) -> Value {
    serde_norway::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn what_is_taken_and_where_it_goes() {
    // A file, variables, and what is resolved.
    let rows: &[(&str, Variables<'_>, &str)] = &[
        // By the path in the file.
        ("a: {b_c: x}\n", &[("DD_A_B_C", "ENC[h]")], "a: {b_c: 'ENC[h]'}"),
        ("a_b: {c: x}\n", &[("DD_A_B_C", "ENC[h]")], "a_b: {c: 'ENC[h]'}"),
        (
            "Logs_Config: {Api_Key: x}\n",
            &[("DD_LOGS_CONFIG_API_KEY", "ENC[h]")],
            "Logs_Config: {Api_Key: 'ENC[h]'}",
        ),
        ("a: {b: x, c: 1}\n", &[("DD_A_B", "ENC[h]")], "a: {b: 'ENC[h]', c: 1}"),
        // By the agent's own names.
        ("site: x\n", &[("DD_API_KEY", "ENC[h]")], "site: x\napi_key: ENC[h]"),
        ("", &[("DD_API_KEY", "ENC[h]")], "api_key: ENC[h]"),
        ("# nothing\n", &[("DD_APP_KEY", " ENC[h]\t")], "app_key: \" ENC[h]\\t\""),
        ("~\n", &[("DD_API_KEY", "ENC[h]")], "api_key: ENC[h]"),
        ("logs_config:\n", &[("DD_LOGS_CONFIG_API_KEY", "ENC[h]")], "logs_config: {api_key: 'ENC[h]'}"),
        (
            "a: b\n",
            &[("DD_CLUSTER_AGENT_AUTH_TOKEN", "ENC[h]"), ("DD_EVP_PROXY_CONFIG_API_KEY", "ENC[i]")],
            "{a: b, cluster_agent: {auth_token: 'ENC[h]'}, evp_proxy_config: {api_key: 'ENC[i]'}}",
        ),
        (
            "apm_config: {enabled: true}\n",
            &[
                ("DD_APM_ADDITIONAL_ENDPOINTS", r#"{"https://a.example": ["ENC[h]", "x"]}"#),
                ("DD_APM_PROFILING_ADDITIONAL_ENDPOINTS", r#"{"https://b.example": ["ENC[i]"]}"#),
                ("DD_APM_DEBUGGER_DIAGNOSTICS_ADDITIONAL_ENDPOINTS", r#"{"c": ["ENC[j]"]}"#),
            ],
            "apm_config: {enabled: true, additional_endpoints: {https://a.example: ['ENC[h]', x]},
              profiling_additional_endpoints: {https://b.example: ['ENC[i]']},
              debugger_diagnostics_additional_endpoints: {c: ['ENC[j]']}}",
        ),
        // Of several the first counts.
        (
            "",
            &[
                ("DD_PROCESS_ADDITIONAL_ENDPOINTS", r#"{"a": ["ENC[h]"]}"#),
                ("DD_PROCESS_CONFIG_ADDITIONAL_ENDPOINTS", r#"{"b": ["ENC[i]"]}"#),
                ("DD_ORCHESTRATOR_ADDITIONAL_ENDPOINTS", r#"{"c": ["ENC[j]"]}"#),
                ("DD_APM_SYMDB_API_KEY", ""),
            ],
            "process_config: {additional_endpoints: {b: ['ENC[i]']}}
orchestrator_explorer: {orchestrator_additional_endpoints: {c: ['ENC[j]']}}",
        ),
        // By the name alone.
        ("a: b\n", &[("DD_SOME_SETTING", "ENC[h]")], "a: b\nsome_setting: ENC[h]"),
        ("a: b\n", &[("DD_TRUE", "ENC[h]"), ("DD_7", "ENC[i]")], "{a: b, 'true': 'ENC[h]', '7': 'ENC[i]'}"),
        // Lists.
        ("a: [x]\n", &[("DD_A", "one ENC[h]  two")], "a: [one, 'ENC[h]', two]"),
        (
            "a: [x]\n",
            &[("DD_A", r#"["ENC[h i]", 1, null, true, 0.5]"#)],
            "a: ['ENC[h i]', 1, null, true, 0.5]",
        ),
        // It wins over a handle, and the handle is gone.
        ("api_key: ENC[h]\nb: c\n", &[("DD_API_KEY", "0123")], "api_key: '0123'\nb: c"),
        ("a: {b: [{c: 'ENC[h]'}]}\n", &[("DD_A_B", "[]")], "a: {b: []}"),
        // What is inside of another goes into that.
        (
            "a: {b: 'ENC[h]'}\n",
            &[("DD_A", r#"{"b": "ENC[i]", "c": 2}"#), ("DD_A_B", "ENC[j]")],
            "a: {b: 'ENC[j]', c: 2}",
        ),
        // The proxy, as agents test it.
        (
            "",
            &[
                ("DD_PROXY_HTTP", "ENC[h]"),
                ("DD_PROXY_HTTPS", "ENC[i]"),
                ("DD_PROXY_NO_PROXY", "ENC[j] host ENC[k]"),
            ],
            "proxy: {http: 'ENC[h]', https: 'ENC[i]', no_proxy: ['ENC[j]', host, 'ENC[k]']}",
        ),
        (
            "proxy: {http: a, no_proxy: [b]}\n",
            &[("HTTP_PROXY", "ENC[h]"), ("HTTPS_PROXY", "ENC[i]"), ("NO_PROXY", "ENC[j],ENC[k l]")],
            "proxy: {http: 'ENC[h]', no_proxy: ['ENC[j]', 'ENC[k l]'], https: 'ENC[i]'}",
        ),
        (
            "a: b\n",
            &[("http_proxy", "ENC[h]"), ("no_proxy", "x,ENC[i]")],
            "{a: b, proxy: {http: 'ENC[h]', no_proxy: [x, 'ENC[i]']}}",
        ),
        ("proxy: {http: 'ENC[h]'}\n", &[("http_proxy", "http://x")], "proxy: {http: 'http://x'}"),
        // The agent's variable is before the other, whatever is in them.
        (
            "proxy: {https: 'ENC[h]'}\n",
            &[("DD_PROXY_HTTPS", "x"), ("HTTPS_PROXY", "ENC[i]")],
            "proxy: {https: x}",
        ),
        // Keys with dots, as agents test them.
        (
            "process_config: {enabled: 'true'}\n",
            &[
                (
                    "DD_ADDITIONAL_ENDPOINTS",
                    r#"{"https://url1.com": ["ENC[a]", "b"], "https://url2.eu": ["ENC[c]"]}"#,
                ),
                ("DD_PROCESS_CONFIG_ADDITIONAL_ENDPOINTS", r#"{"https://url1.com": ["ENC[a]"]}"#),
            ],
            "additional_endpoints: {https://url1.com: ['ENC[a]', b], https://url2.eu: ['ENC[c]']}
process_config: {enabled: 'true', additional_endpoints: {https://url1.com: ['ENC[a]']}}",
        ),
        (
            "additional_endpoints: {https://url1.com: ['ENC[a]']}\n",
            &[("DD_ADDITIONAL_ENDPOINTS", r#"{"https://url1.com": ["ENC[b]"]}"#)],
            "additional_endpoints: {https://url1.com: ['ENC[b]']}",
        ),
    ];
    for (file, variables, expected) in rows {
        let found = merged(file, variables);
        assert!(found.text.is_some() && found.left_out.is_empty(), "{file:?} {variables:?}");
        let found = text(file, variables);
        assert_eq!(read(&found), read(expected), "{file:?} {variables:?}: {found}");
    }
}

#[test]
fn what_is_nobodys_business_changes_no_byte() {
    let file = "# mine\napi_key:   ENC[h]\na: {b: x, l: [y]}\nproxy: {no_proxy: [z]}\n";
    let rows: &[Variables<'_>] = &[
        &[],
        &[("DD_SITE", "datadoghq.eu"), ("DD_A_B", "other"), ("DD_A_L", "one two"), ("DD_APP_KEY", "0123")],
        &[("DD_API_KEY", "")],
        &[("API_KEY", "ENC[i]"), ("dd_api_key", "ENC[i]"), ("DD_", "ENC[i]"), ("XDD_A", "ENC[i]")],
        &[("DD_new", "ENC[i]"), ("DD_NEW-ONE", "ENC[i]"), ("DD_NEW.ONE", "ENC[i]")],
        &[("DD_SECRET_BACKEND_ARGUMENTS", "ENC[i]"), ("DD_SECRET_", "ENC[i]"), ("DD_RUN_PATH", "ENC[i]")],
        &[("DD_MULTI_SECRET_BACKENDS", r#"{"a": "ENC[i]"}"#)],
        &[("DD_NEW", "x ENC[i]"), ("DD_OTHER", "{\"ENC[i]\": 1}"), ("DD_A_B", "ENC[i]x")],
        &[("DD_PROXY_HTTP", "http://x"), ("HTTP_PROXY", "ENC[i]"), ("no_proxy", "a,ENC[i]b")],
        &[("NO_PROXY", "a"), ("no_proxy", "ENC[i]")],
    ];
    for variables in rows {
        let found = merged(file, variables);
        assert!(found.text.is_none() && found.left_out.is_empty(), "{variables:?}");
    }
    let bytes = OsString::from_vec(b"ENC[\xff]".to_vec());
    let environment = Environment::new([("DD_API_KEY", bytes)]);
    assert!(environment.merge(file.as_bytes()).text.is_none());
}

#[test]
fn a_text_that_takes_no_setting_stays_and_names_are_told() {
    let deep = format!("a: {}{}\n", "[".repeat(127), "]".repeat(127));
    let nested = format!("{}\"ENC[h]\"{}", "[".repeat(120), "]".repeat(120));
    let sections = "a: {b: {c: {d: {e: {f: {g: {h: {i: x}}}}}}}}\n";
    let rows: &[(&[u8], Variables<'_>, &str)] = &[
        (
            b"a: [\n",
            &[("DD_API_KEY", "ENC[h]")],
            "(DD_API_KEY): datadog.yaml does not take them: line 1 is not YAML",
        ),
        (
            b"a: \xff\n",
            &[("DD_B", "ENC[h]"), ("DD_API_KEY", "ENC[i]")],
            "(DD_API_KEY, DD_B): datadog.yaml does not take them: it is not UTF-8",
        ),
        (b"- a\n", &[("HTTP_PROXY", "ENC[h]")], "(HTTP_PROXY): at the top of datadog.yaml there is no map"),
        (
            b"proxy: x\n",
            &[("DD_PROXY_HTTP", "ENC[h]")],
            "(DD_PROXY_HTTP): datadog.yaml has a text or a list where",
        ),
        (
            sections.as_bytes(),
            &[("DD_A_B_C_D_E_F_G_H_I", &nested)],
            "(DD_A_B_C_D_E_F_G_H_I): datadog.yaml does not take them: more than 128",
        ),
        // What has no handle was nobody's business.
        (b"a: [\n", &[("DD_API_KEY", "x")], ""),
    ];
    for (file, variables, expected) in rows {
        let found = Environment::new(variables.iter().copied()).merge(file);
        assert!(found.text.is_none(), "{variables:?}");
        let told: Vec<String> = found.left_out.iter().map(ToString::to_string).collect();
        assert!(told.concat().contains(expected) && told.is_empty() == expected.is_empty(), "{told:?}");
        assert!(!told.concat().contains("ENC["), "{told:?}");
    }
    // The others are taken.
    let file = "proxy: x\n";
    let found = merged(file, &[("DD_PROXY_HTTP", "ENC[h]"), ("DD_API_KEY", "ENC[i]")]);
    assert_eq!(found.left_out.len(), 1);
    assert_eq!(String::from_utf8_lossy(&found.text.unwrap()), "proxy: x\napi_key: \"ENC[i]\"\n");
    assert!(merged(&deep, &[("DD_API_KEY", "ENC[h]")]).text.is_some(), "a deep file of its own");
}

#[test]
fn the_agents_file_is_read_with_its_environment_and_no_other_is() {
    let agent = Agent::new(&[("redisdb.yaml", "instances:\n  - api_key: x\n")]);
    let environment = Environment::new([("DD_API_KEY", "ENC[other]"), ("DD_INSTANCES", "[\"ENC[i]\"]")]);
    assert_eq!(format!("{environment:?}"), r#"{"DD_API_KEY", "DD_INSTANCES"}"#);
    let found = agent.sources().with_environment(environment.clone()).read();
    let texts: Vec<&[u8]> = found.configs.iter().map(|config| config.text.as_slice()).collect();
    let own: &[u8] = b"api_key: \"ENC[other]\"\ninstances:\n  - \"ENC[i]\"\n";
    assert_eq!(texts, [own, b"instances:\n  - api_key: x\n"]);
    agent.write("datadog.yaml", "a: [\n");
    let found = Sources::new(&agent.path().join("datadog.yaml"), None).with_environment(environment).read();
    assert_eq!(found.left_out[0].variables, ["DD_API_KEY", "DD_INSTANCES"]);
    assert_eq!(**found.configs[0].text, *b"a: [\n");
}
