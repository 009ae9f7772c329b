//! What libvirt refuses of the security labels, ID mappings and wrapped keys of a domain.

use super::super::refusal::Test::{Any, Has, Is, Lacks, That};
use super::super::refusal::{Refusal, Table, refuse};
use super::{by_text, number, parts};
use crate::engine::value::Value;
use crate::kind::Kind::Domain;

/// The tables of security.
pub(super) static TABLES: &[Table] = &[
    Table { kind: Domain, at: &["seclabel"], rows: SECLABEL },
    Table { kind: Domain, at: &["idmap"], rows: IDMAP },
    Table { kind: Domain, at: &["keywrap", "cipher"], rows: CIPHER },
];

const SECLABEL: &[Refusal] = &[
    refuse(
        "seclabel-model",
        &[
            Lacks("model"),
            Any(&[
                That(|_, domain| parts(domain, &["seclabel"]).len() > 1),
                Lacks("type"),
                Is("type", &["static"]),
                Has("baselabel"),
            ]),
        ],
        "this label needs `model`, the security driver that it is for",
        [r#""type": "static", "label": "107:107""#, r#""type": "static", "model": "dac", "label": "107:107""#],
    ),
    refuse(
        "seclabel-model-taken",
        &[Has("model")],
        "another label is for this security driver already",
        [
            r#""type": "none", "model": "dac" }, { "type": "none", "model": "dac""#,
            r#""type": "none", "model": "dac" }, { "type": "none", "model": "apparmor""#,
        ],
    )
    .once(|label| by_text(label, "model"))
    .listed(),
    refuse(
        "seclabel-empty",
        &[Is("label", &[""]), Is("type", &["static"])],
        "a static label must not be empty",
        [r#""type": "static", "model": "dac", "label": """#, r#""type": "static", "model": "dac", "label": "107:107""#],
    ),
];

const IDMAP: &[Refusal] = &[
    refuse(
        "idmap-both",
        &[That(|map, _| first_id(map, "uid").is_some() != first_id(map, "gid").is_some())],
        "`uid` and `gid` require each other",
        [
            r#""uid": { "start": 0, "target": 1000, "count": 10 }"#,
            r#""uid": { "start": 0, "target": 1000, "count": 10 }, "gid": { "start": 0, "target": 1000, "count": 10 }"#,
        ],
    ),
    refuse(
        "idmap-root",
        &[That(|map, _| ["uid", "gid"].iter().any(|name| first_id(map, name).is_some_and(|id| id > 0)))],
        "the mapping must include ID 0 of the guest: set start = 0",
        [
            r#""uid": { "start": 1, "target": 1000, "count": 10 }, "gid": { "start": 0, "target": 1000, "count": 10 }"#,
            r#""uid": { "start": 0, "target": 1000, "count": 10 }, "gid": { "start": 0, "target": 1000, "count": 10 }"#,
        ],
    ),
];

const CIPHER: &[Refusal] = &[refuse(
    "keywrap-cipher-taken",
    &[Has("name")],
    "this cipher is listed twice",
    [
        r#""name": "aes", "state": "on" }, { "name": "aes", "state": "off""#,
        r#""name": "aes", "state": "on" }, { "name": "dea", "state": "off""#,
    ],
)
.once(|cipher| by_text(cipher, "name"))
.listed()];

/// Returns the lowest ID of the guest that is mapped.
fn first_id(map: Value<'_>, name: &str) -> Option<u64> {
    parts(map, &[name]).into_iter().filter_map(|range| number(range, "start")).min()
}
