//! Addresses that a network's DHCP server assigns.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::network::Network;
use crate::formats::network::ip::{NetworkDhcpHost, NetworkIp};
use crate::rules::uniqueness;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Addresses of a network.
#[derive(Clone, Copy)]
struct Subnet {
    is_v4: bool,
    /// First address: that of the network itself.
    first: u128,
    /// Last address: the broadcast address, in IPv4.
    last: u128,
}

impl Subnet {
    /// Returns the subnet of an `ip`, with libvirt's default prefix if it has none.
    fn of(ip: View<'_, NetworkIp>) -> Option<Subnet> {
        let (is_v4, address) = address(ip.address()?.value())?;
        let width = if is_v4 { 32 } else { 128 };
        let all = u128::MAX >> (128 - width);
        let bits = match (ip.netmask(), ip.prefix()) {
            (Some(netmask), _) => (self::address(netmask.value())?.1 as u32).leading_ones(),
            // libvirt reads the prefix 0 as none.
            (None, Some(prefix)) if prefix.value().number::<u32>(10) != Some(0) => prefix.value().number(10)?,
            _ if !is_v4 => 64,
            // The address classes.
            _ => match address >> 24 {
                0..128 => 8,
                128..192 => 16,
                _ => 24,
            },
        };
        let hosts = all.checked_shr(bits).filter(|_| bits <= width).unwrap_or(0);
        Some(Subnet { is_v4, first: address & !hosts & all, last: address | hosts })
    }

    /// Returns whether an address is in the network.
    fn holds(self, (is_v4, address): (bool, u128)) -> bool {
        is_v4 == self.is_v4 && (self.first..=self.last).contains(&address)
    }
}

/// Returns whether an address is of IPv4, and the address as a number.
fn address(value: Value<'_>) -> Option<(bool, u128)> {
    Some(match value.text()?.parse().ok()? {
        IpAddr::V4(it) => (true, u128::from(it.to_bits())),
        IpAddr::V6(it) => (false, it.to_bits()),
    })
}

/// Maximum number of addresses that libvirt accepts in one range, minus one.
const WIDEST: u128 = 65_535;

/// Checks that each range goes from the lower to the higher address, inside the network.
pub(super) fn ranges_are_of_the_network(ip: View<'_, NetworkIp>, report: &mut Report<'_>) {
    let Some(dhcp) = ip.dhcp() else { return };
    let subnet = Subnet::of(ip);
    for range in dhcp.range() {
        let (Some(start), Some(end)) = (range.start().map(Read::value), range.end().map(Read::value)) else { continue };
        let (Some(first), Some(last)) = (address(start), address(end)) else { continue };
        for (at, edge) in [(start, first), (end, last)] {
            let Some(subnet) = subnet else { continue };
            let address = at.shown();
            if !subnet.holds(edge) {
                report.error(at, "dhcp-range-outside", format!("address {address} is outside the network"));
            } else if subnet.is_v4 && edge.1 == subnet.first {
                report.error(at, "dhcp-range-reserved", format!("{address} is the address of the network itself"));
            } else if subnet.is_v4 && edge.1 == subnet.last {
                report.error(at, "dhcp-range-reserved", format!("{address} is the broadcast address of the network"));
            }
        }
        if first.0 == last.0 && first.1 > last.1 {
            let message = format!("end {} comes before start {}: swap them", end.shown(), start.shown());
            report.error(end, "dhcp-range-reversed", message);
        } else if first.0 == last.0 && last.1 - first.1 > WIDEST {
            report.error(
                range.value(),
                "dhcp-range-wide",
                "the range has more than 65536 addresses, the most that libvirt accepts",
            );
        }
    }
}

/// Checks that the address of each host is in the network.
pub(super) fn hosts_are_of_the_network(ip: View<'_, NetworkIp>, report: &mut Report<'_>) {
    let (Some(dhcp), Some(subnet)) = (ip.dhcp(), Subnet::of(ip)) else { return };
    for at in dhcp.host().filter_map(|host| host.ip()).map(Read::value) {
        if address(at).is_some_and(|address| !subnet.holds(address)) {
            let message = format!("address {} is outside the network, so the DHCP server never assigns it", at.shown());
            report.warning(at, "dhcp-host-outside", message);
        }
    }
}

/// Checks that a network has one DHCP server for each family of addresses.
pub(super) fn one_server_for_each_family(network: View<'_, Network>, report: &mut Report<'_>) {
    let mut taken = [false; 2];
    let mut addresses = BTreeSet::new();
    for ip in network.ip() {
        let Some(at) = ip.address().map(Read::value) else { continue };
        let Some((is_v4, number)) = address(at) else { continue };
        if !addresses.insert((is_v4, number)) {
            report.error(at, "ip-address-taken", format!("the network has the address {} already", at.shown()));
        }
        let Some(dhcp) = ip.dhcp() else { continue };
        let serves = dhcp.range().next().is_some() || dhcp.host().next().is_some();
        if serves && std::mem::replace(&mut taken[usize::from(is_v4)], true) {
            let message = "the network has a DHCP server for this family of addresses already: add its ranges there";
            report.error(dhcp.value(), "dhcp-twice", message);
        }
    }
}

/// Checks that the gateway of each route is in the network.
pub(super) fn gateways_are_in_the_network(network: View<'_, Network>, report: &mut Report<'_>) {
    let subnets: Vec<_> = network.ip().filter(|ip| !has_gaps(*ip)).filter_map(Subnet::of).collect();
    for gateway in network.route().filter_map(|route| route.gateway()).map(Read::value) {
        let is_outside = |it: (bool, u128)| !subnets.iter().any(|subnet| subnet.holds(it));
        if address(gateway).is_some_and(is_outside) {
            let message = format!("the gateway {} is in no subnet of the network", gateway.shown());
            report.error(gateway, "route-gateway-outside", message);
        }
    }
}

/// Returns whether the netmask of a subnet has ones after a zero. libvirt reaches no gateway in such a subnet.
fn has_gaps(ip: View<'_, NetworkIp>) -> bool {
    let netmask = ip.netmask().and_then(|netmask| address(netmask.value())).map(|(_, netmask)| netmask as u32);
    netmask.is_some_and(|netmask| netmask.leading_ones() + netmask.trailing_zeros() < 32)
}

/// Checks that no two hosts have the same MAC address, name or IP address.
pub(super) fn hosts_are_told_apart(ip: View<'_, NetworkIp>, report: &mut Report<'_>) {
    let Some(dhcp) = ip.dhcp() else { return };
    let mut claims: Vec<_> = dhcp.host().flat_map(claims).collect();
    claims.sort_unstable_by_key(|(claim, at, _)| (*claim, at.index()));
    for same in claims.chunk_by(|(one, ..), (other, ..)| one == other).filter(|same| same.len() > 1) {
        let first = report.path(same[0].2);
        for (claim, at, _) in &same[1..] {
            let what = match claim {
                Claim::Mac(_) => "MAC address",
                Claim::Name(_) => "host name",
                Claim::Ip(..) => "IP address",
            };
            let message = format!("{what} {} is already used by {first}", at.shown());
            let code = match claim {
                Claim::Mac(_) => "dhcp-mac-taken",
                Claim::Name(_) => "dhcp-name-taken",
                Claim::Ip(..) => "dhcp-ip-taken",
            };
            report.warning(*at, code, message);
        }
    }
}

/// Value that only one host of a network can have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim<'a> {
    Mac(u64),
    Name(&'a str),
    Ip(bool, u128),
}

/// Returns the values that a host claims, each with its place and the host.
fn claims<'a>(host: View<'a, NetworkDhcpHost>) -> impl Iterator<Item = (Claim<'a>, Value<'a>, Value<'a>)> {
    let claim = |at: Option<Value<'a>>, claim: fn(Value<'a>) -> Option<Claim<'a>>| Some((claim(at?)?, at?));
    let mac = claim(host.mac().map(Read::value), |at| uniqueness::mac_number(at.text()?).map(Claim::Mac));
    let name = claim(host.name().map(Read::value), |at| at.text().map(Claim::Name));
    let ip = claim(host.ip().map(Read::value), |at| address(at).map(|(is_v4, it)| Claim::Ip(is_v4, it)));
    [mac, name, ip].into_iter().flatten().map(move |(claim, at)| (claim, at, host.value()))
}
