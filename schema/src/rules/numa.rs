//! NUMA nodes of a guest.

use super::cpu_set;
use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::domain::Domain;
use crate::rules::cpu;
use cpu_set::CpuSet;
use std::collections::BTreeSet;

/// Checks that the nodes have the numbers from 0 on, and that each vCPU is in one of them at most.
pub(super) fn cells_fit(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(numa) = domain.cpu().and_then(|cpu| cpu.numa()) else { return };
    let count = numa.cell().count() as u64;
    let vcpus = cpu::count_of(domain);
    let mut numbers = BTreeSet::new();
    let mut taken = CpuSet::EMPTY;
    for (position, cell) in (0u64..).zip(numa.cell()) {
        let id = cell.id().map(Read::value);
        // A node without a number has that of its position.
        if let Some(number) = id.map_or(Some(position), |id| id.number::<u64>(10)) {
            let at = id.unwrap_or(cell.value());
            if number >= count {
                let message = format!("the {count} nodes must be numbered from 0, without gaps: {number} is too high");
                report.error(at, "numa-cell-id", message);
            } else if !numbers.insert(number) {
                report.error(at, "numa-cell-id", format!("another node has the number {number} already"));
            }
        }
        let Some(cpus) = cell.cpus().map(Read::value) else { continue };
        let Some(set) = cpu_set::of(cpus) else { continue };
        if let Some(last) = set.last().filter(|last| vcpus.is_some_and(|count| *last as u64 >= count)) {
            let message = format!("the guest has no vCPU {last}: vCPUs are numbered from 0");
            report.error(cpus, "numa-cpu-unknown", message);
        }
        if let Some(cpu) = set.shared(&taken).next() {
            report.error(cpus, "numa-cpu-taken", format!("vCPU {cpu} is in another node already"));
        }
        taken.extend(&set);
    }
}

/// Checks that no vCPU is pinned twice.
pub(super) fn pins_are_single(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let mut pinned = BTreeSet::new();
    domain.value().each_at(&["cputune", "vcpupin", "vcpu"], &mut |vcpu| {
        let Some(number) = vcpu.number::<u32>(10) else { return };
        if !pinned.insert(number) {
            report.error(vcpu, "vcpupin-twice", format!("vCPU {number} is pinned twice"));
        }
    });
}
