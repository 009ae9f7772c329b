//! `<disk>`: [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

pub mod backing;
pub(crate) mod bus;
pub mod driver;
pub mod network;
pub mod source;

use crate::engine::problem::Report;
use crate::engine::scalar::{Either, InUnit, Int, OnOff, Present, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias, Boot};
use crate::formats::device::backend_domain::BackendDomain;
use crate::formats::domain::throttlegroups::IoTune;
use crate::formats::patterns::{Name, Token, Uuid, Wwn};
use crate::formats::storage::encryption::Encryption;
use crate::formats::storage::patterns::{DiskProduct, DiskSerial, DiskTargetName, DiskVendor, NvmeTargetName};
use crate::formats::storage::{ScsiSgio, VirtioStorageModel, choice};
use backing::{DiskBackingStore, DiskMirror};
use driver::DiskDriver;
use nixvirt_schema_derive::{element, values};
use source::DiskStorage;

/// Disk, CD-ROM or floppy drive.
#[element(rules)]
pub struct Disk {
    /// Device type presented to the guest. Defaults to a hard disk.
    pub device: Option<DiskDevice>,
    /// Virtio generation of a disk on the virtio bus, or USB device of a disk on the USB bus.
    pub model: Option<Either<VirtioStorageModel, DiskUsbModel>>,
    /// Whether QEMU may send any SCSI command to the host device. Only for `device = "lun"`.
    pub rawio: Option<YesNo>,
    /// Kernel filter for the guest's SCSI commands. Only for `device = "lun"`.
    pub sgio: Option<ScsiSgio>,
    /// Handling of the disk in snapshots of the guest.
    pub snapshot: Option<DiskSnapshot>,
    /// Driver settings of the disk in the hypervisor.
    pub driver: Option<DiskDriver>,
    /// Credentials for the network storage. libvirt prints this inside `source`.
    pub auth: Option<DiskAuth>,
    /// Storage that backs the disk.
    #[form]
    pub storage: DiskStorage,
    /// Backing image of the disk. libvirt detects the backing image if omitted. An empty set means that there is no
    /// backing image.
    pub backingStore: Option<DiskBackingStore>,
    /// Xen domain that provides the backend of the disk.
    pub backenddomain: Option<BackendDomain>,
    /// Disk geometry reported to the guest.
    pub geometry: Option<DiskGeometry>,
    /// Block sizes reported to the guest.
    pub blockio: Option<DiskBlockIo>,
    /// Output only: copy of the disk that is being created while the guest runs.
    #[output]
    pub mirror: Option<DiskMirror>,
    /// Name, bus and drive properties of the disk in the guest.
    pub target: DiskTarget,
    /// I/O limits of the disk. Cannot be combined with `throttlefilters`.
    pub iotune: Option<IoTune>,
    /// Throttle groups that limit the disk, in order. Cannot be combined with `iotune`.
    #[since = "11.2"]
    pub throttlefilters: Option<DiskThrottleFilters>,
    /// Whether the disk is read-only for the guest.
    pub readonly: Option<Present>,
    /// Whether several guests may use the disk at the same time. Requires the disk's cache to be off.
    pub shareable: Option<Present>,
    /// Whether the guest's writes are discarded when the guest stops.
    pub transient: Option<DiskTransient>,
    /// Serial number reported to the guest.
    #[child]
    pub serial: Option<DiskSerial>,
    /// World Wide Name (WWN) reported to the guest.
    #[child]
    pub wwn: Option<Wwn>,
    /// Vendor of the disk reported to the guest, for disks on the SCSI bus. Up to 8 characters.
    #[child]
    pub vendor: Option<DiskVendor>,
    /// Product name of the disk reported to the guest, for disks on the SCSI bus. Up to 40 characters.
    #[child]
    pub product: Option<DiskProduct>,
    /// Encryption of the disk. libvirt prints this inside `source`.
    pub encryption: Option<Encryption>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Position of the device in the firmware's boot order.
    pub boot: Option<Boot>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Device type of a disk, as presented to the guest.
#[values]
pub enum DiskDevice {
    /// Floppy drive.
    Floppy,
    /// Hard disk.
    Disk,
    /// CD-ROM drive.
    Cdrom,
    /// SCSI device of the host. The guest can send SCSI commands to the device directly.
    Lun,
}

/// USB device of a disk.
#[values]
pub enum DiskUsbModel {
    /// USB storage device that the guest sees as a disk, even if it is a CD-ROM.
    #[since = "11.5"]
    UsbStorage,
    /// USB storage device on the bulk-only transport. The guest recognizes a CD-ROM.
    #[since = "11.5"]
    UsbBot,
}

/// Handling of a disk in snapshots of the guest.
#[values]
pub enum DiskSnapshot {
    /// No snapshot: snapshots of the guest skip the disk.
    No,
    /// Internal snapshot: the disk's state is stored inside the image.
    Internal,
    /// External snapshot: the image is kept unchanged, and new writes go to a new image.
    External,
    /// Manual snapshot: the user takes the snapshot of the disk.
    Manual,
}

/// Credentials for network storage.
#[element]
pub struct DiskAuth {
    /// User name for the network storage.
    pub username: Token,
    /// libvirt secret with the password or key.
    pub secret: DiskAuthSecret,
}

/// libvirt secret that holds a password or key. Identified by either `uuid` or `usage`.
#[element(rules)]
pub struct DiskAuthSecret {
    /// Usage type of the libvirt secret.
    pub r#type: DiskAuthSecretType,
    /// UUID of the libvirt secret.
    pub uuid: Option<Uuid>,
    /// Usage name of the libvirt secret, as set in the secret's definition.
    pub usage: Option<Name>,
}

/// Usage type of a libvirt secret for network storage.
#[values]
pub enum DiskAuthSecretType {
    /// Secret for a Ceph cluster.
    Ceph,
    /// Secret for an iSCSI target.
    Iscsi,
}

/// Geometry of a disk: cylinders, heads and sectors.
#[element]
pub struct DiskGeometry {
    /// Number of cylinders.
    pub cyls: u32,
    /// Number of heads.
    pub heads: u32,
    /// Number of sectors per track.
    pub secs: u32,
    /// BIOS translation of the disk geometry.
    pub trans: Option<DiskGeometryTrans>,
}

/// BIOS translation of a disk geometry.
#[values]
pub enum DiskGeometryTrans {
    /// Translation chosen by the BIOS.
    Auto,
    /// No translation.
    None,
    /// Translation to logical block addresses (LBA).
    Lba,
}

/// Block sizes of a disk, in bytes.
#[element]
pub struct DiskBlockIo {
    /// Logical block size, in bytes: the smallest unit that the guest can read or write. Usually 512.
    pub logical_block_size: Option<InUnit<i64, 1>>,
    /// Physical block size, in bytes: the smallest unit that the disk writes at once.
    pub physical_block_size: Option<InUnit<i64, 1>>,
    /// Discard granularity, in bytes: the smallest unit that the guest can discard.
    #[since = "10.0"]
    pub discard_granularity: Option<InUnit<i64, 1>>,
}

/// Name, bus and drive properties of a disk in the guest.
#[element]
pub struct DiskTarget {
    /// Name of the disk, such as `vda` or `sdb`, unique within the guest. The guest may use a different name.
    pub dev: Either<DiskTargetName, NvmeTargetName>,
    /// Disk bus. Derived from the disk name if omitted.
    pub bus: Option<DiskBus>,
    /// State of the drive's tray.
    #[output]
    pub tray: Option<DiskTray>,
    /// Whether the disk is removable media for the guest, for disks on the USB and SCSI buses.
    pub removable: Option<OnOff>,
    /// Rotation rate of the disk, in rotations per minute. 1 means a non-rotating disk, such as an SSD.
    pub rotation_rate: Option<Int<1, { u64::MAX }>>,
    /// Whether a SCSI disk offers to bypass its cache for single requests (DPO and FUA).
    #[since = "11.10"]
    pub dpofua: Option<OnOff>,
}

/// Bus of a disk.
#[values]
pub enum DiskBus {
    /// IDE bus.
    Ide,
    /// Floppy controller.
    Fdc,
    /// SCSI bus.
    Scsi,
    /// Virtio bus. The fastest bus, if the guest has a driver.
    Virtio,
    /// Xen's paravirtual disk bus.
    Xen,
    /// USB bus.
    Usb,
    /// User-mode Linux disk. libvirt no longer supports user-mode Linux.
    Uml,
    /// SATA bus.
    Sata,
    /// SD card slot.
    Sd,
    /// NVMe controller.
    #[since = "11.5"]
    Nvme,
}

/// State of a drive's tray.
#[values]
pub enum DiskTray {
    /// Open tray: the drive has no medium.
    Open,
    /// Closed tray.
    Closed,
}

/// Throttle groups that limit a disk.
#[element]
pub struct DiskThrottleFilters {
    /// Throttle group that limits the disk. The first group in the list is closest to the disk.
    pub throttlefilter: Vec<DiskThrottleFilter>,
}

/// Throttle group that limits a disk.
#[element]
pub struct DiskThrottleFilter {
    /// Name of a throttle group in the domain's `throttlegroups`.
    pub group: String,
}

/// Transient disk: the guest's writes are discarded when the guest stops.
#[element]
pub struct DiskTransient {
    /// Whether several guests may share the same backing image.
    pub shareBacking: Option<YesNo>,
}

impl View<'_, Disk> {
    fn rules(self, report: &mut Report<'_>) {
        let at = self.value();
        if self.device().and_then(View::get) == Some(DiskDevice::Lun) {
            let kind = self.storage().r#type();
            if !kind.and_then(Read::text).is_some_and(|kind| matches!(&*kind, "block" | "network" | "volume")) {
                let at = kind.map_or(at, Read::value);
                report.error(at, "disk-lun-type", "device \"lun\" requires the disk type block, network or volume");
            }
        } else {
            choice::none(at, &["rawio", "sgio"], "disk-lun-only", "unless `device` is \"lun\"", report);
        }
        choice::one_at_most(at, &["iotune", "throttlefilters"], "disk-iotune-or-throttlefilters", report);
        self.bus_rules(report);
    }
}

impl View<'_, DiskAuthSecret> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["uuid", "usage"], "secret-uuid-or-usage", report);
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{json, render};
    use crate::kind::Kind;
    use expect_test::expect;

    /// Renders a disk spec. Returns the XML, or the problems found.
    fn disk(spec: &str) -> String {
        let spec = format!(
            r#"{{ "type": "kvm", "name": "vm", "memory": "64 MiB", "os": {{ "type": "hvm" }}, "devices": {{ "disk": {spec} }} }}"#
        );
        let spec = json::parse(&spec).expect("it is JSON");
        let rendered = render::render(Kind::Domain, &spec);
        let problems: Vec<_> = rendered.report.findings().locate(|_| None).iter().map(|it| format!("{it}\n")).collect();
        if problems.is_empty() { rendered.xml } else { problems.concat() }
    }

    #[test]
    fn a_chain_of_images() {
        let spec = r#"{
            "source": { "file": "/top.qcow2" }, "driver": { "name": "qemu", "type": "qcow2" },
            "backingStore": {
                "type": "network", "format": { "type": "raw" }, "backingStore": {},
                "source": { "protocol": "rbd", "name": "pool/image", "host": { "name": "::1", "port": 6789 } }
            },
            "target": { "dev": "vda" }, "readonly": true, "address": "0000:01:00.0"
        }"#;
        expect![[r#"
            <domain type='kvm'>
              <name>vm</name>
              <uuid>09dca170-e429-819e-ab22-dc42fa993e0c</uuid>
              <memory unit='MiB'>64</memory>
              <os>
                <type>hvm</type>
              </os>
              <devices>
                <disk>
                  <driver name='qemu' type='qcow2'/>
                  <source file='/top.qcow2'/>
                  <backingStore type='network'>
                    <format type='raw'/>
                    <source protocol='rbd' name='pool/image'>
                      <host name='::1' port='6789'/>
                    </source>
                    <backingStore/>
                  </backingStore>
                  <target dev='vda'/>
                  <readonly/>
                  <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
                </disk>
              </devices>
            </domain>
        "#]]
        .assert_eq(&disk(spec));
    }

    #[test]
    fn what_the_types_cannot_say() {
        let spec = r#"{
            "device": "lun", "source": { "fdgroup": "images" }, "backingStore": { "source": { "file": "/a" } },
            "auth": { "username": "me", "secret": { "type": "ceph" } }, "target": { "dev": "sda" }
        }"#;
        expect![[r#"
            error[secret-uuid-or-usage]: devices.disk.auth.secret: missing `uuid` or `usage`: set one of them
            error[disk-fdgroup-needs-file]: devices.disk.source.fdgroup: `fdgroup` cannot be set without `file`
            error[missing]: devices.disk.backingStore.format: missing required attribute "format": expected a set, e.g. { type = "qcow2"; }
            error[disk-lun-type]: devices.disk: device "lun" requires the disk type block, network or volume
        "#]]
        .assert_eq(&disk(spec));
    }
}
