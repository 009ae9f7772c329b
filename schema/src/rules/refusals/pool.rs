//! What libvirt refuses of storage pools and volumes.

use super::super::refusal::Test::{Any, Given, Has, Is, Not, That};
use super::super::refusal::{Refusal, Table, refuse};
use super::parts;
use crate::kind::Kind::{Pool, Volume};

/// The tables of pools.
pub(super) static POOL: &[Table] = &[Table { kind: Pool, at: &[], rows: POOL_ROWS }];

/// The tables of volumes.
pub(super) static VOLUME: &[Table] = &[Table { kind: Volume, at: &[], rows: VOLUME_ROWS }];

const POOL_ROWS: &[Refusal] = &[
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

const VOLUME_ROWS: &[Refusal] = &[
    refuse(
        "volume-raw-backing",
        &[Has("backingStore"), Is("target.format.type", &["raw"])],
        "a raw volume cannot have a backing store: set target.format.type = \"qcow2\"",
        [
            r#""target": { "format": { "type": "raw" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
            r#""target": { "format": { "type": "qcow2" } }, "backingStore": { "path": "/base.img", "format": { "type": "raw" } }"#,
        ],
    ),
    refuse(
        "volume-format",
        &[
            Is("target.format.type", &["bochs", "cloop", "dmg", "cow", "iso", "fat", "luks"]),
            Not("type", &["block", "network"]),
        ],
        "libvirt cannot create volumes of this format: use qcow2 or raw",
        [r#""target": { "format": { "type": "dmg" } }"#, r#""target": { "format": { "type": "qcow2" } }"#],
    ),
    refuse(
        "volume-qcow2-part",
        &[
            Any(&[Has("target.compat"), Has("target.features.lazy_refcounts"), Has("target.features.extended_l2")]),
            Has("target.format.type"),
            Not("target.format.type", &["qcow2", "raw"]),
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
        "volume-encryption-qcow",
        &[Is("target.encryption.format", &["default", "qcow"])],
        "libvirt no longer creates volumes with this encryption: use luks",
        [
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "qcow", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
            r#""target": { "format": { "type": "qcow2" }, "encryption": { "format": "luks", "secret": { "type": "passphrase", "uuid": "c2177883-f1bb-47f0-914d-32a22e3a8804" } } }"#,
        ],
    ),
];
