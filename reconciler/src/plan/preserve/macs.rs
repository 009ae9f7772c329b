//! The MAC addresses of network interfaces that are declared without one: an interface keeps the address that it has.

use crate::change::{child, child_mut, child_text, children_of, summary};
use nixvirt_schema::engine::identity;
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::formats::device::interface::mac;
use std::cell::LazyCell;
use std::collections::{HashMap, HashSet, VecDeque};

/// The attributes of a source that name what an interface is connected to. The first one counts.
const NAMES: [&str; 5] = ["network", "bridge", "dev", "path", "name"];

/// Gives each network interface without a MAC address the one that it has, or else one that is derived from the UUID or
/// the names: libvirt would generate different ones for the persistent and the running definition. A declared address that equals the derived
/// one was not chosen by anyone, and an interface that exists with another address keeps that.
pub fn add_macs(domain: &mut Element, found: Option<&Element>) {
    let hypervisor = domain.attribute("type").unwrap_or_default().to_owned();
    let name = child_text(domain, "name").unwrap_or_default().to_owned();
    let uuid = child_text(domain, "uuid").map(str::to_owned);
    // Most interfaces have an address, so that none is derived.
    let identity = LazyCell::new(|| {
        let chosen_uuid = uuid.as_deref().filter(|uuid| *uuid != identity::uuid("domain", &name));
        mac::identity(chosen_uuid, &name)
    });
    let Some(devices) = child_mut(domain, "devices") else { return };
    let found = found.map(|found| children_of(found, "devices")).unwrap_or_default();
    let found: Vec<_> = found.iter().filter(|device| is_card(device)).collect();
    let of_found: HashSet<_> = found.iter().filter_map(|card| mac(card)).collect();
    for (place, card) in devices.children.iter_mut().filter(|device| is_card(device)).enumerate() {
        // Earlier versions derived the address from the name alone.
        let derived = || [&*identity, &name].map(|identity| mac::address(&hypervisor, identity, place));
        let is_derived = mac(card).is_some_and(|mac| !of_found.contains(&mac) && derived().contains(&mac));
        // libvirt replaces an address of zeros by another one each time.
        if is_derived || mac(card).as_deref() == Some("00:00:00:00:00:00") {
            card.children.retain(|child| child.name != "mac");
        }
    }
    let declared: HashSet<_> = devices.children.iter().filter(|device| is_card(device)).filter_map(mac).collect();
    let free: Vec<_> = found.into_iter().filter(|card| mac(card).is_some_and(|mac| !declared.contains(&mac))).collect();
    let cards = devices.children.iter_mut().filter(|device| is_card(device)).enumerate();
    let mut without: Vec<_> = cards.filter(|(_, card)| child(card, "mac").is_none()).collect();
    let is_taken = give_recorded(&mut without, &free);
    let mut left = free.iter().zip(is_taken).filter(|(_, is_taken)| !is_taken).map(|(card, _)| *card);
    let mut taken: HashSet<_> = declared.union(&of_found).cloned().collect();
    let mut next = 0;
    for (place, card) in without {
        let mac = left.next().and_then(|card| child(card, "mac").cloned());
        let mac = mac.unwrap_or_else(|| {
            let mut addresses =
                (place.max(next)..).map(|place| (place + 1, mac::address(&hypervisor, &identity, place)));
            // There are more places than interfaces.
            let (after, address) = addresses.find(|(_, address)| !taken.contains(address)).unwrap_or_default();
            next = after;
            taken.insert(address.clone());
            element(address)
        });
        card.children.push(mac);
    }
}

/// Gives each interface the address of the first one that is connected alike, so that others may be added or removed before it.
/// Returns which addresses were given. Interfaces that got none are left in the list.
fn give_recorded(without: &mut Vec<(usize, &mut Element)>, free: &[&Element]) -> Vec<bool> {
    let mut is_taken = vec![false; free.len()];
    if without.is_empty() {
        return is_taken;
    }
    let connections: [fn(&Element) -> String; 2] = [summary, named];
    for connection in connections {
        let mut alike: HashMap<Likeness, VecDeque<usize>> = HashMap::new();
        for (at, card) in free.iter().enumerate() {
            for likeness in Likeness::of_recorded(card, connection) {
                alike.entry(likeness).or_default().push_back(at);
            }
        }
        without.retain_mut(|(_, card)| {
            let Some(places) = alike.get_mut(&Likeness::of_declared(card, connection)) else { return true };
            while let Some(at) = places.pop_front() {
                if !std::mem::replace(&mut is_taken[at], true) {
                    card.children.extend(child(free[at], "mac").cloned());
                    return false;
                }
            }
            true
        });
    }
    is_taken
}

/// What tells how an interface is connected, and what it is to the guest. What is not declared, libvirt chooses.
#[derive(PartialEq, Eq, Hash)]
struct Likeness {
    kind: String,
    connection: Option<String>,
    model: Option<String>,
}

impl Likeness {
    fn of_declared(card: &Element, connection: fn(&Element) -> String) -> Self {
        let model = child(card, "model").and_then(|model| model.attribute("type"));
        Likeness {
            kind: card.attribute("type").unwrap_or_default().to_owned(),
            connection: child(card, "source").map(connection),
            model: model.map(str::to_ascii_lowercase),
        }
    }

    /// What may be declared of an interface that libvirt has.
    fn of_recorded(card: &Element, connection: fn(&Element) -> String) -> HashSet<Self> {
        let own = Likeness::of_declared(card, connection);
        let mut all = HashSet::new();
        for connection in [None, own.connection.clone()] {
            for model in [None, own.model.clone()] {
                all.insert(Likeness { kind: own.kind.clone(), connection: connection.clone(), model });
            }
        }
        all
    }
}

/// The name of what an interface is connected to. A running one also has that of the bridge of its network.
fn named(source: &Element) -> String {
    NAMES.iter().find_map(|name| source.attribute(name)).unwrap_or_default().to_owned()
}

fn is_card(device: &Element) -> bool {
    device.name == "interface"
}

fn mac(card: &Element) -> Option<String> {
    Some(child(card, "mac")?.attribute("address")?.to_ascii_lowercase())
}

fn element(address: String) -> Element {
    let attributes = vec![("address".to_owned(), address)];
    Element { name: "mac".to_owned(), attributes, ..Element::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nixvirt_schema::engine::xml;
    use pretty_assertions::assert_eq;

    fn domain(cards: &str) -> Element {
        xml::element(&format!("<domain type='qemu'><name>a</name><devices>{cards}</devices></domain>")).expect("XML")
    }

    fn card(network: &str, more: &str) -> String {
        format!("<interface type='network'><source network='{network}'/>{more}</interface>")
    }

    /// The last digits of the addresses that declared interfaces get beside recorded ones.
    fn given(declared: &[String], found: &[String]) -> Vec<String> {
        let mut declared = domain(&declared.concat());
        add_macs(&mut declared, Some(&domain(&found.concat())));
        let cards = children_of(&declared, "devices").iter();
        cards.map(|card| mac(card).expect("each has one")[15..].to_owned()).collect()
    }

    #[test]
    fn an_interface_keeps_its_address_by_what_it_is_connected_to() {
        let mac = |last: &str| format!("<mac address='52:54:00:00:00:{last}'/>");
        let virtio = "<model type='virtio'/>";
        let found = [
            card("lan", &mac("01")),
            card("wan", &(mac("02") + virtio)),
            card("lan", &(mac("03") + virtio)),
            card("lan' portgroup='dmz", &mac("04")),
        ];
        let rows: &[(&[String], &[&str])] = &[
            (&[card("lan", ""), card("wan", "")], &["01", "02"]),
            (&[card("wan", ""), card("lan", "")], &["02", "01"]),
            (&[card("lan", virtio), card("lan", "")], &["03", "01"]),
            (&[card("lan' portgroup='dmz", ""), card("lan", "")], &["04", "01"]),
            (&[card("lan", ""), card("lan", ""), card("lan", "")], &["01", "03", "04"]),
            // What is connected otherwise takes what is left.
            (&[card("new", ""), card("wan", "")], &["01", "02"]),
        ];
        for (declared, expected) in rows {
            assert_eq!(given(declared, &found), *expected);
        }
    }
}
