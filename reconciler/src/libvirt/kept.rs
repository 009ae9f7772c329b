//! What is kept of domains that are undefined: what libvirt knew of their snapshots, until they are defined again. The
//! snapshots themselves are in the disks.

use super::failure::{Failure, ask};
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use virt::domain::Domain;
use virt::sys;

/// A folder with a file for each domain, by its UUID.
pub struct Kept {
    folder: PathBuf,
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

impl Kept {
    pub fn new(folder: PathBuf) -> Self {
        Kept { folder }
    }

    fn path(&self, domain: &Domain) -> Result<PathBuf, Failure> {
        let uuid = ask("a domain has no UUID", domain.uuid_string())?;
        Ok(self.folder.join(uuid).with_extension("json"))
    }

    /// Keeps what libvirt knows of the domain's snapshots, which it is about to forget.
    pub fn keep(&self, domain: &Domain) -> Result<(), Failure> {
        let what = "cannot read its snapshots";
        let mut snapshots = Vec::new();
        // Parents come first, as they have to when they are made again.
        for snapshot in ask(what, domain.list_all_snapshots(sys::VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL))? {
            let xml = ask(what, snapshot.xml_desc(0))?;
            if ask(what, snapshot.xml_desc(sys::VIR_DOMAIN_SNAPSHOT_XML_SECURE))? != xml {
                let why = "its snapshots hold a password, which is written nowhere but into libvirt";
                return Err(Failure::new(why).advise("delete them, or let `purge` name them"));
            }
            let is_current = ask(what, snapshot.is_current(0))?;
            snapshots.push(Snapshot { xml, is_current });
        }
        let path = self.path(domain)?;
        let text = serde_json::to_vec_pretty(&snapshots).map_err(io::Error::from);
        let kept = text.and_then(|text| write(&path, &text));
        kept.map_err(|why| Failure::new(format!("cannot keep its snapshots in {}: {why}", path.display())))
    }

    /// Tells libvirt of the snapshots that were kept of this domain, which is defined again.
    pub fn restore(&self, domain: &Domain) -> Result<(), Failure> {
        let path = self.path(domain)?;
        let text = match fs::read(&path) {
            Err(why) if why.kind() == ErrorKind::NotFound => return Ok(()),
            text => text,
        };
        let failed = |why: String| {
            let why = format!("it is defined, and its snapshots of before cannot be brought back: {why}");
            Failure::new(why).advise(format!("they are in {}: without that file they are given up", path.display()))
        };
        let text = text.map_err(|why| failed(why.to_string()))?;
        let snapshots: Vec<Snapshot> = serde_json::from_slice(&text).map_err(|why| failed(why.to_string()))?;
        for Snapshot { xml, is_current } in snapshots {
            let current = if is_current { sys::VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT } else { 0 };
            let made = domain.create_snapshot_xml(&xml, sys::VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE | current);
            made.map_err(|why| failed(why.message().to_owned()))?;
        }
        self.forget(domain)
    }

    /// Drops what is kept of a domain.
    pub fn forget(&self, domain: &Domain) -> Result<(), Failure> {
        let path = self.path(domain)?;
        match fs::remove_file(&path) {
            Err(why) if why.kind() != ErrorKind::NotFound => {
                Err(Failure::new(format!("cannot remove {}: {why}", path.display())))
            }
            _ => Ok(()),
        }
    }
}

/// Writes a file that is whole or not there, and that a power cut leaves so.
fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = path.parent().expect("it is in a folder");
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let new = folder.join(".new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()
}
