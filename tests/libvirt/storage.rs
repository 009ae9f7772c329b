//! Pools and volumes on a real libvirt, which rounds sizes and sets permissions in its own way.

use crate::reconcile::{Host, guest};
use expect_test::expect;
use nixvirt_tests::libvirtd::{ask_virsh, virsh};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

fn pool(host: &Host, permissions: &str, volumes: &[String]) -> Value {
    let xml = format!(
        "<pool type='dir'><name>sizes</name><target><path>{}</path>{permissions}</target></pool>",
        host.path("pool")
    );
    let volumes: Vec<_> = volumes.iter().map(|xml| json!({ "xml": xml })).collect();
    json!({ "pools": [{ "xml": xml, "active": true, "volumes": volumes }] })
}

fn volume(name: &str, format: &str, capacity: &str) -> String {
    format!("<volume><name>{name}</name>{capacity}<target><format type='{format}'/></target></volume>")
}

/// Applies a declaration, after which status reports no difference.
#[track_caller]
fn settles(host: &Host, declared: &Value) {
    host.apply(declared);
    let status = host.nixvirt_with("status", &["--exit-code"], declared);
    assert_eq!(status.code, 0, "{}", status.said);
}

/// A pool gets them when it starts.
#[test]
fn the_permissions_of_a_pool_change() {
    let host = Host::new();
    for mode in ["0750", "0755", "0711"] {
        ask_virsh(&["pool-destroy", "sizes"]);
        settles(&host, &pool(&host, &format!("<permissions><mode>{mode}</mode></permissions>"), &[]));
        let about = fs::metadata(host.path("pool")).expect("a folder");
        assert_eq!(format!("{:04o}", about.permissions().mode() & 0o7777), mode);
    }
    host.apply(&json!({ "pools": [] }));
}

/// Until then, the status says so.
#[test]
fn the_permissions_of_a_running_pool_are_pending() {
    let host = Host::new();
    let with = |mode: &str| pool(&host, &format!("<permissions><mode>{mode}</mode></permissions>"), &[]);
    settles(&host, &with("0750"));
    host.apply(&with("0755"));
    expect![[r#"
        pool sizes pending-restart unchanged
          pending: target.permissions.mode: 0750 → 0755
    "#]]
    .assert_eq(&host.report("status", &["--exit-code"], &with("0755"), 2).facts());
    ask_virsh(&["pool-destroy", "sizes"]);
    settles(&host, &with("0755"));
    host.apply(&json!({ "pools": [] }));
}

#[test]
fn content_that_is_larger_than_the_volume_is_no_drift() {
    let host = Host::new();
    fs::write(host.path("image"), vec![7; 2 << 20]).expect("a writable folder");
    let mut declared = pool(&host, "", &[volume("v", "raw", "<capacity unit='MiB'>1</capacity>")]);
    declared["pools"][0]["volumes"][0]["content"] = json!({ "file": host.path("image") });
    settles(&host, &declared);
    assert_eq!(fs::metadata(host.path("pool/v")).expect("a file").len(), 2 << 20);
    host.apply(&json!({ "pools": [] }));
}

/// libvirt drops what has no effect.
#[test]
fn parts_without_an_effect_are_no_drift() {
    let host = Host::new();
    let ip = "<ip address='192.168.231.1' netmask='255.255.255.0'><dhcp/></ip>";
    let network = format!("<network><name>spelled</name><bridge name='virbr231'/>{ip}</network>");
    let pin = "<vcpu>1</vcpu><cputune><vcpupin vcpu='3' cpuset='0'/></cputune>";
    let domain = json!({ "xml": guest("spelled", pin, ""), "active": true });
    settles(&host, &json!({ "networks": [{ "xml": network, "active": true }], "domains": [domain] }));
    virsh(&["destroy", "spelled"]);
    host.apply(&json!({ "networks": [], "domains": [] }));
}

/// libvirt rounds the sizes of volumes up.
#[test]
fn sizes_that_are_rounded_are_no_drift() {
    let host = Host::new();
    let sizes = [
        ("raw", "<capacity unit='bytes'>1000001</capacity>"),
        ("qcow2", "<capacity unit='bytes'>1000001</capacity>"),
        ("qcow2", "<capacity unit='MB'>5</capacity>"),
        ("raw", "<capacity unit='MB'>5</capacity><allocation>0</allocation>"),
    ];
    let volumes = |more: &str| -> Vec<String> {
        let volume = |(at, (format, capacity)): (usize, &(&str, &str))| {
            volume(&format!("v{at}"), format, &capacity.replace("1000001", more))
        };
        sizes.iter().enumerate().map(volume).collect()
    };
    settles(&host, &pool(&host, "", &volumes("1000001")));
    // One byte more.
    settles(&host, &pool(&host, "", &volumes("1000002")));
    assert!(fs::metadata(host.path("pool/v0")).expect("a file").len() >= 1_000_002);
    settles(&host, &pool(&host, "", &volumes("3000000")));
    assert!(fs::metadata(host.path("pool/v0")).expect("a file").len() >= 3_000_000);
    assert!(virsh(&["vol-dumpxml", "v1", "sizes"]).contains("<capacity unit='bytes'>3000320</capacity>"));
    host.apply(&json!({ "pools": [] }));
}

/// libvirt copies the present content of a volume. It cannot copy a snapshot in the volume.
#[test]
fn a_copy_has_the_present_content_and_not_that_of_a_snapshot() {
    let host = Host::new();
    let qcow2 = |name: &str| volume(name, "qcow2", "<capacity unit='MiB'>1</capacity>");
    let declared = |copies: &[&str]| {
        let volumes: Vec<_> = [&["source"], copies].concat().into_iter().map(qcow2).collect();
        let mut declared = pool(&host, "", &volumes);
        for copy in declared["pools"][0]["volumes"].as_array_mut().expect("volumes").iter_mut().skip(1) {
            copy["content"] = json!({ "volume": { "name": "source" } });
        }
        declared
    };
    let asks = |name: &str, command: &str| {
        let outcome = run(Command::new("qemu-io").args(["-c", command, &host.path(&format!("pool/{name}"))]));
        assert!(outcome.succeeded, "{}", outcome.stderr);
        outcome.stdout
    };
    let write = |name: &str, byte: &str| drop(asks(name, &format!("write -P {byte} 0 64k")));
    let begins_with = |name: &str, byte: &str| !asks(name, &format!("read -P {byte} 0 64k")).contains("failed");

    settles(&host, &declared(&[]));
    let disk = format!(
        "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{}'/><target dev='vda' bus='virtio'/></disk>",
        host.path("pool/source")
    );
    fs::write(host.path("copied.xml"), guest("copied", "", &disk)).expect("a writable folder");
    virsh(&["define", &host.path("copied.xml")]);
    write("source", "0xaa");
    virsh(&["snapshot-create-as", "copied", "internal"]);
    write("source", "0xbb");
    settles(&host, &declared(&["of-internal"]));
    assert!(begins_with("of-internal", "0xbb"));

    // With an external snapshot, the guest writes to another file.
    virsh(&["snapshot-delete", "copied", "internal"]);
    let elsewhere = format!("vda,file={}", host.path("elsewhere"));
    virsh(&["snapshot-create-as", "copied", "external", "--disk-only", "--diskspec", &elsewhere]);
    write("../elsewhere", "0xcc");
    settles(&host, &declared(&["of-internal", "of-external"]));
    assert!(begins_with("of-external", "0xbb"));
    virsh(&["undefine", "copied", "--snapshots-metadata"]);
    host.apply(&json!({ "pools": [] }));
}
