//! `<domainsnapshot>`: [Snapshot XML format](https://libvirt.org/formatsnapshot.html).

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Int, Present, Xml};
use crate::engine::table::{Element, FieldType, Schema, Type};
use crate::engine::value::{Data, Value};
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

/// A state of a domain to which it can return.
#[element]
pub struct DomainSnapshot {
    /// Its name, unique among the domain's snapshots; the time in seconds where absent.
    #[child]
    pub name: Option<String>,
    /// What it is for, in words.
    #[child]
    pub description: Option<String>,
    /// What the domain did when it was taken, which libvirt tells.
    #[child]
    pub state: Option<SnapshotState>,
    /// The snapshot that it builds on, which libvirt tells.
    pub parent: Option<SnapshotParent>,
    /// When it was taken, in seconds since 1970; libvirt tells.
    #[child]
    pub creationTime: Option<String>,
    /// What becomes of the memory of a domain that runs.
    pub memory: Option<SnapshotMemory>,
    /// What becomes of the disks; those that are not named are treated alike.
    pub disks: Option<SnapshotDisks>,
    /// The disks to go back to, which libvirt tells.
    pub revertDisks: Option<SnapshotDisks>,
    /// The domain as it was when the snapshot was taken, which libvirt tells.
    pub domain: Option<SnapshotDomain>,
    /// The domain as it would have been at its next start, which libvirt tells.
    pub inactiveDomain: Option<Domain>,
    /// Whether the domain builds on it now, which older versions of libvirt told.
    #[child]
    pub active: Option<SnapshotActive>,
    /// What libvirt keeps of the domain that ran, as it wrote it.
    pub cookie: Option<Xml>,
}

/// What a domain did when a snapshot was taken.
#[values]
pub enum SnapshotState {
    /// It ran.
    Running,
    /// It waited for the host.
    Blocked,
    /// It was paused.
    Paused,
    /// It was shutting down.
    Shutdown,
    /// It was off.
    Shutoff,
    /// It had crashed.
    Crashed,
    /// It may have run: the snapshot is of the disks alone.
    DiskSnapshot,
}

/// The snapshot that another builds on.
#[element]
pub struct SnapshotParent {
    /// Its name.
    #[child]
    pub name: String,
}

/// Where a snapshot keeps the memory of a domain.
#[element("snapshot")]
pub enum SnapshotMemory {
    /// Nowhere.
    No {},
    /// In the image of a disk.
    Internal {},
    /// In a file of its own.
    #[default]
    External {
        /// The file.
        file: AbsolutePath,
    },
}

/// The disks of a snapshot.
#[element]
pub struct SnapshotDisks {
    /// A disk.
    pub disk: Vec<SnapshotDisk>,
}

/// What becomes of one disk.
#[element(rules)]
pub struct SnapshotDisk {
    /// The disk: the name that the guest sees it under, or the path of its file.
    pub name: SnapshotDiskName,
    /// Where the snapshot of it is kept.
    #[form]
    pub place: SnapshotPlace,
}

/// Where the snapshot of a disk is kept.
#[element("snapshot")]
pub enum SnapshotPlace {
    /// Nowhere: the disk takes no part.
    No {},
    /// In the image of the disk.
    Internal {},
    /// In the image as it is now; what is written from now on goes to another.
    #[default]
    External {
        /// What the other image is kept in.
        #[form]
        storage: SnapshotStorage,
    },
    /// Somewhere that another program than libvirt sees to.
    Manual {},
}

/// What an image that builds on a snapshot is kept in.
#[element("type")]
pub enum SnapshotStorage {
    /// A file of the host.
    #[default]
    File {
        /// Its format.
        driver: Option<SnapshotDriver>,
        /// The file; libvirt makes up a name where absent.
        source: Option<SnapshotSourceFile>,
        /// That libvirt is about to remove the snapshot.
        snapshotDeleteInProgress: Option<Present>,
    },
    /// A block device of the host.
    Block {
        /// Its format.
        driver: Option<SnapshotDriver>,
        /// The device.
        source: Option<SnapshotSourceBlock>,
        /// That libvirt is about to remove the snapshot.
        snapshotDeleteInProgress: Option<Present>,
    },
    /// A server in the network.
    Network {
        /// The server, and what is to be had there.
        source: DiskSourceNetwork,
    },
}

/// The format of an image that builds on a snapshot.
#[element]
pub struct SnapshotDriver {
    /// Its name; `qcow2` where absent.
    pub r#type: Option<SnapshotFormat>,
    /// How much of its tables is kept in memory.
    pub metadata_cache: Option<DiskMetadataCache>,
}

/// Formats of images that can build on others.
#[values]
pub enum SnapshotFormat {
    /// User-mode Linux's.
    Cow,
    /// QEMU's first.
    Qcow,
    /// QEMU's own.
    #[xml = "qcow2"]
    Qcow2,
    /// One that QEMU gave up.
    Qed,
    /// VMware's.
    Vmdk,
}

/// The file of an image that builds on a snapshot.
#[element]
pub struct SnapshotSourceFile {
    /// The path of the file.
    pub file: Option<AbsolutePath>,
    /// The number by which libvirt's commands know it.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// How the host's security driver labels it.
    pub seclabel: Vec<DeviceSeclabel>,
    /// The part of it that is used.
    pub slices: Option<DiskSlices>,
    /// An image of its own for the data of a qcow2 image.
    pub dataStore: Option<DiskDataStore>,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
}

/// The block device of an image that builds on a snapshot.
#[element]
pub struct SnapshotSourceBlock {
    /// The path of the device.
    pub dev: AbsolutePath,
    /// The number by which libvirt's commands know it.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// How the host's security driver labels it.
    pub seclabel: Vec<DeviceSeclabel>,
    /// The part of it that is used.
    pub slices: Option<DiskSlices>,
    /// An image of its own for the data of a qcow2 image.
    pub dataStore: Option<DiskDataStore>,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
}

/// Whether a domain builds on a snapshot now.
#[values]
pub enum SnapshotActive {
    /// It does not.
    #[xml = "0"]
    No,
    /// It does.
    #[xml = "1"]
    Yes,
}

/// The domain as it was when a snapshot was taken: a whole [`Domain`], or its `uuid` alone, which is what
/// libvirt kept before 0.9.5.
pub struct SnapshotDomain;

impl FieldType for SnapshotDomain {
    const TYPE: Type = Type::Element(snapshot_domain);
}

/// The table of a domain, but that the id alone will do.
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
    let mut parts = value.children().filter(|part| *part.data() != Data::Null).map(Value::key);
    if parts.next() == Some("uuid") && parts.next().is_none() {
        return;
    }
    let domain = Domain::schema();
    for at in domain.required {
        let name = domain.fields[usize::from(*at)].name;
        if value.attribute(name).is_none() {
            report.missing(value, name, "is required, unless `uuid` stands alone");
        }
    }
    if let Some(rules) = domain.rules {
        rules(value, report);
    }
}

patterns! {
    /// A disk of the domain that a snapshot or checkpoint is of.
    SnapshotDiskName = "a disk's name such as vda, or its absolute path", r"(?:ioemu:)?(?:fd|hd|sd|vd|xvd|ubd)[a-zA-Z0-9_]+|(?:/|[a-zA-Z]:\\)[^\n\r]+";
}
impl View<'_, SnapshotDisk> {
    fn rules(self, report: &mut Report<'_>) {
        report_policies(self.value(), report);
    }
}

/// Reports each `startupPolicy` below a disk: a snapshot's disks have none, unlike those of a domain.
fn report_policies(value: Value<'_>, report: &mut Report<'_>) {
    for child in value.children() {
        if child.key() == "startupPolicy" {
            report.error(child, "snapshot-startup-policy", "has no meaning in a snapshot: leave it out");
        }
        report_policies(child, report);
    }
}
