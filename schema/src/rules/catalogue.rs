//! Every code of a problem: what it means, and an example on either side.

use crate::engine::problem::Severity;
use crate::kind::Kind;
use crate::kind::Kind::{Checkpoint, Domain, Interface, Network, Nodedev, Nwfilter, Pool, Secret, Snapshot, Volume};

/// What a code of a problem stands for.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The code, which stays the same from release to release.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and why it matters.
    pub meaning: &'static str,
    /// The kind of object in the examples; others may have the same problem.
    pub kind: Kind,
    /// A part of a spec in JSON that has this problem alone.
    pub wrong: &'static str,
    /// The same without a problem.
    pub right: &'static str,
}

impl Rule {
    /// A whole spec in JSON of one of the rule's examples, which leave out what every object of their kind has.
    pub fn spec(&self, example: &str) -> String {
        let needed = match self.kind {
            Domain => r#""type": "kvm", "name": "vm", "#,
            Network => r#""name": "lan", "#,
            Pool => r#""name": "pool", "#,
            Volume => r#""name": "disk.qcow2", "capacity": "1 GiB", "#,
            Nwfilter => r#""name": "filter", "#,
            Nodedev => r#""name": "device", "#,
            Interface => r#""name": "br0", "#,
            Secret | Snapshot | Checkpoint => "",
        };
        format!("{{ {needed}{} }}", example.trim())
    }
}

const fn error(code: &'static str, meaning: &'static str, kind: Kind, [wrong, right]: [&'static str; 2]) -> Rule {
    Rule { code, severity: Severity::Error, meaning, kind, wrong, right }
}

const fn warning(code: &'static str, meaning: &'static str, kind: Kind, [wrong, right]: [&'static str; 2]) -> Rule {
    Rule { code, severity: Severity::Warning, meaning, kind, wrong, right }
}

/// All codes: those of the types first, then those of single rules by name.
pub static RULES: &[Rule] = &[
    error(
        "unknown-attribute",
        "No part of the element has that name, which is probably misspelt.",
        Domain,
        [r#""memroy": "2 GiB""#, r#""memory": "2 GiB""#],
    ),
    error(
        "missing",
        "A part that is required is not there, perhaps only beside another that is.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/vm.qcow2" }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "wrong-type",
        "A string is where a set belongs, a word where a number belongs, and the like.",
        Domain,
        [r#""memory": { "count": "much" }"#, r#""memory": { "count": 2097152 }"#],
    ),
    error(
        "unknown-word",
        "The word is not one of those that libvirt knows here.",
        Domain,
        [r#""on_crash": "reboot""#, r#""on_crash": "restart""#],
    ),
    error(
        "out-of-range",
        "The number is smaller or larger than libvirt takes here.",
        Domain,
        [r#""vcpu": 0"#, r#""vcpu": 1"#],
    ),
    error(
        "bad-form",
        "The text has not the form of a UUID, a MAC address, a path or whatever belongs here.",
        Domain,
        [r#""uuid": "web-server""#, r#""uuid": "6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11""#],
    ),
    error(
        "bad-character",
        "The text holds a character that XML cannot carry.",
        Domain,
        [r#""description": "a bell: \u0007""#, r#""description": "a bell: BEL""#],
    ),
    error(
        "not-well-formed",
        "What stands in `metadata` or `extra.xml` is no XML.",
        Domain,
        [
            r#""metadata": "<owner xmlns='https://example.org'>me""#,
            r#""metadata": "<owner xmlns='https://example.org'>me</owner>""#,
        ],
    ),
    error(
        "said-twice",
        "One name is there twice, as JSON can have it: nobody could tell which is meant.",
        Domain,
        [r#""title": "web", "title": "mail""#, r#""title": "web""#],
    ),
    error(
        "adapter-name-or-parentaddr",
        "A SCSI adapter of the host is found by its name or by the PCI device that it is: by one of them.",
        Pool,
        [
            r#""type": "scsi", "source": { "adapter": {} }, "target": { "path": "/dev/disk/by-path" }"#,
            r#""type": "scsi", "source": { "adapter": { "name": "scsi_host1" } },
               "target": { "path": "/dev/disk/by-path" }"#,
        ],
    ),
    error(
        "address-ccw",
        "The three parts of a channel's address are given together or not at all.",
        Domain,
        [
            r#""devices": { "rng": { "model": "virtio", "backend": { "model": "random" }, "address": { "type": "ccw", "cssid": 254 } } }"#,
            r#""devices": { "rng": { "model": "virtio", "backend": { "model": "random" }, "address": { "type": "ccw", "cssid": 254, "ssid": 0, "devno": 1 } } }"#,
        ],
    ),
    error(
        "address-type",
        "libvirt takes only some types of address for a device: the bus that it is on decides.",
        Domain,
        [
            r#""devices": { "disk": { "target": { "dev": "vda", "bus": "virtio" }, "address": { "type": "drive" } } }"#,
            r#""devices": { "disk": { "target": { "dev": "vda", "bus": "virtio" }, "address": "00:05.0" } }"#,
        ],
    ),
    error(
        "alias-taken",
        "Two devices have the same name of the user's, and libvirt refuses the domain.",
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
        "boot-order-taken",
        "Two devices have the same place in the boot order; libvirt refuses the domain.",
        Domain,
        [
            r#""devices": {
            "disk": { "target": { "dev": "vda" }, "boot": { "order": 1 } },
            "interface": { "type": "user", "boot": { "order": 1 } }
        }"#,
            r#""devices": {
            "disk": { "target": { "dev": "vda" }, "boot": { "order": 1 } },
            "interface": { "type": "user", "boot": { "order": 2 } }
        }"#,
        ],
    ),
    error(
        "boot-os-and-device",
        "libvirt takes the boot order of `os.boot` or that of single devices, and refuses both together.",
        Domain,
        [
            r#""os": { "type": "hvm", "boot": { "dev": "hd" } },
               "devices": { "disk": { "target": { "dev": "vda" }, "boot": { "order": 1 } } }"#,
            r#""os": { "type": "hvm" },
               "devices": { "disk": { "target": { "dev": "vda" }, "boot": { "order": 1 } } }"#,
        ],
    ),
    error(
        "controller-pcihole64-root",
        "Only the root of the PCI buses has a 64-bit hole, whose size could be told.",
        Domain,
        [
            r#""devices": { "controller": { "type": "pci", "model": "pcie-root-port", "pcihole64": "1 GiB" } }"#,
            r#""devices": { "controller": { "type": "pci", "model": "pcie-root", "pcihole64": "1 GiB" } }"#,
        ],
    ),
    error(
        "cpu-topology",
        "Sockets, dies, clusters, cores and threads multiplied are the number of CPUs; else libvirt refuses.",
        Domain,
        [
            r#""vcpu": 4, "cpu": { "topology": { "sockets": 1, "cores": 4, "threads": 2 } }"#,
            r#""vcpu": 8, "cpu": { "topology": { "sockets": 1, "cores": 4, "threads": 2 } }"#,
        ],
    ),
    warning(
        "current-memory-too-large",
        "A balloon only takes memory away; libvirt lowers `currentMemory` to what the guest has.",
        Domain,
        [r#""memory": "2 GiB", "currentMemory": "4 GiB""#, r#""memory": "4 GiB", "currentMemory": "2 GiB""#],
    ),
    error(
        "dbus-address-and-p2p",
        "A screen on D-Bus is on a bus or between two programs, not both.",
        Domain,
        [
            r#""devices": { "graphics": { "type": "dbus", "address": "unix:path=/run/bus", "p2p": true } }"#,
            r#""devices": { "graphics": { "type": "dbus", "p2p": true } }"#,
        ],
    ),
    error(
        "device-name-too-long",
        "The host's kernel takes at most 15 characters: a guest or network with a longer name does not start.",
        Network,
        [r#""bridge": { "name": "bridge-of-the-lab" }"#, r#""bridge": { "name": "br-lab" }"#],
    ),
    error(
        "device-seclabel-conflict",
        "A file is labelled or it is not: the parts that say so contradict each other.",
        Domain,
        [
            r#""devices": { "disk": {
                "source": { "file": "/vm.qcow2", "seclabel": { "relabel": false, "label": "system_u" } },
                "target": { "dev": "vda" }
            } }"#,
            r#""devices": { "disk": {
                "source": { "file": "/vm.qcow2", "seclabel": { "relabel": true, "label": "system_u" } },
                "target": { "dev": "vda" }
            } }"#,
        ],
    ),
    error(
        "dhcp-host-mac-and-id",
        "A guest is known by its MAC address in IPv4 or by its id in IPv6; libvirt's schema takes one.",
        Network,
        [
            r#""ip": { "address": "fd00::1", "family": "ipv6", "dhcp": { "host": {
                "mac": "52:54:00:00:00:01", "id": "0:1:0:1:18:aa:62:fe:0:16:3e:44:55:66", "ip": "fd00::2"
            } } }"#,
            r#""ip": { "address": "fd00::1", "family": "ipv6", "dhcp": { "host": {
                "id": "0:1:0:1:18:aa:62:fe:0:16:3e:44:55:66", "ip": "fd00::2"
            } } }"#,
        ],
    ),
    warning(
        "dhcp-host-outside",
        "The DHCP server gives no address that is not of its network.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": { "name": "a", "ip": "10.0.1.2" } } }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24, "dhcp": { "host": { "name": "a", "ip": "10.0.0.2" } } }"#,
        ],
    ),
    warning(
        "dhcp-ip-taken",
        "Two hosts are to have one address: the DHCP server gives it to one of them.",
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
        "Two entries are for one network card, and one of them has no effect.",
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
        "Two hosts have one name, which leads to either of them.",
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
        "A range of addresses to give lies within the network, or libvirt refuses it.",
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
        "No guest can have the first address of an IPv4 network, its own, or the last, that of all in it.",
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
        "A range of addresses goes from the lower to the higher.",
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
        "libvirt takes ranges of up to 65536 addresses.",
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
        "Floppy drives are on the floppy controller and nothing else is; a CD drive is on a bus that has such drives.",
        Domain,
        [
            r#""devices": { "disk": { "device": "cdrom", "target": { "dev": "vda", "bus": "virtio" } } }"#,
            r#""devices": { "disk": { "device": "cdrom", "target": { "dev": "sda", "bus": "sata" } } }"#,
        ],
    ),
    error(
        "disk-fdgroup-needs-file",
        "Open files that are passed along belong to a path.",
        Domain,
        [
            r#""devices": { "disk": { "source": { "fdgroup": "images" }, "target": { "dev": "vda" } } }"#,
            r#""devices": { "disk": { "source": { "file": "/a", "fdgroup": "images" }, "target": { "dev": "vda" } } }"#,
        ],
    ),
    error(
        "disk-iotune-or-throttlefilters",
        "A disk has limits of its own or those of throttle groups, not both.",
        Domain,
        [
            r#""devices": { "disk": {
                "target": { "dev": "vda" },
                "iotune": { "total_iops_sec": 100 }, "throttlefilters": { "throttlefilter": { "group": "slow" } }
            } }"#,
            r#""devices": { "disk": {
                "target": { "dev": "vda" }, "throttlefilters": { "throttlefilter": { "group": "slow" } }
            } }"#,
        ],
    ),
    error(
        "disk-lun-only",
        "Only a SCSI device of the host, `lun`, takes the guest's own SCSI commands.",
        Domain,
        [
            r#""devices": { "disk": { "rawio": true, "target": { "dev": "sda" } } }"#,
            r#""devices": { "disk": {
            "device": "lun", "type": "block", "rawio": true, "source": { "dev": "/dev/sdb" }, "target": { "dev": "sda" }
        } }"#,
        ],
    ),
    error(
        "disk-lun-type",
        "A `lun` is a device of the host or of a SCSI target; a file takes no SCSI command.",
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
        "A mirror without `file` has its format in an element of its own.",
        Domain,
        [
            r#""devices": { "disk": {
            "target": { "dev": "vda" },
            "mirror": { "type": "file", "job": "copy", "format": "raw", "source": { "file": "/b" } }
        } }"#,
            r#""devices": { "disk": {
            "target": { "dev": "vda" },
            "mirror": { "type": "file", "job": "copy", "format": { "type": "raw" }, "source": { "file": "/b" } }
        } }"#,
        ],
    ),
    error(
        "disk-mirror-job",
        "A mirror with `file`, the old form, is a copy.",
        Domain,
        [
            r#""devices": { "disk": { "target": { "dev": "vda" }, "mirror": { "file": "/b", "job": "active-commit" } } }"#,
            r#""devices": { "disk": { "target": { "dev": "vda" }, "mirror": { "file": "/b", "job": "copy" } } }"#,
        ],
    ),
    error(
        "disk-mirror-type",
        "A mirror with `file`, the old form, is kept in a file.",
        Domain,
        [
            r#""devices": { "disk": { "target": { "dev": "vda" }, "mirror": { "file": "/b", "type": "block" } } }"#,
            r#""devices": { "disk": { "target": { "dev": "vda" }, "mirror": { "file": "/b", "type": "file" } } }"#,
        ],
    ),
    error(
        "disk-ssh-identity-or-auth",
        "The host logs in by SSH as one user.",
        Domain,
        [
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "ssh", "name": "/vm.qcow2", "host": { "name": "nas" },
            "identity": { "username": "me", "keyfile": "/key" },
            "auth": { "username": "me", "secret": { "type": "iscsi", "usage": "nas" } }
        } } }"#,
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "ssh", "name": "/vm.qcow2", "host": { "name": "nas" },
            "identity": { "username": "me", "keyfile": "/key" }
        } } }"#,
        ],
    ),
    error(
        "disk-ssh-keyfile-or-agentsock",
        "A key for SSH is in a file or with an agent: in one of them.",
        Domain,
        [
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "ssh", "name": "/vm.qcow2", "host": { "name": "nas" },
            "identity": { "username": "me", "keyfile": "/key", "agentsock": "/run/agent" }
        } } }"#,
            r#""devices": { "disk": { "type": "network", "target": { "dev": "vda" }, "source": {
            "protocol": "ssh", "name": "/vm.qcow2", "host": { "name": "nas" },
            "identity": { "username": "me", "agentsock": "/run/agent" }
        } } }"#,
        ],
    ),
    warning(
        "disk-target-bus",
        "The name suggests another bus than the disk is on, and who reads it looks for the disk in the wrong place.",
        Domain,
        [
            r#""devices": { "disk": { "target": { "dev": "sda", "bus": "virtio" } } }"#,
            r#""devices": { "disk": { "target": { "dev": "vda", "bus": "virtio" } } }"#,
        ],
    ),
    error(
        "disk-target-taken",
        "Two disks have the same name in the guest, and libvirt refuses the domain.",
        Domain,
        [
            r#""devices": { "disk": [{ "target": { "dev": "vda" } }, { "target": { "dev": "vda" } }] }"#,
            r#""devices": { "disk": [{ "target": { "dev": "vda" } }, { "target": { "dev": "vdb" } }] }"#,
        ],
    ),
    error(
        "drive-address-taken",
        "Two drives are at one place of a controller. Without an address libvirt derives the place from the name.",
        Domain,
        [
            r#""devices": { "disk": [
                { "target": { "dev": "sda", "bus": "sata" } },
                { "target": { "dev": "sdb", "bus": "sata" }, "address": { "type": "drive", "unit": 0 } }
            ] }"#,
            r#""devices": { "disk": [
                { "target": { "dev": "sda", "bus": "sata" } },
                { "target": { "dev": "sdb", "bus": "sata" }, "address": { "type": "drive", "unit": 1 } }
            ] }"#,
        ],
    ),
    error(
        "encryption-cipher-ivgen",
        "A cipher and how its vectors are made go together.",
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
        "The mode and the hash of a cipher go together.",
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
        "A folder is shared by libvirt, or by a program behind a socket.",
        Domain,
        [
            r#""devices": { "filesystem": {
            "driver": { "type": "virtiofs" }, "source": { "dir": "/srv", "socket": "/run/fs" }, "target": { "dir": "srv" }
        } }"#,
            r#""devices": { "filesystem": {
            "driver": { "type": "virtiofs" }, "source": { "dir": "/srv" }, "target": { "dir": "srv" }
        } }"#,
        ],
    ),
    error(
        "filesystem-driver-part",
        "The type of the driver decides which other parts it has.",
        Domain,
        [
            r#""devices": { "filesystem": {
            "driver": { "type": "path", "queue": 1024 }, "source": { "dir": "/srv" }, "target": { "dir": "srv" }
        } }"#,
            r#""devices": { "filesystem": {
            "driver": { "type": "virtiofs", "queue": 1024 }, "source": { "dir": "/srv" }, "target": { "dir": "srv" }
        } }"#,
        ],
    ),
    error(
        "forward-interface-and-address",
        "The devices of a network are named all in one way.",
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
        "A blob for the guest is in a file or in the spec.",
        Domain,
        [
            r#""sysinfo": { "type": "fwcfg", "entry": { "name": "opt/org.example/a", "file": "/a", "value": "text" } }"#,
            r#""sysinfo": { "type": "fwcfg", "entry": { "name": "opt/org.example/a", "value": "text" } }"#,
        ],
    ),
    error(
        "hostdev-usb-vendor-or-address",
        "A USB device is known by vendor and product, or by address.",
        Domain,
        [
            r#""devices": { "hostdev": { "type": "usb", "source": { "vendor": { "id": "1d6b" } } } }"#,
            r#""devices": { "hostdev": {
            "type": "usb", "source": { "vendor": { "id": "1d6b" }, "product": { "id": "0002" } }
        } }"#,
        ],
    ),
    error(
        "interface-bond-monitors",
        "A bond watches its links in one way.",
        Interface,
        [
            r#""type": "bond", "bond": { "miimon": { "freq": 100 }, "arpmon": { "interval": 100, "target": "192.168.1.1" }, "interface": { "type": "ethernet", "name": "eth0" } }"#,
            r#""type": "bond", "bond": { "miimon": { "freq": 100 }, "interface": { "type": "ethernet", "name": "eth0" } }"#,
        ],
    ),
    error(
        "interface-bridge-delay",
        "A bridge's delay is a time.",
        Interface,
        [r#""type": "bridge", "bridge": { "delay": -1 }"#, r#""type": "bridge", "bridge": { "delay": 1 }"#],
    ),
    error(
        "interface-driver-mixed",
        "The driver of a device of the host takes no settings of a virtio card.",
        Domain,
        [
            r#""devices": { "interface": { "type": "user", "driver": { "name": "vfio", "queues": 2 } } }"#,
            r#""devices": { "interface": { "type": "user", "driver": { "name": "vhost", "queues": 2 } } }"#,
        ],
    ),
    error(
        "interface-driver-model",
        "Only the driver of a device of the host has a model.",
        Domain,
        [
            r#""devices": { "interface": { "type": "user", "driver": { "name": "vhost", "model": "mlx5_vfio_pci" } } }"#,
            r#""devices": { "interface": { "type": "user", "driver": { "name": "vfio", "model": "mlx5_vfio_pci" } } }"#,
        ],
    ),
    error(
        "interface-protocol-twice",
        "Each family of addresses is set up once.",
        Interface,
        [
            r#""type": "ethernet", "protocol": [{ "family": "ipv4", "dhcp": true }, { "family": "ipv4" }]"#,
            r#""type": "ethernet", "protocol": [{ "family": "ipv4", "dhcp": true }, { "family": "ipv6" }]"#,
        ],
    ),
    error(
        "iotune-total-and-part",
        "A limit is on reads and writes together, or on each of them.",
        Domain,
        [
            r#""devices": { "disk": {
            "target": { "dev": "vda" }, "iotune": { "total_iops_sec": 100, "read_iops_sec": 50 }
        } }"#,
            r#""devices": { "disk": {
            "target": { "dev": "vda" }, "iotune": { "write_iops_sec": 50, "read_iops_sec": 50 }
        } }"#,
        ],
    ),
    error(
        "launch-security-policy",
        "libvirt's schema takes hexadecimal digits in lower case here.",
        Domain,
        [
            r#""launchSecurity": { "type": "sev", "policy": "0x3A" }"#,
            r#""launchSecurity": { "type": "sev", "policy": "0x3a" }"#,
        ],
    ),
    warning(
        "literal-password",
        "What is in a spec is in the Nix store, which all users of the host can read.",
        Domain,
        [
            r#""devices": { "graphics": { "type": "vnc", "passwd": "hunter2" } }"#,
            r#""devices": { "graphics": { "type": "vnc", "listen": { "type": "socket" } } }"#,
        ],
    ),
    warning(
        "mac-taken",
        "Two network cards have the same MAC address; in one network only one of them would be reached.",
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
        "`maxMemory` is at least what the guest starts with: `memory`, or its NUMA nodes and memory devices.",
        Domain,
        [
            r#""maxMemory": { "count": 2, "unit": "GiB", "slots": 4 }, "memory": "4096 MiB""#,
            r#""maxMemory": { "count": 8, "unit": "GiB", "slots": 4 }, "memory": "4096 MiB""#,
        ],
    ),
    error(
        "memory-source-mixed",
        "A memory module is made of pages of the host, or of a file or device.",
        Domain,
        [
            r#""devices": { "memory": {
            "model": "nvdimm", "source": { "path": "/nvdimm", "nodemask": "0" }, "target": { "size": "1 GiB" }
        } }"#,
            r#""devices": { "memory": {
            "model": "nvdimm", "source": { "path": "/nvdimm" }, "target": { "size": "1 GiB" }
        } }"#,
        ],
    ),
    error(
        "netmask-and-prefix",
        "The size of a network is said once, by mask or by prefix.",
        Network,
        [
            r#""ip": { "address": "10.0.0.1", "netmask": "255.255.255.0", "prefix": 24 }"#,
            r#""ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    error(
        "nodedev-medium",
        "Of a drive for media its `removable` capability tells the size.",
        Nodedev,
        [
            r#""capability": { "type": "storage", "block": "/dev/sr0", "size": 1, "capability": { "type": "removable", "media_available": 0, "media_size": 0 } }"#,
            r#""capability": { "type": "storage", "block": "/dev/sr0", "capability": { "type": "removable", "media_available": 0, "media_size": 0 } }"#,
        ],
    ),
    error(
        "nodedev-order",
        "libvirt's schema wants the capabilities of a device in a certain order, each once.",
        Nodedev,
        [
            r#""capability": { "type": "pci", "domain": 0, "bus": 66, "slot": 0, "function": 0, "product": { "id": 1 }, "vendor": { "id": 1 }, "capability": [{ "type": "virt_functions" }, { "type": "virt_functions" }] }"#,
            r#""capability": { "type": "pci", "domain": 0, "bus": 66, "slot": 0, "function": 0, "product": { "id": 1 }, "vendor": { "id": 1 }, "capability": [{ "type": "virt_functions" }] }"#,
        ],
    ),
    error(
        "nodedev-parent-twice",
        "A device's parent is named in one way.",
        Nodedev,
        [
            r#""parent": { "fabric_wwn": "2001001b32a9da4e", "value": "scsi_host1" }, "capability": { "type": "drm", "kind": "primary" }"#,
            r#""parent": "scsi_host1", "capability": { "type": "drm", "kind": "primary" }"#,
        ],
    ),
    error(
        "nvram-path",
        "Variables are kept in a plain file, which `path` names, or in a `source`.",
        Domain,
        [
            r#""os": { "type": "hvm", "nvram": { "path": "/vars.fd", "type": "file", "source": { "file": "/vars.fd" } } }"#,
            r#""os": { "type": "hvm", "nvram": { "type": "file", "source": { "file": "/vars.fd" } } }"#,
        ],
    ),
    error(
        "nvram-template",
        "The format of a template is told beside a template.",
        Domain,
        [
            r#""os": { "type": "hvm", "nvram": { "path": "/vars.fd", "templateFormat": "raw" } }"#,
            r#""os": { "type": "hvm", "nvram": { "path": "/vars.fd", "template": "/new.fd", "templateFormat": "raw" } }"#,
        ],
    ),
    error(
        "nwfilter-two-protocols",
        "A rule is about one protocol.",
        Nwfilter,
        [
            r#""rule": { "action": "drop", "direction": "in", "tcp": {}, "udp": {} }"#,
            r#""rule": { "action": "drop", "direction": "in", "tcp": {} }"#,
        ],
    ),
    error(
        "os-container-boots",
        "A container starts a program of its own: it has no kernel and no boot loader.",
        Domain,
        [
            r#""os": { "type": "exe", "init": "/sbin/init", "kernel": "/vmlinuz" }"#,
            r#""os": { "type": "exe", "init": "/sbin/init" }"#,
        ],
    ),
    error(
        "pci-address-range",
        "A PCI bus has 32 slots, and a slot 8 functions.",
        Domain,
        [
            r#""devices": { "hostdev": { "type": "pci", "source": { "address": { "bus": 1, "slot": 32 } } } }"#,
            r#""devices": { "hostdev": { "type": "pci", "source": { "address": { "bus": 1, "slot": 31 } } } }"#,
        ],
    ),
    error(
        "pci-address-taken",
        "Two devices are at the same PCI address, however it is written.",
        Domain,
        [
            r#""devices": {
            "disk": { "target": { "dev": "vda" }, "address": "00:05.0" },
            "interface": { "type": "user", "address": { "type": "pci", "bus": 0, "slot": "0x05" } }
        }"#,
            r#""devices": {
            "disk": { "target": { "dev": "vda" }, "address": "00:05.0" },
            "interface": { "type": "user", "address": { "type": "pci", "bus": 0, "slot": "0x06" } }
        }"#,
        ],
    ),
    error(
        "pool-dir-absolute",
        "A folder on an NFS server is named from its root.",
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
        "Only NFS has several versions of its protocol to choose from.",
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
        "A lost connection to a socket comes back by `enabled` or by `delay`: by one.",
        Domain,
        [
            r#""devices": { "disk": { "type": "vhostuser", "target": { "dev": "vda", "bus": "virtio" }, "source": {
            "type": "unix", "path": "/run/s", "reconnect": { "enabled": true, "delay": 5 }
        } } }"#,
            r#""devices": { "disk": { "type": "vhostuser", "target": { "dev": "vda", "bus": "virtio" }, "source": {
            "type": "unix", "path": "/run/s", "reconnect": { "delay": 5 }
        } } }"#,
        ],
    ),
    error(
        "reconnect-timeout-needs-enabled",
        "A time between tries says nothing where nobody tries.",
        Domain,
        [
            r#""devices": { "disk": { "type": "vhostuser", "target": { "dev": "vda", "bus": "virtio" }, "source": {
            "type": "unix", "path": "/run/s", "reconnect": { "delay": 5, "timeout": 5 }
        } } }"#,
            r#""devices": { "disk": { "type": "vhostuser", "target": { "dev": "vda", "bus": "virtio" }, "source": {
            "type": "unix", "path": "/run/s", "reconnect": { "enabled": true, "timeout": 5 }
        } } }"#,
        ],
    ),
    error(
        "seclabel-relabel",
        "Whether files are labelled follows from the type of the label.",
        Domain,
        [r#""seclabel": { "type": "none", "relabel": true }"#, r#""seclabel": { "type": "none" }"#],
    ),
    error(
        "secret-uuid-or-usage",
        "A secret of libvirt is named by its id or by its usage, by one of them.",
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
        "Secure Boot needs system management mode, which libvirt adds for firmware that it knows and no other.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35", "loader": {
                "path": "/ovmf/code.fd", "type": "pflash", "readonly": true, "secure": true
            } }"#,
            r#""os": { "type": "hvm", "machine": "q35", "loader": {
                "path": "/ovmf/code.fd", "type": "pflash", "readonly": true, "secure": true
            } }, "features": { "smm": true }"#,
        ],
    ),
    error(
        "secure-boot-without-smm",
        "Secure Boot keeps its variables where only system management mode reaches them.",
        Domain,
        [
            r#""os": { "type": "hvm", "machine": "q35", "firmware": [
                "efi", { "feature": { "name": "secure-boot", "enabled": true } }
            ] }, "features": { "smm": false }"#,
            r#""os": { "type": "hvm", "machine": "q35", "firmware": [
                "efi", { "feature": { "name": "secure-boot", "enabled": true } }
            ] }"#,
        ],
    ),
    error(
        "smartcard-certificates",
        "Three certificates stand for a smart card, neither more nor fewer.",
        Domain,
        [
            r#""devices": { "smartcard": { "mode": "host-certificates", "certificate": ["one", "two"] } }"#,
            r#""devices": { "smartcard": { "mode": "host-certificates", "certificate": ["one", "two", "three"] } }"#,
        ],
    ),
    error(
        "smm-tseg",
        "libvirt's schema has the memory of system management mode only beside its state.",
        Domain,
        [
            r#""features": { "smm": { "tseg": "48 MiB" } }"#,
            r#""features": { "smm": { "state": true, "tseg": "48 MiB" } }"#,
        ],
    ),
    error(
        "snapshot-startup-policy",
        "Only a domain's own disks have a startup policy.",
        Snapshot,
        [
            r#""disks": { "disk": { "name": "vda", "type": "block", "source": { "dev": "/dev/sda", "dataStore": { "type": "file", "format": { "type": "raw" }, "source": { "file": "/a", "startupPolicy": "optional" } } } } }"#,
            r#""disks": { "disk": { "name": "vda", "type": "block", "source": { "dev": "/dev/sda" } } }"#,
        ],
    ),
    error(
        "source-mode",
        "A socket connects or is bound; libvirt's schema takes any word and libvirt does not.",
        Domain,
        [
            r#""devices": { "serial": { "type": "unix", "source": { "mode": "listen", "path": "/run/s" } } }"#,
            r#""devices": { "serial": { "type": "unix", "source": { "mode": "bind", "path": "/run/s" } } }"#,
        ],
    ),
    warning(
        "source-part-unread",
        "The type of a character device decides which parts libvirt reads.",
        Domain,
        [
            r#""devices": { "serial": { "type": "pty", "source": { "host": "localhost" } } }"#,
            r#""devices": { "serial": { "type": "tcp", "source": { "mode": "bind", "host": "localhost", "service": 4555 } } }"#,
        ],
    ),
    error(
        "source-usb-address",
        "Beside vendor and product, the address of a USB device has no type.",
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
        "What is said of a bridge needs a bridge.",
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
        "Port groups are those of a network of libvirt.",
        Domain,
        [
            r#""devices": { "interface": { "type": "bridge", "source": { "bridge": "br0", "portgroup": "quick" } } }"#,
            r#""devices": { "interface": { "type": "network", "source": { "network": "lan", "portgroup": "quick" } } }"#,
        ],
    ),
    error(
        "spinlocks-retries",
        "libvirt refuses fewer than 4095 tries before a lock is told of.",
        Domain,
        [
            r#""features": { "hyperv": { "mode": "custom", "spinlocks": { "state": true, "retries": 100 } } }"#,
            r#""features": { "hyperv": { "mode": "custom", "spinlocks": { "state": true, "retries": 8191 } } }"#,
        ],
    ),
    warning(
        "target-port",
        "libvirt wants a number, which its schema does not ask for.",
        Domain,
        [
            r#""devices": { "serial": { "type": "pty", "target": { "port": "first" } } }"#,
            r#""devices": { "serial": { "type": "pty", "target": { "port": 0 } } }"#,
        ],
    ),
    warning(
        "target-type",
        "libvirt's schema takes any kind of target here, and libvirt only some.",
        Domain,
        [
            r#""devices": { "serial": { "type": "pty", "target": { "type": "virtio" } } }"#,
            r#""devices": { "serial": { "type": "pty", "target": { "type": "isa-serial" } } }"#,
        ],
    ),
    error(
        "usb-address-taken",
        "Two devices are in the same port of a USB bus.",
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
        "vcpu-current",
        "No more CPUs can be there at the start than there may be.",
        Domain,
        [r#""vcpu": { "count": 2, "current": 4 }"#, r#""vcpu": { "count": 4, "current": 2 }"#],
    ),
    error(
        "virtualport-parameter",
        "The kind of switch decides which parameters a port has.",
        Network,
        [
            r#""virtualport": { "type": "openvswitch", "parameters": { "managerid": 1 } }"#,
            r#""virtualport": { "type": "openvswitch", "parameters": { "profileid": "lab" } }"#,
        ],
    ),
    error(
        "vnc-socket",
        "A VNC server listens on a socket or on a port.",
        Domain,
        [
            r#""devices": { "graphics": { "type": "vnc", "socket": "/run/vnc", "port": 5900 } }"#,
            r#""devices": { "graphics": { "type": "vnc", "port": 5900 } }"#,
        ],
    ),
    warning(
        "windows-11-secure-boot",
        "Windows 11 does not install without Secure Boot.",
        Domain,
        [
            r#""title": "Windows 11", "os": { "type": "hvm", "machine": "q35" },
           "devices": { "tpm": { "model": "tpm-crb", "backend": { "type": "emulator", "version": "2.0" } } }"#,
            r#""title": "Windows 11", "os": { "type": "hvm", "machine": "q35", "firmware": [
            "efi", { "feature": { "name": "secure-boot", "enabled": true } }
        ] }, "devices": { "tpm": { "model": "tpm-crb", "backend": { "type": "emulator", "version": "2.0" } } }"#,
        ],
    ),
    warning(
        "windows-11-tpm",
        "Windows 11 does not install without a trusted platform module of version 2.0.",
        Domain,
        [
            r#""title": "Windows 11", "os": { "type": "hvm", "machine": "q35", "firmware": [
            "efi", { "feature": { "name": "secure-boot", "enabled": true } }
        ] }"#,
            r#""title": "Windows 11", "os": { "type": "hvm", "machine": "q35", "firmware": [
            "efi", { "feature": { "name": "secure-boot", "enabled": true } }
        ] }, "devices": { "tpm": { "model": "tpm-crb", "backend": { "type": "emulator", "version": "2.0" } } }"#,
        ],
    ),
];
