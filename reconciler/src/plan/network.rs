//! What of a network's changes can be had while it runs, so that no guest loses its link.

use super::live::Live;
use crate::change::{Pair, changes, child, pair};
use crate::step::{Action, NetworkSection, UpdateHow};
use nixvirt_schema::engine::xml::Element;

/// Where in a network the parts are that libvirt can change while it runs: the elements above them, and their name.
const PARTS: &[(&[&str], &str, NetworkSection)] = &[
    (&["ip", "dhcp"], "host", NetworkSection::IpDhcpHost),
    (&["ip", "dhcp"], "range", NetworkSection::IpDhcpRange),
    (&["dns"], "host", NetworkSection::DnsHost),
    (&["dns"], "txt", NetworkSection::DnsTxt),
    (&["dns"], "srv", NetworkSection::DnsSrv),
    (&["forward"], "interface", NetworkSection::ForwardInterface),
    (&[], "portgroup", NetworkSection::Portgroup),
];

/// What can be done to the running network that was declared as `old`, is declared as `new` and runs as `live`.
pub fn live_changes(old: &Element, new: &Element, live: &Element) -> Live {
    let mut removals = Live::default();
    let mut additions = Live::default();
    for (above, name, section) in PARTS {
        for (path, parent, old, new) in folders(above, old, new, live) {
            // A folder that comes or goes with all that is in it is one change.
            let (whole, is_whole) = if old.name.is_empty() { (&new, true) } else { (&old, new.name.is_empty()) };
            if is_whole && whole.attributes.is_empty() && whole.children.iter().all(|part| is_known(above, &part.name))
            {
                additions.cover(&path, None);
            }
            for it in parts(&old, &new, name) {
                let path = if path.is_empty() { it.label.clone() } else { format!("{path}.{}", it.label) };
                if it.old.zip(it.new).is_some_and(|(old, new)| changes(old, new).is_empty()) {
                    continue;
                }
                let update = |how, part: &Element| {
                    Some(Action::UpdateNetwork { how, section: *section, parent, xml: part.to_string() })
                };
                // An address that another host had must be free before it is given again, so all that goes goes first.
                if let Some(old) = it.old {
                    removals.cover(&path, update(UpdateHow::Delete, old));
                }
                if let Some(new) = it.new {
                    additions.cover(&path, update(UpdateHow::Add, new));
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

/// The elements that hold parts, as declared before and now, with their path and the number of the `<ip>` they are in.
fn folders(above: &[&str], old: &Element, new: &Element, live: &Element) -> Vec<(String, i32, Element, Element)> {
    let none = Element::default();
    match above {
        [] => vec![(String::new(), -1, old.clone(), new.clone())],
        ["ip", inner] => {
            let addresses: Vec<_> = live.children.iter().filter(|child| child.name == "ip").collect();
            let number =
                |ip: &Element| addresses.iter().position(|other| other.attribute("address") == ip.attribute("address"));
            let pairs = pair(old, new).into_iter().filter_map(|Pair { label, old, new }| {
                let (old, new) = (old?, new.filter(|new| new.name == "ip")?);
                let folder = |ip: &Element| child(ip, inner).unwrap_or(&none).clone();
                Some((format!("{label}.{inner}"), number(new)? as i32, folder(old), folder(new)))
            });
            pairs.collect()
        }
        [outer, ..] => {
            let folder = |network: &Element| child(network, outer).unwrap_or(&none).clone();
            vec![((*outer).to_owned(), -1, folder(old), folder(new))]
        }
    }
}

fn parts<'a>(old: &'a Element, new: &'a Element, name: &str) -> Vec<Pair<'a>> {
    let is_part = |it: &Pair<'a>| it.new.or(it.old).is_some_and(|part| part.name == name);
    pair(old, new).into_iter().filter(is_part).collect()
}
