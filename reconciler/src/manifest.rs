//! The manifest: the declaration of all objects, as JSON.

mod check;
mod read;

use crate::error::Error;
use crate::step::Purge;
use crate::uri::host;
pub use read::{is_manifest, problems, read};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The version of the format.
pub const VERSION: u32 = 1;

/// Returns the JSON Schema of the manifest.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Manifest).to_value()
}

/// Declaration of all objects, per libvirt connection.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the format: 1.
    #[schemars(range(min = VERSION, max = VERSION))]
    pub version: u32,
    /// Connections by URI, such as `qemu:///system`.
    #[serde(default)]
    pub connections: BTreeMap<String, Declarations>,
}

impl Manifest {
    /// Drops all connections but those to these hosts. Without hosts, all stay.
    ///
    /// # Errors
    /// No connection is to one of the hosts.
    pub fn keep_hosts(&mut self, hosts: &[String]) -> Result<(), Error> {
        if hosts.is_empty() {
            return Ok(());
        }
        let known: BTreeSet<_> = self.connections.keys().filter_map(|uri| host(uri)).map(str::to_owned).collect();
        if let Some(unknown) = hosts.iter().find(|name| !known.contains(*name)) {
            let known: Vec<_> = known.into_iter().collect();
            let hint = if known.is_empty() {
                "all connections are to the local host: choose one with --connect".to_owned()
            } else {
                format!("its hosts are: {}", known.join(", "))
            };
            return Err(Error::usage(format!("the manifest has no connection to {unknown}")).with_hint(hint));
        }
        self.connections.retain(|uri, _| host(uri).is_some_and(|host| hosts.iter().any(|name| name == host)));
        Ok(())
    }
}

/// Declared objects of a connection. If a list is null or missing, all objects of its type are kept as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Declarations {
    /// Objects to remove because they are not declared. Only types that have a list are pruned.
    pub prune: Prune,
    /// Handling of changes to running objects. An object can override this setting.
    pub on_change: OnChange,
    /// Handling of guests that stop. A domain can override this setting.
    pub shutdown: ShutdownPolicy,
    /// Secrets.
    pub secrets: Option<Vec<Secret>>,
    /// Network filters.
    pub nwfilters: Option<Vec<Nwfilter>>,
    /// Networks.
    pub networks: Option<Vec<Network>>,
    /// Storage pools, with their volumes.
    pub pools: Option<Vec<Pool>>,
    /// Domains, with their snapshots.
    pub domains: Option<Vec<Domain>>,
}

/// Objects to remove because they are not declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Prune {
    /// Managed objects: those that were declared and applied before. All others are kept.
    #[default]
    Owned,
    /// All domains, networks and pools, as NixVirt 0.6 does, and managed objects of the other types.
    All,
    /// No objects.
    None,
}

/// Handling of changes to a running object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnChange {
    /// libvirt makes live changes where it can. All other changes are pending until the next start.
    #[default]
    Live,
    /// All changes are pending until the next start.
    Stage,
    /// The object is stopped and started again.
    Restart,
    /// A running object is not changed, and neither is its definition.
    Never,
}

/// Handling of a guest that stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ShutdownPolicy {
    /// Time limit for the guest to shut down, in seconds.
    pub timeout: u64,
    /// Whether to force off the guest after the time limit. Otherwise the guest keeps running, which is an error.
    pub force: bool,
}

impl Default for ShutdownPolicy {
    fn default() -> Self {
        ShutdownPolicy { timeout: 120, force: false }
    }
}

/// XML of an object: a file, or the text itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Definition {
    /// Path of the XML file, relative to the folder of the manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<PathBuf>,
    /// XML text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xml: Option<String>,
}

/// State of an object that can run.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Lifecycle {
    /// Whether the object runs: true starts it, false stops it, null keeps its state.
    pub active: Option<bool>,
    /// Whether libvirt starts the object when the host boots. Null keeps the setting.
    pub autostart: Option<bool>,
    /// Whether to restart the object: true in each run, false never. If null, `onChange` decides.
    pub restart: Option<bool>,
    /// Handling of changes to the running object. Null means the setting of the connection.
    pub on_change: Option<OnChange>,
    /// Time limit for the shutdown of the guest, and what follows it. Null means the setting of the connection.
    pub shutdown: Option<ShutdownPolicy>,
}

/// Secret.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Secret {
    /// XML of the object.
    #[serde(flatten)]
    pub definition: Definition,
    /// File with the value of the secret, read when the secret is applied. Null keeps the value.
    pub value_file: Option<PathBuf>,
    /// Whether the file holds base64 text. Otherwise the bytes of the file are the value.
    pub base64: bool,
}

/// Network filter.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Nwfilter {
    /// XML of the object.
    #[serde(flatten)]
    pub definition: Definition,
}

/// Network.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Network {
    /// XML of the object.
    #[serde(flatten)]
    pub definition: Definition,
    /// State of the object.
    #[serde(flatten)]
    pub lifecycle: Lifecycle,
}

/// Storage pool. A pool with declared volumes is started, unless `active` is false.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Pool {
    /// XML of the object.
    #[serde(flatten)]
    pub definition: Definition,
    /// State of the object.
    #[serde(flatten)]
    pub lifecycle: Lifecycle,
    /// Volumes of the pool. Null keeps all volumes as they are.
    pub volumes: Option<Vec<Volume>>,
}

/// Volume. A volume that is no longer declared is kept, with its content.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Volume {
    /// XML of the volume. A volume with `present` = false may have a name instead.
    #[serde(flatten)]
    pub definition: Definition,
    /// Name of the object, if there is no XML.
    pub name: Option<String>,
    /// Whether the volume exists. False deletes the volume with its content.
    pub present: bool,
    /// Content that is written into the volume once, when it is created.
    pub content: Option<VolumeContent>,
}

/// Volume of a disk of a domain. The pool must be running, and need not be declared. A volume that is no longer
/// declared is kept, with its content.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct DomainVolume {
    /// Name of the pool.
    pub pool: String,
    /// XML of the object.
    #[serde(flatten)]
    pub definition: Definition,
    /// Content that is written into the volume once, when it is created.
    #[serde(default)]
    pub content: Option<VolumeContent>,
}

/// Content of a new volume.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum VolumeContent {
    /// Path of an image, which is unpacked if it is compressed with gzip, xz or Zstandard.
    File(PathBuf),
    /// Image of a web server, which is downloaded when the volume is created, and unpacked like a file.
    Download {
        /// URL of the file: `https://` or `http://`.
        url: String,
        /// Hash of the file as it is downloaded: `sha256-BASE64`, `sha256:HEX`, `sha512-BASE64` or `sha512:HEX`.
        hash: String,
    },
    /// Another volume, which libvirt copies.
    Volume {
        /// Name of the pool. Null means the pool of the new volume.
        #[serde(default)]
        pool: Option<String>,
        /// Name of the volume.
        name: String,
    },
    /// Small file system of files, made when the volume is applied. The volume is raw. Unlike other content, the file system is
    /// made again when a file or a secret changes and no guest with the volume runs.
    Seed(SeedContent),
}

/// Small file system of files, with which a guest sets itself up. The file system is FAT.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedContent {
    /// Label of the file system, at most 11 characters. The default is the label that cloud-init looks for.
    #[serde(default = "cloud_init_label")]
    pub label: String,
    /// Files by their paths in the file system, such as `user-data`.
    pub files: BTreeMap<String, SeedFile>,
    /// Files with secrets, by the names of their placeholders: `@token@` in a text means the content of the file in
    /// `secretFiles.token`. A line break at the end of a file is ignored.
    #[serde(default)]
    pub secret_files: BTreeMap<String, PathBuf>,
}

fn cloud_init_label() -> String {
    "CIDATA".to_owned()
}

/// File of a seed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedFile {
    /// Text of the file, in which placeholders stand for secrets.
    pub text: String,
    /// Form in which secrets are put into the text.
    #[serde(default)]
    pub escape: Escape,
}

/// Form in which a secret is put into a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Escape {
    /// The secret as it is.
    #[default]
    None,
    /// A part of a string in JSON, or of a string in double quotes in YAML.
    Json,
    /// Text of an element or attribute in XML.
    Xml,
}

/// Domain.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Domain {
    /// XML of the object.
    #[serde(flatten)]
    pub definition: Definition,
    /// State of the object.
    #[serde(flatten)]
    pub lifecycle: Lifecycle,
    /// State to delete when the domain is undefined. All other state is kept.
    pub purge: Vec<Purge>,
    /// Files with the passwords of the graphics consoles. Null means that no password is in a file.
    pub graphics_password_file: Option<GraphicsPasswordFile>,
    /// Files with secrets of the definition, by the names of their placeholders: `@token@` means the content of the file in
    /// `secretFiles.token`. Placeholders can be in OEM strings, in values of `fwcfg`, and in arguments and environment variables of QEMU.
    pub secret_files: BTreeMap<String, PathBuf>,
    /// Volumes of the domain's disks. A volume is declared once: here or in its pool.
    pub volumes: Vec<DomainVolume>,
    /// Snapshots of the domain. Null keeps all snapshots as they are.
    pub snapshots: Option<Vec<Snapshot>>,
    /// Handling of a declaration that has moved here from another connection of the manifest, where the domain is managed.
    #[serde(rename = "move")]
    pub moves: Move,
    /// Storage of the disks of a domain that moves between connections.
    pub storage: Storage,
    /// Connection over which the memory and the disks of a running guest are sent when it moves.
    pub transport: Transport,
    /// Number of snapshots to keep for `nixvirt rollback`. One is taken before each change of the definition. 0 takes none.
    pub rollback_snapshots: u16,
}

/// Handling of a domain whose declaration has moved from another connection of the manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Move {
    /// The domain does not move. It is created here once the guest is off on the other connection, where it is then removed.
    #[default]
    Never,
    /// The domain moves while it is off. A running guest is shut down for the move if `onChange` is `restart` or `active` is
    /// false.
    Offline,
    /// A running guest moves without a stop, by libvirt's live migration. A domain that is off moves as with `offline`.
    Live,
}

/// Storage of the disks of a domain that moves between connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// Both hosts reach the disks: under the same paths, or in pools of the same storage.
    #[default]
    Shared,
    /// The disks are copied. The disks on the old host are kept.
    Copy,
}

/// Connection over which a running guest is sent to another host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// A connection between the two QEMUs, without encryption.
    #[default]
    Plain,
    /// A connection between the two QEMUs with TLS. Both hosts have certificates for it.
    Tls,
    /// The connection between the two daemons, which is encrypted if their URI says so. It carries no disks.
    Tunnel,
}

/// Files with the passwords of a domain's graphics consoles, read when the domain is applied. A line break at the end of a
/// file is ignored.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GraphicsPasswordFile {
    /// File with the password of the VNC console, at most 8 bytes. Null means that the console has no password file.
    pub vnc: Option<PathBuf>,
    /// File with the password of the SPICE console, at most 60 bytes. Null means that the console has no password file.
    pub spice: Option<PathBuf>,
    /// File with the password of the RDP console. Null means that the console has no password file.
    pub rdp: Option<PathBuf>,
}

/// Snapshot. A snapshot that is no longer declared is kept.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct Snapshot {
    /// XML of the snapshot. A snapshot with only a name needs none.
    #[serde(flatten)]
    pub definition: Definition,
    /// Name of the object, if there is no XML.
    pub name: Option<String>,
    /// Whether the snapshot exists. False deletes the snapshot.
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
