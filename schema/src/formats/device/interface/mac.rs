//! The MAC address of a network card that has none.

use crate::engine::identity::{Piece, Recipe};
use crate::engine::value::{Data, Value};

/// Recipe for the second half of a MAC address.
pub static RECIPE: Recipe = Recipe {
    seed: "nixvirt:domain:{domain}:interface:{card}",
    pieces: &[
        Piece::Text(":"),
        Piece::Digits(0, 2),
        Piece::Text(":"),
        Piece::Digits(2, 2),
        Piece::Text(":"),
        Piece::Digits(4, 2),
    ],
};

/// First half of a MAC address, by domain type, as libvirt itself chooses it.
pub const PREFIXES: &[(&str, &str)] = &[
    ("bhyve", "58:9c:fc"),
    ("hyperv", "00:15:5d"),
    ("vbox", "08:00:27"),
    ("vmware", "00:0c:29"),
    ("vz", "42:1c:00"),
    ("xen", "00:16:3e"),
];

/// First half of a MAC address for any other domain type.
pub const OTHER_PREFIX: &str = "52:54:00";

/// Returns the MAC address of a network card, given the type and the [`identity`] of the domain and the index of the card
/// among those of the domain, from 0.
pub fn address(domain_type: &str, domain: &str, card: usize) -> String {
    let known = PREFIXES.iter().find(|(known, _)| *known == domain_type);
    let prefix = known.map_or(OTHER_PREFIX, |(_, prefix)| *prefix);
    prefix.to_owned() + &RECIPE.identity(&[("domain", domain), ("card", &card.to_string())])
}

/// Returns the identity of a domain: the digits of its UUID if the UUID is given, and its name otherwise. Two hosts may
/// have domains of one name, whose network cards meet on one network.
pub fn identity(uuid: Option<&str>, name: &str) -> String {
    uuid.map_or_else(|| name.to_owned(), |uuid| uuid.replace('-', "").to_ascii_lowercase())
}

/// Returns the MAC address of a network card in the spec of a domain. `None` if the domain has no name.
pub fn derived(domain: Value<'_>, card: Value<'_>) -> Option<String> {
    let text = |name| domain.attribute(name).and_then(Value::text);
    let identity = identity(text("uuid"), text("name")?);
    Some(address(text("type").unwrap_or_default(), &identity, index(domain, card)))
}

/// Returns the index of a network card among those of its domain, from 0.
fn index(domain: Value<'_>, card: Value<'_>) -> usize {
    let cards = domain.attribute("devices").and_then(|devices| devices.written("interface"));
    match cards.map(|cards| (cards, cards.data())) {
        // The values of a list lie side by side.
        Some((cards, Data::List(_))) => {
            cards.children().next().map_or(0, |first| (card.index() - first.index()) as usize)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{address, identity};
    use expect_test::expect;
    use pretty_assertions::assert_eq;

    #[test]
    fn addresses() {
        expect!["52:54:00:8b:aa:f3"].assert_eq(&address("kvm", "vm", 0));
        expect!["00:16:3e:44:03:ae"].assert_eq(&address("xen", "vm", 1));
    }

    #[test]
    fn identities() {
        assert_eq!(identity(None, "vm"), "vm");
        assert_eq!(identity(Some("CC7439ED-36af-4696-a6f2-1f0c4474d87e"), "vm"), "cc7439ed36af4696a6f21f0c4474d87e");
    }
}
