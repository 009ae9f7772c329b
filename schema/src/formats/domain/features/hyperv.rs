//! What makes Windows run better.

use super::FeatureState;
use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::OnOff;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::{element, parts};

/// Hyper-V enlightenments, which make Windows guests run better.
#[element("mode")]
pub enum Hyperv {
    /// All enlightenments that the host supports.
    #[since = "8.0"]
    Passthrough {},
    /// Only the enlightenments that are turned on individually.
    #[default]
    Custom {
        /// Enlightenments that are turned on or off individually.
        #[flatten]
        enlightenments: HypervEnlightenments,
    },
    /// All enlightenments that the host supports, except those that are turned on or off individually. libvirt lists
    /// the enlightenments while the guest runs.
    #[since = "11.9"]
    HostModel {
        /// Enlightenments that are turned on or off individually.
        #[flatten]
        enlightenments: HypervEnlightenments,
    },
}

/// Hyper-V enlightenments.
#[parts]
pub struct HypervEnlightenments {
    /// Relaxed timer checks in the guest.
    pub relaxed: Option<FeatureState>,
    /// Virtual interrupt controllers (APIC) with less overhead.
    pub vapic: Option<FeatureState>,
    /// Spinlocks that notify the hypervisor of long waits.
    pub spinlocks: Option<HypervSpinlocks>,
    /// Virtual processor index for each vCPU.
    pub vpindex: Option<FeatureState>,
    /// Counter of the run time of each vCPU.
    pub runtime: Option<FeatureState>,
    /// Synthetic interrupt controller, which delivers interrupts as messages.
    pub synic: Option<FeatureState>,
    /// Synthetic timers for each vCPU. Requires `synic` and the timer `hypervclock`.
    pub stimer: Option<HypervStimer>,
    /// Register for resetting the guest.
    pub reset: Option<FeatureState>,
    /// Hypervisor vendor ID presented to the guest.
    pub vendor_id: Option<HypervVendorId>,
    /// Registers that report CPU frequencies.
    pub frequencies: Option<FeatureState>,
    /// Notification of the guest after migration to a host with another TSC frequency.
    pub reenlightenment: Option<FeatureState>,
    /// Paravirtual TLB flushes on several vCPUs at once.
    pub tlbflush: Option<HypervTlbflush>,
    /// Paravirtual interrupts to several vCPUs at once.
    pub ipi: Option<FeatureState>,
    /// Enlightened VMCS: faster nested guests, on Intel hosts.
    pub evmcs: Option<FeatureState>,
    /// Interrupt handling with hardware assistance of the CPU.
    #[since = "8.10"]
    pub avic: Option<FeatureState>,
    /// Enlightened MSR bitmap: fewer exits of nested guests.
    #[since = "10.7"]
    pub emsr_bitmap: Option<FeatureState>,
    /// Hypercalls that pass parameters in XMM registers.
    #[since = "10.7"]
    pub xmm_input: Option<FeatureState>,
}

/// Spinlocks that notify the hypervisor of long waits.
#[element(rules)]
pub struct HypervSpinlocks {
    /// Whether spinlocks notify the hypervisor of long waits.
    #[switch]
    pub state: OnOff,
    /// Number of tries before the hypervisor is notified, at least 4095.
    pub retries: Option<u32>,
}

/// Synthetic timers for each vCPU.
#[element]
pub struct HypervStimer {
    /// Whether the guest has synthetic timers.
    #[switch]
    pub state: Option<OnOff>,
    /// Whether synthetic timers raise interrupts directly instead of sending messages.
    pub direct: Option<FeatureState>,
}

/// Hypervisor vendor ID presented to the guest.
#[element]
pub struct HypervVendorId {
    /// Whether `value` is presented to the guest.
    #[switch]
    pub state: OnOff,
    /// Hypervisor vendor ID, at most 12 characters.
    pub value: Option<HypervVendorText>,
}

/// Paravirtual TLB flushes on several vCPUs at once.
#[element]
pub struct HypervTlbflush {
    /// Whether paravirtual TLB flushes are on.
    #[switch]
    pub state: Option<OnOff>,
    /// Whether paravirtual TLB flushes are available to nested guests.
    #[since = "11.0"]
    pub direct: Option<FeatureState>,
    /// Whether the guest can flush parts of the TLB.
    #[since = "11.0"]
    pub extended: Option<FeatureState>,
}

patterns! {
    /// Hypervisor vendor ID of at most 12 characters, without commas.
    HypervVendorText = "vendor ID", "up to 12 characters without a comma", r"[^,]{0,12}", |text| !text.contains(',') && text.chars().count() <= 12;
}

impl View<'_, HypervSpinlocks> {
    fn rules(self, report: &mut Report<'_>) {
        let is_on = self.state().and_then(Read::text).as_deref() == Some("on");
        match self.retries().map(|retries| (retries.value(), retries.number())) {
            None if is_on => {
                report.missing(self.value(), "retries", "expected a number, at least 4095");
            }
            Some((at, Some(retries @ ..4095))) if is_on => {
                let message = format!("retries {retries} is out of range: expected a number, at least 4095");
                report.error(at, "spinlocks-retries", message);
            }
            _ => {}
        }
    }
}
