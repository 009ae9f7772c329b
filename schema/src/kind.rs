//! Kinds of objects that libvirt manages, each with its format and the rules on the whole object.

use crate::engine::format::Format;
use crate::engine::import;
use crate::engine::place::Place;
use crate::engine::problem::listing;
use crate::engine::table::{Element, Schema};
use crate::engine::text::Malformed;
use crate::engine::value::Spec;
use crate::engine::xml;
use crate::formats::checkpoint::DomainCheckpoint;
use crate::formats::device::Devices;
use crate::formats::device::interface::mac;
use crate::formats::domain::Domain;
use crate::formats::domain::settled::{settle, settle_device};
use crate::formats::host_interface::HostInterface;
use crate::formats::manual;
use crate::formats::namespaces::{FREE, NAMESPACES};
use crate::formats::network::Network;
use crate::formats::nodedev::Nodedev;
use crate::formats::nwfilter::Nwfilter;
use crate::formats::pool::{self, Pool};
use crate::formats::secret::Secret;
use crate::formats::snapshot::DomainSnapshot;
use crate::formats::volume::Volume;
use crate::rules;
use std::borrow::Cow;

/// Declares the kinds, each with its format.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $format:expr;)*) => {
        /// Kind of object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];
        }

        /// The format of each kind.
        static FORMATS: [Format; Kind::ALL.len()] = [$($format),*];
    };
}

kinds! {
    /// Virtual machine.
    Domain = Format {
        sections: manual::DOMAIN,
        aliases: &[("cpus", "vcpu"), ("nics", "devices.interface"), ("ram", "memory")],
        rules: Some(rules::domain::check),
        taken: rules::taken::DOMAIN,
        mac: Some(mac::derived),
        settle: Some(settle),
        ..plain("domain", "domain", Domain::schema, "https://libvirt.org/formatdomain.html")
    };
    /// Virtual network.
    Network = Format {
        sections: manual::NETWORK,
        rules: Some(rules::network::check),
        taken: rules::taken::NETWORK,
        ..plain("network", "network", Network::schema, "https://libvirt.org/formatnetwork.html")
    };
    /// Storage pool: a place for volumes.
    Pool = Format {
        sections: manual::POOL,
        rules: Some(rules::pool::check),
        settle: Some(pool::settle),
        ..plain("pool", "pool", Pool::schema, "https://libvirt.org/formatstorage.html")
    };
    /// Storage volume: a disk image in a pool.
    Volume = Format {
        sections: manual::VOLUME,
        rules: Some(rules::volume::check),
        ..plain("volume", "volume", Volume::schema, "https://libvirt.org/formatstorage.html")
    };
    /// Secret: a password or key that other objects use.
    Secret = Format {
        sections: manual::SECRET,
        ..plain("secret", "secret", Secret::schema, "https://libvirt.org/formatsecret.html")
    };
    /// Network filter: rules for the packets of a network interface.
    Nwfilter = Format {
        sections: manual::NWFILTER,
        rules: Some(rules::names::check),
        ..plain("nwfilter", "filter", Nwfilter::schema, "https://libvirt.org/formatnwfilter.html")
    };
    /// Device of the host.
    Nodedev = Format {
        sections: manual::NODEDEV,
        ..plain("nodedev", "device", Nodedev::schema, "https://libvirt.org/formatnode.html")
    };
    /// Network interface of the host.
    Interface = plain(
        "interface",
        "interface",
        HostInterface::schema,
        "https://libvirt.org/html/libvirt-libvirt-interface.html",
    );
    /// Snapshot: a saved state that a domain can be reverted to.
    Snapshot = Format {
        sections: manual::SNAPSHOT,
        rules: Some(rules::saved_domain::check_snapshot),
        ..plain("snapshot", "domainsnapshot", DomainSnapshot::schema, "https://libvirt.org/formatsnapshot.html")
    };
    /// Checkpoint: a point in time after which changes to a domain's disks are recorded.
    Checkpoint = Format {
        sections: manual::CHECKPOINT,
        rules: Some(rules::saved_domain::check_checkpoint),
        ..plain("checkpoint", "domaincheckpoint", DomainCheckpoint::schema, "https://libvirt.org/formatcheckpoint.html")
    };
}

/// A format without rules on the whole object.
const fn plain(
    name: &'static str,
    root: &'static str,
    schema: fn() -> &'static Schema,
    manual: &'static str,
) -> Format {
    Format {
        name,
        root,
        schema,
        manual,
        sections: &[],
        aliases: &[],
        namespaces: NAMESPACES,
        free: FREE,
        rules: None,
        taken: &[],
        mac: None,
        settle: None,
    }
}

impl Kind {
    /// Returns the format of the kind.
    pub fn format(self) -> &'static Format {
        &FORMATS[self as usize]
    }

    /// Returns the kind with that name, such as `nwfilter`.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Returns the kind whose XML has that root element, such as `filter`.
    pub fn rooted(root: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.root() == root)
    }

    /// Returns the name of the kind in Nix and on the command line.
    pub fn name(self) -> &'static str {
        self.format().name
    }

    /// Returns the name of the root element of the kind's XML.
    pub fn root(self) -> &'static str {
        self.format().root
    }

    /// Returns the table of the root element.
    pub fn schema(self) -> &'static Schema {
        self.format().schema()
    }

    /// Returns the URL of the page of libvirt's manual that describes the format.
    pub fn manual(self) -> &'static str {
        self.format().manual
    }

    /// Returns the URL of the section of libvirt's manual that describes the field at a path.
    pub fn manual_of(self, path: &str) -> String {
        let anchor = manual::anchor(self.format().sections, path);
        anchor.map_or_else(|| self.manual().to_owned(), |anchor| format!("{}#{anchor}", self.manual()))
    }
}

impl From<Kind> for &'static Format {
    fn from(kind: Kind) -> Self {
        kind.format()
    }
}

/// Reads XML of any format as a spec. The root element decides the kind.
///
/// # Errors
/// Why the text is no XML of a known format, and where.
pub fn import_any(text: &str) -> Result<(Kind, Spec<'static>), Malformed> {
    let root = import::root(text)?;
    let kind = Kind::rooted(&root.name).ok_or_else(|| {
        let known: Vec<_> = Kind::ALL.iter().map(|kind| format!("<{}>", kind.root())).collect();
        let known = listing(known.iter().map(String::as_str));
        Malformed::start(format!("unknown root element <{}>: expected {known}", root.name))
    })?;
    Ok((kind, import::spec_of(kind.format(), root)?))
}

/// Returns the place of the definition of an object, or of a device of a domain, in the tables.
pub fn place(element: &xml::Element) -> Option<Place> {
    device(element).or_else(|| Place::of(Kind::rooted(&element.name)?.schema(), element))
}

fn device(element: &xml::Element) -> Option<Place> {
    Place::of(Devices::schema(), &xml::Element::default())?.below(element)
}

/// Returns the definition of an object, or of a device of a domain, in the form in which libvirt keeps it, as far as parts
/// depend on each other.
pub fn settled(element: &xml::Element) -> Cow<'_, xml::Element> {
    let Some(settle) = settling(element) else { return Cow::Borrowed(element) };
    let mut settled = element.clone();
    settle(&mut settled);
    Cow::Owned(settled)
}

/// The same without a copy of the element.
pub fn into_settled(mut element: xml::Element) -> xml::Element {
    if let Some(settle) = settling(&element) {
        settle(&mut element);
    }
    element
}

/// The function that brings an element into the form in which libvirt keeps it; None if it is in it.
fn settling(element: &xml::Element) -> Option<fn(&mut xml::Element)> {
    match Kind::rooted(&element.name).and_then(|kind| kind.format().settle) {
        None if device(element).is_some() => Some(settle_device),
        settle => settle,
    }
}
