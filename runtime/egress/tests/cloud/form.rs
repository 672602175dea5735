//! Forms and queries as a server reads them.

use std::collections::BTreeMap;

use crate::store::Received;

pub(crate) fn form(received: &Received) -> BTreeMap<String, String> {
    pairs(&String::from_utf8(received.body.clone()).unwrap())
}

pub(crate) fn query(received: &Received) -> BTreeMap<String, String> {
    received.target.split_once('?').map(|(_, query)| pairs(query)).unwrap_or_default()
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        assert!(map.insert(name.to_string(), value.to_string()).is_none(), "{name} is there twice: {text}");
    }
    map
}
