//! Every change that is documented to take effect at the next start, and how the guest shows that it is in effect then.

use super::seen::Row;
use super::seen::Seen::{Elsewhere, Host, Inside, Monitor};
use nixvirt_tests::project;
use std::collections::BTreeSet;
use std::fs;

/// What the guest boots until its next start.
pub const DIRECT_BOOT: &str = "<os><type arch='x86_64' machine='q35'>hvm</type><kernel>/opt/guest/vmlinuz</kernel>
    <initrd>/opt/guest/initrd.img</initrd>
    <cmdline>root=LABEL=root rw console=ttyS0 net.ifnames=0 mitigations=off quiet</cmdline></os>";

/// What changes in the definition of the guest: a text, and what takes its place.
const OF_GUEST: [(&str, &str); 14] = [
    ("<domain type='qemu'>", "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"),
    ("<maxMemory slots='2' unit='MiB'>1024<", "<maxMemory slots='2' unit='MiB'>1152<"),
    ("<memory unit='MiB'>512<", "<memory unit='MiB'>640<"),
    ("<cell id='0' cpus='0-1' memory='512'", "<cell id='0' cpus='0-2' memory='640'"),
    ("<memoryBacking>", "<memoryBacking><nosharepages/>"),
    ("<vcpu current='1'>2<", "<vcpu current='1'>3<"),
    (
        DIRECT_BOOT,
        "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type>
           <firmware><feature enabled='no' name='secure-boot'/></firmware><loader stateless='no'/><smbios mode='sysinfo'/></os>",
    ),
    (
        "<features><acpi/></features>",
        "<features><acpi/><vmcoreinfo state='on'/></features><genid>7b0e4a0c-6a1f-4c57-9d3e-0f5b3c1d2e4f</genid>
         <iothreads>2</iothreads><iothreadids><iothread id='5'/><iothread id='6'/></iothreadids>
         <defaultiothread thread_pool_min='1' thread_pool_max='3'/><throttlegroups><throttlegroup>
           <group_name>limit</group_name><total_iops_sec>5000</total_iops_sec></throttlegroup></throttlegroups>
         <cputune><emulatorpin cpuset='0'/></cputune><numatune><memory mode='preferred' nodeset='0'/></numatune>
         <sysinfo type='smbios'><system><entry name='manufacturer'>next start</entry></system></sysinfo>
         <clock offset='absolute' start='2000000000'/><pm><suspend-to-mem enabled='no'/></pm>",
    ),
    ("Nehalem", "Westmere"),
    (
        "<target dev='vda' bus='virtio'/>",
        "<target dev='vda' bus='virtio'/><serial>next-start</serial><boot order='1'/>",
    ),
    ("<mac address='52:54:00:00:00:02'/>", "<mac address='52:54:00:00:00:02'/><mtu size='1300'/><boot order='2'/>"),
    ("<serial type='pty'/>", "<serial type='pty'/><serial type='pty'/>"),
    (
        "</devices>",
        "<disk type='volume' device='disk'><driver name='qemu' type='raw'/><source pool='guests' volume='next-sata'/>
           <target dev='sdc' bus='sata'/></disk>
         <controller type='scsi' index='1' model='lsisas1068'/>
         <smartcard mode='passthrough' type='tcp'><source mode='bind' host='127.0.0.1' service='4001'/>
           <protocol type='raw'/></smartcard>
         <parallel type='pty'/><console type='pty'><target type='virtio'/></console><input type='tablet' bus='virtio'/>
         <tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
         <graphics type='vnc' port='5999' autoport='no'/><video><model type='bochs'/></video>
         <sound model='ich9'><audio id='7'/></sound><audio id='7' type='none'/>
         <redirfilter><usbdev class='0x08' allow='yes'/><usbdev allow='no'/></redirfilter><hub type='usb'/>
         <watchdog model='i6300esb' action='none'/><memballoon model='virtio' autodeflate='on'/><panic model='isa'/>
         <crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto><iommu model='intel'><driver intremap='off'/></iommu>
         <pstore backend='acpi-erst'><path>/var/lib/libvirt/qemu/pstore</path><size unit='KiB'>64</size></pstore>
         </devices>",
    ),
    (
        "</domain>",
        "<seclabel type='static' model='dac' relabel='no'><label>+0:+6</label></seclabel>
         <qemu:commandline><qemu:arg value='-smbios'/><qemu:arg value='type=3,asset=next asset'/></qemu:commandline>
         <qemu:capabilities><qemu:del capability='netdev.json'/></qemu:capabilities>
         <qemu:deprecation behavior='omit'/>
         <qemu:override><qemu:device alias='virtio-disk1'><qemu:frontend>
           <qemu:property name='serial' type='string' value='next override'/>
         </qemu:frontend></qemu:device></qemu:override></domain>",
    ),
];

/// What changes in the definition of the network.
const OF_NETWORK: [(&str, &str); 6] = [
    ("<network>", "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><forward mode='nat'/>"),
    (
        "<bridge name='virbr-guests'/>",
        "<bridge name='virbr-next'/><mtu size='1400'/><mac address='52:54:00:00:00:99'/>",
    ),
    ("<domain name='guests.test'", "<domain name='next.test'"),
    ("<dns>", "<dns><forwarder domain='forwarded.test' addr='192.168.198.1'/>"),
    ("</ip>", "</ip><ip address='192.168.197.1' prefix='24'/>"),
    (
        "</network>",
        "<route address='10.77.0.0' prefix='16' gateway='192.168.199.50'/><dnsmasq:options>
           <dnsmasq:option value='txt-record=next.guests.test,next note'/></dnsmasq:options></network>",
    ),
];

/// The definition of the guest at its next start.
pub fn domain(now: &str) -> String {
    changed(now, &OF_GUEST)
}

/// The definition of the network at its next start.
pub fn network(now: &str) -> String {
    changed(now, &OF_NETWORK)
}

fn changed(now: &str, changes: &[(&str, &str)]) -> String {
    let mut next = now.to_owned();
    for (old, new) in changes {
        assert_eq!(next.matches(old).count(), 1, "{old} in {next}");
        next = next.replace(old, new);
    }
    next
}

/// A program in the guest that prints what the firmware boots, in its order.
pub const BOOT_ORDER: &str = r#"#!/usr/bin/python3
import struct
def read(name):
    return open(f"/sys/firmware/efi/efivars/{name}-8be4df61-93ca-11d2-aa0d-00e098032b8c", "rb").read()[4:]
def description(number):
    return read(f"Boot{number:04X}")[6:].decode("utf-16-le", "ignore").split("\0")[0]
order = [description(number) for (number,) in struct.iter_unpack("<H", read("BootOrder"))]
print("booted", description(*struct.unpack("<H", read("BootCurrent"))), "of", order)
"#;

/// The arguments of QEMU.
const ARGUMENTS: &str = "tr '\\0' '\\n' < /proc/$(cat /run/libvirt/qemu/debian.pid)/cmdline";

const NO_CGROUPS: &str = "the libvirt of the test has no control groups";
const OTHER_HYPERVISOR: &str = "only another hypervisor has it";
const OTHER_HARDWARE: &str = "only other hardware has it";

/// The changes.
pub const ROWS: &[Row] = &[
    ("domain", "memory", Monitor("qom-get /machine memory", "\"size\": 671088640")),
    ("domain", "maxMemory", Monitor("qom-get /machine memory", "\"max-size\": 1207959552")),
    ("domain", "vcpu.count", Inside("ls /sys/bus/acpi/devices", "LNXCPU:02")),
    ("domain", "disk", Inside("cat /sys/block/sd?/size", "12288")),
    ("domain", "disk", Inside("cat /sys/block/vda/serial", "next-start")),
    ("domain", "interface", Inside("cat /sys/class/net/*/mtu", "1300")),
    ("domain", "graphics", Monitor("info vnc", "127.0.0.1:5999")),
    ("domain", "graphics.passwd", Elsewhere("a viewer needs it; tests of consoles look for it")),
    ("domain", "controller", Inside("cat /sys/bus/pci/devices/*/device", "0x0054")),
    ("domain", "smartcard", Monitor("info usb", "QEMU USB CCID")),
    ("domain", "serial", Inside("sudo cat /proc/tty/driver/serial", "1: uart:16550A")),
    ("domain", "parallel", Inside("cat /sys/bus/pnp/devices/*/id", "PNP0400")),
    ("domain", "console", Monitor("info qtree", "dev: virtconsole")),
    ("domain", "input", Inside("cat /proc/bus/input/devices", "QEMU Virtio Tablet")),
    ("domain", "tpm", Inside("cat /sys/class/tpm/tpm0/tpm_version_major", "2")),
    ("domain", "sound", Inside("cat /sys/bus/pci/devices/*/class", "0x040300")),
    ("domain", "audio", Monitor("info qtree", "audiodev = \"audio7\"")),
    ("domain", "video", Inside("cat /sys/bus/pci/devices/*/class", "0x038000")),
    ("domain", "redirfilter", Monitor("info qtree", "filter = \"0x08:-1:-1:-1:1|-1:-1:-1:-1:0\"")),
    ("domain", "hub", Monitor("info usb", "QEMU USB Hub")),
    ("domain", "watchdog", Inside("cat /sys/bus/pci/devices/*/device", "0x25ab")),
    ("domain", "memballoon", Monitor("info qtree", "deflate-on-oom = true")),
    ("domain", "nvram", Elsewhere("only guests of PowerPC have it")),
    ("domain", "panic", Inside("ls /sys/bus/acpi/devices", "QEMU0001")),
    ("domain", "crypto", Inside("cat /sys/bus/pci/devices/*/device", "0x1054")),
    ("domain", "iommu", Inside("ls /sys/firmware/acpi/tables", "DMAR")),
    ("domain", "pstore", Inside("ls /sys/firmware/acpi/tables", "ERST")),
    ("domain", "genid", Inside("ls /sys/bus/acpi/devices", "QEMUVGID")),
    ("domain", "blkiotune", Elsewhere(NO_CGROUPS)),
    ("domain", "memtune", Elsewhere(NO_CGROUPS)),
    ("domain", "memoryBacking", Monitor("qom-get /machine mem-merge", "false")),
    ("domain", "vcpus", Elsewhere("QEMU does not emulate two processors reliably")),
    ("domain", "iothreads", Monitor("info iothreads", "iothread6")),
    ("domain", "iothreadids", Monitor("info iothreads", "iothread5")),
    ("domain", "defaultiothread", Monitor("qom-get /objects/main-loop thread-pool-max", "3")),
    (
        "domain",
        "cputune",
        Host("grep -h Cpus_allowed_list /proc/$(cat /run/libvirt/qemu/debian.pid)/task/*/status", ":\t0\n"),
    ),
    ("domain", "numatune", Monitor("info memdev", "policy: preferred")),
    ("domain", "iommufd", Elsewhere(OTHER_HARDWARE)),
    ("domain", "resource", Elsewhere(NO_CGROUPS)),
    ("domain", "sysinfo", Inside("cat /sys/class/dmi/id/sys_vendor", "next start")),
    (
        "domain",
        "os",
        Inside("boot-order", "booted UEFI Misc Device of ['UEFI Misc Device', 'UEFI PXEv4 (MAC:525400000002)'"),
    ),
    ("domain", "idmap", Elsewhere(OTHER_HYPERVISOR)),
    ("domain", "features", Monitor("info qom-tree /machine/peripheral-anon", "(vmcoreinfo)")),
    ("domain", "cpu", Inside("cat /proc/cpuinfo", "Westmere")),
    ("domain", "clock", Inside("cat /sys/class/rtc/rtc0/date", "2033-05-18")),
    ("domain", "pm", Inside("cat /sys/power/mem_sleep", "[s2idle]")),
    ("domain", "perf", Elsewhere("the kernel of the host counts")),
    ("domain", "throttlegroups", Monitor("info qom-tree /objects", "throttle-limit")),
    ("domain", "seclabel", Host("cat /proc/$(cat /run/libvirt/qemu/debian.pid)/status", "Gid:\t6")),
    ("domain", "keywrap", Elsewhere(OTHER_HARDWARE)),
    ("domain", "launchSecurity", Elsewhere(OTHER_HARDWARE)),
    ("domain", "qemu-commandline", Inside("cat /sys/class/dmi/id/chassis_asset_tag", "next asset")),
    ("domain", "qemu-capabilities", Host(ARGUMENTS, "\ntap,")),
    ("domain", "qemu-deprecation", Host(ARGUMENTS, "{\"deprecated-output\":\"hide\"}")),
    ("domain", "qemu-override", Inside("cat /sys/block/vdb/serial", "next override")),
    ("domain", "lxc-namespace", Elsewhere(OTHER_HYPERVISOR)),
    ("domain", "xen-commandline", Elsewhere(OTHER_HYPERVISOR)),
    ("domain", "bhyve-commandline", Elsewhere(OTHER_HYPERVISOR)),
    ("network", "forward", Inside("ip route", "default via 192.168.199.1")),
    ("network", "bridge", Host("ip -brief link", "virbr-next")),
    ("network", "mtu", Host("ip link show virbr-next", "mtu 1400")),
    ("network", "mac", Inside("ip neighbor", "52:54:00:00:00:99")),
    ("network", "domain", Inside("sudo cat /run/systemd/netif/leases/*", "DOMAINNAME=next.test")),
    ("network", "dns", Host("cat /var/lib/libvirt/dnsmasq/guests.conf", "server=/forwarded.test/192.168.198.1")),
    ("network", "vlan", Elsewhere("libvirt's own bridges have none")),
    ("network", "bandwidth", Elsewhere("not every kernel of a host can delay packets (sch_sfq, act_police)")),
    ("network", "port", Elsewhere("it keeps guests apart, and the test has one")),
    ("network", "ip", Inside("timeout 5 bash -c 'echo > /dev/tcp/192.168.197.1/53 && echo open'", "open")),
    ("network", "route", Host("ip route", "10.77.0.0/16 via 192.168.199.50 dev virbr-next")),
    ("network", "virtualport", Elsewhere("it needs a switch that is no bridge of Linux")),
    ("network", "dnsmasq:options", Inside("dns 16 next.guests.test", "next note")),
];

/// The rows of the documentation: what their changes name.
pub fn documented() -> BTreeSet<(String, String)> {
    let page = fs::read_to_string(project().join("docs/reference/changes.md")).expect("it can be read");
    let mut names = BTreeSet::new();
    let mut kind = "";
    for line in page.lines() {
        kind = match line.strip_prefix("<!-- ").and_then(|mark| mark.strip_suffix(" -->")) {
            Some(mark) => mark.strip_prefix("table: ").unwrap_or_default(),
            None => kind,
        };
        if let (false, Some(changes)) = (kind.is_empty(), line.strip_suffix(" | at the next start |")) {
            names.extend(changes.split('`').skip(1).step_by(2).map(|name| (kind.to_owned(), name.to_owned())));
        }
    }
    names
}
