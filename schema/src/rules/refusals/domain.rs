//! What libvirt refuses of a domain, except of its devices.

use super::super::refusal::Test::{Above, Any, Given, Has, Is, Lacks, Not, That};
use super::super::refusal::{Refusal, Table, refuse};
use super::{find, has_device, is_other_machine, is_switched, is_x86, number, parts, size, text};
use crate::engine::value::{Data, Value};
use crate::kind::Kind::Domain;

/// The tables of a domain.
pub(super) static TABLES: &[Table] = &[
    Table { kind: Domain, at: &[], rows: LIFECYCLE },
    Table { kind: Domain, at: &[], rows: BOOT },
    Table { kind: Domain, at: &[], rows: FEATURES },
    Table { kind: Domain, at: &[], rows: CPU },
    Table { kind: Domain, at: &[], rows: MEMORY },
    Table { kind: Domain, at: &["clock"], rows: CLOCK },
    Table { kind: Domain, at: &["clock", "timer"], rows: TIMER },
    Table { kind: Domain, at: &["sysinfo"], rows: SYSINFO },
];

const LIFECYCLE: &[Refusal] = &[
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
];

const BOOT: &[Refusal] = &[
    refuse(
        "os-type-of-qemu",
        &[Is("os.type", &["xen", "linux", "xenpvh"])],
        "QEMU supports only guests of type \"hvm\"",
        [r#""os": { "type": "linux" }"#, r#""os": { "type": "hvm" }"#],
    ),
    refuse(
        "bootloader-of-qemu",
        &[Any(&[Has("bootloader"), Has("bootloader_args")]), Not("os.type", &["exe", "xen", "linux", "xenpvh"])],
        "QEMU has no `bootloader`: set `os.loader` or `os.kernel`",
        [r#""bootloader": "/usr/bin/pygrub", "os": { "type": "hvm" }"#, r#""os": { "type": "hvm" }"#],
    ),
    refuse(
        "os-nvram-bios",
        &[Has("os.nvram"), Is("os.firmware", &["bios"])],
        "`nvram` requires UEFI: set os.firmware = \"efi\"",
        [
            r#""os": { "type": "hvm", "firmware": "bios", "nvram": { "path": "/nvram" } }"#,
            r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "path": "/nvram" } }, "features": { "acpi": true }"#,
        ],
    ),
    refuse(
        "os-loader-path",
        &[Has("os.loader"), Lacks("os.firmware"), That(lacks_loader_path)],
        "`os.loader` needs a path, or `os.firmware`",
        [
            r#""os": { "type": "hvm", "loader": { "readonly": true, "type": "pflash" } }"#,
            r#""os": { "type": "hvm", "loader": { "readonly": true, "type": "rom", "path": "/usr/share/seabios/bios.bin" } }"#,
        ],
    ),
    refuse(
        "os-stateless-nvram",
        &[Is("os.loader.stateless", &["yes"]), Has("os.nvram")],
        "a stateless loader cannot have `nvram`",
        [
            r#""os": { "type": "hvm", "firmware": "efi", "loader": { "stateless": true }, "nvram": { "path": "/nvram" } }, "features": { "acpi": true }"#,
            r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "path": "/nvram" } }, "features": { "acpi": true }"#,
        ],
    ),
    refuse(
        "os-enrolled-keys",
        &[
            That(|domain, _| has_feature(domain, "enrolled-keys", true)),
            That(|domain, _| has_feature(domain, "secure-boot", false)),
        ],
        "the feature \"enrolled-keys\" requires \"secure-boot\"",
        [
            r#""os": { "type": "hvm", "firmware": ["efi", { "feature": [{ "name": "enrolled-keys", "enabled": true }, { "name": "secure-boot", "enabled": false }] }] }, "features": { "acpi": true }"#,
            r#""os": { "type": "hvm", "firmware": ["efi", { "feature": [{ "name": "enrolled-keys", "enabled": false }, { "name": "secure-boot", "enabled": false }] }] }, "features": { "acpi": true }"#,
        ],
    ),
    refuse(
        "os-efi-acpi",
        &[Is("os.firmware", &["efi"]), Lacks("features.acpi"), That(|domain, _| is_x86(domain))],
        "UEFI requires ACPI: set features.acpi = true",
        [
            r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi" }"#,
            r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi" }, "features": { "acpi": true }"#,
        ],
    ),
    refuse(
        "os-acpi-without-efi",
        &[Has("features.acpi"), Is("os.arch", &["aarch64"]), Not("os.firmware", &["efi"]), Lacks("os.loader")],
        "ACPI requires UEFI on this architecture: set os.firmware = \"efi\"",
        [
            r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }, "features": { "acpi": true }"#,
            r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#,
        ],
    ),
    refuse(
        "os-secure-machine",
        &[Is("os.loader.secure", &["yes"]), That(|domain, _| is_other_machine(domain, "q35"))],
        "Secure Boot requires the machine \"q35\"",
        [
            r#""os": { "type": "hvm", "machine": "pc", "loader": { "readonly": true, "secure": true, "type": "pflash", "path": "/usr/share/OVMF/OVMF_CODE_4M.ms.fd" } }, "features": { "acpi": true, "smm": true }"#,
            r#""os": { "type": "hvm", "machine": "q35", "loader": { "readonly": true, "secure": true, "type": "pflash", "path": "/usr/share/OVMF/OVMF_CODE_4M.ms.fd" } }, "features": { "acpi": true, "smm": true }"#,
        ],
    ),
    refuse(
        "os-acpi-table",
        &[Is("os.acpi.table.type", &["rawset"])],
        "QEMU supports only tables of type \"raw\", \"slic\" and \"msdm\"",
        [
            r#""os": { "type": "hvm", "acpi": { "table": { "type": "rawset", "path": "/table" } } }"#,
            r#""os": { "type": "hvm", "acpi": { "table": { "type": "slic", "path": "/table" } } }"#,
        ],
    ),
    refuse(
        "os-bios-serial",
        &[Is("os.bios.useserial", &["yes"]), That(|domain, _| !has_device(domain, "serial"))],
        "`useserial` requires a serial port",
        [
            r#""os": { "type": "hvm", "bios": { "useserial": true } }"#,
            r#""os": { "type": "hvm", "bios": { "useserial": true } }, "devices": { "serial": { "type": "pty" } }"#,
        ],
    ),
];

const FEATURES: &[Refusal] = &[
    refuse(
        "feature-of-power",
        &[
            Any(&[
                Has("features.hpt"),
                Given("features.htm"),
                Given("features.nested-hv"),
                Given("features.ccf-assist"),
                Has("features.cfpc"),
                Has("features.sbbc"),
                Has("features.ibs"),
            ]),
            That(|domain, _| is_x86(domain)),
        ],
        "this feature requires a POWER machine",
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "htm": true }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }"#,
        ],
    ),
    refuse(
        "feature-of-arm",
        &[Any(&[Has("features.gic"), Given("features.ras"), Has("features.aia")]), That(|domain, _| is_x86(domain))],
        "this feature requires an Arm or RISC-V machine",
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "gic": { "version": "3" } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }"#,
        ],
    ),
    refuse(
        "feature-tcg-type",
        &[Has("features.tcg"), Not("type", &["qemu"])],
        "`features.tcg` requires a domain of type \"qemu\"",
        [r#""features": { "tcg": { "tb-cache": "128 MiB" } }"#, r#""features": { "acpi": true }"#],
    ),
    refuse(
        "feature-vmport-ps2",
        &[That(|domain, _| is_on(domain, "vmport")), That(|domain, _| is_off(domain, "ps2"))],
        "`vmport` requires `ps2`",
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "vmport": { "state": true }, "ps2": false }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "vmport": { "state": true } }"#,
        ],
    ),
    refuse(
        "feature-tseg-machine",
        &[Has("features.smm.tseg"), That(|domain, _| is_other_machine(domain, "q35"))],
        "`tseg` requires the machine \"q35\"",
        [
            r#""os": { "type": "hvm", "machine": "pc" }, "features": { "smm": { "state": true, "tseg": "16 MiB" } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "smm": { "state": true, "tseg": "16 MiB" } }"#,
        ],
    ),
];

const CPU: &[Refusal] = &[
    refuse(
        "cpu-features-without-model",
        &[Has("cpu.feature"), Lacks("cpu.model"), Not("cpu.mode", &["host-model", "host-passthrough", "maximum"])],
        "`cpu.feature` needs a `model`, or the mode \"host-model\" or \"host-passthrough\"",
        [
            r#""cpu": { "feature": { "name": "vmx", "policy": "require" } }"#,
            r#""cpu": { "mode": "host-model", "feature": { "name": "vmx", "policy": "disable" } }"#,
        ],
    ),
    refuse(
        "cpu-vendor-without-model",
        &[Has("cpu.vendor"), Lacks("cpu.model")],
        "`cpu.vendor` needs a `model`",
        [r#""cpu": { "match": "exact", "vendor": "Intel" }"#, r#""cpu": { "match": "exact", "model": "qemu64" }"#],
    ),
    refuse(
        "cpu-feature-twice",
        &[Has("cpu.feature"), That(|domain, _| has_twice(domain, &["cpu", "feature"], "name"))],
        "a CPU feature is listed twice",
        [
            r#""cpu": { "mode": "host-model", "feature": [{ "name": "vmx", "policy": "disable" }, { "name": "vmx", "policy": "disable" }] }"#,
            r#""cpu": { "mode": "host-model", "feature": [{ "name": "vmx", "policy": "disable" }, { "name": "svm", "policy": "disable" }] }"#,
        ],
    ),
    refuse(
        "cpu-migratable-mode",
        &[Given("cpu.migratable"), Not("cpu.mode", &["host-passthrough", "maximum"])],
        "`migratable` requires the mode \"host-passthrough\" or \"maximum\"",
        [
            r#""cpu": { "mode": "host-model", "migratable": true }"#,
            r#""cpu": { "mode": "maximum", "migratable": true }"#,
        ],
    ),
    refuse(
        "cpu-cache-passthrough-mode",
        &[Is("cpu.cache.mode", &["passthrough"]), Not("cpu.mode", &["host-passthrough", "maximum"])],
        "the cache mode \"passthrough\" requires the CPU mode \"host-passthrough\" or \"maximum\"",
        [
            r#""cpu": { "mode": "host-model", "cache": { "mode": "passthrough" } }"#,
            r#""cpu": { "mode": "maximum", "cache": { "mode": "passthrough" } }"#,
        ],
    ),
    refuse(
        "cpu-cache-level",
        &[
            Has("cpu.cache.level"),
            Any(&[
                Is("cpu.cache.mode", &["passthrough", "disable"]),
                That(|domain, _| number(domain, "cpu.cache.level") != Some(3)),
            ]),
        ],
        "`level` must be 3, and requires the cache mode \"emulate\"",
        [
            r#""cpu": { "mode": "maximum", "cache": { "mode": "emulate", "level": 2 } }"#,
            r#""cpu": { "mode": "maximum", "cache": { "mode": "emulate", "level": 3 } }"#,
        ],
    ),
    refuse(
        "cpu-address-bits",
        &[Has("cpu.maxphysaddr.bits"), Is("cpu.maxphysaddr.mode", &["passthrough"])],
        "`bits` requires the mode \"emulate\"",
        [
            r#""cpu": { "mode": "maximum", "maxphysaddr": { "mode": "passthrough", "bits": 42 } }"#,
            r#""cpu": { "mode": "maximum", "maxphysaddr": { "mode": "emulate", "bits": 42 } }"#,
        ],
    ),
    refuse(
        "cpu-address-limit",
        &[Has("cpu.maxphysaddr.limit"), Not("cpu.maxphysaddr.mode", &["passthrough"])],
        "`limit` requires the mode \"passthrough\"",
        [
            r#""cpu": { "mode": "maximum", "maxphysaddr": { "mode": "emulate", "bits": 42, "limit": 39 } }"#,
            r#""cpu": { "mode": "maximum", "maxphysaddr": { "mode": "passthrough", "limit": 39 } }"#,
        ],
    ),
];

const MEMORY: &[Refusal] = &[
    refuse(
        "hugepages-allocation",
        &[Has("memoryBacking.hugepages"), Is("memoryBacking.allocation.mode", &["ondemand"])],
        "huge pages require the allocation mode \"immediate\"",
        [
            r#""memoryBacking": { "hugepages": true, "allocation": { "mode": "ondemand" } }"#,
            r#""memoryBacking": { "hugepages": true }"#,
        ],
    ),
    refuse(
        "hugepages-source",
        &[Has("memoryBacking.hugepages"), Is("memoryBacking.source.type", &["anonymous"])],
        "huge pages cannot have the source \"anonymous\"",
        [
            r#""memoryBacking": { "hugepages": true, "source": { "type": "anonymous" } }"#,
            r#""memoryBacking": { "hugepages": true }"#,
        ],
    ),
    refuse(
        "hugepages-size-zero",
        &[That(has_empty_page)],
        "the size of a huge page must be greater than zero",
        [
            r#""memoryBacking": { "hugepages": { "page": { "size": 0 } } }"#,
            r#""memoryBacking": { "hugepages": { "page": { "size": 2048 } } }"#,
        ],
    ),
    refuse(
        "memtune-guarantee",
        &[Has("memtune.min_guarantee")],
        "QEMU does not support `min_guarantee`",
        [r#""memtune": { "min_guarantee": "1 GiB" }"#, r#""memtune": { "hard_limit": "4 GiB" }"#],
    ),
    refuse(
        "blkiotune-device-twice",
        &[Has("blkiotune.device"), That(|domain, _| has_twice(domain, &["blkiotune", "device"], "path"))],
        "a device of the host is listed twice",
        [
            r#""blkiotune": { "device": [{ "path": "/dev/sda", "weight": 500 }, { "path": "/dev/sda", "weight": 600 }] }"#,
            r#""blkiotune": { "device": [{ "path": "/dev/sda", "weight": 500 }, { "path": "/dev/sdb", "weight": 600 }] }"#,
        ],
    ),
    refuse(
        "numatune-nodeset",
        &[Has("numatune.memory"), Lacks("numatune.memory.nodeset"), Is("numatune.memory.placement", &["static"])],
        "the placement \"static\" needs `nodeset`",
        [
            r#""numatune": { "memory": { "mode": "strict", "placement": "static" } }"#,
            r#""numatune": { "memory": { "mode": "strict", "placement": "static", "nodeset": "0" } }"#,
        ],
    ),
    refuse(
        "numatune-automatic-nodes",
        &[Has("numatune.memnode"), Is("numatune.memory.placement", &["auto"])],
        "`memnode` conflicts with the placement \"auto\"",
        [
            r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }, "numatune": { "memory": { "mode": "strict", "placement": "auto" }, "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" } }"#,
            r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }, "numatune": { "memory": { "mode": "strict", "nodeset": "0" }, "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" } }"#,
        ],
    ),
    refuse(
        "numatune-restrictive",
        &[Has("numatune.memnode"), That(|domain, _| mixes_restrictive(domain))],
        "if `memory` or one `memnode` has the mode \"restrictive\", all of them must have it",
        [
            r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }, "numatune": { "memory": { "mode": "restrictive", "nodeset": "0" }, "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" } }"#,
            r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }, "numatune": { "memory": { "mode": "restrictive", "nodeset": "0" }, "memnode": { "cellid": 0, "mode": "restrictive", "nodeset": "0" } }"#,
        ],
    ),
    refuse(
        "memnode-cell",
        &[Has("numatune.memnode"), That(|domain, _| has_memnode_beyond(domain))],
        "the guest has no NUMA node of this number: add it to `cpu.numa`",
        [
            r#""numatune": { "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" } }"#,
            r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }, "numatune": { "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" } }"#,
        ],
    ),
    refuse(
        "memnode-twice",
        &[Has("numatune.memnode"), That(|domain, _| has_twice(domain, &["numatune", "memnode"], "cellid"))],
        "a NUMA node is listed twice",
        [
            r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }, "numatune": { "memnode": [{ "cellid": 0, "mode": "strict", "nodeset": "0" }, { "cellid": 0, "mode": "strict", "nodeset": "0" }] }"#,
            r#""vcpu": 1, "cpu": { "numa": { "cell": { "id": 0, "cpus": "0", "memory": "64 MiB" } } }, "numatune": { "memnode": { "cellid": 0, "mode": "strict", "nodeset": "0" } }"#,
        ],
    ),
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
        "timer-rtc-track",
        &[Is("name", &["rtc"]), Is("track", &["boot"])],
        "the timer \"rtc\" supports the tracks \"guest\", \"wall\" and \"realtime\"",
        [r#""name": "rtc", "track": "boot""#, r#""name": "rtc", "track": "guest""#],
    )
    .within(OFFSET),
    refuse(
        "timer-rtc-policy",
        &[Is("name", &["rtc"]), Is("tickpolicy", &["merge", "discard"])],
        "the timer \"rtc\" supports the policies \"delay\" and \"catchup\"",
        [r#""name": "rtc", "tickpolicy": "merge""#, r#""name": "rtc", "tickpolicy": "catchup""#],
    )
    .within(OFFSET),
    refuse(
        "timer-pit-policy",
        &[Is("name", &["pit"]), Is("tickpolicy", &["merge"])],
        "the timer \"pit\" supports the policies \"delay\", \"catchup\" and \"discard\"",
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

fn lacks_loader_path(domain: Value<'_>, _: Value<'_>) -> bool {
    let loader = domain.attribute("os").and_then(|os| os.attribute("loader"));
    loader.is_some_and(|loader| loader.text().is_none() && loader.attribute("path").is_none())
}

fn has_feature(domain: Value<'_>, name: &str, on: bool) -> bool {
    let features = parts(domain, &["os", "firmware", "feature"]);
    features.iter().any(|it| text(*it, "name") == Some(name) && is_switched(*it, "enabled", on))
}

/// Returns whether a switch of the features, in its long or short form, has a value.
fn is_set(domain: Value<'_>, name: &str, on: bool) -> bool {
    let Some(feature) = domain.attribute("features").and_then(|features| features.attribute(name)) else {
        return false;
    };
    is_switched(feature, "state", on) || *feature.data() == Data::Bool(on)
}

fn is_on(domain: Value<'_>, name: &str) -> bool {
    is_set(domain, name, true)
}

fn is_off(domain: Value<'_>, name: &str) -> bool {
    is_set(domain, name, false)
}

/// Returns whether two elements at a path have the same value.
fn has_twice(domain: Value<'_>, path: &[&str], name: &str) -> bool {
    let mut all: Vec<_> = parts(domain, path).iter().filter_map(|it| it.attribute(name)).map(Value::shown).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    all.len() < count
}

fn mixes_restrictive(domain: Value<'_>) -> bool {
    let Some(whole) = text(domain, "numatune.memory.mode") else { return false };
    let nodes = parts(domain, &["numatune", "memnode"]);
    nodes.iter().any(|it| (text(*it, "mode") == Some("restrictive")) != (whole == "restrictive"))
}

fn has_memnode_beyond(domain: Value<'_>) -> bool {
    let cells = parts(domain, &["cpu", "numa", "cell"]).len() as u64;
    parts(domain, &["numatune", "memnode"]).iter().any(|it| number(*it, "cellid").is_some_and(|id| id >= cells))
}

fn has_odd_entry(sysinfo: Value<'_>) -> bool {
    let is_odd =
        |name: &str| !name.starts_with("opt/") || name.starts_with("opt/ovmf/") || name.starts_with("opt/org.qemu/");
    parts(sysinfo, &["entry"]).iter().any(|entry| text(*entry, "name").is_some_and(is_odd))
}

fn has_empty_page(domain: Value<'_>, _: Value<'_>) -> bool {
    parts(domain, &["memoryBacking", "hugepages", "page"]).iter().any(|page| size(*page, "size") == Some(0))
}

fn has_other_uuid(sysinfo: Value<'_>, domain: Value<'_>) -> bool {
    let plain = |uuid: &str| uuid.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase();
    let own = match domain.attribute("uuid") {
        // libvirt takes that of the system.
        Some(uuid) if *uuid.data() == Data::Bool(false) => return false,
        own => own.and_then(Value::text).map(plain),
    };
    let entries = parts(sysinfo, &["system", "entry"]);
    let uuid =
        entries.iter().find(|it| text(**it, "name") == Some("uuid")).and_then(|it| find(*it, "value", &|_| true));
    uuid.and_then(Value::text).map(plain).is_some_and(|uuid| Some(uuid) != own)
}
