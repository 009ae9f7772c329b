//! `nixvirt apply` on a real libvirt: `qemu:///system` with guests in software emulation.

use expect_test::expect;
use nixvirt_tests::libvirtd::{self, URI, process, virsh};
use nixvirt_tests::{Outcome, project, run};
use pretty_assertions::{assert_eq, assert_ne};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

/// What a command printed as JSON, which has the published schema of that name.
#[track_caller]
pub fn printed(outcome: &Outcome, schema: &str) -> Value {
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|why| panic!("{why}: {}", outcome.stderr));
    let file = project().join(format!("schema/json/{schema}.json"));
    let schema = serde_json::from_str(&fs::read_to_string(file).expect("it is published")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
    let wrong: Vec<_> = validator.iter_errors(&json).map(|why| format!("{}: {why}", why.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    json
}

/// A host with its manifest and its state directory. One test at a time uses libvirt, so that the test sees each file that is
/// written.
pub struct Host {
    folder: PathBuf,
    _libvirtd: libvirtd::Alone,
}

/// The outcome of a run.
pub struct Run {
    pub code: i32,
    pub said: String,
}

impl Run {
    #[track_caller]
    pub fn is(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}", self.said);
        self
    }
}

/// What a command reports of a connection, in JSON.
pub struct Report(Value);

impl Report {
    /// Reads the JSON before the errors that a command prints too.
    #[track_caller]
    pub fn read(text: &str) -> Self {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        let report = values.next().and_then(Result::ok).unwrap_or_else(|| panic!("no JSON: {text}"));
        Report(report["connections"][URI].clone())
    }

    /// The report on the object of that name.
    #[track_caller]
    pub fn object(&self, name: &str) -> &Value {
        let object = list(&self.0, "objects").find(|object| object["name"] == name);
        object.unwrap_or_else(|| panic!("no object {name}: {:#}", self.0))
    }

    /// The facts about each object that are no texts: the fields that differ, and the codes of reasons, errors and steps.
    pub fn facts(&self) -> String {
        let mut facts = String::new();
        for object in list(&self.0, "objects") {
            let words =
                ["type", "name", "state", "verdict", "secrets"].into_iter().filter_map(|key| object[key].as_str());
            facts += &format!("{}\n", words.collect::<Vec<_>>().join(" "));
            for key in ["changes", "pending", "drift", "undone"] {
                for change in list(object, key) {
                    let [path, when] = ["path", "when"].map(|key| change[key].as_str().unwrap_or_default());
                    let [old, new] = ["old", "new"].map(|key| shown(&change[key]));
                    facts += format!("  {key}: {path}: {old} → {new} {when}").trim_end();
                    facts.push('\n');
                }
            }
            let error = Some(&object["error"]).filter(|error| error.is_object());
            let errors =
                error.into_iter().chain(["warnings", "failures"].into_iter().flat_map(|key| list(object, key)));
            for code in list(object, "reasons").map(|it| &it["reason"]).chain(errors.map(|it| &it["kind"])) {
                facts += &format!("  {}\n", code.as_str().unwrap_or_default());
            }
            let steps: Vec<_> = list(object, "steps").filter_map(|step| step["action"].as_str()).collect();
            if !steps.is_empty() {
                facts += &format!("  steps: {}\n", steps.join(", "));
            }
        }
        facts
    }
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

/// The value of a field. Values with several parts, such as those of elements, have what libvirt adds, and are not shown.
fn shown(value: &Value) -> &str {
    match value.as_str() {
        Some(text) if text.contains('=') => "…",
        Some(text) => text,
        None => "none",
    }
}

impl Host {
    pub fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("host-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a writable folder");
        Host { folder, _libvirtd: libvirtd::alone() }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    pub fn nixvirt(&self, command: &str, connection: &Value) -> Run {
        self.nixvirt_with(command, &[], connection)
    }

    pub fn nixvirt_with(&self, command: &str, options: &[&str], connection: &Value) -> Run {
        let manifest = self.folder.join("manifest.json");
        let text = json!({ "version": 1, "connections": { URI: connection } }).to_string();
        fs::write(&manifest, text).expect("a writable folder");
        // A plan with changes exits with 2.
        let flags: &[&str] = if command == "plan" { &["--detailed-exitcode"] } else { &[] };
        let output = Command::new("nixvirt")
            .arg(command)
            .args(flags)
            .arg("--manifest")
            .arg(manifest)
            .args(["--state", &self.path("state")])
            .args(options)
            .output()
            .expect("nixvirt runs");
        let text = |bytes| String::from_utf8(bytes).expect("it speaks UTF-8");
        Run { code: output.status.code().expect("it ends by itself"), said: text(output.stdout) + &text(output.stderr) }
    }

    /// Runs a command, which must end with this exit code, and reads the JSON that it prints. Paths are relative to the host's
    /// folder.
    #[track_caller]
    pub fn report(&self, command: &str, options: &[&str], connection: &Value, code: i32) -> Report {
        let run = self.nixvirt_with(command, &[&["--json"], options].concat(), connection);
        Report::read(&run.is(code).said.replace(&self.path(""), ""))
    }

    /// Applies a declaration, after which the plan must be empty.
    #[track_caller]
    pub fn apply(&self, connection: &Value) -> String {
        let said = self.nixvirt("apply", connection).is(0).said.clone();
        self.nixvirt("plan", connection).is(0);
        let before = self.traces();
        self.nixvirt("apply", connection).is(0);
        assert_eq!(self.traces(), before, "the second time writes nothing");
        said
    }

    /// All files of libvirt and of the state directory, with their modification times.
    fn traces(&self) -> BTreeMap<PathBuf, SystemTime> {
        let mut traces = BTreeMap::new();
        let mut folders =
            vec![self.folder.join("state"), "/etc/libvirt".into(), "/var/lib/libvirt/qemu/snapshot".into()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(about) = entry.metadata() else { continue };
                if about.is_dir() {
                    folders.push(entry.path());
                } else {
                    traces.insert(entry.path(), about.modified().expect("times are kept"));
                }
            }
        }
        traces
    }
}

pub fn guest(name: &str, parts: &str, devices: &str) -> String {
    format!(
        "<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory>{parts}
           <os><type arch='x86_64' machine='pc'>hvm</type></os><devices>{devices}</devices></domain>"
    )
}

pub fn domains(xml: &str) -> Value {
    json!({ "domains": [{ "xml": xml, "active": true }] })
}

const CARD: &str = "<interface type='user'><model type='virtio'/></interface>";

/// A disk. A guest without an operating system releases only USB disks.
pub fn disk(folder: &Host, name: &str) -> String {
    let bus = if name.starts_with('v') { "virtio" } else { "usb" };
    let file = folder.path(name);
    assert!(run(Command::new("qemu-img").args(["create", "-q", "-f", "qcow2", &file, "1M"])).succeeded);
    format!(
        "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{file}'/><target dev='{name}' bus='{bus}'/></disk>"
    )
}

#[test]
fn a_running_guest_lives_through_every_rebuild() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    host.apply(&domains(&guest("lives", "", &vda)));
    let pid = process("lives");
    let live = |what: &str| assert!(virsh(&["dumpxml", "lives"]).contains(what), "{what}");

    let titled = domains(&guest("lives", "<title>Web</title>", &vda));
    expect![[r#"
        domain lives change
          changes: title: none → Web now
          steps: define, set-metadata, save-record
    "#]]
    .assert_eq(&host.report("plan", &[], &titled, 2).facts());
    host.apply(&titled);
    live("<title>Web</title>");

    let sdb = disk(&host, "sdb");
    host.apply(&domains(&guest("lives", "<title>Web</title>", &format!("{vda}{sdb}"))));
    assert!(virsh(&["domblklist", "lives"]).contains("sdb"), "it is plugged");
    host.apply(&domains(&guest("lives", "<title>Web</title>", &vda)));
    assert!(!virsh(&["domblklist", "lives"]).contains("sdb"), "it is unplugged");

    // A change that cannot be made live is pending, and is reported until the guest restarts.
    let more = guest("lives", "<title>Web</title>", &vda).replace(">64<", ">96<");
    expect![[r#"
        domain lives change
          changes: memory: 64 MiB → 96 MiB next-start
          steps: define, save-record
    "#]]
    .assert_eq(&host.report("plan", &[], &domains(&more), 2).facts());
    host.apply(&domains(&more));
    expect![[r#"
        domain lives pending-restart unchanged
          pending: memory: 64 MiB → 96 MiB
    "#]]
    .assert_eq(&host.report("status", &["--exit-code"], &domains(&more), 2).facts());

    let mut manifest = domains(&more);
    manifest["domains"][0]["autostart"] = json!(true);
    host.apply(&manifest);
    assert!(virsh(&["dominfo", "lives"]).contains("Autostart:      enable"));

    // An undeclared guest keeps running. Declared again, it is managed again.
    host.apply(&json!({ "domains": [] }));
    assert!(virsh(&["dominfo", "lives"]).contains("Persistent:     no"));
    host.apply(&domains(&more));
    assert!(virsh(&["dominfo", "lives"]).contains("Persistent:     yes"));
    assert_eq!(process("lives"), pid, "it was one process all the time");

    virsh(&["destroy", "lives"]);
    host.apply(&domains(&more));
    assert_eq!(host.report("status", &["--exit-code"], &domains(&more), 0).object("lives")["state"], "in-sync");
    live(">98304<");
    virsh(&["destroy", "lives"]);
}

#[test]
fn what_others_made_stays_as_it_is() {
    let host = Host::new();
    let file = host.path("foreign.xml");
    let made = [
        ("define", "dumpxml", "foreign", guest("foreign", "", CARD)),
        (
            "net-define",
            "net-dumpxml",
            "foreign",
            "<network><name>foreign</name><bridge name='br-foreign'/></network>".into(),
        ),
        (
            "pool-define",
            "pool-dumpxml",
            "foreign",
            "<pool type='dir'><name>foreign</name><target><path>/tmp</path></target></pool>".into(),
        ),
    ];
    let tell = || made.each_ref().map(|(_, dump, name, _)| virsh(&[dump, name]));
    for (define, _, _, xml) in &made {
        fs::write(&file, xml).expect("a writable folder");
        virsh(&[define, &file]);
    }
    let before = tell();
    let lists = |own: Value| json!({ "domains": own, "networks": [], "pools": [] });
    host.apply(&lists(json!([{ "xml": guest("own", "", CARD) }])));
    host.apply(&lists(json!([])));
    assert_eq!(tell(), before);
    assert!(!virsh(&["list", "--all", "--name"]).contains("own\n"), "the managed domain is removed");
    for (undefine, (_, _, name, _)) in ["undefine", "net-undefine", "pool-undefine"].into_iter().zip(&made) {
        virsh(&[undefine, name]);
    }
}

#[test]
fn cards_without_addresses_keep_theirs() {
    let host = Host::new();
    let macs = || -> Vec<String> {
        let told = virsh(&["dumpxml", "--inactive", "cards"]);
        told.lines().filter(|line| line.contains("<mac ")).map(|line| line.trim().to_owned()).collect()
    };
    host.apply(&domains(&guest("cards", "", &format!("{CARD}{CARD}"))));
    let before = macs();
    assert_eq!(before.len(), 2);
    host.apply(&domains(&guest("cards", "<title>Cards</title>", &format!("{CARD}{CARD}"))));
    assert_eq!(macs(), before);
    assert!(before.iter().all(|mac| virsh(&["dumpxml", "cards"]).contains(mac)), "the guest has them too");
    virsh(&["destroy", "cards"]);
}

#[test]
fn a_network_changes_and_its_guests_keep_their_link() {
    let host = Host::new();
    let with = |dhcp: &str| {
        let network = format!(
            "<network><name>links</name><forward mode='nat'/><bridge name='br-links'/>
               <ip address='10.77.0.1' netmask='255.255.255.0'><dhcp><range start='10.77.0.10' end='10.77.0.90'/>{dhcp}</dhcp></ip></network>"
        );
        let card = "<interface type='network'><source network='links'/></interface>";
        json!({
            "networks": [{ "xml": network, "active": true }],
            "domains": [{ "xml": guest("linked", "", card), "active": true }],
        })
    };
    host.apply(&with(""));
    let links = || run(Command::new("ip").args(["-o", "link", "show", "master", "br-links"])).stdout;
    let before = links();
    assert!(before.contains("vnet"), "the guest is on the bridge: {before}");
    host.apply(&with("<host mac='52:54:00:00:00:77' ip='10.77.0.5'/>"));
    assert!(virsh(&["net-dumpxml", "links"]).contains("10.77.0.5"), "the running network has it");
    assert_eq!(links(), before, "the link was never cut");

    // An undeclared network is kept until no guest uses it.
    let mut without = with("");
    without["networks"] = json!([]);
    host.apply(&without);
    assert_eq!(links(), before);
    virsh(&["destroy", "linked"]);
    virsh(&["net-destroy", "links"]);
}

#[test]
fn a_volume_keeps_its_content() {
    let host = Host::new();
    let folder = host.path("pool");
    let image = host.path("image");
    fs::write(&image, "the content ".repeat(10_000)).expect("a writable folder");
    let with = |capacity: u32, volumes: bool| {
        let pool = format!("<pool type='dir'><name>contents</name><target><path>{folder}</path></target></pool>");
        let volume = format!(
            "<volume><name>disk.img</name><capacity unit='KiB'>{capacity}</capacity><target><format type='raw'/></target></volume>"
        );
        let copy = volume.replace("disk.img", "copy.img");
        let volumes = if volumes {
            json!([
                { "xml": volume, "content": { "file": image } },
                { "xml": copy, "content": { "volume": { "name": "disk.img" } } },
            ])
        } else {
            json!([])
        };
        json!({ "pools": [{ "xml": pool, "active": true, "volumes": volumes }] })
    };
    let file = format!("{folder}/disk.img");
    let content = || fs::read_to_string(&file).expect("the volume is there").trim_end_matches('\0').to_owned();
    host.apply(&with(1024, true));
    assert_eq!(content(), fs::read_to_string(&image).expect("it is there"));
    assert_eq!(content(), fs::read_to_string(format!("{folder}/copy.img")).expect("the copy").trim_end_matches('\0'));

    // Content that the guest has written is not replaced.
    fs::write(&file, "written by a guest").expect("a writable folder");
    host.apply(&with(2048, true));
    assert_eq!(content(), "written by a guest");
    assert_eq!(fs::metadata(&file).expect("it is there").len(), 2048 * 1024);
    host.apply(&with(1024, true));
    assert_eq!(fs::metadata(&file).expect("it is there").len(), 2048 * 1024, "it does not shrink");
    host.apply(&with(0, false));
    host.apply(&json!({ "pools": [] }));
    assert_eq!(content(), "written by a guest");
    host.apply(&with(2048, true));
    assert_eq!(content(), "written by a guest", "what was there is not filled again");

    let mut gone = with(2048, true);
    gone["pools"][0]["volumes"] = json!([{ "name": "disk.img", "present": false }]);
    host.apply(&gone);
    assert!(!Path::new(&file).exists());
    host.apply(&json!({ "pools": [] }));
}

#[test]
fn a_guest_brings_its_disk_into_a_pool_of_the_host() {
    let host = Host::new();
    let volume = "<volume><name>brought.img</name><capacity unit='KiB'>64</capacity></volume>";
    let disk = "<disk type='volume'><source pool='hosts' volume='brought.img'/><target dev='vda' bus='virtio'/></disk>";
    let guest = json!({ "domains": [{
        "xml": guest("brings", "", disk), "active": true, "volumes": [{ "pool": "hosts", "xml": volume }],
    }] });
    let without = host.report("apply", &[], &guest, 1);
    expect![[r#"
        volume brought.img error
          pool-missing
        domain brings create
          incomplete-volume
          steps: define, save-record, start
    "#]]
    .assert_eq(&without.facts());
    let error = &without.object("brings")["error"];
    assert_eq!((&error["volume"]["name"], &error["prevents"]), (&json!("brought.img"), &json!("start")));

    let folder = host.path("hosts");
    fs::create_dir_all(&folder).expect("a writable folder");
    virsh(&["pool-create-as", "hosts", "dir", "--target", &folder]);
    host.apply(&guest);
    assert_eq!(virsh(&["domstate", "brings"]), "running");
    virsh(&["destroy", "brings"]);
    host.apply(&json!({ "domains": [] }));
    assert!(virsh(&["vol-list", "hosts"]).contains("brought.img"), "the disk stays");
    virsh(&["pool-destroy", "hosts"]);
}

#[test]
fn a_guest_with_snapshots_goes_and_comes_back() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    let with = |snapshots: Value| json!({ "domains": [{ "xml": guest("snapped", "", &vda), "snapshots": snapshots }] });
    let fresh = "<domainsnapshot><name>fresh</name></domainsnapshot>";
    host.apply(&with(json!([{ "xml": fresh }])));
    let names = || virsh(&["snapshot-list", "--name", "snapped"]).trim().to_owned();
    assert_eq!(names(), "fresh");
    host.apply(&json!({ "domains": [] }));
    assert!(!virsh(&["list", "--all", "--name"]).contains("snapped"));
    host.apply(&with(Value::Null));
    assert_eq!(names(), "fresh", "it was not lost");
    host.apply(&with(json!([{ "name": "fresh", "present": false }])));
    assert_eq!(names(), "");
    host.apply(&json!({ "domains": [] }));
}

/// A UUID without hyphens is the same one.
#[test]
fn snapshots_are_kept_whatever_the_spelling_of_the_uuid() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    let uuid = "<uuid>0123456789ABCDEF0123456789ABCDEF</uuid>";
    let with = |title: &str| json!({ "domains": [{ "xml": guest("spelled", &format!("{uuid}{title}"), &vda) }] });
    host.apply(&with(""));
    virsh(&["snapshot-create-as", "spelled", "kept"]);
    host.apply(&json!({ "domains": [] }));
    let plan = host.report("plan", &[], &with("<title>Again</title>"), 2);
    let restored: Vec<_> =
        list(plan.object("spelled"), "steps").filter(|step| step["action"] == "restore-snapshot").collect();
    assert_eq!(restored.iter().map(|step| &step["name"]).collect::<Vec<_>>(), ["kept"]);
    host.apply(&with("<title>Again</title>"));
    assert_eq!(virsh(&["snapshot-list", "--name", "spelled"]), "kept");
    host.apply(&json!({ "domains": [] }));
}

#[test]
fn a_disk_stays_where_an_external_snapshot_put_it() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    let declared = json!({ "domains": [{ "xml": guest("outside", "", &vda) }] });
    host.apply(&declared);
    for name in ["one", "two"] {
        virsh(&["snapshot-create-as", "outside", name, "--disk-only"]);
    }
    let disks = || virsh(&["domblklist", "outside"]).replace(&host.path(""), "");
    let (before, hardware) = (disks(), virsh(&["dumpxml", "--inactive", "outside"]));
    assert!(before.contains("vda.two"), "{before}");
    host.apply(&json!({ "domains": [] }));
    host.apply(&declared);
    assert_eq!((disks(), virsh(&["dumpxml", "--inactive", "outside"])), (before, hardware));
    virsh(&["start", "outside"]);
    assert_eq!(virsh(&["domstate", "outside"]), "running");
    virsh(&["destroy", "outside"]);
}

#[test]
fn a_secret_is_told_to_libvirt_alone() {
    let host = Host::new();
    let value = host.path("value");
    fs::write(&value, "xyzzy-secret").expect("a writable folder");
    let uuid = "6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b77";
    let password = guest("hides", "", "<graphics type='vnc' passwd='xyzzyvnc'/>");
    let secret = format!("<secret><uuid>{uuid}</uuid><usage type='ceph'><name>client.test</name></usage></secret>");
    let manifest = json!({ "secrets": [{ "xml": secret, "valueFile": value }], "domains": [{ "xml": password }] });
    let mut said = host.nixvirt("plan", &manifest).is(2).said.clone();
    said += &host.apply(&manifest);
    for command in ["status", "plan"] {
        said += &host.nixvirt(command, &manifest).said;
    }
    assert_eq!(virsh(&["secret-get-value", uuid, "--plain"]).trim(), "xyzzy-secret");
    assert!(virsh(&["dumpxml", "--security-info", "hides"]).contains("xyzzyvnc"));
    assert!(!said.contains("xyzzy"), "{said}");
    let noted = run(Command::new("grep").args(["-r", "xyzzy", &host.path("state")]));
    assert!(!noted.succeeded, "{}", noted.stdout);

    fs::write(&value, "xyzzy-other").expect("a writable folder");
    host.apply(&manifest);
    assert_eq!(virsh(&["secret-get-value", uuid, "--plain"]).trim(), "xyzzy-other");
    host.apply(&json!({ "secrets": [], "domains": [] }));
}

#[test]
fn a_restart_is_asked_of_the_guest() {
    let host = Host::new();
    let with = |title: &str, force: bool| {
        json!({
            "onChange": "restart",
            "shutdown": { "timeout": 1, "force": force },
            "domains": [{ "xml": guest("restarts", &format!("<title>{title}</title>"), CARD), "active": true }],
        })
    };
    host.apply(&with("One", false));
    let pid = process("restarts");
    // The guest has no operating system that could shut down, and is not forced off unless the manifest says so.
    let refused = host.report("apply", &[], &with("Two", false), 1);
    expect![[r#"
        domain restarts change
          changes: title: One → Two now
          failed
          steps: define, save-record, stop, start, save-record
    "#]]
    .assert_eq(&refused.facts());
    assert_eq!(refused.object("restarts")["error"]["message"], "did not shut down within 1 s, and keeps running");
    assert_eq!(process("restarts"), pid);
    host.apply(&with("Two", true));
    assert_ne!(process("restarts"), pid);
    host.nixvirt("apply", &json!({ "shutdown": { "timeout": 1, "force": true }, "domains": [{ "xml": guest("restarts", "<title>Two</title>", CARD), "active": false }] })).is(0);
    host.apply(&json!({ "domains": [] }));
}

#[test]
fn one_bad_object_does_not_stop_the_others() {
    let host = Host::new();
    let manifest = json!({
        "networks": [{ "xml": "<network><name>bad</name><bridge name='far-too-long-a-name'/></network>", "active": true }],
        "domains": [{ "xml": guest("good", "", CARD) }, { "xml": "<domain type='qemu'><name>worse</name></domain>" }],
    });
    expect![[r#"
        network bad create
          failed
          steps: define, save-record, start
        domain good create
          steps: define, save-record
        domain worse create
          failed
          steps: define, save-record
    "#]]
    .assert_eq(&host.report("apply", &[], &manifest, 1).facts());
    assert!(virsh(&["list", "--all", "--name"]).contains("good"));
    host.nixvirt("apply", &json!({ "networks": [], "domains": [] })).is(0);
    assert!(!virsh(&["list", "--all", "--name"]).contains("good"));
}
