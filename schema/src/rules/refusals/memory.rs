//! What libvirt refuses of memory devices.

use super::super::refusal::Test::{Any, AnyOf, Given, Has, Is, Lacks, That, Whole};
use super::super::refusal::{Key, Refusal, refuse};
use super::{first, is_not_x86, is_x86_or_arm, number, parts};
use crate::engine::value::Value;
use crate::rules::memory::{self, slots};

/// A domain with one NUMA node to which memory can be added.
const NODE: &str = r#""maxMemory": { "count": 8388608, "slots": 2 }, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#;

/// The rows on each memory device.
pub(super) const DEVICE: &[Refusal] = &[
    refuse(
        "memory-device-node",
        &[Given("target.node"), That(is_beyond_cells)],
        "the guest has no NUMA node of this number",
        [
            r#""model": "dimm", "target": { "size": "512 MiB", "node": 1 }"#,
            r#""model": "dimm", "target": { "size": "512 MiB", "node": 0 }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-without-node",
        &[Is("model", &["dimm", "nvdimm", "virtio-mem"]), Lacks("target.node"), Whole(&Has("cpu.numa.cell")), That(|device, _| number(device, "target.node").is_none())],
        "a memory device of a guest with NUMA nodes needs `target.node`",
        [r#""model": "dimm", "target": { "size": "512 MiB" }"#, r#""model": "dimm", "target": { "size": "512 MiB", "node": 0 }"#],
    )
    .beside(NODE),
    refuse(
        "memory-device-path",
        &[Is("model", &["nvdimm", "virtio-pmem"]), Lacks("source.path")],
        "a memory device of this model needs `source.path`, the file on the host",
        [
            r#""model": "nvdimm", "target": { "size": "512 MiB", "node": 0 }"#,
            r#""model": "nvdimm", "source": { "path": "/mem" }, "target": { "size": "512 MiB", "node": 0 }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-driver",
        &[AnyOf("driver", &[Given("iommu"), Given("ats"), Given("packed"), Given("page_per_vq")]), Is("model", &["dimm", "nvdimm"])],
        "`driver` requires a virtio memory device",
        [
            r#""model": "dimm", "driver": { "iommu": true }, "target": { "size": "512 MiB", "node": 0 }"#,
            r#""model": "dimm", "target": { "size": "512 MiB", "node": 0 }"#,
        ],
    )
    .beside(NODE)
    .since(11, 9),
    refuse(
        "memory-device-discard",
        &[Is("discard", &["yes"]), Is("model", &["nvdimm", "virtio-pmem"])],
        "a memory device of this model cannot have `discard`",
        [
            r#""model": "nvdimm", "discard": true, "source": { "path": "/mem" }, "target": { "size": "512 MiB", "node": 0 }"#,
            r#""model": "nvdimm", "source": { "path": "/mem" }, "target": { "size": "512 MiB", "node": 0 }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-uuid",
        &[Has("uuid"), Is("model", &["nvdimm"]), That(|_, domain| super::is_x86(domain) || is_not_x86(domain) && !super::is_machine(domain, "pseries"))],
        "`uuid` of an NVDIMM requires a POWER machine",
        [
            r#""model": "nvdimm", "uuid": "49545eb3-75e1-2d0a-acdd-f0294406c99e", "source": { "path": "/mem" }, "target": { "size": "512 MiB", "node": 0 }"#,
            r#""model": "nvdimm", "source": { "path": "/mem" }, "target": { "size": "512 MiB", "node": 0 }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }, "maxMemory": { "count": 8388608, "slots": 2 }, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#),
    refuse(
        "memory-device-pmem-access",
        &[Is("access", &["private"]), Is("model", &["virtio-pmem"])],
        "a memory device of model \"virtio-pmem\" must be shared: set access = \"shared\"",
        [
            r#""model": "virtio-pmem", "access": "private", "source": { "path": "/mem" }, "target": { "size": "512 MiB" }"#,
            r#""model": "virtio-pmem", "access": "shared", "source": { "path": "/mem" }, "target": { "size": "512 MiB" }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-pmem-node",
        &[Given("target.node"), Is("model", &["virtio-pmem"])],
        "a memory device of model \"virtio-pmem\" cannot belong to a NUMA node",
        [
            r#""model": "virtio-pmem", "access": "shared", "source": { "path": "/mem" }, "target": { "size": "512 MiB", "node": 0 }"#,
            r#""model": "virtio-pmem", "access": "shared", "source": { "path": "/mem" }, "target": { "size": "512 MiB" }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-block",
        &[Is("model", &["virtio-mem"]), Any(&[Lacks("target.block"), Lacks("target.requested")])],
        "a memory device of model \"virtio-mem\" needs `target.block` and `target.requested`",
        [
            r#""model": "virtio-mem", "target": { "size": "512 MiB", "node": 0 }"#,
            r#""model": "virtio-mem", "target": { "size": "512 MiB", "node": 0, "block": "2 MiB", "requested": "256 MiB" }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-block-size",
        &[Has("target.block"), Is("model", &["virtio-mem"]), That(has_odd_block)],
        "`target.block` must be a power of two, and at least 2 MiB on x86 and Arm",
        [
            r#""model": "virtio-mem", "target": { "size": "12 MiB", "node": 0, "block": "6 MiB", "requested": "12 MiB" }"#,
            r#""model": "virtio-mem", "target": { "size": "16 MiB", "node": 0, "block": "8 MiB", "requested": "8 MiB" }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-requested",
        &[Has("target.requested"), Is("model", &["virtio-mem"]), That(has_odd_request)],
        "`target.requested` must be a multiple of `target.block`, and at most `target.size`",
        [
            r#""model": "virtio-mem", "target": { "size": "16 MiB", "node": 0, "block": "8 MiB", "requested": "12 MiB" }"#,
            r#""model": "virtio-mem", "target": { "size": "16 MiB", "node": 0, "block": "8 MiB", "requested": "8 MiB" }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-sgx",
        &[Has("address"), Is("model", &["sgx-epc"])],
        "a memory device of model \"sgx-epc\" cannot have an address",
        [
            r#""model": "sgx-epc", "target": { "size": "16 MiB" }, "address": { "type": "dimm", "slot": 0 }"#,
            r#""model": "dimm", "target": { "size": "16 MiB", "node": 0 }, "address": { "type": "dimm", "slot": 0 }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-slot",
        &[Is("address.type", &["dimm"]), Whole(&Has("maxMemory")), That(is_beyond_slots)],
        "the guest has no slot of this number: `maxMemory.slots` is the number of slots, and they count from 0",
        [
            r#""model": "dimm", "target": { "size": "16 MiB", "node": 0 }, "address": { "type": "dimm", "slot": 2 }"#,
            r#""model": "dimm", "target": { "size": "16 MiB", "node": 0 }, "address": { "type": "dimm", "slot": 1 }"#,
        ],
    )
    .beside(NODE),
    refuse(
        "memory-device-slot-taken",
        &[Is("address.type", &["dimm"]), Is("model", &["dimm", "nvdimm"])],
        "another memory module has this slot already",
        [
            r#""model": "dimm", "target": { "size": "16 MiB", "node": 0 }, "address": { "type": "dimm", "slot": 1 } }, { "model": "dimm", "target": { "size": "16 MiB", "node": 0 }, "address": { "type": "dimm", "slot": 1 }"#,
            r#""model": "dimm", "target": { "size": "16 MiB", "node": 0 }, "address": { "type": "dimm", "slot": 1 } }, { "model": "dimm", "target": { "size": "16 MiB", "node": 0 }, "address": { "type": "dimm", "slot": 0 }"#,
        ],
    )
    .once(slot)
    .listed()
    .beside(NODE),
    refuse(
        "memory-device-max-memory",
        &[Is("model", &["dimm", "nvdimm", "virtio-mem", "virtio-pmem", "sgx-epc"]), Whole(&Lacks("maxMemory"))],
        "memory devices require `maxMemory`",
        [
            r#""model": "dimm", "target": { "size": "512 MiB", "node": 0 }"#,
            "",
        ],
    )
    .beside(r#""cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#)
    .without(),
];

fn is_beyond_cells(device: Value<'_>, domain: Value<'_>) -> bool {
    let cells = parts(domain, &["cpu", "numa", "cell"]).len() as u64;
    number(device, "target.node").is_some_and(|node| node >= cells)
}

/// Returns the slot of a memory module that has an address.
fn slot(device: Value<'_>) -> Option<Key<'_>> {
    Some(("".into(), number(device, "address.slot")?))
}

fn is_beyond_slots(device: Value<'_>, domain: Value<'_>) -> bool {
    number(device, "address.slot").zip(slots(domain)).is_some_and(|(slot, slots)| slot >= slots)
}

fn kib(device: Value<'_>, path: &str) -> Option<u128> {
    first(device, path).and_then(memory::kib)
}

fn has_odd_block(device: Value<'_>, domain: Value<'_>) -> bool {
    // libvirt asks for as much as a transparent huge page of the host.
    let least = if is_x86_or_arm(domain) { 2048 } else { 1 };
    kib(device, "target.block").is_some_and(|block| block < least || !block.is_power_of_two())
}

/// Returns whether the memory of a device at its start is not one of whole blocks, or more than the device has.
fn has_odd_request(device: Value<'_>, _: Value<'_>) -> bool {
    let Some(requested) = kib(device, "target.requested") else { return false };
    let is_in_blocks = kib(device, "target.block").is_none_or(|block| block == 0 || requested % block == 0);
    !is_in_blocks || kib(device, "target.size").is_some_and(|size| requested > size)
}
