//! Constants and messages that plain Nix shares with the plugin. Files in `schema/json/` hold them; `nix-lib/` reads them there, and
//! those that every object needs are small.

use crate::engine::identity;
use crate::engine::message::{MESSAGES, MODULE_FUNCTIONS};
use crate::engine::plain_nix;
use crate::engine::scalar::SWITCHES;
use crate::engine::shorthand::Notation;
use crate::engine::size;
use crate::engine::table::Absent;
use crate::engine::taken::Taken;
use crate::formats::device::interface::mac;
use crate::formats::namespaces::NAMESPACES;
use crate::formats::pci;
use crate::kind::Kind;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// The notations of all formats.
const NOTATIONS: &[&Notation] = &[&pci::NOTATION];

/// Returns the constants.
pub fn constants() -> Json {
    json!({
        "switches": SWITCHES,
        "moduleFunctions": object(MODULE_FUNCTIONS.iter().map(|made| {
            (made.tag, json!({ "function": made.function, "instead": made.instead }))
        })),
        "size": {
            "regex": size::REGEX,
            "example": size::EXAMPLE,
            "units": object(size::UNITS.iter().map(|(name, bytes)| (name.to_lowercase(), (*bytes).into()))),
        },
        "namespaces": object(NAMESPACES.iter().map(|namespace| (namespace.prefix, namespace.uri.into()))),
        "notations": object(NOTATIONS.iter().map(|notation| (notation.name, described(notation)))),
    })
}

/// Returns the recipes of derived identities, which every object needs.
pub fn identity() -> Json {
    let has_uuid = |kind: &&Kind| kind.format().schema().fields.iter().any(|it| it.absent == Absent::Uuid);
    json!({
        "kindsWithUuid": Kind::ALL.iter().filter(has_uuid).map(|kind| kind.name()).collect::<Json>(),
        "uuid": identity::UUID,
        "mac": {
            "prefixes": object(mac::PREFIXES.iter().map(|(domain_type, prefix)| (*domain_type, (*prefix).into()))),
            "otherPrefix": mac::OTHER_PREFIX,
            "seed": mac::RECIPE.seed,
            "pieces": mac::RECIPE.pieces,
        },
    })
}

/// Returns what libvirt takes although its schema does not, for each kind that has some.
pub fn taken() -> Json {
    let all = Kind::ALL.iter().map(|kind| (kind.name(), kind.format().taken));
    object(all.filter(|(_, rows)| !rows.is_empty()).map(|(kind, rows)| (kind, rows.iter().map(row).collect())))
}

fn row(row: &Taken) -> Json {
    json!({
        "at": row.at,
        "when": row.when.iter().map(|(path, word)| json!({ "path": path, "word": word })).collect::<Json>(),
        "unless": row.unless,
        "part": row.part,
        "read": row.read,
        "warning": row.warning.as_ref().map(|warning| json!({ "message": warning.message, "hint": warning.hint })),
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

/// Returns the tables from which plain Nix writes specs, by the file below `schema/json/tables/`: a file for each kind and each
/// element, and two for the common elements of a kind.
///
/// # Panics
/// Two kinds have different elements of one name.
pub fn tables() -> BTreeMap<String, String> {
    let mut tables = BTreeMap::new();
    let text = |it: &Json| format!("{it}\n");
    for kind in Kind::ALL {
        let written = plain_nix::tables(kind.format());
        for (name, element) in &written.elements {
            let text = text(element);
            let other = tables.insert(format!("elements/{name}.json"), text.clone());
            assert!(other.is_none_or(|other| other == text), "{name} has two tables");
        }
        tables.insert(format!("{}.json", kind.name()), text(&written.root));
        tables.insert(format!("common/{}.nix", kind.name()), format!("{}\n", written.common.elements));
        tables.insert(format!("common/{}.json", kind.name()), text(&written.common.shorts));
    }
    tables
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

fn object(members: impl Iterator<Item = (impl Into<String>, Json)>) -> Json {
    Json::Object(members.map(|(name, value)| (name.into(), value)).collect::<Map<_, _>>())
}
