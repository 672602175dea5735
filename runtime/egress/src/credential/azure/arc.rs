//! Azure Arc: the agent on this machine writes a key to a file that only some may read, and asks for it.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{StatusCode, header};
use zeroize::Zeroizing;

use super::super::CredentialError;
use super::super::cloud::Ask;
use super::managed::Place;

/// Longest key.
const LONGEST: usize = 4096;

/// Asks the agent: once to hear which file, and again with what is in it.
pub(super) async fn ask(ask: &Ask<'_>, place: &Place) -> Result<http::Response<Bytes>, CredentialError> {
    let metadata = ("metadata", "true");
    let challenge = place.get(ask, &[metadata]).await?;
    if challenge.status() != StatusCode::UNAUTHORIZED {
        return Err(ask.error(format!(
            "Azure Arc answered with status {}, where it asks for a key",
            challenge.status().as_u16()
        )));
    }
    let realm = challenge.headers().get(header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    let path = realm.and_then(key_file).ok_or_else(|| {
        ask.error("Azure Arc asks for a file that is none of its keys: its answer is not that of the agent")
    })?;
    // The agent writes another one each time.
    let key = ask.inputs.file_once(&path)?;
    if key.len() > LONGEST {
        return Err(ask.error(format!("the key of Azure Arc is over {LONGEST} bytes")));
    }
    let key = std::str::from_utf8(&key).map_err(|_| ask.error("the key of Azure Arc is not text"))?;
    let basic = Zeroizing::new(format!("Basic {}", key.trim()));
    place.get(ask, &[metadata, ("authorization", &basic)]).await
}

/// The file that a challenge names: a key of the agent's, in its own folder. Whoever answers in its place would have any file of
/// this machine sent to it.
fn key_file(challenge: &str) -> Option<PathBuf> {
    let path = challenge.strip_prefix("Basic realm=")?.trim_matches('"');
    let path = Path::new(path);
    let name = path.file_name()?.to_str()?;
    let is_key = path.extension().is_some_and(|extension| extension == "key");
    // Compared as text too: `a/./b` and `a//b` have the same components.
    let whole = folder().join(name);
    (is_key && whole.as_os_str() == path.as_os_str()).then_some(whole)
}

#[cfg(not(windows))]
fn folder() -> PathBuf {
    PathBuf::from("/var/opt/azcmagent/tokens")
}

#[cfg(windows)]
fn folder() -> PathBuf {
    let data = std::env::var_os("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into());
    Path::new(&data).join("AzureConnectedMachineAgent").join("Tokens")
}

#[cfg(test)]
mod tests {
    use super::key_file;

    #[cfg(not(windows))]
    #[test]
    fn only_keys_of_the_agent_are_read() {
        let table = [
            ("Basic realm=/var/opt/azcmagent/tokens/a.key", true),
            ("Basic realm=\"/var/opt/azcmagent/tokens/a.key\"", true),
            ("Basic realm=/var/opt/azcmagent/tokens/a.txt", false),
            ("Basic realm=/var/opt/azcmagent/tokens/.key", false),
            ("Basic realm=/var/opt/azcmagent/tokens/../a.key", false),
            ("Basic realm=/var/opt/azcmagent/tokens/b/a.key", false),
            ("Basic realm=/var/opt/azcmagent/tokens//a.key", false),
            ("Basic realm=/var/opt/azcmagent/tokens/../tokens/a.key", false),
            ("Basic realm=/etc/ssl/private/a.key", false),
            ("Basic realm=a.key", false),
            ("Bearer realm=/var/opt/azcmagent/tokens/a.key", false),
            ("Basic realm=", false),
        ];
        for (challenge, expected) in table {
            assert_eq!(key_file(challenge).is_some(), expected, "{challenge}");
        }
    }
}
