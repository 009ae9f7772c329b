//! Rules on whole objects: parts that must fit together, and names and addresses that must be unique. A rule on a
//! single element is in the file of that element, or a row of the tables in `refusals`. [`rules()`] returns the codes of all,
//! each with an example.

mod address;
pub mod catalog;
mod cpu;
mod cpu_set;
mod device;
mod dhcp;
mod disk_format;
mod disk_images;
mod disk_store;
pub(crate) mod domain;
mod firmware;
mod iothreads;
mod memory;
pub mod names;
pub(crate) mod network;
mod numa;
mod pci_bus;
pub(crate) mod pool;
mod refusal;
mod refusals;
pub(crate) mod saved_domain;
pub(crate) mod taken;
mod uniqueness;
pub(crate) mod volume;
mod windows;

pub use catalog::{Rule, rules};

#[cfg(test)]
mod tests {
    use crate::engine::{json, render};
    use crate::kind::Kind;
    use expect_test::expect;
    use pretty_assertions::assert_eq;

    fn problems(kind: Kind, spec: &str) -> String {
        let spec = json::parse(spec).expect("it is JSON");
        let problems = render::render(kind, &spec).report.findings().locate(|_| None);
        problems.iter().map(|it| format!("{it}\n")).collect()
    }

    /// What each domain needs.
    const OS: &str = r#""os": { "type": "hvm" }"#;

    fn domain(spec: &str) -> String {
        problems(Kind::Domain, &format!(r#"{{ "type": "kvm", "name": "vm", {OS}, {spec} }}"#))
    }

    fn network(ip: &str) -> String {
        problems(Kind::Network, &format!(r#"{{ "name": "lan", "ip": {ip} }}"#))
    }

    #[test]
    fn what_is_taken_is_told_with_its_place() {
        let spec = r#""memory": "64 MiB", "devices": {
            "interface": [
                { "type": "user", "mac": { "address": "52:54:00:AA:00:01" }, "boot": { "order": "1" } },
                { "type": "user", "mac": { "address": "52:54:00:aa:00:01" }, "address": { "type": "pci", "slot": "5" } }
            ],
            "input": { "type": "tablet", "bus": "usb", "address": { "type": "usb", "bus": 0, "port": "1.2" } },
            "hub": [
                { "type": "usb", "address": { "type": "usb", "bus": 0, "port": "1" } },
                { "type": "usb", "address": { "type": "usb", "bus": "0", "port": "1.2" } }
            ],
            "disk": [
                { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "boot": { "order": 1 }, "address": "0000:00:05.0" },
                { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "alias": { "name": "ua-a" } },
                { "source": { "file": "/vm.img" }, "target": { "dev": "hdb", "bus": "sata" }, "alias": { "name": "ua-a" } },
                { "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "sata" }, "address": { "type": "drive", "unit": "1" } },
                { "source": { "file": "/vm.img" }, "target": { "dev": "vda" } }
            ]
        }"#;
        expect![[r#"
            error[disk-target-taken]: devices.disk[1].target.dev: disk name "vda" is already used by devices.disk[0]
            error[disk-target-taken]: devices.disk[4].target.dev: disk name "vda" is already used by devices.disk[0]
            error[drive-address-taken]: devices.disk[3].address: unit 1 of target 0 on bus 0 of sata controller 0 is already used by devices.disk[2]
            error[pci-address-taken]: devices.interface[1].address: PCI address 0000:00:05.0 is already used by devices.disk[0]
            error[usb-address-taken]: devices.hub[1].address: port 1.2 of USB bus 0 is already used by devices.input
            warning[mac-taken]: devices.interface[1].mac.address: MAC address 52:54:00:aa:00:01 is already used by devices.interface[0]
            error[alias-taken]: devices.disk[2].alias.name: alias "ua-a" is already used by devices.disk[1]
            error[boot-order-taken]: devices.interface[0].boot.order: boot order 1 is already used by devices.disk[0]
        "#]]
        .assert_eq(&domain(spec));
    }

    /// The place is the part that is wrong, or the device that lacks one, and not the part that tells which kind of device it is.
    #[test]
    fn refusals_are_told_at_the_part_that_is_wrong() {
        let spec = r#""memory": "64 MiB", "cpu": { "mode": "host-passthrough" }, "clock": { "timer": { "name": "rtc", "track": "boot" } },
        "devices": {
            "disk": [
                { "source": { "file": "/a.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1" },
                { "source": { "file": "/b.img" }, "target": { "dev": "nvme0n2", "bus": "nvme" }, "serial": "2" },
                { "source": { "file": "/c.img" }, "target": { "dev": "nvme1n1", "bus": "nvme" }, "geometry": { "cyls": 16, "heads": 4, "secs": 32 } },
                { "device": "lun", "type": "block", "source": { "dev": "/dev/sda" }, "target": { "dev": "sda", "bus": "scsi" }, "blockio": { "logical_block_size": 512 } }
            ],
            "controller": [
                { "type": "usb", "index": 0, "model": "qemu-xhci", "ports": 16 },
                { "type": "nvme", "index": 2, "serial": "123456789012345678901" }
            ],
            "iommu": { "model": "virtio", "driver": { "aw_bits": 16 } },
            "graphics": { "type": "rdp", "multiUser": true },
            "memory": { "model": "virtio-pmem", "access": "private", "source": { "path": "/m" }, "target": { "size": "64 MiB" } }
        }"#;
        expect![[r#"
            error[missing]: clock.offset: missing required attribute "offset": expected utc, localtime, timezone, variable or absolute
            error[memory-all-in-devices]: memory: the memory devices have all of it: without `cpu.numa`, `memory` includes theirs
            error[timer-rtc-track]: clock.timer.track: the timer "rtc" supports the tracks "guest", "wall" and "realtime"
            error[disk-nvme-serials]: devices.disk[0].serial: all disks of an NVMe controller have the serial number of the controller
            error[disk-nvme-serials]: devices.disk[1].serial: all disks of an NVMe controller have the serial number of the controller
            error[disk-nvme-serial]: devices.disk[2]: NVMe controllers need serial numbers: set `serial` of a disk of this controller, and of each controller with a lower number
            error[disk-nvme-geometry]: devices.disk[2].geometry: an NVMe disk cannot have `geometry`
            warning[disk-lun-blockio]: devices.disk[3].blockio: libvirt 12.8 and newer refuse this: a disk of type "lun" cannot have `blockio`
            error[controller-usb-ports]: devices.controller[0].ports: a USB controller can have at most 15 ports
            error[controller-nvme-serial-length]: devices.controller[1].serial: the serial number of an NVMe controller can have at most 20 characters
            error[controller-nvme-serial]: devices.controller[1]: NVMe controllers need serial numbers: set `serial` of this controller, and of each one with a lower number
            error[iommu-virtio-acpi]: devices.iommu.model: the IOMMU "virtio" requires ACPI: set features.acpi = true
            warning[iommu-virtio-width]: devices.iommu.driver.aw_bits: libvirt 11.3 and older refuse this: `aw_bits` requires the IOMMU "intel"
            error[iommu-virtio-bits]: devices.iommu.driver.aw_bits: `aw_bits` of a virtio IOMMU must be 32 to 64
            error[graphics-rdp-users]: devices.graphics.multiUser: the RDP server of QEMU does not support `replaceUser` and `multiUser`
            error[memory-device-pmem-access]: devices.memory.access: a memory device of model "virtio-pmem" must be shared: set access = "shared"
            error[memory-device-max-memory]: devices.memory.model: memory devices require `maxMemory`
        "#]].assert_eq(&domain(spec));
    }

    #[test]
    fn uefi_code_without_its_variables_is_flash() {
        let told = |loader: &str, rest: &str| {
            let text = format!(
                r#"{{ "type": "kvm", "name": "vm", "memory": "64 MiB", "features": {{ "acpi": true }}, "os": {{ "type": "hvm", {rest} "loader": {loader} }} }}"#
            );
            problems(Kind::Domain, &text).contains("os-loader-flash")
        };
        for loader in [
            r#""/usr/share/OVMF/OVMF_CODE_4M.fd""#,
            r#"{ "path": "/usr/share/edk2/x64/OVMF_CODE.secboot.4m.fd", "type": "rom" }"#,
            r#"{ "path": "/run/libvirt/nix-ovmf/edk2-x86_64-code.fd", "readonly": true }"#,
            r#""/usr/share/qemu/ovmf-x86_64-smm-code.bin""#,
        ] {
            assert!(told(loader, ""), "{loader}");
            assert!(!told(loader, r#""arch": "aarch64", "machine": "virt","#), "{loader} on Arm");
        }
        for loader in [
            r#"{ "path": "/usr/share/OVMF/OVMF_CODE_4M.fd", "type": "pflash", "readonly": true }"#,
            r#""/usr/share/ovmf/OVMF.fd""#,
            r#""/usr/share/seabios/bios.bin""#,
        ] {
            assert!(!told(loader, ""), "{loader}");
        }
    }

    #[test]
    fn what_libvirt_lets_several_have() {
        let spec = r#""memory": "64 MiB", "devices": {
            "disk": [
                { "source": { "file": "/vm.img" }, "target": { "dev": "vda" }, "address": { "type": "pci" }, "alias": { "name": "disk" } },
                { "source": { "file": "/vm.img" }, "target": { "dev": "vdb" }, "address": { "type": "pci" }, "alias": { "name": "disk" } },
                { "source": { "file": "/vm.img" }, "target": { "dev": "sda" }, "address": { "type": "drive", "unit": 0 } },
                { "source": { "file": "/vm.img" }, "target": { "dev": "hda" }, "address": { "type": "drive", "unit": 0 } }
            ],
            "interface": [
                {
                    "type": "network", "source": { "network": "lan" }, "mac": { "address": "52:54:00:00:00:01" },
                    "alias": { "name": "ua-stays" }, "teaming": { "type": "persistent" }
                },
                {
                    "type": "network", "source": { "network": "sriov" }, "mac": { "address": "52:54:00:00:00:01" },
                    "teaming": { "type": "transient", "persistent": "ua-stays" }
                }
            ],
            "serial": { "type": "pty", "alias": { "name": "ua-port" } },
            "console": { "type": "pty", "alias": { "name": "ua-port" } }
        }"#;
        assert_eq!(domain(spec), "");
    }

    #[test]
    fn a_metadata_cache_of_no_size_is_that_of_qemu() {
        let disk = |size| {
            domain(&format!(
                r#""memory": "64 MiB", "devices": {{ "disk": {{
                    "source": {{ "file": "/vm.img" }}, "target": {{ "dev": "vda" }},
                    "driver": {{ "type": "raw", "metadata_cache": {{ "max_size": {size} }} }}
                }} }}"#
            ))
        };
        assert_eq!(disk(0), "");
        expect![[r#"
            error[disk-metadata-cache]: devices.disk.driver.metadata_cache: `metadata_cache` requires a qcow2 image
        "#]]
        .assert_eq(&disk(1));
    }

    #[test]
    fn sizes_are_compared_in_bytes() {
        let fits = r#""maxMemory": { "count": 2, "unit": "GiB" }, "memory": 2097152, "currentMemory": "2147483648 b""#;
        assert_eq!(domain(fits), "");
        let spec = r#""maxMemory": { "count": 3, "unit": "GiB", "slots": 1 }, "memory": "1 GiB", "currentMemory": "8 GiB",
            "cpu": { "numa": { "cell": [{ "memory": 1, "unit": "GiB" }, { "memory": "1048576" }] } },
            "devices": { "memory": { "model": "dimm", "target": { "size": "2 GB", "node": 0 } } }"#;
        expect![[r#"
            error[max-memory-too-small]: maxMemory: the maximum is less than the memory of `cpu.numa` and the memory devices (4147483648 bytes)
            warning[current-memory-too-large]: currentMemory: the current memory is more than the memory of `cpu.numa` and the memory devices (4147483648 bytes): libvirt lowers it
        "#]]
        .assert_eq(&domain(spec));
    }

    #[test]
    fn addresses_that_fit_no_bus() {
        let spec = r#""memory": "64 MiB", "devices": {
            "disk": { "source": { "file": "/vm.img" }, "target": { "dev": "sda" }, "address": "00:05.0" },
            "hostdev": { "type": "pci", "source": { "address": "01:00.0" }, "address": { "type": "drive" } },
            "interface": { "type": "user", "address": { "type": "unassigned" } }
        }"#;
        expect![[r#"
            error[address-type]: devices.disk.address: address type "pci" does not fit a disk on this bus: expected drive
            error[address-type]: devices.hostdev.address: address type "drive" does not fit this device: expected pci or unassigned
            error[address-type]: devices.interface.address: address type "unassigned" is for a hostdev only
        "#]]
        .assert_eq(&domain(spec));
    }

    #[test]
    fn the_first_device_on_a_bus_decides_what_it_is() {
        let devices = |sound, disk| {
            problems(
                Kind::Domain,
                &format!(
                    r#"{{ "type": "kvm", "name": "vm", "memory": "64 MiB", "os": {{ "type": "hvm", "machine": "q35" }}, "devices": {{
                        "sound": {{ "model": "ac97", "address": "{sound}" }},
                        "disk": {{ "source": {{ "file": "/vm.img" }}, "target": {{ "dev": "vda" }}, "address": "{disk}" }},
                        "rng": {{ "model": "virtio", "backend": {{ "model": "builtin" }}, "address": "03:01.0" }}
                    }} }}"#
                ),
            )
        };
        assert_eq!(devices("05:01.0", "00:05.0"), "", "bridges for the sound card");
        expect![[r#"
            error[address-pci-slot]: devices.sound.address: only slot 0 exists on a bus behind a root port: set slot = 0
            error[address-pci-slot]: devices.rng.address: only slot 0 exists on a bus behind a root port: set slot = 0
        "#]]
        .assert_eq(&devices("05:01.0", "07:00.0"));
        expect![[r#"
            error[address-pci-bus]: devices.sound.address: the guest has no room for so many PCI buses: set a lower bus
        "#]]
        .assert_eq(&devices("ff:01.0", "00:05.0"));
    }

    #[test]
    fn other_hypervisors_take_what_qemu_does_not() {
        let rest = r#""memory": "64 MiB", "vcpu": 4, "cpu": { "topology": { "sockets": 1, "cores": 2, "threads": 1 } }, "devices": { "disk": [
            { "source": { "file": "/vm.img" }, "target": { "dev": "sda", "bus": "scsi" } },
            { "device": "cdrom", "target": { "dev": "sda", "bus": "sata" }, "address": "00:02.0" }
        ] }"#;
        expect![[r#"
            error[cpu-topology]: cpu.topology: topology has 2 CPUs, but vcpu is 4: change one of them
            error[address-type]: devices.disk[1].address: address type "pci" does not fit a disk on this bus: expected drive
            error[disk-target-taken]: devices.disk[1].target.dev: disk name "sda" is already used by devices.disk[0]
        "#]]
        .assert_eq(&domain(rest));
        assert_eq!(problems(Kind::Domain, &format!(r#"{{ "type": "vmware", "name": "vm", {OS}, {rest} }}"#)), "");
    }

    #[test]
    fn leases_of_a_network_that_says_no_size() {
        let spec = r#"[
            { "address": "172.16.0.1", "dhcp": { "range": [
                { "start": "172.16.9.2", "end": "172.16.9.9" }, { "start": "172.17.0.2", "end": "172.17.0.9" }
            ] } },
            { "address": "fd00::1", "family": "ipv6", "dhcp": {
                "range": { "start": "fd00::", "end": "fd00::ffff" },
                "host": [{ "name": "a", "ip": "fd00:0:0:1::2" }, { "name": "a", "ip": "fd00::2" }, { "name": "b", "ip": "fd00:0::2" }]
            } }
        ]"#;
        expect![[r#"
            error[dhcp-range-outside]: ip[0].dhcp.range[1].start: address "172.17.0.2" is outside the network
            error[dhcp-range-outside]: ip[0].dhcp.range[1].end: address "172.17.0.9" is outside the network
            warning[dhcp-host-outside]: ip[1].dhcp.host[0].ip: address "fd00:0:0:1::2" is outside the network, so the DHCP server never assigns it
            warning[dhcp-name-taken]: ip[1].dhcp.host[1].name: host name "a" is already used by ip[1].dhcp.host[0]
            warning[dhcp-ip-taken]: ip[1].dhcp.host[2].ip: IP address "fd00:0::2" is already used by ip[1].dhcp.host[1]
        "#]]
        .assert_eq(&network(spec));
    }
}
