//! A user's whole path with a real libvirt: define guests, deploy them, start them, keep them in version control, and deploy
//! them again on an empty host. Once with the module, once with the library and `nixvirt apply`.

use nixvirt_tests::configuration::built;
use nixvirt_tests::libvirtd::{self, URI, clear, virsh};
use nixvirt_tests::{evaluate, library, project, run};
use pretty_assertions::assert_eq;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_criteria_by_the_library() {
    criteria(by_the_library);
}

#[test]
#[cfg_attr(not(has_nixpkgs), ignore = "NIXPKGS_LIB does not name nixpkgs' lib")]
fn the_criteria_by_the_module() {
    criteria(by_the_module);
}

/// The text of the manifest of a repository.
fn by_the_library(repository: &Path) -> String {
    let manifest = format!("builtins.toJSON (import {}/manifest.nix ({}))", repository.display(), library());
    let outcome = evaluate(&manifest);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    outcome.stdout
}

fn by_the_module(repository: &Path) -> String {
    let manifest = built("nixos", &format!("{}/module.nix", repository.display()), "\"${declared}\"");
    fs::read_to_string(manifest).expect("it was built")
}

/// A repository with the files in `tests/acceptance/`, in a folder without the state records of an earlier test.
fn repository() -> PathBuf {
    let acceptance = std::env::temp_dir().join("acceptance");
    let folder = acceptance.join("repository");
    let all = format!(
        "rm -rf {acceptance}; mkdir -p {here}; cp -r {project}/tests/acceptance/* {project}/examples/domain {project}/examples/network \
         {project}/examples/pool {here}; cd {here}; git init -q; git add .; \
         git -c user.name=me -c user.email=me@localhost commit -qm 'My machines'",
        acceptance = acceptance.display(),
        here = folder.display(),
        project = project().display(),
    );
    said("bash", &["-euc", &all]);
    folder
}

#[track_caller]
fn said(program: &str, arguments: &[&str]) -> String {
    let outcome = run(Command::new(program).args(arguments));
    assert!(outcome.succeeded, "{program} {arguments:?}: {}{}", outcome.stdout, outcome.stderr);
    outcome.stdout
}

/// libvirt's definitions of all declared objects, without the MAC address that libvirt generates for a bridge, the sizes of
/// the pool, and NixVirt's metadata.
fn definitions() -> String {
    let dumps = [
        ["dumpxml", "--inactive", "debian-test"],
        ["dumpxml", "--inactive", "windows-dev"],
        ["net-dumpxml", "--inactive", "vm-bridge"],
        ["pool-dumpxml", "--inactive", "vm-storage"],
    ];
    let others = ["  <mac ", "  <capacity", "  <allocation", "  <available", "    <nixvirt:declared"];
    let dumped = dumps.map(|dump| virsh(&dump) + "\n").concat();
    let lines = dumped.lines().filter(|line| !others.iter().any(|other| line.starts_with(other)));
    lines.map(|line| line.to_owned() + "\n").collect()
}

/// Prepares the host that the files expect: with the bridge virbr0, and a pool for disks.
fn host() {
    clear();
    let network = std::env::temp_dir().join("virbr0.xml");
    fs::write(&network, "<network><name>default</name><bridge name='virbr0'/></network>").expect("a writable folder");
    said("virsh", &["-c", URI, "net-create", network.to_str().expect("a plain path")]);
    said("bash", &["-euc", "cd /var/lib/libvirt; rm -rf disks; mkdir -p disks images"]);
    said("virsh", &["-c", URI, "pool-create-as", "default", "dir", "--target", "/var/lib/libvirt/disks"]);
}

fn criteria(manifest: fn(&Path) -> String) {
    let _libvirtd = libvirtd::alone();
    host();
    // 1. Define machines in Nix.
    let repository = repository();
    let path = |name: &str| repository.join(name).display().to_string();
    let deploy = |state: &str| {
        fs::write(path("../manifest.json"), manifest(&repository)).expect("a writable folder");
        let options = ["--manifest", &path("../manifest.json"), "--state", state];
        let nixvirt = |command: &[&str]| said("nixvirt", &[command, &options].concat());
        nixvirt(&["apply"]);
        // The command fails if there are changes left.
        nixvirt(&["plan", "--detailed-exitcode"]);
        definitions()
    };

    // 2. Deploy them.
    let deployed = deploy(&path("../state"));
    assert_eq!(virsh(&["list", "--all", "--name"]), "debian-test\nwindows-dev");
    assert_eq!(virsh(&["list", "--name"]), "", "they are started by hand");
    assert!(deployed.contains("secure='yes'") && deployed.contains("<tpm model='tpm-crb'>"), "{deployed}");
    assert!(virsh(&["net-info", "vm-bridge"]).contains("Active:         yes"));
    assert!(virsh(&["pool-info", "vm-storage"]).contains("State:          running"));
    assert!(virsh(&["vol-info", "debian-test.qcow2", "default"]).contains("Capacity:       50.00 GiB"));
    assert!(virsh(&["vol-info", "windows-dev.qcow2", "default"]).contains("Capacity:       100.00 GiB"));

    // 3. Start them.
    said("virsh", &["-c", URI, "start", "debian-test"]);
    assert_eq!(virsh(&["list", "--name"]), "debian-test");
    // The guest is declared as inactive, and without an operating system it would not react to a shutdown request.
    virsh(&["destroy", "debian-test"]);

    // 4. Keep them in version control: everything is text, a change is one line, and can be reverted.
    let git = |arguments: &[&str]| said("git", &[&["-C", &path(".")], arguments].concat());
    let is_text = |size: &str| !size.starts_with('-');
    let nothing = git(&["hash-object", "-t", "tree", "/dev/null"]);
    assert!(git(&["diff", "--numstat", nothing.trim(), "HEAD"]).lines().all(is_text));
    let machine = path("domain/debian-test.nix");
    let text = fs::read_to_string(&machine).expect("it is there");
    fs::write(&machine, text.replace("  memory", "  vcpu.count = 2;\n  memory")).expect("a writable folder");
    assert_eq!(git(&["diff", "--numstat"]), "1\t0\tdomain/debian-test.nix\n");
    let changed = deploy(&path("../state"));
    assert!(changed.contains("<vcpu placement='static'>2</vcpu>"), "{changed}");
    git(&["checkout", "-q", "."]);
    assert_eq!(deploy(&path("../state")), deployed);

    // 5. Get the same guests from the same files on an empty host.
    host();
    assert_eq!(deploy(&path("../state-of-another-host")), deployed);
    assert!(virsh(&["vol-list", "default"]).contains("debian-test.qcow2"));
}
