//! What the socket answers.

use std::fmt::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use http::{Method, StatusCode};
use portcullis::{Answer as Resolution, SettingPath};
use portcullis_policy::EscapedText;
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::{Daemon, numbers};
use crate::configs::Config;
use crate::metrics::CONTENT_TYPE;
use crate::scrub::{KnownValues, Scrubber};
use crate::server::{Answer, Asked, Service};

/// Every path, and what it is for. Those that agents have are as agents have them.
const PATHS: &str = "/agent/secrets[?format=json], /agent/secret/refresh, /agent/config-check[?raw=true], \
                     /agent/configs, /agent/config?origin=NAME, /live, /ready, /metrics";

/// The longest text with names of files that is shown, in bytes. Paths have 4 KiB at most.
const LONGEST: usize = 16 << 10;

pub(super) struct Api(Arc<Daemon>);

impl Api {
    pub(super) const fn new(daemon: Arc<Daemon>) -> Self {
        Self(daemon)
    }

    async fn secrets(&self, json: bool) -> Answer {
        // Components are read for it.
        let secrets = self.0.secrets.clone();
        let status = tokio::task::spawn_blocking(move || secrets.status()).await;
        match status {
            Ok(status) if json => Answer::json(status.to_json().to_string()),
            Ok(status) => Answer::text(status.to_string()),
            Err(error) => Answer::error(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        }
    }

    async fn refresh(&self) -> Answer {
        match self.0.secrets.refresh().await {
            Ok(report) => Answer::text(report.to_string()),
            Err(error) => {
                tracing::info!("could not refresh secrets: {error}");
                Answer::error(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
            }
        }
    }

    /// Every configuration with its secrets in place; hidden ones but for `raw`. First what was left out.
    async fn config_check(&self, raw: bool) -> Answer {
        let mut out = Zeroizing::new(Vec::new());
        let left_out = self.0.documents.left_out();
        if !left_out.is_empty() {
            out.extend_from_slice(b"=== Configuration errors ===\n");
            for line in left_out {
                out.extend_from_slice(format!("{}\n", shown(&line)).as_bytes());
            }
            out.extend_from_slice(b"===\n\n");
        }
        for config in self.0.documents.all() {
            let (origin, path) = (shown(&config.origin), shown(&config.path.display().to_string()));
            let title = format!("=== {origin} ===\nConfiguration source: {path}\n");
            out.extend_from_slice(title.as_bytes());
            match self.resolved(&config).await {
                Ok(answer) if raw => out.extend_from_slice(&answer.text),
                Ok(answer) => out.extend_from_slice(hidden(config, answer).await.as_bytes()),
                Err(error) => out.extend_from_slice(format!("error: {error}").as_bytes()),
            }
            if out.last() != Some(&b'\n') {
                out.push(b'\n');
            }
            out.extend_from_slice(b"===\n\n");
        }
        Answer::typed("text/plain; charset=utf-8", out)
    }

    /// One configuration with its secrets in place.
    async fn config(&self, name: Option<&str>) -> Answer {
        let Some(name) = name else {
            let problem = "name a configuration: /agent/config?origin=NAME; /agent/configs lists them";
            return Answer::error(StatusCode::BAD_REQUEST, problem);
        };
        let Some(config) = self.0.documents.of(name).into_iter().next() else {
            let problem = "there is no configuration of that name; /agent/configs lists them";
            return Answer::error(StatusCode::NOT_FOUND, problem);
        };
        match self.resolved(&config).await {
            Ok(answer) => Answer::typed("application/yaml", answer.text),
            Err(error) => Answer::error(StatusCode::UNPROCESSABLE_ENTITY, &error),
        }
    }

    fn configs(&self) -> Answer {
        let mut out = String::new();
        for config in self.0.documents.all() {
            // A `String` takes everything.
            let (origin, path) = (shown(&config.origin), shown(&config.path.display().to_string()));
            let _ = writeln!(out, "{origin}\t{path}");
        }
        Answer::text(out)
    }

    async fn resolved(&self, config: &Config) -> Result<Resolution, String> {
        self.0.resolve(config).await.map_err(|error| error.to_string())
    }

    fn ready(&self) -> Answer {
        if self.0.is_ready() {
            Answer::text("ready\n")
        } else {
            let problem = "not every configuration was resolved once";
            Answer::error(StatusCode::SERVICE_UNAVAILABLE, problem)
        }
    }
}

/// The text with everything hidden that came from a handle, or stands where secrets stand. On a thread that may take its time:
/// a long text does.
async fn hidden(config: Arc<Config>, answer: Resolution) -> String {
    let hidden = tokio::task::spawn_blocking(move || hide(&config, &answer)).await;
    hidden.unwrap_or_else(|error| unreadable(&error))
}

fn hide(config: &Config, answer: &Resolution) -> String {
    let places: Vec<SettingPath> = answer.resolved.iter().map(|resolved| resolved.path().clone()).collect();
    let values = answer.resolved.iter().map(|resolved| resolved.value().expose_secret());
    let known = match KnownValues::new(values) {
        Ok(known) => known,
        Err(error) => return unreadable(&error),
    };
    Scrubber::default().scrub(&answer.text, &places, &known).unwrap_or_else(|error| {
        tracing::warn!(configuration = config.name, "configcheck does not show it: {error}");
        unreadable(&error)
    })
}

/// What names of files are in: who may write into a folder may not write lines or commands to a terminal.
fn shown(text: &str) -> EscapedText {
    EscapedText::received(text, LONGEST)
}

fn unreadable(error: &dyn std::fmt::Display) -> String {
    format!("not shown: {error}\n")
}

#[async_trait]
impl Service for Api {
    async fn answer(&self, asked: &Asked) -> Answer {
        let refreshes = asked.path == "/agent/secret/refresh" && asked.method == Method::POST;
        if asked.method != Method::GET && !refreshes {
            return Answer::error(StatusCode::METHOD_NOT_ALLOWED, "use GET");
        }
        match asked.path.as_str() {
            "/agent/secrets" => self.secrets(asked.query("format") == Some("json")).await,
            "/agent/secret/refresh" => self.refresh().await,
            "/agent/config-check" => self.config_check(asked.query("raw") == Some("true")).await,
            "/agent/configs" => self.configs(),
            "/agent/config" => self.config(asked.query("origin")).await,
            "/live" => Answer::text("live\n"),
            "/ready" => self.ready(),
            "/metrics" => Answer::typed(CONTENT_TYPE, numbers::page(&self.0).to_string().into_bytes().into()),
            _ => Answer::error(StatusCode::NOT_FOUND, &format!("there is no such path; there are: {PATHS}")),
        }
    }
}
