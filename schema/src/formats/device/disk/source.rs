//! `<source>` of disks:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use super::backing::DiskDataStore;
use super::network::DiskSourceNetwork;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, InUnit, Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::reconnect::Reconnect;
use crate::formats::domain::seclabel::DeviceSeclabel;
use crate::formats::patterns::{AbsolutePath, DeviceName, Name, VolumeName};
use crate::formats::storage::adapter::PciAddress;
use crate::formats::storage::encryption::Encryption;
use crate::formats::storage::patterns::VmwarePath;
use crate::formats::storage::{StartupPolicy, choice};
use nixvirt_schema_derive::{element, values};

/// Storage that backs a disk or a backing image.
#[element("type")]
pub enum DiskStorage {
    /// File on the host.
    #[default]
    File {
        /// File that backs the disk. A CD-ROM or floppy drive without a file is empty.
        source: Option<DiskSourceFile>,
    },
    /// Block device of the host.
    Block {
        /// Block device that backs the disk. A CD-ROM or floppy drive without a device is empty.
        source: Option<DiskSourceBlock>,
    },
    /// Directory on the host, presented as a FAT file system.
    Dir {
        /// Directory that backs the disk.
        source: Option<DiskSourceDir>,
    },
    /// Storage on a network server.
    Network {
        /// Server and storage to use.
        source: DiskSourceNetwork,
    },
    /// Volume of a libvirt storage pool.
    Volume {
        /// Volume that backs the disk.
        source: Option<DiskSourceVolume>,
    },
    /// NVMe drive of the host. The guest has exclusive use of the drive.
    Nvme {
        /// NVMe drive that backs the disk.
        source: Option<DiskSourceNvme>,
    },
    /// Program on the host that serves the disk (vhost-user).
    Vhostuser {
        /// Socket of the program that serves the disk.
        source: DiskSourceVhostUser,
    },
    /// Host device that serves the disk (vDPA).
    #[since = "9.8"]
    Vhostvdpa {
        /// vDPA device that serves the disk.
        source: DiskSourceVhostVdpa,
    },
    /// CAM target layer (CTL) of a FreeBSD host, for bhyve.
    #[since = "12.0"]
    Ctl {
        /// CTL device that serves the disk.
        source: DiskSourceCtl,
    },
}

/// Source of a disk in a file on the host.
#[element(rules)]
pub struct DiskSourceFile {
    /// Path of the file. On VMware: `[store] folder/file`.
    pub file: Option<Either<AbsolutePath, VmwarePath>>,
    /// Name of a group of open file descriptors passed to libvirt, used instead of opening `file`.
    pub fdgroup: Option<String>,
    /// Handling of a missing file when the guest starts.
    pub startupPolicy: Option<StartupPolicy>,
    /// Number that identifies the image in libvirt commands. libvirt assigns a number while the guest runs.
    #[output]
    pub index: Option<Int<1, { u64::MAX }>>,
    /// Security label that the host's security driver applies to the file.
    pub seclabel: Vec<DeviceSeclabel>,
    /// Encryption of the disk.
    pub encryption: Option<Encryption>,
    /// Part of the storage to use as the disk.
    pub slices: Option<DiskSlices>,
    /// External data file of a `qcow2` image.
    #[since = "10.10"]
    pub dataStore: Option<DiskDataStore>,
}

/// Source of a disk on a block device of the host.
#[element]
pub struct DiskSourceBlock {
    /// Path of the block device, such as `/dev/disk/by-id/…`.
    pub dev: Option<Either<AbsolutePath, DeviceName>>,
    /// Handling of a missing block device when the guest starts.
    pub startupPolicy: Option<StartupPolicy>,
    /// Number that identifies the image in libvirt commands. libvirt assigns a number while the guest runs.
    #[output]
    pub index: Option<Int<1, { u64::MAX }>>,
    /// Security label that the host's security driver applies to the block device.
    pub seclabel: Vec<DeviceSeclabel>,
    /// Encryption of the disk.
    pub encryption: Option<Encryption>,
    /// Program that handles the guest's SCSI persistent reservations on the block device.
    pub reservations: Option<DiskReservations>,
    /// Part of the storage to use as the disk.
    pub slices: Option<DiskSlices>,
    /// External data file of a `qcow2` image.
    #[since = "10.10"]
    pub dataStore: Option<DiskDataStore>,
}

/// Source of a disk in a directory on the host.
#[element]
pub struct DiskSourceDir {
    /// Path of the directory.
    pub dir: AbsolutePath,
    /// Handling of a missing directory when the guest starts.
    pub startupPolicy: Option<StartupPolicy>,
    /// Number that identifies the image in libvirt commands. libvirt assigns a number while the guest runs.
    #[output]
    pub index: Option<Int<1, { u64::MAX }>>,
    /// Encryption of the disk.
    pub encryption: Option<Encryption>,
    /// Part of the storage to use as the disk.
    pub slices: Option<DiskSlices>,
    /// External data file of a `qcow2` image.
    #[since = "10.10"]
    pub dataStore: Option<DiskDataStore>,
}

/// Source of a disk in a libvirt storage pool.
#[element]
pub struct DiskSourceVolume {
    /// Name of the storage pool.
    pub pool: Name,
    /// Name of the volume in the pool.
    pub volume: VolumeName,
    /// Access mode of a volume in an iSCSI pool.
    pub mode: Option<DiskVolumeMode>,
    /// Handling of a missing volume when the guest starts.
    pub startupPolicy: Option<StartupPolicy>,
    /// Number that identifies the image in libvirt commands. libvirt assigns a number while the guest runs.
    #[output]
    pub index: Option<Int<1, { u64::MAX }>>,
    /// Security label that the host's security driver applies to the volume.
    pub seclabel: Vec<DeviceSeclabel>,
    /// Encryption of the disk.
    pub encryption: Option<Encryption>,
    /// Part of the storage to use as the disk.
    pub slices: Option<DiskSlices>,
    /// External data file of a `qcow2` image.
    #[since = "10.10"]
    pub dataStore: Option<DiskDataStore>,
}

/// Access mode of a volume in an iSCSI pool.
#[values]
pub enum DiskVolumeMode {
    /// Access through the host's iSCSI initiator, as a block device of the host.
    Host,
    /// Access through QEMU's iSCSI initiator.
    Direct,
}

/// Source of a disk on an NVMe drive of the host.
#[element]
pub struct DiskSourceNvme {
    /// Bus of the NVMe drive.
    pub r#type: DiskNvmeType,
    /// Number of the NVMe namespace, from 1.
    pub namespace: u32,
    /// Whether libvirt detaches the NVMe drive from the host when the guest starts, and reattaches the drive
    /// afterwards.
    pub managed: Option<YesNo>,
    /// Handling of a missing NVMe drive when the guest starts.
    pub startupPolicy: Option<StartupPolicy>,
    /// Number that identifies the image in libvirt commands. libvirt assigns a number while the guest runs.
    #[output]
    pub index: Option<Int<1, { u64::MAX }>>,
    /// PCI address of the NVMe drive on the host.
    pub address: PciAddress,
    /// Encryption of the disk.
    pub encryption: Option<Encryption>,
    /// Part of the storage to use as the disk.
    pub slices: Option<DiskSlices>,
    /// External data file of a `qcow2` image.
    #[since = "10.10"]
    pub dataStore: Option<DiskDataStore>,
}

/// Bus of an NVMe drive.
#[values]
pub enum DiskNvmeType {
    /// PCI bus.
    Pci,
}

/// Socket of a vhost-user program that serves a disk.
#[element]
pub struct DiskSourceVhostUser {
    /// Type of the socket.
    pub r#type: DiskSocketType,
    /// Path of the socket.
    pub path: AbsolutePath,
    /// Reconnection behavior of QEMU after a lost connection.
    pub reconnect: Option<Reconnect>,
}

/// vDPA device that serves a disk.
#[element]
pub struct DiskSourceVhostVdpa {
    /// Path of the vDPA device, such as `/dev/vhost-vdpa-0`.
    pub dev: AbsolutePath,
}

/// CTL device of a FreeBSD host that serves a disk.
#[element]
pub struct DiskSourceCtl {
    /// Path of the CTL device, such as `/dev/cam/ctl`.
    pub dev: AbsolutePath,
}

/// Type of a socket to a program on the host.
#[values]
pub enum DiskSocketType {
    /// Unix socket.
    Unix,
}

/// Program that handles a guest's SCSI persistent reservations.
#[element(rules)]
pub struct DiskReservations {
    /// Whether libvirt starts and stops the program that handles the reservations. Otherwise, `source` is the socket of
    /// a running program.
    pub managed: Option<YesNo>,
    /// Whether the reservations are migrated with the guest.
    #[since = "12.1"]
    pub migration: Option<YesNo>,
    /// Socket of the program that handles the SCSI reservations.
    pub source: Option<DiskReservationsSource>,
}

/// Socket of a program that handles SCSI reservations.
#[element]
pub struct DiskReservationsSource {
    /// Type of the socket.
    pub r#type: DiskSocketType,
    /// Path of the socket.
    pub path: AbsolutePath,
    /// Role of QEMU in the connection. QEMU supports only `client`.
    pub mode: DiskReservationsMode,
    /// Reconnection behavior of QEMU after a lost connection.
    pub reconnect: Option<Reconnect>,
}

/// Role in a socket connection.
#[values]
pub enum DiskReservationsMode {
    /// Server: the end that listens for connections.
    Server,
    /// Client: the end that connects.
    Client,
}

/// Part of a file or device to use as the disk.
#[element]
pub struct DiskSlices {
    /// Slice of the file or device to use as the disk.
    pub slice: DiskSlice,
}

/// Slice of a file or device.
#[element]
pub struct DiskSlice {
    /// Layer of the storage that the slice applies to.
    pub r#type: DiskSliceType,
    /// Start of the slice, in bytes.
    pub offset: InUnit<u32, 1>,
    /// Size of the slice, in bytes.
    pub size: InUnit<Int<1, { u64::MAX }>, 1>,
}

/// Layer of the storage that a slice applies to.
#[values]
pub enum DiskSliceType {
    /// Storage layer: the file or device itself, below the image format.
    Storage,
}

impl View<'_, DiskReservations> {
    fn rules(self, report: &mut Report<'_>) {
        if self.managed().is_none() {
            report.missing(self.value(), "managed", "expected true or false");
        }
    }
}

impl View<'_, DiskSourceFile> {
    fn rules(self, report: &mut Report<'_>) {
        if self.file().is_none() {
            choice::none(self.value(), &["fdgroup"], "disk-fdgroup-needs-file", "without `file`", report);
        }
    }
}
