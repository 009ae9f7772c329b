//! What libvirt refuses of controllers.

use super::super::refusal::Test::{Above, Any, AnyOf, Below, Given, Has, Is, Lacks, Not, Other, Text, That};
use super::super::refusal::{Key, Refusal, refuse};
use super::disk::{has_nvme_disk, lacks_nvme_serial};
use super::{
    first, is_arm, is_machine, is_other_machine, is_x86, is_x86_or_arm, number, of_os, one_at_most, parts, size, text,
};
use crate::engine::value::Value;
use crate::rules::pci_bus::pci_address;
use std::collections::BTreeSet;

/// The models of SCSI controllers that are virtio devices.
const VIRTIO_SCSI: &[&str] = &["virtio-scsi", "virtio-transitional", "virtio-non-transitional"];

/// The models of PCI controllers that are roots.
pub(in crate::rules) const ROOTS: &[&str] = &["pci-root", "pcie-root"];

/// The number of ports of a virtio-serial controller that declares none.
const SERIAL_PORTS: u32 = 31;

/// The rows on each controller.
pub(super) const ROWS: &[Refusal] = &[
    refuse(
        "controller-index-taken",
        &[Has("index"), Not("type", &["usb"])],
        "another controller of this type has this index already",
        [
            r#""type": "scsi", "index": 0, "model": "virtio-scsi" }, { "type": "scsi", "index": 0, "model": "virtio-scsi""#,
            r#""type": "scsi", "index": 0, "model": "virtio-scsi" }, { "type": "scsi", "index": 1, "model": "virtio-scsi""#,
        ],
    )
    .once(place)
    .listed(),
    refuse(
        "controller-ide-machine",
        &[Is("type", &["ide"]), That(|_, domain| is_machine(domain, "q35") || is_machine(domain, "virt"))],
        "this machine has no IDE: use sata, scsi or virtio",
        [r#""type": "ide""#, r#""type": "sata""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-ide-second",
        &[Above("index", 0), Is("type", &["ide"]), That(|_, domain| is_machine(domain, "pc"))],
        "the machine \"pc\" has only one IDE controller",
        [r#""type": "ide", "index": 1"#, r#""type": "ide", "index": 0"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "controller-ide-twice",
        &[Is("type", &["ide"]), That(|_, domain| is_machine(domain, "pc"))],
        "the machine \"pc\" has only one IDE controller",
        [r#""type": "ide" }, { "type": "ide""#, r#""type": "ide""#],
    )
    .once(one_at_most)
    .listed()
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "controller-scsi-driver",
        &[
            AnyOf("driver", &[Has("queues"), Has("cmd_per_lun"), Has("max_sectors"), Given("ioeventfd")]),
            Any(&[Not("type", &["scsi", "nvme"]), That(|it, _| has_other_scsi_model(it))]),
        ],
        "`driver` requires a controller of model \"virtio-scsi\"",
        [
            r#""type": "scsi", "model": "lsilogic", "driver": { "queues": 2 }"#,
            r#""type": "scsi", "model": "virtio-scsi", "driver": { "queues": 2 }"#,
        ],
    ),
    refuse(
        "controller-nvme-address",
        &[Is("address.type", &["drive"]), Is("type", &["nvme"])],
        "an NVMe controller is a PCI device: its address cannot have type \"drive\"",
        [
            r#""type": "nvme", "index": 0, "serial": "1", "address": { "type": "drive" }"#,
            r#""type": "nvme", "index": 0, "serial": "1""#,
        ],
    )
    .since(11, 5),
    refuse(
        "controller-nvme-serial-length",
        &[Text("serial", |serial| serial.len() > 20), Is("type", &["nvme"])],
        "the serial number of an NVMe controller can have at most 20 characters",
        [
            r#""type": "nvme", "index": 0, "serial": "123456789012345678901""#,
            r#""type": "nvme", "index": 0, "serial": "12345678901234567890""#,
        ],
    )
    .since(12, 7),
    refuse(
        "controller-nvme-driver",
        &[AnyOf("driver", &[Has("cmd_per_lun"), Has("max_sectors")]), Is("type", &["nvme"])],
        "an NVMe controller has only `queues` and `ioeventfd` in `driver`",
        [
            r#""type": "nvme", "index": 0, "serial": "1", "driver": { "max_sectors": 512 }"#,
            r#""type": "nvme", "index": 0, "serial": "1", "driver": { "queues": 2 }"#,
        ],
    )
    .since(11, 5),
    refuse(
        "controller-iothread-model",
        &[Any(&[Has("driver.iothread"), Has("driver.iothreads")]), Any(&[Not("type", &["scsi"]), That(|it, _| has_other_scsi_model(it))])],
        "I/O threads require a SCSI controller of model \"virtio-scsi\"",
        [
            r#""type": "scsi", "model": "lsilogic", "driver": { "iothread": 1 }"#,
            r#""type": "scsi", "model": "virtio-scsi", "driver": { "iothread": 1 }"#,
        ],
    )
    .beside(r#""iothreads": 1"#),
    refuse(
        "controller-iothread-twice",
        &[Has("driver.iothread"), Has("driver.iothreads")],
        "`iothread` conflicts with `iothreads`: remove one of them",
        [
            r#""type": "scsi", "model": "virtio-scsi", "driver": { "iothread": 1, "iothreads": { "iothread": { "id": 1 } } }"#,
            r#""type": "scsi", "model": "virtio-scsi", "driver": { "iothread": 1 }"#,
        ],
    )
    .beside(r#""iothreads": 1"#),
    refuse(
        "controller-scsi-model",
        &[Is("model", &["buslogic"]), Is("type", &["scsi"])],
        "QEMU has no SCSI controller of this model",
        [r#""type": "scsi", "model": "buslogic""#, r#""type": "scsi", "model": "virtio-scsi""#],
    ),
    refuse(
        "controller-scsi-machine",
        &[Is("model", &["ncr53c90"]), That(|_, domain| is_x86_or_arm(domain))],
        "the machine has no SCSI controller of this model: use virtio-scsi",
        [r#""type": "scsi", "model": "ncr53c90""#, r#""type": "scsi", "model": "virtio-scsi""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-usb-model",
        &[Is("model", &["qusb1", "qusb2"]), Is("type", &["usb"])],
        "QEMU has no USB controller of this model: use qemu-xhci",
        [r#""type": "usb", "model": "qusb2""#, r#""type": "usb", "model": "qemu-xhci""#],
    ),
    refuse(
        "controller-usb-ports",
        &[
            Above("ports", 15),
            Is("type", &["usb"]),
            // libvirt gives the machine `virt` a controller of the model qemu-xhci.
            Any(&[
                Is("model", &["nec-xhci", "qemu-xhci"]),
                That(|it, domain| it.attribute("model").is_none() && is_machine(domain, "virt")),
            ]),
        ],
        "a USB controller can have at most 15 ports",
        [r#""type": "usb", "model": "qemu-xhci", "ports": 16"#, r#""type": "usb", "model": "qemu-xhci", "ports": 15"#],
    ),
    refuse(
        "controller-usb-no-ports",
        &[Below("ports", 1), Is("type", &["usb"]), That(lacks_usb_ports)],
        "the guest has USB devices, but its only USB controller has no ports: omit `ports`",
        [r#""type": "usb", "model": "qemu-xhci", "ports": 0"#, r#""type": "usb", "model": "qemu-xhci", "ports": 4"#],
    )
    .within(r#""input": { "type": "tablet", "bus": "usb" }"#),
    refuse(
        "controller-usb-none-beside",
        &[Is("model", &["none"]), Is("type", &["usb"]), That(|_, domain| of_type(domain, "usb").len() > 1)],
        "model \"none\" disables USB, but the guest has other USB controllers",
        [r#""type": "usb", "model": "none" }, { "type": "usb", "model": "qemu-xhci", "index": 1"#, r#""type": "usb", "model": "none""#],
    )
    .listed(),
    refuse(
        "controller-usb-none-devices",
        &[Is("model", &["none"]), Is("type", &["usb"]), That(|_, domain| has_usb_devices(domain))],
        "model \"none\" disables USB, but the guest has USB devices",
        [r#""type": "usb", "model": "none""#, r#""type": "usb", "model": "qemu-xhci""#],
    )
    .within(r#""input": { "type": "tablet", "bus": "usb" }"#),
    refuse(
        "controller-usb-master",
        &[Is("type", &["usb"]), That(|it, domain| is_companion(&it) && of_type(domain, "usb").iter().all(is_companion))],
        "a companion controller (`master`, or a model \"ich9-uhci…\") requires another USB controller, such as \"ich9-ehci1\"",
        [
            r#""type": "usb", "model": "ich9-uhci1", "master": { "startport": 0 }"#,
            r#""type": "usb", "model": "ich9-ehci1" }, { "type": "usb", "model": "ich9-uhci1", "master": { "startport": 0 }"#,
        ],
    )
    .listed(),
    refuse(
        "controller-usb-master-port",
        &[Text("master.startport", |port| port.contains('.'))],
        "`startport` must be a single number: a port of the master controller itself",
        [
            r#""type": "usb", "model": "ich9-ehci1" }, { "type": "usb", "model": "ich9-uhci1", "master": { "startport": "0.1" }"#,
            r#""type": "usb", "model": "ich9-ehci1" }, { "type": "usb", "model": "ich9-uhci1", "master": { "startport": "0" }"#,
        ],
    )
    .listed(),
    refuse(
        "controller-pci-root-address",
        &[Has("address"), Is("type", &["pci"]), Is("model", ROOTS)],
        "a PCI root cannot have an address",
        [r#""type": "pci", "model": "pcie-root", "address": "00:05.0""#, r#""type": "pci", "model": "pcie-root""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-root-again",
        &[
            Is("model", ROOTS),
            Is("type", &["pci"]),
            Lacks("index"),
            That(|it, domain| has_one_root(domain) && !gets_index_0(it, domain)),
        ],
        "a PCI root without `index` must be the first PCI controller without one, and a guest has one PCI root",
        [
            r#""type": "pci", "model": "pcie-root" }, { "type": "pci", "model": "pcie-root""#,
            r#""type": "pci", "model": "pcie-root" }, { "type": "pci", "model": "pcie-root-port""#,
        ],
    )
    .listed()
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-root-index",
        &[Above("index", 0), Is("type", &["pci"]), Is("model", ROOTS), That(|_, domain| has_one_root(domain))],
        "the index of a PCI root must be 0",
        [r#""type": "pci", "index": 1, "model": "pcie-root""#, r#""type": "pci", "index": 0, "model": "pcie-root""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-index",
        &[Below("index", 1), Is("type", &["pci"]), Other("model", ROOTS)],
        "index 0 belongs to the PCI root",
        [r#""type": "pci", "index": 0, "model": "pcie-root-port""#, r#""type": "pci", "index": 1, "model": "pcie-root-port""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-index-missing",
        &[Is("type", &["pci"]), Lacks("index"), Other("model", ROOTS), That(|it, domain| has_pci(domain) && gets_index_0(it, domain))],
        "a PCI controller without `index` gets the index 0 of the PCI root, because no PCI root is declared before it: set `index`",
        [r#""type": "pci", "model": "pcie-root-port""#, r#""type": "pci", "index": 1, "model": "pcie-root-port""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-type",
        &[Is("type", &["xenbus", "isa"])],
        "QEMU has no such controller",
        [r#""type": "xenbus""#, r#""type": "virtio-serial""#],
    ),
    refuse(
        "controller-pci-index-high",
        &[Above("index", 255), Is("type", &["pci"])],
        "the index of a PCI controller must be at most 255",
        [r#""type": "pci", "index": 256, "model": "pcie-root-port""#, r#""type": "pci", "index": 1, "model": "pcie-root-port""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-model-name",
        &[Has("model.name"), Is("type", &["pci"]), That(has_other_model_name)],
        "the device `name` does not fit the `model`: omit it, and libvirt chooses the right one",
        [
            r#""type": "pci", "index": 1, "model": ["pcie-root-port", { "name": "pci-bridge" }]"#,
            r#""type": "pci", "index": 1, "model": ["pcie-root-port", { "name": "ioh3420" }]"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-chassis",
        &[Any(&[Has("target.chassis"), Given("target.port")]), Is("type", &["pci"]), Not("model", &["pcie-root-port", "pcie-switch-downstream-port"])],
        "`chassis` and `port` require a PCIe root port or downstream port",
        [
            r#""type": "pci", "index": 1, "model": "pcie-to-pci-bridge", "target": { "chassis": 1 }"#,
            r#""type": "pci", "index": 1, "model": "pcie-root-port", "target": { "chassis": 1 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-chassis-number",
        &[Has("target.chassisNr"), Is("type", &["pci"]), Not("model", &["pci-bridge"])],
        "`chassisNr` requires a PCI bridge",
        [
            r#""type": "pci", "index": 1, "model": "pci-expander-bus", "target": { "busNr": 200, "chassisNr": 1 }"#,
            r#""type": "pci", "index": 1, "model": "pci-bridge", "target": { "chassisNr": 1 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "controller-pci-chassis-zero",
        &[Below("target.chassisNr", 1), Is("type", &["pci"])],
        "`chassisNr` must be 1 to 255",
        [
            r#""type": "pci", "index": 1, "model": "pci-bridge", "target": { "chassisNr": 0 }"#,
            r#""type": "pci", "index": 1, "model": "pci-bridge", "target": { "chassisNr": 1 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "controller-pci-reserve-model",
        &[Has("target.memReserve"), Is("type", &["pci"]), Other("model", &["pcie-root-port", "pci-bridge"])],
        "`memReserve` requires a PCIe root port or a PCI bridge",
        [
            r#""type": "pci", "index": 1, "model": "pcie-to-pci-bridge", "target": { "memReserve": 65536 }"#,
            r#""type": "pci", "index": 1, "model": "pcie-root-port", "target": { "memReserve": 65536 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-reserve",
        &[Below("target.memReserve", 1), Is("type", &["pci"])],
        "`memReserve` must be at least 1 KiB: omit it",
        [
            r#""type": "pci", "index": 1, "model": "pcie-root-port", "target": { "memReserve": 0 }"#,
            r#""type": "pci", "index": 1, "model": "pcie-root-port", "target": { "memReserve": 65536 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-bus-number",
        &[Any(&[Has("target.busNr"), Given("target.node")]), Is("type", &["pci"]), Any(&[Not("model", &["pci-expander-bus", "pcie-expander-bus", "pci-root"]), That(is_lone_pci_root)])],
        "`busNr` and `node` require an expander bus",
        [
            r#""type": "pci", "index": 1, "model": "pcie-root-port", "target": { "busNr": 200 }"#,
            r#""type": "pci", "index": 1, "model": "pcie-expander-bus", "target": { "busNr": 200 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-target-index",
        &[Given("target.index"), Is("type", &["pci"]), Any(&[Not("model", &["pci-root"]), That(is_lone_pci_root)])],
        "`target.index` requires a PCI root of a POWER machine",
        [
            r#""type": "pci", "index": 1, "model": "pcie-root-port", "target": { "index": 1 }"#,
            r#""type": "pci", "index": 1, "model": "pcie-root-port""#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-target-index-high",
        &[Above("target.index", 30), Is("type", &["pci"]), Is("model", &["pci-root"]), That(|it, domain| !is_lone_pci_root(it, domain))],
        "`target.index` must be at most 30",
        [r#""type": "pci", "model": "pci-root", "target": { "index": 31 }"#, r#""type": "pci", "model": "pci-root""#],
    )
    .beside(r#""os": { "type": "hvm" }"#),
    refuse(
        "controller-pci-node-unknown",
        &[Given("target.node"), Is("type", &["pci"]), That(is_beyond_cells)],
        "the guest has no NUMA node of this number",
        [
            r#""type": "pci", "index": 1, "model": "pcie-expander-bus", "target": { "busNr": 200, "node": 1 }"#,
            r#""type": "pci", "index": 1, "model": "pcie-expander-bus", "target": { "busNr": 200, "node": 0 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "cpu": { "numa": { "cell": { "cpus": "0", "memory": "64 MiB" } } }"#),
    refuse(
        "controller-pci-root-of-machine",
        &[Is("type", &["pci"]), That(is_root_of_other_machine)],
        "the PCI root does not fit the machine: \"q35\" and \"virt\" have pcie-root, \"pc\" has pci-root",
        [r#""type": "pci", "model": "pci-root""#, r#""type": "pci", "model": "pcie-root""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-place-of-machine",
        &[Has("address"), Is("type", &["sata", "ide", "usb"]), That(is_elsewhere)],
        "the first controller of this type is part of the chipset, which sets its address: omit `address`",
        [r#""type": "sata", "address": "00:05.0""#, r#""type": "sata", "address": "00:1f.2""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-expander-machine",
        &[
            Is("type", &["pci"]),
            Any(&[
                That(|it, domain| is_root(it, "pci-expander-bus") && is_other_machine(domain, "pc")),
                That(|it, domain| is_root(it, "pcie-expander-bus") && is_machine(domain, "pc")),
            ]),
        ],
        "the expander bus does not fit the machine: \"q35\" has pcie-expander-bus, \"pc\" has pci-expander-bus",
        [
            r#""type": "pci", "index": 1, "model": "pci-expander-bus", "target": { "busNr": 200 }"#,
            r#""type": "pci", "index": 1, "model": "pcie-expander-bus", "target": { "busNr": 200 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pcie-machine",
        &[
            Is("model", &["pcie-root-port", "pcie-to-pci-bridge", "dmi-to-pci-bridge", "pcie-switch-upstream-port", "pcie-switch-downstream-port"]),
            Is("type", &["pci"]),
            That(|_, domain| is_machine(domain, "pc")),
        ],
        "the machine \"pc\" has no PCI Express: use pci-bridge",
        [r#""type": "pci", "index": 1, "model": "pcie-to-pci-bridge""#, r#""type": "pci", "index": 1, "model": "pci-bridge""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "controller-pci-bridge-bus",
        &[Is("model", &["pci-bridge"]), Is("type", &["pci"]), Has("address"), That(|it, _| is_below_its_bus(it))],
        "the index of a PCI bridge must be higher than the bus that the bridge is on",
        [
            r#""type": "pci", "index": 1, "model": "pci-bridge", "address": "02:01.0""#,
            r#""type": "pci", "index": 3, "model": "pci-bridge", "address": "02:01.0""#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "controller-pci-bridge-parent",
        &[Is("model", &["pci-bridge"]), Is("type", &["pci"]), That(lacks_bridge)],
        "a PCI bridge needs a bus of conventional PCI on this machine: add { type = \"pci\"; model = \"pcie-to-pci-bridge\"; } with a lower index",
        [
            r#""type": "pci", "index": 3, "model": "pci-bridge""#,
            r#""type": "pci", "index": 2, "model": "pcie-to-pci-bridge" }, { "type": "pci", "index": 3, "model": "pci-bridge""#,
        ],
    )
    .listed()
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-bridge-port",
        &[Is("model", &["pcie-to-pci-bridge"]), Is("type", &["pci"]), That(lacks_port)],
        "the guest has no port for this bridge, and libvirt adds none: add { type = \"pci\"; model = \"pcie-root-port\"; }, or set a higher index",
        [
            r#""type": "pci", "index": 1, "model": "pcie-to-pci-bridge""#,
            r#""type": "pci", "index": 1, "model": "pcie-root-port" }, { "type": "pci", "index": 2, "model": "pcie-to-pci-bridge""#,
        ],
    )
    .listed()
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#)
    .until(11, 3),
    refuse(
        "controller-pci-downstream",
        &[Is("model", &["pcie-switch-downstream-port"]), Is("type", &["pci"]), That(|_, domain| !of_type(domain, "pci").iter().any(|it| is_root(*it, "pcie-switch-upstream-port")))],
        "a downstream port requires an upstream port: add { type = \"pci\"; model = \"pcie-switch-upstream-port\"; }",
        [
            r#""type": "pci", "index": 1, "model": "pcie-switch-downstream-port""#,
            r#""type": "pci", "index": 1, "model": "pcie-root-port" }, { "type": "pci", "index": 2, "model": "pcie-switch-upstream-port" }, { "type": "pci", "index": 3, "model": "pcie-switch-downstream-port""#,
        ],
    )
    .listed()
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pci-root-hotplug",
        &[Given("target.hotplug"), Is("model", &["pci-bridge", "dmi-to-pci-bridge", "pcie-to-pci-bridge", "pci-expander-bus", "pcie-expander-bus", "pcie-switch-upstream-port", "pcie-root"])],
        "a PCI controller of this model cannot have `hotplug`",
        [
            r#""type": "pci", "index": 1, "model": "pcie-to-pci-bridge", "target": { "hotplug": false }"#,
            r#""type": "pci", "index": 1, "model": "pcie-root-port", "target": { "hotplug": false }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "controller-pcihole64-large",
        &[Has("pcihole64"), That(|it, _| size(it, "pcihole64").is_some_and(|size| size > u64::MAX.into()))],
        "the size is too large: expected less than 16 EiB",
        [
            r#""type": "pci", "model": "pci-root", "pcihole64": 18446744073709551615"#,
            r#""type": "pci", "model": "pci-root", "pcihole64": 1048576"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "controller-pcihole64-machine",
        &[
            Has("pcihole64"),
            Any(&[
                That(|it, domain| is_root(it, "pci-root") && is_other_machine(domain, "pc")),
                That(|it, domain| is_root(it, "pcie-root") && is_other_machine(domain, "q35")),
            ]),
        ],
        "the size of the 64-bit PCI hole cannot be set on this machine",
        [r#""type": "pci", "model": "pcie-root", "pcihole64": "1 GiB""#, r#""type": "pci", "model": "pcie-root""#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#)
    .until(11, 3),
    refuse(
        "controller-nvme-serial",
        &[That(lacks_serial), Is("type", &["nvme"])],
        "NVMe controllers need serial numbers: set `serial` of this controller, and of each one with a lower number",
        [r#""type": "nvme", "index": 0"#, r#""type": "nvme", "index": 0, "serial": "1""#],
    )
    .since(11, 5),
];

/// Returns whether an NVMe controller has no serial number. If libvirt chooses its index, any NVMe disk may be on it.
fn lacks_serial(controller: Value<'_>, domain: Value<'_>) -> bool {
    match number(controller, "index") {
        Some(index) => lacks_nvme_serial(domain, index),
        None => text(controller, "serial").is_none_or(str::is_empty) && !has_nvme_disk(domain),
    }
}

/// Returns the type and the index of a controller. The companions of a USB controller share its index.
fn place(controller: Value<'_>) -> Option<Key<'_>> {
    Some((text(controller, "type").unwrap_or_default().into(), number(controller, "index")?))
}

fn of_type<'a>(domain: Value<'a>, kind: &str) -> Vec<Value<'a>> {
    parts(domain, &["devices", "controller"]).into_iter().filter(|it| text(*it, "type") == Some(kind)).collect()
}

fn is_root(controller: Value<'_>, model: &str) -> bool {
    text(controller, "model") == Some(model)
}

fn is_root_of_other_machine(controller: Value<'_>, domain: Value<'_>) -> bool {
    is_root(controller, "pci-root") && has_pcie(domain) || is_root(controller, "pcie-root") && is_machine(domain, "pc")
}

/// Returns whether the first SATA or IDE controller, which the chipset has, is at another address than there.
fn is_elsewhere(controller: Value<'_>, domain: Value<'_>) -> bool {
    let place = match text(controller, "type") {
        Some("sata") if is_machine(domain, "q35") => [0, 0, 0x1f, 2],
        Some("ide") if is_machine(domain, "pc") => [0, 0, 1, 1],
        Some("usb") if is_machine(domain, "pc") && matches!(text(controller, "model"), None | Some("piix3-uhci")) => {
            [0, 0, 1, 2]
        }
        _ => return false,
    };
    has_first_index(controller, domain) && pci_address(controller).is_some_and(|found| found != place)
}

/// Returns whether a USB controller shares the ports of another one.
fn is_companion(controller: &Value<'_>) -> bool {
    let is_model = |model: &str| matches!(model, "ich9-uhci1" | "ich9-uhci2" | "ich9-uhci3");
    controller.attribute("master").is_some() || text(*controller, "model").is_some_and(is_model)
}

/// Returns whether a guest with USB devices has only this USB controller, whose number of ports counts.
fn lacks_usb_ports(controller: Value<'_>, domain: Value<'_>) -> bool {
    let is_xhci = match text(controller, "model") {
        Some(model) => matches!(model, "nec-xhci" | "qemu-xhci"),
        None => is_arm(domain),
    };
    is_xhci && of_type(domain, "usb").len() == 1 && has_usb_devices(domain)
}

/// Returns whether the machine `pc` has the USB controller of its chipset.
pub(in crate::rules) fn has_chipset_usb(domain: Value<'_>) -> bool {
    let first = of_type(domain, "usb").into_iter().find(|it| has_first_index(*it, domain));
    first.is_none_or(|it| matches!(text(it, "model"), None | Some("piix3-uhci")))
}

fn is_lone_pci_root(controller: Value<'_>, domain: Value<'_>) -> bool {
    is_root(controller, "pci-root") && has_one_root(domain)
}

/// Returns the bus that a device is on, unless libvirt chooses it.
fn bus(device: Value<'_>) -> Option<u64> {
    pci_address(device).map(|[_, bus, ..]| bus.into())
}

fn is_below_its_bus(bridge: Value<'_>) -> bool {
    bus(bridge).zip(number(bridge, "index")).is_some_and(|(bus, index)| bus >= index)
}

/// Returns the highest bus that a device of a domain is on.
pub(in crate::rules) fn highest_bus(domain: Value<'_>) -> u64 {
    let devices = parts(domain, &["devices"]).into_iter().flat_map(Value::parts).flat_map(Value::items);
    devices.filter_map(bus).max().unwrap_or(0)
}

fn has_pcie(domain: Value<'_>) -> bool {
    is_machine(domain, "q35") || is_machine(domain, "virt")
}

/// Returns whether a PCI bridge has no place on a machine with PCI Express, and no bridge with a lower index offers one.
fn lacks_bridge(bridge: Value<'_>, domain: Value<'_>) -> bool {
    let index = |it: Value<'_>| number(it, "index");
    let is_lower = |it: &Value<'_>| index(*it).zip(index(bridge)).is_none_or(|(it, own)| it < own);
    let offers = |it: &Value<'_>| match text(*it, "model") {
        Some("dmi-to-pci-bridge" | "pcie-to-pci-bridge") => true,
        Some("pci-bridge") => bus(*it).is_some(),
        _ => false,
    };
    has_pcie(domain)
        && bus(bridge).is_none()
        && highest_bus(domain) == 0
        && !of_type(domain, "pci").iter().any(|it| offers(it) && is_lower(it))
}

/// Returns whether the bridges to conventional PCI that have no place are more than the ports of the guest. libvirt makes
/// ports of the numbers that are left out.
fn lacks_port(bridge: Value<'_>, domain: Value<'_>) -> bool {
    let all = of_type(domain, "pci");
    let others: Option<BTreeSet<_>> = all
        .iter()
        .filter(|it| !ROOTS.contains(&text(**it, "model").unwrap_or_default()))
        .map(|it| number(*it, "index"))
        .collect();
    let Some(indices) = others else { return false };
    let count = |models: &[&str]| {
        all.iter().filter(|it| text(**it, "model").is_some_and(|model| models.contains(&model))).count()
    };
    let bridges = all.iter().filter(|it| is_root(**it, "pcie-to-pci-bridge") && bus(**it).is_none()).count();
    let ports = count(&["pcie-root-port", "pcie-switch-downstream-port"]);
    let has_gaps = indices.last().is_some_and(|last| *last > indices.len() as u64);
    has_pcie(domain)
        && bus(bridge).is_none()
        && highest_bus(domain) == 0
        && count(&["pcie-expander-bus"]) == 0
        && !has_gaps
        && bridges > ports
}

/// Returns whether a controller has the index 0, or gets it from libvirt.
fn has_first_index(controller: Value<'_>, domain: Value<'_>) -> bool {
    let same = of_type(domain, text(controller, "type").unwrap_or_default());
    let declared = same.iter().find(|it| number(**it, "index") == Some(0));
    let first = declared.or_else(|| same.iter().find(|it| it.attribute("index").is_none()));
    first.is_some_and(|first| first.index() == controller.index())
}

fn has_other_scsi_model(controller: Value<'_>) -> bool {
    text(controller, "model").is_some_and(|model| !VIRTIO_SCSI.contains(&model) && model != "auto")
}

/// Returns whether the device of a PCI controller is of another model.
fn has_other_model_name(controller: Value<'_>, domain: Value<'_>) -> bool {
    let Some(name) = text(controller, "model.name") else { return false };
    let known: &[&str] = match text(controller, "model") {
        Some("pci-root") if has_one_root(domain) => &[],
        Some("pci-root") => &["spapr-pci-host-bridge"],
        Some("pci-bridge") => &["pci-bridge"],
        Some("dmi-to-pci-bridge") => &["i82801b11-bridge"],
        Some("pcie-root-port") => &["ioh3420", "pcie-root-port"],
        Some("pcie-switch-upstream-port") => &["x3130-upstream"],
        Some("pcie-switch-downstream-port") => &["xio3130-downstream"],
        Some("pci-expander-bus") => &["pxb"],
        Some("pcie-expander-bus") => &["pxb-pcie"],
        Some("pcie-to-pci-bridge") => &["pcie-pci-bridge"],
        Some("pcie-root") => &[],
        _ => return false,
    };
    !known.contains(&name)
}

fn is_beyond_cells(controller: Value<'_>, domain: Value<'_>) -> bool {
    let cells = parts(domain, &["cpu", "numa", "cell"]).len() as u64;
    number(controller, "target.node").is_some_and(|node| node >= cells)
}

/// Returns whether the machine of a domain certainly has PCI.
fn has_pci(domain: Value<'_>) -> bool {
    is_x86(domain) || is_machine(domain, "virt")
}

/// Returns whether the machine of a domain certainly has only one PCI root, as all but those of `pseries`.
fn has_one_root(domain: Value<'_>) -> bool {
    is_x86(domain) || of_os(domain, "arch").is_some_and(|arch| !arch.starts_with("ppc64"))
}

/// Returns whether libvirt gives index 0, which is that of the PCI root, to a PCI controller without an index.
fn gets_index_0(controller: Value<'_>, domain: Value<'_>) -> bool {
    let all = of_type(domain, "pci");
    let is_taken = all.iter().any(|it| number(*it, "index") == Some(0));
    let first = all.iter().find(|it| it.attribute("index").is_none());
    !is_taken && first.is_some_and(|first| first.index() == controller.index())
}

/// Returns whether a domain has devices on a USB bus.
pub(super) fn has_usb_devices(domain: Value<'_>) -> bool {
    let has = |kind: &str, path: &str, word: &str| {
        parts(domain, &["devices", kind]).iter().any(|device| text(*device, path) == Some(word))
    };
    parts(domain, &["devices", "input"]).iter().any(|input| is_usb_input(*input, domain))
        || parts(domain, &["devices", "interface"]).into_iter().any(is_usb_interface)
        || has("hostdev", "type", "usb")
        || has("redirdev", "bus", "usb")
        || has("hub", "type", "usb")
        || has("disk", "target.bus", "usb")
        || has("sound", "model", "usb")
        || has("interface", "model.type", "usb-net")
        || has("serial", "target.type", "usb-serial")
        || has("filesystem", "driver.type", "mtp")
        || has("controller", "type", "ccid")
        || super::has_device(domain, "smartcard")
}

/// Returns whether an interface is a USB device of the host.
pub(in crate::rules) fn is_usb_interface(interface: Value<'_>) -> bool {
    text(interface, "type") == Some("hostdev")
        && (first(interface, "source.vendor").is_some() || text(interface, "source.address.type") == Some("usb"))
}

/// Returns the number of ports of a virtio-serial controller, unless libvirt chooses the controllers' indices.
pub(in crate::rules) fn serial_ports(domain: Value<'_>, index: u32) -> Option<u32> {
    let controllers = of_type(domain, "virtio-serial");
    if controllers.iter().any(|it| it.attribute("index").is_none()) {
        return None;
    }
    let declared = controllers.into_iter().find(|it| number(*it, "index") == Some(index.into()));
    declared.and_then(|it| it.attribute("ports")).map_or(Some(SERIAL_PORTS), |ports| ports.number(10))
}

/// Returns the number of ports of a USB controller, if its model tells.
pub(in crate::rules) fn usb_ports(domain: Value<'_>, index: u32) -> Option<u32> {
    let has_index = |it: &Value<'_>| number(*it, "index") == Some(index.into()) && it.attribute("master").is_none();
    let controllers = of_type(domain, "usb");
    if controllers.is_empty() {
        // That of the chipset, or one that libvirt adds.
        return if is_machine(domain, "pc") { Some(2) } else { is_machine(domain, "q35").then_some(4) };
    }
    let controller = controllers.into_iter().find(has_index)?;
    match text(controller, "model") {
        None if is_x86(domain) => Some(2),
        None if !is_machine(domain, "virt") => None,
        Some("piix3-uhci" | "piix4-uhci" | "vt82c686b-uhci") => Some(2),
        Some("pci-ohci") => Some(3),
        Some("ehci" | "ich9-ehci1") => Some(6),
        None | Some("nec-xhci" | "qemu-xhci") => {
            controller.attribute("ports").map_or(Some(4), |ports| ports.number(10))
        }
        _ => None,
    }
}

/// Returns whether an input device is on a USB bus. That is the default of tablets, and of all but x86 machines.
pub(in crate::rules) fn is_usb_input(input: Value<'_>, domain: Value<'_>) -> bool {
    match (text(input, "bus"), text(input, "type")) {
        (Some(bus), _) => bus == "usb",
        (None, Some("tablet")) => is_x86_or_arm(domain),
        (None, Some("mouse" | "keyboard")) => is_arm(domain),
        _ => false,
    }
}
