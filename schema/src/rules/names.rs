//! Names of network devices of the host, whose length the kernel limits.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::interface::Interface;
use crate::formats::network::Network;

/// Maximum length of the name of a network device, in Linux and the BSDs.
const LONGEST: usize = 15;

/// Checks the names of an interface's device on the host, and of the device that it is connected to.
pub(super) fn of_interface(interface: View<'_, Interface>, report: &mut Report<'_>) {
    let connection = interface.connection();
    let kind = connection.r#type().and_then(Read::text);
    if !matches!(kind.as_deref(), Some("network" | "bridge" | "direct" | "ethernet")) {
        return;
    }
    let source = connection.source().map(Read::value);
    let target = interface.target().and_then(|target| target.dev()).map(Read::value);
    check(target, report);
    check(source.and_then(|source| source.attribute("bridge")), report);
    check(source.and_then(|source| source.attribute("dev")), report);
}

/// Checks the name of a network's bridge.
pub(super) fn of_bridge(network: View<'_, Network>, report: &mut Report<'_>) {
    check(network.bridge().and_then(|bridge| bridge.name()).map(Read::value), report);
}

fn check(name: Option<Value<'_>>, report: &mut Report<'_>) {
    let Some(name) = name else { return };
    let Some(text) = name.text() else { return };
    if text.len() > LONGEST {
        let message =
            format!("device name {text:?} is longer than {LONGEST} characters, the most that the host accepts");
        report.error(name, "device-name-too-long", message);
    }
}
