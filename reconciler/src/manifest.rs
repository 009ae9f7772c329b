//! The manifest: what is declared, as JSON.

mod check;
mod read;

use crate::step::Purge;
pub use read::read;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The version of the format.
pub const VERSION: u32 = 1;

/// The JSON Schema of the manifest.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Manifest).to_value()
}

/// What is declared, for each libvirt daemon by its URI.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format's version: 1.
    #[schemars(range(min = VERSION, max = VERSION))]
    pub version: u32,
    /// What is wanted of each connection, by its URI, as in `qemu:///system`.
    #[serde(default)]
    pub connections: BTreeMap<String, Connection>,
}

/// What is wanted of a connection. A list that is left out or null leaves all objects of its type alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Connection {
    /// What happens to objects that are not declared, of the types that have a list.
    pub prune: Prune,
    /// What happens when the declaration of something that runs has changed, unless the object says otherwise.
    pub on_change: OnChange,
    /// How guests are stopped, unless the domain says otherwise.
    pub shutdown: ShutdownPolicy,
    /// The secrets.
    pub secrets: Option<Vec<Secret>>,
    /// The network filters.
    pub nwfilters: Option<Vec<Nwfilter>>,
    /// The networks.
    pub networks: Option<Vec<Network>>,
    /// The pools, with their volumes.
    pub pools: Option<Vec<Pool>>,
    /// The domains, with their snapshots.
    pub domains: Option<Vec<Domain>>,
}

/// What happens to objects that are not declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Prune {
    /// Those that were declared before are undefined; all others are left alone.
    #[default]
    Owned,
    /// All domains, networks and pools are undefined, as NixVirt does; of the other types, those that were declared.
    All,
    /// None is.
    None,
}

/// What happens when the declaration of something that runs has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnChange {
    /// What libvirt can change while it runs is changed; the rest waits for its next start.
    #[default]
    Live,
    /// All waits for its next start.
    Stage,
    /// It is stopped and started.
    Restart,
    /// Nothing is changed as long as it runs, not even its definition.
    Never,
}

/// How a guest is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ShutdownPolicy {
    /// How long it may take to shut down, in seconds.
    pub timeout: u64,
    /// Whether its power is cut then. Without this it runs on, and that is a failure.
    pub force: bool,
}

impl Default for ShutdownPolicy {
    fn default() -> Self {
        ShutdownPolicy { timeout: 120, force: false }
    }
}

/// Where an object's XML is: one of the two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Definition {
    /// The path of a file that holds the XML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<PathBuf>,
    /// The XML itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xml: Option<String>,
}

/// What is wanted of something that can run.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Lifecycle {
    /// Whether it shall run: true starts it, false stops it, null leaves it as it is.
    pub active: Option<bool>,
    /// Whether it shall start with the host; null leaves that as it is.
    pub autostart: Option<bool>,
    /// As in NixVirt: true restarts it at each run, false never, null when it has changed as `onChange` says.
    pub restart: Option<bool>,
    /// What happens when its declaration has changed while it runs; null takes the connection's.
    pub on_change: Option<OnChange>,
    /// How it is stopped; null takes the connection's.
    pub shutdown: Option<ShutdownPolicy>,
}

/// A secret.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Secret {
    /// Where its XML is.
    #[serde(flatten)]
    pub definition: Definition,
    /// The file that its value is read from when it is applied; null leaves the value as it is.
    pub value_file: Option<PathBuf>,
    /// Whether the file's text is base64; else its bytes are the value.
    pub base64: bool,
}

/// A network filter.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Nwfilter {
    /// Where its XML is.
    #[serde(flatten)]
    pub definition: Definition,
}

/// A network.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Network {
    /// Where its XML is.
    #[serde(flatten)]
    pub definition: Definition,
    /// Whether it runs.
    #[serde(flatten)]
    pub lifecycle: Lifecycle,
}

/// A pool. It is started where it has volumes, unless `active` is false.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Pool {
    /// Where its XML is.
    #[serde(flatten)]
    pub definition: Definition,
    /// Whether it runs.
    #[serde(flatten)]
    pub lifecycle: Lifecycle,
    /// Its volumes; null leaves all of them alone.
    pub volumes: Option<Vec<Volume>>,
}

/// A volume. One that is no longer declared keeps its content and stays.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Volume {
    /// Where its XML is; one that is to be absent may have a name instead.
    #[serde(flatten)]
    pub definition: Definition,
    /// Its name, where there is no XML.
    pub name: Option<String>,
    /// Whether it shall be there: false deletes it, with all that is in it.
    pub present: bool,
    /// What is written into it when it is made, once.
    pub content: Option<VolumeContent>,
}

/// A volume that a domain has a disk on. It is made in a pool of any origin, if that runs; one that is no longer declared
/// keeps its content and stays.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct DomainVolume {
    /// Its pool.
    pub pool: String,
    /// Where its XML is.
    #[serde(flatten)]
    pub definition: Definition,
    /// What is written into it when it is made, once.
    #[serde(default)]
    pub content: Option<VolumeContent>,
}

/// What is written into a volume when it is made.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum VolumeContent {
    /// A file's bytes, as they are.
    File(PathBuf),
    /// Another volume, copied by libvirt.
    Volume {
        /// Its pool; null is the same one.
        #[serde(default)]
        pool: Option<String>,
        /// Its name.
        name: String,
    },
}

/// A domain.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Domain {
    /// Where its XML is.
    #[serde(flatten)]
    pub definition: Definition,
    /// Whether it runs.
    #[serde(flatten)]
    pub lifecycle: Lifecycle,
    /// What goes with it when it is undefined; all else that it has beside its definition stays.
    pub purge: Vec<Purge>,
    /// The volumes that it has disks on and that are made for it. Each is declared once, here or by its pool.
    pub volumes: Vec<DomainVolume>,
    /// Its snapshots; null leaves all of them alone.
    pub snapshots: Option<Vec<Snapshot>>,
}

/// A snapshot. One that is no longer declared stays.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Snapshot {
    /// Where its XML is; one with a name alone needs none.
    #[serde(flatten)]
    pub definition: Definition,
    /// Its name, where there is no XML.
    pub name: Option<String>,
    /// Whether it shall be there: false deletes it.
    pub present: bool,
}

impl Default for Volume {
    fn default() -> Self {
        Volume { definition: Definition::default(), name: None, present: true, content: None }
    }
}

impl Default for Snapshot {
    fn default() -> Self {
        Snapshot { definition: Definition::default(), name: None, present: true }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        expect_test::expect_file!["../../schema/json/manifest.json"].assert_eq(&format!("{:#}\n", super::schema()));
    }
}
