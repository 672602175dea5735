//! What a connection is made for, and who judges its addresses.

use std::net::IpAddr;

use portcullis_policy::network::{AuthorizedSource, Origin, Tls, Via};
use portcullis_policy::{AuthorizedAddresses, AuthorizedDestination, Denial};

/// What a connection is made for: a guest's requests, or those of a credential source.
#[derive(Clone, Debug)]
pub(crate) enum Dial {
    Destination(AuthorizedDestination),
    Source(AuthorizedSource),
}

impl Dial {
    /// Where requests go.
    pub(crate) const fn origin(&self) -> &Origin {
        match self {
            Self::Destination(destination) => destination.origin(),
            Self::Source(source) => source.origin(),
        }
    }

    /// The origin whose host is dialled; nothing for a socket of this machine.
    pub(crate) fn dialled(&self) -> Option<&Origin> {
        match self {
            Self::Destination(destination) => destination.dialled(),
            Self::Source(source) => Some(source.origin()),
        }
    }

    /// What a connection is made to. A source is asked directly.
    pub(crate) fn via(&self) -> &Via {
        match self {
            Self::Destination(destination) => destination.via(),
            Self::Source(_) => &Via::Host,
        }
    }

    /// How a connection is made. A source has the public authorities, and no identity.
    pub(crate) fn tls(&self) -> Tls {
        match self {
            Self::Destination(destination) => destination.tls().clone(),
            Self::Source(_) => Tls::default(),
        }
    }

    /// Whether connections that were made for one are right for the other.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Destination(one), Self::Destination(other)) => one.is_same(other),
            (Self::Source(one), Self::Source(other)) => one.is_same(other),
            (Self::Destination(_), Self::Source(_)) | (Self::Source(_), Self::Destination(_)) => false,
        }
    }

    pub(crate) fn destination(&self) -> &AuthorizedDestination {
        match self {
            Self::Destination(destination) => destination,
            Self::Source(source) => source.destination(),
        }
    }

    pub(crate) fn decide(&self, answers: &[IpAddr]) -> Result<AuthorizedAddresses, Denial> {
        match self {
            Self::Destination(destination) => destination.decide_addresses(answers),
            Self::Source(source) => source.decide_addresses(answers),
        }
    }
}
