//! What a connection has, as libvirt told it.

use crate::object::Id;
use std::collections::BTreeMap;

/// The objects of a connection. Listing them costs a few calls, whatever their number; their XML is read for those
/// alone that a plan has to look into.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Every object that libvirt lists.
    pub objects: BTreeMap<Id, Found>,
}

/// An object that libvirt has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Its UUID, in the form with hyphens. Volumes and snapshots have none.
    pub uuid: Option<String>,
    /// Whether it runs. What cannot run is always active.
    pub is_active: bool,
    /// Whether libvirt keeps its definition when it stops.
    pub is_persistent: bool,
    /// Whether it starts with the host; never for types that do not start.
    pub autostart: bool,
    /// Whether the state of a domain is saved, to go on from at its next start.
    pub has_managed_save: bool,
    /// The number of a domain's present run: another run has another number. Nothing while it is off.
    pub run: Option<u32>,
    /// What it is defined as, and will start with next; nothing as long as nobody asked for it.
    pub xml: Option<String>,
    /// What runs, for a domain or network that does; nothing as long as nobody asked for it.
    pub live_xml: Option<String>,
}

impl Inventory {
    /// The object of that id.
    pub fn get(&self, id: &Id) -> Option<&Found> {
        self.objects.get(id)
    }
}
