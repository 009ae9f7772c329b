//! Secrets in the definition of a domain that come from files: libvirt gets them, and nothing else does.

use crate::console_passwords::reports;
use crate::images::{hash, serve};
use crate::reconcile::{Host, guest};
use expect_test::expect;
use nixvirt_tests::libvirtd::{URI, process, virsh};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;
use std::sync::atomic::AtomicUsize;

const NAME: &str = "tokens";

/// In two parts, because the store also holds this file when the flake is tested.
const TOKEN: &str = concat!("mW3q", "ZK9f");

/// A running guest with secrets in an OEM string, a blob of the firmware, an argument and an environment variable.
fn declared(host: &Host) -> Value {
    let sysinfo =
        "<sysinfo type='smbios'><oemStrings><entry>public</entry><entry>token=@token@</entry></oemStrings></sysinfo>
        <sysinfo type='fwcfg'><entry name='opt/org.example/key'>@key@</entry></sysinfo>";
    let commandline = "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
        <qemu:arg value='-fw_cfg'/><qemu:arg value='name=opt/org.example/other,string=@token@'/>
        <qemu:env name='TOKEN' value='@token@'/></qemu:commandline>";
    let console = "<graphics type='vnc' autoport='yes' passwd='vnc'/>";
    let xml = guest(NAME, sysinfo, console).replace("</domain>", &format!("{commandline}</domain>"));
    let files = json!({ "token": host.path("token"), "key": host.path("key") });
    json!({ "domains": [{ "xml": xml, "active": true, "secretFiles": files }] })
}

fn count(options: &[&str], text: &str) -> usize {
    virsh(&[&["dumpxml", NAME], options].concat()).matches(text).count()
}

#[track_caller]
fn assert_is_in_no_record(host: &Host, secret: &str) {
    let found = run(Command::new("grep").args(["-rslaF", secret, &host.path("state"), "/nix/store"]));
    assert_eq!(found.stdout, "", "files with the secret");
}

#[test]
fn secrets_come_from_files() {
    let host = Host::new();
    let (first, second, key) = (format!("{TOKEN}1"), format!("{TOKEN}<&'2"), format!("{TOKEN}k"));
    let write = |name: &str, text: &str| fs::write(host.path(name), format!("{text}\n")).expect("a writable folder");
    write("token", &first);
    write("key", &key);
    let manifest = declared(&host);
    let mut said = host.nixvirt("plan", &manifest).is(2).said.clone();
    said += &reports(&host);
    said += &host.apply(&manifest);
    said += &reports(&host);
    assert_eq!(count(&[], &first), 3);
    assert_eq!(count(&["--inactive"], &first), 3);
    assert_eq!(count(&[], &key), 1);
    assert_eq!(host.report("status", &["--exit-code"], &manifest, 0).object(NAME)["state"], "in-sync");

    // Another change keeps them.
    let mut titled = manifest.clone();
    let xml = titled["domains"][0]["xml"].as_str().expect("XML").replacen("<memory", "<title>One</title><memory", 1);
    titled["domains"][0]["xml"] = json!(xml);
    said += &host.nixvirt_with("plan", &["--diff"], &titled).is(2).said;
    said += &host.apply(&titled);
    assert_eq!(count(&["--inactive"], &first), 3);

    // A new secret is pending until the guest is started again.
    let pid = process(NAME);
    write("token", &second);
    said += &host.nixvirt_with("plan", &["--diff"], &titled).is(2).said;
    expect![[r#"
        domain tokens change next-start
          steps: define, update, save-record
    "#]]
    .assert_eq(&host.report("plan", &[], &titled, 2).facts());
    said += &reports(&host);
    said += &host.nixvirt("apply", &titled).is(0).said;
    said += &reports(&host);
    assert_eq!(process(NAME), pid);
    assert_eq!((count(&[], &first), count(&["--inactive"], &first)), (3, 0));
    assert_eq!(count(&["--inactive"], "token="), 1);
    said += &host.nixvirt_with("status", &["--exit-code"], &titled).is(2).said;
    expect![[r#"
        domain tokens pending-restart unchanged
          pending: sysinfo[0].oemStrings.entry[1]: (secret) → …
          pending: qemu:commandline.qemu:arg[1].value: (secret) → …
          pending: qemu:commandline.qemu:env.value: (secret) → @token@
    "#]]
    .assert_eq(&host.report("status", &[], &titled, 0).facts());
    virsh(&["destroy", NAME]);
    said += &host.apply(&titled);
    assert_eq!(host.report("status", &["--exit-code"], &titled, 0).object(NAME)["state"], "in-sync");

    // What others put in their place is drift, and may be a secret too.
    let theirs = virsh(&["dumpxml", NAME, "--inactive"]).replace("token=", concat!("mW3q", "ZK0b="));
    fs::write(host.path("theirs.xml"), theirs).expect("a writable folder");
    virsh(&["define", &host.path("theirs.xml")]);
    said += &host.nixvirt_with("status", &["--exit-code"], &titled).is(2).said;
    assert_eq!(host.report("status", &[], &titled, 0).object(NAME)["state"], "drifted");
    said += &host.nixvirt_with("plan", &["--diff", "--reset", NAME], &titled).is(2).said;
    said += &host.nixvirt_with("apply", &["--reset", NAME], &titled).is(0).said;
    assert_eq!(count(&["--inactive"], "token="), 1);

    // A domain that is undeclared is archived without them.
    virsh(&["destroy", NAME]);
    said += &host.nixvirt("apply", &json!({ "domains": [] })).is(0).said;
    for secret in [TOKEN, concat!("mW3q", "ZK0b")] {
        assert!(!said.contains(secret), "{said}");
        assert_is_in_no_record(&host, secret);
    }
}

#[test]
fn an_invalid_secret_file_concerns_one_guest() {
    let host = Host::new();
    let write = |name: &str, text: &str| fs::write(host.path(name), text).expect("a writable folder");
    write("token", TOKEN);
    for (key, problem) in [("", "empty"), ("two\nlines", "not-a-line")] {
        write("key", key);
        let mut manifest = declared(&host);
        let other = json!({ "xml": guest("other", "", "") });
        manifest["domains"].as_array_mut().expect("it is a list").push(other);
        let report = host.report("apply", &[], &manifest, 1);
        let error = json!({ "kind": "invalid-secret-file", "name": "key", "file": "key", "problem": problem });
        assert_eq!(report.object(NAME)["reasons"], json!([{ "reason": "invalid-declaration", "error": error }]));
        assert_eq!(virsh(&["list", "--all", "--name"]).trim(), "other");
    }
    let mut manifest = declared(&host);
    write("key", "key");
    manifest["domains"][0]["secretFiles"]["more"] = json!(host.path("token"));
    let report = host.report("apply", &[], &manifest, 1);
    let error = json!({ "kind": "no-placeholder", "name": "more" });
    assert_eq!(report.object(NAME)["reasons"], json!([{ "reason": "invalid-declaration", "error": error }]));
    host.apply(&json!({ "domains": [] }));
}

/// The processes that show one of these texts in their arguments or environment while a manifest is applied, and the number of all
/// processes that ran meanwhile.
fn processes_with(host: &Host, manifest: &Value, secrets: &[&str]) -> (BTreeSet<String>, usize) {
    let text = json!({ "version": 1, "connections": { URI: manifest } }).to_string();
    fs::write(host.path("manifest.json"), text).expect("a writable folder");
    let options = ["--manifest", &host.path("manifest.json"), "--state", &host.path("state")];
    let mut apply = Command::new("nixvirt").arg("apply").args(options).spawn().expect("nixvirt runs");
    let (mut shown, mut all) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let has_ended = apply.try_wait().expect("it is a child");
        for process in fs::read_dir("/proc").expect("there are processes").flatten() {
            for part in ["cmdline", "environ"] {
                let Ok(bytes) = fs::read(process.path().join(part)) else { continue };
                let text = String::from_utf8_lossy(&bytes);
                all.insert(process.file_name());
                if secrets.iter().any(|secret| text.contains(secret)) {
                    shown.insert(text.replace('\0', " "));
                }
            }
        }
        if let Some(status) = has_ended {
            assert!(status.success(), "it is applied");
            return (shown, all.len());
        }
    }
}

#[test]
fn no_process_shows_a_secret() {
    let host = Host::new();
    let secrets = [concat!("sEed", "4Xq"), concat!("t0ken", "4Xq"), concat!("c0n", "4Xq")];
    let [seed, token, password] = secrets;
    for (name, text) in [("seed", seed), ("password", password)] {
        fs::write(host.path(name), text).expect("a writable folder");
    }
    let image = vec![7; 1 << 20];
    fs::write(host.path("image"), &image).expect("a writable folder");
    static CUTS: AtomicUsize = AtomicUsize::new(0);
    let url = format!("{}/slow?token={token}", serve(image, &CUTS));
    let volume = |name: &str| {
        format!(
            "<volume><name>{name}</name><capacity unit='MiB'>1</capacity><target><format type='raw'/></target></volume>"
        )
    };
    let disk = |name: &str, target: &str| {
        format!(
            "<disk type='volume' device='disk'><driver name='qemu' type='raw'/><source pool='secret' volume='{name}'/>
               <target dev='{target}' bus='virtio'/></disk>"
        )
    };
    let files = json!({ "user-data": { "text": "password: @seed@" }, "meta-data": { "text": "" } });
    let devices = disk("image", "vda") + &disk("seed", "vdb") + "<graphics type='vnc' autoport='yes'/>";
    let pool =
        format!("<pool type='dir'><name>secret</name><target><path>{}</path></target></pool>", host.path("pool"));
    let manifest = json!({
        "pools": [{ "xml": pool, "active": true, "volumes": [
            { "xml": volume("image"), "content": { "download": { "url": url, "hash": hash(&host.path("image")) } } },
            { "xml": volume("seed"), "content": { "seed": { "files": files, "secretFiles": { "seed": host.path("seed") } } } },
        ] }],
        "domains": [{
            "xml": guest(NAME, "", &devices), "active": true, "graphicsPasswordFile": { "vnc": host.path("password") },
        }],
    });
    let (shown, all) = processes_with(&host, &manifest, &secrets);
    assert_eq!(shown, BTreeSet::new(), "of {all} processes");
    // The secrets were used, and the processes were seen.
    let written = fs::read(host.path("pool/seed")).expect("a seed");
    assert!(written.windows(seed.len()).any(|part| part == seed.as_bytes()));
    assert!(virsh(&["dumpxml", NAME, "--security-info"]).contains(password));
    let pid = process(NAME);
    let qemu = fs::metadata(format!("/proc/{}", pid.trim())).expect("the guest runs");
    let file = fs::metadata(host.path("pool/seed")).expect("a seed");
    assert_eq!((file.uid(), file.mode() & 0o777), (qemu.uid(), 0o600));
}
