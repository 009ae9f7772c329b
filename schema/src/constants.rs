//! Constants and messages that plain Nix shares with the plugin. `schema/json/constants.json` and `schema/json/messages.json`
//! hold them; `nix-lib/` reads them there.

use crate::engine::identity;
use crate::engine::message::{MESSAGES, MODULE_FUNCTIONS};
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
        "moduleFunctions": object(MODULE_FUNCTIONS.iter().map(|made| {
            (made.tag, json!({ "function": made.function, "instead": made.instead }))
        })),
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

/// Returns the texts of the messages by name.
pub fn messages() -> Json {
    Json::Object(MESSAGES.iter().map(|(name, text)| (camel(name), (*text).into())).collect::<Map<_, _>>())
}

/// Returns a name of Rust as Nix writes names: `wrong_type` as `wrongType`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(1);
        name + &initial.to_uppercase() + rest
    })
}

fn object(members: impl Iterator<Item = (&'static str, Json)>) -> Json {
    Json::Object(members.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}
