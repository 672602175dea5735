//! wip
use std::time::Duration;
use portcullis_guest::{files::{Files, Granted}, Failure, FailureKind, Provider, Resolution};
/// wip
pub struct FileJson;
impl Provider for FileJson {
    fn resolve(handles: Vec<String>, _deadline: Duration) -> Result<Vec<Resolution>, Failure> {
        let s = portcullis_guest::settings::json()?;
        let files = Granted::new();
        let data = files.read(&s, 100).map_err(|e| Failure::new(FailureKind::Other, e.to_string()))?;
        let st = files.stat(&s).map_err(|e| Failure::new(FailureKind::Other, e.to_string()))?;
        Ok(handles.into_iter().map(|h| Resolution::found(h, format!("{} {}", String::from_utf8_lossy(&data), st.size))).collect())
    }
}
