//! What disks, pools and volumes have in common:
//! [Storage pool and volume XML format](https://libvirt.org/formatstorage.html).

pub mod adapter;
pub(crate) mod choice;
pub mod encryption;
pub mod patterns;

use crate::engine::scalar::{Either, Int};
use crate::formats::patterns::Octal;
use nixvirt_schema_derive::{element, values};
use patterns::PaddedNumber;

/// Format of a disk image.
#[values]
pub enum StorageFormat {
    /// Raw image: plain disk blocks without metadata.
    Raw,
    /// Directory presented as a FAT file system.
    Dir,
    /// Bochs disk image.
    Bochs,
    /// Compressed loop device image of Linux (cloop).
    Cloop,
    /// Disk image of macOS (DMG).
    Dmg,
    /// CD or DVD image (ISO).
    Iso,
    /// Virtual PC disk image.
    Vpc,
    /// VirtualBox disk image (VDI).
    Vdi,
    /// FAT file system.
    Fat,
    /// Virtual hard disk (VHD) of Xen and Hyper-V.
    Vhd,
    /// Virtuozzo loop device image (ploop).
    Ploop,
    /// LUKS encrypted image.
    Luks,
    /// Copy-on-write image of User-mode Linux. Supports a backing image.
    Cow,
    /// Legacy qcow image of QEMU. Supports a backing image.
    Qcow,
    /// Standard qcow2 image of QEMU. Grows as data is written, and supports snapshots and a backing image.
    Qcow2,
    /// Discontinued QED image of QEMU. Supports a backing image.
    Qed,
    /// VMware disk image (VMDK). Supports a backing image.
    Vmdk,
}

/// Permissions of the file, directory or device of a pool or volume.
#[element]
pub struct Permissions {
    /// File mode, such as `0644`.
    pub mode: Option<PermissionsMode>,
    /// User that owns the file.
    pub owner: Option<PermissionsOwner>,
    /// Group that owns the file.
    pub group: Option<PermissionsGroup>,
    /// Label for mandatory access control, such as SELinux.
    pub label: Option<PermissionsLabel>,
}

/// File mode of a pool or volume.
#[element]
pub struct PermissionsMode {
    /// File mode in octal digits, such as `0644`.
    #[text]
    pub octal: Octal,
}

/// User that owns the file of a pool or volume.
#[element]
pub struct PermissionsOwner {
    /// User ID of the owner. -1 for the user that libvirt runs as.
    #[default = "-1"]
    #[text]
    pub uid: Either<PaddedNumber, Int<-1, { u32::MAX as u64 }>>,
}

/// Group that owns the file of a pool or volume.
#[element]
pub struct PermissionsGroup {
    /// Group ID of the owner. -1 for the group that libvirt runs as.
    #[default = "-1"]
    #[text]
    pub gid: Either<PaddedNumber, Int<-1, { u32::MAX as u64 }>>,
}

/// Label of a pool or volume for mandatory access control.
#[element]
pub struct PermissionsLabel {
    /// Label text, such as an SELinux context.
    #[text]
    pub MAC: String,
}

/// iSCSI initiator for the login to a target.
#[element]
pub struct Initiator {
    /// Qualified name (IQN) of the initiator.
    pub iqn: InitiatorIqn,
}

/// Qualified name (IQN) of an iSCSI initiator.
#[element]
pub struct InitiatorIqn {
    /// Qualified name, such as `iqn.2013-07.com.example:host`.
    pub name: String,
}

/// Policy for storage or a device that is missing when the guest starts or arrives by migration.
#[values]
pub enum StartupPolicy {
    /// Fail: the guest does not start if the storage or device is missing.
    Mandatory,
    /// Fail on a start, but continue without the storage or device after migration or restore.
    Requisite,
    /// Continue without the storage or device.
    Optional,
}

/// Virtio generation of a storage device.
#[values]
pub enum VirtioStorageModel {
    /// Generation that suits the placement of the device in the guest.
    Virtio,
    /// Transitional virtio: legacy and modern generation.
    VirtioTransitional,
    /// Non-transitional virtio: only virtio 1.0 and later.
    VirtioNonTransitional,
}

/// Filtering of the SCSI commands that a guest sends.
#[values]
pub enum ScsiSgio {
    /// The kernel passes only harmless SCSI commands.
    Filtered,
    /// The kernel passes all SCSI commands.
    Unfiltered,
}
