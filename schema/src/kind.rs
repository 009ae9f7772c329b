//! The kinds of objects that libvirt keeps.

use crate::domain::Domain;
use crate::network::Network;
use crate::pool::Pool;
use crate::table::{Element, Schema};
use crate::volume::Volume;

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A virtual machine.
    Domain,
    /// A virtual network.
    Network,
    /// A place for volumes.
    Pool,
    /// A disk in a pool.
    Volume,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Kind] = &[Kind::Domain, Kind::Network, Kind::Pool, Kind::Volume];

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The kind whose XML has that outermost element.
    pub fn rooted(root: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.root() == root)
    }

    /// Its name in the command line and in Nix.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Domain => "domain",
            Kind::Network => "network",
            Kind::Pool => "pool",
            Kind::Volume => "volume",
        }
    }

    /// The name of the outermost element of its XML.
    pub const fn root(self) -> &'static str {
        self.name()
    }

    /// The table of that element.
    pub fn schema(self) -> &'static Schema {
        match self {
            Kind::Domain => Domain::schema(),
            Kind::Network => Network::schema(),
            Kind::Pool => Pool::schema(),
            Kind::Volume => Volume::schema(),
        }
    }

    /// Where libvirt's manual describes it.
    pub const fn manual(self) -> &'static str {
        match self {
            Kind::Domain => "https://libvirt.org/formatdomain.html",
            Kind::Network => "https://libvirt.org/formatnetwork.html",
            Kind::Pool | Kind::Volume => "https://libvirt.org/formatstorage.html",
        }
    }
}
