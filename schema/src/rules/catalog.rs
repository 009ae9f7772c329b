//! All problem codes, each with an explanation, an invalid and a valid example.

use crate::engine::problem::Severity;
use crate::engine::release::{Release, Releases};
use crate::engine::{json, nix};
use crate::kind::Kind;
use crate::kind::Kind::{Checkpoint, Domain, Interface, Network, Nodedev, Nwfilter, Pool, Secret, Snapshot, Volume};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Problem code with its explanation and examples.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Code of the problem. It stays the same from release to release.
    pub code: &'static str,
    /// Severity of the problem.
    pub severity: Severity,
    /// Explanation of the problem and its consequence.
    pub meaning: Cow<'static, str>,
    /// Kind of object in the examples. Other kinds may have the same problem.
    pub kind: Kind,
    /// Release of libvirt that the examples are for, if the problem depends on it.
    pub target: Option<Release>,
    /// Releases of libvirt that the problem concerns.
    pub releases: Releases,
    /// Part of a spec in JSON that has only this problem.
    pub wrong: Cow<'static, str>,
    /// The same part of a spec without the problem.
    pub right: Cow<'static, str>,
}

impl Rule {
    /// Returns an example as Nix, in lines.
    pub fn nix(example: &str) -> String {
        let text = format!("{{ {example} }}");
        json::parse(&text).map(|spec| nix::print_attributes(spec.root())).unwrap_or_default()
    }

    /// Returns the whole spec of an example, in JSON: with the parts that all objects of its kind need, and that it lacks.
    pub fn spec(&self, example: &str) -> String {
        let needed: &[(&str, &str)] = match self.kind {
            Domain => {
                &[("type", r#""kvm""#), ("name", r#""vm""#), ("memory", r#""64 MiB""#), ("os", r#"{ "type": "hvm" }"#)]
            }
            Network => &[("name", r#""lan""#)],
            Pool => &[("name", r#""pool""#)],
            Volume => &[("name", r#""disk.qcow2""#), ("capacity", r#""1 GiB""#)],
            Nwfilter => &[("name", r#""filter""#)],
            Nodedev => &[("name", r#""device""#)],
            Interface => &[("name", r#""br0""#)],
            Secret | Snapshot | Checkpoint => &[],
        };
        let text = format!("{{ {example} }}");
        let given = json::parse(&text).ok();
        let is_given =
            |name: &str| given.as_ref().is_some_and(|spec| spec.root().children().any(|it| it.key() == name));
        let missing =
            needed.iter().filter(|(name, _)| !is_given(name)).map(|(name, value)| format!("{name:?}: {value}"));
        let parts: Vec<_> = missing.chain(Some(example.trim().to_owned()).filter(|it| !it.is_empty())).collect();
        format!("{{ {} }}", parts.join(", "))
    }
}

const fn error(code: &'static str, meaning: &'static str, kind: Kind, examples: [&'static str; 2]) -> Rule {
    rule(code, Severity::Error, meaning, kind, None, examples)
}

const fn warning(code: &'static str, meaning: &'static str, kind: Kind, examples: [&'static str; 2]) -> Rule {
    rule(code, Severity::Warning, meaning, kind, None, examples)
}

const fn newer_libvirt(target: Release, meaning: &'static str, examples: [&'static str; 2]) -> Rule {
    rule("newer-libvirt", Severity::Warning, meaning, Domain, Some(target), examples)
}

const fn rule(
    code: &'static str,
    severity: Severity,
    meaning: &'static str,
    kind: Kind,
    target: Option<Release>,
    [wrong, right]: [&'static str; 2],
) -> Rule {
    let (meaning, wrong, right) = (Cow::Borrowed(meaning), Cow::Borrowed(wrong), Cow::Borrowed(right));
    Rule { code, severity, meaning, kind, target, releases: Releases::ALL, wrong, right }
}

/// Returns all problem codes: those of the types, then those of rules by name.
pub fn rules() -> &'static [Rule] {
    static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut rules: Vec<Rule> = RULES.iter().cloned().chain(super::refusals::rules()).collect();
        rules[TYPES..].sort_by_key(|rule| rule.code);
        rules
    });
    &ALL
}

/// Number of codes that types have.
const TYPES: usize = 11;

/// The problem codes of the types, then those of the rules that are functions, by name.
static RULES: &[Rule] = &[
    error(
        "unknown-attribute",
        "The element or object has no attribute, child or field of this name. The name is probably misspelled, or belongs to another element.",
        Domain,
        [r#""memroy": "2 GiB""#, r#""memory": "2 GiB""#],
    ),
    error(
        "missing",
        "A required attribute, child or field is missing. Some are required only if another is set.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "wrong-type",
        "The value has the wrong type, such as a string instead of a set, or text instead of a number.",
        Domain,
        [r#""memory": { "count": "much" }"#, r#""memory": { "count": 2097152 }"#],
    ),
    error(
        "unknown-word",
        "The value is not one of the words that are accepted here.",
        Domain,
        [r#""on_crash": "reboot""#, r#""on_crash": "restart""#],
    ),
    newer_libvirt(
        Release { major: 11, minor: 3 },
        "The release of libvirt that the spec is for lacks the attribute or value, and refuses or ignores it.",
        [r#""features": { "virtualization": true }"#, r#""features": { "aia": { "value": "none" } }"#],
    ),
    error(
        "out-of-range",
        "The number is smaller or larger than is accepted here.",
        Domain,
        [r#""vcpu": 0"#, r#""vcpu": 1"#],
    ),
    error(
        "bad-form",
        "The text does not have the required form, such as that of a UUID, a MAC address or an absolute path.",
        Domain,
        [r#""uuid": "web-server""#, r#""uuid": "6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11""#],
    ),
    error(
        "unrepresentable-size",
        "libvirt counts the size in a fixed unit, such as KiB. The size is not a whole number of that unit, or is out of range.",
        Domain,
        [
            r#""devices": { "video": { "model": { "type": "virtio", "vram": "1500 bytes" } } }"#,
            r#""devices": { "video": { "model": { "type": "virtio", "vram": "16 MiB" } } }"#,
        ],
    ),
    error(
        "bad-character",
        "The text contains a control character, which XML cannot contain.",
        Domain,
        [r#""description": "a bell: \u0007""#, r#""description": "a bell: BEL""#],
    ),
    error(
        "not-well-formed",
        "The text in `metadata` or `extra.xml` is not well-formed XML.",
        Domain,
        [
            r#""metadata": "<owner xmlns='https://example.org'>me""#,
            r#""metadata": "<owner xmlns='https://example.org'>me</owner>""#,
        ],
    ),
    error(
        "said-twice",
        "An attribute is given twice, which JSON allows, or an element that occurs once is a list of several items. It is not clear which value applies.",
        Domain,
        [r#""title": "web", "title": "mail""#, r#""title": "web""#],
    ),
    error(
        "adapter-name-or-parentaddr",
        "Identify a SCSI adapter of the host by `name` or by `parentaddr`, the PCI address of its parent, not both.",
        Pool,
        [
            r#""type": "scsi", "source": { "adapter": {} }, "target": { "path": "/dev/disk/by-path" }"#,
            r#""type": "scsi", "source": { "adapter": { "name": "scsi_host1" } },
               "target": { "path": "/dev/disk/by-path" }"#,
        ],
    ),
    error(
        "address-ccw",
        "Set all three parts of a CCW address (`cssid`, `ssid` and `devno`), or none of them.",
        Domain,
        [
            r#""devices": { "rng": { "model": "virtio", "backend": { "model": "random" }, "address": { "type": "ccw", "cssid": 254 } } }"#,
            r#""devices": { "rng": { "model": "virtio", "backend": { "model": "random" }, "address": { "type": "ccw", "cssid": 254, "ssid": 0, "devno": 1 } } }"#,
        ],
    ),
    error(
        "address-ccw-machine",
        "CCW addresses require an S390 machine.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "rng": { "model": "virtio", "backend": { "model": "random" }, "address": { "type": "ccw", "cssid": 254, "ssid": 0, "devno": 1 } } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "rng": { "model": "virtio", "backend": { "model": "random" }, "address": "00:05.0" } }"#,
        ],
    ),
    error(
        "address-zpci-machine",
        "Only S390 machines have zPCI identifiers.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "memballoon": { "model": "virtio", "address": { "type": "pci", "bus": 1, "zpci": { "uid": 1 } } } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "memballoon": { "model": "virtio", "address": { "type": "pci", "bus": 1 } } }"#,
        ],
    ),
    error(
        "address-serial-port",
        "The virtio-serial controller does not have the port. It has 31 ports unless it declares `ports`.",
        Domain,
        [
            r#""devices": { "channel": {
            "type": "pty", "target": { "type": "virtio", "name": "a" }, "address": { "type": "virtio-serial", "controller": 0, "port": 31 }
        } }"#,
            r#""devices": { "channel": {
            "type": "pty", "target": { "type": "virtio", "name": "a" }, "address": { "type": "virtio-serial", "controller": 0, "port": 1 }
        } }"#,
        ],
    ),
    error(
        "address-usb-port",
        "The USB port of an address does not exist: its controller or hub lacks the port, or the hub is missing.",
        Domain,
        [
            r#""devices": { "redirdev": { "bus": "usb", "type": "spicevmc", "address": { "type": "usb", "bus": 0, "port": "1.2" } }, "graphics": { "type": "spice" } }"#,
            r#""devices": {
                "hub": { "type": "usb", "address": { "type": "usb", "bus": 0, "port": "1" } },
                "redirdev": { "bus": "usb", "type": "spicevmc", "address": { "type": "usb", "bus": 0, "port": "1.2" } },
                "graphics": { "type": "spice" }
            }"#,
        ],
    ),
    error(
        "address-controller",
        "The address is on a controller that the guest does not have, and that libvirt does not add.",
        Domain,
        [
            r#""devices": { "input": { "type": "tablet", "bus": "usb", "address": { "type": "usb", "bus": 1, "port": 1 } } }"#,
            r#""devices": { "controller": { "type": "usb", "index": 1, "model": "qemu-xhci" }, "input": { "type": "tablet", "bus": "usb", "address": { "type": "usb", "bus": 1, "port": 1 } } }"#,
        ],
    ),
    error(
        "drive-address",
        "The disk is at a place that its controller does not have, such as the fifth drive of the IDE controller.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "hde", "bus": "ide" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "hdd", "bus": "ide" } } }"#,
        ],
    ),
    error(
        "memory-too-large",
        "The size of memory is 8 EiB or more. libvirt refuses the size.",
        Domain,
        [r#""memtune": { "hard_limit": "9 EiB" }"#, r#""memtune": { "hard_limit": "9 GiB" }"#],
    ),
    error(
        "memory-zero",
        "The guest has no memory. libvirt refuses the domain.",
        Domain,
        [r#""memory": 0"#, r#""memory": "64 MiB""#],
    ),
    error(
        "address-pci-domain",
        "The guest has only one PCI domain, whose number is 0.",
        Domain,
        [
            r#""devices": { "memballoon": { "model": "virtio", "address": "0001:00:05.0" } }"#,
            r#""devices": { "memballoon": { "model": "virtio", "address": "0000:00:05.0" } }"#,
        ],
    ),
    error(
        "address-pci-bus",
        "The device is part of the chipset, and can only be on PCI bus 0.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "panic": { "model": "pvpanic", "address": "01:00.0" } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "panic": { "model": "pvpanic", "address": "00:05.0" } }"#,
        ],
    ),
    error(
        "address-pci-bus-type",
        "The PCI bus does not take the device. libvirt makes a bus that no controller declares a root port, or a bridge if the first device on it is one of conventional PCI.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "controller": { "type": "pci", "index": 9, "model": "pcie-root-port", "address": "07:00.0" } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "controller": { "type": "pci", "index": 9, "model": "pcie-root-port", "address": "00:07.0" } }"#,
        ],
    ),
    error(
        "pci-root-full",
        "Some devices must be on PCI bus 0, such as the panic device `pvpanic`. With many PCI buses, or many devices on the machine `pc`, this bus has no slot left for a device without an address.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "pc" }, "devices": { "panic": { "model": "pvpanic" }, "rng": { "model": "virtio", "backend": { "model": "builtin" }, "address": "1e:01.0" } }"#,
            r#""os": { "type": "hvm", "machine": "pc" }, "devices": { "panic": { "model": "pvpanic" }, "rng": { "model": "virtio", "backend": { "model": "builtin" }, "address": "1c:01.0" } }"#,
        ],
    ),
    error(
        "address-pci-slot",
        "The bus has no such slot for a device. libvirt adds a root port or a PCI bridge for a bus that no controller declares: a root port has only slot 0, and slot 0 of a bridge is reserved.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "memballoon": { "model": "virtio", "address": "01:05.0" } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "memballoon": { "model": "virtio", "address": "01:00.0" } }"#,
        ],
    ),
    error(
        "acpi-index-address",
        "Only devices with a PCI address have an ACPI index.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }, "acpi": { "index": 1 }, "address": { "type": "drive", "unit": 0 } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }, "address": { "type": "drive", "unit": 0 } } }"#,
        ],
    ),
    error(
        "address-type",
        "The type of a device's address must fit the bus that the device is on.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda", "bus": "virtio" }, "address": { "type": "drive" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda", "bus": "virtio" }, "address": "00:05.0" } }"#,
        ],
    ),
    error(
        "alias-taken",
        "Two devices have the same alias. libvirt refuses the domain.",
        Domain,
        [
            r#""devices": { "hub": [
            { "type": "usb", "alias": { "name": "ua-hub" } }, { "type": "usb", "alias": { "name": "ua-hub" } }
        ] }"#,
            r#""devices": { "hub": [
            { "type": "usb", "alias": { "name": "ua-hub" } }, { "type": "usb", "alias": { "name": "ua-hub-2" } }
        ] }"#,
        ],
    ),
    error(
        "boot-loadparm-blank",
        "The load parameter of a device must not be blank.",
        Domain,
        [
            r#""devices": { "interface": { "type": "user", "boot": { "order": 1, "loadparm": " " } } }"#,
            r#""devices": { "interface": { "type": "user", "boot": { "order": 1, "loadparm": "2" } } }"#,
        ],
    ),
    error(
        "boot-order-taken",
        "Two devices have the same number in the boot order. libvirt refuses the domain.",
        Domain,
        [
            r#""devices": {
            "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "boot": { "order": 1 } },
            "interface": { "type": "user", "boot": { "order": 1 } }
        }"#,
            r#""devices": {
            "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "boot": { "order": 1 } },
            "interface": { "type": "user", "boot": { "order": 2 } }
        }"#,
        ],
    ),
    error(
        "boot-os-and-device",
        "Set the boot order in `os.boot` or on the devices, not both. libvirt refuses the domain otherwise.",
        Domain,
        [
            r#""os": { "type": "hvm", "boot": { "dev": "hd" } },
               "devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "boot": { "order": 1 } } }"#,
            r#""os": { "type": "hvm" },
               "devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "boot": { "order": 1 } } }"#,
        ],
    ),
    warning(
        "bridge-name-too-long",
        "The name of a bridge is longer than 15 characters. The host's kernel refuses the name, so the guest or network does not start.",
        Network,
        [r#""bridge": { "name": "bridge-of-the-lab" }"#, r#""bridge": { "name": "br-lab" }"#],
    ),
    error(
        "controller-pcihole64-root",
        "Only a PCI root controller (`pci-root` or `pcie-root`) can have a 64-bit PCI hole.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "controller": { "type": "pci", "index": 1, "model": "pcie-root-port", "pcihole64": "1 GiB" } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "devices": { "controller": { "type": "pci", "model": "pcie-root", "pcihole64": "1 GiB" } }"#,
        ],
    ),
    error(
        "cpu-topology",
        "The product of sockets, dies, clusters, cores and threads must equal the number of vCPUs. libvirt refuses the domain otherwise.",
        Domain,
        [
            r#""vcpu": 4, "cpu": { "topology": { "sockets": 1, "cores": 4, "threads": 2 } }"#,
            r#""vcpu": 8, "cpu": { "topology": { "sockets": 1, "cores": 4, "threads": 2 } }"#,
        ],
    ),
    warning(
        "current-memory-too-large",
        "`currentMemory` is more than the memory of the guest. libvirt lowers it, because a balloon can only take memory away.",
        Domain,
        [r#""memory": "2 GiB", "currentMemory": "4 GiB""#, r#""memory": "4 GiB", "currentMemory": "2 GiB""#],
    ),
    error(
        "dbus-address-and-p2p",
        "A D-Bus display uses a bus (`address`) or a direct connection (`p2p`), not both.",
        Domain,
        [
            r#""devices": { "graphics": { "type": "dbus", "address": "unix:path=/run/bus", "p2p": true } }"#,
            r#""devices": { "graphics": { "type": "dbus", "p2p": true } }"#,
        ],
    ),
    error(
        "device-name-too-long",
        "The name of a network device is longer than 15 characters. The host's kernel refuses the name, so the guest or network does not start.",
        Domain,
        [
            r#""devices": { "interface": { "type": "ethernet", "target": { "dev": "interface-of-the-lab" } } }"#,
            r#""devices": { "interface": { "type": "ethernet", "target": { "dev": "lab" } } }"#,
        ],
    ),
    error(
        "device-seclabel-conflict",
        "A security label of a device sets options that contradict each other.",
        Domain,
        [
            r#""devices": { "disk": {
                "source": { "file": "/vm.img", "seclabel": { "relabel": false, "label": "system_u" } },
                "target": { "dev": "vda" }
            } }"#,
            r#""devices": { "disk": {
                "source": { "file": "/vm.img", "seclabel": { "relabel": true, "label": "system_u" } },
                "target": { "dev": "vda" }
            } }"#,
        ],
    ),
    error(
        "device-seclabel-taken",
        "A source can have only one security label for each model.",
        Domain,
        [
            r#""devices": { "disk": { "target": { "dev": "vda" }, "source": {
                "file": "/vm.img", "seclabel": [{ "model": "dac", "relabel": false }, { "model": "dac", "relabel": false }]
            } } }"#,
            r#""devices": { "disk": { "target": { "dev": "vda" }, "source": {
                "file": "/vm.img", "seclabel": [{ "model": "dac", "relabel": false }, { "model": "selinux", "relabel": false }]
            } } }"#,
        ],
    ),
    error(
        "device-seclabel-empty",
        "A security label with `relabel = true` needs a `label` that is not empty.",
        Domain,
        [
            r#""devices": { "disk": {
                "source": { "file": "/vm.img", "seclabel": { "relabel": true, "label": "" } },
                "target": { "dev": "vda" }
            } }"#,
            r#""devices": { "disk": {
                "source": { "file": "/vm.img", "seclabel": { "relabel": true, "label": "system_u" } },
                "target": { "dev": "vda" }
            } }"#,
        ],
    ),
    error(
        "dhcp-host-mac-and-id",
        "Identify a DHCP host by `mac` in IPv4 or by `id` in IPv6, not both.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": {
                "mac": "52:54:00:00:00:01", "id": "0:1:0:1:18:aa:62:fe:0:16:3e:44:55:66", "ip": "10.0.0.2"
            } } }"#,
            r#""ip": { "address": "fd00::1", "family": "ipv6", "dhcp": { "host": {
                "id": "0:1:0:1:18:aa:62:fe:0:16:3e:44:55:66", "ip": "fd00::2"
            } } }"#,
        ],
    ),
    warning(
        "dhcp-host-outside",
        "The address of a DHCP host is outside the network. The DHCP server never assigns it.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": { "name": "a", "ip": "10.0.1.2" } } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": { "name": "a", "ip": "10.0.0.2" } } }"#,
        ],
    ),
    warning(
        "dhcp-ip-taken",
        "Two DHCP hosts have the same IP address. The DHCP server assigns it to one of them only.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": [
            { "name": "a", "ip": "10.0.0.2" }, { "name": "b", "ip": "10.0.0.2" }
        ] } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": [
            { "name": "a", "ip": "10.0.0.2" }, { "name": "b", "ip": "10.0.0.3" }
        ] } }"#,
        ],
    ),
    warning(
        "dhcp-mac-taken",
        "Two DHCP hosts have the same MAC address. One of the entries has no effect.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": [
            { "mac": "52:54:00:00:00:0a", "ip": "10.0.0.2" }, { "mac": "52:54:00:00:00:0A", "ip": "10.0.0.3" }
        ] } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": [
            { "mac": "52:54:00:00:00:0a", "ip": "10.0.0.2" }, { "mac": "52:54:00:00:00:0b", "ip": "10.0.0.3" }
        ] } }"#,
        ],
    ),
    warning(
        "dhcp-name-taken",
        "Two DHCP hosts have the same name. The DNS server resolves the name to one of them.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": [
            { "name": "a", "ip": "10.0.0.2" }, { "name": "a", "ip": "10.0.0.3" }
        ] } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": [
            { "name": "a", "ip": "10.0.0.2" }, { "name": "b", "ip": "10.0.0.3" }
        ] } }"#,
        ],
    ),
    error(
        "dhcp-range-outside",
        "A DHCP range is outside the network. libvirt refuses it.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": {
            "range": { "start": "10.0.0.2", "end": "10.0.1.9" }
        } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": {
            "range": { "start": "10.0.0.2", "end": "10.0.0.9" }
        } }"#,
        ],
    ),
    error(
        "dhcp-range-reserved",
        "A DHCP range of an IPv4 network contains the address of the network itself or its broadcast address. No guest can use them.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": {
                "range": { "start": "10.0.0.2", "end": "10.0.0.255" }
            } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": {
                "range": { "start": "10.0.0.2", "end": "10.0.0.254" }
            } }"#,
        ],
    ),
    error(
        "dhcp-range-reversed",
        "The end of a DHCP range comes before its start.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": {
            "range": { "start": "10.0.0.9", "end": "10.0.0.2" }
        } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": {
            "range": { "start": "10.0.0.2", "end": "10.0.0.9" }
        } }"#,
        ],
    ),
    error(
        "dhcp-range-wide",
        "A DHCP range has more than 65536 addresses, the most that libvirt accepts.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 8, "dhcp": {
            "range": { "start": "10.1.0.0", "end": "10.2.255.255" }
        } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 8, "dhcp": {
            "range": { "start": "10.1.0.0", "end": "10.1.255.255" }
        } }"#,
        ],
    ),
    error(
        "disk-device-bus",
        "A floppy drive must be on bus `fdc`, and any other disk on another bus. A CD drive must be on a bus that supports CD drives.",
        Domain,
        [
            r#""devices": { "disk": { "device": "cdrom", "target": { "dev": "vda", "bus": "virtio" } } }"#,
            r#""devices": { "disk": { "device": "cdrom", "target": { "dev": "sda", "bus": "sata" } } }"#,
        ],
    ),
    error(
        "disk-fdgroup-needs-file",
        "A group of open files (`fdgroup`) requires the path of the file in `file`.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "fdgroup": "images" }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/a", "fdgroup": "images" }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    warning(
        "disk-format-mismatch",
        "The format of the disk is not the one that the file name suggests. The guest cannot read the disk, or overwrites the image.",
        Domain,
        [
            r#""devices": { "disk": {
                "driver": { "type": "qcow2" }, "source": { "file": "/vm.iso" }, "target": { "dev": "vda" }
            } }"#,
            r#""devices": { "disk": {
                "driver": { "type": "raw" }, "source": { "file": "/vm.iso" }, "target": { "dev": "vda" }
            } }"#,
        ],
    ),
    warning(
        "disk-format-unset",
        "The format of the disk is not set, and the file name suggests another one than raw. QEMU never detects the format: the guest sees the image file itself, and overwrites its header.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": {
                "driver": { "type": "qcow2" }, "source": { "file": "/vm.qcow2" }, "target": { "dev": "vda" }
            } }"#,
        ],
    ),
    warning(
        "disk-in-store",
        "The file of the disk is in the Nix store, and no guest can write there. In a flake, a path such as `./disk.qcow2` is the path of a copy in the store.",
        Domain,
        [
            r#""devices": { "disk": {
                "driver": { "type": "qcow2" }, "source": { "file": "/nix/store/vm.qcow2" }, "target": { "dev": "vda" }
            } }"#,
            r#""devices": { "disk": {
                "driver": { "type": "qcow2" }, "source": { "file": "/images/vm.qcow2" }, "target": { "dev": "vda" }
            } }"#,
        ],
    ),
    error(
        "disk-iotune-or-throttlefilters",
        "Limit a disk by `iotune` or by throttle groups (`throttlefilters`), not both.",
        Domain,
        [
            r#""throttlegroups": { "throttlegroup": { "group_name": "slow", "total_bytes_sec": 1000000 } },
               "devices": { "disk": {
                "source": { "file": "/vm.img" }, "target": { "dev": "vda" },
                "iotune": { "total_iops_sec": 100 }, "throttlefilters": { "throttlefilter": { "group": "slow" } }
            } }"#,
            r#""throttlegroups": { "throttlegroup": { "group_name": "slow", "total_bytes_sec": 1000000 } },
               "devices": { "disk": {
                "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "throttlefilters": { "throttlefilter": { "group": "slow" } }
            } }"#,
        ],
    ),
    error(
        "disk-lun-only",
        "`rawio` and `sgio` pass SCSI commands of the guest to the device. They require `device = \"lun\"`.",
        Domain,
        [
            r#""devices": { "disk": { "rawio": true, "source": { "file": "/vm.img" }, "target": { "dev": "sda" } } }"#,
            r#""devices": { "disk": {
            "device": "lun", "type": "block", "rawio": true, "source": { "dev": "/dev/sdb" }, "target": { "dev": "sda" }
        } }"#,
        ],
    ),
    error(
        "disk-lun-type",
        "A disk with `device = \"lun\"` must be a block device, a network disk or a volume. A file accepts no SCSI commands.",
        Domain,
        [
            r#""devices": { "disk": { "device": "lun", "source": { "file": "/a" }, "target": { "dev": "sda" } } }"#,
            r#""devices": { "disk": {
            "device": "lun", "type": "block", "source": { "dev": "/dev/sdb" }, "target": { "dev": "sda" }
        } }"#,
        ],
    ),
    error(
        "disk-mirror-format",
        "If a mirror has no `file`, its `format` must be a set with `type`.",
        Domain,
        [
            r#""devices": { "disk": {
            "source": { "file": "/vm.img" }, "target": { "dev": "vda" },
            "mirror": { "type": "file", "job": "copy", "format": "raw", "source": { "file": "/b" } }
        } }"#,
            r#""devices": { "disk": {
            "source": { "file": "/vm.img" }, "target": { "dev": "vda" },
            "mirror": { "type": "file", "job": "copy", "format": { "type": "raw" }, "source": { "file": "/b" } }
        } }"#,
        ],
    ),
    error(
        "disk-mirror-job",
        "A mirror with `file`, the old form, supports the job `copy` only.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "mirror": { "file": "/b", "job": "active-commit" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "mirror": { "file": "/b", "job": "copy" } } }"#,
        ],
    ),
    error(
        "disk-mirror-type",
        "A mirror with `file`, the old form, supports the type `file` only.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "mirror": { "file": "/b", "type": "block" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "mirror": { "file": "/b", "type": "file" } } }"#,
        ],
    ),
    error(
        "disk-cookie-quote",
        "The value of a cookie can be in quotes, one at each end.",
        Domain,
        [
            r#""devices": { "disk": { "device": "cdrom", "type": "network", "target": { "dev": "sda", "bus": "sata" }, "source": { "protocol": "https", "name": "a.iso", "host": { "name": "a", "port": 443 }, "cookies": { "cookie": { "name": "a", "value": "\"b" } } } } }"#,
            r#""devices": { "disk": { "device": "cdrom", "type": "network", "target": { "dev": "sda", "bus": "sata" }, "source": { "protocol": "https", "name": "a.iso", "host": { "name": "a", "port": 443 }, "cookies": { "cookie": { "name": "a", "value": "\"b\"" } } } } }"#,
        ],
    ),
    error(
        "disk-cookie-taken",
        "Each cookie of a disk has a name of its own.",
        Domain,
        [
            r#""devices": { "disk": { "device": "cdrom", "type": "network", "target": { "dev": "sda", "bus": "sata" }, "source": { "protocol": "https", "name": "a.iso", "host": { "name": "a", "port": 443 }, "cookies": { "cookie": [{ "name": "a", "value": "b" }, { "name": "a", "value": "c" }] } } } }"#,
            r#""devices": { "disk": { "device": "cdrom", "type": "network", "target": { "dev": "sda", "bus": "sata" }, "source": { "protocol": "https", "name": "a.iso", "host": { "name": "a", "port": 443 }, "cookies": { "cookie": [{ "name": "a", "value": "b" }, { "name": "c", "value": "c" }] } } } }"#,
        ],
    ),
    error(
        "disk-host-port",
        "The port of a server that provides a disk must be at most 65535.",
        Domain,
        [
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "nbd", "host": { "name": "nas", "port": 65536 }
        } } }"#,
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "nbd", "host": { "name": "nas", "port": 10809 }
        } } }"#,
        ],
    ),
    error(
        "disk-controllers",
        "The guest has no room for the SCSI or SATA controllers up to that of the disk, all of which libvirt adds.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "pc" }, "devices": { "disk": {
            "source": { "file": "/vm.img" }, "target": { "dev": "sdzzz", "bus": "scsi" }
        } }"#,
            r#""os": { "type": "hvm", "machine": "pc" }, "devices": { "disk": {
            "source": { "file": "/vm.img" }, "target": { "dev": "sdb", "bus": "scsi" }
        } }"#,
        ],
    ),
    error(
        "hostdev-mmio",
        "On Arm, a SCSI adapter of the host needs an address if another device has one on virtio-mmio.",
        Domain,
        [
            r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }, "devices": {
            "hostdev": { "type": "scsi_host", "source": { "protocol": "vhost", "wwpn": "naa.5123456789abcde0" } },
            "rng": { "model": "virtio", "backend": { "model": "builtin" }, "address": { "type": "virtio-mmio" } }
        }"#,
            r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }, "devices": {
            "hostdev": { "type": "scsi_host", "source": { "protocol": "vhost", "wwpn": "naa.5123456789abcde0" } },
            "rng": { "model": "virtio", "backend": { "model": "builtin" } }
        }"#,
        ],
    ),
    error(
        "disk-pool-image",
        "The name of an image of RBD or Gluster needs the pool or volume, a slash, and the name of the image.",
        Domain,
        [
            r#""devices": { "disk": { "type": "network", "source": { "protocol": "rbd", "name": "pool", "host": { "name": "a" } }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": { "type": "network", "source": { "protocol": "rbd", "name": "pool/image", "host": { "name": "a" } }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "disk-format-luks",
        "The format of an image cannot be `luks`: it is `raw` or `qcow2` with `encryption`.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "luks" }, "source": { "file": "/base" } } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/base" } } } }"#,
        ],
    ),
    error(
        "disk-backing-protocol",
        "QEMU no longer supports Sheepdog, TFTP and VxHS, over which a backing image is reached.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "network", "format": { "type": "raw" }, "source": { "protocol": "tftp", "name": "base", "host": { "name": "a" } } } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "network", "format": { "type": "raw" }, "source": { "protocol": "https", "name": "base", "host": { "name": "a" } } } } }"#,
        ],
    ),
    error(
        "disk-backing-format",
        "QEMU does not know the format of a backing image. The format of ISO images is `raw`.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "iso" }, "source": { "file": "/base" } } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/base" } } } }"#,
        ],
    ),
    error(
        "disk-backing-folder",
        "The format of a backing image that is a folder is `fat`, and no file has this format.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "fat" }, "source": { "file": "/base" } } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "dir", "format": { "type": "fat" }, "source": { "dir": "/base" } } } }"#,
        ],
    ),
    error(
        "disk-backing-metadata-cache",
        "The metadata cache of a backing image requires the format `qcow2`.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "raw", "metadata_cache": { "max_size": "1 MiB" } }, "source": { "file": "/base" } } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "qcow2", "metadata_cache": { "max_size": "1 MiB" } }, "source": { "file": "/base" } } } }"#,
        ],
    ),
    error(
        "disk-backing-data-store",
        "A backing image with a data store must have the format `qcow2`, and the data store the format `raw`.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/base", "dataStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/data" } } } } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" }, "backingStore": { "type": "file", "format": { "type": "qcow2" }, "source": { "file": "/base", "dataStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/data" } } } } } }"#,
        ],
    ),
    error(
        "disk-encryption-old",
        "QEMU no longer supports the encryption formats `default` and `qcow`.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "qcow", "secret": { "type": "passphrase", "usage": "vm" } } }, "driver": { "type": "raw" }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "luks", "secret": { "type": "passphrase", "usage": "vm" } } }, "driver": { "type": "raw" }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "disk-encryption-luks2",
        "The encryption formats `luks2` and `luks-any` require the engine `librbd`.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "luks2", "secret": { "type": "passphrase", "usage": "vm" } } }, "driver": { "type": "raw" }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "luks", "secret": { "type": "passphrase", "usage": "vm" } } }, "driver": { "type": "raw" }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "disk-encryption-librbd",
        "The engine `librbd` requires an image of RBD.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "luks", "engine": "librbd", "secret": { "type": "passphrase", "usage": "vm" } } }, "driver": { "type": "raw" }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": { "type": "network", "source": { "protocol": "rbd", "name": "pool/image", "encryption": { "format": "luks", "engine": "librbd", "secret": { "type": "passphrase", "usage": "vm" } } }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "disk-encryption-format",
        "An encrypted image must have the format `raw` or `qcow2`.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "luks", "secret": { "type": "passphrase", "usage": "vm" } } }, "driver": { "type": "vmdk" }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "luks", "secret": { "type": "passphrase", "usage": "vm" } } }, "driver": { "type": "qcow2" }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "disk-encryption-secrets",
        "The engine `qemu` takes only one secret of an image.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "luks", "secret": [{ "type": "passphrase", "usage": "a" }, { "type": "passphrase", "usage": "b" }] } }, "driver": { "type": "raw" }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img", "encryption": { "format": "luks", "secret": [{ "type": "passphrase", "usage": "a" }] } }, "driver": { "type": "raw" }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "disk-nfs-host",
        "The server of an NFS disk is reached over TCP, at the usual port of NFS.",
        Domain,
        [
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "nfs", "name": "/srv/vm.img", "host": { "transport": "rdma", "name": "nas" }
        } } }"#,
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "nfs", "name": "/srv/vm.img", "host": { "name": "nas" }
        } } }"#,
        ],
    ),
    error(
        "disk-ssh-identity-or-auth",
        "Log in to an SSH server by `identity` or by `auth`, not both.",
        Domain,
        [
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "ssh", "name": "/vm.img", "host": { "name": "nas" },
            "identity": { "username": "me", "keyfile": "/key" },
            "auth": { "username": "me", "secret": { "type": "iscsi", "usage": "nas" } }
        } } }"#,
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "ssh", "name": "/vm.img", "host": { "name": "nas" },
            "identity": { "username": "me", "keyfile": "/key" }
        } } }"#,
        ],
    ),
    error(
        "disk-ssh-keyfile-or-agentsock",
        "Take the SSH key from a file (`keyfile`) or from an agent (`agentsock`), not both.",
        Domain,
        [
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "ssh", "name": "/vm.img", "host": { "name": "nas" },
            "identity": { "username": "me", "keyfile": "/key", "agentsock": "/run/agent" }
        } } }"#,
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "ssh", "name": "/vm.img", "host": { "name": "nas" },
            "identity": { "username": "me", "agentsock": "/run/agent" }
        } } }"#,
        ],
    ),
    warning(
        "disk-target-bus",
        "The name of a disk suggests another bus than the disk is on. The disk is hard to find in the guest.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "virtio" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda", "bus": "virtio" } } }"#,
        ],
    ),
    error(
        "disk-target-taken",
        "Two disks have the same target name. libvirt refuses the domain.",
        Domain,
        [
            r#""devices": { "disk": [{ "source": { "file": "/vm.img" }, "target": { "dev": "vda" } }, { "source": { "file": "/vm.img" }, "target": { "dev": "vda" } }] }"#,
            r#""devices": { "disk": [{ "source": { "file": "/vm.img" }, "target": { "dev": "vda" } }, { "source": { "file": "/vm.img" }, "target": { "dev": "vdb" } }] }"#,
        ],
    ),
    error(
        "drive-address-taken",
        "Two drives have the same address on a controller. libvirt derives the address of a disk from its target name if the disk has none.",
        Domain,
        [
            r#""devices": { "disk": [
                { "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" } },
                { "source": { "file": "/vm.img" }, "target": { "dev": "sdb", "bus": "sata" }, "address": { "type": "drive", "unit": 0 } }
            ] }"#,
            r#""devices": { "disk": [
                { "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" } },
                { "source": { "file": "/vm.img" }, "target": { "dev": "sdb", "bus": "sata" }, "address": { "type": "drive", "unit": 1 } }
            ] }"#,
        ],
    ),
    error(
        "encryption-cipher-ivgen",
        "`cipher` and `ivgen` require each other.",
        Volume,
        [
            r#""target": { "encryption": {
            "format": "luks", "secret": { "type": "passphrase", "usage": "disk" }, "cipher": { "name": "aes", "size": 256 }
        } }"#,
            r#""target": { "encryption": {
            "format": "luks", "secret": { "type": "passphrase", "usage": "disk" }, "cipher": { "name": "aes", "size": 256 },
            "ivgen": { "name": "plain64" }
        } }"#,
        ],
    ),
    error(
        "encryption-cipher-mode-hash",
        "`mode` and `hash` of a cipher require each other.",
        Volume,
        [
            r#""target": { "encryption": {
            "format": "luks", "secret": { "type": "passphrase", "usage": "disk" },
            "cipher": { "name": "aes", "size": 256, "mode": "xts" }, "ivgen": { "name": "plain64" }
        } }"#,
            r#""target": { "encryption": {
            "format": "luks", "secret": { "type": "passphrase", "usage": "disk" },
            "cipher": { "name": "aes", "size": 256, "mode": "xts", "hash": "sha256" }, "ivgen": { "name": "plain64" }
        } }"#,
        ],
    ),
    error(
        "filesystem-dir-or-socket",
        "Share a directory of the host (`dir`), or connect to a running virtiofsd (`socket`), not both.",
        Domain,
        [
            r#""memoryBacking": { "access": { "mode": "shared" } },
               "devices": { "filesystem": {
            "driver": { "type": "virtiofs" }, "source": { "dir": "/srv", "socket": "/run/fs" }, "target": { "dir": "srv" }
        } }"#,
            r#""memoryBacking": { "access": { "mode": "shared" } },
               "devices": { "filesystem": {
            "driver": { "type": "virtiofs" }, "source": { "dir": "/srv" }, "target": { "dir": "srv" }
        } }"#,
        ],
    ),
    error(
        "filesystem-driver-part",
        "The type of a file system driver does not support this option.",
        Domain,
        [
            r#""memoryBacking": { "access": { "mode": "shared" } },
               "devices": { "filesystem": {
            "driver": { "type": "path", "queue": 1024 }, "source": { "dir": "/srv" }, "target": { "dir": "srv" }
        } }"#,
            r#""memoryBacking": { "access": { "mode": "shared" } },
               "devices": { "filesystem": {
            "driver": { "type": "virtiofs", "queue": 1024 }, "source": { "dir": "/srv" }, "target": { "dir": "srv" }
        } }"#,
        ],
    ),
    error(
        "forward-interface-and-address",
        "Name the devices of a network by `interface` or by `address`, not both.",
        Network,
        [
            r#""forward": {
            "mode": "hostdev", "interface": { "dev": "eth1" },
            "address": { "type": "pci", "bus": 1, "slot": 0, "function": 0 }
        }"#,
            r#""forward": { "mode": "hostdev", "address": { "type": "pci", "bus": 1, "slot": 0, "function": 0 } }"#,
        ],
    ),
    error(
        "fwcfg-file-and-value",
        "Give the content of a firmware configuration blob by `file` or by `value`, not both.",
        Domain,
        [
            r#""sysinfo": { "type": "fwcfg", "entry": { "name": "opt/org.example/a", "file": "/a", "value": "text" } }"#,
            r#""sysinfo": { "type": "fwcfg", "entry": { "name": "opt/org.example/a", "value": "text" } }"#,
        ],
    ),
    error(
        "hostdev-usb-vendor-or-address",
        "Identify a USB device by `vendor` and `product`, by `address`, or by all of them.",
        Domain,
        [
            r#""devices": { "hostdev": { "type": "usb", "source": { "vendor": { "id": "1d6b" } } } }"#,
            r#""devices": { "hostdev": {
            "type": "usb", "source": { "vendor": { "id": "1d6b" }, "product": { "id": "0002" } }
        } }"#,
        ],
    ),
    warning(
        "ignored-part",
        "libvirt accepts this part, which its schema does not allow, and leaves it out of the definition.",
        Domain,
        [
            r#""devices": { "interface": { "type": "user", "source": { "bridge": "virbr0" } } }"#,
            r#""devices": { "interface": { "type": "user" } }"#,
        ],
    ),
    error(
        "interface-bond-monitors",
        "Monitor the links of a bond by `miimon` or by `arpmon`, not both.",
        Interface,
        [
            r#""type": "bond", "bond": { "miimon": { "freq": 100 }, "arpmon": { "interval": 100, "target": "192.168.1.1" }, "interface": { "type": "ethernet", "name": "eth0" } }"#,
            r#""type": "bond", "bond": { "miimon": { "freq": 100 }, "interface": { "type": "ethernet", "name": "eth0" } }"#,
        ],
    ),
    error(
        "interface-bridge-delay",
        "The forward delay of a bridge must not be negative.",
        Interface,
        [r#""type": "bridge", "bridge": { "delay": -1 }"#, r#""type": "bridge", "bridge": { "delay": 1 }"#],
    ),
    error(
        "interface-driver-mixed",
        "The driver of a host device does not support the options of a virtio interface.",
        Domain,
        [
            r#""devices": { "interface": { "type": "user", "driver": { "name": "vfio", "queues": 2 } } }"#,
            r#""devices": { "interface": { "type": "user", "driver": { "name": "vhost", "queues": 2 } } }"#,
        ],
    ),
    error(
        "interface-driver-model",
        "`model` requires the driver of a host device.",
        Domain,
        [
            r#""devices": { "interface": { "type": "user", "driver": { "name": "vhost", "model": "mlx5_vfio_pci" } } }"#,
            r#""devices": { "interface": { "type": "user", "driver": { "name": "vfio", "model": "mlx5_vfio_pci" } } }"#,
        ],
    ),
    error(
        "interface-protocol-twice",
        "An address family is configured twice. Put all of its addresses in one entry.",
        Interface,
        [
            r#""type": "ethernet", "protocol": [{ "family": "ipv4", "dhcp": true }, { "family": "ipv4" }]"#,
            r#""type": "ethernet", "protocol": [{ "family": "ipv4", "dhcp": true }, { "family": "ipv6" }]"#,
        ],
    ),
    error(
        "iommu-granule-mode-or-size",
        "Set the granule of a virtio IOMMU by `mode` or by `size`, not both.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }, "devices": { "iommu": { "model": "virtio", "driver": { "granule": {} } } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }, "devices": { "iommu": { "model": "virtio", "driver": { "granule": { "size": "64 KiB" } } } }"#,
        ],
    ),
    error(
        "iommu-granule-unit",
        "`unit` requires `size`.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }, "devices": { "iommu": { "model": "virtio", "driver": { "granule": { "mode": "host", "unit": "KiB" } } } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "acpi": true }, "devices": { "iommu": { "model": "virtio", "driver": { "granule": { "mode": "host" } } } }"#,
        ],
    ),
    error(
        "iotune-total-and-part",
        "Limit reads and writes together (`total_…`), or each of them (`read_…`, `write_…`), not both.",
        Domain,
        [
            r#""devices": { "disk": {
            "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "iotune": { "total_iops_sec": 100, "read_iops_sec": 50 }
        } }"#,
            r#""devices": { "disk": {
            "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "iotune": { "write_iops_sec": 50, "read_iops_sec": 50 }
        } }"#,
        ],
    ),
    error(
        "launch-security-policy",
        "libvirt accepts a launch security policy in lowercase hexadecimal digits only.",
        Domain,
        [
            r#""launchSecurity": { "type": "sev", "policy": "0x3A" }"#,
            r#""launchSecurity": { "type": "sev", "policy": "0x3a" }"#,
        ],
    ),
    warning(
        "literal-password",
        "A password in a spec ends up in the Nix store, which all users of the host can read.",
        Domain,
        [
            r#""devices": { "graphics": { "type": "vnc", "passwd": "hunter2" } }"#,
            r#""devices": { "graphics": { "type": "vnc", "listen": { "type": "socket" } } }"#,
        ],
    ),
    warning(
        "mac-taken",
        "Two interfaces have the same MAC address. In one network, only one of them is reachable.",
        Domain,
        [
            r#""devices": { "interface": [
                { "type": "user", "mac": { "address": "52:54:00:00:00:01" } },
                { "type": "user", "mac": { "address": "52:54:00:00:00:01" } }
            ] }"#,
            r#""devices": { "interface": [
                { "type": "user", "mac": { "address": "52:54:00:00:00:01" } },
                { "type": "user", "mac": { "address": "52:54:00:00:00:02" } }
            ] }"#,
        ],
    ),
    error(
        "max-memory-too-small",
        "`maxMemory` must be at least the memory that the guest starts with: `memory`, or the memory of its NUMA nodes and memory devices.",
        Domain,
        [
            r#""maxMemory": { "count": 2, "unit": "GiB", "slots": 4 }, "memory": "4096 MiB""#,
            r#""maxMemory": { "count": 8, "unit": "GiB", "slots": 4 }, "memory": "4096 MiB""#,
        ],
    ),
    error(
        "memory-all-in-devices",
        "The memory of a guest without NUMA nodes includes that of its memory devices, and must be more than theirs.",
        Domain,
        [
            r#""maxMemory": { "count": 8, "unit": "GiB", "slots": 1 }, "memory": "1 GiB",
               "devices": { "memory": { "model": "dimm", "target": { "size": "1 GiB" } } }"#,
            r#""maxMemory": { "count": 8, "unit": "GiB", "slots": 1 }, "memory": "2 GiB",
               "devices": { "memory": { "model": "dimm", "target": { "size": "1 GiB" } } }"#,
        ],
    ),
    error(
        "memory-slots",
        "Each memory module (`dimm`, `nvdimm`) needs one of the slots that `maxMemory` declares.",
        Domain,
        [
            r#""maxMemory": "8 GiB", "cpu": { "numa": { "cell": { "cpus": "0", "memory": "64 MiB" } } },
               "devices": { "memory": { "model": "dimm", "target": { "size": "1 GiB", "node": 0 } } }"#,
            r#""maxMemory": { "count": 8, "unit": "GiB", "slots": 1 }, "cpu": { "numa": { "cell": { "cpus": "0", "memory": "64 MiB" } } },
               "devices": { "memory": { "model": "dimm", "target": { "size": "1 GiB", "node": 0 } } }"#,
        ],
    ),
    error(
        "memory-source-mixed",
        "Back a memory module by memory pages of the host (`pagesize`, `nodemask`) or by a file or device (`path`), not both.",
        Domain,
        [
            r#""maxMemory": { "count": 8388608, "slots": 2 }, "cpu": { "numa": { "cell": { "cpus": "0", "memory": "64 MiB" } } },
               "devices": { "memory": {
            "model": "nvdimm", "source": { "path": "/nvdimm", "nodemask": "0" }, "target": { "size": "1 GiB", "node": 0 }
        } }"#,
            r#""maxMemory": { "count": 8388608, "slots": 2 }, "cpu": { "numa": { "cell": { "cpus": "0", "memory": "64 MiB" } } },
               "devices": { "memory": {
            "model": "nvdimm", "source": { "path": "/nvdimm" }, "target": { "size": "1 GiB", "node": 0 }
        } }"#,
        ],
    ),
    error(
        "netmask-and-prefix",
        "Set the size of a network by `netmask` or by `prefix`, not both.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "netmask": "255.255.255.0", "prefix": 24 }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    error(
        "nodedev-medium",
        "The size of a drive with removable media belongs in its `removable` capability only.",
        Nodedev,
        [
            r#""capability": { "type": "storage", "block": "/dev/sr0", "size": 1, "capability": { "type": "removable", "media_available": 0, "media_size": 0 } }"#,
            r#""capability": { "type": "storage", "block": "/dev/sr0", "capability": { "type": "removable", "media_available": 0, "media_size": 0 } }"#,
        ],
    ),
    error(
        "nodedev-order",
        "The capabilities of a device must be in the order of libvirt's schema, and none may repeat.",
        Nodedev,
        [
            r#""capability": { "type": "pci", "domain": 0, "bus": 66, "slot": 0, "function": 0, "product": { "id": 1 }, "vendor": { "id": 1 }, "capability": [{ "type": "virt_functions" }, { "type": "virt_functions" }] }"#,
            r#""capability": { "type": "pci", "domain": 0, "bus": 66, "slot": 0, "function": 0, "product": { "id": 1 }, "vendor": { "id": 1 }, "capability": [{ "type": "virt_functions" }] }"#,
        ],
    ),
    error(
        "nodedev-parent-twice",
        "Name the parent of a device in one way only.",
        Nodedev,
        [
            r#""parent": { "fabric_wwn": "2001001b32a9da4e", "value": "scsi_host1" }, "capability": { "type": "drm", "kind": "primary" }"#,
            r#""parent": "scsi_host1", "capability": { "type": "drm", "kind": "primary" }"#,
        ],
    ),
    error(
        "nvram-path",
        "Store the firmware's variables in a plain file (`path`) or in a `source`, not both.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "path": "/vars.fd", "type": "file", "source": { "file": "/vars.fd" } } }, "features": { "acpi": true }"#,
            r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "type": "file", "source": { "file": "/vars.fd" } } }, "features": { "acpi": true }"#,
        ],
    ),
    warning(
        "nvram-template",
        "libvirt takes `templateFormat` without `template`, and chooses a firmware whose template has that format. libvirt's schema refuses this, and so do tools that validate definitions.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "path": "/vars.fd", "templateFormat": "raw" } }, "features": { "acpi": true }"#,
            r#""os": { "type": "hvm", "machine": "q35", "firmware": "efi", "nvram": { "path": "/vars.fd", "template": "/new.fd", "templateFormat": "raw" } }, "features": { "acpi": true }"#,
        ],
    ),
    error(
        "nwfilter-address",
        "libvirt cannot read the IP address. In an IPv4 address, each part must be a number from 0 to 255, and a part that starts with a zero is octal.",
        Nwfilter,
        [
            r#""rule": { "action": "drop", "direction": "in", "ip": { "srcipaddr": "10.0.0.256" } }"#,
            r#""rule": { "action": "drop", "direction": "in", "ip": { "srcipaddr": "10.0.0.255" } }"#,
        ],
    ),
    error(
        "nwfilter-connection-limit",
        "`connlimit-above` must be a decimal number. libvirt reads no hexadecimal digits here.",
        Nwfilter,
        [
            r#""rule": { "action": "drop", "direction": "in", "tcp": { "connlimit-above": "0x10" } }"#,
            r#""rule": { "action": "drop", "direction": "in", "tcp": { "connlimit-above": 16 } }"#,
        ],
    ),
    error(
        "nwfilter-ipv6-range",
        "libvirt reads `dstipto` as an IPv4 address, also in a rule for IPv6. Give the destinations by an address and a mask.",
        Nwfilter,
        [
            r#""rule": { "action": "drop", "direction": "in", "tcp-ipv6": { "dstipfrom": "fd00::1", "dstipto": "fd00::f" } }"#,
            r#""rule": { "action": "drop", "direction": "in", "tcp-ipv6": { "dstipaddr": "fd00::", "dstipmask": 124 } }"#,
        ],
    ),
    error(
        "nwfilter-port-protocol",
        "Ports are those of a protocol: `protocol` must be `tcp`, `udp`, `sctp` or the number of DCCP.",
        Nwfilter,
        [
            r#""rule": { "action": "drop", "direction": "in", "ip": { "dstportstart": 22 } }"#,
            r#""rule": { "action": "drop", "direction": "in", "ip": { "protocol": "tcp", "dstportstart": 22 } }"#,
        ],
    ),
    error(
        "nwfilter-mask",
        "The bits of a mask must be ones followed by zeros.",
        Nwfilter,
        [
            r#""rule": { "action": "drop", "direction": "in", "mac": { "srcmacaddr": "52:54:00:00:00:00", "srcmacmask": "ff:00:ff:00:00:00" } }"#,
            r#""rule": { "action": "drop", "direction": "in", "mac": { "srcmacaddr": "52:54:00:00:00:00", "srcmacmask": "ff:ff:ff:00:00:00" } }"#,
        ],
    ),
    error(
        "nwfilter-variable",
        "A variable has no blank before or after its name, and the number of its iterator is at most 1000.",
        Nwfilter,
        [
            r#""rule": { "action": "drop", "direction": "in", "ip": { "srcipaddr": "$ IP" } }"#,
            r#""rule": { "action": "drop", "direction": "in", "ip": { "srcipaddr": "$IP[@1]" } }"#,
        ],
    ),
    error(
        "nwfilter-two-protocols",
        "A rule of a network filter can have only one protocol. Write a rule for each protocol.",
        Nwfilter,
        [
            r#""rule": { "action": "drop", "direction": "in", "tcp": {}, "udp": {} }"#,
            r#""rule": { "action": "drop", "direction": "in", "tcp": {} }"#,
        ],
    ),
    error(
        "object-name",
        "libvirt uses the name of an object for files, and looks the object up by the name. The name must not be empty, \".\" or \"..\", contain a slash or a control character, or start or end with white space.",
        Snapshot,
        [r#""name": "..""#, r#""name": "before-update""#],
    ),
    error(
        "os-container-boots",
        "A container starts the program in `os.init`. It cannot have a boot loader or a kernel.",
        Domain,
        [
            r#""os": { "type": "exe", "init": "/sbin/init", "kernel": "/vmlinuz" }"#,
            r#""os": { "type": "exe", "init": "/sbin/init" }"#,
        ],
    ),
    warning(
        "os-loader-flash",
        "UEFI code that keeps its variables in another file must be flash memory. A loader without `type` is a ROM, which QEMU refuses for such a file, or whose variables are lost when the guest stops.",
        Domain,
        [
            r#""os": { "type": "hvm", "loader": { "path": "/usr/share/OVMF/OVMF_CODE_4M.fd", "readonly": true } }, "features": { "acpi": true }"#,
            r#""os": { "type": "hvm", "loader": { "path": "/usr/share/OVMF/OVMF_CODE_4M.fd", "readonly": true, "type": "pflash" } }, "features": { "acpi": true }"#,
        ],
    ),
    error(
        "pci-address-range",
        "A PCI address is out of range. A PCI bus has 32 slots, and a slot has 8 functions.",
        Domain,
        [
            r#""devices": { "hostdev": { "type": "pci", "source": { "address": { "bus": 1, "slot": 32 } } } }"#,
            r#""devices": { "hostdev": { "type": "pci", "source": { "address": { "bus": 1, "slot": 31 } } } }"#,
        ],
    ),
    error(
        "pci-address-taken",
        "Two devices have the same PCI address. libvirt refuses the domain.",
        Domain,
        [
            r#""devices": {
            "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "address": "00:05.0" },
            "interface": { "type": "user", "address": { "type": "pci", "bus": 0, "slot": "0x05" } }
        }"#,
            r#""devices": {
            "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "address": "00:05.0" },
            "interface": { "type": "user", "address": { "type": "pci", "bus": 0, "slot": "0x06" } }
        }"#,
        ],
    ),
    error(
        "pool-dir-absolute",
        "A directory on an NFS server must be an absolute path.",
        Pool,
        [
            r#""type": "netfs", "target": { "path": "/mnt" },
           "source": { "host": { "name": "nas" }, "dir": { "path": "export" }, "format": { "type": "nfs" } }"#,
            r#""type": "netfs", "target": { "path": "/mnt" },
           "source": { "host": { "name": "nas" }, "dir": { "path": "/export" }, "format": { "type": "nfs" } }"#,
        ],
    ),
    error(
        "pool-protocol-needs-nfs",
        "`protocol` requires a pool of format `nfs`.",
        Pool,
        [
            r#""type": "netfs", "target": { "path": "/mnt" }, "source": {
            "host": { "name": "nas" }, "dir": { "path": "/export" }, "format": { "type": "cifs" }, "protocol": { "ver": "3" }
        }"#,
            r#""type": "netfs", "target": { "path": "/mnt" }, "source": {
            "host": { "name": "nas" }, "dir": { "path": "/export" }, "format": { "type": "nfs" }, "protocol": { "ver": "3" }
        }"#,
        ],
    ),
    error(
        "reconnect-enabled-or-delay",
        "Configure the reconnection to a socket by `enabled` or by `delay`, not both.",
        Domain,
        [
            r#""memoryBacking": { "access": { "mode": "shared" } },
               "devices": { "disk": { "type": "vhostuser", "snapshot": "no", "target": { "dev": "vda", "bus": "virtio" }, "source": {
            "type": "unix", "path": "/run/s", "reconnect": { "enabled": true, "delay": 5 }
        } } }"#,
            r#""memoryBacking": { "access": { "mode": "shared" } },
               "devices": { "disk": { "type": "vhostuser", "snapshot": "no", "target": { "dev": "vda", "bus": "virtio" }, "source": {
            "type": "unix", "path": "/run/s", "reconnect": { "delay": 5 }
        } } }"#,
        ],
    ),
    error(
        "reconnect-timeout-needs-enabled",
        "The time between reconnection attempts requires `enabled`.",
        Domain,
        [
            r#""memoryBacking": { "access": { "mode": "shared" } },
               "devices": { "disk": { "type": "vhostuser", "snapshot": "no", "target": { "dev": "vda", "bus": "virtio" }, "source": {
            "type": "unix", "path": "/run/s", "reconnect": { "delay": 5, "timeout": 5 }
        } } }"#,
            r#""memoryBacking": { "access": { "mode": "shared" } },
               "devices": { "disk": { "type": "vhostuser", "snapshot": "no", "target": { "dev": "vda", "bus": "virtio" }, "source": {
            "type": "unix", "path": "/run/s", "reconnect": { "enabled": true, "timeout": 5 }
        } } }"#,
        ],
    ),
    error(
        "seclabel-relabel",
        "The type of a security label determines whether files are relabeled. `relabel` contradicts it.",
        Domain,
        [r#""seclabel": { "type": "none", "relabel": true }"#, r#""seclabel": { "type": "none" }"#],
    ),
    error(
        "rom-address",
        "Only PCI devices have a ROM.",
        Domain,
        [
            r#""devices": { "hostdev": { "type": "usb", "source": { "vendor": { "id": "0x1234" }, "product": { "id": "0x5678" } }, "rom": { "file": "/vm.rom" } } }"#,
            r#""devices": { "hostdev": { "type": "pci", "source": { "address": "01:00.0" }, "rom": { "file": "/vm.rom" } } }"#,
        ],
    ),
    error(
        "secret-uuid-or-usage",
        "Identify a libvirt secret by `uuid` or `usage`, not both.",
        Domain,
        [
            r#""devices": { "disk": {
            "type": "network", "source": { "protocol": "rbd", "name": "pool/vm" }, "target": { "dev": "vda" },
            "auth": { "username": "me", "secret": { "type": "ceph" } }
        } }"#,
            r#""devices": { "disk": {
            "type": "network", "source": { "protocol": "rbd", "name": "pool/vm" }, "target": { "dev": "vda" },
            "auth": { "username": "me", "secret": { "type": "ceph", "usage": "ceph" } }
        } }"#,
        ],
    ),
    warning(
        "secure-boot-smm-unsaid",
        "Secure Boot requires system management mode (SMM). libvirt enables it for known firmware files only.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35", "loader": {
                "path": "/ovmf/code.fd", "type": "pflash", "readonly": true, "secure": true
            } }, "features": { "acpi": true }"#,
            r#""os": { "type": "hvm", "machine": "q35", "loader": {
                "path": "/ovmf/code.fd", "type": "pflash", "readonly": true, "secure": true
            } }, "features": { "acpi": true, "smm": true }"#,
        ],
    ),
    error(
        "size-too-large",
        "The size is 16 EiB or more. libvirt's sizes are smaller than 16 EiB.",
        Domain,
        [r#""memory": "16 EiB""#, r#""memory": "16 GiB""#],
    ),
    warning(
        "size-without-unit",
        "A number without a unit is so small that another unit is probably meant. libvirt counts memory in KiB, and the capacity of volumes in bytes.",
        Domain,
        [r#""memory": 2048"#, r#""memory": "2048 MiB""#],
    ),
    error(
        "smartcard-certificates",
        "A smart card that is emulated from certificates requires exactly three certificates.",
        Domain,
        [
            r#""devices": { "smartcard": { "mode": "host-certificates", "certificate": ["one", "two"] } }"#,
            r#""devices": { "smartcard": { "mode": "host-certificates", "certificate": ["one", "two", "three"] } }"#,
        ],
    ),
    error(
        "smm-tseg",
        "`tseg`, the memory of system management mode, requires `state`.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "smm": { "tseg": "48 MiB" } }"#,
            r#""os": { "type": "hvm", "machine": "q35" }, "features": { "smm": { "state": true, "tseg": "48 MiB" } }"#,
        ],
    ),
    error(
        "snapshot-startup-policy",
        "Only the disks of a domain support `startupPolicy`, not the disks of a snapshot.",
        Snapshot,
        [
            r#""disks": { "disk": { "name": "vda", "type": "block", "source": { "dev": "/dev/sda", "dataStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/a", "startupPolicy": "optional" } } } } }"#,
            r#""disks": { "disk": { "name": "vda", "type": "block", "source": { "dev": "/dev/sda" } } }"#,
        ],
    ),
    error(
        "source-reconnect",
        "QEMU connects to a socket again only if it connects to it at all: `mode` must be `connect`.",
        Domain,
        [
            r#""devices": { "serial": { "type": "unix", "source": { "mode": "bind", "path": "/s", "reconnect": { "enabled": true, "timeout": 5 } } } }"#,
            r#""devices": { "serial": { "type": "unix", "source": { "mode": "connect", "path": "/s", "reconnect": { "enabled": true, "timeout": 5 } } } }"#,
        ],
    ),
    error(
        "source-twice",
        "A character device has one source. Only the type `udp` has two sources: one to listen on, and one to send to.",
        Domain,
        [
            r#""devices": { "serial": { "type": "file", "source": [{ "path": "/a" }, { "path": "/b" }] } }"#,
            r#""devices": { "serial": { "type": "file", "source": { "path": "/a" } } }"#,
        ],
    ),
    error(
        "source-mode",
        "The mode of a socket must be `connect` or `bind`. libvirt's schema accepts any word here, but libvirt does not.",
        Domain,
        [
            r#""devices": { "serial": { "type": "unix", "source": { "mode": "listen", "path": "/run/s" } } }"#,
            r#""devices": { "serial": { "type": "unix", "source": { "mode": "bind", "path": "/run/s" } } }"#,
        ],
    ),
    warning(
        "source-part-unread",
        "The type of a character device does not use this option of its source.",
        Domain,
        [
            r#""devices": { "serial": { "type": "pty", "source": { "host": "localhost" } } }"#,
            r#""devices": { "serial": { "type": "tcp", "source": { "mode": "bind", "host": "localhost", "service": 4555 } } }"#,
        ],
    ),
    error(
        "source-usb-address",
        "If `vendor` and `product` are set, the address of a USB device must not have a type.",
        Domain,
        [
            r#""devices": { "interface": { "type": "hostdev", "source": {
            "vendor": { "id": "1d6b" }, "product": { "id": "0002" }, "address": { "type": "usb", "bus": 1, "device": 2 }
        } } }"#,
            r#""devices": { "interface": { "type": "hostdev", "source": {
            "vendor": { "id": "1d6b" }, "product": { "id": "0002" }, "address": { "bus": 1, "device": 2 }
        } } }"#,
        ],
    ),
    error(
        "source-without-bridge",
        "`macTableManager` requires a `bridge`.",
        Domain,
        [
            r#""devices": { "interface": {
            "type": "network", "source": { "network": "lan", "macTableManager": "libvirt" }
        } }"#,
            r#""devices": { "interface": {
            "type": "network", "source": { "network": "lan", "bridge": "br0", "macTableManager": "libvirt" }
        } }"#,
        ],
    ),
    error(
        "source-without-network",
        "`portgroup` and `portid` require a libvirt network.",
        Domain,
        [
            r#""devices": { "interface": { "type": "bridge", "source": { "bridge": "br0", "portgroup": "quick" } } }"#,
            r#""devices": { "interface": { "type": "network", "source": { "network": "lan", "portgroup": "quick" } } }"#,
        ],
    ),
    error(
        "spinlocks-retries",
        "The number of spinlock retries must be at least 4095.",
        Domain,
        [
            r#""features": { "hyperv": { "mode": "custom", "spinlocks": { "state": true, "retries": 100 } } }"#,
            r#""features": { "hyperv": { "mode": "custom", "spinlocks": { "state": true, "retries": 8191 } } }"#,
        ],
    ),
    warning(
        "target-part-unread",
        "libvirt ignores `target.type` of a parallel port, and `target.model` of a parallel port or console.",
        Domain,
        [
            r#""devices": { "parallel": { "type": "pty", "target": { "type": "isa-serial", "port": 0 } } }"#,
            r#""devices": { "parallel": { "type": "pty", "target": { "port": 0 } } }"#,
        ],
    ),
    error(
        "target-port",
        "The port of a character device must be a number. libvirt's schema accepts any text here.",
        Domain,
        [
            r#""devices": { "serial": { "type": "pty", "target": { "port": "first" } } }"#,
            r#""devices": { "serial": { "type": "pty", "target": { "port": 0 } } }"#,
        ],
    ),
    error(
        "target-type",
        "The device does not support this target type. libvirt's schema accepts any type for any device.",
        Domain,
        [
            r#""devices": { "serial": { "type": "pty", "target": { "type": "virtio" } } }"#,
            r#""devices": { "serial": { "type": "pty", "target": { "type": "isa-serial" } } }"#,
        ],
    ),
    error(
        "usb-address-taken",
        "Two devices have the same USB port. libvirt refuses the domain.",
        Domain,
        [
            r#""devices": {
            "hub": { "type": "usb", "address": { "type": "usb", "bus": 0, "port": 1 } },
            "input": { "type": "tablet", "bus": "usb", "address": { "type": "usb", "bus": 0, "port": 1 } }
        }"#,
            r#""devices": {
            "hub": { "type": "usb", "address": { "type": "usb", "bus": 0, "port": 1 } },
            "input": { "type": "tablet", "bus": "usb", "address": { "type": "usb", "bus": 0, "port": "1.1" } }
        }"#,
        ],
    ),
    error(
        "usb-device-or-port",
        "Identify a USB device of the host by its number (`device`) or by the port that it is plugged into (`port`), not both.",
        Domain,
        [
            r#""devices": { "hostdev": { "mode": "subsystem", "type": "usb", "source": { "address": { "bus": 1 } } } }"#,
            r#""devices": { "hostdev": { "mode": "subsystem", "type": "usb", "source": { "address": { "bus": 1, "device": 2 } } } }"#,
        ],
    ),
    error(
        "vcpu-current",
        "The number of vCPUs at boot must not be more than the maximum number of vCPUs.",
        Domain,
        [r#""vcpu": { "count": 2, "current": 4 }"#, r#""vcpu": { "count": 4, "current": 2 }"#],
    ),
    error(
        "virtualport-parameter",
        "The type of a virtual port does not support this parameter.",
        Network,
        [
            r#""virtualport": { "type": "openvswitch", "parameters": { "managerid": 1 } }"#,
            r#""virtualport": { "type": "openvswitch", "parameters": { "profileid": "lab" } }"#,
        ],
    ),
    error(
        "vnc-socket",
        "A VNC server with `socket` supports no port, listen address or sharing policy.",
        Domain,
        [
            r#""devices": { "graphics": { "type": "vnc", "socket": "/run/vnc", "port": 5900 } }"#,
            r#""devices": { "graphics": { "type": "vnc", "port": 5900 } }"#,
        ],
    ),
    warning(
        "windows-11-secure-boot",
        "Windows 11 requires Secure Boot. Its installer refuses to run without it.",
        Domain,
        [
            r#""title": "Windows 11", "features": { "acpi": true }, "os": { "type": "hvm", "machine": "q35" },
           "devices": { "tpm": { "model": "tpm-crb", "backend": { "type": "emulator", "version": "2.0" } } }"#,
            r#""title": "Windows 11", "features": { "acpi": true }, "os": { "type": "hvm", "machine": "q35", "firmware": [
            "efi", { "feature": { "name": "secure-boot", "enabled": true } }
        ] }, "devices": { "tpm": { "model": "tpm-crb", "backend": { "type": "emulator", "version": "2.0" } } }"#,
        ],
    ),
    warning(
        "windows-11-tpm",
        "Windows 11 requires a TPM 2.0. Its installer refuses to run without it.",
        Domain,
        [
            r#""title": "Windows 11", "features": { "acpi": true }, "os": { "type": "hvm", "machine": "q35", "firmware": [
            "efi", { "feature": { "name": "secure-boot", "enabled": true } }
        ] }"#,
            r#""title": "Windows 11", "features": { "acpi": true }, "os": { "type": "hvm", "machine": "q35", "firmware": [
            "efi", { "feature": { "name": "secure-boot", "enabled": true } }
        ] }, "devices": { "tpm": { "model": "tpm-crb", "backend": { "type": "emulator", "version": "2.0" } } }"#,
        ],
    ),
    error(
        "cpu-set",
        "The set of CPUs or NUMA nodes is empty, or has a range from a higher to a lower number.",
        Domain,
        [r#""vcpu": { "count": 2, "cpuset": "3-1" }"#, r#""vcpu": { "count": 2, "cpuset": "0-3,^1" }"#],
    ),
    error(
        "device-name-character",
        "The name of a network device contains a blank, a slash or a colon. The host's kernel refuses the name, so the guest or network does not start.",
        Network,
        [r#""bridge": { "name": "br/1" }"#, r#""bridge": { "name": "br-1" }"#],
    ),
    error(
        "dhcp-twice",
        "A network can have at most one DHCP server for IPv4 and one for IPv6.",
        Network,
        [
            r#""ip": [
            { "address": "10.0.0.1", "prefix": 24, "dhcp": { "range": { "start": "10.0.0.2", "end": "10.0.0.9" } } },
            { "address": "10.0.1.1", "prefix": 24, "dhcp": { "range": { "start": "10.0.1.2", "end": "10.0.1.9" } } }
        ]"#,
            r#""ip": [
            { "address": "10.0.0.1", "prefix": 24, "dhcp": { "range": { "start": "10.0.0.2", "end": "10.0.0.9" } } },
            { "address": "10.0.1.1", "prefix": 24 }
        ]"#,
        ],
    ),
    error(
        "forward-interface-taken",
        "An interface of the host is listed twice in a network.",
        Network,
        [
            r#""forward": { "mode": "private", "interface": [{ "dev": "eth0" }, { "dev": "eth0" }] }"#,
            r#""forward": { "mode": "private", "interface": [{ "dev": "eth0" }, { "dev": "eth1" }] }"#,
        ],
    ),
    error(
        "forward-address-taken",
        "A PCI device of the host is listed twice in a network.",
        Network,
        [
            r#""forward": { "mode": "hostdev", "address": ["0000:01:10.0", "0000:01:10.0"] }"#,
            r#""forward": { "mode": "hostdev", "address": ["0000:01:10.0", "0000:01:10.2"] }"#,
        ],
    ),
    error(
        "iothread-id-taken",
        "Two I/O threads have the same number.",
        Domain,
        [
            r#""iothreadids": { "iothread": [{ "id": 1 }, { "id": 1 }] }"#,
            r#""iothreadids": { "iothread": [{ "id": 1 }, { "id": 2 }] }"#,
        ],
    ),
    error(
        "iothread-again",
        "A device lists an I/O thread twice.",
        Domain,
        [
            r#""iothreads": 1, "devices": { "disk": {
            "driver": { "iothreads": { "iothread": [{ "id": 1 }, { "id": 1 }] } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }
        } }"#,
            r#""iothreads": 1, "devices": { "disk": {
            "driver": { "iothreads": { "iothread": { "id": 1 } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }
        } }"#,
        ],
    ),
    error(
        "iothread-queue",
        "If an I/O thread of a device lists queues, its I/O threads serve each of the `queues` of the device once.",
        Domain,
        [
            r#""iothreads": 1, "devices": { "disk": {
            "driver": { "queues": 2, "iothreads": { "iothread": { "id": 1, "queue": { "id": 0 } } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }
        } }"#,
            r#""iothreads": 1, "devices": { "disk": {
            "driver": { "queues": 1, "iothreads": { "iothread": { "id": 1, "queue": { "id": 0 } } } }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }
        } }"#,
        ],
    ),
    error(
        "iothread-unknown",
        "No I/O thread has this number. I/O threads have the numbers in `iothreadids`. The others, up to the count in `iothreads`, have the lowest free numbers.",
        Domain,
        [
            r#""iothreads": 1, "devices": { "disk": {
            "driver": { "iothread": 2 }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }
        } }"#,
            r#""iothreads": 2, "devices": { "disk": {
            "driver": { "iothread": 2 }, "source": { "file": "/vm.img" }, "target": { "dev": "vda" }
        } }"#,
        ],
    ),
    error(
        "ip-address-taken",
        "The host has an address twice in a network. libvirt defines the network, but does not start it.",
        Network,
        [
            r#""ip": [{ "address": "10.0.0.1", "prefix": 24 }, { "address": "10.0.0.1", "prefix": 16 }]"#,
            r#""ip": [{ "address": "10.0.0.1", "prefix": 24 }, { "address": "10.0.1.1", "prefix": 24 }]"#,
        ],
    ),
    error(
        "numa-cell-id",
        "The NUMA nodes of a guest must be numbered from 0, without gaps.",
        Domain,
        [
            r#""vcpu": 2, "cpu": { "numa": { "cell": [{ "id": 0, "cpus": "0", "memory": "64 MiB" }, { "id": 2, "cpus": "1", "memory": "64 MiB" }] } }"#,
            r#""vcpu": 2, "cpu": { "numa": { "cell": [{ "id": 0, "cpus": "0", "memory": "64 MiB" }, { "id": 1, "cpus": "1", "memory": "64 MiB" }] } }"#,
        ],
    ),
    error(
        "numa-cpu-taken",
        "A vCPU is in two NUMA nodes.",
        Domain,
        [
            r#""vcpu": 4, "cpu": { "numa": { "cell": [{ "cpus": "0-2", "memory": "64 MiB" }, { "cpus": "2-3", "memory": "64 MiB" }] } }"#,
            r#""vcpu": 4, "cpu": { "numa": { "cell": [{ "cpus": "0-1", "memory": "64 MiB" }, { "cpus": "2-3", "memory": "64 MiB" }] } }"#,
        ],
    ),
    error(
        "numa-cpu-unknown",
        "A NUMA node has a vCPU that the guest does not have.",
        Domain,
        [
            r#""vcpu": 2, "cpu": { "numa": { "cell": { "cpus": "0-2", "memory": "64 MiB" } } }"#,
            r#""vcpu": 3, "cpu": { "numa": { "cell": { "cpus": "0-2", "memory": "64 MiB" } } }"#,
        ],
    ),
    error(
        "portgroup-default-taken",
        "Two port groups of a network are the default.",
        Network,
        [
            r#""portgroup": [{ "name": "a", "default": true }, { "name": "b", "default": true }]"#,
            r#""portgroup": [{ "name": "a", "default": true }, { "name": "b" }]"#,
        ],
    ),
    error(
        "portgroup-name-taken",
        "Two port groups of a network have the same name.",
        Network,
        [r#""portgroup": [{ "name": "a" }, { "name": "a" }]"#, r#""portgroup": [{ "name": "a" }, { "name": "b" }]"#],
    ),
    error(
        "route-gateway-outside",
        "The gateway of a static route is in no subnet of the network, so the host cannot reach it.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24 }, "route": { "address": "10.1.0.0", "prefix": 16, "gateway": "10.9.0.2" }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24 }, "route": { "address": "10.1.0.0", "prefix": 16, "gateway": "10.0.0.2" }"#,
        ],
    ),
    error(
        "vcpupin-twice",
        "A vCPU is pinned twice.",
        Domain,
        [
            r#""vcpu": 2, "cputune": { "vcpupin": [{ "vcpu": 0, "cpuset": "0" }, { "vcpu": 0, "cpuset": "1" }] }"#,
            r#""vcpu": 2, "cputune": { "vcpupin": [{ "vcpu": 0, "cpuset": "0" }, { "vcpu": 1, "cpuset": "1" }] }"#,
        ],
    ),
];
