//! What guests need and the host lacks: a plan warns of what libvirt refuses, and of nothing that it takes.

use crate::reconcile::Host;
use expect_test::expect;
use nixvirt_tests::libvirt;
use nixvirt_tests::libvirtd::virsh;
use nixvirt_tests::run;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Guests: a name, a type, a machine type, attributes and parts of `<os>`, other parts, and devices.
const GUESTS: &[[&str; 7]] = &[
    ["bridge", "qemu", "q35", "", "", "", "<interface type='bridge'><source bridge='gone0'/></interface>"],
    ["broadwell", "qemu", "q35", "", "", "<cpu mode='custom'><model>Broadwell</model></cpu>", ""],
    ["bus", "qemu", "q35", "", "", "", "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>"],
    [
        "cdrom",
        "qemu",
        "q35",
        "",
        "",
        "",
        "<disk type='file' device='cdrom'><source file='/gone.iso' startupPolicy='optional'/><target dev='sda' bus='sata'/></disk>",
    ],
    ["cpu", "qemu", "q35", "", "", "<cpu mode='custom'><model>Cortex</model></cpu>", ""],
    [
        "disk",
        "qemu",
        "q35",
        "",
        "",
        "",
        "<disk type='file'><source file='/gone.img'/><target dev='vda' bus='virtio'/></disk>",
    ],
    ["filter", "qemu", "q35", "", "", "", "<interface type='ethernet'><filterref filter='gone'/></interface>"],
    ["firmware", "qemu", "q35", "firmware='bios'", "", "", ""],
    ["gl", "qemu", "q35", "", "", "", "<graphics type='egl-headless'/>"],
    [
        "gl-file",
        "qemu",
        "q35",
        "",
        "",
        "",
        "<graphics type='egl-headless'><gl rendernode='/dev/dri/renderD999'/></graphics>",
    ],
    [
        "huge",
        "qemu",
        "q35",
        "",
        "",
        "<memoryBacking><hugepages><page size='1' unit='GiB'/></hugepages></memoryBacking>",
        "",
    ],
    ["hyperv", "qemu", "q35", "", "", "<features><hyperv><relaxed state='on'/></hyperv></features>", ""],
    ["kernel", "qemu", "q35", "", "<kernel>/gone/vmlinuz</kernel>", "", ""],
    ["kvm", "kvm", "q35", "", "", "", ""],
    ["loader", "qemu", "q35", "", "<loader readonly='yes' type='pflash'>/gone/OVMF.fd</loader>", "", ""],
    ["machine", "qemu", "q36", "", "", "", ""],
    ["model", "qemu", "q35", "", "", "<cpu mode='host-model'/>", ""],
    ["network", "qemu", "q35", "", "", "", "<interface type='network'><source network='gone'/></interface>"],
    ["off", "qemu", "q35", "", "", "", "<interface type='network'><source network='quiet'/></interface>"],
    ["passthrough", "qemu", "q35", "", "", "<cpu mode='host-passthrough'/>", ""],
    [
        "pci",
        "qemu",
        "q35",
        "",
        "",
        "",
        "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0' bus='0' slot='2' function='0'/></source></hostdev>",
    ],
    [
        "pool",
        "qemu",
        "q35",
        "",
        "",
        "",
        "<disk type='volume'><source pool='gone' volume='v'/><target dev='vda' bus='virtio'/></disk>",
    ],
    [
        "sev",
        "qemu",
        "q35",
        "",
        "",
        "<launchSecurity type='sev'><policy>0x0003</policy><cbitpos>47</cbitpos><reducedPhysBits>1</reducedPhysBits></launchSecurity>",
        "",
    ],
    ["sev-snp", "qemu", "q35", "", "", "<launchSecurity type='sev-snp'><policy>0x30000</policy></launchSecurity>", ""],
    [
        "share",
        "qemu",
        "q35",
        "",
        "",
        "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>",
        "<filesystem type='mount'><driver type='virtiofs'/><source dir='/gone'/><target dir='x'/></filesystem>",
    ],
    [
        "tpm",
        "qemu",
        "q35",
        "",
        "",
        "",
        "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm9'/></backend></tpm>",
    ],
    ["vcpus", "qemu", "q35", "", "", "<vcpu>5000</vcpu>", ""],
    ["video", "qemu", "q35", "", "", "", "<video><model type='xen'/></video>"],
];

fn domain([name, kind, machine, attributes, os, parts, devices]: &[&str; 7]) -> Value {
    let xml = format!(
        "<domain type='{kind}'><name>{name}</name><memory unit='MiB'>64</memory>{parts}<os {attributes}><type arch='x86_64' \
         machine='{machine}'>hvm</type>{os}</os><devices>{devices}</devices></domain>"
    );
    json!({ "xml": xml, "active": true })
}

/// The domains and networks of a report by name, each with a part of it.
fn of_each(report: &str, part: impl Fn(&Value) -> String) -> BTreeMap<String, String> {
    let mut reports = serde_json::Deserializer::from_str(report).into_iter::<Value>();
    let report = reports.next().expect("a report").expect("JSON");
    let objects = report["connections"][nixvirt_tests::libvirtd::URI]["objects"].as_array().expect("a list").clone();
    objects.iter().map(|object| (object["name"].as_str().expect("a name").to_owned(), part(object))).collect()
}

#[test]
fn a_plan_warns_of_what_libvirt_refuses() {
    let host = Host::new();
    let domains: Vec<_> = GUESTS.iter().map(domain).collect();
    let network = "<network><name>quiet</name><bridge name='quiet0'/></network>";
    let manifest = json!({ "networks": [{ "xml": network, "active": false }], "domains": domains });
    let planned = host.nixvirt_with("plan", &["--json"], &manifest).said.clone();
    let lacks = of_each(&planned, |object| {
        let lacks = object["lacks"].as_array().expect("a list").iter();
        lacks
            .map(|it| format!("{} {}", it["code"].as_str().expect("a code"), it["path"].as_str().expect("a path")))
            .collect::<Vec<_>>()
            .join(", ")
    });
    let applied = host.nixvirt_with("apply", &["--json"], &manifest).said.clone();
    let refused = of_each(&applied, |object| object["error"]["kind"].as_str().unwrap_or_default().to_owned());
    let differ: Vec<_> = lacks.iter().filter(|(name, lacks)| lacks.is_empty() != refused[*name].is_empty()).collect();
    assert!(differ.is_empty(), "{differ:?}\n{applied}");
    // Some hosts of the tests have KVM, or a GPU.
    let of_some =
        [("kvm", "/dev/kvm", "host-value type"), ("gl", "/dev/dri", "host-file devices.graphics[egl-headless]")];
    for (name, device, lack) in of_some {
        assert_eq!(lacks[name], if Path::new(device).exists() { "" } else { lack });
    }
    let elsewhere = lacks.iter().filter(|(name, _)| of_some.iter().all(|(other, ..)| other != name));
    let shown: String = elsewhere.map(|(name, lacks)| format!("{name}: {lacks}\n")).collect();
    expect![[r#"
        bridge: host-interface devices.interface.source.bridge
        broadwell: 
        bus: host-value devices.disk[hda].target.bus
        cdrom: 
        cpu: host-value cpu.model
        disk: host-file devices.disk[vda].source.file
        filter: host-object devices.interface.filterref.filter
        firmware: host-value os.firmware
        gl-file: host-file devices.graphics[egl-headless].gl.rendernode
        huge: host-huge-pages memoryBacking.hugepages
        hyperv: 
        kernel: host-file os.kernel
        loader: host-file os.loader
        machine: host-value os.type.machine
        model: 
        network: host-object devices.interface.source.network
        off: host-object-off devices.interface.source.network
        passthrough: host-value cpu.mode
        pci: host-value devices.hostdev[pci 0 2 0 0].type
        pool: host-object devices.disk[vda].source.pool
        quiet: 
        sev: host-part launchSecurity
        sev-snp: host-part launchSecurity
        share: host-file devices.filesystem[x].source.dir
        tpm: host-file devices.tpm.backend.device.path
        vcpus: host-limit vcpu
        video: host-value devices.video.model.type
    "#]]
    .assert_eq(&shown);
}

/// The release of the daemon decides what is newer than it, for all kinds of objects.
#[test]
fn what_is_newer_than_the_daemon() {
    let host = Host::new();
    let disk = "<disk type='file' device='disk'><source file='/gone.img'/><target dev='nvme0n1' bus='nvme'/></disk>";
    let network = "<network><name>names</name><dns><forwarder addr='192.0.2.1' port='5353'/></dns></network>";
    let guest = domain(&["web", "qemu", "q35", "", "", "", disk]);
    let manifest = json!({ "networks": [{ "xml": network, "active": false }], "domains": [guest] });
    let plan = host.nixvirt_with("plan", &["--json"], &manifest).said.clone();
    let newer = of_each(&plan, |object| {
        let lacks = object["lacks"].as_array().expect("a list").iter();
        let newer = lacks.filter(|it| it["code"] == "newer-libvirt");
        let text = |it: &Value| it.as_str().expect("a text").to_owned();
        newer.map(|it| format!("{}: {}\n", text(&it["path"]), text(&it["message"]))).collect()
    });
    let found = newer.into_values().collect::<String>().replace(&libvirt::version().to_string(), "RELEASE");
    let is_older = libvirt::version() < "11.5".parse().expect("a release");
    let expected = expect![[r#"
        dns.forwarder[0].port: attribute "port" requires libvirt 12.0, but the target is libvirt RELEASE
        devices.disk[0].target.dev: disk name "nvme0n1" requires libvirt 11.5, but the target is libvirt RELEASE
        devices.disk[0].target.bus: disk bus "nvme" requires libvirt 11.5, but the target is libvirt RELEASE
    "#]];
    if is_older { expected.assert_eq(&found) } else { assert_eq!(found, "") }
}

/// The images and the volumes that new volumes are filled from, also before their pool runs.
#[test]
fn content_that_is_not_there() {
    let host = Host::new();
    fs::write(host.path("image"), "image").expect("a writable folder");
    let volume = |(name, content): (&str, Value)| {
        let xml = format!("<volume><name>{name}</name><capacity unit='MiB'>1</capacity></volume>");
        json!({ "xml": xml, "content": content })
    };
    let volumes = [
        ("a", json!({ "file": host.path("image") })),
        ("b", json!({ "file": "/gone.img" })),
        ("c", json!({ "volume": { "name": "a" } })),
        ("d", json!({ "volume": { "name": "gone" } })),
        ("e", json!({ "volume": { "pool": "gone", "name": "a" } })),
    ];
    let pool =
        format!("<pool type='dir'><name>contents</name><target><path>{}</path></target></pool>", host.path("pool"));
    let manifest = |count: usize| {
        let volumes: Vec<_> = volumes[..count].iter().cloned().map(volume).collect();
        json!({ "pools": [{ "xml": pool, "active": true, "volumes": volumes }] })
    };
    let warnings = || {
        let said = host.nixvirt("plan", &manifest(volumes.len())).said.clone();
        said.lines()
            .filter(|line| line.contains("warning"))
            .map(|line| format!("{}\n", line.trim()))
            .collect::<String>()
    };
    expect![[r#"
        warning[host-file]: content.file: /gone.img does not exist
        warning[host-object]: content.volume: pool gone neither exists nor is declared
    "#]]
    .assert_eq(&warnings());
    host.nixvirt("apply", &manifest(1)).is(0);
    expect![[r#"
        warning[host-file]: content.file: /gone.img does not exist
        warning[host-object]: content.volume: volume contents/gone neither exists nor is declared
        warning[host-object]: content.volume: pool gone neither exists nor is declared
    "#]]
    .assert_eq(&warnings());
    host.apply(&json!({ "pools": [] }));
}

/// Spare ports for devices of a running guest run out.
#[test]
fn free_slots_of_a_running_guest() {
    let host = Host::new();
    let guest = |cards: usize| {
        let card = |number: usize| {
            format!(
                "<interface type='user'><mac address='52:54:00:00:00:0{number}'/><model type='virtio'/></interface>"
            )
        };
        let cards: String = (0..cards).map(card).collect();
        let ports = "<controller type='pci' index='0' model='pcie-root'/><controller type='pci' index='1' model='pcie-root-port'/>";
        domain(&[
            "slots",
            "qemu",
            "q35",
            "",
            "",
            "",
            &format!("{ports}<controller type='usb' model='none'/><memballoon model='none'/>{cards}"),
        ])
    };
    host.nixvirt("apply", &json!({ "domains": [guest(0)] })).is(0);
    let ports = virsh(&["dumpxml", "slots"]).matches("pcie-root-port").count();
    let lacking = |cards: usize| {
        let said = host.nixvirt("plan", &json!({ "domains": [guest(cards)] })).said.clone();
        said.lines().find(|line| line.contains("PCI slots")).map(|line| line.trim().to_owned())
    };
    assert_eq!(lacking(ports - 1), None);
    let needed = ports + 2;
    let expected =
        format!("warning[host-pci-slots]: devices: {needed} devices need PCI slots, and the running guest has");
    assert!(lacking(ports + 2).is_some_and(|line| line.starts_with(&expected)));
}

#[test]
fn specs_are_checked_with_a_host() {
    let host = Host::new();
    let write = |name: &str, spec: Value| {
        let file = host.path(name);
        fs::write(&file, format!("{spec:#}")).expect("a writable folder");
        file
    };
    let web = write(
        "web.json",
        json!({
            "name": "web", "type": "qemu", "memory": "64 MiB", "os": { "type": "hvm", "machine": "q36" },
            "devices": {
                "disk": [
                    { "device": "cdrom", "target": { "dev": "hda", "bus": "ide" } },
                    { "type": "file", "source": { "file": "/gone.img" }, "target": { "dev": "vda", "bus": "virtio" } },
                ],
                "interface": [
                    { "type": "network", "source": { "network": "lan" } },
                    { "type": "network", "source": { "network": "other" } },
                ],
            },
        }),
    );
    let lan = write("lan.network.json", json!({ "name": "lan" }));
    let check = |options: &[&str]| run(Command::new("nixvirt").arg("check").args(options).args([&web, &lan]));
    assert_eq!(check(&[]).stderr.replace(&host.path(""), ""), "2 files: no problems\n");
    let outcome = check(&["--connect", "qemu:///system"]);
    assert!(outcome.succeeded, "what a host lacks are warnings: {}", outcome.stderr);
    let shown = outcome.stderr.replace(&host.path(""), "");
    // QEMU's version decides which machines there are.
    let (_, machines) = shown.split_once("expected ").expect("the machines are listed");
    let (machines, _) = machines.split_once(", …").expect("there are more than ten");
    assert!(machines.starts_with("isapc, microvm, ") && machines.contains(", pc, pc-i440fx-"), "{machines}");
    assert_eq!(machines.split(", ").count(), 10, "{machines}");
    expect![[r#"
        warning: domain "web": 3 warnings
          warning[host-file]: devices.disk[1].source.file: /gone.img does not exist
            at web.json:13:19
          warning[host-object]: devices.interface[1].source.network: network other neither exists nor is declared
            at web.json:31:22
            hint: declare the object, or correct its name
          warning[host-value]: os.machine: the host does not support "q36": expected MACHINES, …; did you mean "q35"?
            at web.json:40:16
        2 files: 3 warnings
        hint: for an explanation with examples, run `nixvirt explain CODE`
    "#]]
    .assert_eq(&shown.replace(machines, "MACHINES"));
    assert!(!check(&["--connect", "qemu:///system", "--deny-warnings"]).succeeded);
}
