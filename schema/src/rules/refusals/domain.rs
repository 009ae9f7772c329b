//! What libvirt refuses of a domain, except of its devices.

use super::super::refusal::Test::{Above, Any, Given, Has, Is, Lacks, Not, That, Whole};
use super::super::refusal::{Refusal, Table, refuse};
use super::controller::has_usb_devices;
use super::display::GRAPHICS_OF_ALL;
use super::{
    find, first, has_device, is_arm, is_not_x86, is_other_machine, is_switched, is_x86, is_x86_or_arm, number, parts,
    size, spelled, text,
};
use crate::engine::value::{Data, Value};
use crate::formats::size::bytes;
use crate::kind::Kind::Domain;
use crate::rules::cpu_set::{self, CpuSet};

/// The tables of a domain that QEMU runs.
pub(super) static TABLES: &[Table] = &[
    Table { kind: Domain, at: &[], rows: WHOLE },
    Table { kind: Domain, at: &["os"], rows: OS },
    Table { kind: Domain, at: &["features"], rows: FEATURES },
    Table { kind: Domain, at: &["cpu"], rows: CPU },
    Table { kind: Domain, at: &["cpu", "numa", "cell"], rows: NUMA_CELL },
    Table { kind: Domain, at: &["cpu", "numa"], rows: NUMA },
    Table { kind: Domain, at: &["memoryBacking"], rows: MEMORY_BACKING },
    Table { kind: Domain, at: &["cputune"], rows: CPUTUNE },
    Table { kind: Domain, at: &["memtune"], rows: MEMTUNE },
    Table { kind: Domain, at: &["blkiotune"], rows: BLKIOTUNE },
    Table { kind: Domain, at: &["numatune"], rows: NUMATUNE },
    Table { kind: Domain, at: &["clock"], rows: CLOCK },
    Table { kind: Domain, at: &["clock", "timer"], rows: TIMER },
    Table { kind: Domain, at: &["sysinfo"], rows: SYSINFO },
    Table { kind: Domain, at: &["qemu-capabilities"], rows: QEMU_CAPABILITIES },
];

/// The tables of a domain that any hypervisor runs.
pub(super) static OF_ALL: &[Table] = &[
    Table { kind: Domain, at: &["os"], rows: OS_OF_ALL },
    Table { kind: Domain, at: &["devices", "graphics"], rows: GRAPHICS_OF_ALL },
];

const OS_OF_ALL: &[Refusal] = &[refuse(
    "nvram-or-varstore",
    &[Has("varstore"), Has("nvram")],
    "`varstore` conflicts with `nvram`: the firmware keeps its variables in one of them",
    [
        r#""type": "hvm", "firmware": "efi", "nvram": {}, "varstore": {}"#,
        r#""type": "hvm", "firmware": "efi", "varstore": {}"#,
    ],
)
.beside(r#""features": { "acpi": true }"#)
.since(12, 1)];

const WHOLE: &[Refusal] = &[
    refuse(
        "iommufd-group",
        &[Has("iommufd.fdgroup"), Is("iommufd.enabled", &["no"])],
        "`fdgroup` requires that IOMMUFD is enabled",
        [
            r#""iommufd": { "enabled": false, "fdgroup": "group" }"#,
            r#""iommufd": { "enabled": true, "fdgroup": "group" }"#,
        ],
    )
    .since(12, 2),
    refuse(
        "lifecycle-rename",
        &[Any(&[
            Is("on_poweroff", &["rename-restart"]),
            Is("on_reboot", &["rename-restart"]),
            Is("on_crash", &["rename-restart"]),
        ])],
        "QEMU does not support the action \"rename-restart\"",
        [r#""on_crash": "rename-restart""#, r#""on_crash": "restart""#],
    ),
    refuse(
        "lifecycle-preserve",
        &[Any(&[Is("on_poweroff", &["preserve"]), Is("on_reboot", &["preserve"])])],
        "QEMU supports the action \"preserve\" only in `on_crash`",
        [r#""on_reboot": "preserve""#, r#""on_crash": "preserve""#],
    ),
    refuse(
        "lifecycle-reversed",
        &[Is("on_poweroff", &["restart"]), Is("on_reboot", &["destroy"])],
        "QEMU cannot combine on_poweroff = \"restart\" with on_reboot = \"destroy\"",
        [r#""on_poweroff": "restart", "on_reboot": "destroy""#, r#""on_poweroff": "destroy", "on_reboot": "destroy""#],
    ),
    refuse(
        "pm-of-arm",
        &[
            Any(&[Given("pm.suspend-to-mem.enabled"), Given("pm.suspend-to-disk.enabled")]),
            That(|domain, _| is_not_x86(domain)),
        ],
        "`pm` requires an x86 machine",
        [
            r#""pm": { "suspend-to-mem": { "enabled": false } }, "os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#,
            r#""pm": { "suspend-to-mem": { "enabled": false } }, "os": { "type": "hvm", "arch": "x86_64", "machine": "q35" }"#,
        ],
    ),
    refuse(
        "usb-without-controller",
        &[That(|domain, _| is_arm(domain) && has_usb_devices(domain) && !has_usb_controller(domain))],
        "an Arm machine has no USB controller by itself: add { type = \"usb\"; model = \"qemu-xhci\"; } to `devices.controller`",
        [
            r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }, "devices": { "input": { "type": "tablet", "bus": "usb" } }"#,
            r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }, "devices": { "controller": { "type": "usb", "model": "qemu-xhci" }, "input": { "type": "tablet", "bus": "usb" } }"#,
        ],
    ),
    refuse(
        "bootloader-of-qemu",
        &[Any(&[Has("bootloader"), Has("bootloader_args")]), Not("os.type", &["exe", "xen", "linux", "xenpvh"])],
        "QEMU has no `bootloader`: set `os.loader` or `os.kernel`",
        [r#""bootloader": "/usr/bin/pygrub", "os": { "type": "hvm" }"#, r#""os": { "type": "hvm" }"#],
    ),
];

/// The path of the start of a slice of `nvram`.
const SLICE_START: &str = "nvram.source.slices.slice.offset";

const OS: &[Refusal] = &[
    refuse(
        "os-type-of-qemu",
        &[Is("type", &["xen", "linux", "xenpvh"])],
        "QEMU supports only guests of type \"hvm\"",
        [r#""type": "linux""#, r#""type": "hvm""#],
    ),
    refuse(
        "os-bios-serial-machine",
        &[Is("bios.useserial", &["yes"]), That(|_, domain| is_not_x86(domain))],
        "only x86 machines have a BIOS: remove `useserial`",
        [
            r#""type": "hvm", "arch": "aarch64", "machine": "virt", "bios": { "useserial": true }"#,
            r#""type": "hvm", "arch": "x86_64", "machine": "q35", "bios": { "useserial": true }"#,
        ],
    )
    .beside(r#""devices": { "serial": { "type": "pty" } }"#),
    refuse(
        "os-nvram-bios",
        &[Has("nvram"), Is("firmware", &["bios"])],
        "`nvram` requires UEFI: set os.firmware = \"efi\"",
        [
            r#""type": "hvm", "machine": "q35", "firmware": "bios", "nvram": { "path": "/nvram" }"#,
            r#""type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "path": "/nvram" }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-varstore-bios",
        &[Has("varstore"), Is("firmware", &["bios"])],
        "`varstore` requires UEFI: set os.firmware = \"efi\"",
        [
            r#""type": "hvm", "machine": "q35", "firmware": "bios", "varstore": {}"#,
            r#""type": "hvm", "machine": "q35", "firmware": "efi", "varstore": {}"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#)
    .since(12, 1),
    refuse(
        "os-varstore-pflash",
        &[Has("varstore"), Is("loader.type", &["pflash"]), Lacks("firmware")],
        "a loader of type \"pflash\" keeps its variables in `nvram`",
        [
            r#""type": "hvm", "machine": "q35", "loader": { "path": "/efi.fd", "type": "pflash", "readonly": true }, "varstore": { "template": "/vars.json" }"#,
            r#""type": "hvm", "machine": "q35", "loader": { "path": "/efi.fd", "type": "rom" }, "varstore": { "template": "/vars.json" }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#)
    .since(12, 1),
    refuse(
        "os-varstore-stateless",
        &[Has("varstore"), Is("loader.stateless", &["yes"])],
        "a stateless loader keeps no variables: remove `varstore`",
        [
            r#""type": "hvm", "loader": { "path": "/efi.fd", "type": "rom", "stateless": true }, "varstore": { "template": "/vars.json" }"#,
            r#""type": "hvm", "loader": { "path": "/efi.fd", "type": "rom" }, "varstore": { "template": "/vars.json" }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#)
    .since(12, 1),
    refuse(
        "os-nvram-slices",
        &[
            Has("nvram.source.slices"),
            Any(&[
                Not("nvram.type", &["block"]),
                Is("nvram.format", &["qcow2"]),
                That(|os, _| first(os, SLICE_START).and_then(|it| bytes(it, "bytes")).is_some_and(|start| start > 0)),
            ]),
        ],
        "only the start of a block device in the format \"raw\" can be a slice for `nvram`",
        [
            r#""type": "hvm", "loader": { "path": "/efi.fd", "type": "pflash", "readonly": true }, "nvram": { "type": "file", "source": { "file": "/vars", "slices": { "slice": { "type": "storage", "offset": 0, "size": 4096 } } } }"#,
            r#""type": "hvm", "loader": { "path": "/efi.fd", "type": "pflash", "readonly": true }, "nvram": { "type": "file", "source": { "file": "/vars" } }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-nvram-slices-block",
        &[Has("nvram.source.slices"), Is("nvram.type", &["block"])],
        "`nvram` cannot be a slice",
        [
            r#""type": "hvm", "loader": { "path": "/efi.fd", "type": "pflash", "readonly": true }, "nvram": { "type": "block", "source": { "dev": "/dev/sdb", "slices": { "slice": { "type": "storage", "offset": 0, "size": 4096 } } } }"#,
            r#""type": "hvm", "loader": { "path": "/efi.fd", "type": "pflash", "readonly": true }, "nvram": { "type": "block", "source": { "dev": "/dev/sdb" } }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#)
    .until(11, 3),
    refuse(
        "os-rom-writable",
        &[Is("loader.readonly", &["no"]), Any(&[Is("loader.type", &["rom"]), Lacks("loader.type")]), Lacks("firmware")],
        "a loader of type \"rom\", which is the default, cannot be writable",
        [
            r#""type": "hvm", "loader": { "path": "/bios.bin", "readonly": false }"#,
            r#""type": "hvm", "loader": { "path": "/bios.bin" }"#,
        ],
    )
    .accepted_before(12, 8),
    refuse(
        "os-rom-format",
        &[Is("loader.format", &["qcow2"]), Not("loader.type", &["pflash"]), Lacks("firmware")],
        "a loader of type \"rom\" has the format \"raw\"",
        [
            r#""type": "hvm", "loader": { "path": "/bios.bin", "type": "rom", "format": "qcow2" }"#,
            r#""type": "hvm", "loader": { "path": "/bios.bin", "type": "rom", "format": "raw" }"#,
        ],
    )
    .accepted_before(12, 8),
    refuse(
        "os-writable-nvram",
        &[Has("nvram"), Is("loader.readonly", &["no"]), Not("loader.type", &["rom"]), Lacks("firmware")],
        "a writable loader keeps its variables itself: remove `nvram`, or set loader.readonly = true",
        [
            r#""type": "hvm", "machine": "q35", "loader": { "path": "/efi.fd", "type": "pflash", "readonly": false }, "nvram": { "path": "/vars.fd" }"#,
            r#""type": "hvm", "machine": "q35", "loader": { "path": "/efi.fd", "type": "pflash", "readonly": true }, "nvram": { "path": "/vars.fd" }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#)
    .accepted_before(12, 8),
    refuse(
        "os-loader-path",
        &[Has("loader"), Lacks("firmware"), That(lacks_loader_path)],
        "`os.loader` needs a path, or `os.firmware`",
        [
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash" }"#,
            r#""type": "hvm", "loader": { "readonly": true, "type": "rom", "path": "/usr/share/seabios/bios.bin" }"#,
        ],
    ),
    refuse(
        "os-nvram-loader",
        &[Has("nvram"), Lacks("loader"), Lacks("firmware")],
        "`nvram` requires a loader: set os.firmware = \"efi\"",
        [
            r#""type": "hvm", "machine": "q35", "nvram": { "path": "/nvram" }"#,
            r#""type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "path": "/nvram" }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-nvram-type",
        &[Is("nvram.type", &["dir", "volume", "nvme", "vhostuser", "vhostvdpa"])],
        "`nvram` supports only the types \"file\", \"block\" and \"network\"",
        [
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/usr/share/OVMF/OVMF_CODE_4M.fd" }, "nvram": { "type": "dir", "source": { "dir": "/nvram" } }"#,
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/usr/share/OVMF/OVMF_CODE_4M.fd" }, "nvram": { "type": "file", "source": { "file": "/nvram" } }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-nvram-tftp",
        &[Is("nvram.source.protocol", &["tftp"]), Is("nvram.type", &["network"])],
        "QEMU no longer supports TFTP",
        [
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/efi.fd" }, "nvram": { "type": "network", "source": { "protocol": "tftp", "name": "vars", "host": { "name": "a" } } }"#,
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/efi.fd" }, "nvram": { "type": "network", "source": { "protocol": "https", "name": "vars", "host": { "name": "a" } } }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-nvram-encryption",
        &[Has("nvram.source.encryption"), That(|os, _| has_other_encryption(os))],
        "the encryption of `nvram` must have engine = \"qemu\" and format = \"luks\", or engine = \"librbd\" for an image of RBD",
        [
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/efi.fd" }, "nvram": { "type": "file", "source": { "file": "/vars", "encryption": { "format": "luks", "secret": { "type": "passphrase", "usage": "vars" } } } }"#,
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/efi.fd" }, "nvram": { "type": "file", "source": { "file": "/vars", "encryption": { "format": "luks", "engine": "qemu", "secret": { "type": "passphrase", "usage": "vars" } } } }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-nvram-reservations",
        &[Has("nvram.source.reservations"), Is("nvram.type", &["block"])],
        "`nvram` cannot have `reservations`",
        [
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/efi.fd" }, "nvram": { "type": "block", "source": { "dev": "/dev/sdb", "reservations": { "managed": true } } }"#,
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/efi.fd" }, "nvram": { "type": "block", "source": { "dev": "/dev/sdb" } }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-nvram-source",
        &[Given("nvram.type"), Lacks("nvram.source")],
        "`nvram` with `type` needs `source`",
        [
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/usr/share/OVMF/OVMF_CODE_4M.fd" }, "nvram": { "type": "file" }"#,
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash", "path": "/usr/share/OVMF/OVMF_CODE_4M.fd" }, "nvram": { "type": "file", "source": { "file": "/nvram" } }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-firmware-feature",
        &[Has("firmware.feature"), Not("firmware", &["efi", "bios"])],
        "features of the firmware require os.firmware = \"efi\" or \"bios\"",
        [
            r#""type": "hvm", "machine": "q35", "firmware": { "feature": { "name": "secure-boot", "enabled": false } }"#,
            r#""type": "hvm", "machine": "q35", "firmware": ["efi", { "feature": { "name": "secure-boot", "enabled": false } }]"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-loader-writable",
        &[
            Is("loader.stateless", &["no"]),
            Not("firmware", &["efi"]),
            Any(&[Is("firmware", &["bios"]), Not("loader.type", &["pflash"])]),
        ],
        "`stateless = false` requires UEFI: a loader of type \"pflash\", or os.firmware = \"efi\"",
        [
            r#""type": "hvm", "machine": "q35", "loader": { "path": "/usr/share/seabios/bios.bin", "type": "rom", "stateless": false }"#,
            r#""type": "hvm", "machine": "q35", "loader": { "path": "/usr/share/OVMF/OVMF_CODE_4M.fd", "readonly": true, "type": "pflash", "stateless": false }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#)
    .until(11, 3),
    refuse(
        "os-shim-kernel",
        &[Has("shim"), Lacks("kernel")],
        "`shim` requires `kernel`",
        [
            r#""type": "hvm", "machine": "q35", "firmware": "efi", "shim": "/shim""#,
            r#""type": "hvm", "machine": "q35", "firmware": "efi", "kernel": "/vmlinuz", "shim": "/shim""#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-stateless-nvram",
        &[Is("loader.stateless", &["yes"]), Has("nvram")],
        "a stateless loader cannot have `nvram`",
        [
            r#""type": "hvm", "firmware": "efi", "loader": { "stateless": true }, "nvram": { "path": "/nvram" }"#,
            r#""type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "path": "/nvram" }"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-enrolled-keys",
        &[
            Has("firmware.feature"),
            That(|os, _| has_feature(os, "enrolled-keys", true) && has_feature(os, "secure-boot", false)),
        ],
        "the feature \"enrolled-keys\" requires \"secure-boot\"",
        [
            r#""type": "hvm", "firmware": ["efi", { "feature": [{ "name": "enrolled-keys", "enabled": true }, { "name": "secure-boot", "enabled": false }] }]"#,
            r#""type": "hvm", "firmware": ["efi", { "feature": [{ "name": "enrolled-keys", "enabled": false }, { "name": "secure-boot", "enabled": false }] }]"#,
        ],
    )
    .beside(r#""features": { "acpi": true }"#),
    refuse(
        "os-efi-acpi",
        &[
            Any(&[Is("firmware", &["efi"]), Is("loader.type", &["pflash"])]),
            Whole(&Lacks("features.acpi")),
            That(|_, domain| is_x86(domain)),
        ],
        "UEFI requires ACPI: set features.acpi = true",
        [
            r#""type": "hvm", "machine": "q35", "firmware": "efi""#,
            r#""type": "hvm", "machine": "q35""#,
        ],
    ),
    refuse(
        "os-secure-machine",
        &[Is("loader.secure", &["yes"]), That(|_, domain| is_other_machine(domain, "q35"))],
        "Secure Boot requires the machine \"q35\"",
        [
            r#""type": "hvm", "machine": "pc", "loader": { "readonly": true, "secure": true, "type": "pflash", "path": "/usr/share/OVMF/OVMF_CODE_4M.ms.fd" }"#,
            r#""type": "hvm", "machine": "q35", "loader": { "readonly": true, "secure": true, "type": "pflash", "path": "/usr/share/OVMF/OVMF_CODE_4M.ms.fd" }"#,
        ],
    )
    .beside(r#""features": { "acpi": true, "smm": true }"#),
    refuse(
        "os-secure-loader",
        &[
            Is("loader.secure", &["yes"]),
            Has("loader.path"),
            Lacks("firmware"),
            Not("loader.type", &["pflash"]),
            That(|_, domain| first(domain, "features.smm").is_none()),
        ],
        "Secure Boot requires a loader of type \"pflash\" that libvirt knows, or features.smm = true",
        [
            r#""type": "hvm", "arch": "x86_64", "machine": "q35", "loader": { "path": "/usr/share/seabios/bios.bin", "type": "rom", "secure": true }"#,
            r#""type": "hvm", "arch": "x86_64", "machine": "q35", "loader": { "path": "/usr/share/seabios/bios.bin", "type": "rom" }"#,
        ],
    ),
    refuse(
        "os-acpi-table",
        &[Is("acpi.table.type", &["rawset"])],
        "QEMU supports only tables of type \"raw\", \"slic\" and \"msdm\"",
        [
            r#""type": "hvm", "acpi": { "table": { "type": "rawset", "path": "/table" } }"#,
            r#""type": "hvm", "acpi": { "table": { "type": "slic", "path": "/table" } }"#,
        ],
    ),
    refuse(
        "os-acpi-table-taken",
        &[
            Is("acpi.table.type", &["slic", "msdm"]),
            That(|os, _| count_tables(os, "slic") > 1 || count_tables(os, "msdm") > 1),
        ],
        "there can be only one table of type \"slic\", and one of type \"msdm\"",
        [
            r#""type": "hvm", "acpi": { "table": [{ "type": "slic", "path": "/a" }, { "type": "slic", "path": "/b" }] }"#,
            r#""type": "hvm", "acpi": { "table": [{ "type": "slic", "path": "/a" }, { "type": "raw", "path": "/b" }] }"#,
        ],
    ),
    refuse(
        "os-bios-serial",
        &[Is("bios.useserial", &["yes"]), That(|_, domain| !has_device(domain, "serial"))],
        "`useserial` requires a serial port",
        [
            r#""type": "hvm", "bios": { "useserial": true }"#,
            r#""type": "hvm", "bios": { "useserial": false }"#,
        ],
    ),
];

/// A domain with the reference clock of Hyper-V.
const HYPERV_CLOCK: &str = r#""clock": { "offset": "utc", "timer": { "name": "hypervclock", "present": true } }"#;

const FEATURES: &[Refusal] = &[
    refuse(
        "feature-of-power",
        &[
            Any(&[
                Has("hpt"),
                Given("htm"),
                Given("nested-hv"),
                Given("ccf-assist"),
                Has("cfpc"),
                Has("sbbc"),
                Has("ibs"),
            ]),
            That(|_, domain| is_x86_or_arm(domain)),
        ],
        "this feature requires a POWER machine",
        [r#""htm": true"#, r#""acpi": true"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "feature-of-arm",
        &[Any(&[Has("gic"), Given("ras"), Given("virtualization")]), That(|_, domain| is_x86(domain))],
        "this feature requires an Arm machine",
        [r#""gic": { "version": "3" }"#, r#""acpi": true"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "feature-of-riscv",
        &[Has("aia"), That(|_, domain| is_x86_or_arm(domain))],
        "`aia` requires a RISC-V machine",
        [r#""aia": { "value": "aplic" }"#, r#""acpi": true"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "feature-of-x86",
        &[
            Any(&[Has("ioapic"), Given("vmport"), Given("apic.eoi"), Given("ps2"), Given("pvspinlock")]),
            That(|_, domain| is_not_x86(domain)),
        ],
        "this feature requires an x86 machine",
        [r#""ioapic": { "driver": "qemu" }"#, r#""acpi": true"#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt", "firmware": "efi" }"#),
    refuse(
        "secure-boot-without-smm",
        &[Given("smm"), That(|features, domain| is_off(features, "smm") && is_switched(domain, "os.loader.secure", true))],
        "Secure Boot requires system management mode (SMM): set features.smm.state = true",
        [r#""acpi": true, "smm": false"#, r#""acpi": true"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi", "loader": { "secure": true } }"#),
    refuse(
        "secure-boot-feature-without-smm",
        &[Given("smm"), That(|features, domain| is_off(features, "smm") && has_secure_boot_feature(domain))],
        "Secure Boot requires system management mode (SMM): set features.smm.state = true",
        [r#""acpi": true, "smm": false"#, r#""acpi": true"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35", "firmware": ["efi", { "feature": { "name": "secure-boot", "enabled": true } }] }"#)
    .until(11, 3),
    refuse(
        "feature-tlbflush-state",
        &[Has("hyperv.tlbflush"), That(|features, _| lacks_state(features, "tlbflush"))],
        "`tlbflush` needs `state`",
        [
            r#""hyperv": { "tlbflush": {} }"#,
            r#""hyperv": { "vpindex": { "state": true }, "tlbflush": { "state": true } }"#,
        ],
    ),
    refuse(
        "feature-stimer-state",
        &[Has("hyperv.stimer"), That(|features, _| lacks_state(features, "stimer"))],
        "`stimer` needs `state`",
        [
            r#""hyperv": { "stimer": { "direct": true } }"#,
            r#""hyperv": { "synic": { "state": true }, "stimer": { "state": true } }"#,
        ],
    )
    .beside(HYPERV_CLOCK),
    refuse(
        "hyperv-stimer-clock",
        &[Has("hyperv.stimer"), That(|features, domain| is_enlightened(features, "stimer") && !has_hyperv_clock(domain))],
        "`stimer` requires the timer \"hypervclock\": add { name = \"hypervclock\"; present = true; } to clock.timer",
        [
            r#""hyperv": { "synic": { "state": true }, "stimer": { "state": true } }"#,
            r#""hyperv": { "synic": { "state": true } }"#,
        ],
    )
    .accepted_before(11, 9),
    refuse(
        "hyperv-stimer-synic",
        &[Has("hyperv.stimer"), That(|features, _| needs_enlightenment(features, &["stimer"], "synic"))],
        "`stimer` requires `synic`",
        [
            r#""hyperv": { "stimer": { "state": true } }"#,
            r#""hyperv": { "synic": { "state": true }, "stimer": { "state": true } }"#,
        ],
    )
    .beside(HYPERV_CLOCK)
    .accepted_before(11, 9),
    refuse(
        "hyperv-vpindex",
        &[
            Any(&[Has("hyperv.tlbflush"), Has("hyperv.ipi")]),
            That(|features, _| needs_enlightenment(features, &["tlbflush", "ipi"], "vpindex")),
        ],
        "`tlbflush` and `ipi` require `vpindex`",
        [
            r#""hyperv": { "ipi": { "state": true } }"#,
            r#""hyperv": { "vpindex": { "state": true }, "ipi": { "state": true } }"#,
        ],
    )
    .accepted_before(11, 9),
    refuse(
        "hyperv-vapic",
        &[
            Any(&[Has("hyperv.evmcs"), Has("hyperv.tlbflush.direct")]),
            That(|features, _| {
                needs_enlightenment(features, &["evmcs"], "vapic")
                    || (has_direct_tlbflush(features) && !is_enlightened(features, "vapic"))
            }),
        ],
        "`evmcs` and `tlbflush.direct` require `vapic`",
        [
            r#""hyperv": { "evmcs": { "state": true } }"#,
            r#""hyperv": { "vapic": { "state": true }, "evmcs": { "state": true } }"#,
        ],
    )
    .accepted_before(11, 9),
    refuse(
        "feature-vendor-id-value",
        &[Has("hyperv.vendor_id"), That(|features, _| lacks_vendor_id(features))],
        "`vendor_id` needs `value`, the text that the guest sees",
        [
            r#""hyperv": { "vendor_id": { "state": true } }"#,
            r#""hyperv": { "vendor_id": { "state": true, "value": "example" } }"#,
        ],
    ),
    refuse(
        "feature-vendor-id-length",
        &[Has("hyperv.vendor_id"), That(|features, _| has_long_vendor_id(features))],
        "`vendor_id` must have at most 12 bytes in UTF-8",
        [
            r#""hyperv": { "vendor_id": { "state": true, "value": "zwölf Zeiche" } }"#,
            r#""hyperv": { "vendor_id": { "state": true, "value": "zwei Zeichen" } }"#,
        ],
    ),
    refuse(
        "feature-dirty-ring-size",
        &[Has("kvm.dirty-ring"), That(|features, _| has_odd_dirty_ring(features))],
        "`dirty-ring` needs `size`, a power of two from 1024 to 65536",
        [r#""kvm": { "dirty-ring": true }"#, r#""kvm": { "dirty-ring": { "state": true, "size": 4096 } }"#],
    ),
    refuse(
        "feature-tb-cache-size",
        &[
            Has("tcg.tb-cache"),
            That(|features, _| {
                size(features, "tcg.tb-cache").is_some_and(|size| size % (1 << 20) != 0 || size >= 1 << 63)
            }),
        ],
        "`tb-cache` must be a multiple of 1 MiB, of less than 8 EiB",
        [r#""tcg": { "tb-cache": "1025 KiB" }"#, r#""tcg": { "tb-cache": "128 MiB" }"#],
    )
    .beside(r#""type": "qemu""#),
    refuse(
        "smm-tseg-size",
        &[Has("smm.tseg"), That(|features, _| has_odd_tseg(features))],
        "`tseg` must be a multiple of 1 MiB, of less than 16 EiB",
        [r#""smm": { "state": true, "tseg": "1025 KiB" }"#, r#""smm": { "state": true, "tseg": "16 MiB" }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "feature-tcg-type",
        &[Has("tcg"), Whole(&Not("type", &["qemu"]))],
        "`features.tcg` requires a domain of type \"qemu\"",
        [r#""tcg": { "tb-cache": "128 MiB" }"#, r#""acpi": true"#],
    ),
    refuse(
        "feature-vmport-ps2",
        &[Given("ps2"), Has("vmport"), Not("vmport.state", &["off"]), That(|features, _| is_off(features, "ps2"))],
        "`vmport` requires `ps2`",
        [r#""vmport": { "state": true }, "ps2": false"#, r#""vmport": { "state": true }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "feature-tseg-machine",
        &[Has("smm.tseg"), That(|_, domain| is_other_machine(domain, "q35"))],
        "`tseg` requires the machine \"q35\"",
        [r#""smm": { "state": true, "tseg": "16 MiB" }"#, r#""acpi": true"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "pc" }"#),
    refuse(
        "os-acpi-without-efi",
        &[
            Has("acpi"),
            Whole(&Is("os.arch", &["aarch64"])),
            Whole(&Not("os.firmware", &["efi"])),
            Any(&[Whole(&Lacks("os.loader")), Whole(&Is("os.loader.type", &["rom"]))]),
        ],
        "ACPI requires UEFI on this architecture: set os.firmware = \"efi\"",
        [r#""acpi": true"#, r#""pmu": true"#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#),
];

const CPU: &[Refusal] = &[
    refuse(
        "cpu-features-without-model",
        &[Has("feature"), That(|cpu, _| !has_model(cpu)), Not("mode", &["host-model", "host-passthrough", "maximum"])],
        "`cpu.feature` needs a `model`, or the mode \"host-model\" or \"host-passthrough\"",
        [
            r#""feature": { "name": "vmx", "policy": "require" }"#,
            r#""mode": "host-model", "feature": { "name": "vmx", "policy": "disable" }"#,
        ],
    ),
    refuse(
        "cpu-vendor-without-model",
        &[Has("vendor"), That(|cpu, _| !has_model(cpu))],
        "`cpu.vendor` needs a `model`",
        [r#""match": "exact", "vendor": "Intel""#, r#""match": "exact", "model": "qemu64""#],
    ),
    refuse(
        "cpu-feature-twice",
        &[Has("feature"), That(|cpu, _| has_twice(cpu, &["feature"], "name"))],
        "a CPU feature is listed twice",
        [
            r#""mode": "host-model", "feature": [{ "name": "vmx", "policy": "disable" }, { "name": "vmx", "policy": "disable" }]"#,
            r#""mode": "host-model", "feature": [{ "name": "vmx", "policy": "disable" }, { "name": "svm", "policy": "disable" }]"#,
        ],
    ),
    refuse(
        "cpu-vendor-id-length",
        &[Has("model.vendor_id"), That(|cpu, _| spelled(cpu, "model.vendor_id").is_some_and(|id| id.len() != 12))],
        "`vendor_id` must have 12 characters of ASCII",
        [
            r#""mode": "host-model", "model": { "vendor_id": "GenuineInteä" }"#,
            r#""mode": "host-model", "model": { "vendor_id": "GenuineIntel" }"#,
        ],
    ),
    refuse(
        "cpu-passthrough-emulated",
        &[Is("mode", &["host-passthrough"]), Whole(&Is("type", &["qemu"]))],
        "the mode \"host-passthrough\" requires domain type \"kvm\": use \"maximum\" for an emulated CPU",
        [r#""mode": "host-passthrough""#, r#""mode": "maximum""#],
    )
    .beside(r#""type": "qemu""#),
    refuse(
        "cpu-migratable-mode",
        &[Given("migratable"), Not("mode", &["host-passthrough", "maximum"])],
        "`migratable` requires the mode \"host-passthrough\" or \"maximum\"",
        [r#""mode": "host-model", "migratable": true"#, r#""mode": "maximum", "migratable": true"#],
    ),
    refuse(
        "cpu-cache-passthrough-mode",
        &[Is("cache.mode", &["passthrough"]), Not("mode", &["host-passthrough", "maximum"])],
        "the cache mode \"passthrough\" requires the CPU mode \"host-passthrough\" or \"maximum\"",
        [
            r#""mode": "host-model", "cache": { "mode": "passthrough" }"#,
            r#""mode": "maximum", "cache": { "mode": "passthrough" }"#,
        ],
    ),
    refuse(
        "cpu-cache-level",
        &[
            Has("cache.level"),
            Any(&[Is("cache.mode", &["passthrough", "disable"]), That(|cpu, _| number(cpu, "cache.level") != Some(3))]),
        ],
        "`level` must be 3, and requires the cache mode \"emulate\"",
        [
            r#""mode": "maximum", "cache": { "mode": "emulate", "level": 2 }"#,
            r#""mode": "maximum", "cache": { "mode": "emulate", "level": 3 }"#,
        ],
    ),
    refuse(
        "cpu-cache-emulated",
        &[Is("cache.mode", &["emulate"]), Lacks("cache.level")],
        "the cache mode \"emulate\" requires level = 3",
        [
            r#""mode": "maximum", "cache": { "mode": "emulate" }"#,
            r#""mode": "maximum", "cache": { "mode": "emulate", "level": 3 }"#,
        ],
    ),
    refuse(
        "cpu-part-of-x86",
        &[Any(&[Has("cache"), Has("maxphysaddr")]), That(|_, domain| is_not_x86(domain))],
        "`cache` and `maxphysaddr` require an x86 machine",
        [r#""mode": "maximum", "maxphysaddr": { "mode": "passthrough" }"#, r#""mode": "maximum""#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#),
    refuse(
        "cpu-check-model",
        &[
            Has("check"),
            Not("mode", &["host-model", "host-passthrough", "maximum"]),
            That(|cpu, domain| !has_model(cpu) && is_arm(domain)),
        ],
        "`check` requires a `model`, or the mode \"host-model\", \"host-passthrough\" or \"maximum\"",
        [r#""check": "none""#, r#""mode": "maximum", "check": "none""#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#)
    .accepted_before(12, 8),
    refuse(
        "cpu-address-bits",
        &[Has("maxphysaddr.bits"), Is("maxphysaddr.mode", &["passthrough"])],
        "`bits` requires the mode \"emulate\"",
        [
            r#""mode": "maximum", "maxphysaddr": { "mode": "passthrough", "bits": 42 }"#,
            r#""mode": "maximum", "maxphysaddr": { "mode": "emulate", "bits": 42 }"#,
        ],
    ),
    refuse(
        "cpu-address-limit",
        &[Has("maxphysaddr.limit"), Not("maxphysaddr.mode", &["passthrough"])],
        "`limit` requires the mode \"passthrough\"",
        [
            r#""mode": "maximum", "maxphysaddr": { "mode": "emulate", "bits": 42, "limit": 39 }"#,
            r#""mode": "maximum", "maxphysaddr": { "mode": "passthrough", "limit": 39 }"#,
        ],
    ),
];

/// The quotas of CPU time.
const QUOTAS: &[&str] = &["quota", "global_quota", "emulator_quota", "iothread_quota"];

const CPUTUNE: &[Refusal] = &[
    refuse(
        "cputune-quota",
        &[That(|tune, _| QUOTAS.iter().any(|name| number(tune, name).is_some_and(|quota| (1..1000).contains(&quota))))],
        "a quota must be at least 1000 microseconds, or -1 for no limit",
        [r#""quota": 500"#, r#""quota": 1000"#],
    ),
    refuse(
        "cputune-shares-kvm",
        &[Any(&[Has("cachetune"), Has("memorytune"), Has("energytune")]), Whole(&Is("type", &["qemu"]))],
        "shares of the host's caches and memory bandwidth require a domain of type \"kvm\"",
        [r#""cachetune": { "vcpus": "0", "monitor": { "level": 3, "vcpus": "0" } }"#, r#""quota": 1000"#],
    )
    .beside(r#""type": "qemu""#),
    refuse(
        "cputune-shares-mixed",
        &[Any(&[Has("cachetune"), Has("memorytune"), Has("energytune")]), That(|tune, _| is_mixed(&shares(tune)))],
        "shares for some vCPUs (`vcpus`) conflict with shares for the whole guest",
        [
            r#""cachetune": [{ "monitor": { "level": 3 } }, { "vcpus": "0", "monitor": { "level": 3, "vcpus": "0" } }]"#,
            r#""cachetune": { "vcpus": "0", "monitor": { "level": 3, "vcpus": "0" } }"#,
        ],
    )
    .since(12, 8),
    refuse(
        "cputune-monitors-mixed",
        &[
            Any(&[Has("cachetune.monitor"), Has("memorytune.monitor"), Has("energytune.monitor")]),
            That(|tune, _| shares(tune).into_iter().any(|share| is_mixed(&parts(share, &["monitor"])))),
        ],
        "monitors of some vCPUs (`vcpus`) conflict with a monitor of all",
        [
            r#""energytune": { "monitor": [{}, { "vcpus": "0" }] }"#,
            r#""energytune": { "vcpus": "0", "monitor": { "vcpus": "0" } }"#,
        ],
    )
    .since(12, 8),
    refuse(
        "cputune-shares-twice",
        &[
            Any(&[Has("cachetune"), Has("energytune")]),
            That(|tune, _| ["cachetune", "energytune"].iter().any(|name| has_two_for_all(&parts(tune, &[name])))),
        ],
        "there can be only one share of a kind for the whole guest",
        [
            r#""energytune": [{ "monitor": {} }, { "monitor": {} }]"#,
            r#""energytune": { "monitor": {} }"#,
        ],
    )
    .since(12, 8),
];

/// Returns the shares of the host's caches, memory bandwidth and energy.
fn shares(tune: Value<'_>) -> Vec<Value<'_>> {
    ["cachetune", "memorytune", "energytune"].iter().flat_map(|name| parts(tune, &[name])).collect()
}

/// Returns whether some elements are for certain vCPUs and others for all.
fn is_mixed(elements: &[Value<'_>]) -> bool {
    let for_all = elements.iter().filter(|it| it.attribute("vcpus").is_none()).count();
    for_all > 0 && for_all < elements.len()
}

/// Returns whether several elements are for all vCPUs.
fn has_two_for_all(elements: &[Value<'_>]) -> bool {
    elements.iter().filter(|it| it.attribute("vcpus").is_none()).count() > 1
}

const NUMA_CELL: &[Refusal] = &[
    refuse(
        "numa-sibling",
        &[Has("distances.sibling"), That(has_unknown_sibling)],
        "the guest has no NUMA node of this number",
        [
            r#""cpus": "0", "memory": "64 MiB", "distances": { "sibling": { "id": 1, "value": 20 } }"#,
            r#""cpus": "0", "memory": "64 MiB", "distances": { "sibling": { "id": 0, "value": 10 } }"#,
        ],
    ),
    refuse(
        "numa-distance",
        &[Has("distances.sibling"), That(has_odd_distance)],
        "the distance of a NUMA node to itself must be 10, and to another node more than 10",
        [
            r#""cpus": "0", "memory": "64 MiB", "distances": { "sibling": { "id": 0, "value": 20 } }"#,
            r#""cpus": "0", "memory": "64 MiB", "distances": { "sibling": { "id": 0, "value": 10 } }"#,
        ],
    ),
    refuse(
        "numa-cache-level-taken",
        &[Has("cache.level"), That(|cell, _| has_twice(cell, &["cache"], "level"))],
        "a NUMA node can have only one cache of each level",
        [
            r#""cpus": "0", "memory": "64 MiB", "cache": [{ "level": 1, "associativity": "direct", "policy": "writeback", "size": { "value": 10, "unit": "KiB" }, "line": { "value": 8, "unit": "B" } }, { "level": 1, "associativity": "full", "policy": "writeback", "size": { "value": 10, "unit": "KiB" }, "line": { "value": 8, "unit": "B" } }]"#,
            r#""cpus": "0", "memory": "64 MiB", "cache": { "level": 1, "associativity": "direct", "policy": "writeback", "size": { "value": 10, "unit": "KiB" }, "line": { "value": 8, "unit": "B" } }"#,
        ],
    ),
];

const NUMA: &[Refusal] = &[refuse(
    "numa-interconnect-node",
    &[Has("interconnects"), That(lacks_nodes)],
    "`initiator` and `target` must be NUMA nodes of the guest, and the initiator must have CPUs",
    [
        r#""cell": { "cpus": "0", "memory": "64 MiB" }, "interconnects": { "latency": { "initiator": 0, "target": 1, "type": "access", "value": 5 } }"#,
        r#""cell": { "cpus": "0", "memory": "64 MiB" }, "interconnects": { "latency": { "initiator": 0, "target": 0, "type": "access", "value": 5 } }"#,
    ],
)];

/// Returns the NUMA nodes of a guest with their numbers. libvirt numbers those without `id` in their order.
fn nodes(domain: Value<'_>) -> impl Iterator<Item = (u64, Value<'_>)> {
    let cells = parts(domain, &["cpu", "numa", "cell"]).into_iter().enumerate();
    cells.map(|(at, cell)| (number(cell, "id").unwrap_or(at as u64), cell))
}

/// Returns whether a NUMA node of an interconnect is missing, or its initiator has no CPUs.
fn lacks_nodes(numa: Value<'_>, domain: Value<'_>) -> bool {
    let lacks = |interconnect: Value<'_>| {
        let node = |name: &str| {
            let id = number(interconnect, name)?;
            nodes(domain).find(|(known, _)| *known == id).map(|(_, cell)| cell)
        };
        node("target").is_none() || node("initiator").is_none_or(|cell| cell.attribute("cpus").is_none())
    };
    ["latency", "bandwidth"].iter().any(|kind| parts(numa, &["interconnects", *kind]).into_iter().any(lacks))
}

fn has_odd_distance(cell: Value<'_>, domain: Value<'_>) -> bool {
    let own = nodes(domain).find(|(_, known)| known.index() == cell.index()).map(|(id, _)| id);
    parts(cell, &["distances", "sibling"]).iter().any(|sibling| {
        let is_own = number(*sibling, "id") == own;
        number(*sibling, "value").is_some_and(|value| is_own != (value == 10))
    })
}

fn has_unknown_sibling(cell: Value<'_>, domain: Value<'_>) -> bool {
    let count = parts(domain, &["cpu", "numa", "cell"]).len() as u64;
    parts(cell, &["distances", "sibling"]).iter().any(|sibling| number(*sibling, "id").is_some_and(|id| id >= count))
}

const MEMORY_BACKING: &[Refusal] = &[
    refuse(
        "hugepages-allocation",
        &[Has("hugepages"), Is("allocation.mode", &["ondemand"])],
        "huge pages require the allocation mode \"immediate\"",
        [r#""hugepages": true, "allocation": { "mode": "ondemand" }"#, r#""hugepages": true"#],
    ),
    refuse(
        "hugepages-source",
        &[Has("hugepages"), Is("source.type", &["anonymous"])],
        "huge pages cannot have the source \"anonymous\"",
        [r#""hugepages": true, "source": { "type": "anonymous" }"#, r#""hugepages": true"#],
    ),
    refuse(
        "hugepages-default-twice",
        &[Has("hugepages.page"), That(has_two_defaults)],
        "only one size of huge pages can be without `nodeset`: it is the default for all NUMA nodes",
        [
            r#""hugepages": { "page": [{ "size": 2048 }, { "size": 1048576 }] }"#,
            r#""hugepages": { "page": { "size": 2048 } }"#,
        ],
    ),
    refuse(
        "hugepages-node-unknown",
        &[Has("hugepages.page.nodeset"), That(has_page_beyond)],
        "the guest has no NUMA node of this number: add it to `cpu.numa`",
        [
            r#""hugepages": { "page": { "size": 2048, "nodeset": "1" } }"#,
            r#""hugepages": { "page": { "size": 2048, "nodeset": "0" } }"#,
        ],
    )
    .beside(r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#),
    refuse(
        "hugepages-node-twice",
        &[Has("hugepages.page.nodeset"), That(|backing, _| has_page_of_taken_node(backing))],
        "a NUMA node has two sizes of huge pages",
        [
            r#""hugepages": { "page": [{ "size": 2048, "nodeset": "0" }, { "size": 1048576, "nodeset": "0" }] }"#,
            r#""hugepages": { "page": [{ "size": 2048, "nodeset": "0" }, { "size": 1048576 }] }"#,
        ],
    )
    .beside(r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#),
    refuse(
        "hugepages-size-zero",
        &[Has("hugepages.page"), That(has_empty_page)],
        "the size of a huge page must be greater than zero",
        [r#""hugepages": { "page": { "size": 0 } }"#, r#""hugepages": { "page": { "size": 2048 } }"#],
    ),
];

const MEMTUNE: &[Refusal] = &[refuse(
    "memtune-guarantee",
    &[Has("min_guarantee")],
    "QEMU does not support `min_guarantee`",
    [r#""min_guarantee": "1 GiB""#, r#""hard_limit": "4 GiB""#],
)];

const BLKIOTUNE: &[Refusal] = &[refuse(
    "blkiotune-device-twice",
    &[Has("device"), That(|blkiotune, _| has_twice(blkiotune, &["device"], "path"))],
    "a device of the host is listed twice",
    [
        r#""device": [{ "path": "/dev/sda", "weight": 500 }, { "path": "/dev/sda", "weight": 600 }]"#,
        r#""device": [{ "path": "/dev/sda", "weight": 500 }, { "path": "/dev/sdb", "weight": 600 }]"#,
    ],
)];

const NUMATUNE: &[Refusal] = &[
    refuse(
        "numatune-nodeset",
        &[
            Has("memory"),
            Lacks("memory.nodeset"),
            Not("memory.placement", &["auto"]),
            Any(&[Is("memory.placement", &["static"]), Whole(&Not("vcpu.placement", &["auto"]))]),
        ],
        "the placement \"static\", which is the default, needs `nodeset`",
        [
            r#""memory": { "mode": "strict", "placement": "static" }"#,
            r#""memory": { "mode": "strict", "placement": "static", "nodeset": "0" }"#,
        ],
    ),
    refuse(
        "numatune-automatic-nodes",
        &[Has("memnode"), Is("memory.placement", &["auto"])],
        "`memnode` conflicts with the placement \"auto\"",
        [
            r#""memory": { "mode": "strict", "placement": "auto" }, "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" }"#,
            r#""memory": { "mode": "strict", "nodeset": "0" }, "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" }"#,
        ],
    )
    .beside(r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#),
    refuse(
        "numatune-restrictive",
        &[Has("memnode"), That(|numatune, _| mixes_restrictive(numatune))],
        "if `memory` or one `memnode` has the mode \"restrictive\", all of them must have it",
        [
            r#""memory": { "mode": "restrictive", "nodeset": "0" }, "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" }"#,
            r#""memory": { "mode": "restrictive", "nodeset": "0" }, "memnode": { "cellid": 0, "mode": "restrictive", "nodeset": "0" }"#,
        ],
    )
    .beside(r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#),
    refuse(
        "memnode-cell",
        &[Has("memnode"), That(has_memnode_beyond)],
        "the guest has no NUMA node of this number: add it to `cpu.numa`",
        [
            r#""memnode": { "cellid": 1, "mode": "strict", "nodeset": "0" }"#,
            r#""memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" }"#,
        ],
    )
    .beside(r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#),
    refuse(
        "memnode-twice",
        &[Has("memnode"), That(|numatune, _| has_twice(numatune, &["memnode"], "cellid"))],
        "a NUMA node is listed twice",
        [
            r#""memnode": [{ "cellid": 0, "mode": "strict", "nodeset": "0" }, { "cellid": 0, "mode": "strict", "nodeset": "0" }]"#,
            r#""memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" }"#,
        ],
    )
    .beside(r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }"#),
];

const CLOCK: &[Refusal] = &[
    refuse(
        "clock-timezone",
        &[Is("offset", &["timezone"]), Lacks("timezone")],
        "the offset \"timezone\" needs `timezone`, such as \"Europe/Paris\"",
        [r#""offset": "timezone""#, r#""offset": "timezone", "timezone": "Europe/Paris""#],
    ),
    refuse(
        "clock-start",
        &[Above("start", 253_402_300_799)],
        "`start` must not be later than the year 9999",
        [r#""offset": "absolute", "start": 253402300800"#, r#""offset": "absolute", "start": 253402300799"#],
    ),
];

/// What each clock says.
const OFFSET: &str = r#""offset": "utc""#;

const TIMER: &[Refusal] = &[
    refuse(
        "timer-platform",
        &[Is("name", &["platform"])],
        "QEMU has no timer of this name",
        [r#""name": "platform""#, r#""name": "rtc""#],
    )
    .within(OFFSET)
    .beside(r#""os": { "type": "hvm" }"#),
    refuse(
        "timer-of-x86",
        &[
            Any(&[
                Is("name", &["kvmclock", "hypervclock", "tsc"]),
                That(|timer, _| text(timer, "name") == Some("hpet") && is_switched(timer, "present", true)),
            ]),
            That(|_, domain| is_not_x86(domain)),
        ],
        "this timer requires an x86 machine",
        [r#""name": "kvmclock", "present": true"#, r#""name": "rtc""#],
    )
    .within(OFFSET)
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#),
    refuse(
        "timer-rtc-track",
        &[Is("track", &["boot"]), Is("name", &["rtc"])],
        "the timer \"rtc\" supports the tracks \"guest\", \"wall\" and \"realtime\"",
        [r#""name": "rtc", "track": "boot""#, r#""name": "rtc", "track": "guest""#],
    )
    .within(OFFSET),
    refuse(
        "timer-rtc-policy",
        &[Is("tickpolicy", &["merge", "discard"]), Is("name", &["rtc"])],
        "the timer \"rtc\" supports the policies \"delay\" and \"catchup\"",
        [r#""name": "rtc", "tickpolicy": "merge""#, r#""name": "rtc", "tickpolicy": "catchup""#],
    )
    .within(OFFSET),
    refuse(
        "timer-pit-policy",
        &[
            Is("tickpolicy", &["merge", "catchup"]),
            Is("name", &["pit"]),
            That(|timer, domain| text(timer, "tickpolicy") == Some("merge") || is_not_x86(domain)),
        ],
        "the timer \"pit\" supports the policies \"delay\" and \"discard\", and \"catchup\" on x86 machines",
        [r#""name": "pit", "tickpolicy": "merge""#, r#""name": "pit", "tickpolicy": "delay""#],
    )
    .within(OFFSET),
    refuse(
        "timer-armvtimer",
        &[Is("name", &["armvtimer"]), That(|_, domain| is_x86(domain))],
        "this timer requires an Arm machine",
        [r#""name": "armvtimer", "tickpolicy": "delay""#, r#""name": "rtc""#],
    )
    .within(OFFSET)
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
];

const QEMU_CAPABILITIES: &[Refusal] = &[refuse(
    "qemu-capability-name",
    &[That(|capabilities, _| has_odd_capability(capabilities))],
    "no capability of QEMU has this name",
    [r#""del": { "capability": "block dev" }"#, r#""del": { "capability": "blockdev" }"#],
)
.accepted_before(12, 8)];

const SYSINFO: &[Refusal] = &[
    refuse(
        "sysinfo-fwcfg-name",
        &[Is("type", &["fwcfg"]), That(|sysinfo, _| has_odd_entry(sysinfo))],
        "the name of an entry must start with \"opt/\", but not with \"opt/ovmf/\" or \"opt/org.qemu/\"",
        [
            r#""type": "fwcfg", "entry": { "name": "com.example", "value": "a" }"#,
            r#""type": "fwcfg", "entry": { "name": "opt/com.example", "value": "a" }"#,
        ],
    )
    .listed(),
    refuse(
        "sysinfo-bios-date",
        &[Has("bios.entry"), Is("type", &["smbios"]), That(|sysinfo, _| has_odd_date(sysinfo))],
        "the date of the BIOS must have the form MM/DD/YYYY",
        [
            r#""type": "smbios", "bios": { "entry": { "name": "date", "value": "2026-11-27" } }"#,
            r#""type": "smbios", "bios": { "entry": { "name": "date", "value": "11/27/2026" } }"#,
        ],
    )
    .listed(),
    refuse(
        "sysinfo-uuid",
        &[Is("type", &["smbios"]), That(has_other_uuid)],
        "the UUID in `sysinfo` must be the `uuid` of the domain",
        [
            r#""type": "smbios", "system": { "entry": { "name": "uuid", "value": "c2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
            r#""type": "smbios", "system": { "entry": { "name": "uuid", "value": "d2177883-f1bb-47f0-914d-32a22e3a8804" } }"#,
        ],
    )
    .listed()
    .beside(r#""uuid": "d2177883-f1bb-47f0-914d-32a22e3a8804""#),
];

/// Returns whether a CPU has the name of a model.
fn has_model(cpu: Value<'_>) -> bool {
    text(cpu, "model").or(text(cpu, "model.name")).is_some_and(|name| !name.is_empty())
}

fn lacks_vendor_id(features: Value<'_>) -> bool {
    find(features, "hyperv.vendor_id", &|id| is_set(id, true) && id.attribute("value").is_none()).is_some()
}

fn has_long_vendor_id(features: Value<'_>) -> bool {
    let is_long = |id: Value<'_>| text(id, "value").is_some_and(|value| value.len() > 12);
    find(features, "hyperv.vendor_id", &|id| is_set(id, true) && is_long(id)).is_some()
}

fn has_odd_dirty_ring(features: Value<'_>) -> bool {
    let is_odd = |ring: Value<'_>| {
        let size = number(ring, "size").filter(|size| size.is_power_of_two() && (1024..=65536).contains(size));
        is_set(ring, true) && size.is_none()
    };
    find(features, "kvm.dirty-ring", &is_odd).is_some()
}

fn lacks_loader_path(os: Value<'_>, _: Value<'_>) -> bool {
    os.attribute("loader").is_some_and(|loader| loader.text().is_none() && loader.attribute("path").is_none())
}

fn has_secure_boot_feature(domain: Value<'_>) -> bool {
    domain
        .attribute("os")
        .is_some_and(|os| has_feature(os, "secure-boot", true) && first(os, "loader.secure").is_none())
}

fn has_feature(os: Value<'_>, name: &str, on: bool) -> bool {
    let features = parts(os, &["firmware", "feature"]);
    features.iter().any(|it| text(*it, "name") == Some(name) && is_switched(*it, "enabled", on))
}

/// Returns whether a switch of the features, in its long or short form, has a value.
fn is_set(feature: Value<'_>, on: bool) -> bool {
    is_switched(feature, "state", on) || *feature.data() == Data::Bool(on)
}

fn is_off(features: Value<'_>, name: &str) -> bool {
    features.attribute(name).is_some_and(|feature| is_set(feature, false))
}

/// Returns whether two elements at a path have the same value. A number may be spelled as a text.
fn has_twice(element: Value<'_>, path: &[&str], name: &str) -> bool {
    let key = |it| number(it, name).map(Ok).or_else(|| text(it, name).map(Err));
    let mut all: Vec<_> = parts(element, path).into_iter().filter_map(key).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    all.len() < count
}

fn mixes_restrictive(numatune: Value<'_>) -> bool {
    let Some(whole) = text(numatune, "memory.mode") else { return false };
    let nodes = parts(numatune, &["memnode"]);
    nodes.iter().any(|it| (text(*it, "mode") == Some("restrictive")) != (whole == "restrictive"))
}

fn has_memnode_beyond(numatune: Value<'_>, domain: Value<'_>) -> bool {
    let cells = parts(domain, &["cpu", "numa", "cell"]).len() as u64;
    parts(numatune, &["memnode"]).iter().any(|it| number(*it, "cellid").is_some_and(|id| id >= cells))
}

/// Returns whether the size of `tseg`, by default in MiB, is not that of whole MiB, or more than libvirt counts.
fn has_odd_tseg(features: Value<'_>) -> bool {
    let tseg = find(features, "smm.tseg", &|_| true);
    tseg.and_then(|tseg| bytes(tseg, "MiB")).is_some_and(|tseg| tseg % (1 << 20) != 0 || tseg >= 1 << 64)
}

fn count_tables(os: Value<'_>, kind: &str) -> usize {
    parts(os, &["acpi", "table", "type"]).into_iter().filter(|found| found.text() == Some(kind)).count()
}

fn has_odd_date(sysinfo: Value<'_>) -> bool {
    let entries = parts(sysinfo, &["bios", "entry"]).into_iter().filter(|entry| text(*entry, "name") == Some("date"));
    entries.into_iter().any(|entry| spelled(entry, "value").is_some_and(|date| !is_date(&date)))
}

/// Returns whether libvirt takes a text as the date of a BIOS.
fn is_date(text: &str) -> bool {
    let numbers: Option<Vec<u32>> = text.split('/').map(|number| number.parse().ok()).collect();
    match numbers.as_deref() {
        Some([month, day, year]) => {
            (1..=12).contains(month) && (1..=31).contains(day) && (*year < 100 || *year >= 1900)
        }
        _ => false,
    }
}

/// Returns whether a feature of Hyper-V is a set without its state.
/// Returns whether an enlightenment is on.
fn is_enlightened(features: Value<'_>, name: &str) -> bool {
    let is_passthrough = text(features, "hyperv.mode") == Some("passthrough");
    !is_passthrough && parts(features, &["hyperv", name]).iter().any(|it| is_set(*it, true))
}

/// Returns whether the guest of a guest may flush the TLB directly.
fn has_direct_tlbflush(features: Value<'_>) -> bool {
    is_enlightened(features, "tlbflush") && first(features, "hyperv.tlbflush.direct").is_some_and(|it| is_set(it, true))
}

/// Returns whether one of some enlightenments is on without another one that they require.
fn needs_enlightenment(features: Value<'_>, names: &[&str], required: &str) -> bool {
    names.iter().any(|name| is_enlightened(features, name)) && !is_enlightened(features, required)
}

/// Returns whether a domain has the reference clock of Hyper-V.
fn has_hyperv_clock(domain: Value<'_>) -> bool {
    let timers = parts(domain, &["clock", "timer"]);
    timers.iter().any(|it| text(*it, "name") == Some("hypervclock") && is_switched(*it, "present", true))
}

fn lacks_state(features: Value<'_>, name: &str) -> bool {
    let found = parts(features, &["hyperv", name]);
    found.iter().any(|feature| matches!(feature.data(), Data::Set(_)) && feature.attribute("state").is_none())
}

fn has_usb_controller(domain: Value<'_>) -> bool {
    parts(domain, &["devices", "controller"]).iter().any(|controller| text(*controller, "type") == Some("usb"))
}

fn has_odd_entry(sysinfo: Value<'_>) -> bool {
    let is_odd =
        |name: &str| !name.starts_with("opt/") || name.starts_with("opt/ovmf/") || name.starts_with("opt/org.qemu/");
    parts(sysinfo, &["entry"]).iter().any(|entry| spelled(*entry, "name").is_some_and(|name| is_odd(&name)))
}

fn has_two_defaults(backing: Value<'_>, domain: Value<'_>) -> bool {
    // Without NUMA, node 0 is the guest.
    let has_cells = !parts(domain, &["cpu", "numa", "cell"]).is_empty();
    let is_default = |page: &Value<'_>| match page.attribute("nodeset") {
        None => true,
        Some(nodes) => !has_cells && cpu_set::of(nodes).is_some_and(|set| set.last() == Some(0)),
    };
    parts(backing, &["hugepages", "page"]).iter().filter(|page| is_default(page)).count() > 1
}

/// Returns the sets of NUMA nodes for which huge pages are.
fn page_nodes(backing: Value<'_>) -> impl Iterator<Item = CpuSet> {
    parts(backing, &["hugepages", "page", "nodeset"]).into_iter().filter_map(cpu_set::of)
}

fn has_page_beyond(backing: Value<'_>, domain: Value<'_>) -> bool {
    // A guest without NUMA has node 0.
    let nodes = parts(domain, &["cpu", "numa", "cell"]).len().max(1);
    page_nodes(backing).any(|set| set.last().is_some_and(|last| last >= nodes))
}

fn has_page_of_taken_node(backing: Value<'_>) -> bool {
    let mut taken = CpuSet::EMPTY;
    page_nodes(backing).any(|set| {
        let is_taken = set.shared(&taken).next().is_some();
        taken.extend(&set);
        is_taken
    })
}

fn has_empty_page(backing: Value<'_>, _: Value<'_>) -> bool {
    parts(backing, &["hugepages", "page"]).iter().any(|page| size(*page, "size") == Some(0))
}

/// Returns whether a capability that is added or removed has a name that none has.
fn has_odd_capability(capabilities: Value<'_>) -> bool {
    let is_taken = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.' | '+');
    let is_name = |name: &str| name.len() > 2 && !name.starts_with('-') && name.chars().all(is_taken);
    let names = ["add", "del"].iter().flat_map(|list| parts(capabilities, &[list, "capability"]));
    names.into_iter().any(|name| name.text().is_some_and(|name| !is_name(name)))
}

/// Returns whether the variables of the firmware are encrypted in a way that QEMU does not support.
fn has_other_encryption(os: Value<'_>) -> bool {
    let Some(encryption) = first(os, "nvram.source.encryption") else { return false };
    let format = text(encryption, "format");
    match text(encryption, "engine") {
        Some("qemu") => format != Some("luks") || parts(encryption, &["secret"]).len() > 1,
        Some("librbd") => matches!(format, Some("default" | "qcow")) || text(os, "nvram.type") != Some("network"),
        _ => true,
    }
}

fn has_other_uuid(sysinfo: Value<'_>, domain: Value<'_>) -> bool {
    let plain = |uuid: &str| uuid.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase();
    let own = match domain.attribute("uuid") {
        // libvirt takes that of the system.
        Some(uuid) if *uuid.data() == Data::Bool(false) => return false,
        own => own.and_then(Value::text).map(plain),
    };
    let entries = parts(sysinfo, &["system", "entry"]);
    let uuid = entries.iter().find(|it| text(**it, "name") == Some("uuid")).and_then(|it| spelled(*it, "value"));
    uuid.is_some_and(|uuid| Some(plain(&uuid)) != own)
}
