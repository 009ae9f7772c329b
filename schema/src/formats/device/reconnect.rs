//! `<reconnect>` of a socket: [Devices](https://libvirt.org/formatdomain.html#devices).

use crate::engine::problem::Report;
use crate::engine::scalar::YesNo;
use crate::engine::view::{Read, View};
use crate::formats::storage::choice;
use nixvirt_schema_derive::element;

/// Reconnection to a socket after a lost connection: `enabled` with an optional `timeout`, or `delay`.
#[element(rules)]
pub struct Reconnect {
    /// Whether to reconnect after a lost connection.
    pub enabled: Option<YesNo>,
    /// Seconds between two reconnection attempts.
    pub timeout: Option<u32>,
    /// Seconds that requests of a disk wait for the reconnection before failing. Only for disks.
    #[since = "9.2"]
    pub delay: Option<u32>,
}

impl View<'_, Reconnect> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["enabled", "delay"], "reconnect-enabled-or-delay", report);
        let is_on = self.enabled().and_then(Read::text).as_deref() == Some("yes");
        if is_on && self.delay().is_none() {
            choice::some(self.value(), "timeout", "expected the seconds between two attempts", report);
        }
        if self.enabled().is_none() && self.delay().is_some() {
            choice::none(self.value(), &["timeout"], "reconnect-timeout-needs-enabled", "without `enabled`", report);
        }
    }
}
