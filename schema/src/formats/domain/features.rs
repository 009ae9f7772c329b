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

/// What the guest's machine can do.
#[element]
pub struct Features {
    /// Physical addresses of more than 32 bits for 32-bit guests.
    pub pae: Option<Present>,
    /// ACPI, without which most guests cannot be shut down.
    pub acpi: Option<Present>,
    /// Interrupt controllers in the processors.
    pub apic: Option<Apic>,
    /// Page tables of the guest's own, helped by the processor.
    pub hap: Option<FeatureToggle>,
    /// The old form of `hyperv`, for Xen.
    pub viridian: Option<Present>,
    /// A network of its own for a container.
    pub privnet: Option<Present>,
    /// What makes Windows run better.
    pub hyperv: Option<Hyperv>,
    /// What is particular to KVM.
    pub kvm: Option<Kvm>,
    /// What is particular to Xen.
    pub xen: Option<Xen>,
    /// Locks that give way to others while they wait.
    pub pvspinlock: Option<FeatureToggle>,
    /// Counters of what the processor does.
    pub pmu: Option<FeatureToggle>,
    /// What VMware's tools expect to find.
    pub vmport: Option<FeatureToggle>,
    /// The interrupt controller of ARM.
    pub gic: Option<Gic>,
    /// System management mode, which secure boot needs.
    pub smm: Option<Smm>,
    /// The interrupt controller outside of the processors.
    pub ioapic: Option<Ioapic>,
    /// The page table of pSeries guests.
    pub hpt: Option<Hpt>,
    /// A note in which the guest's kernel tells where to look in a dump.
    pub vmcoreinfo: Option<FeatureToggle>,
    /// Transactional memory, on pSeries.
    pub htm: Option<FeatureState>,
    /// Guests in the guest, on pSeries.
    #[name = "nested-hv"]
    pub nested_hv: Option<FeatureState>,
    /// Model specific registers.
    pub msrs: Option<Msrs>,
    /// Quicker flushes of the count cache, on pSeries.
    #[name = "ccf-assist"]
    pub ccf_assist: Option<FeatureState>,
    /// What a container's processes may do.
    pub capabilities: Option<FeatureCapabilities>,
    /// How the cache is kept private, on pSeries.
    pub cfpc: Option<Mitigation>,
    /// How bounds checks are kept from speculation, on pSeries.
    pub sbbc: Option<Mitigation>,
    /// How indirect branches are kept from speculation, on pSeries.
    pub ibs: Option<Ibs>,
    /// What is particular to QEMU without KVM.
    pub tcg: Option<Tcg>,
    /// Whether QEMU's process ends before its memory is freed, on S390.
    #[name = "async-teardown"]
    pub async_teardown: Option<AsyncTeardown>,
    /// Reports of memory errors to the guest, on ARM.
    pub ras: Option<FeatureState>,
    /// The controller for PS/2 keyboard and mouse.
    pub ps2: Option<FeatureState>,
    /// The advanced interrupt architecture of RISC-V.
    pub aia: Option<Aia>,
}

/// A feature that is on or off.
#[element]
pub struct FeatureState {
    /// Whether it is on.
    pub state: OnOff,
}

/// A feature that is on or off, and on without a word.
#[element]
pub struct FeatureToggle {
    /// Whether it is on; `true` when absent.
    pub state: Option<OnOff>,
}

/// Interrupt controllers in the processors.
#[element]
pub struct Apic {
    /// Whether the guest can end interrupts without the hypervisor.
    pub eoi: Option<OnOff>,
}

/// The interrupt controller of ARM.
#[element]
pub struct Gic {
    /// Its version; the hypervisor's own choice when absent.
    pub version: Option<GicVersion>,
}

/// A version of ARM's interrupt controller.
#[values]
pub enum GicVersion {
    /// The host's.
    Host,
    /// Version 2.
    #[xml = "2"]
    V2,
    /// Version 3.
    #[xml = "3"]
    V3,
}

/// System management mode.
#[element(rules)]
pub struct Smm {
    /// Whether it is on; `true` when absent.
    pub state: Option<OnOff>,
    /// How much memory it has to itself, in MiB where no unit is given; the board's own choice when absent. Needs
    /// `state`. Since libvirt 4.5.
    pub tseg: Option<Size>,
}

/// The interrupt controller outside of the processors.
#[element]
pub struct Ioapic {
    /// Who provides it.
    pub driver: IoapicDriver,
}

/// Who provides an interrupt controller.
#[values]
pub enum IoapicDriver {
    /// QEMU.
    Qemu,
    /// The host's kernel.
    Kvm,
}

/// The page table of pSeries guests.
#[element]
pub struct Hpt {
    /// Whether it may change its size.
    pub resizing: Option<HptResizing>,
    /// The largest pages that the guest may have. Since libvirt 4.5.
    pub maxpagesize: Option<Size>,
}

/// Whether a page table may change its size.
#[values]
pub enum HptResizing {
    /// It may if host and guest can do it.
    Enabled,
    /// It may not.
    Disabled,
    /// It must; a guest that cannot does not boot.
    Required,
}

/// Model specific registers.
#[element]
pub struct Msrs {
    /// What happens when the guest uses one that does not exist.
    pub unknown: MsrsUnknown,
}

/// What happens when a guest uses a register that does not exist.
#[values]
pub enum MsrsUnknown {
    /// Nothing.
    Ignore,
    /// The guest gets an error, as on real hardware.
    Fault,
}

/// How a weakness of the processor is dealt with.
#[element]
pub struct Mitigation {
    /// How.
    pub value: MitigationValue,
}

/// How a weakness of the processor is dealt with.
#[values]
pub enum MitigationValue {
    /// Not at all.
    Broken,
    /// In software.
    Workaround,
    /// In hardware.
    Fixed,
}

/// How indirect branches are kept from speculation.
#[element]
pub struct Ibs {
    /// How.
    pub value: IbsValue,
}

/// How indirect branches are kept from speculation.
#[values]
pub enum IbsValue {
    /// Not at all.
    Broken,
    /// In software.
    Workaround,
    /// In hardware: one after the other.
    FixedIbs,
    /// In hardware: without a cache for the counts.
    FixedCcd,
    /// In hardware: there is nothing to keep.
    FixedNa,
}

/// What is particular to QEMU without KVM. Since libvirt 8.0.
#[element]
pub struct Tcg {
    /// How much memory there is for code that was translated.
    #[name = "tb-cache"]
    pub tb_cache: Option<Size>,
}

/// Whether QEMU's process ends before its memory is freed. Since libvirt 9.6.
#[element]
pub struct AsyncTeardown {
    /// Whether it does; `true` when absent.
    pub enabled: Option<YesNo>,
}

/// The advanced interrupt architecture of RISC-V. Since libvirt 11.1.
#[element]
pub struct Aia {
    /// Which parts of it there are.
    pub value: AiaValue,
}

/// Parts of RISC-V's advanced interrupt architecture.
#[values]
pub enum AiaValue {
    /// None.
    None,
    /// The controller for wired interrupts.
    Aplic,
    /// The controllers for wired interrupts and for messages.
    AplicImsic,
}

impl View<'_, Smm> {
    fn rules(self, report: &mut Report<'_>) {
        if let (None, Some(tseg)) = (self.state(), self.tseg()) {
            report.error(tseg.value(), "smm-tseg", "needs state = true beside it");
        }
    }
}
