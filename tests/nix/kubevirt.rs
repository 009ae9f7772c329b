//! Domains as virtual machines of KubeVirt: plain Nix and Rust convert alike, and KubeVirt's own description accepts the documents.

use crate::fallback::{both, cases};
use expect_test::{expect, expect_file};
use nixvirt_schema::engine::xml;
use nixvirt_schema::kubevirt::convert::{Cluster, convert};
use nixvirt_schema::kubevirt::yaml::yaml;
use nixvirt_tests::{evaluate_json, project, run};
use pretty_assertions::assert_eq;
use serde_json::{Value as Json, json};
use std::fs;
use std::process::Command;

/// Sets of domains: the templates, the examples, and the golden specs.
fn domains() -> String {
    let project = project().display().to_string();
    let golden = cases().into_iter().filter(|(kind, _)| kind == "domain").map(|(_, case)| {
        format!(
            "{:?} = (spec: if builtins.isFunction spec then spec lib else spec) (import {0}/spec.nix);",
            case.display()
        )
    });
    format!(
        "{{ templates = (import {project}/examples/templates.nix lib).domain; examples = (import {project}/examples lib).domain; \
         golden = {{ {} }}; numbers.device = {{ type = \"kvm\"; name = \"device\"; memory = \"1 GiB\"; os.type = \"hvm\"; \
         devices.hostdev = {{ type = \"pci\"; source.address = {{ bus = 1; slot = 0; function = 0; }}; }}; }}; \
         firmware = {{ long = {{ type = \"kvm\"; name = \"{}\"; memory = \"1 GiB\"; os.type = \"hvm\"; }}; \
         bios = {{ type = \"kvm\"; name = \"bios\"; memory = \"1 GiB\"; os = {{ type = \"hvm\"; bios.useserial = true; }}; \
         devices.serial.type = \"pty\"; }}; }}; }}",
        golden.collect::<String>(),
        "a".repeat(64)
    )
}

/// What the cluster has: the arguments of the conversion in Nix.
const CLUSTER: &str = "podNetworks = [ \"lan\" \"default\" ]; gpus.\"0000:01:00.0\" = \"vendor.test/card\"; \
                       hostDevices.\"0000:01:00.1\" = \"vendor.test/sound\"; hostDevices.\"046d:c52b\" = \"vendor.test/mouse\";";

/// The same in Rust.
fn cluster() -> Cluster {
    let named = |devices: &[(&str, &str)]| {
        devices.iter().map(|(address, name)| ((*address).to_owned(), (*name).to_owned())).collect()
    };
    Cluster {
        pod_networks: vec!["lan".to_owned(), "default".to_owned()],
        gpus: named(&[("0000:01:00.0", "vendor.test/card")]),
        host_devices: named(&[("0000:01:00.1", "vendor.test/sound"), ("046d:c52b", "vendor.test/mouse")]),
    }
}

/// For each domain: its XML, what is lost, and the documents if there are no errors. Volumes are names alone, as in XML.
fn converted() -> [Json; 2] {
    both(&format!(
        "let \
           made = given: let \
             definition = removeAttrs given [ \"volumes\" ]; \
             machine = lib.domain.toKubeVirt {{ inherit definition; {CLUSTER} }}; \
             isSound = builtins.all (it: it.severity == \"warning\") machine.problems; \
           in {{ \
             xml = lib.domain.getXML definition; \
             inherit (machine) problems; \
             documents = if isSound then machine.documents else null; \
             yaml = if isSound then machine.yaml else null; \
           }}; \
         in builtins.mapAttrs (_: builtins.mapAttrs (_: made)) ({})",
        domains()
    ))
}

#[test]
fn plain_nix_and_rust_convert_alike() {
    let [with, without] = converted();
    assert_eq!(with, without);
    let mut compared = 0;
    for (group, domains) in with.as_object().expect("a set") {
        for (name, made) in domains.as_object().expect("a set") {
            let domain = xml::element(made["xml"].as_str().expect("a text")).expect("it is XML");
            let expected = convert(&domain, None, &cluster());
            // What a seed contains is not in the XML.
            let has_seed = made["documents"][0]["kind"] == "Secret";
            if !made["documents"].is_null() && !has_seed {
                assert_eq!(made["problems"], json!(expected.problems), "{group}.{name}");
                assert_eq!(made["documents"], json!(expected.documents), "{group}.{name}");
                assert_eq!(made["yaml"], json!(yaml(&expected.documents)), "{group}.{name}");
                compared += 1;
            }
        }
    }
    assert!(compared > 20, "{compared} domains are converted");
}

/// Disks with a size and seeds of cloud-init are in the documents.
#[test]
fn volumes_and_seeds_are_converted() {
    let made = evaluate_json(
        r#"(lib.domain.toKubeVirt {
             active = true;
             namespace = "guests";
             definition = lib.domain.templates.cloud {
               name = "Web_1";
               image = "/debian.qcow2";
               storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; };
               user_data.packages = [ "nginx" ];
             };
           })"#,
    );
    let expected = expect_file![project().join("tests/nix/kubevirt/cloud.yaml")];
    expected.assert_eq(made["yaml"].as_str().expect("a text"));
    let problems: Vec<_> =
        made["problems"].as_array().expect("a list").iter().map(|it| it["message"].clone()).collect();
    assert_eq!(
        problems,
        [
            "needs its image: `virtctl image-upload dv web-1-vda --image-path /debian.qcow2`",
            "needs a bridge virbr0 on each node"
        ]
    );
}

/// Answers for Windows are a disc, secrets in files stay out of the documents, devices have the names of the cluster, and one interface
/// is in the network of the pod.
const WINDOWS: &str = r#"(lib.domain.toKubeVirt {
  podNetworks = [ "lan" ];
  gpus."0000:01:00.0" = "vendor.test/card";
  hostDevices."046d:c52b" = "vendor.test/mouse";
  definition = let
    windows = lib.domain.templates.windows11 {
      name = "office";
      storage_vol = { pool = "default"; volume = "office.qcow2"; size = "80 GiB"; };
      network = "lan";
      pci_devices = [ "01:00.0" "01:00.1" ];
      usb_devices = [ "046d:c52b" ];
      unattended = { user = "alice"; passwordFile = "/run/secrets/office"; };
    };
    interfaces = [ windows.devices.interface { type = "user"; } { type = "network"; source.network = "lan"; } ];
  in
    windows // { devices = windows.devices // { interface = builtins.concatLists (map (it: if builtins.isList it then it else [ it ]) interfaces); }; };
})"#;

#[test]
fn answers_devices_and_networks_with_nat_are_converted() {
    let made = evaluate_json(&format!("{{ inherit ({WINDOWS}) problems documents; }}"));
    let documents = made["documents"].as_array().expect("a list");
    let secret = &documents[0];
    assert_eq!((&secret["kind"], &secret["metadata"]["name"]), (&json!("Secret"), &json!("office-sysprep")));
    let answers = secret["stringData"]["Autounattend.xml"].as_str().expect("a text");
    assert!(answers.contains("@password@"), "{answers}");
    let instance = &documents.last().expect("a machine")["spec"]["template"]["spec"];
    let devices = &instance["domain"]["devices"];
    let named = |list: &Json, key: &str| -> Vec<Json> {
        list.as_array().into_iter().flatten().map(|it| it[key].clone()).collect()
    };
    let disc = json!({ "name": "sdz", "cdrom": { "bus": "sata" } });
    assert!(devices["disks"].as_array().is_some_and(|disks| disks.contains(&disc)), "{devices}");
    let volume = json!({ "name": "sdz", "sysprep": { "secret": { "name": "office-sysprep" } } });
    assert!(instance["volumes"].as_array().is_some_and(|volumes| volumes.contains(&volume)), "{instance}");
    assert_eq!(named(&devices["gpus"], "deviceName"), ["vendor.test/card"]);
    assert_eq!(named(&devices["hostDevices"], "deviceName"), ["nixvirt/office-hostdev1", "vendor.test/mouse"]);
    assert_eq!(
        instance["networks"],
        json!([{ "name": "net0", "pod": {} }, { "name": "net2", "multus": { "networkName": "lan" } }])
    );
    let problems = made["problems"].as_array().expect("a list").iter();
    let problems: Vec<_> = problems.map(|it| format!("{}: {}", it["path"], it["message"]).replace('"', "")).collect();
    expect![[r#"
        clock.offset: the clock of the guest shows UTC: KubeVirt does not know the local time of a node
        devices.disk[1]: the empty drive is left out: in KubeVirt, each drive has a disc
        devices.disk[2].source: needs a PersistentVolumeClaim office-hdd with the content of the disk
        devices.disk[3].source: needs the content of /run/secrets/office in place of @password@ in its Secret
        devices.interface[1]: the interface is left out: a virtual machine has one interface in the network of the pod
        devices.interface[2].type: needs a bridge lan on each node; set its name in the NetworkAttachmentDefinition
        devices.hostdev[1].source: needs the device under `permittedHostDevices` of the cluster, with the resource name nixvirt/office-hostdev1"#]].assert_eq(&problems.join("\n"));
}

/// A guest with a seed of Ignition; `script` is that of Combustion.
fn with_ignition(script: &str) -> String {
    format!(
        r#"(lib.domain.toKubeVirt {{
             definition = {{
               type = "kvm"; name = "leap"; memory = "1 GiB"; os.type = "hvm";
               devices.disk = [ {{ type = "volume"; driver.type = "raw"; source = {{ pool = "default"; volume = "seed"; }}; target.dev = "vdz"; }} ];
               volumes = [ {{
                 pool = "default";
                 definition = lib.volume.templates.raw {{ name = "seed"; size = "1 MiB"; }};
                 content = lib.seed.ignition {{
                   config = {{ ignition.version = "3.4.0"; passwd.users = [ {{ name = "root"; passwordHash = "@hash@"; }} ]; }};
                   script = {script};
                   secretFiles.hash = "/run/secrets/root";
                 }};
               }} ];
             }};
           }})"#
    )
}

/// Ignition reads its configuration in a config drive. A script for Combustion has no counterpart, so its disk is one of the cluster's.
#[test]
fn seeds_of_ignition_are_converted() {
    let made = |script: &str| evaluate_json(&format!("{{ inherit ({}) problems documents; }}", with_ignition(script)));
    let problems = |made: &Json| -> Vec<_> {
        let problems = made["problems"].as_array().expect("a list").iter();
        let problems = problems.map(|it| format!("{}: {}", it["path"], it["message"]).replace('"', ""));
        problems.filter(|it| it.starts_with("devices.disk")).collect()
    };
    let alone = made("null");
    let secret = &alone["documents"][0];
    assert_eq!((&secret["kind"], &secret["metadata"]["name"]), (&json!("Secret"), &json!("leap-ignition")));
    let config: Json = serde_json::from_str(secret["stringData"]["userdata"].as_str().expect("a text")).expect("JSON");
    assert_eq!(config["passwd"]["users"][0]["passwordHash"], "@hash@");
    let machine = alone["documents"].as_array().and_then(|documents| documents.last()).expect("a machine");
    let volume = json!({ "name": "vdz", "cloudInitConfigDrive": { "secretRef": { "name": "leap-ignition" } } });
    assert_eq!(machine["spec"]["template"]["spec"]["volumes"], json!([volume]));
    expect![[r#"
        devices.disk[0].ignition: needs an image for KubeVirt: Ignition looks for this seed on its platform `kubevirt` only
        devices.disk[0].source: needs the content of /run/secrets/root in place of @hash@ in its Secret"#]].assert_eq(&problems(&alone).join("\n"));
    expect!["devices.disk[0].source: needs a PersistentVolumeClaim leap-vdz with the content of the disk"]
        .assert_eq(&problems(&made("\"true\"")).join("\n"));
}

/// kubectl reads the YAML as the documents that were written. Its dry run would ask a cluster which resources there are.
#[test]
fn kubectl_reads_the_yaml() {
    let [made, _] = converted();
    let machines = made["templates"]
        .as_object()
        .expect("a set")
        .values()
        .chain(made["examples"].as_object().expect("a set").values());
    let documents: Vec<Json> = machines.flat_map(|it| it["documents"].as_array().expect("no errors").clone()).collect();
    let file = format!("{}/machines.yaml", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&file, yaml(&documents)).expect("a writable folder");
    let label = ["label", "--local", "-f", &file, "read=yes", "-o", "json"];
    let outcome = run(Command::new("kubectl").args(label));
    assert!(outcome.succeeded, "{}", outcome.stderr);
    let read: Vec<Json> =
        serde_json::Deserializer::from_str(&outcome.stdout).into_iter().collect::<Result<_, _>>().expect("JSON");
    let read: Vec<Json> =
        read.into_iter().flat_map(|it| it["items"].as_array().cloned().unwrap_or_else(|| vec![it])).collect();
    let labeled = documents.into_iter().map(|mut document| {
        document["metadata"]["labels"] = json!({ "read": "yes" });
        document
    });
    // kubectl makes the texts of a Secret the bytes that Kubernetes keeps.
    let is_kept = |document: &Json| document["kind"] != "Secret";
    assert_eq!(read.into_iter().filter(is_kept).collect::<Vec<_>>(), labeled.filter(is_kept).collect::<Vec<_>>());
}

/// KubeVirt's description, in which an object has no members but the described ones.
#[cfg(has_kubevirt)]
fn machines() -> jsonschema::Validator {
    let path = std::env::var("KUBEVIRT_OPENAPI").expect("it names the description");
    let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"));
    let mut description: Json = serde_json::from_str(&text).expect("it is JSON");
    let definitions = description["definitions"].as_object_mut().expect("there are definitions");
    for definition in definitions.values_mut().filter(|it| it["properties"].is_object()) {
        definition["additionalProperties"] = json!(false);
    }
    let schema = json!({ "$ref": "#/definitions/v1.VirtualMachine", "definitions": definitions });
    jsonschema::draft4::new(&schema).expect("it is a schema")
}

/// The templates and examples become machines without an error, and each machine is valid.
#[test]
#[cfg_attr(not(has_kubevirt), ignore = "KUBEVIRT_OPENAPI does not name KubeVirt's API description")]
fn documents_are_valid() {
    #[cfg(has_kubevirt)]
    {
        let machines = machines();
        let [made, _] = converted();
        let mut wrong = Vec::new();
        for (name, made) in [("windows", WINDOWS.to_owned()), ("ignition", with_ignition("null"))] {
            let documents = evaluate_json(&format!("({made}).documents"));
            let machine = documents.as_array().and_then(|documents| documents.last()).expect("a machine");
            wrong.extend(machines.iter_errors(machine).map(|why| format!("{name}: {}: {why}", why.instance_path())));
        }
        for (group, domains) in made.as_object().expect("a set") {
            for (name, made) in domains.as_object().expect("a set") {
                let Some(machine) = made["documents"].as_array().and_then(|documents| documents.last()) else {
                    assert!(
                        !matches!(group.as_str(), "templates" | "examples"),
                        "{name} has errors: {}",
                        made["problems"]
                    );
                    continue;
                };
                wrong.extend(
                    machines.iter_errors(machine).map(|why| format!("{group}.{name}: {}: {why}", why.instance_path())),
                );
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}
