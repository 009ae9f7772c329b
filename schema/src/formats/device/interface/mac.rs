//! The MAC address of a network card that has none.

use crate::engine::identity;
use crate::engine::value::{Data, Value};

/// The MAC address of a domain's network card, derived from the domain's name and the card's index among its cards.
pub fn derived(domain: Value<'_>, card: Value<'_>) -> Option<String> {
    let name = domain.attribute("name")?.text()?;
    let hypervisor = domain.attribute("type").and_then(Value::text).unwrap_or_default();
    Some(identity::mac(hypervisor, name, index(domain, card)))
}

/// The index of a network card among those of its domain, from 0.
fn index(domain: Value<'_>, card: Value<'_>) -> usize {
    let cards = domain.attribute("devices").and_then(|devices| devices.attribute("interface"));
    // What is in a list lies side by side.
    let first = cards.filter(|cards| matches!(cards.data(), Data::List(_))).and_then(|cards| cards.children().next());
    first.map_or(0, |first| (card.index() - first.index()) as usize)
}
