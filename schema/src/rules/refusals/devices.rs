//! What libvirt refuses of the devices of which a guest has few.

use super::super::refusal::Test::{Above, Any, AnyOf, Below, Given, Has, Is, Lacks, Not, Other, That, Whole};
use super::super::refusal::{Key, Refusal, refuse};
use super::character::{CHANNEL_NAME, PROTOCOL, has_channel, has_one_of_a_pair, lacks_service};
use super::{
    by_text, first, has_device, has_graphics, is_arm, is_machine, is_not_x86, is_other_machine, is_switched, is_x86,
    is_x86_or_arm, number, one_at_most, parts, size, text,
};
use crate::engine::value::{Data, Value};
use crate::formats::size::bytes_of;

/// The rows on each TPM.
pub(super) const TPM: &[Refusal] = &[
    refuse(
        "tpm-twice",
        &[Not("model", &["spapr-tpm-proxy"])],
        "a guest can have only one TPM",
        [
            r#""model": "tpm-crb", "backend": { "type": "emulator" } }, { "model": "tpm-tis", "backend": { "type": "emulator" }"#,
            r#""model": "tpm-crb", "backend": { "type": "emulator" }"#,
        ],
    )
    .once(one_at_most)
    .listed(),
    refuse(
        "tpm-version-model",
        &[
            Is("backend.version", &["1.2"]),
            Any(&[
                Is("model", &["tpm-crb", "tpm-spapr", "spapr-tpm-proxy"]),
                That(|_, domain| is_not_x86(domain)),
            ]),
        ],
        "a TPM 1.2 requires the model \"tpm-tis\" and an x86 machine",
        [
            r#""model": "tpm-crb", "backend": { "type": "emulator", "version": "1.2" }"#,
            r#""model": "tpm-crb", "backend": { "type": "emulator", "version": "2.0" }"#,
        ],
    ),
    refuse(
        "tpm-banks-version",
        &[
            Any(&[Has("backend.active_pcr_banks"), Has("backend.profile.source")]),
            Any(&[Is("backend.version", &["1.2"]), That(is_old_by_default)]),
        ],
        "PCR banks and a profile require a TPM 2.0: set version = \"2.0\"",
        [
            r#""model": "tpm-tis", "backend": { "type": "emulator", "version": "1.2", "active_pcr_banks": { "sha256": true } }"#,
            r#""model": "tpm-tis", "backend": { "type": "emulator", "version": "2.0", "active_pcr_banks": { "sha256": true } }"#,
        ],
    ),
    refuse(
        "tpm-external-source",
        &[Is("backend.type", &["external"]), Lacks("backend.source")],
        "an external TPM needs `backend.source`, the socket of the program behind it",
        [
            r#""model": "tpm-tis", "backend": { "type": "external" }"#,
            r#""model": "tpm-tis", "backend": { "type": "external", "source": { "type": "unix", "path": "/run/tpm", "mode": "connect" } }"#,
        ],
    ),
    refuse(
        "tpm-model-machine",
        &[Is("model", &["tpm-spapr", "spapr-tpm-proxy"]), That(|_, domain| is_x86_or_arm(domain))],
        "the machine has no TPM of this model: use tpm-crb or tpm-tis",
        [
            r#""model": "tpm-spapr", "backend": { "type": "emulator" }"#,
            r#""model": "tpm-crb", "backend": { "type": "emulator" }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "tpm-crb-machine",
        &[Is("model", &["tpm-crb"]), That(|_, domain| is_arm(domain))],
        "Arm machines have no TPM of this model: use tpm-tis",
        [
            r#""model": "tpm-crb", "backend": { "type": "emulator" }"#,
            r#""model": "tpm-tis", "backend": { "type": "emulator" }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#),
];

/// The rows on each watchdog.
pub(super) const WATCHDOG: &[Refusal] = &[
    refuse(
        "watchdog-action",
        &[Has("model"), That(acts_otherwise)],
        "all watchdogs of a guest must have the same action",
        [
            r#""model": "i6300esb", "action": "reset" }, { "model": "ib700", "action": "pause""#,
            r#""model": "i6300esb", "action": "reset" }, { "model": "ib700", "action": "reset""#,
        ],
    )
    .listed()
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "watchdog-model-taken",
        &[Is("model", &["ib700", "diag288", "itco"])],
        "another watchdog has this model already",
        [r#""model": "itco" }, { "model": "itco""#, r#""model": "itco""#],
    )
    .once(|watchdog| by_text(watchdog, "model"))
    .listed()
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "watchdog-ib700-machine",
        &[Is("model", &["ib700"]), That(|_, domain| is_other_machine(domain, "pc"))],
        "the watchdog \"ib700\" requires the machine \"pc\": use itco or i6300esb",
        [r#""model": "ib700""#, r#""model": "itco""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "watchdog-itco-machine",
        &[Is("model", &["itco"]), That(|_, domain| is_other_machine(domain, "q35"))],
        "the watchdog \"itco\" requires the machine \"q35\": use i6300esb",
        [r#""model": "itco""#, r#""model": "i6300esb""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "watchdog-diag288-machine",
        &[Is("model", &["diag288"]), That(|_, domain| is_x86_or_arm(domain))],
        "the watchdog \"diag288\" requires s390x: use i6300esb",
        [r#""model": "diag288""#, r#""model": "i6300esb""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "watchdog-address",
        &[Has("address"), Is("model", &["ib700", "diag288", "itco"])],
        "a watchdog of this model cannot have an address",
        [r#""model": "itco", "address": "00:05.0""#, r#""model": "itco""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
];

/// The rows on each panic device.
pub(super) const PANIC: &[Refusal] = &[
    refuse(
        "panic-twice",
        &[],
        "another panic device has this model already",
        [r#""model": "isa" }, { "model": "isa""#, r#""model": "isa" }, { "model": "hyperv""#],
    )
    // Machines on which another model is the default have no ISA.
    .once(|panic| Some((text(panic, "model").unwrap_or("isa").into(), 0)))
    .listed(),
    refuse(
        "panic-pvpanic-twice",
        &[That(|_, domain| is_arm(domain))],
        "another panic device has this model already",
        [r#""model": "pvpanic" }, {"#, r#""model": "pvpanic""#],
    )
    .once(|panic| Some((text(panic, "model").unwrap_or("pvpanic").into(), 0)))
    .listed()
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#),
    refuse(
        "panic-address",
        &[Has("address"), Is("model", &["hyperv", "pseries", "s390"])],
        "a panic device of this model cannot have an address",
        [
            r#""model": "hyperv", "address": { "type": "isa", "iobase": "505" }"#,
            r#""model": "isa", "address": { "type": "isa", "iobase": "505" }"#,
        ],
    ),
    refuse(
        "panic-model-machine",
        &[
            Is("model", &["pseries", "s390", "isa", "hyperv"]),
            That(|panic, domain| {
                is_arm(domain) || is_x86(domain) && matches!(text(panic, "model"), Some("pseries" | "s390"))
            }),
        ],
        "the machine has no panic device of this model: omit `model`",
        [r#""model": "s390""#, r#""model": "isa""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
];

/// The rows on the IOMMU.
pub(super) const IOMMU: &[Refusal] = &[
    refuse(
        "iommu-machine",
        &[Is("model", &["intel", "amd"]), That(|_, domain| is_other_machine(domain, "q35"))],
        "an IOMMU of this model requires the machine \"q35\"",
        [r#""model": "intel""#, r#""model": "virtio""#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt", "firmware": "efi" }, "features": { "acpi": true }"#),
    refuse(
        "iommu-smmuv3-machine",
        &[Is("model", &["smmuv3"]), That(|_, domain| is_x86(domain))],
        "the IOMMU \"smmuv3\" requires an Arm machine",
        [r#""model": "smmuv3""#, r#""model": "intel""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "iommu-second-x86",
        &[Has("model"), That(|_, domain| is_x86(domain))],
        "an x86 guest can have only one IOMMU",
        [r#""model": "virtio" }, { "model": "virtio""#, r#""model": "virtio""#],
    )
    .once(one_at_most)
    .listed()
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }"#)
    .since(11, 10),
    refuse(
        "iommu-virtio-machine",
        &[Is("model", &["virtio"]), That(|_, domain| is_machine(domain, "pc"))],
        "the IOMMU \"virtio\" requires the machine \"q35\" or \"virt\"",
        [r#""model": "virtio""#, ""],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }, "features": { "acpi": true }"#)
    .without(),
    refuse(
        "iommu-virtio-acpi",
        &[Is("model", &["virtio"]), Whole(&Lacks("features.acpi"))],
        "the IOMMU \"virtio\" requires ACPI: set features.acpi = true",
        [r#""model": "virtio""#, r#""model": "intel""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "iommu-virtio-part",
        &[AnyOf("driver", &[
                Given("intremap"),
                Given("caching_mode"),
                Given("eim"),
                Given("iotlb"),
                Given("dma_translation"),
            ]), Is("model", &["virtio", "smmuv3"])],
        "this setting of `driver` requires another IOMMU, such as \"intel\"",
        [r#""model": "virtio", "driver": { "iotlb": true }"#, r#""model": "intel", "driver": { "iotlb": true }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }"#),
    refuse(
        "iommu-intel-bits",
        &[Above("driver.aw_bits", 0), Is("model", &["intel"]), Not("driver.aw_bits", &["39", "48"])],
        "`aw_bits` of the IOMMU \"intel\" must be 39 or 48",
        [r#""model": "intel", "driver": { "aw_bits": 57 }"#, r#""model": "intel", "driver": { "aw_bits": 48 }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "iommu-virtio-width",
        &[Above("driver.aw_bits", 0), Is("model", &["virtio"])],
        "`aw_bits` requires the IOMMU \"intel\"",
        [r#""model": "virtio", "driver": { "aw_bits": 48 }"#, r#""model": "intel", "driver": { "aw_bits": 48 }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }"#)
    .until(11, 3),
    refuse(
        "iommu-virtio-bits",
        &[Any(&[Below("driver.aw_bits", 32), Above("driver.aw_bits", 64)]), Is("model", &["virtio"])],
        "`aw_bits` of a virtio IOMMU must be 32 to 64",
        [r#""model": "virtio", "driver": { "aw_bits": 31 }"#, r#""model": "virtio", "driver": { "aw_bits": 48 }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }"#)
    .since(12, 8),
    refuse(
        "iommu-width-model",
        &[Above("driver.aw_bits", 0), Is("model", &["smmuv3", "amd"])],
        "`aw_bits` requires the IOMMU \"intel\" or \"virtio\"",
        [r#""model": "amd", "driver": { "aw_bits": 48 }"#, r#""model": "intel", "driver": { "aw_bits": 48 }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "iommu-part-of-intel",
        &[AnyOf("driver", &[Given("caching_mode"), Given("eim"), Given("dma_translation")]), Is("model", &["amd"])],
        "this setting of `driver` requires the IOMMU \"intel\"",
        [r#""model": "amd", "driver": { "caching_mode": true }"#, r#""model": "intel", "driver": { "caching_mode": true }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "iommu-part-of-amd",
        &[AnyOf("driver", &[Given("xtsup"), Given("passthrough")]), Is("model", &["intel", "smmuv3"])],
        "this setting of `driver` requires the IOMMU \"amd\"",
        [r#""model": "intel", "driver": { "passthrough": true }"#, r#""model": "amd", "driver": { "passthrough": true }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#)
    .since(11, 5),
    refuse(
        "iommu-part-of-smmuv3",
        &[AnyOf("driver", &[
                Given("pciBus"),
                Given("accel"),
                Given("ats"),
                Given("ril"),
                Given("ssidsize"),
                Given("oas"),
                Given("cmdqv"),
            ]), Is("model", &["intel", "amd", "virtio"])],
        "this setting of `driver` requires the IOMMU \"smmuv3\"",
        [r#""model": "virtio", "driver": { "accel": true }"#, r#""model": "smmuv3", "driver": { "accel": true }"#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt", "firmware": "efi" }, "features": { "acpi": true }"#)
    .since(12, 7),
    refuse(
        "iommu-second-arm",
        &[
            Is("model", &["virtio"]),
            That(|_, domain| is_arm(domain) && parts(domain, &["devices", "iommu"]).len() > 1),
        ],
        "a virtio IOMMU must be the only IOMMU",
        [r#""model": "virtio" }, { "model": "smmuv3""#, r#""model": "virtio""#],
    )
    .listed()
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt", "firmware": "efi" }, "features": { "acpi": true }"#)
    .since(11, 10),
    refuse(
        "iommu-bus",
        &[Above("driver.pciBus", 0), Is("model", &["smmuv3"]), That(lacks_bus)],
        "`pciBus` must be the index of a PCI controller of the guest",
        [
            r#""model": "smmuv3", "driver": { "pciBus": 9 }"#,
            r#""model": "smmuv3", "driver": { "pciBus": 0 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#)
    .since(11, 10),
    refuse(
        "iommu-bus-taken",
        &[Given("driver.pciBus"), Is("model", &["smmuv3"])],
        "another IOMMU serves this PCI controller already",
        [
            r#""model": "smmuv3", "driver": { "pciBus": 0 } }, { "model": "smmuv3", "driver": { "pciBus": 0 }"#,
            r#""model": "smmuv3", "driver": { "pciBus": 0 }"#,
        ],
    )
    .once(|iommu| Some(("".into(), number(iommu, "driver.pciBus")?)))
    .listed()
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#)
    .since(11, 10),
    refuse(
        "iommu-acceleration",
        &[AnyOf("driver", &[Given("ats"), Given("ril"), Given("ssidsize"), Given("oas"), Given("cmdqv")]), Is("model", &["smmuv3"]), Not("driver.accel", &["on"])],
        "this setting of `driver` requires acceleration: set driver.accel = true",
        [
            r#""model": "smmuv3", "driver": { "ats": true }"#,
            r#""model": "smmuv3", "driver": { "accel": true, "ats": true }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#)
    .since(12, 7),
    refuse(
        "iommu-granule-model",
        &[Has("driver.granule"), Is("model", &["intel", "amd", "smmuv3"])],
        "`granule` requires the IOMMU \"virtio\"",
        [
            r#""model": "intel", "driver": { "granule": { "mode": "host" } }"#,
            r#""model": "virtio", "driver": { "granule": { "mode": "host" } }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }"#)
    .since(12, 1),
    refuse(
        "iommu-granule-size",
        &[Has("driver.granule.size"), That(|iommu, _| has_odd_granule(iommu))],
        "the granule of a virtio IOMMU must be 4, 8, 16 or 64 KiB",
        [
            r#""model": "virtio", "driver": { "granule": { "size": "32 KiB" } }"#,
            r#""model": "virtio", "driver": { "granule": { "size": "64 KiB" } }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }"#)
    .since(12, 1),
    refuse(
        "iommu-address",
        &[Has("address"), Is("model", &["intel", "smmuv3"])],
        "an IOMMU of this model cannot have an address",
        [r#""model": "intel", "address": "00:05.0""#, r#""model": "intel""#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "iommu-interrupts",
        &[Is("driver.intremap", &["on"]), Whole(&Is("features.ioapic.driver", &["kvm"]))],
        "`intremap` requires the I/O APIC of QEMU: set features.ioapic.driver = \"qemu\"",
        [r#""model": "intel", "driver": { "intremap": true }"#, r#""model": "intel", "driver": { "intremap": false }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "features": { "ioapic": { "driver": "kvm" } }"#),
    refuse(
        "iommu-eim",
        &[Is("driver.eim", &["on"]), Not("driver.intremap", &["on"])],
        "`eim` requires `intremap`",
        [
            r#""model": "intel", "driver": { "eim": true }"#,
            r#""model": "intel", "driver": { "intremap": true, "eim": true }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "features": { "ioapic": { "driver": "qemu" } }"#),
];

/// Returns whether a domain declares PCI controllers, but not that of an IOMMU.
fn lacks_bus(iommu: Value<'_>, domain: Value<'_>) -> bool {
    let bus = number(iommu, "driver.pciBus");
    let buses = parts(domain, &["devices", "controller"]).into_iter().filter(|it| text(*it, "type") == Some("pci"));
    // libvirt numbers the controllers that have no index.
    !buses.map(|it| number(it, "index")).any(|index| index.is_none() || index == bus)
}

/// Returns whether a virtio IOMMU cannot have a granule of that size.
fn has_odd_granule(iommu: Value<'_>) -> bool {
    let granule = first(iommu, "driver.granule");
    let size = granule.and_then(|granule| bytes_of(granule.attribute("size")?, granule.attribute("unit"), "bytes"));
    size.is_some_and(|size| ![4 << 10, 8 << 10, 16 << 10, 64 << 10].contains(&size))
}

/// The rows on each input device.
pub(super) const INPUT: &[Refusal] = &[
    refuse(
        "input-bus",
        &[Is("bus", &["ps2"]), Is("type", &["tablet"])],
        "the bus \"ps2\" supports only mice and keyboards: use usb or virtio",
        [r#""type": "tablet", "bus": "ps2""#, r#""type": "tablet", "bus": "usb""#],
    ),
    refuse(
        "input-bus-xen",
        &[Is("bus", &["xen"])],
        "QEMU has no such bus: use usb or virtio",
        [r#""type": "mouse", "bus": "xen""#, r#""type": "mouse", "bus": "virtio""#],
    ),
    refuse(
        "input-model-bus",
        &[Has("model"), Not("bus", &["virtio"]), Not("type", &["passthrough"])],
        "`model` requires the bus \"virtio\"",
        [
            r#""type": "tablet", "bus": "usb", "model": "virtio""#,
            r#""type": "tablet", "bus": "virtio", "model": "virtio""#,
        ],
    ),
    refuse(
        "input-model-generation",
        &[Is("model", &["virtio-transitional", "virtio-non-transitional"])],
        "QEMU has only input devices of model \"virtio\": omit `model`",
        [
            r#""type": "mouse", "bus": "virtio", "model": "virtio-non-transitional""#,
            r#""type": "mouse", "bus": "virtio", "model": "virtio""#,
        ],
    ),
    refuse(
        "input-ps2-machine",
        &[Is("bus", &["ps2"]), That(|_, domain| is_arm(domain))],
        "an Arm machine has no bus \"ps2\": use usb or virtio",
        [r#""type": "mouse", "bus": "ps2""#, r#""type": "mouse", "bus": "virtio""#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#),
    refuse(
        "input-ps2-disabled",
        &[
            Any(&[Is("bus", &["ps2"]), Lacks("bus")]),
            Is("type", &["mouse", "keyboard"]),
            That(|input, domain| input.attribute("bus").is_some() || is_x86(domain)),
            That(|_, domain| {
                is_switched(domain, "features.ps2.state", false) || is_switched(domain, "features.ps2", false)
            }),
        ],
        "`features.ps2` disables the bus \"ps2\"",
        [r#""type": "mouse", "bus": "ps2""#, r#""type": "mouse", "bus": "usb""#],
    )
    .beside(r#""features": { "ps2": false }"#),
];

/// The rows on each piece of shared memory.
pub(super) const SHMEM: &[Refusal] = &[
    refuse(
        "shmem-ivshmem",
        &[Any(&[Is("model.type", &["ivshmem"]), Lacks("model")])],
        "QEMU no longer has this model: use ivshmem-plain or ivshmem-doorbell",
        [
            r#""name": "a", "model": { "type": "ivshmem" }, "size": "4 MiB""#,
            r#""name": "a", "model": { "type": "ivshmem-plain" }, "size": "4 MiB""#,
        ],
    ),
    refuse(
        "shmem-server",
        &[Is("model.type", &["ivshmem-doorbell"]), Lacks("server")],
        "model \"ivshmem-doorbell\" needs `server`",
        [
            r#""name": "a", "model": { "type": "ivshmem-doorbell" }"#,
            r#""name": "a", "model": { "type": "ivshmem-doorbell" }, "server": { "path": "/run/shm" }"#,
        ],
    ),
    refuse(
        "shmem-size",
        &[Has("size"), That(|shmem, _| size_is_odd(shmem))],
        "the size must be a power of two, of at least 1 MiB",
        [
            r#""name": "a", "model": { "type": "ivshmem-plain" }, "size": "3 MiB""#,
            r#""name": "a", "model": { "type": "ivshmem-plain" }, "size": "4 MiB""#,
        ],
    ),
    refuse(
        "shmem-plain-server",
        &[Any(&[Has("server"), Has("msi")]), Is("model.type", &["ivshmem-plain"])],
        "model \"ivshmem-plain\" cannot have `server` or `msi`",
        [
            r#""name": "a", "model": { "type": "ivshmem-plain" }, "size": "4 MiB", "server": { "path": "/run/shm" }"#,
            r#""name": "a", "model": { "type": "ivshmem-plain" }, "size": "4 MiB""#,
        ],
    ),
    refuse(
        "shmem-doorbell-size",
        &[Has("size"), Is("model.type", &["ivshmem-doorbell"])],
        "the server sets the size of the shared memory: omit `size`",
        [
            r#""name": "a", "model": { "type": "ivshmem-doorbell" }, "size": "4 MiB", "server": { "path": "/run/shm" }"#,
            r#""name": "a", "model": { "type": "ivshmem-doorbell" }, "server": { "path": "/run/shm" }"#,
        ],
    ),
    refuse(
        "shmem-name",
        &[Is("name", &[".", ".."])],
        "the name must not be \".\" or \"..\"",
        [
            r#""name": "..", "model": { "type": "ivshmem-plain" }, "size": "4 MiB""#,
            r#""name": "a", "model": { "type": "ivshmem-plain" }, "size": "4 MiB""#,
        ],
    ),
];

/// The rows on each device of the host.
pub(super) const HOSTDEV: &[Refusal] = &[
    refuse(
        "hostdev-twice",
        &[Has("source")],
        "this device of the host is already assigned to the guest",
        [
            r#""type": "pci", "source": { "address": "01:00.0" } }, { "type": "pci", "source": { "address": "01:00.0" }"#,
            r#""type": "pci", "source": { "address": "01:00.0" } }, { "type": "pci", "source": { "address": "01:00.1" }"#,
        ],
    )
    .once(source_of)
    .listed(),
    refuse(
        "hostdev-sgio-unfiltered",
        &[Is("sgio", &["unfiltered"])],
        "libvirt no longer supports unfiltered SCSI commands",
        [
            r#""type": "scsi", "sgio": "unfiltered", "source": { "adapter": { "name": "scsi_host0" }, "address": { "bus": 0, "target": 0, "unit": 0 } }"#,
            r#""type": "scsi", "sgio": "filtered", "source": { "adapter": { "name": "scsi_host0" }, "address": { "bus": 0, "target": 0, "unit": 0 } }"#,
        ],
    ),
    refuse(
        "hostdev-startup-policy",
        &[Has("source.startupPolicy"), Not("type", &["usb"])],
        "`startupPolicy` requires a USB device",
        [
            r#""type": "pci", "source": { "startupPolicy": "optional", "address": "01:00.0" }"#,
            r#""type": "usb", "source": { "startupPolicy": "optional", "vendor": { "id": "0x1234" }, "product": { "id": "0x5678" } }"#,
        ],
    ),
    refuse(
        "hostdev-teaming",
        &[Is("teaming.type", &["persistent"])],
        "a device of the host can only be the transient interface of a team",
        [
            r#""type": "pci", "source": { "address": "01:00.0" }, "teaming": { "type": "persistent" }"#,
            r#""type": "pci", "source": { "address": "01:00.0" }"#,
        ],
    ),
    refuse(
        "hostdev-usb-vendor",
        &[Has("source.vendor.id"), Is("type", &["usb"]), That(has_vendor_zero)],
        "the ID of the vendor must not be 0",
        [
            r#""type": "usb", "source": { "vendor": { "id": "0x0000" }, "product": { "id": "0x5678" } }"#,
            r#""type": "usb", "source": { "vendor": { "id": "0x1234" }, "product": { "id": "0x5678" } }"#,
        ],
    ),
    refuse(
        "hostdev-iscsi-secret",
        &[Other("source.auth.secret.type", &["iscsi"]), Is("source.protocol", &["iscsi"])],
        "the type of the secret must be \"iscsi\"",
        [
            r#""type": "scsi", "source": { "protocol": "iscsi", "name": "iqn.2013-07.com.example:pool/1", "host": { "name": "a" }, "auth": { "username": "me", "secret": { "type": "ceph", "usage": "a" } } }"#,
            r#""type": "scsi", "source": { "protocol": "iscsi", "name": "iqn.2013-07.com.example:pool/1", "host": { "name": "a" }, "auth": { "username": "me", "secret": { "type": "iscsi", "usage": "a" } } }"#,
        ],
    ),
    refuse(
        "hostdev-iscsi-hosts",
        &[Has("source.host"), Is("type", &["scsi"]), That(|hostdev, _| parts(hostdev, &["source", "host"]).len() > 1)],
        "an iSCSI device can have only one host",
        [
            r#""type": "scsi", "source": { "protocol": "iscsi", "name": "iqn.2013-07.com.example:pool/1", "host": [{ "name": "a" }, { "name": "b" }] }"#,
            r#""type": "scsi", "source": { "protocol": "iscsi", "name": "iqn.2013-07.com.example:pool/1", "host": { "name": "a" } }"#,
        ],
    ),
    refuse(
        "hostdev-mdev-machine",
        &[Is("model", &["vfio-ap", "vfio-ccw"]), That(|_, domain| is_x86_or_arm(domain))],
        "models \"vfio-ap\" and \"vfio-ccw\" require an S390 machine: use vfio-pci",
        [
            r#""type": "mdev", "model": "vfio-ap", "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
            r#""type": "mdev", "model": "vfio-pci", "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "hostdev-write-filtering",
        &[Given("source.writeFiltering")],
        "QEMU does not support `writeFiltering`",
        [
            r#""type": "pci", "source": { "writeFiltering": true, "address": "01:00.0" }"#,
            r#""type": "pci", "source": { "address": "01:00.0" }"#,
        ],
    ),
    refuse(
        "hostdev-scsi-adapter",
        &[Has("source.adapter"), Is("type", &["scsi"]), Any(&[Lacks("source.adapter.name"), Is("source.adapter.name", &[""])])],
        "`source.adapter` needs `name`, such as \"scsi_host0\"",
        [
            r#""type": "scsi", "source": { "adapter": { "type": "fc_host", "wwnn": "20000000c9831b4b", "wwpn": "10000000c9831b4b" }, "address": { "bus": 0, "target": 0, "unit": 0 } }"#,
            r#""type": "scsi", "source": { "adapter": { "name": "scsi_host0" }, "address": { "bus": 0, "target": 0, "unit": 0 } }"#,
        ],
    ),
    refuse(
        "hostdev-display-graphics",
        &[Is("display", &["on"]), That(|_, domain| !has_device(domain, "graphics"))],
        "`display` requires a display: set devices.graphics",
        [
            r#""type": "mdev", "model": "vfio-pci", "display": true, "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
            r#""type": "mdev", "model": "vfio-pci", "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
        ],
    ),
    refuse(
        "hostdev-display-model",
        &[Is("display", &["on"]), Is("type", &["mdev"]), Not("model", &["vfio-pci"])],
        "`display` requires the model \"vfio-pci\"",
        [
            r#""type": "mdev", "model": "vfio-ccw", "display": true, "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
            r#""type": "mdev", "model": "vfio-pci", "display": true, "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
        ],
    )
    .within(r#""graphics": { "type": "vnc" }"#),
    refuse(
        "hostdev-mdev-boot",
        &[Has("boot"), Is("type", &["mdev", "scsi_host"])],
        "the firmware cannot boot from a device of this type",
        [
            r#""type": "mdev", "model": "vfio-pci", "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }, "boot": { "order": 1 }"#,
            r#""type": "mdev", "model": "vfio-pci", "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
        ],
    ),
    refuse(
        "hostdev-capabilities",
        &[Is("mode", &["capabilities"])],
        "mode \"capabilities\" requires a container",
        [
            r#""mode": "capabilities", "type": "misc", "source": { "char": "/dev/input/event3" }"#,
            r#""type": "pci", "source": { "address": "01:00.0" }"#,
        ],
    ),
    refuse(
        "hostdev-ramfb-twice",
        &[Is("ramfb", &["on"])],
        "only one device of the host can have `ramfb`",
        [
            r#""type": "mdev", "model": "vfio-pci", "display": true, "ramfb": true, "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }, { "type": "mdev", "model": "vfio-pci", "display": true, "ramfb": true, "source": { "address": { "uuid": "d2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
            r#""type": "mdev", "model": "vfio-pci", "display": true, "ramfb": true, "source": { "address": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
        ],
    )
    .once(one_at_most)
    .listed()
    .within(r#""graphics": { "type": "vnc" }"#),
    refuse(
        "hostdev-iscsi-port",
        &[Is("source.host.port", &["-1"])],
        "the port must not be negative: omit it for the default",
        [
            r#""type": "scsi", "source": { "protocol": "iscsi", "name": "iqn.2026-11.org.example/1", "host": { "name": "a", "port": -1 } }"#,
            r#""type": "scsi", "source": { "protocol": "iscsi", "name": "iqn.2026-11.org.example/1", "host": { "name": "a", "port": 3260 } }"#,
        ],
    ),
    refuse(
        "hostdev-rom-disabled",
        &[Is("rom.enabled", &["no"]), Any(&[Given("rom.bar"), Has("rom.file")])],
        "a disabled ROM cannot have other settings",
        [
            r#""type": "pci", "source": { "address": "01:00.0" }, "rom": { "enabled": false, "bar": true }"#,
            r#""type": "pci", "source": { "address": "01:00.0" }, "rom": { "enabled": false }"#,
        ],
    ),
];

/// The rows on the vsock.
pub(super) const VSOCK: &[Refusal] = &[refuse(
    "vsock-cid",
    &[Below("cid.address", 3)],
    "context IDs (CID) below 3 are reserved",
    [r#""model": "virtio", "cid": { "address": 2 }"#, r#""model": "virtio", "cid": { "address": 3 }"#],
)];

/// The rows on the balloon.
pub(super) const MEMBALLOON: &[Refusal] = &[refuse(
    "memballoon-model",
    &[Is("model", &["xen"])],
    "QEMU has no such balloon: use virtio or none",
    [r#""model": "xen""#, r#""model": "virtio""#],
)];

/// The rows on the persistent store.
pub(super) const PSTORE: &[Refusal] = &[refuse(
    "pstore-size",
    &[Has("size"), That(|pstore, _| size(pstore, "size").is_some_and(|size| size < 4096 || !size.is_power_of_two()))],
    "the size must be a power of two, at least 4 KiB",
    [
        r#""backend": "acpi-erst", "path": "/erst", "size": 1000"#,
        r#""backend": "acpi-erst", "path": "/erst", "size": 8"#,
    ],
)];

/// The rows on the NVRAM device.
pub(super) const NVRAM: &[Refusal] = &[refuse(
    "nvram-machine",
    &[That(|_, domain| is_x86(domain) || is_not_x86(domain) && !is_machine(domain, "pseries"))],
    "only POWER machines have an NVRAM device: declare the variables of UEFI in `os.nvram`",
    [r#""address": { "type": "spapr-vio", "reg": "3000" }"#, ""],
)
.beside(r#""os": { "type": "hvm", "machine": "q35" }"#)
.without()];

/// The rows on each random number generator.
pub(super) const RNG: &[Refusal] = &[
    refuse(
        "rng-egd-path",
        &[
            Is("backend.model", &["egd"]),
            Is("backend.type", &["file", "dev", "pipe", "unix"]),
            Lacks("backend.source.path"),
        ],
        "types \"file\", \"dev\", \"pipe\" and \"unix\" need `source.path`",
        [
            r#""model": "virtio", "backend": { "model": "egd", "type": "unix", "source": { "mode": "connect" } }"#,
            r#""model": "virtio", "backend": { "model": "egd", "type": "unix", "source": { "mode": "connect", "path": "/s" } }"#,
        ],
    ),
    refuse(
        "rng-egd-spice",
        &[Is("backend.type", &["spicevmc", "spiceport"]), That(|_, domain| !has_graphics(domain, &["spice"]))],
        "types \"spicevmc\" and \"spiceport\" require a SPICE server in `graphics`",
        [
            r#""model": "virtio", "backend": { "model": "egd", "type": "spicevmc" }"#,
            r#""model": "virtio", "backend": { "model": "egd", "type": "pty" }"#,
        ],
    ),
    refuse(
        "rng-egd-channel",
        &[
            Is("backend.model", &["egd"]),
            Is("backend.type", &["spiceport", "dbus"]),
            That(|rng, _| first(rng, "backend").is_some_and(|it| !has_channel(it))),
        ],
        CHANNEL_NAME,
        [
            r#""model": "virtio", "backend": { "model": "egd", "type": "dbus" }"#,
            r#""model": "virtio", "backend": { "model": "egd", "type": "pty" }"#,
        ],
    ),
    refuse(
        "rng-egd-pair",
        &[Is("backend.type", &["nmdm"]), That(|rng, _| first(rng, "backend").is_some_and(has_one_of_a_pair))],
        "type \"nmdm\" needs both `source.master` and `source.slave`",
        [
            r#""model": "virtio", "backend": { "model": "egd", "type": "nmdm", "source": { "master": "/dev/nmdm0A" } }"#,
            r#""model": "virtio", "backend": { "model": "egd", "type": "pty" }"#,
        ],
    ),
    refuse(
        "rng-egd-source",
        &[
            Is("backend.model", &["egd"]),
            Is("backend.type", &["tcp", "udp"]),
            That(|rng, _| first(rng, "backend").is_some_and(lacks_service)),
        ],
        "type \"tcp\" needs `source.host` and `source.service`, type \"udp\" needs `source.service`",
        [
            r#""model": "virtio", "backend": { "model": "egd", "type": "tcp", "source": { "mode": "connect", "host": "a" } }"#,
            r#""model": "virtio", "backend": { "model": "egd", "type": "tcp", "source": { "mode": "connect", "host": "a", "service": "1234" } }"#,
        ],
    ),
    refuse(
        "rng-egd-protocol",
        &[
            Is("backend.protocol.type", &["telnets", "tls"]),
            Is("backend.type", &["tcp"]),
            Is("backend.model", &["egd"]),
        ],
        PROTOCOL,
        [
            r#""model": "virtio", "backend": { "model": "egd", "type": "tcp", "source": { "mode": "connect", "host": "a", "service": "1234" }, "protocol": { "type": "tls" } }"#,
            r#""model": "virtio", "backend": { "model": "egd", "type": "tcp", "source": { "mode": "connect", "host": "a", "service": "1234" }, "protocol": { "type": "raw" } }"#,
        ],
    ),
];

/// Returns whether a TPM without a version is a TPM 1.2, as libvirt chooses for the model "tpm-tis" on x86.
fn is_old_by_default(tpm: Value<'_>, domain: Value<'_>) -> bool {
    let is_tis = text(tpm, "model").is_none_or(|model| model == "tpm-tis");
    text(tpm, "backend.version").is_none() && is_tis && is_x86(domain)
}

fn acts_otherwise(watchdog: Value<'_>, domain: Value<'_>) -> bool {
    let action = |it: Value<'_>| text(it, "action").map_or_else(|| "reset".to_owned(), str::to_owned);
    first(domain, "devices.watchdog").is_some_and(|first| action(first) != action(watchdog))
}

/// Returns the device of the host that a hostdev is: its type and source.
fn source_of(hostdev: Value<'_>) -> Option<Key<'_>> {
    let mut written = text(hostdev, "type")?.to_owned();
    write_to(&mut written, hostdev.attribute("source")?);
    Some((written.into(), 0))
}

/// Writes a value in a form that does not depend on the order of its parts.
fn write_to(text: &mut String, value: Value<'_>) {
    match value.data() {
        Data::Set(_) | Data::List(_) => {
            let mut parts: Vec<_> = value.parts().collect();
            parts.sort_by_key(|part| part.key());
            text.push('{');
            for part in parts {
                text.push_str(part.key());
                text.push('=');
                write_to(text, part);
            }
            text.push('}');
        }
        _ => text.push_str(&value.shown()),
    }
}

fn size_is_odd(shmem: Value<'_>) -> bool {
    size(shmem, "size").is_some_and(|size| size < 1 << 20 || !size.is_power_of_two())
}

/// The rows on each lease of a lock.
pub(super) const LEASE: &[Refusal] = &[refuse(
    "lease-key",
    &[Any(&[Is("key", &[""]), Is("lockspace", &[""])])],
    "the key and the lockspace of a lease must not be empty",
    [
        r#""lockspace": "vms", "key": "", "target": { "path": "/leases" }"#,
        r#""lockspace": "vms", "key": "vm", "target": { "path": "/leases" }"#,
    ],
)];

/// Returns whether the vendor of a USB device of the host has the ID 0.
pub(super) fn has_vendor_zero(device: Value<'_>, _: Value<'_>) -> bool {
    first(device, "source.vendor.id").and_then(|id| id.number::<u32>(16)) == Some(0)
}
