//! `<features>`: [Hypervisor features](https://libvirt.org/formatdomain.html#hypervisor-features).

pub mod capabilities;
pub mod hyperv;
pub mod kvm;
pub mod xen;

use crate::engine::problem::Report;
use crate::engine::scalar::{OnOff, Present, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::size::Size;
use capabilities::FeatureCapabilities;
use hyperv::Hyperv;
use kvm::Kvm;
use nixvirt_schema_derive::{element, values};
use xen::Xen;

/// Hypervisor and machine features of the guest.
#[element]
pub struct Features {
    /// Physical address extension (PAE): physical addresses of more than 32 bits for 32-bit guests.
    pub pae: Option<Present>,
    /// ACPI support. Most guests cannot be shut down without ACPI.
    pub acpi: Option<Present>,
    /// Local interrupt controllers (APIC) of the vCPUs.
    pub apic: Option<Apic>,
    /// Hardware-assisted paging: guest page tables with the help of the CPU.
    pub hap: Option<FeatureToggle>,
    /// Hyper-V enlightenments for Xen. Legacy form of `hyperv`.
    pub viridian: Option<Present>,
    /// Private network namespace for a container.
    pub privnet: Option<Present>,
    /// Hyper-V enlightenments, which make Windows guests run better.
    pub hyperv: Option<Hyperv>,
    /// Features specific to KVM.
    pub kvm: Option<Kvm>,
    /// Features specific to Xen.
    pub xen: Option<Xen>,
    /// Paravirtual spinlocks, which yield the CPU while waiting.
    pub pvspinlock: Option<FeatureToggle>,
    /// Performance monitoring unit (PMU) with counters of CPU events.
    pub pmu: Option<FeatureToggle>,
    /// VMware I/O port, which VMware's guest tools expect.
    pub vmport: Option<FeatureToggle>,
    /// Generic Interrupt Controller (GIC) of Arm guests.
    pub gic: Option<Gic>,
    /// System management mode (SMM), required for Secure Boot.
    pub smm: Option<Smm>,
    /// I/O interrupt controller (I/O APIC), outside the CPUs.
    pub ioapic: Option<Ioapic>,
    /// Hash page table (HPT) of pSeries guests.
    pub hpt: Option<Hpt>,
    /// Device through which the guest's kernel reports the location of its crash data to dump tools.
    pub vmcoreinfo: Option<FeatureToggle>,
    /// Hardware transactional memory, for pSeries guests.
    pub htm: Option<FeatureState>,
    /// Nested guests, for pSeries guests.
    #[name = "nested-hv"]
    pub nested_hv: Option<FeatureState>,
    /// Handling of model-specific registers (MSRs).
    pub msrs: Option<Msrs>,
    /// Faster flushes of the count cache, for pSeries guests.
    #[name = "ccf-assist"]
    pub ccf_assist: Option<FeatureState>,
    /// Linux capabilities of a container's processes.
    pub capabilities: Option<FeatureCapabilities>,
    /// Cache flush on privilege change, which keeps cache content private. For pSeries guests.
    pub cfpc: Option<Mitigation>,
    /// Speculation barrier for bounds checks, for pSeries guests.
    pub sbbc: Option<Mitigation>,
    /// Protection of indirect branches from speculation, for pSeries guests.
    pub ibs: Option<Ibs>,
    /// Features specific to QEMU without KVM (TCG).
    #[since = "8.0"]
    pub tcg: Option<Tcg>,
    /// Whether the QEMU process exits before its memory is freed, for S390 guests.
    #[since = "9.6"]
    #[name = "async-teardown"]
    pub async_teardown: Option<AsyncTeardown>,
    /// Reports of memory errors to the guest, for Arm guests.
    #[since = "10.4"]
    pub ras: Option<FeatureState>,
    /// Controller for PS/2 keyboard and mouse.
    #[since = "10.7"]
    pub ps2: Option<FeatureState>,
    /// Advanced Interrupt Architecture (AIA) of RISC-V guests.
    #[since = "11.1"]
    pub aia: Option<Aia>,
    /// Virtualization extensions of the vCPUs, for nested guests. For Arm guests.
    #[since = "12.1"]
    pub virtualization: Option<Present>,
}

/// Feature that is either on or off.
#[element]
pub struct FeatureState {
    /// Whether the feature is on.
    #[switch]
    pub state: OnOff,
}

/// Feature that is on by default. `state` can turn the feature off.
#[element]
pub struct FeatureToggle {
    /// Whether the feature is on. Defaults to `true`.
    #[switch]
    pub state: Option<OnOff>,
}

/// Local interrupt controllers (APIC) of the vCPUs.
#[element]
pub struct Apic {
    /// Whether the guest can signal the end of an interrupt without the hypervisor.
    pub eoi: Option<OnOff>,
}

/// Generic Interrupt Controller (GIC) of Arm guests.
#[element]
pub struct Gic {
    /// Version of the GIC. Defaults to the hypervisor's choice.
    pub version: Option<GicVersion>,
}

/// Version of Arm's Generic Interrupt Controller.
#[values]
pub enum GicVersion {
    /// GIC version of the host.
    Host,
    /// GIC version 2.
    #[xml = "2"]
    V2,
    /// GIC version 3.
    #[xml = "3"]
    V3,
}

/// System management mode (SMM) of the guest.
#[element(rules)]
pub struct Smm {
    /// Whether system management mode is on. Defaults to `true`.
    #[switch]
    pub state: Option<OnOff>,
    /// Size of the memory reserved for system management mode, in MiB if no unit is given. Requires `state`. Defaults
    /// to the machine type's size.
    #[since = "4.5"]
    #[unitless = "MiB"]
    pub tseg: Option<Size>,
}

/// I/O interrupt controller (I/O APIC), outside the CPUs.
#[element]
pub struct Ioapic {
    /// Implementation of the I/O interrupt controller.
    pub driver: IoapicDriver,
}

/// Implementation of an I/O interrupt controller.
#[values]
pub enum IoapicDriver {
    /// Interrupt controller emulated by QEMU.
    Qemu,
    /// Interrupt controller of the host's kernel (KVM).
    Kvm,
}

/// Hash page table (HPT) of pSeries guests.
#[element]
pub struct Hpt {
    /// Resizing of the guest's page table.
    pub resizing: Option<HptResizing>,
    /// Maximum page size of the guest.
    #[since = "4.5"]
    pub maxpagesize: Option<Size>,
}

/// Resizing of a guest's hash page table.
#[values]
pub enum HptResizing {
    /// Resizing allowed if both the host and the guest support resizing.
    Enabled,
    /// Resizing disabled.
    Disabled,
    /// Resizing required. A guest without support for resizing does not boot.
    Required,
}

/// Handling of model-specific registers (MSRs).
#[element]
pub struct Msrs {
    /// Action when the guest accesses a register that does not exist.
    pub unknown: MsrsUnknown,
}

/// Action when a guest accesses a register that does not exist.
#[values]
pub enum MsrsUnknown {
    /// Ignore the access.
    Ignore,
    /// Report a fault to the guest, as on real hardware.
    Fault,
}

/// Mitigation of a CPU vulnerability.
#[element]
pub struct Mitigation {
    /// Level of the mitigation.
    pub value: MitigationValue,
}

/// Level of mitigation of a CPU vulnerability.
#[values]
pub enum MitigationValue {
    /// No mitigation.
    Broken,
    /// Mitigation in software.
    Workaround,
    /// Fix in hardware.
    Fixed,
}

/// Protection of indirect branches from speculation.
#[element]
pub struct Ibs {
    /// Level of the protection.
    pub value: IbsValue,
}

/// Level of protection of indirect branches from speculation.
#[values]
pub enum IbsValue {
    /// No protection.
    Broken,
    /// Protection in software.
    Workaround,
    /// Protection in hardware: indirect branches are serialized.
    FixedIbs,
    /// Protection in hardware: the count cache is disabled.
    FixedCcd,
    /// Fixed in hardware: protection is not needed.
    FixedNa,
}

/// Features specific to QEMU without KVM (TCG).
#[element]
pub struct Tcg {
    /// Size of the cache for translated code.
    #[name = "tb-cache"]
    pub tb_cache: Option<Size>,
}

/// Exit of the QEMU process before its memory is freed.
#[element]
pub struct AsyncTeardown {
    /// Whether the QEMU process exits before its memory is freed. Defaults to `true`.
    pub enabled: Option<YesNo>,
}

/// Advanced Interrupt Architecture (AIA) of RISC-V guests.
#[element]
pub struct Aia {
    /// Enabled parts of the Advanced Interrupt Architecture.
    pub value: AiaValue,
}

/// Parts of RISC-V's Advanced Interrupt Architecture.
#[values]
pub enum AiaValue {
    /// Advanced Interrupt Architecture disabled.
    None,
    /// Controller for wired interrupts (APLIC).
    Aplic,
    /// Controllers for wired interrupts (APLIC) and for message-signaled interrupts (IMSIC).
    AplicImsic,
}

impl View<'_, Smm> {
    fn rules(self, report: &mut Report<'_>) {
        if let (None, Some(tseg)) = (self.state(), self.tseg()) {
            report.error(tseg.value(), "smm-tseg", "`tseg` requires state = true");
        }
    }
}
