//! `<domaincheckpoint>`: [Checkpoint XML format](https://libvirt.org/formatcheckpoint.html).

use crate::engine::pattern::patterns;
use crate::formats::domain::Domain;
use crate::formats::snapshot::SnapshotDiskName;
use nixvirt_schema_derive::element;

/// Checkpoint of a domain: a point in time from which the changes of its disks are tracked, for incremental backups.
/// Requires libvirt 5.6.
#[element]
pub struct DomainCheckpoint {
    /// Name of the checkpoint, unique within the domain. Defaults to the creation time in seconds.
    #[child]
    pub name: Option<CheckpointName>,
    /// Description of the checkpoint for people.
    #[child]
    pub description: Option<String>,
    /// Output only: parent checkpoint.
    pub parent: Option<CheckpointParent>,
    /// Output only: creation time of the checkpoint, in seconds since 1970.
    #[child]
    pub creationTime: Option<u64>,
    /// Disks to include in the checkpoint. Defaults to all disks that support checkpoints.
    pub disks: Option<CheckpointDisks>,
    /// Output only: definition of the domain at the time of the checkpoint.
    pub domain: Option<Domain>,
}

/// Parent of a checkpoint.
#[element]
pub struct CheckpointParent {
    /// Name of the parent checkpoint.
    #[child]
    pub name: CheckpointName,
}

/// Disks of a checkpoint.
#[element]
pub struct CheckpointDisks {
    /// Checkpoint settings per disk. At least one disk is required.
    #[required]
    pub disk: Vec<CheckpointDisk>,
}

/// Checkpoint settings of one disk.
#[element]
pub struct CheckpointDisk {
    /// Disk of the domain: target name in the guest, such as `vda`, or path of the image file.
    pub name: SnapshotDiskName,
    /// Method that tracks the changes of the disk.
    #[form]
    pub way: CheckpointWay,
}

/// Method that tracks the changes of a disk.
#[element("checkpoint")]
pub enum CheckpointWay {
    /// No checkpoint: changes of the disk are not tracked.
    No {},
    /// Changes are tracked in a bitmap in the disk image.
    #[default]
    Bitmap {
        /// Name of the bitmap. Defaults to the name of the checkpoint.
        bitmap: Option<String>,
        /// Output only: estimated number of bytes changed since the checkpoint.
        size: Option<u64>,
    },
}

patterns! {
    /// Name of a checkpoint.
    CheckpointName = "checkpoint name", "letters, digits, \"_\", \"-\" or \".\", not starting with a dot", r"[a-zA-Z0-9_\-][a-zA-Z0-9_\-.]*";
}
