//! The decision about the addresses that a name resolved to.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

use super::class::{Class, Classified, classify_behind};
use crate::network::{Destination, MetadataService, Origin};
use crate::{Denial, ProviderName, Reason};

/// Addresses that a request to one destination may be sent to, and no others: with their port, in the order of the answer.
/// Made by [`AuthorizedDestination::decide_addresses`](crate::AuthorizedDestination::decide_addresses) and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizedAddresses(Vec<SocketAddr>);

impl AuthorizedAddresses {
    /// What may be connected to. Empty where the name has no address.
    pub fn as_slice(&self) -> &[SocketAddr] {
        &self.0
    }
}

/// Judges every address of an answer; one that is refused, or classes that differ, refuse the whole of it.
pub(in crate::network) fn decide(
    provider: &ProviderName,
    destination: &Destination,
    origin: &Origin,
    answers: &[IpAddr],
) -> Result<AuthorizedAddresses, Denial> {
    judge(provider, destination, origin, answers, |found| {
        destination.private.iter().any(|net| net.contains(&found.meant))
    })
}

/// The same for an origin that the operator named as a whole: every private range is open, because the name is exact.
pub(in crate::network) fn decide_named(
    provider: &ProviderName,
    destination: &Destination,
    origin: &Origin,
    answers: &[IpAddr],
) -> Result<AuthorizedAddresses, Denial> {
    judge(provider, destination, origin, answers, |found| found.class == Class::Private)
}

/// The one address of a metadata service.
pub(in crate::network) fn decide_metadata(
    provider: &ProviderName,
    service: MetadataService,
    origin: &Origin,
    answers: &[IpAddr],
) -> Result<AuthorizedAddresses, Denial> {
    let own = service.address();
    match answers.iter().find(|answer| **answer != own) {
        Some(other) => Err(Denial::new(
            provider,
            Reason::NetAddrSpecial,
            format!("the metadata service is at {own}, not at {other}"),
        )),
        None => Ok(with_port(answers, origin.port())),
    }
}

/// An endpoint that the platform runs beside its guests: this machine, its link, or a private network. One address that
/// is none of them refuses all.
pub(in crate::network) fn decide_platform(
    provider: &ProviderName,
    destination: &Destination,
    origin: &Origin,
    answers: &[IpAddr],
) -> Result<AuthorizedAddresses, Denial> {
    let is_near = |address: &IpAddr| {
        let is_link = matches!(address, IpAddr::V4(v4) if v4.is_link_local());
        let is_private =
            |nat64: &[_]| matches!(classify_behind(*address, nat64).class, Class::Loopback | Class::Private);
        is_link || (is_private(&[]) && destination.nat64.iter().all(|nat64| is_private(nat64)))
    };
    match answers.iter().find(|address| !is_near(address)) {
        Some(other) => Err(Denial::new(
            provider,
            Reason::NetAddrSpecial,
            format!(
                "{origin} is at {other}: a platform's own endpoint is on this machine, its link or a private network"
            ),
        )),
        None => Ok(with_port(answers, origin.port())),
    }
}

/// Provider and ceiling may know different prefixes for translation: what is refused by one reading is refused.
fn judge(
    provider: &ProviderName,
    destination: &Destination,
    origin: &Origin,
    answers: &[IpAddr],
    open: impl Fn(&Classified) -> bool,
) -> Result<AuthorizedAddresses, Denial> {
    for nat64 in &destination.nat64 {
        let read = |address: &IpAddr| (*address, classify_behind(*address, nat64));
        judge_one(provider, destination, origin, &answers.iter().map(read).collect::<Vec<_>>(), &open)?;
    }
    Ok(with_port(answers, origin.port()))
}

fn judge_one(
    provider: &ProviderName,
    destination: &Destination,
    origin: &Origin,
    classified: &[(IpAddr, Classified)],
    open: impl Fn(&Classified) -> bool,
) -> Result<(), Denial> {
    let deny = |reason, message| Err(Denial::new(provider, reason, message));
    let name = &destination.name;
    for (address, found) in classified {
        let what = found.what;
        let refused = match found.class {
            Class::Special => Some("no request goes there"),
            Class::Loopback if origin.is_loopback() || open(found) => None,
            Class::Loopback => Some("only an origin that names this machine leads there"),
            Class::Private | Class::Public if origin.is_loopback() => Some("the origin names this machine"),
            Class::Private | Class::Public => None,
        };
        if let Some(why) = refused {
            let message = format!("{origin} is at {address} ({what}, {}): {why}", found.source);
            return deny(Reason::NetAddrSpecial, message);
        }
    }
    for (address, found) in classified {
        if found.class == Class::Private && !open(found) {
            let message = format!(
                "{origin} is at {address} ({}, {}): if that is right, add `{}` to `private` of {name}",
                found.what,
                found.source,
                IpNet::from(found.meant)
            );
            return deny(Reason::NetAddrPrivate, message);
        }
    }
    if let Some(((first, one), (second, other))) = classified
        .iter()
        .zip(classified.iter().skip(1))
        .find(|((_, one), (_, other))| one.class != other.class)
    {
        let message = format!(
            "{origin} is at {first} ({}) and at {second} ({}): a name has addresses of one kind",
            one.what, other.what
        );
        return deny(Reason::NetAddrMixed, message);
    }
    Ok(())
}

fn with_port(answers: &[IpAddr], port: u16) -> AuthorizedAddresses {
    AuthorizedAddresses(answers.iter().map(|address| SocketAddr::new(*address, port)).collect())
}
