//! Memory of a domain, as libvirt counts it: the memory of the NUMA nodes, if there are any, replaces `memory`.

use crate::engine::problem::Report;
use crate::engine::size::UNITLESS;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::memory::MemoryDeviceModel;
use crate::formats::domain::Domain;
use crate::formats::domain::cpu::numa::NumaCell;
use crate::formats::size::{Plausible, bytes, bytes_of};
use crate::rules::refusals::first;

/// Checks that the guest has memory: its own, or that of NUMA nodes.
pub(super) fn is_some(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let memory = domain.memory().map(Read::value);
    let nodes = domain.cpu().and_then(|cpu| cpu.numa()).into_iter().flat_map(|numa| numa.cell());
    let mut nodes = nodes.peekable();
    // A domain with neither is incomplete, which is reported already.
    let Some(first) = memory.or_else(|| nodes.peek().map(|node| node.value())) else { return };
    if memory.is_none_or(|it| size(it) == Some(0)) && nodes.all(|node| cell(node) == Some(0)) {
        report.error(first, "memory-zero", "the memory must be greater than zero");
    }
}

/// Checks that `maxMemory` is at least the memory that the guest starts with.
pub(super) fn fits_below_most(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(most) = domain.maxMemory() else { return };
    let (Some(bytes), Some(total)) = (size(most.value()), total(domain)) else { return };
    if bytes < total.bytes {
        let message = format!("the maximum is less than {} ({} bytes)", total.what, total.bytes);
        report.error(most.value(), "max-memory-too-small", message);
    }
}

/// Checks that `currentMemory` is at most the memory of the guest.
pub(super) fn balloon_only_takes(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(current) = domain.currentMemory() else { return };
    let (Some(bytes), Some(total)) = (size(current.value()), total(domain)) else { return };
    if bytes > total.bytes {
        let message =
            format!("the current memory is more than {} ({} bytes): libvirt lowers it", total.what, total.bytes);
        report.warning(current.value(), "current-memory-too-large", message);
    }
}

/// Checks that sizes without a unit are meant in KiB.
pub(super) fn sizes_are_meant(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let whole = ["memory", "maxMemory", "currentMemory"].map(|name| domain.value().attribute(name));
    let limits = domain.memtune().map(Read::value);
    let limits =
        ["hard_limit", "soft_limit", "swap_hard_limit"].map(|name| limits.and_then(|limits| limits.attribute(name)));
    for size in whole.into_iter().chain(limits).flatten() {
        Plausible::MEMORY.check(size, report);
        is_counted(size, bytes(size, UNITLESS), report);
    }
    let numa = domain.cpu().and_then(|cpu| cpu.numa());
    for cell in numa.into_iter().flat_map(|numa| numa.cell()) {
        Plausible::MEMORY.check_number(cell.memory().map(Read::value), cell.unit().map(Read::value), report);
        is_counted(cell.value(), self::cell(cell), report);
    }
    for path in SIZES {
        domain.value().each_at(path, &mut |size| is_counted(size, bytes(size, UNITLESS), report));
    }
    domain.value().each_at(&["memoryBacking", "hugepages", "page"], &mut |page| {
        let size = page.attribute("size").and_then(|size| bytes_of(size, page.attribute("unit"), UNITLESS));
        is_counted(page, size, report);
    });
    domain.value().each_at(&["cpu", "numa", "interconnects", "bandwidth"], &mut |bandwidth| {
        let value = bandwidth.attribute("value");
        let value = value.and_then(|value| bytes_of(value, bandwidth.attribute("unit"), UNITLESS));
        is_counted(bandwidth, value, report);
    });
}

/// The sizes in a domain that libvirt counts, besides those above.
const SIZES: &[&[&str]] = &[
    &["devices", "memory", "source", "alignsize"],
    &["devices", "memory", "source", "pagesize"],
    &["devices", "memory", "target", "size"],
    &["devices", "memory", "target", "label", "size"],
    &["devices", "memory", "target", "block"],
    &["devices", "memory", "target", "requested"],
    &["devices", "pstore", "size"],
];

/// Checks that there are slots for all memory modules.
pub(super) fn modules_have_slots(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(most) = domain.maxMemory() else { return };
    let modules = domain.devices().into_iter().flat_map(|devices| devices.memory());
    let modules = modules.filter(|it| {
        matches!(it.model().and_then(View::get), Some(MemoryDeviceModel::Dimm | MemoryDeviceModel::Nvdimm))
    });
    let (modules, slots) = (modules.count() as u64, slots(domain.value()));
    if slots.is_some_and(|slots| slots < modules) {
        let message =
            format!("each memory module (dimm, nvdimm) needs a slot: set `maxMemory.slots` to {modules} or more");
        report.error(most.value(), "memory-slots", message);
    }
}

/// Checks that the modules of a guest without NUMA nodes leave it memory to start with: theirs is a part of `memory`.
pub(super) fn modules_leave_some(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let cells = domain.cpu().and_then(|cpu| cpu.numa()).into_iter().flat_map(|numa| numa.cell());
    let Some(memory) = domain.memory().map(Read::value).filter(|_| cells.count() == 0) else { return };
    let modules = domain.devices().into_iter().flat_map(|devices| devices.memory());
    let sizes = modules.map(|it| kib(it.target()?.size()?.value())).sum::<Option<u128>>();
    if sizes.zip(kib(memory)).is_some_and(|(modules, memory)| modules > 0 && memory > 0 && modules >= memory) {
        let message = "the memory devices have all of it: without `cpu.numa`, `memory` includes theirs";
        report.error(memory, "memory-all-in-devices", message);
    }
}

/// Returns a size in KiB, as libvirt counts it.
pub(super) fn kib(size: Value<'_>) -> Option<u128> {
    self::size(size).map(|size| size.div_ceil(1024))
}

/// Returns the number of slots for memory modules.
pub(super) fn slots(domain: Value<'_>) -> Option<u64> {
    first(domain, "maxMemory.slots").map_or(Some(0), |slots| slots.number(10))
}

/// Largest memory that libvirt counts, in bytes.
const MOST: u128 = i64::MAX as u128;

/// Checks that libvirt can count a size, given in bytes. The type reports what 64 bits do not hold.
fn is_counted(size: Value<'_>, memory: Option<u128>, report: &mut Report<'_>) {
    let fits_the_type = bytes(size, "bytes").is_none_or(|bytes| bytes <= u128::from(u64::MAX));
    if fits_the_type && memory.is_some_and(|memory| memory > MOST) {
        report.error(size, "memory-too-large", "the size is too large: expected less than 8 EiB");
    }
}

/// Memory of a guest, and the name of its source for messages.
struct Total {
    bytes: u128,
    what: &'static str,
}

fn total(domain: View<'_, Domain>) -> Option<Total> {
    let numa = domain.cpu().and_then(|cpu| cpu.numa());
    let cells: u128 = numa.into_iter().flat_map(|numa| numa.cell()).map(cell).sum::<Option<_>>()?;
    if cells == 0 {
        return Some(Total { bytes: size(domain.memory()?.value())?, what: "`memory`" });
    }
    let modules = domain.devices().into_iter().flat_map(|devices| devices.memory());
    let modules: u128 = modules.map(|it| size(it.target()?.size()?.value())).sum::<Option<_>>()?;
    Some(Total { bytes: cells + modules, what: "the memory of `cpu.numa` and the memory devices" })
}

fn cell(cell: View<'_, NumaCell>) -> Option<u128> {
    bytes_of(cell.memory()?.value(), cell.unit().map(Read::value), UNITLESS)
}

/// Returns a size of memory in bytes. The unit defaults to KiB.
pub(super) fn size(size: Value<'_>) -> Option<u128> {
    bytes(size, UNITLESS)
}
