//! Which changes of a network take effect while it runs, so that no guest loses its link.

use super::live::Live;
use crate::change::{Pair, changes, child, pair};
use crate::step::{NetworkSection, NetworkUpdate, Operation};
use nixvirt_schema::engine::xml::Element;

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
