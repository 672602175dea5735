//! Status under the agent's keys, for programs.

use humantime::format_rfc3339_millis;
use serde_json::{Map, Value, json};

use super::{NO_PROVIDER, ProviderStatus, Rights, Status, go_duration};

impl Status {
    /// The keys that the agent's status has, and `providers` and `staleSecrets`, which are our own.
    ///
    /// The agent has one executable. What it says of that is here at the top where there is one provider: `backendType`,
    /// `executable` (where the component comes from), `executableVersion` (its digest), `executablePermissions`,
    /// `executablePermissionsError` (why it cannot be used) and `executablePermissionsDetails` (`FileMode`, `Owner`, `Group`)
    /// or `executablePermissionsDetailsError`. Each of several has its own, below `providers`, because nothing true could be
    /// said of all in one text; only `executablePermissionsOK` is always there, and true if it is so of every provider. A
    /// key that has nothing to say is absent, as with the agent. Without a provider `backendCommandSet` is false, and
    /// `message` says it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut keys = self.shared();
        match self.providers.as_slice() {
            [] => {
                keys.insert("message".to_owned(), NO_PROVIDER.into());
            }
            [only] => keys.extend(only.as_executable()),
            _ => {}
        }
        Value::Object(keys)
    }

    /// What is said however many providers there are.
    fn shared(&self) -> Map<String, Value> {
        let handles = self.handles.iter().map(|(handle, places)| {
            let places = places.iter().map(|(origin, path)| json!([&**origin, path.to_string()]));
            (handle.as_str().to_owned(), places.collect())
        });
        let stale = self.stale.iter().map(|(handle, since)| {
            (handle.as_str().to_owned(), format_rfc3339_millis(*since).to_string().into())
        });
        let providers = || self.providers.iter();
        let all = |is: fn(&ProviderStatus) -> bool| !self.providers.is_empty() && providers().all(is);
        let keys: [(&str, Value); 9] = [
            ("backendCommandSet", (!self.providers.is_empty()).into()),
            ("embeddedSecretBackend", all(ProviderStatus::is_carried).into()),
            ("multiBackendNames", providers().map(|provider| provider.name.as_str()).collect()),
            ("executablePermissionsOK", all(ProviderStatus::is_usable).into()),
            ("providers", providers().map(ProviderStatus::to_json).collect()),
            ("handles", Value::Object(handles.collect())),
            ("unresolvedSecrets", self.unresolved.iter().map(String::as_str).collect()),
            ("staleSecrets", Value::Object(stale.collect())),
            ("refreshIntervalEnabled", self.refresh.interval.is_some().into()),
        ];
        let times =
            [("refreshInterval", self.refresh.interval), ("scatterDuration", self.refresh.first_after)];
        let times = times.into_iter().filter_map(|(key, time)| Some((key, go_duration(time?).into())));
        keys.into_iter().chain(times).map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

impl ProviderStatus {
    fn is_usable(&self) -> bool {
        matches!(self.rights, Rights::Carried | Rights::Trusted(_))
    }

    fn is_carried(&self) -> bool {
        matches!(self.rights, Rights::Carried)
    }

    /// In one line, and why it cannot be used.
    fn permissions(&self) -> (String, Option<&str>) {
        let problem = match &self.rights {
            Rights::Carried => return ("OK, carried by this program".to_owned(), None),
            Rights::Trusted(_) => return ("OK, the component has the correct permissions".to_owned(), None),
            Rights::Refused(reason, _) => reason.as_str(),
            Rights::Unsupported => "there is no such backend type",
        };
        (format!("error: {problem}"), Some(problem))
    }

    /// Mode and owner of its file, where it is one; or why they cannot be told.
    fn details(&self) -> Option<Result<Value, &str>> {
        let rights = match &self.rights {
            Rights::Carried | Rights::Unsupported => return None,
            Rights::Trusted(rights) => Ok(rights),
            Rights::Refused(_, rights) => rights.as_ref(),
        };
        Some(match rights {
            Ok(rights) => Ok(
                json!({ "FileMode": format!("{:o}", rights.mode), "Owner": rights.owner, "Group": rights.group }),
            ),
            Err(error) => Err(error.as_str()),
        })
    }

    /// Under the keys of the agent's one executable, as far as they say something.
    fn as_executable(&self) -> impl Iterator<Item = (String, Value)> + use<> {
        let (permissions, problem) = self.permissions();
        let (details, no_details) = match self.details() {
            None => (None, None),
            Some(Ok(details)) => (Some(details), None),
            Some(Err(error)) => (None, Some(error)),
        };
        let keys: [(&str, Option<Value>); 7] = [
            ("backendType", self.backend_type.as_deref().map(Value::from)),
            ("executable", Some(self.component.as_str().into())),
            ("executableVersion", self.digest.as_deref().map(Value::from)),
            ("executablePermissions", Some(permissions.into())),
            ("executablePermissionsError", problem.map(Value::from)),
            ("executablePermissionsDetails", details),
            ("executablePermissionsDetailsError", no_details.map(Value::from)),
        ];
        keys.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)))
    }

    fn to_json(&self) -> Value {
        let details = self.details();
        json!({
            "name": self.name.as_str(),
            "backendType": self.backend_type,
            "component": self.component,
            "digest": self.digest,
            "permissions": self.permissions().0,
            "permissionsDetails": details.map(|details| details.unwrap_or_else(|error| json!({ "Error": error }))),
            "fault": self.fault,
            "policy": self.policy,
        })
    }
}
