//! `nixvirt import --all`: the declarations of a whole host. Applying them changes nothing.

use nixvirt_schema::kind::Kind;
use nixvirt_tests::configuration::lib;
use nixvirt_tests::libvirt::{documents, renamed};
use nixvirt_tests::libvirtd::{self, URI, ask_virsh, virsh};
use nixvirt_tests::{evaluate_json, library, run};
use pretty_assertions::assert_eq;
use serde_json::Value as Json;
use std::fs;
use std::path::Path;
use std::process::Command;

/// How many of libvirt's documents of a kind are defined.
const OF_A_KIND: usize = 20;

/// Defines an object of XML. Not every host can define each of libvirt's documents.
fn define(folder: &Path, command: &str, xml: &str) -> bool {
    let file = folder.join("object.xml");
    fs::write(&file, xml).expect("a writable folder");
    ask_virsh(&[command, &file.display().to_string()]).succeeded
}

/// Fills the daemon with documents of libvirt's tests, spread over all of them. Returns the number of objects.
fn fill(folder: &Path) -> usize {
    let kinds = [
        (Kind::Domain, "define"),
        (Kind::Network, "net-define"),
        (Kind::Pool, "pool-define"),
        (Kind::Secret, "secret-define"),
    ];
    let mut defined = 0;
    for (kind, command) in kinds {
        let documents = documents(kind);
        let step = documents.len().div_ceil(OF_A_KIND);
        for (number, document) in documents.into_iter().step_by(step).enumerate() {
            let object = renamed(kind, document.root, &format!("imported {number}"));
            defined += usize::from(define(folder, command, &object.to_string()));
        }
    }
    defined
}

/// Templates, with what each is called with.
const TEMPLATES: [(&str, &str, &str); 13] = [
    (
        "domain",
        "linux",
        "{ name = \"by-linux\"; memory = \"1 GiB\"; network = \"by nat\"; storage_vol = \"/web.raw\"; }",
    ),
    ("domain", "q35", "{ name = \"by-q35\"; display = \"vnc\"; firmware = \"efi\"; install_vol = \"/disc.iso\"; }"),
    ("domain", "pc", "{ name = \"by-pc\"; uuid = \"00000000-0000-4000-8000-00000000abcd\"; vcpu.count = 1; }"),
    (
        "domain",
        "windows",
        "{ name = \"by-windows\"; nvram_path = \"/var/lib/libvirt/qemu/nvram/by-windows_VARS.fd\"; }",
    ),
    ("domain", "windows11", "{ name = \"by-windows11\"; storage_vol = { pool = \"disks\"; volume = \"w\"; }; }"),
    ("network", "nat", "{ name = \"by nat\"; subnet_byte = 75; domain_name = \"guests\"; }"),
    ("network", "route", "{ name = \"by-route\"; subnet_byte = 76; bridge_name = \"routed\"; }"),
    ("network", "isolated", "{ name = \"by-isolated\"; subnet_byte = 77; }"),
    ("network", "bridge", "{ name = \"by-bridge\"; subnet_byte = 78; bridge_name = \"virbr78\"; }"),
    ("pool", "dir", "{ name = \"by-dir\"; }"),
    ("pool", "dir", "{ name = \"by-mode\"; permissions = { mode = \"0711\"; owner = 0; group = 0; }; }"),
    ("pool", "netfs", "{ name = \"by-netfs\"; host = \"nas\"; dir = \"/export\"; path = \"/mnt\"; }"),
    ("pool", "logical", "{ name = \"by-logical\"; group = \"vg0\"; }"),
];

/// Defines objects that templates make.
fn define_templates(folder: &Path) {
    for (kind, template, arguments) in TEMPLATES {
        // The host has no KVM.
        let (command, here) = match kind {
            "domain" => ("define", "// { type = \"qemu\"; cpu = null; }"),
            "network" => ("net-define", ""),
            _ => ("pool-define", ""),
        };
        let made = format!("lib.{kind}.getXML (lib.{kind}.templates.{template} {arguments} {here})");
        let xml = evaluate_json(&made);
        assert!(define(folder, command, xml.as_str().expect("a text")), "{made}");
    }
}

/// A pool with a volume, a network that runs, a guest that runs and has a snapshot.
fn start_some(folder: &Path) {
    let pool = folder.join("pool");
    fs::create_dir(&pool).expect("a writable folder");
    assert!(define(
        folder,
        "pool-define",
        &format!("<pool type='dir'><name>disks</name><target><path>{}</path></target></pool>", pool.display())
    ));
    virsh(&["pool-start", "disks"]);
    virsh(&["vol-create-as", "disks", "web disk.qcow2", "1M", "--format", "qcow2"]);
    virsh(&["vol-create-as", "disks", "web.img", "1M", "--format", "raw"]);
    assert!(define(folder, "net-define", "<network><name>lan</name></network>"));
    virsh(&["net-start", "lan"]);
    virsh(&["net-autostart", "lan"]);
    assert!(define(folder, "net-create", "<network><name>guests-of-today</name></network>"));
    let disk = "<disk type='volume' device='disk'><driver type='qcow2'/><source pool='disks' volume='web disk.qcow2'/><target dev='vda' bus='virtio'/></disk>";
    let web = format!(
        "<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory><os><type>hvm</type></os><devices>{disk}\
         <interface type='network'><source network='lan'/></interface></devices></domain>"
    );
    assert!(define(folder, "define", &web));
    virsh(&["snapshot-create-as", "web", "before"]);
    virsh(&["start", "web"]);
}

/// The plan of a manifest, or what `apply` did.
fn nixvirt(command: &str, manifest: &str, state: &Path) -> Json {
    let outcome = run(Command::new("nixvirt").args([command, "--json", "--manifest", manifest, "--state"]).arg(state));
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|why| panic!("{why}: {}{}", outcome.stdout, outcome.stderr))
}

/// The objects of a report whose verdict is none of these, with the report on each.
fn others(report: &Json, verdicts: &[&str]) -> Vec<Json> {
    let objects = report["connections"][URI]["objects"].as_array().expect("there are objects");
    objects.iter().filter(|it| !verdicts.contains(&it["verdict"].as_str().unwrap_or_default())).cloned().collect()
}

#[test]
#[cfg_attr(not(has_nixpkgs), ignore = "NIXPKGS_LIB does not name nixpkgs' lib")]
fn a_host_is_declared_as_it_is() {
    let _libvirtd = libvirtd::alone();
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    let defined = fill(folder.path());
    assert!(defined > 20, "only {defined} objects were defined");
    define_templates(folder.path());
    start_some(folder.path());
    let declarations = folder.path().join("host");
    let import = || run(Command::new("nixvirt").args(["import", "--all", URI, "--to"]).arg(&declarations));
    let imported = import();
    assert!(imported.succeeded, "{}{}", imported.stdout, imported.stderr);
    assert!(imported.stderr.contains("network guests-of-today is left out"), "{}", imported.stderr);
    let module = fs::read_to_string(declarations.join("guests.nix")).expect("it was written");
    for (kind, template, arguments) in TEMPLATES {
        let name = arguments.split('"').nth(1).expect("a name");
        let call = format!("NixVirt.lib.{kind}.templates.{template} {{\n          name = \"{name}\";");
        assert!(module.contains(&call), "{call} is not in {module}");
    }
    for template in ["qcow2", "raw"] {
        assert!(module.contains(&format!("NixVirt.lib.volume.templates.{template} {{")), "{template}: {module}");
    }
    for file in ["domains/web/before.nix", "networks/lan.nix"] {
        assert!(declarations.join(file).exists(), "{file} is missing");
    }
    let again = import();
    assert!(!again.succeeded && again.stderr.contains("nothing was written"), "{}", again.stderr);

    let evaluated = run(Command::new("nix").args(["eval", "--offline", "--impure", "--json", "--expr"]).arg(format!(
        "(({}).manifest {{ lib = import {}; modules = [ {}/guests.nix ]; }}).manifest",
        library(),
        lib().display(),
        declarations.display()
    )));
    assert!(evaluated.succeeded, "{}", evaluated.stderr);
    let manifest = folder.path().join("manifest.json");
    fs::write(&manifest, evaluated.stdout).expect("a writable folder");
    let (manifest, state) = (manifest.display().to_string(), folder.path().join("state"));

    let before = virsh(&["dumpxml", "web"]);
    let plan = nixvirt("plan", &manifest, &state);
    assert_eq!(others(&plan, &["adopt"]), Vec::<Json>::new());
    assert!(others(&plan, &[]).len() > defined, "each object is in the plan");
    nixvirt("apply", &manifest, &state);
    assert_eq!(others(&nixvirt("plan", &manifest, &state), &["unchanged"]), Vec::<Json>::new());
    assert_eq!(virsh(&["dumpxml", "web"]), before);
}
