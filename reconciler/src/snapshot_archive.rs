//! The snapshots of undefined domains, which libvirt forgets with the domain. They are restored when the domain is defined
//! again. The archive has a file for each domain: `URI/kept/UUID.json`. The content of the snapshots is in the disks.

use crate::error::Error;
use crate::file;
use crate::object::canonical_uuid;
use crate::state::{Lock, MAX_RECORD, Store, UnreadableRecord, read_folder, remove_file};
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
    let text = file::read(path, MAX_RECORD).map_err(|cause| cause.to_string())?;
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
