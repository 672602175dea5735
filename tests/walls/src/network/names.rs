//! A lookup that the test answers, and that counts.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use portcullis_egress::Lookup;

/// Answers by name. A name with several answers gives one after the other, and the last again and again.
#[derive(Debug, Default)]
pub(crate) struct Names {
    answers: Mutex<BTreeMap<String, Vec<Vec<IpAddr>>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    /// Adds an answer: addresses with a space between them.
    pub(crate) fn with(self, name: &str, addresses: &str) -> Self {
        self.answer(name, addresses);
        self
    }

    /// Adds an answer later.
    pub(crate) fn answer(&self, name: &str, addresses: &str) {
        let addresses = addresses.split_whitespace().filter_map(|address| address.parse().ok()).collect();
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.entry(name.to_owned()).or_default().push(addresses);
    }

    /// From now on the name has this answer, and no other.
    pub(crate) fn change(&self, name: &str, addresses: &str) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        self.answer(name, addresses);
    }

    /// The names that were looked up, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Lookup for Names {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(host.to_owned());
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        match answers.get_mut(host) {
            Some(answers) if answers.len() > 1 => Ok(answers.remove(0)),
            Some(answers) => Ok(answers.first().cloned().unwrap_or_default()),
            None => Err(io::Error::new(io::ErrorKind::NotFound, "no such name in the test")),
        }
    }
}
