//! `<source>` of disks:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use super::backing::DiskDataStore;
use super::network::DiskSourceNetwork;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::reconnect::Reconnect;
use crate::formats::domain::seclabel::DeviceSeclabel;
use crate::formats::patterns::{AbsolutePath, DeviceName, Name, VolumeName};
use crate::formats::storage::adapter::PciAddress;
use crate::formats::storage::encryption::Encryption;
use crate::formats::storage::patterns::VmwarePath;
use crate::formats::storage::{StartupPolicy, choice};
use nixvirt_schema_derive::{element, values};

/// What a disk, or an image below one, is kept in.
#[element("type")]
pub enum DiskStorage {
    /// A file of the host.
    #[default]
    File {
        /// The file. A drive without one is empty.
        source: Option<DiskSourceFile>,
    },
    /// A block device of the host.
    Block {
        /// The device. A drive without one is empty.
        source: Option<DiskSourceBlock>,
    },
    /// A folder of the host, shown as a FAT file system.
    Dir {
        /// The folder.
        source: Option<DiskSourceDir>,
    },
    /// A server in the network.
    Network {
        /// The server, and what is to be had there.
        source: DiskSourceNetwork,
    },
    /// A volume of a pool that libvirt knows.
    Volume {
        /// The volume.
        source: Option<DiskSourceVolume>,
    },
    /// An NVMe drive of the host, which no one else can use then.
    Nvme {
        /// The drive.
        source: Option<DiskSourceNvme>,
    },
    /// A program on the host that serves the disk (vhost-user).
    Vhostuser {
        /// The program's socket.
        source: DiskSourceVhostUser,
    },
    /// A device of the host that serves the disk (vDPA).
    Vhostvdpa {
        /// The device.
        source: DiskSourceVhostVdpa,
    },
}

/// A file of the host.
#[element(rules)]
pub struct DiskSourceFile {
    /// The path of the file; on VMware `[store] folder/file`.
    pub file: Option<Either<AbsolutePath, VmwarePath>>,
    /// The name of a group of open files that were handed to libvirt, to use in place of opening `file`.
    pub fdgroup: Option<String>,
    /// What becomes of the guest if the file is not there.
    pub startupPolicy: Option<StartupPolicy>,
    /// The number by which libvirt's commands know it; libvirt gives one to a running guest.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// How the host's security driver labels it.
    pub seclabel: Vec<DeviceSeclabel>,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
    /// The part of it that is used.
    pub slices: Option<DiskSlices>,
    /// An image of its own for the data of a qcow2 image.
    pub dataStore: Option<DiskDataStore>,
}

/// A block device of the host.
#[element]
pub struct DiskSourceBlock {
    /// The path of the device, such as /dev/disk/by-id/…
    pub dev: Option<Either<AbsolutePath, DeviceName>>,
    /// What becomes of the guest if the device is not there.
    pub startupPolicy: Option<StartupPolicy>,
    /// The number by which libvirt's commands know it; libvirt gives one to a running guest.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// How the host's security driver labels it.
    pub seclabel: Vec<DeviceSeclabel>,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
    /// Who makes the guest's SCSI reservations on it.
    pub reservations: Option<DiskReservations>,
    /// The part of it that is used.
    pub slices: Option<DiskSlices>,
    /// An image of its own for the data of a qcow2 image.
    pub dataStore: Option<DiskDataStore>,
}

/// A folder of the host.
#[element]
pub struct DiskSourceDir {
    /// The path of the folder.
    pub dir: AbsolutePath,
    /// What becomes of the guest if the folder is not there.
    pub startupPolicy: Option<StartupPolicy>,
    /// The number by which libvirt's commands know it; libvirt gives one to a running guest.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
    /// The part of it that is used.
    pub slices: Option<DiskSlices>,
    /// An image of its own for the data of a qcow2 image.
    pub dataStore: Option<DiskDataStore>,
}

/// A volume of a pool.
#[element]
pub struct DiskSourceVolume {
    /// The name of the pool.
    pub pool: Name,
    /// The name of the volume.
    pub volume: VolumeName,
    /// How a volume of an iSCSI pool is reached.
    pub mode: Option<DiskVolumeMode>,
    /// What becomes of the guest if the volume is not there.
    pub startupPolicy: Option<StartupPolicy>,
    /// The number by which libvirt's commands know it; libvirt gives one to a running guest.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// How the host's security driver labels it.
    pub seclabel: Vec<DeviceSeclabel>,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
    /// The part of it that is used.
    pub slices: Option<DiskSlices>,
    /// An image of its own for the data of a qcow2 image.
    pub dataStore: Option<DiskDataStore>,
}

/// How a volume of an iSCSI pool is reached.
#[values]
pub enum DiskVolumeMode {
    /// By the host's iSCSI, as a device of the host.
    Host,
    /// By QEMU's own iSCSI.
    Direct,
}

/// An NVMe drive of the host.
#[element]
pub struct DiskSourceNvme {
    /// The bus that it is on.
    pub r#type: DiskNvmeType,
    /// The number of the namespace, from 1.
    pub namespace: u32,
    /// Whether libvirt takes the drive from the host when the guest starts and gives it back after.
    pub managed: Option<YesNo>,
    /// What becomes of the guest if the drive is not there.
    pub startupPolicy: Option<StartupPolicy>,
    /// The number by which libvirt's commands know it; libvirt gives one to a running guest.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// The PCI address of the drive on the host.
    pub address: PciAddress,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
    /// The part of it that is used.
    pub slices: Option<DiskSlices>,
    /// An image of its own for the data of a qcow2 image.
    pub dataStore: Option<DiskDataStore>,
}

/// The bus that an NVMe drive is on.
#[values]
pub enum DiskNvmeType {
    /// PCI.
    Pci,
}

/// The socket of a program that serves a disk.
#[element]
pub struct DiskSourceVhostUser {
    /// What kind of socket it is.
    pub r#type: DiskSocketType,
    /// The path of the socket.
    pub path: AbsolutePath,
    /// Whether QEMU connects again when the connection is lost.
    pub reconnect: Option<Reconnect>,
}

/// A vDPA device that serves a disk.
#[element]
pub struct DiskSourceVhostVdpa {
    /// The path of the device, such as /dev/vhost-vdpa-0.
    pub dev: AbsolutePath,
}

/// What kind of socket a program is reached by.
#[values]
pub enum DiskSocketType {
    /// A Unix socket.
    Unix,
}

/// Who makes a guest's SCSI reservations.
#[element]
pub struct DiskReservations {
    /// Whether libvirt starts and stops the program that makes them; else `source` says where one runs.
    pub managed: Option<YesNo>,
    /// The socket of the program.
    pub source: Option<DiskReservationsSource>,
}

/// The socket of a program that makes SCSI reservations.
#[element]
pub struct DiskReservationsSource {
    /// What kind of socket it is.
    pub r#type: DiskSocketType,
    /// The path of the socket.
    pub path: AbsolutePath,
    /// Which end of the connection QEMU is; it only knows `client`.
    pub mode: DiskReservationsMode,
    /// Whether QEMU connects again when the connection is lost.
    pub reconnect: Option<Reconnect>,
}

/// An end of a connection.
#[values]
pub enum DiskReservationsMode {
    /// The end that waits.
    Server,
    /// The end that connects.
    Client,
}

/// The part of a file or device that is used.
#[element]
pub struct DiskSlices {
    /// The part.
    pub slice: DiskSlice,
}

/// A part of a file or device.
#[element]
pub struct DiskSlice {
    /// What the part is of.
    pub r#type: DiskSliceType,
    /// Where it starts, in bytes.
    pub offset: u32,
    /// How long it is, in bytes.
    pub size: Int<1, { u64::MAX }>,
}

/// What a part is of.
#[values]
pub enum DiskSliceType {
    /// The file or device itself, beneath its format.
    Storage,
}

impl View<'_, DiskSourceFile> {
    fn rules(self, report: &mut Report<'_>) {
        if self.file().is_none() {
            choice::none(self.value(), &["fdgroup"], "disk-fdgroup-needs-file", "without file", report);
        }
    }
}
