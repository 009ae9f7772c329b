//! Constants that plain Nix shares with the plugin. `schema/json/constants.json` holds them; `nix-lib/` reads them there.

use crate::engine::identity;
use crate::engine::scalar::SWITCHES;
use crate::engine::shorthand::{Notation, SIZE_EXAMPLE, SIZE_REGEX};
use crate::formats::device::interface::mac;
use crate::formats::pci;
use serde_json::{Map, Value as Json, json};

/// The notations of all formats.
const NOTATIONS: &[&Notation] = &[&pci::NOTATION];

/// Returns the constants.
pub fn constants() -> Json {
    json!({
        "uuid": identity::UUID,
        "mac": {
            "prefixes": object(mac::PREFIXES.iter().map(|(domain_type, prefix)| (*domain_type, (*prefix).into()))),
            "otherPrefix": mac::OTHER_PREFIX,
            "seed": mac::RECIPE.seed,
            "pieces": mac::RECIPE.pieces,
        },
        "switches": SWITCHES,
        "size": { "regex": SIZE_REGEX, "example": SIZE_EXAMPLE },
        "notations": object(NOTATIONS.iter().map(|notation| (notation.name, described(notation)))),
    })
}

fn described(notation: &Notation) -> Json {
    json!({
        "what": notation.what,
        "example": notation.example,
        "regex": notation.regex,
        "attributes": object(notation.attributes.iter().map(|(name, group)| (*name, (*group).into()))),
        "default": notation.default,
    })
}

fn object(members: impl Iterator<Item = (&'static str, Json)>) -> Json {
    Json::Object(members.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}
