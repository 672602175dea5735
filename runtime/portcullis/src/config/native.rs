//! The settings of an agent file that are not about a backend: when values are fetched again, who may use them, and what is
//! written down.

use std::path::PathBuf;
use std::time::Duration;

use portcullis_secrets::{ScopeSettings, Settings};

use super::ConfigError;
use super::agent::{AgentBackends, Reader};
use super::keys::TopLevel;

/// Where the agent keeps what it writes, on Linux.
const RUN_PATH: &str = "/opt/datadog-agent/run";

/// What an agent file says of its secrets beside the backends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeSettings {
    /// Refresh, audit and scope.
    pub settings: Settings,
    /// `run_path`: the folder of the audit file. Default `/opt/datadog-agent/run`.
    pub run_path: PathBuf,
    /// `secret_refresh_on_file_change`, our own: values of a backend are fetched again when a file or folder that it is granted
    /// changes. Default false.
    pub refresh_on_file_change: bool,
    /// `secret_backend_skip_checks`: configurations of checks come as they are. Default false.
    pub skip_checks: bool,
}

impl NativeSettings {
    /// Reads them from the text of an agent file, with the agent's variables laid over it (`DD_` and the key in capitals).
    ///
    /// ```
    /// use portcullis::config::NativeSettings;
    /// let text = b"secret_refresh_interval: 3600\nsecret_refresh_scatter: false\n";
    /// let variable = |name: &str| (name == "DD_SECRET_REFRESH_INTERVAL").then(|| "60".to_owned());
    /// let native = NativeSettings::parse("datadog.yaml", text, variable)?;
    /// assert_eq!(native.settings.refresh_interval.as_secs(), 60);
    /// assert!(!native.settings.refresh_scatter);
    /// # Ok::<(), portcullis::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the text is no YAML, or a key has a value that it cannot have.
    pub fn parse(
        name: &str,
        bytes: &[u8],
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut top = TopLevel::read(name, bytes)?;
        top.overlay(variable)?;
        let reader = Reader::new(name, &top);
        let default = Settings::default();
        let seconds = |key| Ok::<_, ConfigError>(reader.number(key)?.map(Duration::from_secs));
        let refresh_on_api_key_failure_interval = reader
            .number("secret_refresh_on_api_key_failure_interval")?
            .map_or(default.refresh_on_api_key_failure_interval, |minutes| {
                Duration::from_secs(minutes.saturating_mul(60))
            });
        Ok(Self {
            settings: Settings {
                // Zero is "never" to the agent, which nobody can mean.
                backend_timeout: seconds("secret_backend_timeout")?
                    .filter(|timeout| !timeout.is_zero())
                    .unwrap_or(default.backend_timeout),
                refresh_interval: seconds("secret_refresh_interval")?.unwrap_or(default.refresh_interval),
                refresh_scatter: reader.flag_or("secret_refresh_scatter", default.refresh_scatter)?,
                refresh_on_api_key_failure_interval,
                refresh_allowlist: reader.list("secret_refresh_allowlist")?.into_iter().collect(),
                refresh_before_expiry: reader
                    .flag_or("secret_refresh_before_expiry", default.refresh_before_expiry)?,
                audit_file_max_size: reader
                    .number("secret_audit_file_max_size")?
                    .unwrap_or(default.audit_file_max_size),
                scope: ScopeSettings {
                    to_own_namespace: reader
                        .flag_or("secret_scope_integration_to_their_k8s_namespace", false)?,
                    allowed_namespaces: reader.list("secret_allowed_k8s_namespace")?.into_iter().collect(),
                    image_to_handle: reader
                        .lists("secret_image_to_handle")?
                        .into_iter()
                        .map(|(image, handles)| (image, handles.into_iter().collect()))
                        .collect(),
                    kubernetes_backends: kubernetes(&reader, &top),
                },
            },
            run_path: reader.text("run_path")?.map_or_else(|| PathBuf::from(RUN_PATH), PathBuf::from),
            refresh_on_file_change: reader.flag_or("secret_refresh_on_file_change", false)?,
            skip_checks: reader.flag_or("secret_backend_skip_checks", false)?,
        })
    }
}

/// The backends whose handles name a namespace; what is wrong with backends is said by who needs them. A type wins over
/// several backends.
fn kubernetes(reader: &Reader<'_>, top: &TopLevel) -> std::collections::BTreeSet<String> {
    let several = match reader.text("secret_backend_type") {
        Ok(None) => top.get("multi_secret_backends"),
        _ => None,
    };
    match several.map(|backends| reader.multi(backends)) {
        Some(Ok(AgentBackends::Multi(backends))) => backends
            .into_iter()
            .filter(|(_, backend)| backend.backend_type == "k8s.secrets")
            .map(|(name, _)| name)
            .collect(),
        _ => std::collections::BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, variables: &[(&str, &str)]) -> Result<NativeSettings, String> {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        NativeSettings::parse("datadog.yaml", text.as_bytes(), find).map_err(|error| error.to_string())
    }

    /// What is written is what is read, in its unit: in the file, in a variable, and in a variable over the file.
    #[test]
    fn every_setting_is_read_from_file_and_environment() {
        type Row = (&'static str, &'static str, fn(&mut NativeSettings));
        let rows: &[Row] = &[
            ("secret_backend_timeout", "7", |n| n.settings.backend_timeout = Duration::from_secs(7)),
            ("secret_backend_timeout", "0", |_| {}),
            ("secret_refresh_interval", "3600", |n| n.settings.refresh_interval = Duration::from_secs(3600)),
            ("secret_refresh_scatter", "false", |n| n.settings.refresh_scatter = false),
            ("secret_refresh_on_api_key_failure_interval", "5", |n| {
                n.settings.refresh_on_api_key_failure_interval = Duration::from_secs(300);
            }),
            ("secret_refresh_before_expiry", "true", |n| n.settings.refresh_before_expiry = true),
            ("secret_audit_file_max_size", "2048", |n| n.settings.audit_file_max_size = 2048),
            ("secret_scope_integration_to_their_k8s_namespace", "true", |n| {
                n.settings.scope.to_own_namespace = true;
            }),
            ("secret_backend_skip_checks", "true", |n| n.skip_checks = true),
            ("secret_refresh_on_file_change", "true", |n| n.refresh_on_file_change = true),
            ("run_path", "/run/agent", |n| n.run_path = "/run/agent".into()),
        ];
        let default = parse("", &[]).unwrap();
        assert_eq!(default.settings, Settings::default());
        for (key, value, set) in rows {
            let mut expected = default.clone();
            set(&mut expected);
            assert_eq!(parse(&format!("{key}: {value}\n"), &[]).unwrap(), expected, "{key}");
            let variable = format!("DD_{}", key.to_ascii_uppercase());
            assert_eq!(parse("", &[(&variable, value)]).unwrap(), expected, "{variable}");
            assert_eq!(parse(&format!("{key}: '1'\n"), &[(&variable, value)]).unwrap(), expected, "{key}");
        }
    }

    #[test]
    fn lists_and_maps_have_forms_of_their_own_in_the_environment() {
        let file = "secret_allowed_k8s_namespace: [a, b]\nsecret_refresh_allowlist: [x]\n\
                    secret_image_to_handle: { image1: [h1, h2] }\n\
                    multi_secret_backends: { K8S: { type: k8s.secrets }, file: { type: file.json } }\n";
        let variables = [
            ("DD_SECRET_ALLOWED_K8S_NAMESPACE", "a b"),
            ("DD_SECRET_REFRESH_ALLOWLIST", "x"),
            ("DD_SECRET_IMAGE_TO_HANDLE", r#"{"image1":["h1","h2"]}"#),
            ("DD_MULTI_SECRET_BACKENDS", r#"{"K8S":{"type":"k8s.secrets"},"file":{"type":"file.json"}}"#),
        ];
        let settings = parse(file, &[]).unwrap();
        assert_eq!(parse("", &variables).unwrap(), settings);
        let scope = settings.settings.scope;
        assert_eq!(scope.allowed_namespaces.into_iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(scope.image_to_handle["image1"].len(), 2);
        assert_eq!(scope.kubernetes_backends.into_iter().collect::<Vec<_>>(), ["k8s"]);
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_key() {
        type Row = (&'static str, &'static [(&'static str, &'static str)], &'static str);
        let rows: &[Row] = &[
            (
                "secret_refresh_interval: soon",
                &[],
                "secret_refresh_interval: expected a whole number, found text",
            ),
            (
                "secret_refresh_scatter: 1",
                &[],
                "secret_refresh_scatter: expected true or false, found a number",
            ),
            (
                "secret_allowed_k8s_namespace: a",
                &[],
                "secret_allowed_k8s_namespace: expected a list, found text",
            ),
            (
                "secret_image_to_handle: { a: b }",
                &[],
                "secret_image_to_handle.a: expected a list, found text",
            ),
            (
                "",
                &[("DD_SECRET_IMAGE_TO_HANDLE", "{hunter2")],
                "environment: DD_SECRET_IMAGE_TO_HANDLE: expected a JSON object, line 1 column 2",
            ),
        ];
        for (text, variables, expected) in rows {
            let error = parse(text, variables).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
