//! `<reconnect>` of a socket: [Devices](https://libvirt.org/formatdomain.html#devices).

use crate::engine::problem::Report;
use crate::engine::scalar::YesNo;
use crate::engine::view::{Read, View};
use crate::formats::storage::choice;
use nixvirt_schema_derive::element;

/// How a lost connection to a socket comes back: `enabled`, perhaps with a `timeout`, or a `delay`.
#[element(rules)]
pub struct Reconnect {
    /// Whether to connect again.
    pub enabled: Option<YesNo>,
    /// How many seconds lie between two tries.
    pub timeout: Option<u32>,
    /// For how many seconds a disk's requests wait for the connection before they fail; only for disks.
    pub delay: Option<u32>,
}

impl View<'_, Reconnect> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["enabled", "delay"], "reconnect-enabled-or-delay", report);
        if self.enabled().is_none() && self.delay().is_some() {
            choice::none(self.value(), &["timeout"], "reconnect-timeout-needs-enabled", "without enabled", report);
        }
    }
}
