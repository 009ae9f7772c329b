//! The kinds of objects that libvirt keeps.

use crate::checkpoint::DomainCheckpoint;
use crate::domain::Domain;
use crate::host_interface::HostInterface;
use crate::network::Network;
use crate::nodedev::Nodedev;
use crate::nwfilter::Nwfilter;
use crate::pool::Pool;
use crate::secret::Secret;
use crate::snapshot::DomainSnapshot;
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
    /// A password or key that is kept for others.
    Secret,
    /// Which packets may pass a network card.
    Nwfilter,
    /// A device of the host.
    Nodedev,
    /// A network interface of the host.
    Interface,
    /// A state of a domain to which it can return.
    Snapshot,
    /// A point in time from which on changes of a domain's disks are noted.
    Checkpoint,
}

/// What there is to know of a kind.
struct About {
    /// Its name in the command line and in Nix.
    name: &'static str,
    /// The name of the outermost element of its XML.
    root: &'static str,
    /// The table of that element.
    schema: fn() -> &'static Schema,
    /// The page of libvirt's site that describes it.
    page: &'static str,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Kind] = &[
        Kind::Domain,
        Kind::Network,
        Kind::Pool,
        Kind::Volume,
        Kind::Secret,
        Kind::Nwfilter,
        Kind::Nodedev,
        Kind::Interface,
        Kind::Snapshot,
        Kind::Checkpoint,
    ];

    fn about(self) -> About {
        let about = |name, root, schema, page| About { name, root, schema, page };
        match self {
            Kind::Domain => about("domain", "domain", Domain::schema, "formatdomain.html"),
            Kind::Network => about("network", "network", Network::schema, "formatnetwork.html"),
            Kind::Pool => about("pool", "pool", Pool::schema, "formatstorage.html"),
            Kind::Volume => about("volume", "volume", Volume::schema, "formatstorage.html"),
            Kind::Secret => about("secret", "secret", Secret::schema, "formatsecret.html"),
            Kind::Nwfilter => about("nwfilter", "filter", Nwfilter::schema, "formatnwfilter.html"),
            Kind::Nodedev => about("nodedev", "device", Nodedev::schema, "formatnode.html"),
            Kind::Interface => {
                about("interface", "interface", HostInterface::schema, "html/libvirt-libvirt-interface.html")
            }
            Kind::Snapshot => about("snapshot", "domainsnapshot", DomainSnapshot::schema, "formatsnapshot.html"),
            Kind::Checkpoint => {
                about("checkpoint", "domaincheckpoint", DomainCheckpoint::schema, "formatcheckpoint.html")
            }
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The kind whose XML has that outermost element.
    pub fn rooted(root: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.root() == root)
    }

    /// Its name in the command line and in Nix.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// The name of the outermost element of its XML.
    pub fn root(self) -> &'static str {
        self.about().root
    }

    /// The table of that element.
    pub fn schema(self) -> &'static Schema {
        (self.about().schema)()
    }

    /// Where libvirt describes it.
    pub fn manual(self) -> String {
        format!("https://libvirt.org/{}", self.about().page)
    }
}
