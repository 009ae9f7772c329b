//! The specs and modules of the golden folders: each mistake that Nix reports is found at the same place, and no other.

use expect_test::expect;
use nixvirt_lsp::check::{check, check_spec};
use nixvirt_schema::engine::problem::{Diagnostic, Severity};
use nixvirt_schema::kind::Kind;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Cases whose mistakes evaluation alone tells, with the reason.
const EVALUATED: &[(&str, &str)] = &[("network/merged-by-functions", "the positions are lost in functions of Nix")];

/// Valid specs of which the server reports an error, with the reason.
const TAKEN_BY_THE_LIBRARY: &[(&str, &str)] = &[
    ("domain/taken-by-libvirt", "the library rewrites what libvirt takes against its schema, and warns of it"),
    ("network/taken-by-libvirt", "the library rewrites what libvirt takes against its schema"),
];

/// Modules whose mistakes evaluation alone tells, with the reason.
const EVALUATED_MODULES: &[(&str, &str)] = &[
    ("console-password-in-the-store", "a function of Nix writes the file"),
    ("secret-in-the-store", "a function of Nix writes the file"),
    ("fleet", "the places of guests are computed"),
    ("fleet-misspelled", "the hosts of a fleet are no options"),
    ("null-and-not", "several modules define the option"),
    ("two-values", "several modules define the option"),
    ("other-host-with-hooks", "the module itself is valid for NixOS"),
    ("other-host-with-two-of-one-name", "the objects of all modules are compared"),
    ("required", "another module may set what is required"),
    ("uri", "the URI is no value of an option"),
    ("volume-without-a-pool", "a template makes the volumes of a domain"),
];

fn folders(below: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(below).expect("a folder").map(|it| it.expect("readable").path()).collect();
    found.sort();
    found
}

fn cases() -> Vec<(Kind, String, PathBuf)> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/specs");
    let mut cases = Vec::new();
    for kind in folders(&specs) {
        let name = kind.file_name().expect("it has a name").to_string_lossy().into_owned();
        let known = Kind::named(&name).expect("the folder of a kind");
        for case in folders(&kind) {
            cases.push((known, format!("{name}/{}", case.file_name().expect("a name").to_string_lossy()), case));
        }
    }
    cases
}

fn problems(kind: Kind, case: &Path) -> Vec<Diagnostic> {
    let text = fs::read_to_string(case.join("spec.nix")).expect("each case has a spec");
    let mut problems = check_spec(kind, &case.join("spec.nix"), text);
    for problem in &mut problems {
        if let Some(position) = &mut problem.position {
            position.file = "spec.nix".to_owned();
        }
    }
    problems
}

#[test]
fn valid_specs_have_no_errors() {
    for (kind, name, case) in cases().into_iter().filter(|(.., case)| case.join("expected.xml").exists()) {
        if TAKEN_BY_THE_LIBRARY.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let errors = problems(kind, &case).into_iter().filter(|problem| problem.severity == Severity::Error);
        assert_eq!(errors.map(|it| it.to_string()).collect::<Vec<_>>(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn mistakes_are_found_where_nix_reports_them() {
    for (kind, name, case) in cases() {
        let Ok(expected) = fs::read_to_string(case.join("expected.err")) else { continue };
        if EVALUATED.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let lines = expected.lines().skip(1).filter(|line| line.starts_with("  "));
        let expected: String = lines.map(|line| format!("{}\n", &line[2..])).collect();
        let split = |text: &str| -> BTreeSet<String> {
            let text = text.replace("\nerror[", "\0error[").replace("\nwarning[", "\0warning[");
            text.split('\0').map(|problem| problem.trim_end().to_owned()).filter(|it| !it.is_empty()).collect()
        };
        let found: String = problems(kind, &case).iter().map(|problem| format!("{problem}\n")).collect();
        let (expected, found) = (split(&expected), split(&found));
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn valid_modules_have_no_errors() {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/modules");
    for case in folders(&modules).into_iter().filter(|case| !case.join("error.txt").exists()) {
        for file in ["module.nix", "home.nix", "guests.nix"].map(|file| case.join(file)).iter().filter(|it| it.exists())
        {
            let problems = check(file).expect("the module is readable").into_iter();
            let errors = problems.filter(|problem| problem.severity == Severity::Error);
            assert_eq!(errors.map(|it| it.to_string()).collect::<Vec<_>>(), Vec::<String>::new(), "{}", file.display());
        }
    }
}

/// The problems in `error.txt` that have a code are found with the same message and position, unless another module may solve
/// them. Those of the module system, which have neither, are listed below.
#[test]
fn mistakes_of_modules_are_found() {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/modules");
    let mut all = String::new();
    for case in folders(&modules) {
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let Some(name) = name.strip_prefix("error-") else { continue };
        let module = ["module.nix", "guests.nix"].map(|file| case.join(file)).into_iter().find(|file| file.exists());
        let problems = check(&module.expect("each case has a module")).expect("the module is readable");
        if EVALUATED_MODULES.iter().any(|(known, _)| *known == name) {
            assert_eq!(problems, [], "{name}");
            continue;
        }
        let expected = fs::read_to_string(case.join("error.txt")).expect("a case has errors");
        for problem in &problems {
            let position = problem.position.as_ref().expect("it has a position");
            let shown = Diagnostic { position: None, ..problem.clone() }.to_string();
            all.push_str(&format!("{name}:{}:{}: {shown}\n", position.line, position.column));
            let at = format!("at module.nix:{}:{}", position.line, position.column);
            let is_same = expected.split_once(&problem.message).is_some_and(|(_, after)| {
                let next = after.lines().nth(1).unwrap_or_default().trim();
                !next.starts_with("at module.nix") || next == at
            });
            let is_of_type = problem
                .path
                .rsplit('.')
                .next()
                .is_some_and(|option| expected.contains(&format!("{option}' is not of type")));
            assert!(is_same || is_of_type || expected.contains("does not exist"), "{name}: {shown}");
        }
        assert!(!problems.is_empty(), "{name}");
    }
    expect![[r#"
        disk-in-a-list:20:13: error[unknown-word]: devices.disk[2].target.bus: invalid disk bus "virtoi": expected ide, fdc, scsi, virtio, xen, usb, uml, sata, sd or nvme; did you mean "virtio"?
        misspelled:8:7: error[unknown-attribute]: devices.disk.vda.driver.cahce: unknown attribute "cahce"; did you mean "cache"?
        misspelled:9:7: error[unknown-word]: devices.disk.vda.target.bus: invalid disk bus "virtoi": expected ide, fdc, scsi, virtio, xen, usb, uml, sata, sd or nvme; did you mean "virtio"?
        misspelled-and-named-like-a-field:9:7: error[unknown-attribute]: devices.interface.backend.source.netwrok: unknown attribute "netwrok"; did you mean "network"?
        no-name-of-a-domain:5:7: error[missing]: domains: the name of the domain is missing: `domains` has the fields of a single domain: active, definition
          hint: write `domains.NAME.definition = …`, or give a list of domains
        no-name-of-a-network:6:7: error[missing]: networks: the name of the network is missing: `networks` has the fields of a single network: bridge, forward
          hint: write `networks.NAME.bridge = …`, or give a list of networks
        no-name-of-a-volume:7:7: error[missing]: volumes: the name of the volume is missing: `volumes` has the fields of a single volume: definition
          hint: write `volumes.NAME.definition = …`, or give a list of volumes
        of-a-device-by-name:8:5: error[unknown-attribute]: devices.disk.vda.driver.cahce: unknown attribute "cahce"; did you mean "cache"?
        of-a-device-by-name:9:5: error[unknown-word]: devices.interface.lan.type: invalid type "netwrok": expected network, bridge, ethernet, direct, user, internal, mcast, client, server, udp, …; did you mean "network"?
        one-device-for-devices-by-name:8:7: error[wrong-type]: devices.disk: `devices.disk` expects devices by name, but has the fields of a single device: source, type
          hint: name the device, as in `devices.disk.vda = { … };`, or give a list of devices
        options-in-a-definition:7:7: error[unknown-attribute]: autostart: `autostart` is no part of `definition`
          hint: write `autostart` beside `definition`
        options-in-a-definition:8:7: error[unknown-attribute]: volumes: `volumes` is no part of `definition`
          hint: write `volumes` beside `definition`
        parts-beside-a-file:8:7: error[wrong-type]: definition: `definition` is an XML file, which other fields cannot override: memory, os, type
          hint: remove these fields, or give `definition` a spec; `nixvirt import` converts an XML file to a spec
        relative-definition:4:17: error[bad-form]: definition: expected null or absolute path of a libvirt XML file, or a spec, found "web.xml"
        secret-in-the-project:10:7: error[wrong-type]: valueFile: expected null or string with an absolute path outside the Nix store, found a path
        single-devices:8:7: error[wrong-type]: devices.sound: `devices.sound` expects devices by name, but has the fields of a single device: model
          hint: name the device, as in `devices.sound.first = { … };`, or give a list of devices
        single-devices:8:7: error[unknown-word]: devices.sound.model: invalid sound model "ich99": expected sb16, es1370, pcspk, ac97, ich6, ich7, ich9, usb or virtio; did you mean "ich9"?
        single-devices:9:7: error[wrong-type]: devices.interface: `devices.interface` expects devices by name, but has the fields of a single device: model
          hint: name the device, as in `devices.interface.first = { … };`, or give a list of devices
        single-devices:10:7: error[wrong-type]: devices.graphics: `devices.graphics` expects devices by name, but has the fields of a single device: autoport, listen
          hint: name the device, as in `devices.graphics.vnc = { … };`, or give a list of devices
        single-devices:12:9: error[unknown-word]: devices.graphics.autoport: invalid value "yess": expected true or false; did you mean "yes"?
        single-devices:14:7: error[wrong-type]: devices.video: `devices.video` expects devices by name, but has the fields of a single device: model
          hint: name the device, as in `devices.video.first = { … };`, or give a list of devices
        single-devices:16:7: error[wrong-type]: devices.input.mouse: expected a set, e.g. { type = …; }, found "mouse"
        string-for-a-device:5:5: error[wrong-type]: devices.disk.vdb: expected a set, e.g. { source.file = "/data.qcow2"; }, found "/data.qcow2"
        two-lists:23:13: error[unknown-attribute]: devices.disk[0].target.buss: unknown attribute "buss"; did you mean "bus"?
        unknown-on-change:7:9: error[unknown-word]: onChange: invalid onChange "now": expected live, stage, restart or never
        unknown-option:4:5: error[unknown-attribute]: domain: unknown option "domain"; did you mean "domains"?
        xml-text-in-a-definition:3:3: error[bad-form]: definition: expected null or absolute path of a libvirt XML file, or a spec, found "<domain type='kvm'/>"
    "#]].assert_eq(&all);
}
