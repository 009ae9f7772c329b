//! Identities derived from names: an object without a UUID, or a network card without a MAC address, keeps the same one
//! from one evaluation to the next.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Recipe for an identity: the hexadecimal digits of a hash, among fixed text.
#[derive(Debug, Serialize)]
pub struct Recipe {
    /// Text that is hashed with SHA-256. Each `{name}` is replaced by the value of that name.
    pub seed: &'static str,
    /// Pieces of the identity, in order.
    pub pieces: &'static [Piece],
}

/// Piece of an identity.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Piece {
    /// Fixed text.
    Text(&'static str),
    /// Digits of the hash: index of the first one, and their number.
    Digits(usize, usize),
}

impl Recipe {
    /// Returns the identity for these values, each with its name in the seed.
    pub fn identity(&self, values: &[(&str, &str)]) -> String {
        let digits = hexadecimal(&Sha256::digest(filled(self.seed, values)));
        let piece = |piece: &Piece| match *piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Digits(start, count) => digits[start..start + count].to_owned(),
        };
        self.pieces.iter().map(piece).collect()
    }
}

/// Recipe for the UUID of an object, which has version 8: the version for custom recipes.
pub static UUID: Recipe = Recipe {
    seed: "nixvirt:{kind}:{name}",
    pieces: &[
        Piece::Digits(0, 8),
        Piece::Text("-"),
        Piece::Digits(8, 4),
        Piece::Text("-8"),
        Piece::Digits(13, 3),
        Piece::Text("-a"),
        Piece::Digits(17, 3),
        Piece::Text("-"),
        Piece::Digits(20, 12),
    ],
};

/// Returns the UUID of the object with that kind and name.
pub fn uuid(kind: &str, name: &str) -> String {
    UUID.identity(&[("kind", kind), ("name", name)])
}

/// Returns a template with each `{name}` replaced by the value of that name. Values are not searched again.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("templates close their braces");
        let value = values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        filled.push_str(before);
        filled.push_str(value.expect("templates name known values"));
        rest = after;
    }
    filled + rest
}

/// Returns bytes as lowercase hexadecimal digits.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{filled, uuid};
    use expect_test::expect;
    use pretty_assertions::assert_eq;

    #[test]
    fn uuids() {
        expect!["09dca170-e429-819e-ab22-dc42fa993e0c"].assert_eq(&uuid("domain", "vm"));
    }

    #[test]
    fn values_are_not_searched() {
        assert_eq!(filled("a {one} {two}.", &[("one", "{two}"), ("two", "2")]), "a {two} 2.");
    }
}
