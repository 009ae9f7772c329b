//! `<domaincheckpoint>`: [Checkpoint XML format](https://libvirt.org/formatcheckpoint.html).

use crate::engine::pattern::patterns;
use crate::formats::domain::Domain;
use crate::formats::snapshot::SnapshotDiskName;
use nixvirt_schema_derive::element;

/// A point in time from which on a domain's disks note what changes, for incremental backups. Since libvirt 5.6.0.
#[element]
pub struct DomainCheckpoint {
    /// Its name, unique among the domain's checkpoints; the time in seconds where absent.
    #[child]
    pub name: Option<CheckpointName>,
    /// What it is for, in words.
    #[child]
    pub description: Option<String>,
    /// The checkpoint before it, which libvirt tells.
    pub parent: Option<CheckpointParent>,
    /// When it was made, in seconds since 1970; libvirt tells.
    #[child]
    pub creationTime: Option<u64>,
    /// The disks that take part; all that can where absent.
    pub disks: Option<CheckpointDisks>,
    /// The domain as it was when the checkpoint was made, which libvirt tells.
    pub domain: Option<Domain>,
}

/// The checkpoint before another.
#[element]
pub struct CheckpointParent {
    /// Its name.
    #[child]
    pub name: CheckpointName,
}

/// The disks of a checkpoint.
#[element]
pub struct CheckpointDisks {
    /// A disk; at least one.
    #[required]
    pub disk: Vec<CheckpointDisk>,
}

/// What becomes of one disk.
#[element]
pub struct CheckpointDisk {
    /// The disk: the name that the guest sees it under, or the path of its file.
    pub name: SnapshotDiskName,
    /// How its changes are noted.
    #[form]
    pub way: CheckpointWay,
}

/// How the changes of a disk are noted.
#[element("checkpoint")]
pub enum CheckpointWay {
    /// They are not.
    No {},
    /// In a bitmap in the disk's image.
    #[default]
    Bitmap {
        /// The name of the bitmap; the checkpoint's where absent.
        bitmap: Option<String>,
        /// About how many bytes changed since, which libvirt tells.
        size: Option<u64>,
    },
}

patterns! {
    /// The name of a checkpoint.
    CheckpointName = "a name of letters, digits and _ - ., without a dot at its start", r"[a-zA-Z0-9_\-][a-zA-Z0-9_\-.]*";
}
