//! What libvirt refuses of filesystems.

use super::super::refusal::Test::{Any, Has, Is, Lacks, Not, That};
use super::super::refusal::{Refusal, refuse};
use super::disk::SHARED;
use super::{first, shares_memory};
use crate::engine::value::Value;

/// The rows on each filesystem.
pub(super) const ROWS: &[Refusal] = &[
    refuse(
        "filesystem-type",
        &[Is("type", &["file", "block", "bind", "template", "ram", "volume"])],
        "QEMU supports only filesystems of type \"mount\"",
        [
            r#""type": "template", "source": { "name": "base" }, "target": { "dir": "share" }"#,
            r#""type": "mount", "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    ),
    refuse(
        "filesystem-format",
        &[Is("driver.format", &["luks"])],
        "the format cannot be \"luks\": omit it",
        [
            r#""driver": { "format": "luks" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
            r#""source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    ),
    refuse(
        "filesystem-target",
        &[Is("target.dir", &[""])],
        "the target of a filesystem must not be empty",
        [
            r#""source": { "dir": "/srv" }, "target": { "dir": "" }"#,
            r#""source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    ),
    refuse(
        "filesystem-limits",
        &[Any(&[Has("space_hard_limit"), Has("space_soft_limit")])],
        "QEMU does not support limits on the space of filesystems",
        [
            r#""source": { "dir": "/srv" }, "target": { "dir": "share" }, "space_hard_limit": "1 GiB""#,
            r#""source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    ),
    refuse(
        "filesystem-mode-bits",
        &[Any(&[Has("fmode"), Has("dmode")]), Not("accessmode", &["mapped"])],
        "`fmode` and `dmode` require access mode \"mapped\"",
        [
            r#""fmode": "0644", "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
            r#""accessmode": "mapped", "fmode": "0644", "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    ),
    refuse(
        "filesystem-driver",
        &[Is("driver.type", &["loop", "nbd", "ploop"])],
        "QEMU does not support this driver: expected path, handle, virtiofs or mtp",
        [
            r#""driver": { "type": "loop" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
            r#""driver": { "type": "path" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    ),
    refuse(
        "filesystem-handle",
        &[Is("driver.type", &["handle"])],
        "QEMU no longer supports the driver \"handle\": use path or virtiofs",
        [
            r#""driver": { "type": "handle" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
            r#""driver": { "type": "path" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    )
    .accepted_before(12, 2),
    refuse(
        "filesystem-accessmode",
        &[
            Any(&[Is("accessmode", &["mapped", "squash"]), That(has_socket_alone)]),
            Is("driver.type", &["virtiofs", "handle", "mtp"]),
            Any(&[Lacks("source.socket"), Not("driver.type", &["virtiofs"])]),
        ],
        "this driver supports only access mode \"passthrough\"",
        [
            r#""accessmode": "mapped", "driver": { "type": "virtiofs" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
            r#""accessmode": "passthrough", "driver": { "type": "virtiofs" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    )
    .beside(SHARED),
    refuse(
        "filesystem-virtiofs-part",
        &[Any(&[Has("model"), Is("multidevs", &["remap", "forbid", "warn"])]), Is("driver.type", &["virtiofs"])],
        "the driver \"virtiofs\" does not support `model` and `multidevs`",
        [
            r#""multidevs": "remap", "driver": { "type": "virtiofs" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
            r#""driver": { "type": "virtiofs" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    )
    .beside(SHARED),
    refuse(
        "filesystem-socket-readonly",
        &[Has("readonly"), Has("source.socket"), Is("driver.type", &["virtiofs"])],
        "libvirt cannot make a share read-only whose virtiofsd you start yourself (`source.socket`)",
        [
            r#""driver": { "type": "virtiofs" }, "source": { "socket": "/run/fs" }, "target": { "dir": "share" }, "readonly": true"#,
            r#""driver": { "type": "virtiofs" }, "source": { "socket": "/run/fs" }, "target": { "dir": "share" }"#,
        ],
    )
    .beside(SHARED)
    .accepted_before(12, 8),
    refuse(
        "filesystem-virtiofs-memory",
        &[Is("driver.type", &["virtiofs"]), That(|_, domain| !shares_memory(domain))],
        "the driver \"virtiofs\" requires shared memory: set memoryBacking = { source.type = \"memfd\"; access.mode = \"shared\"; }",
        [
            r#""driver": { "type": "virtiofs" }, "source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
            r#""source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    ),
    refuse(
        "filesystem-boot",
        &[Has("boot"), Not("driver.type", &["virtiofs"])],
        "`boot` requires the driver \"virtiofs\"",
        [
            r#""source": { "dir": "/srv" }, "target": { "dir": "share" }, "boot": { "order": 1 }"#,
            r#""source": { "dir": "/srv" }, "target": { "dir": "share" }"#,
        ],
    ),
];

/// Whether a share names a socket and no access mode, of which only the driver "virtiofs" has a default then.
fn has_socket_alone(share: Value<'_>, _: Value<'_>) -> bool {
    first(share, "source.socket").is_some() && first(share, "accessmode").is_none()
}
