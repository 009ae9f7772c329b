//! The kinds of objects that libvirt keeps, and the format of each with the rules on the whole object.

use crate::engine::format::Format;
use crate::engine::import;
use crate::engine::problem::listing;
use crate::engine::table::{Element, Schema};
use crate::engine::text::Malformed;
use crate::engine::value::Spec;
use crate::formats::checkpoint::DomainCheckpoint;
use crate::formats::device::interface::mac;
use crate::formats::domain::Domain;
use crate::formats::host_interface::HostInterface;
use crate::formats::namespaces::NAMESPACES;
use crate::formats::network::Network;
use crate::formats::nodedev::Nodedev;
use crate::formats::nwfilter::Nwfilter;
use crate::formats::pool::Pool;
use crate::formats::secret::Secret;
use crate::formats::snapshot::DomainSnapshot;
use crate::formats::volume::Volume;
use crate::rules;

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

    /// Its format.
    pub const fn format(self) -> &'static Format {
        match self {
            Kind::Domain => &DOMAIN,
            Kind::Network => &NETWORK,
            Kind::Pool => &POOL,
            Kind::Volume => &VOLUME,
            Kind::Secret => &SECRET,
            Kind::Nwfilter => &NWFILTER,
            Kind::Nodedev => &NODEDEV,
            Kind::Interface => &INTERFACE,
            Kind::Snapshot => &SNAPSHOT,
            Kind::Checkpoint => &CHECKPOINT,
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
        self.format().name
    }

    /// The name of the outermost element of its XML.
    pub fn root(self) -> &'static str {
        self.format().root
    }

    /// The table of that element.
    pub fn schema(self) -> &'static Schema {
        self.format().schema()
    }

    /// The address of libvirt's page that describes it.
    pub fn manual(self) -> &'static str {
        self.format().manual
    }
}

impl From<Kind> for &'static Format {
    fn from(kind: Kind) -> Self {
        kind.format()
    }
}

/// Reads XML of any format as a spec; the outermost element tells which it is.
pub fn import_any(text: &str) -> Result<(Kind, Spec<'static>), Malformed> {
    let root = import::root(text)?;
    let kind = Kind::rooted(&root.name).ok_or_else(|| {
        let known: Vec<_> = Kind::ALL.iter().map(|kind| format!("<{}>", kind.root())).collect();
        let known = listing(known.iter().map(String::as_str));
        Malformed::start(format!("unknown root element <{}>: expected {known}", root.name))
    })?;
    Ok((kind, import::spec_of(kind.format(), root)?))
}

/// A format without rules of its own on the whole object.
const fn plain(
    name: &'static str,
    root: &'static str,
    schema: fn() -> &'static Schema,
    manual: &'static str,
) -> Format {
    Format { name, root, schema, manual, aliases: &[], namespaces: NAMESPACES, rules: None, mac: None }
}

static DOMAIN: Format = Format {
    aliases: &[("cpus", "vcpu"), ("nics", "devices.interface"), ("ram", "memory")],
    rules: Some(rules::domain::check),
    mac: Some(mac::derived),
    ..plain("domain", "domain", Domain::schema, "https://libvirt.org/formatdomain.html")
};

static NETWORK: Format = Format {
    rules: Some(rules::network::check),
    ..plain("network", "network", Network::schema, "https://libvirt.org/formatnetwork.html")
};

static POOL: Format = plain("pool", "pool", Pool::schema, "https://libvirt.org/formatstorage.html");

static VOLUME: Format = plain("volume", "volume", Volume::schema, "https://libvirt.org/formatstorage.html");

static SECRET: Format = plain("secret", "secret", Secret::schema, "https://libvirt.org/formatsecret.html");

static NWFILTER: Format = plain("nwfilter", "filter", Nwfilter::schema, "https://libvirt.org/formatnwfilter.html");

static NODEDEV: Format = plain("nodedev", "device", Nodedev::schema, "https://libvirt.org/formatnode.html");

static INTERFACE: Format =
    plain("interface", "interface", HostInterface::schema, "https://libvirt.org/html/libvirt-libvirt-interface.html");

static SNAPSHOT: Format = Format {
    rules: Some(rules::saved_domain::check),
    ..plain("snapshot", "domainsnapshot", DomainSnapshot::schema, "https://libvirt.org/formatsnapshot.html")
};

static CHECKPOINT: Format = Format {
    rules: Some(rules::saved_domain::check),
    ..plain("checkpoint", "domaincheckpoint", DomainCheckpoint::schema, "https://libvirt.org/formatcheckpoint.html")
};
