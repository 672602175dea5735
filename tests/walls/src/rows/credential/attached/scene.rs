//! One kind of credential at work: its source, the store that gets it, and an allowed neighbour that gets none.

use portcullis_test_servers::Server;
use portcullis_test_servers::echo::Echo;
use portcullis_test_servers::issuer::{Grant, Issuer};

use super::forms::hidden;
use super::kinds::{self, CERTIFICATE, KEY, Kind};
use crate::act::Act;
use crate::network::{Names, Plain, Site, Told, text};

/// A scene of one kind.
pub(super) struct Scene<'a> {
    pub(super) kind: &'static Kind,
    /// Echoes, with all that it knows. A login is at the store itself.
    pub(super) store: Server,
    /// Gives out what the store does not.
    pub(super) source: Server,
    pub(super) other: Server,
    pub(super) site: Site<'a>,
    issuer: Issuer,
}

/// Sets a scene for each kind, one after the other; a failure says for which. `grants` says what its source gives, and
/// leaves a kind out.
pub(super) fn each(
    act: &Act<'_>,
    grants: fn(&Kind) -> Option<&'static [Grant]>,
    check: fn(&Scene<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let mut failures = Vec::new();
    for (kind, grants) in kinds::all().filter_map(|kind| Some((kind, grants(kind)?))) {
        let done = Scene::open(act, kind, grants).and_then(|scene| {
            check(&scene)?;
            scene.site.calm()
        });
        failures.extend(done.err().map(|error| format!("{}: {error}", kind.name)));
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// A source that gives what there is to give.
pub(super) fn giving(kind: &Kind) -> Option<&'static [Grant]> {
    Some(kind.grants)
}

/// A source that refuses, and shows what it was sent; a kind without one is left out.
pub(super) fn refusing(kind: &Kind) -> Option<&'static [Grant]> {
    (!kind.grants.is_empty()).then_some(&[])
}

impl<'a> Scene<'a> {
    fn open(act: &'a Act<'_>, kind: &'static Kind, grants: &'static [Grant]) -> Result<Self, String> {
        let issuer = Issuer::new(grants, kind.shown);
        let (store, source) = (Server::plain(issuer.clone()), Server::plain(issuer.clone()));
        let (store, source) = (store.map_err(text)?, source.map_err(text)?);
        let other = Server::plain(Echo).map_err(text)?;
        let placed = |text: &str| text.replace("{source}", &source.origin());
        let rest = "allow: [GET /echo/**, POST /echo/**], query: [v], headers: [x-free, vary]";
        let keys = format!(
            "network:\n  - {{ name: store, origin: \"{}\", {rest}, credential: {{ {} }} }}\n  - {{ name: other, origin: \"{}\", {rest} }}\n\
             filesystem: []\nlimits: {{ cpu: 10s, wall: 60s }}",
            store.origin(),
            placed(kind.credential),
            other.origin()
        );
        let json = format!("{KEY:?}");
        let (json, pem) = (json.trim_matches('"'), format!("{CERTIFICATE}{KEY}"));
        let filled = |text: &str| placed(text).replace("{key}", json).replace("{pem}", &pem);
        let pairs = |of: &[(&str, &str)]| -> Vec<(String, String)> {
            of.iter().map(|(name, value)| ((*name).to_owned(), filled(value))).collect()
        };
        let inputs = Plain::with(pairs(kind.variables), pairs(kind.files));
        let site = Site::on(act, inputs, Names::default(), &keys)?;
        Ok(Self { kind, store, source, other, site, issuer })
    }

    /// The requests of the guest as the store got them; those of a login are the host's.
    pub(super) fn echoed(&self) -> Vec<String> {
        let heads = self.store.seen().requests();
        let heads = heads.iter().map(|head| String::from_utf8_lossy(head).into_owned());
        heads.filter(|head| head.contains(" /echo/")).collect()
    }

    /// All that nobody may see: what the host has, what it was given, and what it signed so far.
    pub(super) fn secrets(&self) -> Vec<String> {
        let known = self.kind.shown.iter().chain(self.kind.kept);
        // Of a key in lines each line is one.
        let lines = known.flat_map(|text| text.lines()).filter(|line| !line.starts_with("-----"));
        let signatures = self.echoed();
        let signatures =
            signatures.iter().filter_map(|head| head.split("Signature=").nth(1)?.split("\r\n").next());
        lines.chain(signatures).map(str::to_owned).chain(self.issuer.statements()).collect()
    }

    /// Neither side of a call has any of it: what the guest tells, and what the operator is told.
    pub(super) fn hides(&self, told: &Told) -> Result<(), String> {
        let secrets = self.secrets();
        hidden(&told.guest.to_string(), &secrets)?;
        hidden(&told.said(), &secrets)
    }
}
