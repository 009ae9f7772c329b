//! What libvirt refuses of disks.

use super::super::refusal::Test::{Above, Any, AnyOf, Below, Given, Has, Is, Lacks, Not, Other, Text, That};
use super::super::refusal::{Refusal, refuse};
use super::{first, is_machine, number, parts, spelled, text};
use crate::engine::value::{Data, Value};
use crate::engine::view::View;
use crate::formats::device::disk::{Disk, DiskBus};
use crate::formats::size::bytes;
use crate::rules::disk_images::caches_metadata;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Devices with a medium that can be absent.
const DRIVES: &[&str] = &["cdrom", "floppy"];

/// Returns whether a disk is on a bus other than these.
fn is_off(disk: Value<'_>, buses: &[DiskBus]) -> bool {
    View::<Disk>::new(disk).on().is_some_and(|bus| !buses.contains(&bus))
}

/// Returns whether a disk is on one of these buses.
fn is_on(disk: Value<'_>, buses: &[DiskBus]) -> bool {
    View::<Disk>::new(disk).on().is_some_and(|bus| buses.contains(&bus))
}

/// Returns whether a disk is not on the virtio bus.
fn is_off_virtio(disk: Value<'_>, _: Value<'_>) -> bool {
    is_off(disk, &[DiskBus::Virtio])
}

/// Returns the number of the NVMe controller of a disk, if it is said.
fn nvme_of_disk(disk: Value<'_>) -> Option<u64> {
    if !is_on(disk, &[DiskBus::Nvme]) {
        return None;
    }
    let of_name = || View::<Disk>::new(disk).target()?.nvme().map(|(controller, _)| controller.into());
    number(disk, "address.controller").or_else(of_name)
}

/// Returns the different serial numbers that an NVMe controller and its disks have.
fn nvme_serials(domain: Value<'_>, index: u64) -> BTreeSet<Cow<'_, str>> {
    let controllers = parts(domain, &["devices", "controller"]).into_iter();
    let controllers = controllers.filter(|it| text(*it, "type") == Some("nvme") && number(*it, "index") == Some(index));
    let disks = parts(domain, &["devices", "disk"]).into_iter().filter(|it| nvme_of_disk(*it) == Some(index));
    controllers.chain(disks).filter_map(|it| spelled(it, "serial")).filter(|serial| !serial.is_empty()).collect()
}

/// Returns whether a disk is on the NVMe bus.
pub(super) fn has_nvme_disk(domain: Value<'_>) -> bool {
    parts(domain, &["devices", "disk"]).into_iter().any(|disk| is_on(disk, &[DiskBus::Nvme]))
}

/// Returns whether an NVMe controller or one of a lower number, which libvirt adds, has no serial number.
pub(super) fn lacks_nvme_serial(domain: Value<'_>, index: u64) -> bool {
    (0..=index.min(u64::from(u8::MAX))).any(|index| nvme_serials(domain, index).is_empty())
}

/// Returns whether a bin of a histogram starts no later than the one before.
fn has_unordered_bins(disk: Value<'_>) -> bool {
    parts(disk, &["driver", "statistics", "latency-histogram"]).into_iter().any(|histogram| {
        let starts: Vec<_> = parts(histogram, &["bin"]).into_iter().filter_map(|bin| number(bin, "start")).collect();
        !starts.is_sorted_by(|one, other| one < other)
    })
}

/// Returns whether a histogram has only a bin that starts at 0.
fn has_single_bin(disk: Value<'_>) -> bool {
    parts(disk, &["driver", "statistics", "latency-histogram"]).into_iter().any(|histogram| {
        let bins = parts(histogram, &["bin"]);
        bins.len() == 1 && bins.iter().all(|bin| number(*bin, "start") == Some(0))
    })
}

/// Returns whether two histograms are for the same kind of requests.
fn has_equal_histograms(disk: Value<'_>) -> bool {
    let histograms = parts(disk, &["driver", "statistics", "latency-histogram"]);
    let kinds: BTreeSet<_> = histograms.iter().map(|histogram| text(*histogram, "type")).collect();
    kinds.len() < histograms.len()
}

/// The rows on each disk.
pub(super) const ROWS: &[Refusal] = &[
    refuse(
        "disk-without-source",
        &[
            That(|disk, _| lacks_source(disk)),
            Not("device", &["cdrom", "floppy", "lun"]),
            Not("type", &["vhostuser"]),
        ],
        "a hard disk needs `source`: only CD and floppy drives can be empty",
        [r#""target": { "dev": "vda" }"#, r#""source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#],
    ),
    refuse(
        "disk-nvme-namespace",
        &[Below("source.namespace", 1), Is("type", &["nvme"])],
        "the namespaces of an NVMe drive are numbered from 1",
        [
            r#""type": "nvme", "source": { "type": "pci", "namespace": 0, "address": "01:00.0" }, "target": { "dev": "vda" }"#,
            r#""type": "nvme", "source": { "type": "pci", "namespace": 1, "address": "01:00.0" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-block-size",
        &[Has("blockio"), That(|disk, _| has_odd_block(disk))],
        "a block size must not be negative, and must be less than 4 GiB",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "blockio": { "logical_block_size": 4294967296 }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "blockio": { "logical_block_size": 4096 }"#,
        ],
    ),
    refuse(
        "disk-target-letters",
        &[Text("target.dev", |name| !is_disk_name(name))],
        "the name of a disk must end with lowercase letters, such as \"vda\"",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "vdA" }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-name-of-floppy",
        &[Text("target.dev", is_floppy_name), Not("device", DRIVES)],
        "names that start with \"fd\" are those of floppy drives",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "fda", "bus": "scsi" }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-floppy-name",
        &[Text("target.dev", |name| !is_floppy_name(name)), Is("device", &["floppy"])],
        "the name of a floppy drive must start with \"fd\"",
        [
            r#""device": "floppy", "target": { "dev": "sda", "bus": "fdc" }"#,
            r#""device": "floppy", "target": { "dev": "fda", "bus": "fdc" }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "disk-nvme-partition",
        &[Text("target.dev", has_partition)],
        "the name of a disk cannot have the number of a partition",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1p2", "bus": "virtio" }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "virtio" }"#,
        ],
    )
    .since(11, 5),
    refuse(
        "disk-startup-policy-nvme",
        &[Has("source.startupPolicy"), Is("type", &["nvme"])],
        "an NVMe drive of the host cannot have `startupPolicy`",
        [
            r#""type": "nvme", "source": { "type": "pci", "namespace": 1, "address": "01:00.0", "startupPolicy": "optional" }, "target": { "dev": "vda" }"#,
            r#""type": "nvme", "source": { "type": "pci", "namespace": 1, "address": "01:00.0" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-reservations-mode",
        &[Is("source.reservations.source.mode", &["server"])],
        "QEMU connects to the program of `reservations` as a client: set mode = \"client\"",
        [
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sda", "reservations": { "managed": false, "source": { "type": "unix", "path": "/run/pr", "mode": "server" } } }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sda", "reservations": { "managed": false, "source": { "type": "unix", "path": "/run/pr", "mode": "client" } } }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-lun-encryption",
        &[Any(&[Has("encryption"), Has("source.encryption")]), Is("device", &["lun"])],
        "a disk of device \"lun\" cannot have `encryption`",
        [
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sda", "encryption": { "format": "luks" } }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-vhostvdpa-cache",
        &[Is("type", &["vhostvdpa"]), Not("driver.cache", &["none", "directsync"])],
        "a disk of type \"vhostvdpa\" requires driver.cache = \"none\" or \"directsync\"",
        [
            r#""type": "vhostvdpa", "source": { "dev": "/dev/vhost-vdpa-0" }, "target": { "dev": "vda" }"#,
            r#""type": "vhostvdpa", "driver": { "cache": "none" }, "source": { "dev": "/dev/vhost-vdpa-0" }, "target": { "dev": "vda" }"#,
        ],
    )
    .beside(SHARED),
    refuse(
        "disk-data-store",
        &[
            Has("source.dataStore"),
            Any(&[Not("driver.type", &["qcow2"]), Not("source.dataStore.format.type", &["raw"])]),
        ],
        "a data store must have the format \"raw\", and requires an image of the format \"qcow2\"",
        [
            r#""driver": { "type": "raw" }, "source": { "file": "/vm.img", "dataStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/vm.raw" } } }, "target": { "dev": "vda" }"#,
            r#""driver": { "type": "qcow2" }, "source": { "file": "/vm.qcow2", "dataStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/vm.raw" } } }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-model-bus",
        &[Is("model", &["virtio", "virtio-transitional", "virtio-non-transitional"]), That(is_off_virtio)],
        "this `model` requires a disk on the virtio bus",
        [
            r#""model": "virtio-transitional", "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""model": "virtio-transitional", "source": { "file": "/vm.img" }, "target": { "dev": "vda", "bus": "virtio" }"#,
        ],
    ),
    refuse(
        "disk-virtio-driver",
        &[
            AnyOf("driver", &[
                Has("queues"),
                Has("queue_size"),
                Given("event_idx"),
                Given("ioeventfd"),
                Given("iommu"),
                Given("ats"),
                Given("packed"),
                Given("page_per_vq"),
            ]),
            That(is_off_virtio),
        ],
        "this driver setting requires a disk on the virtio bus",
        [
            r#""driver": { "queues": 2 }, "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""driver": { "queues": 2 }, "source": { "file": "/vm.img" }, "target": { "dev": "vda", "bus": "virtio" }"#,
        ],
    ),
    refuse(
        "disk-sheepdog",
        &[Is("source.protocol", &["sheepdog"])],
        "libvirt no longer supports Sheepdog",
        [
            r#""type": "network", "source": { "protocol": "sheepdog", "name": "vm", "host": { "name": "a" } }, "target": { "dev": "vda" }"#,
            r#""type": "network", "source": { "protocol": "nbd", "host": { "name": "a" } }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-tftp",
        &[Is("source.protocol", &["tftp"]), Is("type", &["network"])],
        "QEMU no longer supports TFTP",
        [
            r#""type": "network", "device": "cdrom", "source": { "protocol": "tftp", "name": "a.iso", "host": { "name": "a" } }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""type": "network", "device": "cdrom", "source": { "protocol": "https", "name": "a.iso", "host": { "name": "a" } }, "target": { "dev": "sda", "bus": "sata" }"#,
        ],
    ),
    refuse(
        "disk-auth-protocol",
        &[
            Any(&[Has("auth"), Has("source.auth")]),
            Is("source.protocol", &["nbd", "sheepdog", "gluster", "tftp", "vxhs", "nfs"]),
        ],
        "libvirt does not support `auth` for this protocol",
        [
            r#""type": "network", "auth": { "username": "me", "secret": { "type": "iscsi", "usage": "a" } }, "source": { "protocol": "nbd", "host": { "name": "a" } }, "target": { "dev": "vda" }"#,
            r#""type": "network", "source": { "protocol": "nbd", "host": { "name": "a" } }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-auth-secret",
        &[That(|disk, _| has_secret_of_another_protocol(disk)), Has("source.protocol")],
        "the type of the secret does not fit the protocol: iSCSI takes \"iscsi\", RBD takes \"ceph\"",
        [
            r#""type": "network", "auth": { "username": "me", "secret": { "type": "iscsi", "usage": "a" } }, "source": { "protocol": "rbd", "name": "pool/vm" }, "target": { "dev": "vda" }"#,
            r#""type": "network", "auth": { "username": "me", "secret": { "type": "ceph", "usage": "a" } }, "source": { "protocol": "rbd", "name": "pool/vm" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-lun-format",
        &[Other("driver.type", &["raw"]), Is("device", &["lun"])],
        "a disk of device \"lun\" must have the format \"raw\"",
        [
            r#""type": "block", "device": "lun", "driver": { "type": "qcow2" }, "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""type": "block", "device": "lun", "driver": { "type": "raw" }, "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-lun-protocol",
        &[Is("device", &["lun"]), Is("type", &["network"]), Not("source.protocol", &["iscsi"])],
        "a network disk of device \"lun\" requires the protocol \"iscsi\"",
        [
            r#""type": "network", "device": "lun", "source": { "protocol": "nbd", "host": { "name": "a" } }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""type": "network", "device": "lun", "source": { "protocol": "iscsi", "name": "iqn.2013-07.com.example:pool/1", "host": { "name": "a" } }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-lun-bus",
        &[Is("device", &["lun"]), That(|disk, _| is_off(disk, &[DiskBus::Scsi]))],
        "a disk of device \"lun\" must be on the SCSI bus",
        [
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-lun-identity",
        &[Any(&[Has("wwn"), Has("vendor"), Has("product"), Has("serial")]), Is("device", &["lun"])],
        "a disk of device \"lun\" has the identity of the host's device: remove `serial`, `wwn`, `vendor` and `product`",
        [
            r#""type": "block", "device": "lun", "serial": "1", "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-reservations",
        &[Has("source.reservations"), Not("device", &["lun"])],
        "`reservations` require device = \"lun\"",
        [
            r#""type": "block", "source": { "dev": "/dev/sda", "reservations": { "managed": true } }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sda", "reservations": { "managed": true } }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-sgio-unfiltered",
        &[Is("sgio", &["unfiltered"])],
        "libvirt no longer supports unfiltered SCSI commands",
        [
            r#""type": "block", "device": "lun", "sgio": "unfiltered", "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""type": "block", "device": "lun", "sgio": "filtered", "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-startup-policy-requisite",
        &[Is("source.startupPolicy", &["requisite"]), Not("device", DRIVES)],
        "startup policy \"requisite\" requires a CD or floppy drive",
        [
            r#""source": { "file": "/vm.img", "startupPolicy": "requisite" }, "target": { "dev": "vda" }"#,
            r#""source": { "file": "/vm.img", "startupPolicy": "optional" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-removable-bus",
        &[
            Given("target.removable"),
            That(|disk, _| is_off(disk, &[DiskBus::Usb])),
            Any(&[That(|disk, _| is_off(disk, &[DiskBus::Scsi])), Is("device", &["cdrom", "floppy", "lun"])]),
        ],
        "`removable` requires a disk on the USB or SCSI bus",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "vda", "removable": true }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "usb", "removable": true }"#,
        ],
    ),
    refuse(
        "disk-rotation",
        &[
            Has("target.rotation_rate"),
            Any(&[
                That(|disk, _| is_off(disk, &[DiskBus::Scsi, DiskBus::Ide, DiskBus::Sata])),
                Is("device", &["cdrom", "floppy", "lun"]),
            ]),
        ],
        "`rotation_rate` requires a hard disk on the SCSI, IDE or SATA bus",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "vda", "rotation_rate": 1 }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata", "rotation_rate": 1 }"#,
        ],
    ),
    refuse(
        "disk-rotation-rate",
        &[Above("target.rotation_rate", u32::MAX as u64)],
        "`rotation_rate` must be less than 4294967296",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata", "rotation_rate": 4294967296 }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata", "rotation_rate": 7200 }"#,
        ],
    ),
    refuse(
        "disk-tray",
        &[Has("target.tray"), Not("device", DRIVES)],
        "`tray` requires a CD or floppy drive",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata", "tray": "open" }"#,
            r#""device": "cdrom", "target": { "dev": "sda", "bus": "sata", "tray": "open" }"#,
        ],
    ),
    refuse(
        "disk-wwn-bus",
        &[Has("wwn"), Not("device", &["lun"]), That(|disk, _| is_off(disk, &[DiskBus::Scsi, DiskBus::Ide]))],
        "`wwn` requires a disk on the SCSI or IDE bus",
        [
            r#""wwn": "5000c50015ea71ad", "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""wwn": "5000c50015ea71ad", "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-vendor-bus",
        &[Has("vendor"), Not("device", &["lun"]), That(|disk, _| is_off(disk, &[DiskBus::Scsi]))],
        "`vendor` requires a disk on the SCSI bus",
        [
            r#""vendor": "ACME", "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""vendor": "ACME", "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-product-bus",
        &[
            Has("product"),
            Not("device", &["lun"]),
            That(|disk, _| is_off(disk, &[DiskBus::Scsi, DiskBus::Ide, DiskBus::Sata])),
        ],
        "`product` requires a disk on the SCSI, IDE or SATA bus",
        [
            r#""product": "Disk", "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""product": "Disk", "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }"#,
        ],
    ),
    refuse(
        "disk-product-length",
        &[Text("product", |product| product.len() > 16), That(|disk, _| is_on(disk, &[DiskBus::Scsi]))],
        "on the SCSI bus, `product` must have at most 16 characters",
        [
            r#""product": "A disk that has a long name", "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""product": "A disk", "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-discard-no-unref",
        &[Is("driver.discard_no_unref", &["on"]), Any(&[Not("driver.type", &["qcow2"]), Has("readonly")])],
        "`discard_no_unref` requires a writable qcow2 image",
        [
            r#""driver": { "type": "raw", "discard_no_unref": true }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "type": "qcow2", "discard_no_unref": true }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-metadata-cache",
        &[Has("driver.metadata_cache"), Not("driver.type", &["qcow2"]), That(|disk, _| first(disk, "driver.metadata_cache").is_some_and(caches_metadata))],
        "`metadata_cache` requires a qcow2 image",
        [
            r#""driver": { "type": "raw", "metadata_cache": { "max_size": "1 MiB" } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "type": "qcow2", "metadata_cache": { "max_size": "1 MiB" } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-iothread-twice",
        &[Has("driver.iothread"), Has("driver.iothreads")],
        "`iothread` conflicts with `iothreads`: remove one of them",
        [
            r#""driver": { "iothread": 1, "iothreads": { "iothread": { "id": 1 } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "iothread": 1 }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    )
    .beside(r#""iothreads": 2"#),
    refuse(
        "disk-iothread-bus",
        &[Any(&[Has("driver.iothread"), Has("driver.iothreads")]), That(is_off_virtio)],
        "I/O threads require a disk on the virtio bus; a disk on the SCSI bus uses the I/O thread of its controller",
        [
            r#""driver": { "iothread": 1 }, "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""driver": { "iothread": 1 }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    )
    .beside(r#""iothreads": 2"#),
    refuse(
        "disk-throttle-cdrom",
        &[Has("throttlefilters.throttlefilter"), Is("device", &["cdrom"])],
        "a CD drive cannot have throttle filters",
        [
            r#""device": "cdrom", "source": { "file": "/a.iso" }, "throttlefilters": { "throttlefilter": { "group": "slow" } }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""source": { "file": "/a.img" }, "throttlefilters": { "throttlefilter": { "group": "slow" } }, "target": { "dev": "sda", "bus": "sata" }"#,
        ],
    )
    .beside(r#""throttlegroups": { "throttlegroup": { "group_name": "slow", "total_bytes_sec": 1000000 } }"#),
    refuse(
        "disk-throttle-group",
        &[Has("throttlefilters.throttlefilter.group"), That(lacks_throttle_group)],
        "no throttle group of this name is in `throttlegroups`",
        [
            r#""source": { "file": "/a.img" }, "throttlefilters": { "throttlefilter": { "group": "fast" } }, "target": { "dev": "vda" }"#,
            r#""source": { "file": "/a.img" }, "throttlefilters": { "throttlefilter": { "group": "slow" } }, "target": { "dev": "vda" }"#,
        ],
    )
    .beside(r#""throttlegroups": { "throttlegroup": { "group_name": "slow", "total_bytes_sec": 1000000 } }"#),
    refuse(
        "disk-geometry-bus",
        &[Has("geometry"), That(|disk, _| is_on(disk, &[DiskBus::Usb, DiskBus::Sd]))],
        "a disk on this bus cannot have `geometry`",
        [
            r#""geometry": { "cyls": 100, "heads": 16, "secs": 63 }, "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "usb" }"#,
            r#""geometry": { "cyls": 100, "heads": 16, "secs": 63 }, "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    ),
    refuse(
        "disk-geometry-translation",
        &[Has("geometry.trans"), That(|disk, _| is_off(disk, &[DiskBus::Ide]))],
        "`trans` requires a disk on the IDE bus",
        [
            r#""geometry": { "cyls": 100, "heads": 16, "secs": 63, "trans": "lba" }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""geometry": { "cyls": 100, "heads": 16, "secs": 63, "trans": "lba" }, "source": { "file": "/vm.img" }, "target": { "dev": "hda", "bus": "ide" }"#,
        ],
    ),
    refuse(
        "disk-copy-on-read",
        &[Is("driver.copy_on_read", &["on"]), Any(&[Has("readonly"), Is("device", &["cdrom", "floppy", "lun"])])],
        "`copy_on_read` requires a writable hard disk",
        [
            r#""driver": { "copy_on_read": true }, "readonly": true, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "copy_on_read": true }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-readonly-bus",
        &[Has("readonly"), Not("device", &["cdrom", "floppy", "lun"]), That(|disk, _| is_on(disk, &[DiskBus::Ide, DiskBus::Sata]))],
        "a hard disk on the IDE or SATA bus cannot be read-only: use virtio or scsi, or set device = \"cdrom\"",
        [
            r#""readonly": true, "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""readonly": true, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-usb-empty",
        &[That(|disk, _| lacks_source(disk)), Is("target.bus", &["usb"]), Not("model", &["usb-storage", "usb-bot"])],
        "a drive on the USB bus cannot be empty",
        [
            r#""device": "cdrom", "target": { "dev": "sda", "bus": "usb" }"#,
            r#""device": "cdrom", "source": { "file": "/a.iso" }, "target": { "dev": "sda", "bus": "usb" }"#,
        ],
    )
    .until(11, 4),
    refuse(
        "disk-usb-storage-empty",
        &[That(|disk, _| lacks_source(disk)), Is("model", &["usb-storage"])],
        "a drive of model \"usb-storage\" cannot be empty: use the model \"usb-bot\"",
        [
            r#""device": "cdrom", "model": "usb-storage", "target": { "dev": "sda", "bus": "usb" }"#,
            r#""device": "cdrom", "model": "usb-bot", "target": { "dev": "sda", "bus": "usb" }"#,
        ],
    )
    .since(11, 5),
    refuse(
        "disk-usb-model-bus",
        &[Is("model", &["usb-storage", "usb-bot"]), That(|disk, _| is_on(disk, &[DiskBus::Virtio]))],
        "this `model` requires a disk on the USB bus",
        [
            r#""model": "usb-bot", "source": { "file": "/vm.img" }, "target": { "dev": "vda", "bus": "virtio" }"#,
            r#""model": "usb-bot", "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "usb" }"#,
        ],
    )
    .since(11, 5),
    refuse(
        "disk-dpofua-bus",
        &[Given("target.dpofua"), That(|disk, _| is_off(disk, &[DiskBus::Scsi]))],
        "`dpofua` requires a disk on the SCSI bus",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "vda", "bus": "virtio", "dpofua": true }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi", "dpofua": true }"#,
        ],
    )
    .since(11, 10),
    refuse(
        "disk-dpofua-cdrom",
        &[Given("target.dpofua"), Is("device", &["cdrom"])],
        "a CD-ROM drive cannot have `dpofua`",
        [
            r#""device": "cdrom", "source": { "file": "/a.iso" }, "target": { "dev": "sda", "bus": "scsi", "dpofua": true }"#,
            r#""device": "cdrom", "source": { "file": "/a.iso" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    )
    .since(11, 10),
    refuse(
        "disk-lun-blockio",
        &[Has("blockio"), Is("device", &["lun"])],
        "a disk of type \"lun\" cannot have `blockio`",
        [
            r#""type": "block", "device": "lun", "source": { "dev": "/dev/sdb" }, "target": { "dev": "sda", "bus": "scsi" }, "blockio": { "logical_block_size": 512 }"#,
            r#""type": "block", "device": "disk", "source": { "dev": "/dev/sdb" }, "target": { "dev": "sda", "bus": "scsi" }, "blockio": { "logical_block_size": 512 }"#,
        ],
    )
    .accepted_before(12, 8),
    refuse(
        "disk-vxhs",
        &[Is("source.protocol", &["vxhs"]), Is("type", &["network"])],
        "QEMU no longer supports VxHS",
        [
            r#""type": "network", "source": { "protocol": "vxhs", "name": "vm", "host": { "name": "a" } }, "target": { "dev": "vda" }"#,
            r#""type": "network", "source": { "protocol": "nbd", "host": { "name": "a" } }, "target": { "dev": "vda" }"#,
        ],
    )
    .accepted_before(12, 8),
    refuse(
        "disk-statistic-interval",
        &[Below("driver.statistics.statistic.interval", 1)],
        "an interval must be at least 1 second",
        [
            r#""driver": { "statistics": { "statistic": { "interval": 0 } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "statistics": { "statistic": { "interval": 1 } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    )
    .since(11, 9),
    refuse(
        "disk-histogram-order",
        &[Has("driver.statistics.latency-histogram"), That(|disk, _| has_unordered_bins(disk))],
        "each bin of a histogram must start later than the one before",
        [
            r#""driver": { "statistics": { "latency-histogram": { "bin": [{ "start": 0 }, { "start": 9 }, { "start": 5 }] } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "statistics": { "latency-histogram": { "bin": [{ "start": 0 }, { "start": 5 }, { "start": 9 }] } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    )
    .since(12, 1),
    refuse(
        "disk-histogram-bins",
        &[Below("driver.statistics.latency-histogram.bin.start", 1), That(|disk, _| has_single_bin(disk))],
        "a histogram needs a bin that starts later than 0",
        [
            r#""driver": { "statistics": { "latency-histogram": { "bin": { "start": 0 } } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "statistics": { "latency-histogram": { "bin": [{ "start": 0 }, { "start": 5 }] } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    )
    .since(12, 1),
    refuse(
        "disk-histogram-twice",
        &[Has("driver.statistics.latency-histogram"), That(|disk, _| has_equal_histograms(disk))],
        "a disk can have only one histogram for each kind of requests",
        [
            r#""driver": { "statistics": { "latency-histogram": [{ "type": "read", "bin": { "start": 3 } }, { "type": "read", "bin": { "start": 5 } }] } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "statistics": { "latency-histogram": [{ "type": "read", "bin": { "start": 3 } }, { "type": "write", "bin": { "start": 5 } }] } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    )
    .since(12, 1),
    refuse(
        "disk-serial-sd",
        &[Has("serial"), Is("target.bus", &["sd"])],
        "a disk on the bus \"sd\" has no serial number",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sd" }, "serial": "1""#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sd" }"#,
        ],
    ),
    refuse(
        "disk-nvme-serial",
        &[That(|disk, domain| nvme_of_disk(disk).is_some_and(|index| lacks_nvme_serial(domain, index))), Any(&[Is("target.bus", &["nvme"]), Text("target.dev", |name| name.starts_with("nvme"))])],
        "NVMe controllers need serial numbers: set `serial` of a disk of this controller, and of each controller with a lower number",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1""#,
        ],
    )
    .since(11, 5),
    refuse(
        "disk-nvme-number",
        &[Lacks("address"), That(|disk, _| View::<Disk>::new(disk).target().and_then(View::nvme).is_some_and(|(_, disk)| disk == 0))],
        "the disks of an NVMe controller are numbered from 1, as in nvme0n1",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n0", "bus": "sata" }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "sata" }"#,
        ],
    )
    .since(11, 5),
    refuse(
        "disk-nvme-serial-length",
        &[Text("serial", |serial| serial.len() > 20), Is("target.bus", &["nvme"])],
        "the serial number of an NVMe disk can have at most 20 characters",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "123456789012345678901""#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "12345678901234567890""#,
        ],
    )
    .since(11, 5),
    refuse(
        "disk-nvme-geometry",
        &[Has("geometry"), Is("target.bus", &["nvme"])],
        "an NVMe disk cannot have `geometry`",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1", "geometry": { "cyls": 16, "heads": 4, "secs": 32 }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1""#,
        ],
    )
    .since(11, 5),
    refuse(
        "disk-nvme-serials",
        &[Has("serial"), Is("target.bus", &["nvme"]), That(|disk, domain| nvme_of_disk(disk).is_some_and(|index| nvme_serials(domain, index).len() > 1))],
        "all disks of an NVMe controller have the serial number of the controller",
        [
            r#""source": { "file": "/a.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1" }, { "source": { "file": "/b.img" }, "target": { "dev": "nvme0n2", "bus": "nvme" }, "serial": "2""#,
            r#""source": { "file": "/a.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1" }, { "source": { "file": "/b.img" }, "target": { "dev": "nvme0n2", "bus": "nvme" }, "serial": "1""#,
        ],
    )
    .listed()
    .since(11, 5),
    refuse(
        "disk-nvme-address",
        &[Other("address.type", &["drive"]), Is("target.bus", &["nvme"])],
        "a disk on the NVMe bus needs an address of type \"drive\"",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1", "address": { "type": "pci", "slot": 9 }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1", "address": { "type": "drive" }"#,
        ],
    )
    .since(11, 5),
    refuse(
        "disk-floppy-arm",
        &[Is("device", &["floppy"]), That(|_, domain| super::is_arm(domain))],
        "Arm machines have no floppy drives",
        [
            r#""device": "floppy", "source": { "file": "/a.img" }, "target": { "dev": "fda" }"#,
            r#""device": "cdrom", "source": { "file": "/a.img" }, "target": { "dev": "sda", "bus": "scsi" }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#)
    .accepted_before(11, 4),
    refuse(
        "disk-io-native-cache",
        &[Is("driver.io", &["native"]), Not("driver.cache", &["none", "directsync"])],
        "I/O method \"native\" requires cache mode \"none\" or \"directsync\"",
        [
            r#""driver": { "io": "native" }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "io": "native", "cache": "none" }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-iotune-group",
        &[Has("iotune.group_name"), That(|disk, _| has_one_part(disk, "iotune"))],
        "`group_name` requires a limit, which the disks of the group share",
        [
            r#""iotune": { "group_name": "a" }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""iotune": { "group_name": "a", "total_iops_sec": 100 }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-ide-machine",
        &[Has("target"), That(|disk, _| is_on(disk, &[DiskBus::Ide])), That(|_, domain| is_machine(domain, "q35") || is_machine(domain, "virt"))],
        "this machine has no IDE: use sata, scsi or virtio",
        [
            r#""source": { "file": "/vm.img" }, "target": { "dev": "hda", "bus": "ide" }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "disk-iotune-limit",
        &[Has("iotune"), That(|disk, _| has_high_limit(disk))],
        "a limit of `iotune` must be at most 10^15",
        [
            r#""iotune": { "total_iops_sec": 1000000000000001 }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""iotune": { "total_iops_sec": 1000000000000000 }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-transient",
        &[
            Has("transient"),
            Any(&[Has("readonly"), Other("type", &["file"]), Is("device", &["cdrom", "floppy", "lun"])]),
        ],
        "a transient disk must be a writable hard disk in a file",
        [
            r#""transient": true, "readonly": true, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""transient": true, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-transient-shared",
        &[Is("transient.shareBacking", &["yes"]), That(|disk, _| is_off(disk, &[DiskBus::Virtio, DiskBus::Scsi, DiskBus::Usb]))],
        "`shareBacking` requires a disk on the virtio, SCSI or USB bus",
        [
            r#""transient": { "shareBacking": true }, "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""transient": { "shareBacking": true }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-shareable-format",
        &[
            Has("shareable"),
            Any(&[
                Is("driver.type", &["qcow", "qcow2", "qed", "vmdk", "vdi", "vpc", "cloop", "dmg", "bochs", "ploop"]),
                That(|disk, _| text(disk, "type") == Some("volume") && first(disk, "driver.type").is_none()),
            ]),
            That(|disk, _| !is_read_only(disk)),
        ],
        "`shareable` requires a raw image: set driver.type = \"raw\"",
        [
            r#""shareable": true, "driver": { "type": "qcow2" }, "source": { "file": "/vm.qcow2" }, "target": { "dev": "vda" }"#,
            r#""shareable": true, "driver": { "type": "raw" }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-driver-name",
        &[Other("driver.name", &["qemu"])],
        "the name of the driver must be \"qemu\": omit it",
        [
            r#""driver": { "name": "tap", "type": "raw" }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""driver": { "name": "qemu", "type": "raw" }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-driver-format",
        &[Is("driver.type", &["cow", "dir", "iso"])],
        "QEMU does not know this format: the format of ISO images is \"raw\"",
        [
            r#""device": "cdrom", "driver": { "type": "iso" }, "source": { "file": "/a.iso" }, "target": { "dev": "sda", "bus": "sata" }"#,
            r#""device": "cdrom", "driver": { "type": "raw" }, "source": { "file": "/a.iso" }, "target": { "dev": "sda", "bus": "sata" }"#,
        ],
    ),
    refuse(
        "disk-fat-type",
        &[Is("driver.type", &["fat"]), Not("type", &["dir", "volume"])],
        "format \"fat\" requires a disk of type \"dir\"",
        [
            r#""driver": { "type": "fat" }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
            r#""type": "dir", "driver": { "type": "fat" }, "readonly": true, "source": { "dir": "/srv" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-dir-format",
        &[Other("driver.type", &["fat"]), Is("type", &["dir"])],
        "a disk of type \"dir\" must have the format \"fat\"",
        [
            r#""type": "dir", "driver": { "type": "raw" }, "readonly": true, "source": { "dir": "/srv" }, "target": { "dev": "vda" }"#,
            r#""type": "dir", "driver": { "type": "fat" }, "readonly": true, "source": { "dir": "/srv" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-dir-writable",
        &[Is("type", &["dir"]), Not("device", &["cdrom"]), That(|disk, _| !is_read_only(disk))],
        "a disk of type \"dir\" must be read-only: set readonly = true",
        [
            r#""type": "dir", "driver": { "type": "fat" }, "source": { "dir": "/srv" }, "target": { "dev": "vda" }"#,
            r#""type": "dir", "driver": { "type": "fat" }, "readonly": true, "source": { "dir": "/srv" }, "target": { "dev": "vda" }"#,
        ],
    ),
    refuse(
        "disk-vhostuser-part",
        &[Any(&[
                Has("driver.cache"),
                Has("driver.error_policy"),
                Has("driver.rerror_policy"),
                Has("driver.io"),
                Given("driver.ioeventfd"),
                Given("driver.copy_on_read"),
                Has("driver.discard"),
                Has("driver.iothread"),
                Has("driver.detect_zeroes"),
                Has("driver.metadata_cache"),
                Has("iotune"),
                Has("backingStore"),
                Has("encryption"),
                Has("readonly"),
                Has("shareable"),
                Has("transient"),
                Has("serial"),
                Has("wwn"),
                Has("vendor"),
                Has("product"),
                Has("auth"),
                Has("geometry"),
                Has("blockio"),
            ]), Is("type", &["vhostuser"])],
        "a disk of type \"vhostuser\" cannot have this setting: the program that serves the disk decides",
        [
            r#""type": "vhostuser", "snapshot": "no", "serial": "1", "source": { "type": "unix", "path": "/run/blk" }, "target": { "dev": "vda" }"#,
            r#""type": "vhostuser", "snapshot": "no", "source": { "type": "unix", "path": "/run/blk" }, "target": { "dev": "vda" }"#,
        ],
    )
    .beside(SHARED),
    refuse(
        "disk-vhostuser-bus",
        &[Is("type", &["vhostuser"]), That(is_off_virtio)],
        "a disk of type \"vhostuser\" must be on the virtio bus",
        [
            r#""type": "vhostuser", "snapshot": "no", "source": { "type": "unix", "path": "/run/blk" }, "target": { "dev": "sda", "bus": "scsi" }"#,
            r#""type": "vhostuser", "snapshot": "no", "source": { "type": "unix", "path": "/run/blk" }, "target": { "dev": "vda" }"#,
        ],
    )
    .beside(SHARED),
    refuse(
        "disk-vhostuser-snapshot",
        &[Other("snapshot", &["no"]), Is("type", &["vhostuser"])],
        "a disk of type \"vhostuser\" cannot have snapshots: set snapshot = \"no\"",
        [
            r#""type": "vhostuser", "snapshot": "external", "source": { "type": "unix", "path": "/run/blk" }, "target": { "dev": "vda" }"#,
            r#""type": "vhostuser", "snapshot": "no", "source": { "type": "unix", "path": "/run/blk" }, "target": { "dev": "vda" }"#,
        ],
    )
    .beside(SHARED),
    refuse(
        "disk-vhostuser-memory",
        &[Is("type", &["vhostuser", "vhostvdpa"]), That(|_, domain| !super::shares_memory(domain))],
        "a disk of type \"vhostuser\" or \"vhostvdpa\" requires shared memory: set memoryBacking.access.mode = \"shared\"",
        [
            r#""type": "vhostuser", "snapshot": "no", "source": { "type": "unix", "path": "/run/blk" }, "target": { "dev": "vda" }"#,
            r#""source": { "file": "/vm.img" }, "target": { "dev": "vda" }"#,
        ],
    ),
];

/// Returns whether a disk has no source, or one that does not say where the image is.
fn lacks_source(disk: Value<'_>) -> bool {
    let source = disk.attribute("source");
    let lacks = |part: &str| source.and_then(|source| source.attribute(part)).is_none();
    match disk.attribute("type").and_then(Value::text) {
        // A file descriptor without a file is a problem of its own.
        None | Some("file") => lacks("file") && lacks("fdgroup"),
        Some("block") => lacks("dev"),
        Some("dir") => lacks("dir"),
        _ => source.is_none(),
    }
}

/// The parts of a domain whose memory other programs share.
pub(super) const SHARED: &str = r#""memoryBacking": { "source": { "type": "memfd" }, "access": { "mode": "shared" } }"#;

fn has_secret_of_another_protocol(disk: Value<'_>) -> bool {
    let source = disk.attribute("source");
    let protocol = source.and_then(|source| source.attribute("protocol")?.text());
    let auth = disk.attribute("auth").or_else(|| source?.attribute("auth"));
    let secret = auth.and_then(|auth| auth.attribute("secret")?.attribute("type")?.text());
    matches!((protocol, secret), (Some("iscsi"), Some("ceph")) | (Some("rbd"), Some("iscsi")))
}

fn has_one_part(disk: Value<'_>, name: &str) -> bool {
    disk.attribute(name).is_some_and(|part| part.children().len() == 1)
}

/// Returns whether a limit of a disk, other than the length of a burst, is above that of QEMU.
fn has_high_limit(disk: Value<'_>) -> bool {
    let is_limit = |part: &Value<'_>| part.key().ends_with("_sec") || part.key().ends_with("_max");
    let limits = disk.attribute("iotune").into_iter().flat_map(Value::parts).filter(is_limit);
    limits.into_iter().any(|limit| bytes(limit, "bytes").is_some_and(|limit| limit > 1_000_000_000_000_000))
}

fn has_odd_block(disk: Value<'_>) -> bool {
    let sizes = disk.attribute("blockio").into_iter().flat_map(Value::parts);
    let is_odd = |size: Value<'_>| match size.data() {
        Data::Int(number) => u32::try_from(*number).is_err(),
        Data::Text(number) if number.starts_with('-') => true,
        _ => bytes(size, "bytes").is_some_and(|size| size >= 1 << 32),
    };
    sizes.into_iter().any(is_odd)
}

fn is_read_only(disk: Value<'_>) -> bool {
    super::find(disk, "readonly", &|part| *part.data() != Data::Bool(false)).is_some()
}

fn lacks_throttle_group(disk: Value<'_>, domain: Value<'_>) -> bool {
    let groups = parts(domain, &["throttlegroups", "throttlegroup", "group_name"]);
    let filters = parts(disk, &["throttlefilters", "throttlefilter", "group"]);
    filters.iter().any(|filter| !groups.iter().any(|group| group.xml_text() == filter.xml_text()))
}

fn is_floppy_name(name: &str) -> bool {
    name.strip_prefix("ioemu:").unwrap_or(name).starts_with("fd")
}

/// Returns whether the name of an NVMe disk has the number of a partition, other than the first, for which libvirt takes it.
fn has_partition(name: &str) -> bool {
    let place = name.strip_prefix("ioemu:").unwrap_or(name).strip_prefix("nvme");
    place.and_then(|place| place.split_once('p')).is_some_and(|(_, partition)| partition != "1")
}

/// Returns whether libvirt reads a name as that of a place of a disk on its bus: letters, which 0 may follow, but not the
/// number of a partition.
fn is_disk_name(name: &str) -> bool {
    let name = name.strip_prefix("ioemu:").unwrap_or(name);
    let Some(place) = ["fd", "hd", "sd", "xvd", "vd", "ubd"].iter().find_map(|bus| name.strip_prefix(bus)) else {
        return true;
    };
    let partition = place.trim_start_matches(|it: char| it.is_ascii_lowercase());
    partition.len() < place.len() && matches!(partition, "" | "0")
}
