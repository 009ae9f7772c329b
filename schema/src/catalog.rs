//! List of the JSON Schemas of specs in the form of SchemaStore's catalog, from which editors know the schema of a file by its
//! name. `schema/json/catalog.json` holds it.

use crate::kind::Kind;
use serde_json::{Value as Json, json};

/// Endings of the names of files with specs, behind the kind.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];

/// Returns the catalog. A file with a spec is named after the kind, as in `web.domain.json`.
pub fn catalog() -> Json {
    let entry = |kind: &Kind| {
        let name = kind.name();
        json!({
            "name": format!("libvirt {name}"),
            "description": kind.schema().doc,
            "fileMatch": ENDINGS.map(|ending| format!("*.{name}.{ending}")),
            "url": format!("https://nixvirt.org/schema/{name}.json"),
        })
    };
    json!({
        "$schema": "https://json.schemastore.org/schema-catalog.json",
        "version": 1,
        "schemas": Kind::ALL.iter().map(entry).collect::<Vec<_>>(),
    })
}
