//! A Linux guest that writes a numbered block after the other, and says on its console which blocks it has written. Whatever happens
//! while it moves: the console counts on without a gap or a repetition, and each block of which it speaks is on the disk.

use super::{Host, Hosts, rounds};
use nixvirt_tests::libvirtd::until;
use nixvirt_tests::run;
use serde_json::{Value as Json, json};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

const BLOCK: usize = 4096;
/// The blocks of the disk. The first one holds the script of the guest, and the others are written in turn.
const BLOCKS: usize = 4096;

/// What the guest runs in place of a system. A line is repeated in its block, until that is full.
const SCRIPT: &str = r#"
read -r boot < /proc/sys/kernel/random/boot_id
for ((n = 1; ; n++)); do
  read -r uptime _ < /proc/uptime
  line="$n $boot $uptime"
  yes "$line" | head -c 4096 |
    dd of=/dev/vdb bs=4096 count=1 iflag=fullblock oflag=direct conv=notrunc status=none seek=$(((n - 1) % 4095 + 1)) &&
    echo "$line"
  sleep 0.05
done
"#;

/// Declares the guest on one of the hosts.
fn declare(hosts: &Hosts, at: &str) {
    let shared = hosts.folder.join("shared");
    let xml = format!(
        "<domain type='qemu'><name>web</name><memory unit='MiB'>192</memory>\
         <os><type machine='q35'>hvm</type><kernel>/opt/guest/vmlinuz</kernel><initrd>/opt/guest/initrd.img</initrd>\
         <cmdline>root=LABEL=root ro console=ttyS0 quiet loglevel=0 no_timer_check mitigations=off init=/bin/bash -- /dev/vdb</cmdline></os>\
         <features><acpi/></features><devices>\
         <disk type='file'><driver name='qemu' type='qcow2'/><source file='/opt/guest/disk.qcow2'/>\
         <target dev='vda' bus='virtio'/><readonly/></disk>\
         <disk type='volume'><source pool='disks' volume='web'/><target dev='vdb' bus='virtio'/></disk>\
         <serial type='file'><source path='{}' append='on'/></serial></devices></domain>",
        shared.join("console").display()
    );
    let volume = format!("<volume><name>web</name><capacity unit='bytes'>{}</capacity></volume>", BLOCK * BLOCKS);
    let guest: Json = json!({
        "xml": xml, "active": true, "move": "live", "storage": "copy",
        "volumes": [{ "pool": "disks", "xml": volume, "content": { "file": shared.join("image") } }],
    });
    hosts.declare(at, &guest);
}

impl Hosts {
    /// The lines of the console, without one that is incomplete.
    fn console(&self) -> Vec<String> {
        let console = fs::read_to_string(self.folder.join("shared/console")).unwrap_or_default();
        let whole = console.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| line.trim().to_owned()).collect()
    }

    /// Waits until the guest has written some more blocks.
    #[track_caller]
    fn goes_on(&self) {
        let before = self.console().len();
        until("the guest writes", || self.console().len() > before + 3);
    }

    /// The guest is on one host alone and writes. The disk that it left behind is deleted.
    fn has_moved(&self, to: &str, after: &str) {
        let (from, to) = self.sides(to);
        assert_eq!((from.runs(), to.runs()), (None, Some(true)), "{after}");
        self.goes_on();
        from.delete_disk();
    }

    /// The host that the guest moves from, and the one that it moves to.
    fn sides(&self, to: &str) -> (&Host, &Host) {
        if to == "beta" { (&self.alpha, &self.beta) } else { (&self.beta, &self.alpha) }
    }

    /// The console of one guest that never started again counts on, and what it speaks of is on the disk.
    fn has_lost_nothing(&self, disk: &Path) {
        let console = self.console();
        let disk = fs::read(disk).expect("the disk is there");
        let mut last = ("", 0.0);
        for (line, number) in console.iter().zip(1..) {
            let words: Vec<_> = line.split(' ').collect();
            let [of, boot, uptime] = words[..] else { panic!("{line}") };
            let uptime: f64 = uptime.parse().expect("a number");
            assert_eq!(of, number.to_string(), "{line}");
            assert!((number == 1 || boot == last.0) && uptime >= last.1, "{line} follows {last:?}");
            last = (boot, uptime);
            // The next block may have been written too.
            if number + BLOCKS - 2 > console.len() {
                let at = ((number - 1) % (BLOCKS - 1) + 1) * BLOCK;
                let expected: Vec<_> = line.bytes().chain([b'\n']).cycle().take(BLOCK).collect();
                assert!(disk[at..at + BLOCK] == expected, "the block of {line} is on the disk");
            }
        }
        println!("{} blocks in {:.0} s", console.len(), last.1);
    }
}

/// What is killed while the disk of the guest is copied, and where the guest moves then.
const VICTIMS: [(&str, &str); 4] =
    [("the old daemon", "beta"), ("the new daemon", "alpha"), ("the new QEMU", "beta"), ("nixvirt", "alpha")];

#[test]
fn a_guest_that_writes_loses_nothing() {
    let hosts = Hosts::new("write");
    let mut disk = SCRIPT.as_bytes().to_vec();
    disk.resize(BLOCK, b'\n');
    disk.resize(BLOCK * BLOCKS, 0);
    fs::write(hosts.folder.join("shared/image"), disk).expect("a writable folder");
    declare(&hosts, "alpha");
    hosts.nixvirt("apply");
    // On a busy machine, the guest takes minutes to start.
    let begin = Instant::now();
    while hosts.console().is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(600), "the guest starts");
        sleep(Duration::from_millis(200));
    }
    for round in 0..rounds() {
        for to in ["beta", "alpha"] {
            declare(&hosts, to);
            hosts.nixvirt("apply");
            hosts.has_moved(to, &format!("round {round}"));
        }
    }
    for (victim, to) in VICTIMS {
        declare(&hosts, to);
        kill(&hosts, victim, to);
        until("the move is finished", || run(&mut hosts.command("apply")).succeeded);
        hosts.has_moved(to, victim);
    }
    hosts.alpha.force_off();
    hosts.has_lost_nothing(&hosts.alpha.disk());
}

/// Starts to move the guest, and kills a part of what takes part in it.
fn kill(hosts: &Hosts, victim: &str, to: &str) {
    let (from, to) = hosts.sides(to);
    let link = if to.folder == hosts.beta.folder { "mvwrite0" } else { "mvwrite1" };
    from.shell(&format!("tc qdisc add dev {link} root tbf rate 20mbit burst 32kbit latency 400ms"));
    let mut apply = hosts.command("apply").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    to.receives_the_disk();
    match victim {
        "the old daemon" => from.kill_daemon(),
        "the new daemon" => to.kill_daemon(),
        "the new QEMU" => to.shell("kill -9 $(cat /run/libvirt/qemu/web.pid)"),
        _ => apply.kill().expect("it runs"),
    }
    from.shell(&format!("tc qdisc del dev {link} root"));
    sleep(Duration::from_secs(1));
    match victim {
        "the old daemon" => from.start_daemon(),
        "the new daemon" => to.start_daemon(),
        _ => {}
    }
    assert!(!(from.executes() && to.executes()), "{victim}");
    apply.wait().expect("it ends");
    assert!(!(from.executes() && to.executes()), "{victim}");
}
