//! Memory of a domain, as libvirt counts it: the memory of the NUMA nodes, if there are any, replaces `memory`.

use crate::engine::problem::Report;
use crate::engine::shorthand::split_size;
use crate::engine::value::{Data, Value};
use crate::engine::view::{FromWord, Read, View};
use crate::formats::domain::Domain;
use crate::formats::domain::cpu::numa::NumaCell;
use crate::formats::size::SizeUnit;

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
    in_unit(cell.memory()?.value().number(10)?, cell.unit().map(Read::value))
}

/// Returns a size of memory in bytes. The unit defaults to KiB.
fn size(size: Value<'_>) -> Option<u128> {
    match size.data() {
        Data::Set(_) => in_unit(size.attribute("count")?.number(10)?, size.attribute("unit")),
        Data::Text(text) => match split_size(text) {
            Some((count, unit)) => Some(u128::from(count.parse::<u64>().ok()?) * SizeUnit::from_word(unit)?.bytes()),
            None => in_unit(size.number(10)?, None),
        },
        _ => in_unit(size.number(10)?, None),
    }
}

fn in_unit(count: u64, unit: Option<Value<'_>>) -> Option<u128> {
    let unit = unit.map_or(Some(SizeUnit::Kib), |unit| SizeUnit::from_word(unit.text()?))?;
    Some(u128::from(count) * unit.bytes())
}
