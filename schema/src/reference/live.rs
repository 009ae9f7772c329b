//! When a change of a field reaches a running guest or network. `live.json` lists the fields whose changes are live: a test of
//! the crate `nixvirt`, which plans each change, writes it.

use crate::kind::Kind;
use crate::reference::Location;
use serde::Deserialize;
use std::sync::LazyLock;

/// A field whose changes are live.
#[derive(Deserialize)]
struct Live {
    path: String,
    /// Under which condition.
    condition: Option<String>,
    /// Whether only adding and removing the whole element is live.
    is_plugged: bool,
}

/// The fields of each kind.
#[derive(Deserialize)]
struct Fields {
    domain: Vec<Live>,
    network: Vec<Live>,
}

static FIELDS: LazyLock<Fields> =
    LazyLock::new(|| serde_json::from_str(include_str!("live.json")).expect("the list of live fields is JSON"));

/// Describes when a change of a field takes effect, for fields of objects that run.
pub fn takes_effect(location: &Location) -> Option<String> {
    let fields = match location.kind {
        Kind::Domain => &FIELDS.domain,
        Kind::Network => &FIELDS.network,
        _ => return None,
    };
    let path = location.path();
    // A change of these is a rename or another object.
    if matches!(path.as_str(), "name" | "uuid") {
        return None;
    }
    let plugged = fields.iter().find(|field| field.is_plugged && field.path == path);
    let live = fields.iter().find(|field| !field.is_plugged && is_at_or_below(&path, &field.path));
    let has_live_part = fields.iter().any(|field| field.path != path && is_at_or_below(&field.path, &path));
    let change = match live.map(|field| &field.condition) {
        Some(None) => "live".to_owned(),
        Some(Some(condition)) => format!("live {condition}, otherwise at the next start"),
        None if has_live_part => "depends on the field".to_owned(),
        None => "at the next start".to_owned(),
    };
    Some(match plugged {
        Some(Live { condition: Some(condition), .. }) => format!("{change}; added and removed live {condition}"),
        Some(_) => format!("{change}; added and removed live"),
        None => change,
    })
}

/// Whether a field is another one, or part of it.
fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
