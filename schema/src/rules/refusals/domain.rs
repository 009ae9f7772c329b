//! What libvirt refuses of a domain, except of its devices.

use super::super::refusal::Test::{Above, Any, Given, Has, Is, Lacks, Not, That, Whole};
use super::super::refusal::{Refusal, Table, refuse};
use super::{find, has_device, is_other_machine, is_switched, is_x86, number, parts, size, text};
use crate::engine::value::{Data, Value};
use crate::kind::Kind::Domain;

/// The tables of a domain.
pub(super) static TABLES: &[Table] = &[
    Table { kind: Domain, at: &[], rows: WHOLE },
    Table { kind: Domain, at: &["os"], rows: OS },
    Table { kind: Domain, at: &["features"], rows: FEATURES },
    Table { kind: Domain, at: &["cpu"], rows: CPU },
    Table { kind: Domain, at: &["memoryBacking"], rows: MEMORY_BACKING },
    Table { kind: Domain, at: &["memtune"], rows: MEMTUNE },
    Table { kind: Domain, at: &["blkiotune"], rows: BLKIOTUNE },
    Table { kind: Domain, at: &["numatune"], rows: NUMATUNE },
    Table { kind: Domain, at: &["clock"], rows: CLOCK },
    Table { kind: Domain, at: &["clock", "timer"], rows: TIMER },
    Table { kind: Domain, at: &["sysinfo"], rows: SYSINFO },
];

const WHOLE: &[Refusal] = &[
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
        "bootloader-of-qemu",
        &[Any(&[Has("bootloader"), Has("bootloader_args")]), Not("os.type", &["exe", "xen", "linux", "xenpvh"])],
        "QEMU has no `bootloader`: set `os.loader` or `os.kernel`",
        [r#""bootloader": "/usr/bin/pygrub", "os": { "type": "hvm" }"#, r#""os": { "type": "hvm" }"#],
    ),
];

const OS: &[Refusal] = &[
    refuse(
        "os-type-of-qemu",
        &[Is("type", &["xen", "linux", "xenpvh"])],
        "QEMU supports only guests of type \"hvm\"",
        [r#""type": "linux""#, r#""type": "hvm""#],
    ),
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
        "os-loader-path",
        &[Has("loader"), Lacks("firmware"), That(lacks_loader_path)],
        "`os.loader` needs a path, or `os.firmware`",
        [
            r#""type": "hvm", "loader": { "readonly": true, "type": "pflash" }"#,
            r#""type": "hvm", "loader": { "readonly": true, "type": "rom", "path": "/usr/share/seabios/bios.bin" }"#,
        ],
    ),
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
        &[Is("firmware", &["efi"]), Whole(&Lacks("features.acpi")), That(|_, domain| is_x86(domain))],
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
        "os-acpi-table",
        &[Is("acpi.table.type", &["rawset"])],
        "QEMU supports only tables of type \"raw\", \"slic\" and \"msdm\"",
        [
            r#""type": "hvm", "acpi": { "table": { "type": "rawset", "path": "/table" } }"#,
            r#""type": "hvm", "acpi": { "table": { "type": "slic", "path": "/table" } }"#,
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
            That(|_, domain| is_x86(domain)),
        ],
        "this feature requires a POWER machine",
        [r#""htm": true"#, r#""acpi": true"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "feature-of-arm",
        &[Any(&[Has("gic"), Given("ras"), Has("aia")]), That(|_, domain| is_x86(domain))],
        "this feature requires an Arm or RISC-V machine",
        [r#""gic": { "version": "3" }"#, r#""acpi": true"#],
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
        &[Given("vmport"), Given("ps2"), That(|features, _| is_on(features, "vmport") && is_off(features, "ps2"))],
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
            Whole(&Lacks("os.loader")),
        ],
        "ACPI requires UEFI on this architecture: set os.firmware = \"efi\"",
        [r#""acpi": true"#, r#""pmu": true"#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#),
];

const CPU: &[Refusal] = &[
    refuse(
        "cpu-features-without-model",
        &[Has("feature"), Lacks("model"), Not("mode", &["host-model", "host-passthrough", "maximum"])],
        "`cpu.feature` needs a `model`, or the mode \"host-model\" or \"host-passthrough\"",
        [
            r#""feature": { "name": "vmx", "policy": "require" }"#,
            r#""mode": "host-model", "feature": { "name": "vmx", "policy": "disable" }"#,
        ],
    ),
    refuse(
        "cpu-vendor-without-model",
        &[Has("vendor"), Lacks("model")],
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
        &[Has("memory"), Lacks("memory.nodeset"), Is("memory.placement", &["static"])],
        "the placement \"static\" needs `nodeset`",
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

fn lacks_loader_path(os: Value<'_>, _: Value<'_>) -> bool {
    os.attribute("loader").is_some_and(|loader| loader.text().is_none() && loader.attribute("path").is_none())
}

fn has_feature(os: Value<'_>, name: &str, on: bool) -> bool {
    let features = parts(os, &["firmware", "feature"]);
    features.iter().any(|it| text(*it, "name") == Some(name) && is_switched(*it, "enabled", on))
}

/// Returns whether a switch of the features, in its long or short form, has a value.
fn is_set(features: Value<'_>, name: &str, on: bool) -> bool {
    let Some(feature) = features.attribute(name) else { return false };
    is_switched(feature, "state", on) || *feature.data() == Data::Bool(on)
}

fn is_on(features: Value<'_>, name: &str) -> bool {
    is_set(features, name, true)
}

fn is_off(features: Value<'_>, name: &str) -> bool {
    is_set(features, name, false)
}

/// Returns whether two elements at a path have the same value.
fn has_twice(element: Value<'_>, path: &[&str], name: &str) -> bool {
    let mut all: Vec<_> = parts(element, path).iter().filter_map(|it| it.attribute(name)).map(Value::shown).collect();
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

fn has_odd_entry(sysinfo: Value<'_>) -> bool {
    let is_odd =
        |name: &str| !name.starts_with("opt/") || name.starts_with("opt/ovmf/") || name.starts_with("opt/org.qemu/");
    parts(sysinfo, &["entry"]).iter().any(|entry| text(*entry, "name").is_some_and(is_odd))
}

fn has_empty_page(backing: Value<'_>, _: Value<'_>) -> bool {
    parts(backing, &["hugepages", "page"]).iter().any(|page| size(*page, "size") == Some(0))
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
