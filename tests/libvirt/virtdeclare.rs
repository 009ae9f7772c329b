//! `virtdeclare` and `nixvirt import` against a real libvirt: `qemu:///system` with software emulation, and libvirt's
//! own test driver.

use crate::reconcile::{Host, guest};
use expect_test::{Expect, expect};
use nixvirt_tests::libvirtd::{self, URI, virsh};
use nixvirt_tests::run;
use pretty_assertions::{assert_eq, assert_ne};
use serde_json::json;
use std::path::PathBuf;
use std::process::Command;

/// Writes the XML of a spec to a file for virtdeclare.
fn file(kind: &str, name: &str, spec: &str) -> PathBuf {
    let spec_file = std::env::temp_dir().join(format!("{name}.json"));
    std::fs::write(&spec_file, spec).expect("a writable folder");
    let rendered = run(Command::new("nixvirt").args(["render", "--kind", kind]).arg(spec_file));
    assert!(rendered.succeeded, "{}", rendered.stderr);
    let xml = std::env::temp_dir().join(format!("{name}.xml"));
    std::fs::write(&xml, rendered.stdout).expect("a writable folder");
    xml
}

fn declare(arguments: &[&str]) -> String {
    let outcome = run(Command::new("virtdeclare").args(["-v", "--connect", URI]).args(arguments));
    format!("{}{}", outcome.stderr, if outcome.succeeded { "" } else { "failed\n" })
        .replace(&format!("{}/", std::env::temp_dir().display()), "")
}

const GUEST: &str = r#"{ "type": "qemu", "name": "guest", "memory": "64 MiB", "title": "TITLE",
    "os": { "type": "hvm", "machine": "q35" }, "devices": { "interface": [{ "type": "user" }, { "type": "user" }] } }"#;

#[test]
fn a_pool_is_defined_started_and_stopped() {
    let _libvirtd = libvirtd::shared();
    let path = file("pool", "pool", r#"{ "type": "dir", "name": "pool", "target": { "path": "/tmp" } }"#);
    let define = ["--type", "pool", "--define", path.to_str().expect("a plain path")];
    let said = declare(&[&define[..], &["--state", "active", "--auto"]].concat());
    expect![[r#"
        pool.xml: defined
        starting
    "#]]
    .assert_eq(&said);
    assert!(virsh(&["pool-info", "pool"]).contains("Autostart:      yes"));
    expect![[r#"
        pool.xml: defined
    "#]]
    .assert_eq(&declare(&[&define[..], &["--state", "active"]].concat()));
    expect![[r#"
        stopping
    "#]]
    .assert_eq(&declare(&["--type", "pool", "--name", "pool", "--state", "inactive"]));
}

#[test]
fn a_running_guest_outlives_its_redefinition() {
    let _libvirtd = libvirtd::shared();
    let first = file("domain", "guest-1", &GUEST.replace("TITLE", "One"));
    let second = file("domain", "guest-2", &GUEST.replace("TITLE", "Two"));
    let [first, second] = [&first, &second].map(|path| path.to_str().expect("a plain path"));
    declare(&["--type", "domain", "--define", first, "--state", "active"]);
    let id = virsh(&["domid", "guest"]);
    let cards = virsh(&["domiflist", "guest"]);

    expect![[r#"
        guest-1.xml: unchanged
    "#]]
    .assert_eq(&declare(&["--type", "domain", "--define", first, "--state", "active", "--restart", "ifchanged"]));
    expect![[r#"
        guest-2.xml: defined
    "#]]
    .assert_eq(&declare(&["--type", "domain", "--define", second, "--state", "active"]));
    assert_eq!(virsh(&["domid", "guest"]), id, "it is the same process");
    assert_eq!(virsh(&["domiflist", "guest"]), cards, "its cards keep their addresses");

    // The guest has no operating system that could shut down.
    let stop = ["--type", "domain", "--name", "guest", "--state", "inactive", "--timeout", "1"];
    expect![[r#"
        stopping
        error: domain "guest": did not shut down within 1 s, and keeps running
        hint: set a longer timeout, or shut the guest down from inside
        failed
    "#]]
    .assert_eq(&declare(&stop));
    assert_eq!(virsh(&["domid", "guest"]), id, "it still runs");
    let always = ["--type", "domain", "--define", second, "--state", "active", "--restart", "always", "--timeout", "1"];
    expect![[r#"
        guest-2.xml: unchanged
        stopping
        error: domain "guest": did not shut down within 1 s, and keeps running
        hint: set a longer timeout, or shut the guest down from inside
        failed
    "#]]
    .assert_eq(&declare(&always));
    let never = ["--type", "domain", "--define", first, "--state", "active", "--restart", "never"];
    expect![[r#"
        guest-1.xml: defined
    "#]]
    .assert_eq(&declare(&never));
    let changed =
        ["--type", "domain", "--define", second, "--state", "active", "--restart", "ifchanged", "--timeout", "1"];
    expect![[r#"
        guest-2.xml: defined
        stopping
        error: domain "guest": did not shut down within 1 s, and keeps running
        hint: set a longer timeout, or shut the guest down from inside
        failed
    "#]]
    .assert_eq(&declare(&changed));
    assert_eq!(virsh(&["domid", "guest"]), id, "it still runs");
    virsh(&["destroy", "guest"]);
}

#[test]
fn a_network_is_known_by_its_id() {
    let _libvirtd = libvirtd::shared();
    let uuid = "0c9e4f0e-77aa-4b3b-8f5e-2b7f4f1d6a11";
    let spec = format!(r#"{{ "name": "known", "uuid": "{uuid}", "bridge": {{ "name": "virbr77" }} }}"#);
    let path = file("network", "known", &spec);
    let define = ["--type", "network", "--define", path.to_str().expect("a plain path")];
    expect![[r#"
        known.xml: defined
    "#]]
    .assert_eq(&declare(&define));
    let by_id = |state| declare(&["--type", "network", "--uuid", uuid, "--state", state, "--auto"]);
    expect![[r#"
        starting
    "#]]
    .assert_eq(&by_id("active"));
    assert!(virsh(&["net-info", "known"]).contains("Autostart:      yes"));
    // A network stops immediately.
    let id = || run(Command::new("ip").args(["-o", "link", "show", "virbr77"])).stdout;
    let before = id();
    expect![[r#"
        known.xml: unchanged
        stopping
        starting
    "#]]
    .assert_eq(&declare(&[&define[..], &["--state", "active", "--restart", "always"]].concat()));
    assert_ne!(id(), before, "it is another bridge");
    expect![[r#"
        stopping
    "#]]
    .assert_eq(&by_id("inactive"));
    assert!(virsh(&["net-info", "known"]).contains("Autostart:      no"));
}

#[test]
fn what_libvirt_filled_in_stays() {
    let _libvirtd = libvirtd::shared();
    let path = std::env::temp_dir().join("bare.xml");
    let xml =
        "<domain type='qemu'><name>bare</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os>
        <devices><interface type='user'/><interface type='user'/></devices></domain>";
    std::fs::write(&path, xml).expect("a writable folder");
    let define = ["--type", "domain", "--define", path.to_str().expect("a plain path")];
    expect![[r#"
        bare.xml: defined
    "#]]
    .assert_eq(&declare(&define));
    let before = virsh(&["dumpxml", "bare"]);
    expect![[r#"
        bare.xml: unchanged
    "#]]
    .assert_eq(&declare(&define));
    assert_eq!(virsh(&["dumpxml", "bare"]), before);
    let autostart =
        || virsh(&["dominfo", "bare"]).lines().find(|line| line.starts_with("Autostart")).map(str::to_owned);
    let by_name = |state| declare(&["--type", "domain", "--name", "bare", "--state", state, "--auto"]);
    by_name("active");
    assert_eq!(autostart().as_deref(), Some("Autostart:      enable"));
    virsh(&["destroy", "bare"]);
    by_name("inactive");
    assert_eq!(autostart().as_deref(), Some("Autostart:      disable"));
}

#[test]
fn what_cannot_be_declared() {
    let _libvirtd = libvirtd::shared();
    let check = |arguments: &[&str], expected: Expect| expected.assert_eq(&declare(arguments));
    check(
        &["--type", "network", "--name", "none", "--state", "active"],
        expect![[r#"
            error: there is no network "none" at qemu:///system
            failed
        "#]],
    );
    let pool = file("pool", "other", r#"{ "type": "dir", "name": "other", "target": { "path": "/tmp/other" } }"#);
    check(
        &["--type", "domain", "--define", pool.to_str().expect("a plain path")],
        expect![[r#"
            error: other.xml: expected <domain>, found <pool>
            failed
        "#]],
    );
    let secret = std::env::temp_dir().join("secret.xml");
    let xml = "<domain type='qemu'><name>secret</name><memory>1</memory><os><type>hvm</type></os>\
               <devices><graphics type='vnc' passwd='letmein' passwdValidTo='letmein'/></devices></domain>";
    std::fs::write(&secret, xml).expect("a writable folder");
    check(
        &["--type", "domain", "--define", secret.to_str().expect("a plain path")],
        expect![[r#"
            error: secret.xml: libvirt refuses the domain: internal error: cannot parse password validity time '(secret)', expect YYYY-MM-DDTHH:MM:SS
            failed
        "#]],
    );
    check(
        &["--type", "domain", "--define", "/no/such.xml"],
        expect![[r#"
        error: cannot read /no/such.xml: No such file or directory (os error 2)
        failed
    "#]],
    );
}

#[test]
fn what_needs_no_libvirt_does_not_load_it() {
    let path = run(Command::new("which").arg("nixvirt")).stdout.trim().to_owned();
    let libraries = |path: &str| run(Command::new("ldd").arg(path)).stdout;
    assert!(!libraries(&path).contains("libvirt.so"), "{}", libraries(&path));
    assert!(libraries(&path.replace("release/nixvirt", "release/virtdeclare")).contains("libvirt.so"));

    // `nixvirt` is expected in the same folder.
    let alone = std::env::temp_dir().join("nixvirt-alone");
    std::fs::create_dir_all(&alone).and_then(|()| std::fs::copy(&path, alone.join("nixvirt"))).expect("room for it");
    let import = run(Command::new(alone.join("nixvirt")).args(["import", "test:///default"]));
    expect![[r#"
        error: cannot start /virtdeclare, the program that talks to libvirt: No such file or directory (os error 2)
        hint: install virtdeclare in the same folder as nixvirt
    "#]]
    .assert_eq(&import.stderr.replace(&alone.display().to_string(), ""));
}

#[test]
fn import_reads_a_daemon() {
    let import = |arguments: &[&str]| run(Command::new("nixvirt").arg("import").args(arguments));
    let one = import(&["test:///default/test"]);
    assert!(one.succeeded && one.stdout.starts_with("{\n  type = \"test\";\n  name = \"test\";\n"), "{}", one.stdout);
    let all = import(&["--kind", "network", "test:///default"]);
    assert!(all.succeeded && all.stdout.starts_with("{\n  default = {\n    name = \"default\";\n"), "{}", all.stdout);
    let none = import(&["test:///default/none"]);
    assert!(!none.succeeded);
    assert_eq!(none.stderr, "error: there is no domain \"none\" at test:///default\n");
}

/// A managed guest with a console password.
#[test]
fn import_tells_of_secrets_and_prints_no_owner() {
    let host = Host::new();
    let console = "<graphics type='vnc' passwd='letmein'/>";
    host.apply(&json!({ "domains": [{ "xml": guest("imported", "", console) }] }));
    assert!(virsh(&["dumpxml", "imported"]).contains("nixvirt:declared"));
    for options in [&[][..], &["--brief"]] {
        let one = run(Command::new("nixvirt").args(["import", &format!("{URI}/imported")]).args(options));
        assert!(one.succeeded && one.stdout.contains("graphics"), "{}", one.stderr);
        assert!(!one.stdout.contains("declared") && !one.stdout.contains("passwd"), "{}", one.stdout);
        expect![[r#"
            warning: domain imported has secrets, such as a console password, which are not imported
            hint: `nixvirt apply` keeps a console password that is not declared
        "#]]
        .assert_eq(&one.stderr);
    }
    host.apply(&json!({ "domains": [] }));
}
