//! The rules on a domain as a whole.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::domain::{Domain, DomainType};
use crate::rules::{cpu, cpu_set, device, firmware, iothreads, memory, names, numa, refusals, windows};

/// Checks a domain as a whole.
pub(crate) fn check(domain: Value<'_>, report: &mut Report<'_>) {
    names::check(domain, report);
    let domain = View::new(domain);
    memory::fits_below_most(domain, report);
    memory::balloon_only_takes(domain, report);
    if is_of_qemu(domain) {
        cpu::topology_makes_the_count(domain, report);
        memory::sizes_are_meant(domain, report);
        cpu_set::hold_something(domain, report);
        numa::cells_fit(domain, report);
        numa::pins_are_single(domain, report);
        iothreads::are_there(domain, report);
        refusals::of_domain(domain.value(), report);
    }
    cpu::current_is_within_count(domain, report);
    firmware::secure_boot_has_smm(domain, report);
    windows::eleven_has_what_it_asks_for(domain, report);
    device::each(domain, report, is_of_qemu(domain));
}

/// Whether QEMU runs a domain. libvirt checks more of one then: its readers of what VMware and bhyve keep give two disks
/// one name, and SATA disks a PCI address.
fn is_of_qemu(domain: View<'_, Domain>) -> bool {
    use DomainType as It;
    matches!(domain.r#type().and_then(View::get), Some(It::Kvm | It::Qemu | It::Kqemu | It::Hvf))
}
