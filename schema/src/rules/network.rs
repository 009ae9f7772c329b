//! The rules on a network as a whole.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::View;
use crate::formats::network::Network;
use crate::rules::{dhcp, names};

/// Checks a network as a whole.
pub(crate) fn check(network: Value<'_>, report: &mut Report<'_>) {
    names::check(network, report);
    let network = View::<Network>::new(network);
    names::of_bridge(network, report);
    for ip in network.ip() {
        dhcp::ranges_are_of_the_network(ip, report);
        dhcp::hosts_are_of_the_network(ip, report);
        dhcp::hosts_are_told_apart(ip, report);
    }
}
