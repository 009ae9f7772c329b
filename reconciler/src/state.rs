//! The record: what was applied to each object that is ours.

use crate::object::Id;
use crate::step::Purge;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What was applied to the objects of a connection.
pub type Records = BTreeMap<Id, Record>;

/// What was applied to an object. One file each, in the state directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Record {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// Its UUID, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// The XML that was declared, without the secrets in it.
    pub xml: String,
    /// A fingerprint of the secrets that were taken out of the XML, or read for it; other secrets have another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<String>,
    /// A volume's content was begun and not finished: what is in it is worth nothing, and it is filled again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_half_filled: bool,
    /// What goes with a domain when it is no longer declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purge: Vec<Purge>,
    /// What a running guest or network was started from, where that is not what is declared now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Running>,
}

/// What a guest or a network that runs was started from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Running {
    /// The number of the run, for a domain: in another run, it was started from what is declared.
    pub run: Option<u32>,
    /// The XML that was declared then, without the secrets in it; nothing where nobody declared it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xml: Option<String>,
}

/// What tells secrets from others without telling what they are; nothing where there are none. The object's id salts it,
/// so that equal secrets of two objects do not look alike.
pub fn fingerprint(id: &Id, secrets: &[String]) -> Option<String> {
    if secrets.is_empty() {
        return None;
    }
    let mut hash = Sha256::new_with_prefix(id.to_string());
    for secret in secrets {
        hash.update(secret.len().to_le_bytes());
        hash.update(secret);
    }
    Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
