//! Number of vCPUs of a domain.

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::domain::Domain;
use crate::formats::domain::cpu::CpuTopology;
use crate::formats::domain::vcpu::Vcpu;

/// Checks that the topology has as many CPUs as `vcpu`, which defaults to one.
pub(super) fn topology_makes_the_count(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(topology) = domain.cpu().and_then(|cpu| cpu.topology()) else { return };
    let (Some(count), Some(product)) = (count_of(domain), product(topology)) else { return };
    if count != product {
        let message = format!("topology has {product} CPUs, but vcpu is {count}: change one of them");
        report.error(topology.value(), "cpu-topology", message);
    }
}

/// Checks that the current number of vCPUs is at most the maximum.
pub(super) fn current_is_within_count(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(vcpu) = domain.vcpu() else { return };
    let (Some(current), Some(count)) = (vcpu.current(), count(vcpu)) else { return };
    if current.value().number(10).is_some_and(|current: u64| current > count) {
        let message = format!("{} current vCPUs are more than the maximum of {count}", current.value().shown());
        report.error(current.value(), "vcpu-current", message);
    }
}

/// Returns the maximum number of vCPUs of a domain.
pub(super) fn count_of(domain: View<'_, Domain>) -> Option<u64> {
    domain.vcpu().map_or(Some(1), count)
}

fn count(vcpu: View<'_, Vcpu>) -> Option<u64> {
    vcpu.count()?.value().number(10)
}

fn product(topology: View<'_, CpuTopology>) -> Option<u64> {
    let always = [topology.sockets(), topology.cores(), topology.threads()];
    let sometimes = [topology.dies(), topology.clusters()].into_iter().filter(Option::is_some);
    let mut factors = always.into_iter().chain(sometimes);
    factors.try_fold(1_u64, |product, factor| Some(product.saturating_mul(factor?.value().number(10)?)))
}
