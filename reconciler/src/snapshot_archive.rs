//! The snapshots of undefined domains, which libvirt forgets with the domain. They are restored when the domain is defined
//! again. The archive has a file for each domain: `URI/kept/UUID.json`. The content of the snapshots is in the disks.

use crate::error::Error;
use crate::object::canonical_uuid;
use crate::state::{Lock, Store, UnreadableRecord, read_folder, remove_file};
use nixvirt_schema::engine::xml::Element;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The archived domains of a connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapshotArchive {
    /// The domains, by UUID.
    pub domains: BTreeMap<String, ArchivedDomain>,
    /// The files that could not be read, by the UUID of the domain.
    pub unreadable: BTreeMap<String, UnreadableRecord>,
}

/// The archives of a domain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArchivedDomain {
    /// The archive of the domain that libvirt has undefined.
    pub confirmed: Option<DomainArchive>,
    /// The archive that was made before libvirt was asked to undefine the domain. It is valid only if libvirt did so.
    pub unconfirmed: Option<DomainArchive>,
}

impl ArchivedDomain {
    /// The archive to restore the domain from. `is_defined` says whether libvirt has the domain.
    pub fn to_restore(&self, is_defined: bool) -> Option<&DomainArchive> {
        let unconfirmed = if is_defined { None } else { self.unconfirmed.as_ref() };
        unconfirmed.or(self.confirmed.as_ref())
    }
}

/// What libvirt has of a domain beside its state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DomainArchive {
    /// The persistent definition, without secrets.
    #[serde(with = "xml_text")]
    pub domain: Element,
    /// The snapshots, parents before their children.
    pub snapshots: Vec<ArchivedSnapshot>,
}

/// The metadata of a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArchivedSnapshot {
    /// The definition as libvirt prints it.
    #[serde(with = "xml_text")]
    pub xml: Element,
    /// Whether a new snapshot becomes a child of this one.
    pub is_current: bool,
}

impl Store {
    /// Reads the archived domains.
    pub fn read_archive(&self) -> Result<SnapshotArchive, Error> {
        let mut archive = SnapshotArchive::default();
        for path in read_folder(&self.archive_folder())?.unwrap_or_default() {
            let Some((uuid, is_confirmed)) = parse_name(&path) else { continue };
            match read(&path) {
                Ok(content) => {
                    let domain = archive.domains.entry(uuid).or_default();
                    let place = if is_confirmed { &mut domain.confirmed } else { &mut domain.unconfirmed };
                    *place = Some(content);
                }
                Err(message) => drop(archive.unreadable.insert(uuid, UnreadableRecord { path, message })),
            }
        }
        Ok(archive)
    }

    fn archive_folder(&self) -> PathBuf {
        self.folder().join("kept")
    }

    fn archive_path(&self, uuid: &str, is_confirmed: bool) -> PathBuf {
        let extension = if is_confirmed { "json" } else { "leaving.json" };
        self.archive_folder().join(canonical_uuid(uuid)).with_extension(extension)
    }
}

impl Lock<'_> {
    /// Archives a domain that is about to be undefined.
    pub fn archive(&self, uuid: &str, content: &DomainArchive) -> Result<(), Error> {
        self.replace(&self.store().archive_path(uuid, false), &(serde_json::to_string_pretty(content)? + "\n"))
    }

    /// Confirms that libvirt has undefined the domain that was archived.
    pub fn confirm_archive(&self, uuid: &str) -> Result<(), Error> {
        let path = self.store().archive_path(uuid, true);
        match fs::rename(self.store().archive_path(uuid, false), &path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Error::file("write", &path, cause)),
            _ => Ok(()),
        }
    }

    /// Removes a domain from the archive.
    pub fn drop_archive(&self, uuid: &str) -> Result<(), Error> {
        for is_confirmed in [true, false] {
            remove_file(&self.store().archive_path(uuid, is_confirmed))?;
        }
        Ok(())
    }
}

/// The UUID in the name of an archive's file, and whether the archive is confirmed.
fn parse_name(path: &Path) -> Option<(String, bool)> {
    let name = path.file_name()?.to_str()?.strip_suffix(".json")?;
    Some(match name.strip_suffix(".leaving") {
        Some(uuid) => (canonical_uuid(uuid), false),
        None => (canonical_uuid(name), true),
    })
}

fn read(path: &Path) -> Result<DomainArchive, String> {
    let text = fs::read(path).map_err(|cause| cause.to_string())?;
    serde_json::from_slice(&text).map_err(|cause| cause.to_string())
}

/// An element as the text of its XML.
mod xml_text {
    use nixvirt_schema::engine::xml::{self, Element};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(element: &Element, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&element.to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Element, D::Error> {
        let text = String::deserialize(deserializer)?;
        xml::element(&text).ok_or_else(|| D::Error::custom("expected XML"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::StateDirectory;
    use std::time::Duration;

    const UUID: &str = "0a1b2c3d-0000-4000-8000-00000000000a";

    /// An archive as the first version wrote it.
    const FORMER: &str = r#"{
      "domain": "<domain type='kvm'>\n  <name>web</name>\n</domain>\n",
      "snapshots": [{ "xml": "<domainsnapshot>\n  <name>old</name>\n</domainsnapshot>\n", "isCurrent": true }]
    }"#;

    #[test]
    fn archives_are_read_confirmed_and_dropped() {
        let folder = tempfile::tempdir().expect("a folder");
        let store =
            StateDirectory::new(Some(folder.path().to_owned())).expect("a state directory").of("test:///default");
        let archive = || store.read_archive().expect("it is read");
        assert_eq!(archive(), SnapshotArchive::default());
        let kept = store.folder().join("kept");
        fs::create_dir_all(&kept).expect("a writable folder");
        fs::write(kept.join(UUID).with_extension("json"), FORMER).expect("a writable folder");
        let former = archive().domains[UUID].confirmed.clone().expect("it is there");
        assert_eq!(former.snapshots.iter().map(|snapshot| snapshot.is_current).collect::<Vec<_>>(), [true]);

        let lock = store.lock(Duration::ZERO, |_| ()).expect("nobody else has it");
        let newer = DomainArchive { snapshots: Vec::new(), ..former.clone() };
        // The spelling of the UUID does not matter.
        let spelled = UUID.to_uppercase().replace('-', "");
        lock.archive(&spelled, &newer).expect("it is written");
        let archived = archive().domains[UUID].clone();
        assert_eq!((archived.to_restore(true), archived.to_restore(false)), (Some(&former), Some(&newer)));
        lock.confirm_archive(&spelled).expect("it is renamed");
        lock.confirm_archive(&spelled).expect("it was renamed");
        assert_eq!(archive().domains[UUID], ArchivedDomain { confirmed: Some(newer), unconfirmed: None });
        lock.drop_archive(&spelled).expect("it is removed");
        assert_eq!(archive(), SnapshotArchive::default());
    }

    #[test]
    fn what_is_no_archive_is_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        let store =
            StateDirectory::new(Some(folder.path().to_owned())).expect("a state directory").of("test:///default");
        let kept = store.folder().join("kept");
        fs::create_dir_all(&kept).expect("a writable folder");
        fs::write(kept.join(UUID).with_extension("json"), r#"{ "domain": "no XML", "snapshots": [] }"#)
            .expect("written");
        let archive = store.read_archive().expect("the folder is read");
        let message = &archive.unreadable[UUID].message;
        assert!(message.starts_with("expected XML"), "{message}");
    }
}
