//! Creating, archiving, restoring and deleting snapshots.

use crate::connection::Connection;
use crate::error::{Error, ask};
use crate::object::Object;
use nixvirt::change::child;
use nixvirt::object::{Id, Type};
use nixvirt::snapshot_archive::{ArchivedSnapshot, DomainArchive};
use nixvirt_schema::engine::xml::{self, Element};
use virt::domain_snapshot::DomainSnapshot;
use virt::sys;

impl Connection {
    pub(crate) fn create_snapshot(&self, id: &Id, definition: &Element) -> Result<(), Error> {
        if self.lookup(id)?.is_some() {
            return Ok(());
        }
        let name = id.parent.as_deref().unwrap_or_default();
        let domain = self.domain(name)?.ok_or_else(|| Error::libvirt(format!("there is no domain {name:?}")))?;
        let flags = if is_of_disks(definition) { sys::VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY } else { 0 };
        ask("libvirt cannot create the snapshot", domain.create_snapshot_xml(&definition.to_string(), flags)).map(drop)
    }

    pub(crate) fn delete_snapshot(&self, id: &Id) -> Result<(), Error> {
        match self.lookup(id)? {
            Some(Object::Snapshot(snapshot)) => ask("libvirt cannot delete the snapshot", snapshot.delete(0)),
            _ => Ok(()),
        }
    }

    /// Takes a snapshot of a domain: of its disks, and of its memory if the guest runs.
    pub(crate) fn take_snapshot(&self, domain: &str, snapshot: &str) -> Result<(), Error> {
        let children = vec![
            Element::of_text("name", snapshot),
            Element::of_text("description", "Taken by NixVirt before a change"),
        ];
        let definition = Element { name: "domainsnapshot".to_owned(), children, ..Element::default() };
        self.create_snapshot(&Id::within(Type::Snapshot, domain, snapshot), &definition)
    }

    /// Reverts a domain to a snapshot. The guest is started, stopped or replaced as the snapshot needs it.
    pub(crate) fn revert(&self, domain: &str, snapshot: &str) -> Result<(), Error> {
        match self.existing(&Id::within(Type::Snapshot, domain, snapshot))? {
            Object::Snapshot(snapshot) => {
                let reverted = snapshot.revert(sys::VIR_DOMAIN_SNAPSHOT_REVERT_FORCE);
                ask("libvirt cannot revert to the snapshot", reverted)
            }
            _ => Ok(()),
        }
    }

    /// Reads the definition and the snapshots of a domain, parents before their children.
    pub(crate) fn archive_domain(&self, id: &Id) -> Result<Option<DomainArchive>, Error> {
        let Some(domain) = self.domain(&id.name)? else { return Ok(None) };
        let definition = ask("cannot read its XML", domain.xml_desc(sys::VIR_DOMAIN_XML_INACTIVE))?;
        let listed = domain.list_all_snapshots(sys::VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL);
        let snapshots = ask("cannot list its snapshots", listed)?;
        Ok(Some(DomainArchive {
            domain: element(&definition)?,
            snapshots: snapshots.iter().map(archived).collect::<Result<_, _>>()?,
        }))
    }

    /// Restores the metadata of a snapshot whose content is in the disks of the domain.
    pub(crate) fn restore_snapshot(&self, id: &Id, definition: &Element, is_current: bool) -> Result<(), Error> {
        let Object::Domain(domain) = self.existing(id)? else { return Ok(()) };
        let current = if is_current { sys::VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT } else { 0 };
        let flags = sys::VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE | current;
        let restored = domain.create_snapshot_xml(&definition.to_string(), flags);
        ask("libvirt cannot restore the snapshot", restored).map(drop)
    }
}

fn archived(snapshot: &DomainSnapshot) -> Result<ArchivedSnapshot, Error> {
    let what = "cannot read its snapshots";
    let xml = ask(what, snapshot.xml_desc(0))?;
    if ask(what, snapshot.xml_desc(sys::VIR_DOMAIN_SNAPSHOT_XML_SECURE))? != xml {
        let what = "the snapshots of the domain hold a password, which NixVirt must not keep";
        return Err(Error::libvirt(what).with_hint("delete the snapshots, or add \"snapshots\" to `purge`"));
    }
    Ok(ArchivedSnapshot { xml: element(&xml)?, is_current: ask(what, snapshot.is_current(0))? })
}

fn element(text: &str) -> Result<Element, Error> {
    xml::element(text).ok_or_else(|| Error::libvirt("libvirt's XML cannot be parsed"))
}

/// Whether a snapshot is of the disks alone, which libvirt expects as a flag. Its XML excludes the memory, or has an external
/// disk and does not mention the memory.
fn is_of_disks(snapshot: &Element) -> bool {
    let is_external = |disk: &Element| disk.attribute("snapshot") == Some("external");
    match child(snapshot, "memory").and_then(|memory| memory.attribute("snapshot")) {
        Some(kind) => kind == "no",
        None => child(snapshot, "disks").is_some_and(|disks| disks.children.iter().any(is_external)),
    }
}
