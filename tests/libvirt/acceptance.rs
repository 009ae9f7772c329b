//! The success criteria of the seed, one after the other, with its own machines and a real libvirt: whoever declares machines
//! with the module, or with nothing but the library and `nixvirt apply`.

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

/// The text of the manifest that a repository declares.
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

/// A repository with the files of the seed.
fn repository() -> PathBuf {
    let folder = std::env::temp_dir().join("acceptance/repository");
    let all = format!(
        "rm -rf {here}; mkdir -p {here}; cp -r {project}/tests/acceptance/* {project}/examples/domain {project}/examples/network \
         {project}/examples/pool {here}; cd {here}; git init -q; git add .; \
         git -c user.name=me -c user.email=me@localhost commit -qm 'My machines'",
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

/// What libvirt knows of all that the seed declares, but for the hardware address that it makes up for a bridge, how full a disk
/// is, and our mark.
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

/// A host as the seed takes it for granted: with the bridge virbr0, and a pool for disks.
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
        // It fails if a change is left.
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
    // As it is declared not to run, the next deployment would ask it to shut down, and it runs no system that could.
    virsh(&["destroy", "debian-test"]);

    // 4. Have them in version control: all of it is text, a change is a line, and can be taken back.
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

    // 5. Have the same again from the same files, on a host that has nothing of it.
    host();
    assert_eq!(deploy(&path("../state-of-another-host")), deployed);
    assert!(virsh(&["vol-list", "default"]).contains("debian-test.qcow2"));
}
