//! The rules on a domain as a whole.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::View;
use crate::formats::domain::{Domain, DomainType};
use crate::rules::{cpu, cpu_set, device, firmware, iothreads, memory, names, numa, refusals, windows};

/// Rule on a domain.
type Rule = fn(View<'_, Domain>, &mut Report<'_>);

/// The rules on a domain that any hypervisor runs.
const OF_ALL: &[Rule] = &[
    memory::is_some,
    memory::fits_below_most,
    memory::balloon_only_takes,
    cpu::current_is_within_count,
    firmware::secure_boot_has_smm,
    windows::eleven_has_what_it_asks_for,
];

/// The rules on a domain that QEMU runs.
const OF_QEMU: &[Rule] = &[
    cpu::topology_makes_the_count,
    memory::sizes_are_meant,
    memory::modules_have_slots,
    memory::modules_leave_some,
    cpu_set::hold_something,
    numa::cells_fit,
    numa::pins_are_single,
    iothreads::are_there,
    firmware::code_is_flash,
];

/// Checks a domain as a whole.
pub(crate) fn check(domain: Value<'_>, report: &mut Report<'_>) {
    names::check(domain, report);
    let view = View::new(domain);
    let is_of_qemu = is_of_qemu(view);
    for rule in OF_ALL.iter().chain(if is_of_qemu { OF_QEMU } else { &[] }) {
        report.start_rule();
        rule(view, report);
    }
    refusals::of_any_domain(domain, report);
    if is_of_qemu {
        refusals::of_domain(domain, report);
    }
    device::each(view, report, is_of_qemu);
}

/// Whether QEMU runs a domain. libvirt checks more of one then: its readers of what VMware and bhyve keep give two disks
/// one name, and SATA disks a PCI address.
fn is_of_qemu(domain: View<'_, Domain>) -> bool {
    use DomainType as It;
    matches!(domain.r#type().and_then(View::get), Some(It::Kvm | It::Qemu | It::Kqemu | It::Hvf))
}
