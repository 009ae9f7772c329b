//! Making and deleting snapshots.

use crate::connection::Connection;
use crate::error::{Error, ask};
use crate::object::Object;
use nixvirt::change::child;
use nixvirt::object::Id;
use nixvirt_schema::engine::xml::Element;
use virt::sys;

impl Connection {
    pub(crate) fn create_snapshot(&self, id: &Id, definition: &Element) -> Result<(), Error> {
        if self.lookup(id)?.is_some() {
            return Ok(());
        }
        let name = id.parent.as_deref().unwrap_or_default();
        let domain = self.domain(name)?.ok_or_else(|| Error::libvirt(format!("there is no domain {name:?}")))?;
        let flags = if is_of_disks(definition) { sys::VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY } else { 0 };
        ask("libvirt cannot make the snapshot", domain.create_snapshot_xml(&definition.to_string(), flags)).map(drop)
    }

    pub(crate) fn delete_snapshot(&self, id: &Id) -> Result<(), Error> {
        match self.lookup(id)? {
            Some(Object::Snapshot(snapshot)) => ask("libvirt cannot delete the snapshot", snapshot.delete(0)),
            _ => Ok(()),
        }
    }
}

/// Whether a snapshot is of the disks alone, which libvirt wants to be told beside its XML: it says so of the memory, or
/// puts a disk into a file of its own and says nothing of the memory.
fn is_of_disks(snapshot: &Element) -> bool {
    let is_external = |disk: &Element| disk.attribute("snapshot") == Some("external");
    match child(snapshot, "memory").and_then(|memory| memory.attribute("snapshot")) {
        Some(kind) => kind == "no",
        None => child(snapshot, "disks").is_some_and(|disks| disks.children.iter().any(is_external)),
    }
}
