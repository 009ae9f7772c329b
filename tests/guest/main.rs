//! A Debian that boots on a real libvirt, seen from inside: one manifest and one `nixvirt apply` lead from nothing to a guest in
//! which `nixvirt ssh` runs a command. The root's recipe makes the guest, in /opt/guest.

mod live;
mod next_start;
mod seen;

use nixvirt_tests::libvirtd::{self, URI, process, virsh};
use nixvirt_tests::{Outcome, project, run};
use seen::{Row, Seen};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The guest, its user and the key of the user are those of the guide's page on cloud images.
const NAME: &str = "debian";
const USER: &str = "alice";
const KEY: &str = ".ssh/id_ed25519";

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
    /// The time limit of a shutdown in seconds, and whether the guest is forced off after it.
    shutdown: (u32, bool),
    capacity: u64,
    message: &'static str,
    /// Whether there is a snapshot.
    snapshot: bool,
    /// Whether all that can change live is changed.
    is_changed: bool,
    /// Whether all that changes at the next start is changed.
    is_next: bool,
    /// A disk and a network card that are plugged in.
    late: &'static str,
}

const FIRST: Guest = Guest {
    active: true,
    shutdown: (600, false),
    capacity: 3 * GIB,
    message: "hello",
    snapshot: false,
    is_changed: false,
    is_next: false,
    late: "",
};

const CHANGED: Guest = Guest { capacity: 4 * GIB, snapshot: false, is_changed: true, late: LATE, ..FIRST };

/// A disk and a network card that are attached while the guest runs, and detached again.
const LATE: &str = "<disk type='volume' device='disk'><driver name='qemu' type='raw'/><source pool='guests' volume='late'/>
    <target dev='vdc' bus='virtio'/><serial>late</serial></disk>
    <interface type='network'><mac address='52:54:00:00:00:04'/><source network='guests'/><model type='virtio'/></interface>";

/// Settings of the cards in the guest: those that are there from the beginning answer without DHCP. No boot waits for them.
const CARDS: [(&str, &str); 3] = [
    ("50-second", "[Match]\nMACAddress=52:54:00:00:00:02\n[Network]\nAddress=192.168.198.77/24\n"),
    ("50-third", "[Match]\nMACAddress=52:54:00:00:00:03\n[Network]\nLinkLocalAddressing=no\n"),
    ("60-late", "[Match]\nMACAddress=52:54:00:00:00:04 52:54:00:00:00:05\n[Network]\nDHCP=ipv4\n"),
];

impl Host {
    fn new() -> Self {
        let folder = std::env::temp_dir().join("guest");
        fs::create_dir_all(&folder).expect("a writable folder");
        let host = Host { folder };
        for folder in ["share", ".ssh"] {
            fs::create_dir_all(host.path(folder)).expect("a writable folder");
        }
        let secret = format!("{SECRET}\n");
        for (name, text) in
            [("secret", &*secret), ("first.iso", "first"), ("second.iso", "second"), ("share/shared", "shared")]
        {
            fs::write(host.path(name), text).expect("a writable folder");
        }
        let key = host.path(KEY);
        assert!(run(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &key])).succeeded);
        host
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn manifest(&self, guest: Guest) -> String {
        let public_key = fs::read_to_string(self.path(KEY) + ".pub").expect("it was made");
        let mut files = vec![
            json!({ "path": "/run/secret", "permissions": "0644", "content": "@secret@" }),
            json!({ "path": "/run/message", "permissions": "0644", "content": guest.message }),
            json!({ "path": "/etc/resolv.conf", "content": "nameserver 192.168.199.1\n" }),
            json!({ "path": "/usr/local/bin/dns", "permissions": "0755", "content": live::DNS }),
            json!({ "path": "/usr/local/bin/boot-order", "permissions": "0755", "content": next_start::BOOT_ORDER }),
        ];
        files.extend(CARDS.map(|(name, text)| {
            let text = format!("{text}[Link]\nRequiredForOnline=no\n");
            json!({ "path": format!("/etc/systemd/network/{name}.network"), "permissions": "0644", "content": text })
        }));
        let user_data = json!({
            "users": [{
                "name": USER, "shell": "/bin/bash", "sudo": "ALL=(ALL) NOPASSWD:ALL",
                "ssh_authorized_keys": [public_key.trim()],
            }],
            "write_files": files,
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
        let pool =
            format!("<pool type='dir'><name>guests</name><target><path>{}</path></target></pool>", self.path("pool"));
        let connection = json!({
            "networks": [
                { "xml": network(guest), "active": true, "onChange": if guest.is_next { "restart" } else { "live" } },
                { "xml": OTHER_NETWORK, "active": true },
            ],
            "pools": [{ "xml": pool, "active": true, "volumes": [
                { "xml": volume("disk.qcow2", "qcow2", guest.capacity), "content": { "file": "/opt/guest/disk.qcow2" } },
                { "xml": volume("seed", "raw", 1 << 20), "content": seed },
                { "xml": volume("late", "raw", 8 << 20) },
                { "xml": volume("late-scsi", "raw", 7 << 20) },
                { "xml": volume("next-sata", "raw", 6 << 20) },
                { "xml": volume("first.iso", "raw", 1 << 20), "content": { "file": self.path("first.iso") } },
                { "xml": volume("second.iso", "raw", 1 << 20), "content": { "file": self.path("second.iso") } },
            ] }],
            "domains": [{
                "xml": domain(guest, &self.path("share")), "active": guest.active,
                "shutdown": { "timeout": guest.shutdown.0, "force": guest.shutdown.1 },
                "snapshots": [{ "name": "before", "present": guest.snapshot }],
            }],
        });
        json!({ "version": 1, "connections": { URI: connection } }).to_string()
    }

    fn nixvirt(&self, command: &str, guest: Guest) -> Outcome {
        self.nixvirt_with(command, &[], guest)
    }

    fn nixvirt_with(&self, command: &str, options: &[&str], guest: Guest) -> Outcome {
        let manifest = self.path("manifest.json");
        fs::write(&manifest, self.manifest(guest)).expect("a writable folder");
        let files = ["--manifest", &manifest, "--state", &self.path("state")];
        run(Command::new("nixvirt").arg(command).args(files).args(options))
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
        let outcome = self.try_inside(command);
        assert!(outcome.succeeded, "{command}: {}{}", outcome.stdout, outcome.stderr);
        outcome.stdout.trim().to_owned()
    }

    fn try_inside(&self, command: &str) -> Outcome {
        let known = format!("UserKnownHostsFile={}", self.path("known_hosts"));
        let login = format!("{USER}@{NAME}");
        let patience = seconds(PATIENCE);
        // A guest that reboots does not end the connection.
        let options = ["-o", &known, "-o", "ServerAliveInterval=20", "--timeout", &patience];
        nixvirt(&[&["ssh", "-i", &self.path(KEY)], &options[..], &[&login, command]].concat())
    }

    /// Waits until a command in the guest prints a text.
    #[track_caller]
    fn sees(&self, command: &str, expected: &str) {
        let seen = || self.try_inside(command).stdout.contains(expected);
        assert!(within_patience(seen), "{command} does not print {expected}");
    }

    /// The changes that neither the guest nor its host shows.
    fn unseen(&self, rows: &[Row]) -> Vec<String> {
        let commands: Vec<_> = rows
            .iter()
            .filter_map(|(.., seen)| match seen {
                Seen::Inside(command, _) => Some(*command),
                _ => None,
            })
            .collect();
        let script = commands.iter().map(|command| format!("({command}) 2>&1; echo '{END}'; ")).collect::<String>();
        let outputs = self.try_inside(&script).stdout;
        let mut outputs = outputs.split(END);
        let mut unseen = Vec::new();
        for (kind, path, seen) in rows {
            let (output, expected) = match seen {
                Seen::Inside(_, expected) => (outputs.next().unwrap_or_default().to_owned(), expected),
                Seen::Monitor(command, expected) => {
                    (virsh(&["qemu-monitor-command", NAME, "--hmp", command]), expected)
                }
                Seen::Host(command, expected) => (run(Command::new("bash").args(["-c", command])).stdout, expected),
                Seen::Elsewhere(_) => continue,
            };
            if !output.contains(expected) {
                unseen.push(format!("{kind} {path}: {expected} is not in {output}"));
            }
        }
        unseen
    }

    /// Waits until the guest or its host shows all changes.
    #[track_caller]
    fn shows(&self, rows: &[Row]) {
        assert!(within_patience(|| self.unseen(rows).is_empty()), "{}", self.unseen(rows).join("\n"));
    }

    /// The objects that are not in sync, and what of them is pending.
    fn open(&self, guest: Guest) -> Vec<String> {
        let outcome = self.nixvirt_with("status", &["--json"], guest);
        let status: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
        let objects = status["connections"][URI]["objects"].as_array().expect("objects");
        let open = objects.iter().filter(|object| object["state"] != "in-sync");
        open.map(|object| format!("{} {}: {} {}", object["type"], object["name"], object["state"], object["pending"]))
            .collect()
    }

    /// The objects of the plan.
    #[track_caller]
    fn plan(&self, guest: Guest) -> Vec<Value> {
        let outcome = self.nixvirt_with("plan", &["--json"], guest);
        let plan: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
        plan["connections"][URI]["objects"].as_array().expect("objects").clone()
    }

    /// The boot of the guest, and the process that runs the guest.
    fn boot(&self) -> (String, String) {
        (self.inside(BOOT), process(NAME))
    }

    /// Reboots the guest, which leaves what is pending as it was.
    #[track_caller]
    fn reboot(&self, guest: Guest, reboot: impl Fn()) {
        let (open, (boot, process)) = (self.open(guest), self.boot());
        reboot();
        let now = || self.try_inside(BOOT).stdout.trim().to_owned();
        let has_rebooted = || !["", &boot].contains(&&*now());
        assert!(within_patience(has_rebooted), "the guest reboots");
        assert_eq!((self.boot().1, self.open(guest)), (process, open));
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

/// How long the guest may take for anything: much longer than on an idle machine.
const PATIENCE: Duration = Duration::from_secs(1800);

fn seconds(time: Duration) -> String {
    time.as_secs().to_string()
}

/// Whether a condition holds after some time.
fn within_patience(holds: impl Fn() -> bool) -> bool {
    let begin = Instant::now();
    while !holds() {
        if begin.elapsed() > PATIENCE {
            return false;
        }
        sleep(Duration::from_millis(200));
    }
    true
}

/// The commands of the guide's page on cloud images that work on the guest.
fn commands_of_the_page() -> Vec<String> {
    let page = fs::read_to_string(project().join("docs/guides/cloud-image.md")).expect("it can be read");
    let commands: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("$ sudo nixvirt ")).collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    commands.iter().map(|command| format!("nixvirt {command}")).collect()
}

/// The command that prints the ID of the guest's boot.
const BOOT: &str = "cat /proc/sys/kernel/random/boot_id";

/// Stands between the outputs of commands.
const END: &str = "(end of the command)";

/// The network of the guest.
fn network(guest: Guest) -> String {
    let (dns, dhcp) = if guest.is_changed {
        (
            "<txt name='note.guests.test' value='late note'/>
             <srv service='late' protocol='tcp' domain='guests.test' target='late.guests.test' port='4242'/>
             <host ip='192.168.199.7'><hostname>late.guests.test</hostname></host>",
            "<range start='192.168.199.110' end='192.168.199.119'/><host mac='52:54:00:00:00:04' ip='192.168.199.5'/>",
        )
    } else {
        ("", "<range start='192.168.199.20' end='192.168.199.99'/>")
    };
    let network = format!(
        "<network><name>guests</name><bridge name='virbr-guests'/><domain name='guests.test' localOnly='yes'/>
          <dns>{dns}<host ip='192.168.199.6'><hostname>first.guests.test</hostname></host></dns>
          <ip address='192.168.199.1' prefix='24'><dhcp>{dhcp}</dhcp></ip></network>"
    );
    if guest.is_next { next_start::network(&network) } else { network }
}

/// Another network, to which a card moves.
const OTHER_NETWORK: &str =
    "<network><name>other</name><bridge name='virbr-other'/><ip address='192.168.198.1' prefix='24'/></network>";

/// The second processor is plugged in and not used: QEMU 10.0 sometimes fails an assertion when it emulates several in parallel.
fn domain(guest: Guest, share: &str) -> String {
    let ports = (1..=20)
        .map(|index| format!("<controller type='pci' index='{index}' model='pcie-root-port'/>"))
        .collect::<String>();
    // At its next start, the guest would use a second processor.
    let changed_vcpus = if guest.is_next { 1 } else { 2 };
    let (memory, vcpus, medium, second, third) = if guest.is_changed {
        (448, changed_vcpus, "second.iso", "other", "down")
    } else {
        (512, 1, "first.iso", "guests", "up")
    };
    let plugged = if guest.is_changed { plugged(share) } else { String::new() };
    let (late, boot) = (guest.late, next_start::DIRECT_BOOT);
    let domain = format!(
        "<domain type='qemu'><name>{NAME}</name><maxMemory slots='2' unit='MiB'>1024</maxMemory><memory unit='MiB'>512</memory>
          <currentMemory unit='MiB'>{memory}</currentMemory>
          <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking><vcpu current='{vcpus}'>2</vcpu>
          {boot}
          <features><acpi/></features><cpu mode='custom' check='none'><model>Nehalem</model>
            <numa><cell id='0' cpus='0-1' memory='512' unit='MiB'/></numa></cpu>
          <devices>{ports}<controller type='pci' index='21' model='pcie-to-pci-bridge'/><controller type='scsi' model='virtio-scsi'/>
            <disk type='volume' device='disk'><driver name='qemu' type='qcow2' cache='unsafe'/><source pool='guests' volume='disk.qcow2'/>
              <target dev='vda' bus='virtio'/></disk>
            <disk type='volume' device='disk'><driver name='qemu' type='raw'/><source pool='guests' volume='seed'/>
              <target dev='vdb' bus='virtio'/><readonly/></disk>
            <disk type='volume' device='cdrom'><driver name='qemu' type='raw'/><source pool='guests' volume='{medium}'/>
              <target dev='sda' bus='scsi'/><readonly/></disk>
            <interface type='network'><mac address='52:54:00:00:00:01'/><source network='guests'/><model type='virtio'/></interface>
            <interface type='network'><mac address='52:54:00:00:00:02'/><source network='{second}'/><model type='virtio'/></interface>
            <interface type='network'><mac address='52:54:00:00:00:03'/><source network='guests'/><model type='virtio'/>
              <link state='{third}'/></interface>
            <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
            <serial type='pty'/><console type='pty'/><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
            {plugged}{late}
          </devices></domain>"
    );
    if guest.is_next { next_start::domain(&domain) } else { domain }
}

/// Devices of all types that can be plugged in.
fn plugged(share: &str) -> String {
    format!(
        "<disk type='volume' device='disk'><driver name='qemu' type='raw'/><source pool='guests' volume='late-scsi'/>
           <target dev='sdb' bus='scsi'/></disk>
         <filesystem type='mount'><driver type='virtiofs'/><binary><sandbox mode='chroot'/></binary>
           <source dir='{share}'/><target dir='share'/></filesystem>
         <interface type='network'><mac address='52:54:00:00:00:05'/><source network='guests'/><model type='virtio'/></interface>
         <channel type='unix'><target type='virtio' name='org.test.late'/></channel>
         <redirdev bus='usb' type='tcp'><source mode='bind' host='127.0.0.1' service='4000'/></redirdev>
         <rng model='virtio'><backend model='random'>/dev/random</backend></rng>
         <shmem name='nixvirt-guest'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>
         <memory model='virtio-mem'><target><size unit='MiB'>128</size><node>0</node><block unit='MiB'>2</block>
           <requested unit='MiB'>128</requested></target></memory>"
    )
}

/// The names of the objects that a plan changes.
fn changes(plan: &[Value]) -> Vec<&str> {
    plan.iter().filter(|object| object["verdict"] == "change").filter_map(|object| object["name"].as_str()).collect()
}

/// The reasons that a plan gives for an object.
fn reasons<'a>(plan: &'a [Value], name: &str) -> &'a [Value] {
    let object = plan.iter().find(|object| object["name"] == name).expect("the object is in the plan");
    object["reasons"].as_array().expect("a list")
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
fn every_change_has_a_check() {
    assert_eq!(seen::mismatches(&live::ROWS, &live::documented()), [""; 0]);
    assert_eq!(seen::mismatches(next_start::ROWS, &next_start::documented()), [""; 0]);
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
        let outcome = nixvirt(&["wait", NAME, "--for", state, "--timeout", &seconds(PATIENCE)]);
        assert!(outcome.succeeded, "{}", outcome.stderr);
    }
    // The page's manifest is the one of the host, whose seed names the user.
    fs::create_dir_all("/etc/nixvirt").expect("a writable folder");
    fs::copy(host.path("manifest.json"), "/etc/nixvirt/manifest.json").expect("a writable folder");
    for command in commands_of_the_page() {
        let outcome = run(Command::new("bash").args(["-c", &command]).env("HOME", &host.folder));
        assert!(outcome.succeeded, "{command}: {}{}", outcome.stdout, outcome.stderr);
    }
    fs::remove_file("/etc/nixvirt/manifest.json").expect("it was copied");
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

    let rest = Guest { late: "", ..CHANGED };

    // The DNS server of the network knows the declared hosts.
    assert!(host.inside("getent hosts first.guests.test").contains("192.168.199.6"));
    host.inside("sudo networkctl reload");

    // A reboot is no start.
    let pending = Guest { is_next: true, ..FIRST };
    said += &host.apply(pending);
    assert!(host.open(pending).concat().contains("pending-restart"), "{:?}", host.open(pending));
    host.reboot(pending, || drop(virsh(&["reboot", NAME])));
    said += &host.apply(FIRST);
    assert_eq!(host.open(FIRST), [""; 0]);
    host.reboot(FIRST, || drop(host.try_inside("sudo systemctl reboot")));

    // What is saved goes on, and what is reverted is as it was. Neither is a change of the declaration.
    let first_boot = host.boot().0;
    let saved = Guest { snapshot: true, ..FIRST };
    said += &host.apply(saved);
    host.inside("echo after > after; sync");
    virsh(&["snapshot-revert", NAME, "before"]);
    assert_eq!(host.inside("ls after 2> /dev/null || echo none"), "none");
    virsh(&["managedsave", NAME]);
    assert_eq!(virsh(&["domstate", NAME]), "shut off");
    said += &host.apply(saved);
    assert_eq!(host.boot().0, first_boot);
    assert_eq!(changes(&host.plan(saved)), [""; 0]);

    said += &host.apply(FIRST);
    assert_eq!(virsh(&["snapshot-list", NAME, "--name"]), "");

    // All that can change live is seen by the guest, and so is a disk that grows.
    said += &host.apply(CHANGED);
    host.shows(&live::ROWS);
    host.sees("cat /sys/block/vda/size", &(4 * GIB / 512).to_string());
    assert!(within_patience(|| host.open(CHANGED).is_empty()), "{:?}", host.open(CHANGED));
    said += &host.apply(rest);
    assert!(within_patience(|| !host.inside("ls /sys/block").contains("vdc")), "the disk is detached");

    // A seed that a guest reads is not written, and the rest of what changes is pending.
    let changed = Guest { message: "changed", is_next: true, ..rest };
    said += &host.nixvirt("plan", changed).stdout;
    let plan = host.plan(changed);
    let waits = |it: &Value| it["reason"] == "still-in-use" && it["prevents"] == "rewrite" && it["by"] == json!([NAME]);
    assert!(reasons(&plan, "seed").iter().any(waits), "{plan:?}");
    said += &host.apply(changed);

    // The guest shuts down when it is asked to, and the seed is written then.
    said += &host.apply(Guest { active: false, ..changed });
    assert_eq!(virsh(&["domstate", NAME]), "shut off");
    let off = Guest { active: false, ..changed };
    said += &host.nixvirt("plan", off).stdout;
    let plan = host.plan(off);
    assert!(reasons(&plan, "seed").iter().any(|it| it["reason"] == "content-changed"), "{plan:?}");
    said += &host.apply(off);
    let written = fs::read(&seed).expect("a seed");
    assert!(written.windows(7).any(|part| part == b"changed"));
    assert_eq!(changes(&host.plan(off)), [""; 0]);

    // All that was pending is seen by the guest that has started.
    said += &host.apply(changed);
    host.shows(next_start::ROWS);
    assert!(within_patience(|| host.open(changed).is_empty()), "{:?}", host.open(changed));

    // A guest that does not notice the power button keeps running until it may be forced off.
    host.inside("sudo systemctl stop qemu-guest-agent && sudo modprobe -r button");
    let outcome = host.nixvirt("apply", Guest { shutdown: (2, false), ..off });
    assert!(outcome.stdout.contains("did not shut down within 2 s, and keeps running"), "{}", outcome.stdout);
    assert_eq!((outcome.succeeded, &*virsh(&["domstate", NAME])), (false, "running"));
    said += &host.apply(Guest { shutdown: (2, true), ..off });
    assert_eq!(virsh(&["domstate", NAME]), "shut off");

    for secret in [SECRET, &*escaped] {
        assert_eq!((holders(&host, secret), said.contains(secret)), (String::new(), false));
    }
}
