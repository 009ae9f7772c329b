//! What is kept of domains that are undefined: what libvirt knew of their snapshots, until they are defined again. The
//! snapshots themselves are in the disks.

use crate::connection::{Connection, Key};
use crate::error::{Error, ask};
use crate::object::Object;
use nixvirt::file::{self, write_new};
use nixvirt::object::{Type, uuid_of};
use nixvirt::plan::preserve;
use nixvirt_schema::engine::xml::{self, Element};
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use virt::domain::Domain;
use virt::sys;

/// The largest file that is read, in bytes.
const MAX_SIZE: u64 = 256 << 20;

/// A folder with a file for each domain, by its UUID.
pub struct SnapshotArchive {
    folder: PathBuf,
}

/// What is kept of a domain.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Past {
    /// What it was defined as, without secrets.
    domain: String,
    /// Its snapshots, parents before their children.
    snapshots: Vec<Snapshot>,
}

/// A snapshot as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Snapshot {
    /// All that libvirt knew of it.
    xml: String,
    /// Whether the next one would have been its child.
    is_current: bool,
}

impl SnapshotArchive {
    pub fn new(folder: PathBuf) -> Self {
        SnapshotArchive { folder }
    }

    /// Where it is kept what a domain has that was undefined.
    fn path(&self, uuid: &str) -> PathBuf {
        self.folder.join(uuid.to_ascii_lowercase()).with_extension("json")
    }

    /// The same of a domain that is about to be undefined. Where that fails, it is worth nothing.
    fn leaving(&self, uuid: &str) -> PathBuf {
        self.path(uuid).with_extension("leaving.json")
    }

    /// Keeps what libvirt knows of the domain's snapshots, which it is about to forget.
    pub fn keep(&self, domain: &Domain, uuid: &str, definition: String) -> Result<(), Error> {
        let what = "cannot read its snapshots";
        let mut past = Past { domain: definition, snapshots: Vec::new() };
        // Parents come first, as they have to when they are made again.
        for snapshot in ask(what, domain.list_all_snapshots(sys::VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL))? {
            let xml = ask(what, snapshot.xml_desc(0))?;
            if ask(what, snapshot.xml_desc(sys::VIR_DOMAIN_SNAPSHOT_XML_SECURE))? != xml {
                let why = "its snapshots hold a password, which is written nowhere but into libvirt";
                return Err(Error::libvirt(why).with_hint("delete them, or let `purge` name them"));
            }
            let is_current = ask(what, snapshot.is_current(0))?;
            past.snapshots.push(Snapshot { xml, is_current });
        }
        let path = self.leaving(uuid);
        let text = serde_json::to_vec_pretty(&past).map_err(io::Error::from);
        text.and_then(|text| write(&path, &text)).map_err(|cause| Error::file("keep its snapshots in", &path, cause))
    }

    /// Notes that libvirt has forgotten the domain that was kept.
    pub fn has_left(&self, uuid: &str) -> Result<(), Error> {
        match fs::rename(self.leaving(uuid), self.path(uuid)) {
            Err(why) if why.kind() != ErrorKind::NotFound => {
                Err(Error::file("keep its snapshots in", &self.path(uuid), why))
            }
            _ => Ok(()),
        }
    }

    /// Defines a domain again with the snapshots that were kept of it. Answers whether any were; else nothing is done.
    pub fn restore(&self, connection: &Connection, definition: &Element) -> Result<bool, Error> {
        let mut root = definition.clone();
        let Some(uuid) = uuid_of(&root) else { return Ok(false) };
        let is_defined = match connection.find(Type::Domain, &Key::Uuid(&uuid))? {
            Some(Object::Domain(domain)) => ask("cannot tell whether it is defined", domain.is_persistent())?,
            _ => false,
        };
        if !is_defined {
            // A run may have been ended before it noted that the domain has left.
            self.has_left(&uuid)?;
        }
        let path = self.path(&uuid);
        let text = match file::read(&path, MAX_SIZE) {
            Err(why) if why.kind() == ErrorKind::NotFound => return Ok(false),
            text => text.map_err(|cause| Error::file("read", &path, cause))?,
        };
        let what = "cannot restore its earlier snapshots";
        let hint = || format!("they are in {}: to give them up, remove that file", path.display());
        let past: Past =
            serde_json::from_slice(&text).map_err(|cause| Error::input(what).caused_by(cause).with_hint(hint()))?;
        if !is_defined {
            // Its disks are where external snapshots put them, and its hardware is what the memory in snapshots knows.
            let last = xml::element(&past.domain).unwrap_or_default();
            root = preserve(&root, None, &last);
        }
        let Object::Domain(domain) = connection.define(Type::Domain, &root.to_string())? else { return Ok(false) };
        for Snapshot { xml, is_current } in past.snapshots {
            let current = if is_current { sys::VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT } else { 0 };
            let made = domain.create_snapshot_xml(&xml, sys::VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE | current);
            ask(what, made).map_err(|error| error.with_hint(hint()))?;
        }
        self.forget(&uuid)?;
        Ok(true)
    }

    /// Drops what is kept of a domain.
    pub fn forget(&self, uuid: &str) -> Result<(), Error> {
        for path in [self.path(uuid), self.leaving(uuid)] {
            match fs::remove_file(&path) {
                Err(why) if why.kind() != ErrorKind::NotFound => return Err(Error::file("remove", &path, why)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Writes a file that is whole or not there, and that a power cut leaves so.
fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = path.parent().expect("it is in a folder");
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let new = folder.join(".new");
    write_new(&new, text)?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()
}
