//! The service of the NixOS module under a real systemd, with a real libvirtd that systemd starts.

mod host;
mod session;

use host::{
    SERVICE, declare, guest, install, install_modular, journal, property, reinstall, start_all, switch, systemctl,
    try_systemctl, want, write_unit,
};
use nixvirt_tests::libvirtd::{process, virsh};
use nixvirt_tests::{project, run};
use pretty_assertions::assert_eq;
use serde_json::{Value as Json, json};
use session::boots;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// A network, a pool with a volume that is filled from a file, and a guest that uses both.
fn objects() -> Json {
    let web = "<domain type='qemu'><name>web</name><memory unit='MiB'>32</memory><os><type machine='q35'>hvm</type></os>\
        <devices><disk type='volume'><source pool='disks' volume='web.img'/><target dev='vda' bus='virtio'/></disk>\
        <interface type='network'><source network='lan'/><model type='virtio'/></interface></devices></domain>";
    let lan = "<network><name>lan</name><bridge name='virbr80'/><ip address='192.168.80.1' prefix='24'/></network>";
    json!({
        "networks": [{ "xml": lan, "active": true }],
        "pools": [pool(json!([{
            "xml": "<volume><name>web.img</name><capacity unit='MiB'>1</capacity></volume>",
            "content": { "file": "/var/images/web.img" }
        }]))],
        "domains": [{ "xml": web, "active": true }]
    })
}

/// The folder of the pool.
const DISKS: &str = "/var/disks";

/// A pool with volumes.
fn pool(volumes: Json) -> Json {
    let xml = format!("<pool type='dir'><name>disks</name><target><path>{DISKS}</path></target></pool>");
    json!({ "xml": xml, "active": true, "volumes": volumes })
}

/// Makes a file that root alone can read.
fn make_file(path: &str, content: &[u8]) {
    let path = Path::new(path);
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a writable folder");
    fs::write(path, content).expect("a writable folder");
    fs::set_permissions(path, Permissions::from_mode(0o600)).expect("it was just made");
}

/// Checks that the service has run, and is ready to run again.
#[track_caller]
fn assert_applied() {
    let state = ["Result", "ActiveState"].map(|name| property(SERVICE, name));
    assert_eq!(state, ["success", "inactive"], "{}", journal());
}

#[test]
fn a_boot_makes_what_is_declared_and_a_switch_keeps_it() {
    boots(&[|| {
        make_file("/var/images/web.img", &[b'x'; 4096]);
        fs::create_dir(DISKS).expect("a writable folder");
        install(&[DISKS]);
        declare(&objects());
        start_all();
        assert_applied();
        assert_eq!(virsh(&["list", "--name"]), "web", "{}", journal());
        assert!(fs::read("/var/disks/web.img").expect("the volume").starts_with(b"xxxx"));
        // The guest is no part of the service.
        let groups = fs::read_to_string(format!("/proc/{}/cgroup", process("web"))).expect("QEMU runs");
        assert!(!groups.contains("nixvirt"), "{groups}");

        // A switch without a change runs the service, which changes nothing.
        let was = [process("web"), virsh(&["dumpxml", "web"])];
        start_all();
        assert_applied();
        assert!(journal().contains("4 unchanged\n"), "{}", journal());
        assert_eq!([process("web"), virsh(&["dumpxml", "web"])], was);
    }]);
}

/// Some distributions run a daemon for each kind of object. They install libvirtd too, and whatever starts it stops the others.
#[test]
#[cfg_attr(not(has_modular_daemons), ignore = "MODULAR_DAEMONS does not name libvirt's modular daemons")]
fn modular_daemons_start_when_they_are_asked() {
    boots(&[|| {
        make_file("/var/images/web.img", &[b'x'; 4096]);
        fs::create_dir(DISKS).expect("a writable folder");
        install_modular(&[DISKS]);
        declare(&objects());
        start_all();
        assert_applied();
        let names = ["virtqemud", "virtnetworkd", "virtstoraged", "libvirtd"];
        let states = || names.map(|name| property(&format!("{name}.service"), "ActiveState"));
        assert_eq!(states(), ["active", "active", "active", "inactive"], "{}", journal());
        assert_eq!(virsh(&["list", "--name"]), "web", "{}", journal());
        let was = process("web");

        // Daemons stop when nobody asks them, and the guests run on. The service starts them again, by itself.
        systemctl(&["stop", "virtqemud.service", "virtnetworkd.service", "virtstoraged.service"]);
        systemctl(&["start", SERVICE]);
        assert_applied();
        assert!(journal().contains("4 unchanged\n"), "{}", journal());
        assert_eq!((states(), process("web")), (["active", "active", "active", "inactive"].map(str::to_owned), was));
    }]);
}

#[test]
fn hooks_run_when_a_switch_starts_and_stops_a_guest() {
    boots(&[|| {
        let folder = Path::new("/etc/libvirt/hooks/qemu.d");
        fs::create_dir_all(folder).expect("a writable folder");
        let script = fs::read_to_string(project().join("tests/modules/firewall-and-hooks/hook.sh"))
            .expect("the hook that the module makes");
        let phases = script
            .replace("echo $VFIO", "echo ready >> /var/phases")
            .replace("true\nfalse", "echo released >> /var/phases");
        let hook = folder.join("nixvirt");
        fs::write(&hook, phases).expect("a writable folder");
        fs::set_permissions(&hook, Permissions::from_mode(0o755)).expect("a writable folder");
        install(&[]);
        switch(&guest("one"));
        assert_applied();
        let phases = || fs::read_to_string("/var/phases").expect("the hook has run");
        assert_eq!(phases(), "ready\n");
        let mut stopped = guest("one");
        stopped["domains"][0]["active"] = json!(false);
        stopped["domains"][0]["shutdown"] = json!({ "timeout": 0, "force": true });
        switch(&stopped);
        assert_applied();
        assert_eq!(phases(), "ready\nreleased\n");
    }]);
}

#[test]
fn a_saved_guest_resumes_at_the_next_boot() {
    boots(&[
        || {
            install(&[]);
            switch(&guest("One"));
            assert_applied();
            assert_eq!(virsh(&["list", "--name"]), "web");
        },
        || {
            // libvirt-guests has saved the guest when the host stopped.
            assert!(Path::new("/var/lib/libvirt/qemu/save/web.save").exists());
            install(&[]);
            start_all();
            assert_applied();
            assert_eq!(virsh(&["domstate", "--reason", "web"]), "running (restored)", "{}", journal());
            // What starts guests at boot came later, and found it running.
            let time = |unit: &str, name: &str| property(unit, name).parse::<u64>().expect("microseconds");
            let applied = time(SERVICE, "ExecMainExitTimestampMonotonic");
            assert!(applied <= time("libvirt-guests.service", "ExecMainStartTimestampMonotonic"));
            assert_eq!(property("libvirt-guests.service", "Result"), "success");
        },
    ]);
}

#[test]
fn a_roll_back_restores_the_former_generation() {
    boots(&[|| {
        install(&[]);
        switch(&guest("One"));
        let was = process("web");
        switch(&guest("Two"));
        assert!(virsh(&["dumpxml", "web"]).contains("<title>Two</title>"), "{}", journal());
        switch(&guest("One"));
        assert!(virsh(&["dumpxml", "web"]).contains("<title>One</title>"), "{}", journal());
        assert_applied();
        assert_eq!(process("web"), was, "the guest has run all the time");
    }]);
}

#[test]
fn a_pool_waits_for_a_file_system_that_is_new_in_the_same_switch() {
    boots(&[|| {
        install(&[]);
        switch(&guest("One"));
        // The new generation has a file system, which takes its time, and a pool on it.
        let device =
            "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=sleep 1\n";
        write_unit("disk.service", device);
        let mount = format!(
            "[Unit]\nRequires=disk.service\nAfter=disk.service\n[Mount]\nWhat=tmpfs\nWhere={DISKS}\nType=tmpfs\n"
        );
        write_unit("var-disks.mount", &mount);
        reinstall(&[DISKS]);
        switch(
            &json!({ "pools": [pool(json!([{ "xml": "<volume><name>new</name><capacity unit='MiB'>1</capacity></volume>" }]))] }),
        );
        assert_applied();
        assert_eq!(property("var-disks.mount", "ActiveState"), "active");
        assert!(Path::new("/var/disks/new").exists(), "{}", journal());
        virsh(&["pool-destroy", "disks"]);
        systemctl(&["stop", "var-disks.mount"]);
        assert_eq!(fs::read_dir(DISKS).expect("the mount point").count(), 0, "nothing is below the mount point");
    }]);
}

#[test]
fn a_rotated_secret_reaches_libvirt() {
    boots(&[|| {
        let xml = "<secret><uuid>0b1f9e5c-6b1a-4e6b-9d3e-2f6f3a1c7d10</uuid><usage type='volume'><volume>/var/disks/web</volume></usage></secret>";
        let objects = json!({ "secrets": [{ "xml": xml, "valueFile": "/run/secrets/key" }] });
        let value = || virsh(&["secret-get-value", "0b1f9e5c-6b1a-4e6b-9d3e-2f6f3a1c7d10"]);
        // A service makes the secret, in the same switch.
        write_unit(
            "secrets.service",
            "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=sh -c 'mkdir -m 700 /run/secrets; printf one > /run/secrets/key'\n",
        );
        want("multi-user.target", "secrets.service");
        write_unit("nixvirt.service.d/secrets.conf", "[Unit]\nAfter=secrets.service\n");
        install(&["/run/secrets/key"]);
        switch(&objects);
        assert_applied();
        assert_eq!(value(), "b25l", "{}", journal());
        // Its path, and with it the manifest, stays the same.
        make_file("/run/secrets/key", b"two");
        start_all();
        assert_applied();
        assert_eq!(value(), "dHdv", "{}", journal());
    }]);
}

#[test]
fn users_add_commands_to_the_service() {
    boots(&[|| {
        let more = "[Service]\nRestart=on-failure\nExecStartPost=virsh --connect qemu:///system desc web Added\nExecStartPost=+touch /var/added\n";
        write_unit("nixvirt.service.d/more.conf", more);
        install(&[]);
        switch(&guest("One"));
        assert_applied();
        assert!(virsh(&["dumpxml", "web"]).contains("<description>Added<"), "{}", journal());
        assert!(Path::new("/var/added").exists(), "{}", journal());
    }]);
}

#[test]
fn no_daemon_answers() {
    boots(&[|| {
        install(&[]);
        for name in ["libvirtd.service", "libvirtd.socket", "libvirtd-ro.socket", "libvirtd-admin.socket"] {
            write_unit(
                name,
                "[Unit]\nConditionPathExists=/never\n[Service]\nExecStart=false\n[Socket]\nListenStream=/never\n",
            );
        }
        // The service need not wait for long here.
        write_unit("nixvirt.service.d/wait.conf", "[Service]\nTimeoutStartSec=5s\n");
        systemctl(&["daemon-reload"]);
        declare(&guest("One"));
        let started = try_systemctl(&["start", SERVICE]);
        assert!(!started.succeeded, "{}", journal());
        assert_eq!(property(SERVICE, "ActiveState"), "failed");
    }]);
}

#[test]
fn the_service_is_confined() {
    boots(&[|| {
        install(&[]);
        let exposure = run(Command::new("systemd-analyze").args(["security", "--no-pager", "--threshold=40", SERVICE]));
        assert!(exposure.succeeded, "{}{}", exposure.stdout, exposure.stderr);
    }]);
}
