//! How many CPUs a domain has.

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::domain::Domain;
use crate::formats::domain::cpu::CpuTopology;
use crate::formats::domain::vcpu::Vcpu;

/// The topology makes as many CPUs as `vcpu` says, which is one where it is absent.
pub(super) fn topology_makes_the_count(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(topology) = domain.cpu().and_then(|cpu| cpu.topology()) else { return };
    let count = match domain.vcpu() {
        Some(vcpu) => count(vcpu),
        None => Some(1),
    };
    let (Some(count), Some(product)) = (count, product(topology)) else { return };
    if count != product {
        let message = format!("topology has {product} CPUs, but vcpu is {count}: change one of them");
        report.error(topology.value(), "cpu-topology", message);
    }
}

/// No more CPUs are there at the start than there may be.
pub(super) fn current_is_within_count(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(vcpu) = domain.vcpu() else { return };
    let (Some(current), Some(count)) = (vcpu.current(), count(vcpu)) else { return };
    if current.value().number(10).is_some_and(|current: u64| current > count) {
        let message = format!("{} current vCPUs are more than the maximum of {count}", current.value().shown());
        report.error(current.value(), "vcpu-current", message);
    }
}

fn count(vcpu: View<'_, Vcpu>) -> Option<u64> {
    vcpu.count()?.value().number(10)
}

fn product(topology: View<'_, CpuTopology>) -> Option<u64> {
    let always = [topology.sockets(), topology.cores(), topology.threads()];
    let sometimes = [topology.dies(), topology.clusters()].into_iter().filter(Option::is_some);
    let mut factors = always.into_iter().chain(sometimes);
    factors.try_fold(1_u64, |product, factor| product.checked_mul(factor?.value().number(10)?))
}
