//! What libvirt refuses of the properties of QEMU's devices that a domain overrides.

use super::super::refusal::Test::{Has, That};
use super::super::refusal::{Refusal, Table, refuse};
use super::{first, parts, text};
use crate::engine::value::{Data, Value};
use crate::kind::Kind::Domain;

/// The tables of overrides.
pub(super) static TABLES: &[Table] = &[Table { kind: Domain, at: &["qemu-override", "device"], rows: DEVICE }];

const DEVICE: &[Refusal] = &[
    refuse(
        "override-value",
        &[
            Has("frontend.property"),
            That(|device, _| properties(device).any(|it| kind(it) != Some("remove") && value(it).is_none())),
        ],
        "a property needs `value`, unless type = \"remove\"",
        [
            r#""alias": "ua-card", "frontend": { "property": { "name": "romfile", "type": "string" } }"#,
            r#""alias": "ua-card", "frontend": { "property": { "name": "romfile", "type": "string", "value": "/rom" } }"#,
        ],
    ),
    refuse(
        "override-removed-value",
        &[
            Has("frontend.property"),
            That(|device, _| properties(device).any(|it| kind(it) == Some("remove") && value(it).is_some())),
        ],
        "a property that is removed cannot have `value`",
        [
            r#""alias": "ua-card", "frontend": { "property": { "name": "romfile", "type": "remove", "value": "/rom" } }"#,
            r#""alias": "ua-card", "frontend": { "property": { "name": "romfile", "type": "remove" } }"#,
        ],
    ),
    refuse(
        "override-number",
        &[Has("frontend.property"), That(|device, _| properties(device).any(|it| !has_number(it)))],
        "the value of a property of type \"signed\" or \"unsigned\" must be a whole number",
        [
            r#""alias": "ua-card", "frontend": { "property": { "name": "queues", "type": "unsigned", "value": "many" } }"#,
            r#""alias": "ua-card", "frontend": { "property": { "name": "queues", "type": "unsigned", "value": "4" } }"#,
        ],
    ),
    refuse(
        "override-switch",
        &[Has("frontend.property"), That(|device, _| properties(device).any(has_odd_switch))],
        "the value of a property of type \"bool\" must be \"true\" or \"false\"",
        [
            r#""alias": "ua-card", "frontend": { "property": { "name": "x-igd-opregion", "type": "bool", "value": "on" } }"#,
            r#""alias": "ua-card", "frontend": { "property": { "name": "x-igd-opregion", "type": "bool", "value": "true" } }"#,
        ],
    ),
];

/// Returns the properties of a device that are overridden.
fn properties(device: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    parts(device, &["frontend", "property"]).into_iter()
}

fn kind(property: Value<'_>) -> Option<&str> {
    text(property, "type")
}

fn value(property: Value<'_>) -> Option<Value<'_>> {
    first(property, "value")
}

/// Returns whether the value of a property that is a number is one.
fn has_number(property: Value<'_>) -> bool {
    let is_signed = match kind(property) {
        Some("signed") => true,
        Some("unsigned") => false,
        _ => return true,
    };
    match value(property).map(Value::data) {
        Some(Data::Int(number)) => is_signed || *number >= 0,
        Some(Data::Text(number)) if is_signed => number.parse::<i64>().is_ok(),
        Some(Data::Text(number)) => number.parse::<u64>().is_ok(),
        _ => true,
    }
}

fn has_odd_switch(property: Value<'_>) -> bool {
    kind(property) == Some("bool") && value(property).is_some_and(|it| !matches!(it.text(), Some("true" | "false")))
}
