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

/// How an image is laid out.
#[values]
pub enum StorageFormat {
    /// Nothing but the blocks of the disk themselves.
    Raw,
    /// A folder that is shown as a FAT file system.
    Dir,
    /// Bochs.
    Bochs,
    /// The compressed loop device of Linux.
    Cloop,
    /// A disk image of macOS.
    Dmg,
    /// An image of a CD or DVD.
    Iso,
    /// Virtual PC.
    Vpc,
    /// VirtualBox.
    Vdi,
    /// A FAT file system.
    Fat,
    /// Virtual hard disk, as Xen and Hyper-V have it.
    Vhd,
    /// The loop device of Virtuozzo.
    Ploop,
    /// An encrypted image.
    Luks,
    /// Copy on write as User-mode Linux has it; may build on another image.
    Cow,
    /// The first format of QEMU; may build on another image.
    Qcow,
    /// The usual format of QEMU: grows as it is filled, has snapshots, may build on another image.
    Qcow2,
    /// A retired format of QEMU; may build on another image.
    Qed,
    /// VMware; may build on another image.
    Vmdk,
}

/// Who may use the file or device of a pool or volume.
#[element]
pub struct Permissions {
    /// The file mode.
    pub mode: Option<PermissionsMode>,
    /// The user that owns it.
    pub owner: Option<PermissionsOwner>,
    /// The group that owns it.
    pub group: Option<PermissionsGroup>,
    /// The label for mandatory access control, such as SELinux.
    pub label: Option<PermissionsLabel>,
}

/// A file mode.
#[element]
pub struct PermissionsMode {
    /// The mode in octal digits, such as 0644.
    #[text]
    pub octal: Octal,
}

/// The user that owns something.
#[element]
pub struct PermissionsOwner {
    /// The user's number; -1 for whoever libvirt runs as.
    #[text]
    pub uid: Either<PaddedNumber, Int<-1, { u32::MAX as u64 }>>,
}

/// The group that owns something.
#[element]
pub struct PermissionsGroup {
    /// The group's number; -1 for that of the process that libvirt is.
    #[text]
    pub gid: Either<PaddedNumber, Int<-1, { u32::MAX as u64 }>>,
}

/// A label for mandatory access control.
#[element]
pub struct PermissionsLabel {
    /// The label.
    #[text]
    pub MAC: String,
}

/// As whom the host logs in to an iSCSI target.
#[element]
pub struct Initiator {
    /// The name of the initiator.
    pub iqn: InitiatorIqn,
}

/// The name of an iSCSI initiator.
#[element]
pub struct InitiatorIqn {
    /// The qualified name, such as iqn.2013-07.com.example:host.
    pub name: String,
}

/// What becomes of a guest whose storage or device is not there when it starts or arrives.
#[values]
pub enum StartupPolicy {
    /// The guest does not start without it.
    Mandatory,
    /// The guest does not start without it, but may do without after migration or restore.
    Requisite,
    /// The guest does without it.
    Optional,
}

/// Which generation of virtio a device speaks.
#[values]
pub enum VirtioStorageModel {
    /// Whichever suits its place in the guest.
    Virtio,
    /// Old and new.
    VirtioTransitional,
    /// Only virtio 1.0 and later.
    VirtioNonTransitional,
}

/// Whether the kernel checks the SCSI commands that a guest sends.
#[values]
pub enum ScsiSgio {
    /// The kernel lets only harmless ones through.
    Filtered,
    /// All are let through.
    Unfiltered,
}
