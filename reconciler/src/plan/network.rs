//! Which changes of a network take effect while it runs, so that no guest loses its link, and which networks have overlapping
//! subnets.

use super::live::Live;
use super::preserve::has_own_bridge;
use super::{Entry, Reason, Verdict};
use crate::change::{Pair, changes, child, pair};
use crate::declared::Desired;
use crate::object::Type;
use crate::step::{NetworkSection, NetworkUpdate, Operation};
use nixvirt_schema::engine::xml::Element;
use std::fmt;
use std::net::IpAddr;

/// The elements of a network that libvirt can change while it runs: their ancestors, their name and their section.
const PARTS: &[(&[&str], &str, NetworkSection)] = &[
    (&["ip", "dhcp"], "host", NetworkSection::IpDhcpHost),
    (&["ip", "dhcp"], "range", NetworkSection::IpDhcpRange),
    (&["dns"], "host", NetworkSection::DnsHost),
    (&["dns"], "txt", NetworkSection::DnsTxt),
    (&["dns"], "srv", NetworkSection::DnsSrv),
    (&["forward"], "interface", NetworkSection::ForwardInterface),
    (&[], "portgroup", NetworkSection::Portgroup),
];

/// The operations on a running network that was applied as `old`, is declared as `new` and runs as `live`.
pub fn live_changes(old: &Element, new: &Element, live: &Element) -> Live {
    let mut removals = Live::default();
    let mut additions = Live::default();
    for (above, name, section) in PARTS {
        for (path, parent, old, new) in parents(above, old, new, live) {
            // A parent that is added or removed with all its parts is one change.
            let (whole, is_whole) = if old.name.is_empty() { (&new, true) } else { (&old, new.name.is_empty()) };
            if is_whole && whole.attributes.is_empty() && whole.children.iter().all(|part| is_known(above, &part.name))
            {
                additions.cover(&path, None);
            }
            for it in parts(&old, &new, name) {
                let path = if path.is_empty() { it.label.to_string() } else { format!("{path}.{}", it.label) };
                if it.old.zip(it.new).is_some_and(|(old, new)| changes(old, new).is_empty()) {
                    continue;
                }
                let update = |how, part: &Element| {
                    Some(Operation::UpdateNetwork { how, section: *section, parent, element: part.clone() })
                };
                // Removals come first: an address must be free before another host gets it.
                if let Some(old) = it.old {
                    removals.cover(&path, update(NetworkUpdate::Delete, old));
                }
                if let Some(new) = it.new {
                    additions.cover(&path, update(NetworkUpdate::Add, new));
                }
            }
        }
    }
    removals.extend(additions);
    removals
}

fn is_known(above: &[&str], name: &str) -> bool {
    PARTS.iter().any(|(other, part, _)| *other == above && *part == name)
}

/// The parents of parts as applied and as declared, with their path and the index of the `<ip>` that they are in.
fn parents(above: &[&str], old: &Element, new: &Element, live: &Element) -> Vec<(String, i32, Element, Element)> {
    let none = Element::default();
    match above {
        [] => vec![(String::new(), -1, old.clone(), new.clone())],
        ["ip", inner] => {
            let addresses: Vec<_> = live.children.iter().filter(|child| child.name == "ip").collect();
            let index =
                |ip: &Element| addresses.iter().position(|other| other.attribute("address") == ip.attribute("address"));
            let pairs = pair(old, new).into_iter().filter_map(|Pair { label, old, new }| {
                let (old, new) = (old?, new.filter(|new| new.name == "ip")?);
                let parent = |ip: &Element| child(ip, inner).unwrap_or(&none).clone();
                Some((format!("{label}.{inner}"), index(new)? as i32, parent(old), parent(new)))
            });
            pairs.collect()
        }
        [outer, ..] => {
            let parent = |network: &Element| child(network, outer).unwrap_or(&none).clone();
            vec![((*outer).to_owned(), -1, parent(old), parent(new))]
        }
    }
}

fn parts<'a>(old: &'a Element, new: &'a Element, name: &str) -> Vec<Pair<'a>> {
    let is_part = |it: &Pair<'a>| it.new.or(it.old).is_some_and(|part| part.name == name);
    pair(old, new).into_iter().filter(is_part).collect()
}

/// Subnet of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// An address in it: that of the host.
    address: IpAddr,
    /// The length of the prefix.
    prefix: u32,
}

impl Subnet {
    fn of(ip: &Element) -> Option<Self> {
        let address: IpAddr = ip.attribute("address")?.parse().ok()?;
        let prefix = match (ip.attribute("prefix"), ip.attribute("netmask")) {
            (Some(prefix), _) => prefix.parse().ok()?,
            (None, Some(netmask)) => match netmask.parse().ok()? {
                IpAddr::V4(mask) => u32::from(mask).leading_ones(),
                IpAddr::V6(mask) => u128::from(mask).leading_ones(),
            },
            (None, None) => return None,
        };
        Some(Subnet { address, prefix })
    }

    /// Whether one of two subnets is within the other.
    pub fn overlaps(self, other: Subnet) -> bool {
        let prefix = self.prefix.min(other.prefix);
        match (self.address, other.address) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                (u32::from(one) ^ u32::from(other)).leading_zeros() >= prefix.min(32)
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => {
                (u128::from(one) ^ u128::from(other)).leading_zeros() >= prefix.min(128)
            }
            _ => false,
        }
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// The subnets of a network whose bridge libvirt makes.
pub fn subnets(network: &Element) -> Vec<Subnet> {
    let addresses = network.children.iter().filter(|child| child.name == "ip" && has_own_bridge(network));
    addresses.filter_map(Subnet::of).collect()
}

/// Notes which declared networks have a subnet that overlaps one of a network before them.
pub fn note_overlaps(desired: &Desired, entries: &mut [Entry]) {
    let networks = desired.objects.iter().filter(|declared| declared.id.kind == Type::Network);
    let networks: Vec<_> = networks.map(|declared| (&declared.id, subnets(&declared.redacted))).collect();
    for (at, (id, own)) in networks.iter().enumerate() {
        let pairs = networks[..at].iter().flat_map(|(other, theirs)| {
            theirs.iter().flat_map(move |one| own.iter().map(move |another| (other, *one, *another)))
        });
        let Some((other, one, another)) = pairs.into_iter().find(|(_, one, another)| one.overlaps(*another)) else {
            continue;
        };
        let is_same = one.address.is_ipv4() && one.prefix == another.prefix;
        let reason = Reason::SubnetsOverlap {
            other: other.name.clone(),
            subnets: [one, another].map(|it| it.to_string()),
            is_same,
        };
        let entry = entries.iter_mut().find(|entry| entry.id == **id && entry.verdict != Verdict::Error);
        if let Some(entry) = entry {
            entry.reasons.push(reason);
        }
    }
}
