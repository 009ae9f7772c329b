//! A real libvirt defines each template, with the required arguments alone and with those of the golden folders, and starts a guest with
//! each argument.

mod calls;

use nixvirt_tests::libvirtd::{self, URI, ask_virsh, virsh};
use nixvirt_tests::{build, evaluate_json, folders, name, project, run};
use pretty_assertions::assert_eq;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The XML for a host without KVM and with little space: software emulation, no CPU that only KVM passes through, small volumes.
const HERE: &str =
    r#"kind: spec: spec // { domain = { type = "qemu"; cpu = null; }; volume.capacity = "1 MiB"; }.${kind} or { }"#;

/// A template's kind, name and XML.
struct Template {
    kind: String,
    name: String,
    xml: PathBuf,
}

/// All templates, with the required arguments alone and with those of the golden folders.
fn templates() -> Vec<Template> {
    let mut golden = String::new();
    for kind in folders(&project().join("tests/specs")) {
        for case in folders(&kind).into_iter().filter(|case| name(case).starts_with("template-")) {
            let spec = format!("(import {}/spec.nix lib)", case.display());
            golden += &format!("{{ kind = \"{}\"; name = \"golden-{}\"; spec = {spec}; }}", name(&kind), name(&case));
        }
    }
    let all = evaluate_json(&format!(
        "let least = import {}/examples/templates.nix lib;
             each = kind: map (name: {{ inherit kind name; spec = least.${{kind}}.${{name}}; }}) (builtins.attrNames least.${{kind}});
         in map (it: {{ inherit (it) kind name; xml = lib.${{it.kind}}.getXML (({HERE}) it.kind (it.spec // {{ inherit (it) name; }})); }})
           (builtins.concatMap each (builtins.attrNames least) ++ [ {golden} ])",
        project().display()
    ));
    let all = all.as_array().expect("it is a list").iter().map(|it| {
        let [kind, name, xml] = ["kind", "name", "xml"].map(|key| it[key].as_str().expect("it is text").to_owned());
        let path = std::env::temp_dir().join(format!("{kind}-{name}.xml"));
        fs::write(&path, xml).expect("a writable folder");
        Template { kind, name, xml: path }
    });
    all.collect()
}

/// Defines a template, and undefines it again. Returns the error of libvirt.
fn objection(template: &Template) -> Option<String> {
    let file = template.xml.to_str().expect("a plain path");
    let (define, undefine): (&[&str], &[&str]) = match &*template.kind {
        "domain" => (&["define", "--validate", file], &["undefine", "--nvram", &template.name]),
        "network" => (&["net-define", "--validate", file], &["net-undefine", &template.name]),
        "pool" => (&["pool-define", "--validate", file], &["pool-undefine", &template.name]),
        "volume" => (&["vol-create", "volumes", file], &["vol-delete", &template.name, "volumes"]),
        other => panic!("{other} has templates, which are not tried"),
    };
    let defined = ask_virsh(define);
    assert!(!defined.succeeded || ask_virsh(undefine).succeeded, "{} is undefined", template.name);
    (!defined.succeeded).then_some(defined.stderr)
}

/// Locked while libvirt has guests with the names of the templates.
static NAMES: Mutex<()> = Mutex::new(());

#[test]
fn a_real_libvirt_defines_every_template() {
    let _names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let _libvirtd = libvirtd::shared();
    // libvirt's default network, on the bridge of the network `bridge`.
    virsh(&["net-undefine", "default"]);
    let folder = std::env::temp_dir().join("volumes");
    fs::create_dir_all(&folder).expect("a writable folder");
    let path = folder.to_str().expect("a plain path");
    virsh(&["pool-create-as", "volumes", "dir", "--target", path]);
    // The backing file of the golden volume.
    fs::create_dir_all("/var/lib/libvirt/images").expect("a writable folder");
    let base = ["create", "-q", "-f", "qcow2", "/var/lib/libvirt/images/base.qcow2", "1G"];
    assert!(run(Command::new("qemu-img").args(base)).succeeded, "a base for the golden volume");
    let templates = templates();
    assert!(templates.len() > 30, "{} templates", templates.len());
    for template in &templates {
        assert_eq!(objection(template).as_deref(), None, "{} {}", template.kind, template.name);
    }
}

#[test]
fn a_guest_of_every_template_can_be_changed() {
    let _names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let _libvirtd = libvirtd::shared();
    let folder = std::env::temp_dir().join("changed");
    fs::create_dir_all(&folder).expect("a writable folder");
    let path = |name: &str| folder.join(name).display().to_string();
    let guests: Vec<_> = templates().into_iter().filter(|it| it.kind == "domain").collect();
    let apply = |description: &str| {
        let domain = |it: &Template| {
            let described = format!("</name><description>{description}</description>");
            json!({ "xml": fs::read_to_string(&it.xml).expect("it was written").replace("</name>", &described) })
        };
        let domains: Vec<_> = guests.iter().map(domain).collect();
        let manifest = json!({ "version": 1, "connections": { URI: { "domains": domains } } });
        fs::write(path("manifest.json"), manifest.to_string()).expect("a writable folder");
        for command in [&["apply"][..], &["plan", "--detailed-exitcode"], &["status", "--exit-code"]] {
            let flags = ["--manifest", &path("manifest.json"), "--state", &path("state")];
            let done = run(Command::new("nixvirt").args(command).args(flags));
            assert!(done.succeeded, "{command:?}: {}{}", done.stdout, done.stderr);
        }
    };
    apply("One");
    let devices = || guests.iter().map(|it| virsh(&["dumpxml", &it.name])).collect::<String>();
    let before = devices();
    apply("Two");
    assert_eq!(devices(), before.replace("<description>One<", "<description>Two<"), "nothing else has changed");
    for guest in &guests {
        virsh(&["undefine", "--nvram", &guest.name]);
    }
}

/// Runs a command of virsh, which must succeed.
#[track_caller]
fn does(arguments: &[&str]) {
    let done = ask_virsh(arguments);
    assert!(done.succeeded, "{arguments:?}: {}", done.stderr);
}

/// Creates a network on a bridge. SPICE does not listen on IPv4 if the host has only its loopback address.
fn network(name: &str, bridge: &str, subnet: u8) {
    let file = std::env::temp_dir().join(format!("{name}.xml"));
    let ip = format!("<ip address='192.168.{subnet}.1' netmask='255.255.255.0'/>");
    let xml = format!("<network><name>{name}</name><bridge name='{bridge}'/>{ip}</network>");
    fs::write(&file, xml).expect("a writable folder");
    does(&["net-create", file.to_str().expect("a plain path")]);
}

/// Defines and starts a guest, and removes it again. The guest does not run: what it does is its own affair.
#[track_caller]
fn starts(guest: &str, xml: &str) {
    let file = std::env::temp_dir().join(format!("{guest}.xml"));
    fs::write(&file, xml).expect("a writable folder");
    does(&["define", "--validate", file.to_str().expect("a plain path")]);
    does(&["start", "--paused", guest]);
    does(&["destroy", guest]);
    does(&["undefine", "--nvram", "--tpm", guest]);
}

/// A spec for a host without KVM.
const EMULATED: &str = r#"spec: spec // {
    type = "qemu";
    cpu = if spec.os.arch == "aarch64" then { model = "cortex-a57"; } else if spec.cpu ? topology then { inherit (spec.cpu) topology; } else null;
}"#;

#[test]
fn the_machine_of_every_template_starts() {
    let _libvirtd = libvirtd::shared();
    network("machines", "virbr99", 99);
    let machines = evaluate_json(&format!(
        r#"let
             arguments = {{ memory = "256 MiB"; bridge_name = "virbr99"; nvram_path = "/tmp/variables.fd"; }};
             machine = name: lib.domain.getXML (({EMULATED}) (lib.domain.templates.${{name}} (arguments // {{ name = "machine-${{name}}"; }})));
           in builtins.mapAttrs (name: _: machine name) (removeAttrs lib.domain.templates [ "nixos" ])"#
    ));
    // The image in the drive exists once it is built.
    build(r#"(builtins.head (lib.domain.templates.cloud { name = "machine-cloud"; }).devices.disk).source.file"#);
    for (name, xml) in machines.as_object().expect("it is a set") {
        starts(&format!("machine-{name}"), xml.as_str().expect("it is text"));
    }
    does(&["net-destroy", "machines"]);
}

/// Creates the files, the pool, the network and the bridge that the arguments in `tests/templates/domain.nix` name.
fn make_what_arguments_name() {
    let images = |format: &str, folder: &str, names: &[&str]| {
        for name in names {
            let made =
                run(Command::new("qemu-img").args(["create", "-q", "-f", format, &format!("{folder}/{name}"), "64M"]));
            assert!(made.succeeded, "{folder}/{name}: {}", made.stderr);
        }
    };
    let folder = "/tmp/pool-of-arguments";
    fs::create_dir_all(folder).expect("a writable folder");
    images("qcow2", "", &["disk.qcow2", "disk", "base.qcow2", "base", "a.qcow2", "b.qcow2"]);
    images("raw", "", &["disk.raw", "base.raw", "web.img", "disc.iso"]);
    images("qcow2", folder, &["v"]);
    images("raw", folder, &["data.raw", "disc.iso", "answers"]);
    does(&["pool-create-as", "p", "dir", "--target", folder]);
    network("lan", "virbr98", 98);
    network("seven", "br7", 97);
}

#[test]
fn a_guest_starts_with_every_argument() {
    let _libvirtd = libvirtd::alone();
    make_what_arguments_name();
    let rows = evaluate_json(&format!(
        r#"let
             rows = builtins.filter (it: it.needs == null) (import {}/tests/templates/domain.nix);
             # The templates share what the arguments do: each row is started with one of them, and on UEFI and Arm.
             isFirst = at: at == 0 || (builtins.elemAt rows (at - 1)).xml != (builtins.elemAt rows at).xml;
             isStarted = at: isFirst at || builtins.elem (builtins.elemAt rows at).template [ "linux" "aarch64" ];
             started = map (builtins.elemAt rows) (builtins.filter isStarted (builtins.genList (at: at) (builtins.length rows)));
             least = it: {{ memory = "128 MiB"; bridge_name = "virbr98"; ${{if it.template == "linux" then "firmware" else null}} = "efi"; }};
             made = it: ({EMULATED}) (lib.domain.templates.${{it.template}} (least it // it.arguments));
           in map (it: {{ name = it.arguments.name; xml = lib.domain.getXML (made it); }}) started"#,
        project().display()
    ));
    let rows = rows.as_array().expect("it is a list");
    let with = |part: &str| rows.iter().filter(|row| row["xml"].as_str().is_some_and(|it| it.contains(part))).count();
    let [uefi, arm] = ["<os firmware='efi'>", "arch='aarch64'"].map(with);
    assert!(rows.len() > 100 && uefi > 30 && arm > 30, "{} rows, {uefi} on UEFI, {arm} on Arm", rows.len());
    for row in rows {
        let [name, xml] = ["name", "xml"].map(|key| row[key].as_str().expect("it is text"));
        // The variables of the firmware go with the guest.
        let is_arm = xml.contains("arch='aarch64'");
        let firmware = if is_arm { "AAVMF/AAVMF_*.fd" } else { "OVMF/OVMF_*_4M.fd" };
        for (part, to) in [("CODE", "/code.fd"), ("VARS", "/vars.fd")] {
            let from = Path::new("/usr/share").join(firmware.replace('*', part));
            fs::copy(from, to).expect("the firmware is installed");
        }
        starts(name, xml);
    }
}

/// libvirt brings a network `default` with a random UUID.
#[test]
fn libvirts_own_network_becomes_the_declared_one() {
    let _libvirtd = libvirtd::alone();
    let folder = std::env::temp_dir().join("own-network");
    fs::create_dir_all(&folder).expect("a writable folder");
    let path = |name: &str| folder.join(name).display().to_string();
    let own = "<network><name>default</name><forward mode='nat'/><bridge name='virbr0' stp='on' delay='0'/>\
               <ip address='192.168.122.1' netmask='255.255.255.0'/></network>";
    fs::write(path("default.xml"), own).expect("a writable folder");
    does(&["net-define", &path("default.xml")]);
    does(&["net-start", "default"]);
    let uuid = virsh(&["net-uuid", "default"]);
    let xml = evaluate_json("lib.network.getXML (lib.network.templates.bridge { subnet_byte = 71; })");
    let manifest = json!({ "version": 1, "connections": { URI: { "networks": [{ "xml": xml, "active": true, "restart": true }] } } });
    fs::write(path("manifest.json"), manifest.to_string()).expect("a writable folder");
    for _ in 0..2 {
        let flags = ["apply", "--manifest", &path("manifest.json"), "--state", &path("state")];
        let done = run(Command::new("nixvirt").args(flags));
        assert!(done.succeeded, "{}{}", done.stdout, done.stderr);
    }
    assert_eq!(virsh(&["net-uuid", "default"]), uuid);
    assert!(virsh(&["net-dumpxml", "default"]).contains("192.168.71.1"), "the network is as declared");
}
