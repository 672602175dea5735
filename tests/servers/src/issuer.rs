//! Who gives out credentials: login and token endpoints, metadata services. And a store that shows all that it knows of them.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::echo;
use crate::{Behaviour, Connection, Received};

/// One thing that is given out.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// For which request: method and path.
    pub line: &'static str,
    /// What the request must hold, in its head or body, as it is or escaped: without it the answer is 401, and the
    /// request as it came.
    pub proof: &'static str,
    /// The body of the answer.
    pub body: &'static str,
}

/// Answers what [`Grant`]s say, and below `/echo/` as [`Echo`](crate::echo::Echo) does, with what it knows beside the request: texts that a
/// test gives it, and the statements that were signed for it. Clones share what they know, so that one may be the source and
/// another the store.
///
/// Every answer has the headers by which the services of Google and of Azure Arc are known.
#[derive(Clone, Debug)]
pub struct Issuer {
    grants: &'static [Grant],
    knows: &'static [&'static str],
    statements: Arc<Mutex<Vec<String>>>,
}

/// Fields of a request in which something stands that was signed for it alone, and what ends them.
const STATEMENTS: [(&str, char); 2] = [("assertion=", '&'), ("\"iam_request_headers\":\"", '"')];

/// The file that Azure Arc asks for a key from.
pub const ARC_KEY: &str = "/var/opt/azcmagent/tokens/challenge.key";

impl Issuer {
    /// With these grants; `knows` is shown to whoever asks the store.
    #[must_use]
    pub fn new(grants: &'static [Grant], knows: &'static [&'static str]) -> Self {
        Self { grants, knows, statements: Arc::default() }
    }

    /// The signed statements that came so far.
    #[must_use]
    pub fn statements(&self) -> Vec<String> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the store shows beside a request, as one line.
    fn beside(&self) -> String {
        let known = self.knows.iter().map(|text| (*text).to_owned()).chain(self.statements());
        known.map(|text| format!(" knows {text}")).collect()
    }

    fn give(&self, received: &Received) -> Vec<u8> {
        let came = String::from_utf8_lossy(&[received.head.as_slice(), &received.body].concat()).into_owned();
        let mut statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, end) in STATEMENTS {
            let texts = came.split(name).skip(1).filter_map(|rest| rest.split(end).next());
            statements.extend(texts.map(str::to_owned));
        }
        let mut words = came.split(' ');
        let line = [words.next(), words.next().and_then(|target| target.split('?').next())];
        let line = line.map(Option::unwrap_or_default).join(" ");
        let holds = |proof: &str| {
            let json = format!("{proof:?}");
            let escaped = [json.trim_matches('"').to_owned(), echo::percent(proof.as_bytes())];
            came.contains(proof) || escaped.iter().any(|form| came.contains(form))
        };
        let found = self.grants.iter().find(|grant| grant.line == line && holds(grant.proof));
        let (status, body) =
            found.map_or(("401 Unauthorized", came.as_str()), |grant| ("200 OK", grant.body));
        let arc = format!("www-authenticate: Basic realm={ARC_KEY}\r\n");
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nmetadata-flavor: Google\r\n{arc}content-length: {length}\r\n\r\n{body}")
            .into_bytes()
    }
}

#[async_trait]
impl Behaviour for Issuer {
    async fn serve(&self, connection: &mut Connection) -> io::Result<()> {
        while let Some(received) = connection.request().await? {
            let is_echo = received.target().starts_with("/echo/");
            let answer = if is_echo { echo::answer(&received, &self.beside()) } else { self.give(&received) };
            connection.send(&answer).await?;
        }
        Ok(())
    }
}
