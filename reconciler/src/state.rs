//! The record: what was applied to each object that is ours.

use crate::object::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// The XML that was declared then, without the secrets in it.
    pub xml: String,
}
