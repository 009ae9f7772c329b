//! Memory of a domain, as libvirt counts it: the memory of the NUMA nodes, if there are any, replaces `memory`.

use crate::engine::problem::Report;
use crate::engine::size::UNITLESS;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::domain::Domain;
use crate::formats::domain::cpu::numa::NumaCell;
use crate::formats::size::{Plausible, bytes, bytes_of};

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
    let limits = ["hard_limit", "soft_limit"].map(|name| limits.and_then(|limits| limits.attribute(name)));
    for size in whole.into_iter().chain(limits).flatten() {
        Plausible::MEMORY.check(size, report);
    }
    let numa = domain.cpu().and_then(|cpu| cpu.numa());
    for cell in numa.into_iter().flat_map(|numa| numa.cell()) {
        Plausible::MEMORY.check_number(cell.memory().map(Read::value), cell.unit().map(Read::value), report);
    }
}

/// Memory of a guest, and the name of its source for messages.
struct Total {
    bytes: u128,
    what: &'static str,
}

fn total(domain: View<'_, Domain>) -> Option<Total> {
    let numa = domain.cpu().and_then(|cpu| cpu.numa());
    if let Some(numa) = numa.filter(|numa| numa.cell().next().is_some()) {
        let cells: u128 = numa.cell().map(cell).sum::<Option<_>>()?;
        let modules = domain.devices().into_iter().flat_map(|devices| devices.memory());
        let modules: u128 = modules.map(|it| size(it.target()?.size()?.value())).sum::<Option<_>>()?;
        return Some(Total { bytes: cells + modules, what: "the memory of `cpu.numa` and the memory devices" });
    }
    Some(Total { bytes: size(domain.memory()?.value())?, what: "`memory`" })
}

fn cell(cell: View<'_, NumaCell>) -> Option<u128> {
    bytes_of(cell.memory()?.value(), cell.unit().map(Read::value), UNITLESS)
}

/// Returns a size of memory in bytes. The unit defaults to KiB.
pub(super) fn size(size: Value<'_>) -> Option<u128> {
    bytes(size, UNITLESS)
}
