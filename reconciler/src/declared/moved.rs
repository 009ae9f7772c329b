//! The managed domains whose declarations have moved between connections of the manifest.

use crate::able::Lack;
use crate::inventory::Observed;
use crate::manifest::Move;
use crate::object::Id;
use crate::state::Record;
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeMap;

/// The managed domains whose declarations have moved between connections of the manifest. A guest must not run on both: the
/// two may share its disks.
#[derive(Clone, Debug, Default)]
pub struct MovedDomains {
    /// The domains that are declared here, and managed on another connection.
    pub here: BTreeMap<Id, Origin>,
    /// The domains that are managed here, and declared on another connection.
    pub away: BTreeMap<Id, Destination>,
}

/// Where a domain is managed that is declared here.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The URI of the connection.
    pub uri: String,
    /// The URI of the connection here.
    pub destination: String,
    /// The state record there.
    pub record: Record,
    /// What libvirt has there.
    pub whereabouts: Whereabouts,
}

/// What libvirt has of a domain on the connection that it moves away from.
#[derive(Clone, Debug)]
pub enum Whereabouts {
    /// The connection was not asked, or does not answer. The guest may run there.
    Unknown,
    /// libvirt has no such domain there.
    Gone,
    /// libvirt has the domain there.
    Present(Box<MovingDomain>),
}

/// A domain on the connection that it moves away from, and what the host here offers it.
#[derive(Clone, Debug, Default)]
pub struct MovingDomain {
    /// The domain, with its definitions.
    pub domain: Observed,
    /// The images of its disks by the targets of the disks.
    pub images: BTreeMap<String, DiskImage>,
    /// The free bytes of the pools here.
    pub room: BTreeMap<Id, u64>,
    /// What the guest needs, and the host here lacks.
    pub lacks: Vec<Lack>,
    /// Whether the CPU of the host here lacks features of the guest's CPU.
    pub has_other_cpu: bool,
}

/// The image of a disk.
#[derive(Clone, Debug, PartialEq)]
pub struct DiskImage {
    /// The volume. None if the image is no volume of a pool that runs.
    pub volume: Option<Id>,
    /// The definition of the volume.
    pub definition: Option<Element>,
}

/// Where a domain is declared that is managed here.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The URI of the connection.
    pub uri: String,
    /// How the domain moves there.
    pub moves: Move,
    /// The definition that was applied last.
    pub applied: Option<Element>,
}

impl Origin {
    /// Whether the guest may run there.
    pub fn may_run(&self) -> bool {
        match &self.whereabouts {
            Whereabouts::Unknown => true,
            Whereabouts::Gone => false,
            Whereabouts::Present(present) => present.domain.is_active,
        }
    }
}
