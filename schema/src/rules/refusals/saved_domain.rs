//! What libvirt refuses of snapshots and checkpoints.

use super::super::refusal::Test::{Has, Is, Lacks, Text, That, Whole};
use super::super::refusal::{Refusal, Table, refuse};
use super::{by_text, parts, text};
use crate::engine::value::Value;
use crate::kind::Kind::{Checkpoint, Snapshot};

/// The tables of snapshots.
pub(super) static SNAPSHOT: &[Table] = &[
    Table { kind: Snapshot, at: &[], rows: WHOLE_SNAPSHOT },
    Table { kind: Snapshot, at: &["disks", "disk"], rows: SNAPSHOT_DISK },
];

/// The tables of checkpoints.
pub(super) static CHECKPOINT: &[Table] = &[
    Table { kind: Checkpoint, at: &[], rows: WHOLE_CHECKPOINT },
    Table { kind: Checkpoint, at: &["disks", "disk"], rows: CHECKPOINT_DISK },
];

const WHOLE_SNAPSHOT: &[Refusal] = &[
    refuse(
        "snapshot-name-dot",
        &[Text("name", is_hidden)],
        "the name of a snapshot must not start with a dot",
        [r#""name": ".before-update""#, r#""name": "before-update""#],
    ),
    refuse(
        "snapshot-mixed",
        // libvirt takes what it has recorded.
        &[Has("disks.disk"), Lacks("creationTime"), That(|snapshot, _| is_mixed(snapshot))],
        "all parts of a snapshot must be internal, or all must be external",
        [
            r#""disks": { "disk": [{ "name": "vda", "snapshot": "internal" }, { "name": "vdb", "snapshot": "external" }] }"#,
            r#""disks": { "disk": [{ "name": "vda", "snapshot": "external" }, { "name": "vdb", "snapshot": "external" }] }"#,
        ],
    ),
];

const SNAPSHOT_DISK: &[Refusal] = &[
    refuse(
        "snapshot-disk-taken",
        &[Has("name")],
        "the snapshot has an entry for this disk already",
        [
            r#""name": "vda", "snapshot": "external" }, { "name": "vda", "snapshot": "external""#,
            r#""name": "vda", "snapshot": "external" }, { "name": "vdb", "snapshot": "external""#,
        ],
    )
    .listed()
    .once(|disk| by_text(disk, "name")),
    refuse(
        "snapshot-disk-format",
        &[Is("driver.type", &["cow", "qcow", "vmdk"]), Whole(&Lacks("creationTime"))],
        "the new image of an external snapshot must have the format \"qcow2\" or \"qed\"",
        [
            r#""name": "vda", "snapshot": "external", "driver": { "type": "vmdk" }"#,
            r#""name": "vda", "snapshot": "external", "driver": { "type": "qcow2" }"#,
        ],
    ),
    refuse(
        "snapshot-disk-cache",
        &[Has("driver.metadata_cache"), Is("driver.type", &["qed"]), Whole(&Lacks("creationTime"))],
        "`metadata_cache` requires a qcow2 image",
        [
            r#""name": "vda", "snapshot": "external", "driver": { "type": "qed", "metadata_cache": { "max_size": "1 MiB" } }"#,
            r#""name": "vda", "snapshot": "external", "driver": { "type": "qcow2", "metadata_cache": { "max_size": "1 MiB" } }"#,
        ],
    ),
];

const WHOLE_CHECKPOINT: &[Refusal] = &[refuse(
    "checkpoint-bitmap-name",
    &[Has("disks.disk"), Lacks("creationTime"), That(|checkpoint, _| has_other_bitmap(checkpoint))],
    "the bitmap must have the name of the checkpoint: omit `bitmap`",
    [
        r#""name": "monday", "disks": { "disk": { "name": "vda", "bitmap": "tuesday" } }"#,
        r#""name": "monday", "disks": { "disk": { "name": "vda", "bitmap": "monday" } }"#,
    ],
)];

const CHECKPOINT_DISK: &[Refusal] = &[refuse(
    "checkpoint-disk-taken",
    &[Has("name")],
    "the checkpoint has an entry for this disk already",
    [r#""name": "vda" }, { "name": "vda""#, r#""name": "vda" }, { "name": "vdb""#],
)
.listed()
.once(|disk| by_text(disk, "name"))];

/// Returns whether a name is that of a hidden file. Names of folders are another problem.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && !matches!(name, "." | "..")
}

fn is_mixed(snapshot: Value<'_>) -> bool {
    let disks = parts(snapshot, &["disks", "disk"]);
    let places = disks.iter().filter_map(|disk| text(*disk, "snapshot")).chain(text(snapshot, "memory.snapshot"));
    let (mut is_internal, mut is_external) = (false, false);
    for place in places {
        is_internal |= place == "internal";
        is_external |= place == "external";
    }
    is_internal && is_external
}

fn has_other_bitmap(checkpoint: Value<'_>) -> bool {
    let name = text(checkpoint, "name");
    let bitmaps = parts(checkpoint, &["disks", "disk", "bitmap"]);
    bitmaps.iter().any(|bitmap| bitmap.text().is_some() && bitmap.text() != name)
}
