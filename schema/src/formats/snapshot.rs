//! `<domainsnapshot>`: [Snapshot XML format](https://libvirt.org/formatsnapshot.html).

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Int, Present, Xml};
use crate::engine::table::{Element, FieldType, Schema, Type};
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::disk::backing::{DiskDataStore, DiskMetadataCache};
use crate::formats::device::disk::network::DiskSourceNetwork;
use crate::formats::device::disk::source::DiskSlices;
use crate::formats::domain::Domain;
use crate::formats::domain::seclabel::DeviceSeclabel;
use crate::formats::patterns::AbsolutePath;
use crate::formats::storage::encryption::Encryption;
use nixvirt_schema_derive::{element, values};
use std::sync::LazyLock;

/// Snapshot of a domain: a saved state that the domain can be reverted to.
#[element]
pub struct DomainSnapshot {
    /// Name of the snapshot, unique within the domain. Defaults to the creation time in seconds.
    #[child]
    pub name: Option<String>,
    /// Description of the snapshot for people.
    #[child]
    pub description: Option<String>,
    /// Output only: state of the domain at the time of the snapshot.
    #[child]
    pub state: Option<SnapshotState>,
    /// Output only: parent snapshot.
    pub parent: Option<SnapshotParent>,
    /// Output only: creation time of the snapshot, in seconds since 1970.
    #[child]
    pub creationTime: Option<String>,
    /// Handling of the memory of a running domain.
    pub memory: Option<SnapshotMemory>,
    /// Snapshot settings per disk. Disks that are not listed get default settings.
    pub disks: Option<SnapshotDisks>,
    /// Output only: disks to use when the domain is reverted to the snapshot.
    #[since = "9.9"]
    pub revertDisks: Option<SnapshotDisks>,
    /// Output only: definition of the domain at the time of the snapshot.
    pub domain: Option<SnapshotDomain>,
    /// Output only: definition for the domain's next start, at the time of the snapshot.
    pub inactiveDomain: Option<Domain>,
    /// Output only: whether the snapshot is the current one of the domain. Printed by older versions of libvirt.
    #[child]
    pub active: Option<SnapshotActive>,
    /// Internal data of libvirt about the running domain, in the form that libvirt writes.
    pub cookie: Option<Xml>,
}

/// State of a domain at the time of a snapshot.
#[values]
pub enum SnapshotState {
    /// Running domain.
    Running,
    /// Running domain, blocked on a resource of the host.
    Blocked,
    /// Paused domain.
    Paused,
    /// Domain in the process of shutting down.
    Shutdown,
    /// Domain that is shut off.
    Shutoff,
    /// Crashed domain.
    Crashed,
    /// Disk-only snapshot. The domain may have been running.
    DiskSnapshot,
}

/// Parent of a snapshot.
#[element]
pub struct SnapshotParent {
    /// Name of the parent snapshot.
    #[child]
    pub name: String,
}

/// Location of a domain's memory in a snapshot.
#[element("snapshot")]
pub enum SnapshotMemory {
    /// No snapshot of the memory.
    No {},
    /// Internal snapshot: the memory is saved in the image of a disk.
    Internal {},
    /// External snapshot: the memory is saved in a separate file.
    #[default]
    External {
        /// Absolute path of the file for the memory.
        file: AbsolutePath,
    },
}

/// Disks of a snapshot.
#[element]
pub struct SnapshotDisks {
    /// Snapshot settings per disk.
    pub disk: Vec<SnapshotDisk>,
}

/// Snapshot settings of one disk.
#[element(rules)]
pub struct SnapshotDisk {
    /// Disk of the domain: target name in the guest, such as `vda`, or path of the image file.
    pub name: SnapshotDiskName,
    /// Location of the disk's snapshot.
    #[form]
    pub place: SnapshotPlace,
}

/// Location of a disk's snapshot.
#[element("snapshot")]
pub enum SnapshotPlace {
    /// No snapshot: the disk is excluded.
    No {},
    /// Internal snapshot, saved in the image of the disk.
    Internal {},
    /// External snapshot: the current image keeps the saved state, and later writes go to a new image.
    #[default]
    External {
        /// Storage of the new image for later writes.
        #[form]
        storage: SnapshotStorage,
    },
    /// Manual snapshot, taken by a tool other than libvirt.
    Manual {},
}

/// Storage of an overlay image that is based on a snapshot.
#[element("type")]
pub enum SnapshotStorage {
    /// File on the host.
    #[default]
    File {
        /// Format of the overlay image.
        driver: Option<SnapshotDriver>,
        /// File of the overlay image. libvirt generates a name if omitted.
        source: Option<SnapshotSourceFile>,
        /// Whether libvirt is deleting the snapshot.
        #[since = "9.0"]
        snapshotDeleteInProgress: Option<Present>,
    },
    /// Block device of the host.
    Block {
        /// Format of the overlay image.
        driver: Option<SnapshotDriver>,
        /// Block device of the overlay image.
        source: Option<SnapshotSourceBlock>,
        /// Whether libvirt is deleting the snapshot.
        #[since = "9.0"]
        snapshotDeleteInProgress: Option<Present>,
    },
    /// Network storage.
    Network {
        /// Server and location of the network storage.
        source: DiskSourceNetwork,
    },
}

/// Format of an overlay image that is based on a snapshot.
#[element]
pub struct SnapshotDriver {
    /// Name of the format. Defaults to `qcow2`.
    pub r#type: Option<SnapshotFormat>,
    /// Metadata cache settings of the image: the amount of tables kept in memory.
    pub metadata_cache: Option<DiskMetadataCache>,
}

/// Image format with support for backing images.
#[values]
pub enum SnapshotFormat {
    /// Copy-on-write format of User-mode Linux.
    Cow,
    /// Legacy qcow format of QEMU.
    Qcow,
    /// Standard qcow2 format of QEMU.
    #[xml = "qcow2"]
    Qcow2,
    /// Discontinued QED format of QEMU.
    Qed,
    /// VMDK format of VMware.
    Vmdk,
}

/// File of an overlay image that is based on a snapshot.
#[element]
pub struct SnapshotSourceFile {
    /// Absolute path of the file.
    pub file: Option<AbsolutePath>,
    /// Index of the image, which identifies the image in libvirt's commands, as in `vda[1]`.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// Security labels of the file, for the host's security driver.
    pub seclabel: Vec<DeviceSeclabel>,
    /// Slices of the file to use. The whole file if omitted.
    pub slices: Option<DiskSlices>,
    /// External data file of a qcow2 image.
    #[since = "10.10"]
    pub dataStore: Option<DiskDataStore>,
    /// Encryption of the image.
    pub encryption: Option<Encryption>,
}

/// Block device of an overlay image that is based on a snapshot.
#[element]
pub struct SnapshotSourceBlock {
    /// Absolute path of the block device.
    pub dev: AbsolutePath,
    /// Index of the image, which identifies the image in libvirt's commands, as in `vda[1]`.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// Security labels of the block device, for the host's security driver.
    pub seclabel: Vec<DeviceSeclabel>,
    /// Slices of the block device to use. The whole device if omitted.
    pub slices: Option<DiskSlices>,
    /// External data file of a qcow2 image.
    #[since = "10.10"]
    pub dataStore: Option<DiskDataStore>,
    /// Encryption of the image.
    pub encryption: Option<Encryption>,
}

/// Whether a snapshot is the current one of the domain.
#[values]
pub enum SnapshotActive {
    /// Not the current snapshot.
    #[xml = "0"]
    No,
    /// Current snapshot.
    #[xml = "1"]
    Yes,
}

/// Definition of the domain at the time of a snapshot: a complete [`Domain`], or only its `uuid`, as written by libvirt
/// before 0.9.5.
pub struct SnapshotDomain;

impl FieldType for SnapshotDomain {
    const TYPE: Type = Type::Element(snapshot_domain);
}

/// Returns the schema of a domain, modified to accept a `uuid` alone.
fn snapshot_domain() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema {
        name: "SnapshotDomain",
        required: &[],
        rules: Some(domain_or_uuid),
        ..*Domain::schema()
    });
    &SCHEMA
}

fn domain_or_uuid(value: Value<'_>, report: &mut Report<'_>) {
    let mut parts = value.parts().map(Value::key);
    if parts.next() == Some("uuid") && parts.next().is_none() {
        return;
    }
    let domain = Domain::schema();
    for at in domain.required {
        let name = domain.fields[usize::from(*at)].name;
        if value.attribute(name).is_none() {
            report.missing(value, name, "expected a complete domain, or only its `uuid`");
        }
    }
    if let Some(rules) = domain.rules {
        rules(value, report);
    }
}

patterns! {
    /// Disk of a domain in a snapshot or checkpoint.
    SnapshotDiskName = "disk name", "the target name or the absolute path of a disk, e.g. vda", r"(?:ioemu:)?(?:fd|hd|sd|vd|xvd|ubd)[a-zA-Z0-9_]+|(?:/|[a-zA-Z]:\\)[^\n\r]+";
}
impl View<'_, SnapshotDisk> {
    fn rules(self, report: &mut Report<'_>) {
        report_policies(self.value(), report);
    }
}

/// Reports each `startupPolicy` below a disk. Unlike the disks of a domain, the disks of a snapshot do not support it.
fn report_policies(value: Value<'_>, report: &mut Report<'_>) {
    for child in value.children() {
        if child.key() == "startupPolicy" {
            report.error(child, "snapshot-startup-policy", "`startupPolicy` has no effect in a snapshot: remove it");
        }
        report_policies(child, report);
    }
}
