//! The rules on a network as a whole.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::network::Network;
use crate::formats::network::ip::NetworkIp;
use crate::rules::address::{BusAddress, pci_parts};
use crate::rules::refusal::is_one_of;
use crate::rules::{dhcp, names, refusals};
use std::collections::BTreeSet;

/// The rules on an address of a network, with what depends on it.
const OF_ADDRESSES: &[fn(View<'_, NetworkIp>, &mut Report<'_>)] =
    &[dhcp::ranges_are_of_the_network, dhcp::hosts_are_of_the_network, dhcp::hosts_are_told_apart];

/// The rules on all parts of a network.
const OF_ALL: &[fn(View<'_, Network>, &mut Report<'_>)] =
    &[names::of_bridge, dhcp::one_server_for_each_family, dhcp::gateways_are_in_the_network, names_are_told_apart];

/// Checks a network as a whole.
pub(crate) fn check(network: Value<'_>, report: &mut Report<'_>) {
    names::check(network, report);
    refusals::of_network(network, report);
    let network = View::<Network>::new(network);
    for ip in network.ip() {
        for rule in OF_ADDRESSES {
            report.start_rule();
            rule(ip, report);
        }
    }
    for rule in OF_ALL {
        report.start_rule();
        rule(network, report);
    }
}

/// Checks that no two port groups have one name or are both the default, and that no device of the host is listed twice.
fn names_are_told_apart(network: View<'_, Network>, report: &mut Report<'_>) {
    let (mut names, mut defaults) = (BTreeSet::new(), 0);
    for group in network.portgroup() {
        let name = group.name().map(Read::value);
        if let Some(name) = name.filter(|name| !names.insert(name.xml_text())) {
            report.error(
                name,
                "portgroup-name-taken",
                format!("another port group has the name {} already", name.shown()),
            );
        }
        let default = group.default().map(Read::value).filter(|default| is_one_of(*default, &["yes"]));
        if let Some(default) = default {
            defaults += 1;
            if defaults == 2 {
                report.error(default, "portgroup-default-taken", "another port group is the default one already");
            }
        }
    }
    let mut devices = BTreeSet::new();
    for interface in network.forward().into_iter().flat_map(|forward| forward.interface()) {
        let dev = interface.dev().map(Read::value);
        if let Some(dev) = dev.filter(|dev| !devices.insert(dev.xml_text())) {
            report.error(dev, "forward-interface-taken", format!("{} is listed twice", dev.shown()));
        }
    }
    let mut places = BTreeSet::new();
    for address in network.forward().into_iter().flat_map(|forward| forward.address()).map(Read::value) {
        let place = pci_parts(address).map(BusAddress::Pci);
        if let Some(place) = place.filter(|place| !places.insert(*place)) {
            report.error(address, "forward-address-taken", format!("{place} is listed twice"));
        }
    }
}
