//! One run is enough, on a real libvirt: whatever is declared after whatever was declared before, with guests that use it.

use crate::reconcile::{Host, guest};
use expect_test::expect;
use nixvirt_tests::libvirtd::{process, virsh};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// A network for each forward mode, but for `hostdev`: libvirt defines that only on a host with virtual functions.
const MODES: [(&str, &str); 8] = [
    ("none", "<bridge name='br-modes'/><ip address='10.79.0.1' netmask='255.255.255.0'/>"),
    ("nat", "<forward mode='nat'/><bridge/><ip address='10.79.0.1' netmask='255.255.255.0'/>"),
    ("route", "<forward mode='route'/><ip address='10.79.0.1' netmask='255.255.255.0'/>"),
    ("open", "<forward mode='open'/><bridge name='br-modes'/><ip address='10.79.0.1' netmask='255.255.255.0'/>"),
    ("bridge", "<forward mode='bridge'/><bridge name='br-host'/>"),
    ("private", "<forward mode='private'><interface dev='lo'/></forward>"),
    ("vepa", "<forward mode='vepa'><interface dev='lo'/></forward>"),
    ("passthrough", "<forward mode='passthrough'><interface dev='lo'/></forward>"),
];

#[test]
fn a_network_changes_from_each_forward_mode_into_each_other() {
    let host = Host::new();
    let with = |(_, parts): (&str, &str)| {
        let xml = format!("<network><name>modes</name>{parts}</network>");
        json!({ "networks": [{ "xml": xml, "active": true, "onChange": "restart" }] })
    };
    let mut left: BTreeSet<(usize, usize)> = (0..MODES.len())
        .flat_map(|from| (0..MODES.len()).map(move |to| (from, to)))
        .filter(|(from, to)| from != to)
        .collect();
    let mut now = 0;
    host.apply(&with(MODES[now]));
    while let Some(&first) = left.first() {
        let next = left.range((now, 0)..(now + 1, 0)).next().copied().unwrap_or(first);
        if next.0 != now {
            host.apply(&with(MODES[next.0]));
        }
        host.apply(&with(MODES[next.1]));
        let mode = format!("mode='{}'", MODES[next.1].0);
        let found = virsh(&["net-dumpxml", "--inactive", "modes"]);
        assert!(next.1 == 0 || found.contains(&mode), "{} into {}: {found}", MODES[next.0].0, MODES[next.1].0);
        left.remove(&next);
        now = next.1;
    }
    host.apply(&json!({ "networks": [] }));
}

fn dir_pool(name: &str, folder: &str) -> String {
    format!("<pool type='dir'><name>{name}</name><target><path>{folder}</path></target></pool>")
}

fn volume(name: &str) -> String {
    format!(
        "<volume><name>{name}</name><capacity unit='MiB'>1</capacity><allocation>0</allocation>\
         <target><format type='qcow2'/></target></volume>"
    )
}

fn file_disk(file: &str) -> String {
    format!(
        "<disk type='file'><driver name='qemu' type='qcow2'/><source file='{file}'/><target dev='vda' bus='virtio'/></disk>"
    )
}

/// Starts a guest that is not declared.
fn start_foreign(host: &Host, name: &str, devices: &str) {
    let file = host.path("foreign.xml");
    fs::write(&file, guest(name, "", devices)).expect("a writable folder");
    let created = run(Command::new("virsh").args(["-c", "qemu:///system", "create", &file]));
    assert!(created.succeeded, "{}", created.stderr);
}

#[test]
fn an_undeclared_pool_and_network_are_kept_for_running_guests_and_removed_once_free() {
    let host = Host::new();
    let folder = host.path("pool");
    let network = "<network><name>used</name><bridge name='br-used'/></network>";
    host.apply(&json!({
        "pools": [{ "xml": dir_pool("used", &folder), "active": true, "volumes": [{ "xml": volume("disk") }] }],
        "networks": [{ "xml": network, "active": true }],
    }));
    start_foreign(&host, "on-path", &file_disk(&format!("{folder}/disk")));
    start_foreign(&host, "on-bridge", "<interface type='bridge'><source bridge='br-used'/></interface>");
    let pids = [process("on-path"), process("on-bridge")];
    let nothing = json!({ "pools": [], "networks": [] });
    for _ in 0..2 {
        host.apply(&nothing);
    }
    expect![[r#"
        network used kept kept
          still-in-use
        pool used kept kept
          still-in-use
    "#]]
    .assert_eq(&host.report("status", &[], &nothing, 0).facts());
    assert!(virsh(&["pool-list", "--name"]).contains("used") && virsh(&["net-list", "--name"]).contains("used"));
    assert_eq!([process("on-path"), process("on-bridge")], pids);
    virsh(&["destroy", "on-path"]);
    virsh(&["destroy", "on-bridge"]);
    host.apply(&nothing);
    assert!(!virsh(&["pool-list", "--all", "--name"]).contains("used"));
    assert!(!virsh(&["net-list", "--all", "--name"]).contains("used"));
    assert!(Path::new(&folder).join("disk").exists(), "the disk stays");
}

#[test]
fn a_volume_is_not_deleted_whatever_path_a_running_guest_has_it_by() {
    let host = Host::new();
    let folder = host.path("pool");
    let with = |volumes: Value| json!({ "pools": [{ "xml": dir_pool("spelled", &folder), "active": true, "volumes": volumes }] });
    let link = host.path("link");
    symlink(&folder, &link).expect("a writable folder");
    let top = host.path("top");
    for path in [format!("{link}/disk"), format!("{folder}/../pool/disk"), format!("{folder}/disk"), top.clone()] {
        host.apply(&with(json!([{ "xml": volume("disk") }])));
        if path == top {
            let backing = format!("{link}/disk");
            let made = run(
                Command::new("qemu-img").args(["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", &backing, &top])
            );
            assert!(made.succeeded, "{}", made.stderr);
        }
        start_foreign(&host, "spells", &file_disk(&path));
        let gone = with(json!([{ "name": "disk", "present": false }]));
        let said = host.nixvirt("apply", &gone).is(1).said.clone();
        assert!(said.contains("in use by domain spells"), "{path}: {said}");
        assert!(Path::new(&folder).join("disk").exists(), "{path}");
        virsh(&["destroy", "spells"]);
        host.apply(&gone);
        assert!(!Path::new(&folder).join("disk").exists(), "{path}");
    }
    host.apply(&json!({ "pools": [] }));
}
