//! What makes Windows run better.

use super::FeatureState;
use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::OnOff;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::element;

/// What makes Windows run better: what Hyper-V would offer it.
#[element("mode")]
pub enum Hyperv {
    /// All that the host has. Since libvirt 8.0.
    Passthrough {},
    /// What is switched on here.
    #[default]
    Custom {
        /// Looser checks of the time.
        relaxed: Option<FeatureState>,
        /// Interrupt controllers that need less work.
        vapic: Option<FeatureState>,
        /// Locks that tell the hypervisor when they wait long.
        spinlocks: Option<HypervSpinlocks>,
        /// Numbers for the guest's processors.
        vpindex: Option<FeatureState>,
        /// A count of the time for which the guest's processors ran.
        runtime: Option<FeatureState>,
        /// A controller for interrupts that are messages.
        synic: Option<FeatureState>,
        /// Timers for each processor; needs `synic` and the timer `hypervclock`.
        stimer: Option<HypervStimer>,
        /// A register to reset the guest.
        reset: Option<FeatureState>,
        /// The hypervisor's name.
        vendor_id: Option<HypervVendorId>,
        /// Registers that tell the processor's frequencies.
        frequencies: Option<FeatureState>,
        /// A word to the guest when it was moved to a host of another pace.
        reenlightenment: Option<FeatureState>,
        /// Flushes of several processors' address caches at once.
        tlbflush: Option<HypervTlbflush>,
        /// Interrupts to several processors at once.
        ipi: Option<FeatureState>,
        /// Quicker guests in the guest, on Intel.
        evmcs: Option<FeatureState>,
        /// The processor's help with interrupts. Since libvirt 8.10.
        avic: Option<FeatureState>,
        /// Fewer exits of guests in the guest. Since libvirt 10.7.
        emsr_bitmap: Option<FeatureState>,
        /// Calls that pass what they need in wide registers. Since libvirt 10.7.
        xmm_input: Option<FeatureState>,
    },
}

/// Locks that tell the hypervisor when they wait long.
#[element(rules)]
pub struct HypervSpinlocks {
    /// Whether they do.
    pub state: OnOff,
    /// After how many tries, at least 4095.
    pub retries: Option<u32>,
}

/// Timers for each processor.
#[element]
pub struct HypervStimer {
    /// Whether there are.
    pub state: Option<OnOff>,
    /// Whether they interrupt directly rather than by a message.
    pub direct: Option<FeatureState>,
}

/// The hypervisor's name.
#[element]
pub struct HypervVendorId {
    /// Whether `value` is told.
    pub state: OnOff,
    /// The name, of up to 12 characters.
    pub value: Option<HypervVendorText>,
}

/// Flushes of several processors' address caches at once.
#[element]
pub struct HypervTlbflush {
    /// Whether there are.
    pub state: Option<OnOff>,
    /// Whether guests in the guest have them too. Since libvirt 11.0.
    pub direct: Option<FeatureState>,
    /// Whether parts of the caches can be flushed. Since libvirt 11.0.
    pub extended: Option<FeatureState>,
}

patterns! {
    /// A hypervisor's name.
    HypervVendorText = "up to 12 characters without a comma", r"[^,]{0,12}", |text| !text.contains(',') && text.chars().count() <= 12;
}

impl View<'_, HypervSpinlocks> {
    fn rules(self, report: &mut Report<'_>) {
        let is_on = self.state().and_then(Read::text).as_deref() == Some("on");
        match self.retries().map(|retries| (retries.value(), retries.number())) {
            None if is_on => report.missing(self.value(), "retries", "is required where they are on: 4095 or more"),
            Some((at, Some(..4095))) if is_on => report.error(at, "spinlocks-retries", "is less than the least, 4095"),
            _ => {}
        }
    }
}
