//! Each template, with the least arguments and as its golden folders have it, is one that a real libvirt defines; and what
//! they make beside XML is as they say.

use expect_test::{Expect, expect};
use nixvirt_tests::libvirt::{URI, ask_virsh, daemons, virsh};
use nixvirt_tests::{evaluate, folders, library, name, nix, project, run};
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// What a function over `lib` gives, as JSON.
fn json(expression: &str) -> serde_json::Value {
    let outcome = evaluate(&format!("let lib = {}; in builtins.toJSON ({expression})", library()));
    assert!(outcome.succeeded, "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).expect("Nix prints JSON")
}

/// Without KVM, which this machine may not have, and the processor that only KVM hands through.
const HERE: &str = r#"kind: spec: if kind != "domain" then spec else spec // { type = "qemu"; cpu = null; }"#;

/// A template's kind, name and XML.
struct Template {
    kind: String,
    name: String,
    xml: PathBuf,
}

/// All templates: with the least arguments, and as the golden folders have them.
fn templates() -> Vec<Template> {
    let mut golden = String::new();
    for kind in folders(&project().join("tests/specs")) {
        for case in folders(&kind).into_iter().filter(|case| name(case).starts_with("template-")) {
            let spec = format!("(import {}/spec.nix lib)", case.display());
            golden += &format!("{{ kind = \"{}\"; name = \"golden-{}\"; spec = {spec}; }}", name(&kind), name(&case));
        }
    }
    let all = json(&format!(
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

/// What libvirt says against a template, which it does not keep.
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

/// Held while libvirt has guests by the names of the templates.
static NAMES: Mutex<()> = Mutex::new(());

#[test]
fn a_real_libvirt_defines_every_template() {
    let _names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    daemons();
    // libvirt's own, on the bridge that `bridge` has too.
    virsh(&["net-undefine", "default"]);
    let folder = std::env::temp_dir().join("volumes");
    fs::create_dir_all(&folder).expect("a writable folder");
    let path = folder.to_str().expect("a plain path");
    virsh(&["pool-create-as", "volumes", "dir", "--target", path]);
    // What the golden volume is a layer on.
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
    daemons();
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
        for command in [&["apply"][..], &["plan", "--detailed-exitcode"]] {
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

#[test]
fn the_machine_of_every_template_starts() {
    daemons();
    let lan = std::env::temp_dir().join("lan.xml");
    // SPICE listens on no address of IPv4 where the host has none but that of itself.
    let xml = "<network><name>machines</name><bridge name='virbr99'/><ip address='192.168.99.1' netmask='255.255.255.0'/></network>";
    fs::write(&lan, xml).expect("a writable folder");
    let does = |arguments: &[&str]| {
        let done = ask_virsh(arguments);
        assert!(done.succeeded, "{arguments:?}: {}", done.stderr);
    };
    does(&["net-create", lan.to_str().expect("a plain path")]);
    let machines = json(
        r#"let
             # What a machine without KVM and without a graphics card runs.
             arguments = { memory = "256 MiB"; virtio_video = false; bridge_name = "virbr99"; nvram_path = "/tmp/variables.fd"; };
             here = spec: lib.domain.getXML (spec // { type = "qemu"; cpu = if spec.os.arch == "aarch64" then { model = "cortex-a57"; } else null; });
             machine = name: here (lib.domain.templates.${name} (arguments // { name = "machine-${name}"; }));
           in builtins.mapAttrs (name: _: machine name) (removeAttrs lib.domain.templates [ "nixos" ])"#,
    );
    // The disc in its drive is there when it has been built.
    seed(r#"{ name = "machine-cloud"; }"#);
    for (name, xml) in machines.as_object().expect("it is a set") {
        let [file, guest] = [format!("machine-{name}.xml"), format!("machine-{name}")];
        let file = std::env::temp_dir().join(file);
        fs::write(&file, xml.as_str().expect("it is text")).expect("a writable folder");
        does(&["define", file.to_str().expect("a plain path")]);
        does(&["start", &guest]);
        assert_eq!(virsh(&["domstate", &guest]), "running", "{guest}");
        does(&["destroy", &guest]);
        does(&["undefine", "--nvram", "--tpm", &guest]);
    }
    does(&["net-destroy", "machines"]);
}

#[test]
fn a_disk_with_a_size_declares_its_volume() {
    let volumes = |template: &str| json(&format!("(lib.domain.templates.{template}).volumes or null"));
    let check = |template: &str, expected: Expect| expected.assert_eq(&format!("{:#}\n", volumes(template)));
    check(
        r#"linux { name = "web"; storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }; backing_vol = "/base.qcow2"; }"#,
        expect![[r#"
            [
              {
                "content": null,
                "definition": {
                  "backingStore": {
                    "format": {
                      "type": "qcow2"
                    },
                    "path": "/base.qcow2"
                  },
                  "capacity": "20 GiB",
                  "name": "web.qcow2",
                  "target": {
                    "format": {
                      "type": "qcow2"
                    }
                  }
                },
                "pool": "default"
              }
            ]
        "#]],
    );
    check(
        r#"cloud { name = "web"; image = "/image.qcow2"; storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }; }"#,
        expect![[r#"
            [
              {
                "content": "/image.qcow2",
                "definition": {
                  "backingStore": null,
                  "capacity": "20 GiB",
                  "name": "web.qcow2",
                  "target": {
                    "format": {
                      "type": "qcow2"
                    }
                  }
                },
                "pool": "default"
              }
            ]
        "#]],
    );
    check(
        r#"linux { name = "web"; storage_vol = { pool = "default"; volume = "web.qcow2"; }; }"#,
        expect![[r#"
        null
    "#]],
    );
}

#[test]
fn a_written_domain_keeps_its_spec() {
    let [file, volume] = ["toString file", "(builtins.head file.spec.volumes).definition.name"].map(|part| {
        json(&format!(
            r#"let file = lib.domain.writeXML (lib.domain.templates.q35 {{ name = "web"; storage_vol = {{ pool = "default"; volume = "web.qcow2"; size = 1; }}; }}); in {part}"#
        ))
    });
    let xml = fs::read_to_string(file.as_str().expect("it is a path")).expect("it is in the store");
    assert!(xml.contains("volume='web.qcow2'") && !xml.contains("size"), "{xml}");
    assert_eq!(volume, "web.qcow2");
}

#[test]
fn templates_refuse_what_they_cannot_do() {
    let check = |part: &str, expected: Expect| {
        let spec = format!("let lib = {}; in builtins.toJSON (lib.domain.{part})", library());
        expected.assert_eq(evaluate(&spec).error());
    };
    check(
        r#"templates.linux { name = "web"; storage_vol = { file = "/web.qcow2"; size = 1; }; }"#,
        expect![[r#"
        error: storage_vol: `size` is for a volume of a pool: { pool = "default"; volume = "name.qcow2"; size = "20 GiB"; }
    "#]],
    );
    check(
        r#"templates.cloud { name = "web"; image = "/image.qcow2"; storage_vol = "/web.qcow2"; }"#,
        expect![[r#"
        error: cloud: `image` fills the volume of a disk with a `size`: storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }
    "#]],
    );
    check(
        r#"passthrough "1:0.0""#,
        expect![[r#"
        error: passthrough: "1:0.0" is not an address of the PCI bus such as "01:00.0"; `lspci -D` lists them
    "#]],
    );
}

/// The files of a seed, in the disc image of which the stub of nixpkgs makes an archive.
fn seed(arguments: &str) -> String {
    let disk = format!("(lib.domain.templates.cloud {arguments}).devices.disk");
    let disc = run(nix("build")
        .args(["--impure", "--no-link", "--print-out-paths", "--expr"])
        .arg(format!("let lib = {}; in (builtins.head {disk}).source.file", library())));
    assert!(disc.succeeded, "{}", disc.stderr);
    let content = |name: &str| {
        let file = run(Command::new("tar").args(["-xOf", disc.stdout.trim(), &format!("./{name}")]));
        format!("# {name}\n{}", if file.succeeded { file.stdout } else { "is not there\n".to_owned() })
    };
    ["user-data", "meta-data", "network-config"].map(content).concat()
}

#[test]
fn a_cloud_image_gets_its_seed() {
    expect![[r##"
        # user-data
        #cloud-config
        {"users":[{"name":"admin"}]}
        # meta-data
        {"instance-id":"web-edf23a424a3d","local-hostname":"web"}
        # network-config
        {"version":2}
    "##]]
    .assert_eq(&seed(r#"{ name = "web"; user_data.users = [ { name = "admin"; } ]; network_config.version = 2; }"#));
    expect![[r##"
        # user-data
        #!/bin/sh
        echo
        # meta-data
        {"instance-id":"web-b25e6ded7291","local-hostname":"other"}
        # network-config
        is not there
    "##]]
    .assert_eq(&seed(r#"{ name = "web"; user_data = "\#!/bin/sh\necho\n"; meta_data.local-hostname = "other"; }"#));
}

/// Arguments of NixVirt's templates, and a part of the XML that each brings.
const ARGUMENTS: &[(&str, &str)] = &[
    (r#"name = "other";"#, "<name>other</name>"),
    (r#"uuid = "0b5e5cf1-7fd4-4d35-8c8e-4c0b2f9f1c11";"#, "<uuid>0b5e5cf1-7fd4-4d35-8c8e-4c0b2f9f1c11</uuid>"),
    ("vcpu.count = 7;", "<vcpu>7</vcpu>"),
    (r#"memory = { count = 7; unit = "GiB"; };"#, "<memory unit='GiB'>7</memory>"),
    ("storage_vol = /disk.qcow2;", "<source file='/disk.qcow2'/>"),
    (r#"storage_vol = "/disk.qcow2";"#, "<source file='/disk.qcow2'/>"),
    (r#"storage_vol = { pool = "p"; volume = "v"; };"#, "<source pool='p' volume='v'/>"),
    (r#"storage_vol = { file = "/disk.qcow2"; startupPolicy = "optional"; };"#, "startupPolicy='optional'"),
    (r#"storage_vol = "/disk"; backing_vol = /base.qcow2;"#, "<source file='/base.qcow2'/>"),
    (r#"storage_vol = "/disk"; backing_vol = { pool = "p"; volume = "v"; };"#, "<source pool='p' volume='v'/>"),
    (r#"storage_vol = "/disk"; backing_vol = { file = "/base"; };"#, "<source file='/base'/>"),
    (
        r#"storage_vol = "/disk"; backing_vol = { type = "file"; format.type = "raw"; source.file = "/base"; };"#,
        "<format type='raw'/>",
    ),
    (r#"storage_vol = "/disk"; backing_vol = { };"#, "<backingStore/>"),
    (r#"install_vol = "/disc.iso";"#, "<source file='/disc.iso'"),
    ("install_vol = /disc.iso;", "<source file='/disc.iso'"),
    (r#"install_vol = { file = "/disc.iso"; };"#, "<source file='/disc.iso'"),
    (r#"install_vol = { pool = "p"; volume = "disc.iso"; };"#, "<source pool='p' volume='disc.iso'"),
    (r#"bridge_name = "br7";"#, "<source bridge='br7'/>"),
    (r#"net_iface_mac = "52:54:00:00:00:07";"#, "<mac address='52:54:00:00:00:07'/>"),
    ("virtio_net = true;", "<model type='virtio'/>"),
    (r#"storage_vol = "/disk"; virtio_drive = true;"#, "<target dev='vda' bus='virtio'/>"),
    (r#"storage_vol = "/disk"; virtio_drive = false;"#, "<target dev='sda' bus='sata'/>"),
    ("virtio_video = true;", "accel3d='yes'"),
    ("virtio_video = false;", "<model type='qxl'"),
    ("virtio_video = null;", "<listen type='address' address='127.0.0.1'/>"),
    ("unknown = throw \"it is not looked at\";", "<name>guest</name>"),
];

/// Those that Windows has beside them.
const WINDOWS: &[(&str, &str)] = &[
    (r#"nvram_path = "/vars.fd";"#, "<nvram>/vars.fd</nvram>"),
    (r#"firmware = "/code.fd";"#, "/code.fd</loader>"),
    (r#"install_vol = "/disc.iso";"#, "startupPolicy='mandatory'"),
    ("install_virtio = true;", "virtio-win.iso"),
];

#[test]
fn every_argument_is_heeded() {
    for template in ["pc", "q35", "linux", "windows", "windows11", "aarch64", "cloud"] {
        let base = r#"{ name = "guest"; nvram_path = "/nvram.fd"; }"#;
        let own = if template.starts_with("windows") { WINDOWS } else { &[] };
        // Arm has neither SATA nor QXL, and a cloud image's disc is its seed.
        let has = |part: &str| match template {
            "aarch64" => !part.contains("sata") && !part.contains("qxl"),
            "cloud" => !part.contains("disc.iso"),
            _ => true,
        };
        let arguments: Vec<_> = ARGUMENTS.iter().chain(own).filter(|(_, part)| has(part)).collect();
        let specs: String = arguments.iter().map(|(argument, _)| format!("{{ {argument} }}")).collect();
        let made =
            json(&format!("map (it: lib.domain.getXML (lib.domain.templates.{template} ({base} // it))) [ {specs} ]"));
        for (at, (argument, part)) in arguments.iter().enumerate() {
            let xml = made[at].as_str().expect("it is XML");
            assert!(xml.contains(part), "{template} with {argument}: {part} is not in\n{xml}");
        }
    }
}

/// Templates of other kinds with arguments, and a part of the XML that each brings; first those that are meant where nothing is
/// said.
const OTHERS: &[(&str, &str, &str)] = &[
    ("network.bridge", "subnet_byte = 7;", "<name>default</name>"),
    ("network.bridge", "subnet_byte = 7;", "<bridge name='virbr0'/>"),
    ("network.bridge", "subnet_byte = 7;", "<port start='1024' end='65535'/>"),
    ("network.bridge", "subnet_byte = 7;", "<ip address='192.168.7.1' netmask='255.255.255.0'>"),
    ("network.bridge", "subnet_byte = 7;", "<range start='192.168.7.2' end='192.168.7.254'/>"),
    ("network.bridge", r#"subnet_byte = 7; name = "lan";"#, "<name>lan</name>"),
    ("network.bridge", r#"subnet_byte = 7; bridge_name = "br7";"#, "<bridge name='br7'/>"),
    (
        "network.bridge",
        r#"subnet_byte = 7; dhcp_hosts = { name = "web"; ip = "192.168.7.9"; };"#,
        "<host name='web' ip='192.168.7.9'/>",
    ),
    ("network.nat", r#"name = "lan"; subnet_byte = 7;"#, "<bridge name='virbr7'/>"),
    ("network.nat", r#"name = "lan"; subnet_byte = 7; forward_dev = "eth0";"#, "<forward dev='eth0' mode='nat'/>"),
    (
        "network.route",
        r#"name = "lan"; subnet_byte = 7; domain_name = "x.internal";"#,
        "<domain name='x.internal' localOnly='yes'/>",
    ),
    ("network.isolated", r#"name = "lan"; subnet_byte = 7;"#, "<range start='192.168.7.2' end='192.168.7.254'/>"),
    (
        "network.isolated",
        r#"name = "lan"; subnet_byte = 7; dhcp = false;"#,
        "<ip address='192.168.7.1' netmask='255.255.255.0'/>",
    ),
    ("pool.dir", r#"name = "disks";"#, "<path>/var/lib/libvirt/disks</path>"),
    ("pool.dir", r#"name = "disks"; path = "/disks"; permissions.mode = "0711";"#, "<mode>0711</mode>"),
    ("pool.logical", r#"name = "vg";"#, "<path>/dev/vg</path>"),
    ("pool.logical", r#"name = "disks"; group = "vg"; devices = [ "/dev/sdb" ];"#, "<device path='/dev/sdb'/>"),
    ("pool.zfs", r#"name = "tank";"#, "<name>tank</name>"),
    ("pool.zfs", r#"name = "disks"; dataset = "tank/disks";"#, "<name>tank/disks</name>"),
    ("pool.netfs", r#"name = "nas"; host = "h"; dir = "/d";"#, "<path>/var/lib/libvirt/nas</path>"),
    ("pool.netfs", r#"name = "nas"; host = "h"; dir = "/d";"#, "<format type='nfs'/>"),
    ("pool.netfs", r#"name = "nas"; host = "h"; dir = "/d"; path = "/mnt"; format = "cifs";"#, "<format type='cifs'/>"),
    ("volume.qcow2", r#"name = "a"; size = "1 GiB"; backing = "/b";"#, "<format type='qcow2'/>"),
    ("volume.qcow2", r#"name = "a"; size = "1 GiB"; backing = "/b"; backing_format = "raw";"#, "<format type='raw'/>"),
    ("volume.raw", r#"name = "a"; size = "1 GiB";"#, "<allocation>0</allocation>"),
    (
        "volume.raw",
        r#"name = "a"; size = { count = 1; unit = "GiB"; }; sparse = false;"#,
        "<capacity unit='GiB'>1</capacity>\n  <target>",
    ),
];

#[test]
fn every_argument_of_other_templates_is_heeded() {
    let calls = OTHERS.iter().map(|(template, arguments, _)| {
        let (kind, name) = template.split_once('.').expect("a kind and a name");
        format!("(lib.{kind}.getXML (lib.{kind}.templates.{name} {{ {arguments} }}))")
    });
    let made = json(&format!("[ {} ]", calls.collect::<String>()));
    for (at, (template, arguments, part)) in OTHERS.iter().enumerate() {
        let xml = made[at].as_str().expect("it is XML");
        assert!(xml.contains(part), "{template} with {arguments}: {part} is not in\n{xml}");
    }
}
