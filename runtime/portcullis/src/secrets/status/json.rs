//! Status under the agent's keys, for programs.

use humantime::format_rfc3339_millis;
use serde_json::{Map, Value, json};

use super::{ProviderStatus, Rights, Status, go_duration};

impl Status {
    /// The keys that the agent's status has, and `providers` and `staleSecrets`, which are our own.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let handles: Map<String, Value> = self
            .handles
            .iter()
            .map(|(handle, places)| {
                let places: Vec<Value> =
                    places.iter().map(|(origin, path)| json!([&**origin, path.to_string()])).collect();
                (handle.as_str().to_owned(), places.into())
            })
            .collect();
        let stale: Map<String, Value> = self
            .stale
            .iter()
            .map(|(handle, since)| {
                (handle.as_str().to_owned(), format_rfc3339_millis(*since).to_string().into())
            })
            .collect();
        let names = || self.providers.iter().map(|provider| provider.name.as_str());
        let mut status = json!({
            "backendCommandSet": true,
            "embeddedSecretBackend": true,
            "multiBackendNames": names().collect::<Vec<_>>(),
            "executablePermissionsOK": self.providers.iter().all(ProviderStatus::is_usable),
            "providers": self.providers.iter().map(ProviderStatus::to_json).collect::<Vec<_>>(),
            "handles": handles,
            "unresolvedSecrets": self.unresolved,
            "staleSecrets": stale,
            "refreshIntervalEnabled": self.refresh.interval.is_some(),
        });
        if let Value::Object(status) = &mut status {
            let mut add = |key: &str, value: Option<String>| {
                value.map(|value| status.insert(key.to_owned(), value.into()))
            };
            add("refreshInterval", self.refresh.interval.map(go_duration));
            add("scatterDuration", self.refresh.first_after.map(go_duration));
            if let [only] = self.providers.as_slice() {
                add("backendType", only.backend_type.clone());
                add("executable", Some(only.component.clone()));
            }
        }
        status
    }
}

impl ProviderStatus {
    fn is_usable(&self) -> bool {
        matches!(self.rights, Rights::Carried | Rights::Trusted(_))
    }

    fn to_json(&self) -> Value {
        let (permissions, rights) = match &self.rights {
            Rights::Carried => ("OK, carried by this program".to_owned(), None),
            Rights::Trusted(rights) => {
                ("OK, the component has the correct permissions".to_owned(), Some(Ok(rights)))
            }
            Rights::Refused(reason, rights) => (format!("error: {reason}"), Some(rights.as_ref())),
            Rights::Unsupported => ("error: there is no such backend type".to_owned(), None),
        };
        let details = rights.map(|rights| match rights {
            Ok(rights) => {
                json!({ "FileMode": format!("{:o}", rights.mode), "Owner": rights.owner, "Group": rights.group })
            }
            Err(error) => json!({ "Error": error }),
        });
        json!({
            "name": self.name.as_str(),
            "backendType": self.backend_type,
            "component": self.component,
            "digest": self.digest,
            "permissions": permissions,
            "permissionsDetails": details,
            "fault": self.fault,
            "policy": self.policy,
        })
    }
}
