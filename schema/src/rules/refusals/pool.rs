//! What libvirt refuses of storage pools and volumes.

use super::super::refusal::Test::{Any, Given, Has, Is, Lacks, Not, Other, Text, That};
use super::super::refusal::{Refusal, Table, refuse};
use super::{first, parts, text};
use crate::engine::value::{Data, Value};
use crate::formats::size::bytes;
use crate::kind::Kind::{Pool, Volume};

/// The tables of pools.
pub(super) static POOL: &[Table] = &[
    Table { kind: Pool, at: &[], rows: POOL_ROWS },
    Table { kind: Pool, at: &["source", "adapter"], rows: ADAPTER },
    Table { kind: Pool, at: &["source", "auth"], rows: AUTH },
    Table { kind: Pool, at: &["target", "permissions"], rows: POOL_PERMISSIONS },
];

/// The tables of volumes.
pub(super) static VOLUME: &[Table] = &[
    Table { kind: Volume, at: &[], rows: VOLUME_ROWS },
    Table { kind: Volume, at: &["target", "permissions"], rows: VOLUME_PERMISSIONS },
    Table { kind: Volume, at: &["backingStore", "permissions"], rows: BACKING_PERMISSIONS },
];

const POOL_ROWS: &[Refusal] = &[
    refuse(
        "pool-initiator",
        &[Is("type", &["iscsi-direct"]), That(|pool, _| lacks_initiator(pool))],
        "a pool of type \"iscsi-direct\" needs `source.initiator.iqn.name`",
        [
            r#""type": "iscsi-direct", "source": { "host": { "name": "nas" }, "device": { "path": "iqn.2013-07.com.example:pool" }, "initiator": { "iqn": { "name": "" } } }"#,
            r#""type": "iscsi-direct", "source": { "host": { "name": "nas" }, "device": { "path": "iqn.2013-07.com.example:pool" }, "initiator": { "iqn": { "name": "iqn.2013-07.com.example:host" } } }"#,
        ],
    ),
    refuse(
        "pool-cow-type",
        &[Given("features.cow"), Not("type", &["dir", "fs"])],
        "`features.cow` requires a pool of type \"dir\" or \"fs\"",
        [
            r#""type": "netfs", "features": { "cow": false }, "source": { "host": { "name": "nas" }, "dir": { "path": "/srv" }, "format": { "type": "nfs" } }, "target": { "path": "/mnt" }"#,
            r#""type": "dir", "features": { "cow": false }, "target": { "path": "/mnt" }"#,
        ],
    ),
    refuse(
        "pool-hosts",
        &[Is("type", &["iscsi", "netfs"]), That(|pool, _| parts(pool, &["source", "host"]).len() > 1)],
        "a pool of this type can have only one host",
        [
            r#""type": "netfs", "source": { "host": [{ "name": "nas" }, { "name": "nas2" }], "dir": { "path": "/srv" }, "format": { "type": "nfs" } }, "target": { "path": "/mnt" }"#,
            r#""type": "netfs", "source": { "host": { "name": "nas" }, "dir": { "path": "/srv" }, "format": { "type": "nfs" } }, "target": { "path": "/mnt" }"#,
        ],
    ),
];

const ADAPTER: &[Refusal] = &[refuse(
    "pool-adapter-parent",
    &[Any(&[Has("parent_wwnn"), Has("parent_wwpn")]), Any(&[Lacks("parent_wwnn"), Lacks("parent_wwpn")])],
    "`parent_wwnn` and `parent_wwpn` require each other",
    [
        r#""type": "fc_host", "wwnn": "20000000c9831b4b", "wwpn": "10000000c9831b4b", "parent_wwnn": "20000000c9831b4c""#,
        r#""type": "fc_host", "wwnn": "20000000c9831b4b", "wwpn": "10000000c9831b4b", "parent_wwnn": "20000000c9831b4c", "parent_wwpn": "10000000c9831b4c""#,
    ],
)
.beside(r#""type": "scsi", "target": { "path": "/dev/disk/by-path" }"#)];

const AUTH: &[Refusal] = &[refuse(
    "pool-secret-uuid",
    &[Text("secret.uuid", |uuid| !is_uuid(uuid))],
    "the UUID of the secret is invalid",
    [
        r#""type": "chap", "username": "me", "secret": { "uuid": "nas" }"#,
        r#""type": "chap", "username": "me", "secret": { "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" }"#,
    ],
)
.within(r#""host": { "name": "nas" }, "device": { "path": "iqn.2013-07.com.example:pool" }"#)
.beside(r#""type": "iscsi", "target": { "path": "/dev/disk/by-path" }"#)];

const POOL_PERMISSIONS: &[Refusal] = &[refuse(
    "pool-mode",
    &[Has("mode"), That(|permissions, _| has_special_bits(permissions))],
    "the mode of a directory must be at most 0777",
    [r#""mode": "1777""#, r#""mode": "0755""#],
)
.within(r#""path": "/srv/vms""#)
.beside(r#""type": "dir""#)];

const VOLUME_PERMISSIONS: &[Refusal] = &[refuse(
    "volume-mode",
    &[Has("mode"), That(|permissions, _| has_special_bits(permissions))],
    "the mode of a file must be at most 0777",
    [r#""mode": "4755""#, r#""mode": "0644""#],
)];

const BACKING_PERMISSIONS: &[Refusal] = &[refuse(
    "volume-backing-mode",
    &[Has("mode"), That(|permissions, _| has_special_bits(permissions))],
    "the mode of a file must be at most 0777",
    [r#""mode": "4755""#, r#""mode": "0644""#],
)
.within(r#""path": "/base.img", "format": { "type": "raw" }"#)
.beside(r#""target": { "format": { "type": "qcow2" } }"#)];

fn lacks_initiator(pool: Value<'_>) -> bool {
    text(pool, "source.initiator.iqn.name").is_none_or(str::is_empty)
}

/// Returns whether libvirt reads a text as a UUID. Hyphens may be anywhere between its bytes.
fn is_uuid(text: &str) -> bool {
    let digits = text.trim().replace('-', "");
    digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Returns whether permissions have more than those of the owner, the group and others.
fn has_special_bits(permissions: Value<'_>) -> bool {
    let mode = permissions.attribute("mode").map(|mode| mode.attribute("octal").unwrap_or(mode));
    let mode = match mode.map(Value::data) {
        Some(Data::Int(digits)) => u32::from_str_radix(&digits.to_string(), 8).ok(),
        Some(Data::Text(digits)) => u32::from_str_radix(digits, 8).ok(),
        _ => None,
    };
    mode.is_some_and(|mode| mode > 0o777)
}

/// Returns whether libvirt runs `qemu-img` to create a volume: it writes raw images and directories itself.
fn is_made_by_qemu_img(volume: Value<'_>) -> bool {
    match text(volume, "target.format.type") {
        None | Some("raw") => first(volume, "target.encryption").is_some(),
        Some(format) => !matches!(format, "dir" | "ploop"),
    }
}

/// Returns the cluster size of a volume, in bytes.
fn cluster(volume: Value<'_>) -> Option<u128> {
    bytes(first(volume, "target.clusterSize")?, "bytes")
}

/// Returns whether images of a volume's format can have a cluster size.
fn is_cluster(volume: Value<'_>, size: u128) -> bool {
    // QEMU allows larger clusters of qed, but its limit of the image's size overflows then.
    let least = if text(volume, "target.format.type") == Some("qed") { 4 << 10 } else { 512 };
    size.is_power_of_two() && (least..=2 << 20).contains(&size)
}

const VOLUME_ROWS: &[Refusal] = &[
    refuse(
        "volume-encryption-secret",
        &[Is("target.encryption.format", &["luks", "luks2", "luks-any"]), Lacks("target.encryption.secret")],
        "an encrypted volume needs `secret`, its passphrase",
        [
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks" } }"#,
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
        ],
    ),
    refuse(
        "volume-raw-backing",
        &[
            Has("backingStore"),
            Any(&[Is("target.format.type", &["raw"]), Has("target.encryption")]),
            Not("target.format.type", &["dir", "ploop", "vdi", "vpc", "qcow", "qcow2", "qed", "vmdk"]),
        ],
        "a raw volume cannot have a backing store: set target.format.type = \"qcow2\"",
        [
            r#""target": { "format": { "type": "raw" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
            r#""target": { "format": { "type": "qcow2" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
        ],
    ),
    refuse(
        "volume-dir-backing",
        &[Has("backingStore"), Is("target.format.type", &["dir"])],
        "a directory cannot have a backing store: set target.format.type = \"qcow2\"",
        [
            r#""target": { "format": { "type": "dir" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
            r#""target": { "format": { "type": "qcow2" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
        ],
    ),
    refuse(
        "volume-format-backing",
        &[Has("backingStore"), Is("target.format.type", &["vdi", "vpc"])],
        "a volume of this format cannot have a backing store: set target.format.type = \"qcow2\"",
        [
            r#""target": { "format": { "type": "vdi" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
            r#""target": { "format": { "type": "qcow2" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
        ],
    ),
    refuse(
        "volume-vmdk-backing",
        &[Has("backingStore"), Is("target.format.type", &["vmdk"]), Not("backingStore.format.type", &["vmdk"])],
        "the backing store of a vmdk volume must have the format vmdk too: for another format, set target.format.type = \"qcow2\"",
        [
            r#""target": { "format": { "type": "vmdk" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
            r#""target": { "format": { "type": "qcow2" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
        ],
    ),
    refuse(
        "volume-backing-format",
        &[Is("backingStore.format.type", &["none", "auto", "unknown", "dir", "iso", "fat", "vhd", "ploop", "cow"])],
        "QEMU reads no image of this format: use qcow2 or raw",
        [
            r#""target": { "format": { "type": "qcow2" } }, "backingStore": { "path": "/base.img", "format": { "type": "iso" } }"#,
            r#""target": { "format": { "type": "qcow2" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
        ],
    ),
    refuse(
        "volume-ploop-backing",
        &[Has("backingStore"), Is("target.format.type", &["ploop"])],
        "a ploop volume cannot have a backing store: set target.format.type = \"qcow2\"",
        [
            r#""target": { "format": { "type": "ploop" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
            r#""target": { "format": { "type": "qcow2" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
        ],
    ),
    refuse(
        "volume-format",
        &[
            Is("target.format.type", &["bochs", "cloop", "dmg", "cow", "iso", "fat", "luks", "vhd"]),
            Not("type", &["block", "network"]),
        ],
        "libvirt cannot create volumes of this format: use qcow2 or raw",
        [r#""target": { "format": { "type": "dmg" } }"#, r#""target": { "format": { "type": "qcow2" } }"#],
    ),
    refuse(
        "volume-qcow2-part",
        &[
            Any(&[Has("target.compat"), Has("target.features")]),
            Not("target.format.type", &["qcow2"]),
            That(|volume, _| is_made_by_qemu_img(volume)),
        ],
        "`compat` and `features` require the format \"qcow2\"",
        [
            r#""target": { "format": { "type": "vmdk" }, "compat": "1.1" }"#,
            r#""target": { "format": { "type": "qcow2" }, "compat": "1.1" }"#,
        ],
    ),
    refuse(
        "volume-compat-features",
        &[
            Is("target.compat", &["0.10"]),
            Any(&[Has("target.features.lazy_refcounts"), Has("target.features.extended_l2")]),
        ],
        "`features` require version 1.1 of the format: set compat = \"1.1\"",
        [
            r#""target": { "format": { "type": "qcow2" }, "compat": "0.10", "features": { "lazy_refcounts": true } }"#,
            r#""target": { "format": { "type": "qcow2" }, "compat": "1.1", "features": { "lazy_refcounts": true } }"#,
        ],
    ),
    refuse(
        "volume-compat",
        &[Other("target.compat", &["0.10", "1.1"]), Is("target.format.type", &["qcow2"])],
        "`compat` must be \"0.10\" or \"1.1\"",
        [
            r#""target": { "format": { "type": "qcow2" }, "compat": "1.2" }"#,
            r#""target": { "format": { "type": "qcow2" }, "compat": "1.1" }"#,
        ],
    ),
    refuse(
        "volume-cluster-format",
        &[
            Has("target.clusterSize"),
            Not("target.format.type", &["qcow2", "qed"]),
            That(|volume, _| is_made_by_qemu_img(volume) && cluster(volume) != Some(0)),
        ],
        "`clusterSize` requires the format \"qcow2\"",
        [
            r#""target": { "format": { "type": "vmdk" }, "clusterSize": "64 KiB" }"#,
            r#""target": { "format": { "type": "qcow2" }, "clusterSize": "64 KiB" }"#,
        ],
    ),
    refuse(
        "volume-cluster-size",
        &[
            Has("target.clusterSize"),
            Is("target.format.type", &["qcow2", "qed"]),
            That(|volume, _| cluster(volume).is_some_and(|size| size != 0 && !is_cluster(volume, size))),
        ],
        "`clusterSize` must be a power of two, from 512 bytes (4 KiB with the format \"qed\") to 2 MiB",
        [
            r#""target": { "format": { "type": "qcow2" }, "clusterSize": "96 KiB" }"#,
            r#""target": { "format": { "type": "qcow2" }, "clusterSize": "64 KiB" }"#,
        ],
    ),
    refuse(
        "volume-cluster-subclusters",
        &[
            Has("target.clusterSize"),
            Has("target.features.extended_l2"),
            That(|volume, _| cluster(volume).is_some_and(|size| (1..16 << 10).contains(&size))),
        ],
        "`features.extended_l2` requires a `clusterSize` of at least 16 KiB",
        [
            r#""target": { "format": { "type": "qcow2" }, "clusterSize": "8 KiB", "features": { "extended_l2": true } }"#,
            r#""target": { "format": { "type": "qcow2" }, "clusterSize": "16 KiB", "features": { "extended_l2": true } }"#,
        ],
    ),
    refuse(
        "volume-encryption-secrets",
        &[
            Has("target.encryption.secret"),
            That(|volume, _| parts(volume, &["target", "encryption", "secret"]).len() > 1),
        ],
        "an encrypted volume has only one passphrase: remove the others from `secret`",
        [
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks", "secret": [{ "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" }, { "type": "passphrase", "usage": "vm" }] } }"#,
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
        ],
    ),
    refuse(
        "volume-encryption-luks2",
        &[Is("target.encryption.format", &["luks2", "luks-any"])],
        "libvirt creates encrypted volumes of LUKS version 1 only: set format = \"luks\"",
        [
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks2", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
        ],
    ),
    refuse(
        "volume-encryption-format",
        &[Has("target.encryption"), Is("target.format.type", &["vpc", "vdi", "ploop", "qcow", "qed", "vmdk"])],
        "a volume of this format cannot be encrypted: use qcow2 or raw",
        [
            r#""target": { "format": { "type": "vmdk" }, "encryption": { "format": "luks", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
        ],
    ),
    refuse(
        "volume-encryption-qcow",
        &[Is("target.encryption.format", &["default", "qcow"])],
        "libvirt no longer creates volumes with this encryption: use luks",
        [
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "qcow", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
        ],
    ),
];
