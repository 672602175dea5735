//! Where a credential source may ask: not a guest's request, and judged all the same.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{AuthorizedAddresses, AuthorizedDestination, Origin, Scheme, address};
use crate::Denial;

/// An endpoint that gives the host a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceEndpoint {
    /// Named by the operator: it may be private, and on this machine where its spelling says so.
    Named(Origin),
    /// A service that everybody has under this name: public, or in a range that the destination lists.
    Public(Origin),
    /// A metadata service, at its own address and nowhere else.
    Metadata(MetadataService),
    /// Named by a variable that the platform sets for those who run on it: on this machine, its link or its network, and
    /// never a public address.
    Platform(Origin),
}

/// A service that gives credentials to whoever reaches it. No address grant opens it: a source names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MetadataService {
    /// AWS, of an instance (IMDS).
    AwsInstance,
    /// AWS, of a container (ECS).
    AwsContainer,
    /// AWS, of a pod (EKS).
    AwsPod,
    /// AWS, of a pod (EKS) in a network of IPv6.
    AwsPodV6,
    /// Azure, of an instance (IMDS).
    Azure,
    /// Google Cloud.
    Google,
}

impl MetadataService {
    /// Its address. Plain http to the own host's link: nobody is in between.
    pub const fn address(self) -> IpAddr {
        match self {
            Self::AwsInstance | Self::Azure | Self::Google => IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
            Self::AwsContainer => IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
            Self::AwsPod => IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
            Self::AwsPodV6 => IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
        }
    }

    /// Its origin.
    #[must_use]
    pub const fn origin(self) -> Origin {
        Origin::of_address(Scheme::Http, self.address(), 80)
    }
}

/// An endpoint that the source of one destination's credential may use. Made by
/// [`AuthorizedDestination::decide_source`] and nowhere else.
#[derive(Clone, Debug)]
pub struct AuthorizedSource {
    destination: AuthorizedDestination,
    endpoint: SourceEndpoint,
    origin: Origin,
}

impl AuthorizedDestination {
    /// Whether a source may ask this endpoint for the credential of this destination.
    ///
    /// # Errors
    /// What [`AuthorizedSource::decide_addresses`] says, where the endpoint's host is an address itself.
    pub fn decide_source(&self, endpoint: SourceEndpoint) -> Result<AuthorizedSource, Denial> {
        let origin = match &endpoint {
            SourceEndpoint::Named(origin)
            | SourceEndpoint::Public(origin)
            | SourceEndpoint::Platform(origin) => origin.clone(),
            SourceEndpoint::Metadata(service) => service.origin(),
        };
        let source = AuthorizedSource { destination: self.clone(), endpoint, origin };
        if let Some(literal) = source.origin.address() {
            source.decide_addresses(&[literal])?;
        }
        Ok(source)
    }
}

impl AuthorizedSource {
    /// Scheme, host and port.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// For which destination.
    pub const fn destination(&self) -> &AuthorizedDestination {
        &self.destination
    }

    /// Whether this is the same endpoint for the same destination.
    pub fn is_same(&self, other: &Self) -> bool {
        self.endpoint == other.endpoint && self.destination.is_same(&other.destination)
    }

    /// The one decision about the addresses that the endpoint's host resolved to.
    ///
    /// # Errors
    /// As [`AuthorizedDestination::decide_addresses`] has them.
    pub fn decide_addresses(&self, answers: &[IpAddr]) -> Result<AuthorizedAddresses, Denial> {
        let provider = &self.destination.provider;
        let destination = &self.destination.destination;
        match &self.endpoint {
            SourceEndpoint::Public(_) => address::decide(provider, destination, &self.origin, answers),
            SourceEndpoint::Named(_) => address::decide_named(provider, destination, &self.origin, answers),
            SourceEndpoint::Metadata(service) => {
                address::decide_metadata(provider, *service, &self.origin, answers)
            }
            SourceEndpoint::Platform(_) => {
                address::decide_platform(provider, destination, &self.origin, answers)
            }
        }
    }
}
