//! `<disk>`: [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

pub mod backing;
pub(crate) mod bus;
pub mod driver;
pub mod network;
pub mod source;

use crate::engine::problem::Report;
use crate::engine::scalar::{Int, OnOff, Present, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias, Boot};
use crate::formats::device::backend_domain::BackendDomain;
use crate::formats::domain::throttlegroups::IoTune;
use crate::formats::patterns::{Name, Token, Uuid, Wwn};
use crate::formats::storage::encryption::Encryption;
use crate::formats::storage::patterns::{DiskProduct, DiskSerial, DiskTargetName, DiskVendor};
use crate::formats::storage::{ScsiSgio, VirtioStorageModel, choice};
use backing::{DiskBackingStore, DiskMirror};
use driver::DiskDriver;
use nixvirt_schema_derive::{element, values};
use source::DiskStorage;

/// A disk, CD or floppy drive.
#[element(rules)]
pub struct Disk {
    /// What the guest sees it as; a hard disk when absent.
    pub device: Option<DiskDevice>,
    /// Which generation of virtio it speaks, on the virtio bus.
    pub model: Option<VirtioStorageModel>,
    /// Whether QEMU may send any SCSI command to the device of the host; only for `lun`.
    pub rawio: Option<YesNo>,
    /// Which SCSI commands the kernel lets through; only for `lun`.
    pub sgio: Option<ScsiSgio>,
    /// What a snapshot of the guest does with it.
    pub snapshot: Option<DiskSnapshot>,
    /// How the hypervisor reads and writes it.
    pub driver: Option<DiskDriver>,
    /// As whom the host logs in to the network storage. Inside `source` is the place that libvirt prints.
    pub auth: Option<DiskAuth>,
    /// What the disk is kept in.
    #[form]
    pub storage: DiskStorage,
    /// The image that it builds on. libvirt finds out by itself when absent; an empty set says that there is none.
    pub backingStore: Option<DiskBackingStore>,
    /// The domain that serves it, under Xen.
    pub backenddomain: Option<BackendDomain>,
    /// The geometry that the guest is told.
    pub geometry: Option<DiskGeometry>,
    /// The block sizes that the guest is told.
    pub blockio: Option<DiskBlockIo>,
    /// A copy that is being made while the guest runs. libvirt prints it and does not read it back.
    pub mirror: Option<DiskMirror>,
    /// Where it stands in the guest.
    pub target: DiskTarget,
    /// Limits on what the guest reads and writes; not beside `throttlefilters`.
    pub iotune: Option<IoTune>,
    /// The throttle groups that limit it, in order; not beside `iotune`.
    pub throttlefilters: Option<DiskThrottleFilters>,
    /// Whether the guest cannot write to it.
    pub readonly: Option<Present>,
    /// Whether several guests may use it at once; its cache must be off then.
    pub shareable: Option<Present>,
    /// Whether what the guest writes is forgotten when it stops.
    pub transient: Option<DiskTransient>,
    /// The serial number that the guest sees.
    #[child]
    pub serial: Option<DiskSerial>,
    /// The world wide name that the guest sees.
    #[child]
    pub wwn: Option<Wwn>,
    /// The vendor that the guest sees, on the SCSI bus: up to 8 characters.
    #[child]
    pub vendor: Option<DiskVendor>,
    /// The product that the guest sees, on the SCSI bus: up to 40 characters.
    #[child]
    pub product: Option<DiskProduct>,
    /// How it is encrypted. Inside `source` is the place that libvirt prints.
    pub encryption: Option<Encryption>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Its place in the order in which the firmware tries to boot.
    pub boot: Option<Boot>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// What the guest sees a disk as.
#[values]
pub enum DiskDevice {
    /// A floppy drive.
    Floppy,
    /// A hard disk.
    Disk,
    /// A CD drive.
    Cdrom,
    /// A SCSI device of the host, whose own commands the guest may send.
    Lun,
}

/// What a snapshot of the guest does with a disk.
#[values]
pub enum DiskSnapshot {
    /// Nothing.
    No,
    /// Keeps the state inside the image.
    Internal,
    /// Keeps the image and goes on in a new one.
    External,
    /// Leaves it to the user.
    Manual,
}

/// As whom the host logs in to network storage.
#[element]
pub struct DiskAuth {
    /// The user.
    pub username: Token,
    /// The password or key.
    pub secret: DiskAuthSecret,
}

/// A password or key that libvirt keeps as a secret: its `uuid` or its `usage` says which.
#[element(rules)]
pub struct DiskAuthSecret {
    /// What the secret is for.
    pub r#type: DiskAuthSecretType,
    /// The secret's id.
    pub uuid: Option<Uuid>,
    /// What the secret says it is for.
    pub usage: Option<Name>,
}

/// What a password or key is for.
#[values]
pub enum DiskAuthSecretType {
    /// Ceph.
    Ceph,
    /// An iSCSI target.
    Iscsi,
}

/// The geometry of a disk.
#[element]
pub struct DiskGeometry {
    /// How many cylinders.
    pub cyls: i64,
    /// How many heads.
    pub heads: i64,
    /// How many sectors a track.
    pub secs: i64,
    /// How the BIOS translates it.
    pub trans: Option<DiskGeometryTrans>,
}

/// How a BIOS translates the geometry of a disk.
#[values]
pub enum DiskGeometryTrans {
    /// As the BIOS sees fit.
    Auto,
    /// Not at all.
    None,
    /// To blocks with a number each.
    Lba,
}

/// The sizes of a disk's blocks, in bytes.
#[element]
pub struct DiskBlockIo {
    /// The smallest that the guest can read or write: 512 is usual.
    pub logical_block_size: Option<i64>,
    /// The smallest that the disk writes at once.
    pub physical_block_size: Option<i64>,
    /// The smallest that can be discarded.
    pub discard_granularity: Option<i64>,
}

/// Where a disk stands in the guest.
#[element]
pub struct DiskTarget {
    /// Its name, such as vda or sdb, unique in the guest. The guest may choose another.
    pub dev: DiskTargetName,
    /// The bus that it is on; derived from the name when absent.
    pub bus: Option<DiskBus>,
    /// Whether the tray of a drive is open.
    pub tray: Option<DiskTray>,
    /// Whether the guest sees it as removable, on the USB and SCSI bus.
    pub removable: Option<OnOff>,
    /// How fast it turns, in rotations a minute; 1 means that it does not turn.
    pub rotation_rate: Option<Int<1, { u64::MAX }>>,
}

/// A bus that disks are on.
#[values]
pub enum DiskBus {
    /// IDE.
    Ide,
    /// The floppy controller.
    Fdc,
    /// SCSI.
    Scsi,
    /// Virtio: the fastest, if the guest knows it.
    Virtio,
    /// Xen's own.
    Xen,
    /// USB.
    Usb,
    /// That of User-mode Linux, which libvirt no longer runs.
    Uml,
    /// SATA.
    Sata,
    /// An SD card slot.
    Sd,
}

/// The tray of a drive.
#[values]
pub enum DiskTray {
    /// The tray is out; there is no medium.
    Open,
    /// The tray is in.
    Closed,
}

/// The throttle groups that limit a disk.
#[element]
pub struct DiskThrottleFilters {
    /// One group; the first stands closest to the disk.
    pub throttlefilter: Vec<DiskThrottleFilter>,
}

/// A throttle group that limits a disk.
#[element]
pub struct DiskThrottleFilter {
    /// The name of one of the domain's `throttlegroups`.
    pub group: String,
}

/// How a disk forgets what the guest writes.
#[element]
pub struct DiskTransient {
    /// Whether several guests may build on the same image.
    pub shareBacking: Option<YesNo>,
}

impl View<'_, Disk> {
    fn rules(self, report: &mut Report<'_>) {
        let at = self.value();
        if self.device().and_then(View::get) == Some(DiskDevice::Lun) {
            let kind = self.storage().r#type();
            if !kind.and_then(Read::text).is_some_and(|kind| matches!(&*kind, "block" | "network" | "volume")) {
                let at = kind.map_or(at, Read::value);
                report.error(at, "disk-lun-type", "a disk whose device is \"lun\" has type block, network or volume");
            }
        } else {
            choice::none(at, &["rawio", "sgio"], "disk-lun-only", "unless device is \"lun\"", report);
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

    /// The XML of a disk and what is wrong with it.
    fn disk(spec: &str) -> String {
        let spec = format!(r#"{{ "type": "kvm", "name": "vm", "devices": {{ "disk": {spec} }} }}"#);
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
            devices.disk.auth.secret: needs uuid or usage
            devices.disk.source.fdgroup: cannot be given without file
            devices.disk.backingStore.format: is required, as in { type = "qcow2"; }, unless the set is empty
            devices.disk: a disk whose device is "lun" has type block, network or volume
        "#]]
        .assert_eq(&disk(spec));
    }
}
