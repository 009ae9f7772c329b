//! A Debian that boots on a real libvirt, seen from inside: one manifest and one `nixvirt apply` lead from nothing to a guest in
//! which `nixvirt ssh` runs a command. The root's recipe makes the guest, in /opt/guest.

use nixvirt_tests::libvirtd::{self, URI, until, virsh};
use nixvirt_tests::{Outcome, run};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

const NAME: &str = "debian-test";

/// In two parts, because the store also holds this file when the flake is tested.
const SECRET: &str = concat!("g\"uest-", "s<ecret");

const GIB: u64 = 1 << 30;

/// A host with a guest.
struct Host {
    folder: PathBuf,
}

/// What differs between the declarations of the guest.
#[derive(Clone, Copy)]
struct Guest {
    active: bool,
    capacity: u64,
    devices: &'static str,
    message: &'static str,
}

const FIRST: Guest = Guest { active: true, capacity: 3 * GIB, devices: "", message: "hello" };

/// A disk and a network card that are attached while the guest runs.
const LATE: &str = "<disk type='volume' device='disk'><driver name='qemu' type='raw'/><source pool='guests' volume='late'/>
    <target dev='vdc' bus='virtio'/><serial>late</serial></disk>
    <interface type='network'><mac address='52:54:00:00:00:02'/><source network='guests'/><model type='virtio'/></interface>";

impl Host {
    fn new() -> Self {
        let folder = std::env::temp_dir().join("guest");
        fs::create_dir_all(&folder).expect("a writable folder");
        let host = Host { folder };
        fs::write(host.path("secret"), format!("{SECRET}\n")).expect("a writable folder");
        let key = host.path("key");
        assert!(run(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &key])).succeeded);
        host
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn manifest(&self, guest: Guest) -> String {
        let public_key = fs::read_to_string(self.path("key.pub")).expect("it was made");
        let user_data = json!({
            "users": [{
                "name": "debian", "shell": "/bin/bash", "sudo": "ALL=(ALL) NOPASSWD:ALL",
                "ssh_authorized_keys": [public_key.trim()],
            }],
            "write_files": [
                { "path": "/run/secret", "permissions": "0644", "content": "@secret@" },
                { "path": "/run/message", "permissions": "0644", "content": guest.message },
            ],
        });
        let seed = json!({ "seed": {
            "files": {
                "user-data": { "text": format!("#cloud-config\n{user_data}"), "escape": "json" },
                "meta-data": { "text": json!({ "instance-id": NAME, "local-hostname": NAME }).to_string() },
            },
            "secretFiles": { "secret": self.path("secret") },
        } });
        let volume = |name: &str, format: &str, capacity: u64| {
            format!(
                "<volume><name>{name}</name><capacity>{capacity}</capacity><target><format type='{format}'/></target></volume>"
            )
        };
        let network = "<network><name>guests</name><bridge name='virbr-guests'/><domain name='guests.test' localOnly='yes'/>
            <ip address='192.168.199.1' prefix='24'><dhcp><range start='192.168.199.10' end='192.168.199.99'/></dhcp></ip></network>";
        let pool =
            format!("<pool type='dir'><name>guests</name><target><path>{}</path></target></pool>", self.path("pool"));
        let connection = json!({
            "networks": [{ "xml": network, "active": true }],
            "pools": [{ "xml": pool, "active": true, "volumes": [
                { "xml": volume("disk.qcow2", "qcow2", guest.capacity), "content": { "file": "/opt/guest/disk.qcow2" } },
                { "xml": volume("seed", "raw", 1 << 20), "content": seed },
                { "xml": volume("late", "raw", 8 << 20) },
            ] }],
            "domains": [{ "xml": domain(guest.devices), "active": guest.active, "shutdown": { "timeout": 100, "force": false } }],
        });
        json!({ "version": 1, "connections": { URI: connection } }).to_string()
    }

    fn nixvirt(&self, command: &str, guest: Guest) -> Outcome {
        let manifest = self.path("manifest.json");
        fs::write(&manifest, self.manifest(guest)).expect("a writable folder");
        run(Command::new("nixvirt").args([command, "--manifest", &manifest, "--state", &self.path("state")]))
    }

    #[track_caller]
    fn apply(&self, guest: Guest) -> String {
        let outcome = self.nixvirt("apply", guest);
        assert!(outcome.succeeded, "{}{}", outcome.stdout, outcome.stderr);
        outcome.stdout
    }

    /// The output of a command in the guest.
    #[track_caller]
    fn inside(&self, command: &str) -> String {
        let login = format!("debian@{NAME}");
        let known = format!("UserKnownHostsFile={}", self.path("known_hosts"));
        let options = ["ssh", "-i", &self.path("key"), "-o", &known, "--timeout", "300", &login, command];
        let outcome = run(Command::new("nixvirt").args(options));
        assert!(outcome.succeeded, "{command}: {}{}", outcome.stdout, outcome.stderr);
        outcome.stdout.trim().to_owned()
    }

    /// The guest of the list.
    fn listed(&self) -> Value {
        let mut list: Value = serde_json::from_str(&nixvirt(&["list", "--json"]).stdout).expect("JSON");
        list["guests"][0].take()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        libvirtd::clear();
        // A leftover folder does no harm.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The guest has one processor: QEMU 10.0 sometimes fails an assertion when it emulates several in parallel.
fn domain(devices: &str) -> String {
    let ports = (1..=9)
        .map(|index| format!("<controller type='pci' index='{index}' model='pcie-root-port'/>"))
        .collect::<String>();
    format!(
        "<domain type='qemu'><name>{NAME}</name><memory unit='MiB'>512</memory><vcpu>1</vcpu>
          <os><type arch='x86_64' machine='q35'>hvm</type><kernel>/opt/guest/vmlinuz</kernel><initrd>/opt/guest/initrd.img</initrd>
            <cmdline>root=LABEL=root rw console=ttyS0 net.ifnames=0 mitigations=off quiet</cmdline></os>
          <features><acpi/></features><cpu mode='custom' check='none'><model>Nehalem</model></cpu>
          <devices>{ports}
            <disk type='volume' device='disk'><driver name='qemu' type='qcow2' cache='unsafe'/><source pool='guests' volume='disk.qcow2'/>
              <target dev='vda' bus='virtio'/></disk>
            <disk type='volume' device='disk'><driver name='qemu' type='raw'/><source pool='guests' volume='seed'/>
              <target dev='vdb' bus='virtio'/><readonly/></disk>
            <interface type='network'><mac address='52:54:00:00:00:01'/><source network='guests'/><model type='virtio'/></interface>
            <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
            <serial type='pty'/><console type='pty'/><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
            {devices}
          </devices></domain>"
    )
}

fn nixvirt(arguments: &[&str]) -> Outcome {
    run(Command::new("nixvirt").args(arguments))
}

/// The files with these bytes, in the folders where libvirt, this program and Nix keep what they know.
fn holders(host: &Host, bytes: &str) -> String {
    let folders = ["/etc/libvirt", "/run/libvirt", "/var/lib/libvirt", "/var/log/libvirt", "/nix/store"];
    let state = host.path("state");
    run(Command::new("grep").args(["-rslaF", "--", bytes, &state]).args(folders)).stdout
}

#[test]
fn from_nothing_to_a_command_in_the_guest() {
    libvirtd::start();
    libvirtd::clear();
    let host = Host::new();
    let begin = Instant::now();
    let mut said = host.apply(FIRST);
    assert_eq!(host.inside("uname -n"), NAME);
    println!("a command in the guest after {:.1} s", begin.elapsed().as_secs_f64());

    // The agent, the lease and the result of cloud-init.
    for state in ["agent", "ip", "cloud-init"] {
        let outcome = nixvirt(&["wait", NAME, "--for", state]);
        assert!(outcome.succeeded, "{}", outcome.stderr);
    }
    let listed = host.listed();
    assert_eq!((&listed["agent"], &listed["addresses"][0]["source"]), (&json!(true), &json!("lease")), "{listed}");
    let address = listed["addresses"][0]["ip"].as_str().expect("an address").to_owned();
    assert!(host.inside("hostname -I").contains(&address));

    // The secret is in the guest and in the seed, which its owner alone reads, and nowhere else.
    assert_eq!(host.inside("cat /run/secret /run/message"), format!("{SECRET}hello"));
    let seed = host.folder.join("pool/seed");
    let escaped = SECRET.replace('"', "\\\"");
    let written = fs::read(&seed).expect("a seed");
    assert!(written.windows(escaped.len()).any(|part| part == escaped.as_bytes()));
    assert_eq!(fs::metadata(&seed).expect("a seed").permissions().mode() & 0o777, 0o600);

    // Devices that are plugged in, and a disk that grows, are seen by the guest.
    let more = Guest { capacity: 4 * GIB, devices: LATE, ..FIRST };
    said += &host.apply(more);
    let sees = |command: &str, expected: &str| until(command, || host.inside(command).contains(expected));
    sees("ls /sys/class/net", "eth1");
    sees("cat /sys/block/vdc/serial", "late");
    sees("cat /sys/block/vda/size", &(4 * GIB / 512).to_string());
    said += &host.apply(FIRST_WITH_MORE_ROOM);
    until("the devices are gone", || !host.inside("ls /sys/class/net").contains("eth1"));

    // A seed that a guest reads is not written.
    let changed = Guest { message: "changed", ..FIRST_WITH_MORE_ROOM };
    let plan = host.nixvirt("plan", changed).stdout;
    assert!(plan.contains("its new content is written by the next apply once no guest uses it"), "{plan}");
    said += &plan;
    said += &host.apply(changed);

    // The guest shuts down when it is asked to, and the seed is written then.
    said += &host.apply(Guest { active: false, ..changed });
    assert_eq!(virsh(&["domstate", NAME]), "shut off");
    let off = Guest { active: false, ..changed };
    let plan = host.nixvirt("plan", off).stdout;
    assert!(plan.contains("the declared files or secrets have changed"), "{plan}");
    said += &plan;
    said += &host.apply(off);
    let written = fs::read(&seed).expect("a seed");
    assert!(written.windows(7).any(|part| part == b"changed"));
    assert!(!host.nixvirt("plan", off).stdout.contains('~'));
    for secret in [SECRET, &*escaped] {
        assert_eq!((holders(&host, secret), said.contains(secret)), (String::new(), false));
    }
}

const FIRST_WITH_MORE_ROOM: Guest = Guest { capacity: 4 * GIB, ..FIRST };
