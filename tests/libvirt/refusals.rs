//! What the rules refuse, libvirt refuses, and it takes what the rules take: each example of each rule, and each document of
//! libvirt's tests, in a real daemon.

use nixvirt::object::Type;
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::problem::Severity;
use nixvirt_schema::engine::render::{render_for, render_types};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::rules::{Rule, rules};
use nixvirt_tests::libvirt::{self, Document, documents, renamed};
use nixvirt_tests::libvirtd::{self, URI, ask_virsh, define_secret, virsh};
use nixvirt_tests::{errors, lines, run};
use pretty_assertions::assert_eq;
use serde_json::Value as Json;
use std::fs;
use std::process::Command;
use std::time::Duration;

mod reasons;

use reasons::{ACCEPTED, NOT_TAKEN, TAKEN_BY_LIBVIRT};

/// An example as a whole object that this host can run.
fn whole(rule: &Rule, name: &str, example: &str) -> Option<Json> {
    let mut spec: Json = serde_json::from_str(&rule.spec(example)).ok()?;
    let set = spec.as_object_mut()?;
    if rule.kind == Kind::Domain {
        set.insert("type".to_owned(), "qemu".into());
        set.insert("name".to_owned(), format!("{}-{name}", rule.code).into());
    }
    Some(spec)
}

/// The answer of libvirt to an example.
fn define(connection: &Connection, rule: &Rule, name: &str, example: &str) -> Result<(), String> {
    let Some(spec) = whole(rule, name, example) else { return Err("the JSON is not an object".to_owned()) };
    let text = spec.to_string();
    let spec = json::parse(&text).expect("it is JSON");
    let xml = render_types(rule.kind, &spec).xml;
    match rule.kind {
        Kind::Volume => create(&xml),
        Kind::Snapshot => save("snapshot-create", &xml),
        Kind::Checkpoint => save("checkpoint-create", &xml),
        kind => {
            let kind = type_of(kind).expect("libvirt defines it");
            connection.define(kind, &xml).map(drop).map_err(|error| error.message())
        }
    }
}

/// Creates a volume, and deletes it again.
fn create(xml: &str) -> Result<(), String> {
    let file = std::env::temp_dir().join("refused-volume.xml");
    fs::write(&file, xml).expect("a writable folder");
    let created = ask_virsh(&["vol-create", "refusals", &file.display().to_string()]);
    for volume in virsh(&["vol-list", "refusals"]).lines().skip(2).filter_map(|line| line.split_whitespace().next()) {
        virsh(&["vol-delete", "--pool", "refusals", volume]);
    }
    if created.succeeded { Ok(()) } else { Err(created.stderr) }
}

/// Creates a snapshot or checkpoint of a guest with two disks, and removes the guest again. Only running guests have checkpoints.
fn save(command: &str, xml: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a writable folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let disks = ["vda", "vdb"].map(|target| {
        let image = path(&format!("{target}.qcow2"));
        run(Command::new("qemu-img").args(["create", "-q", "-f", "qcow2", &image, "1M"]));
        format!(
            "<disk type='file'><driver name='qemu' type='qcow2'/><source file='{image}'/><target dev='{target}' bus='virtio'/></disk>"
        )
    });
    let guest = format!(
        "<domain type='qemu'><name>saved</name><memory>65536</memory><os><type>hvm</type></os><devices>{}</devices></domain>",
        disks.concat()
    );
    let [guest_file, file] = [("guest.xml", &guest), ("saved.xml", &xml.to_owned())].map(|(name, text)| {
        fs::write(path(name), text).expect("a writable folder");
        path(name)
    });
    virsh(&["define", &guest_file]);
    if command == "checkpoint-create" {
        virsh(&["start", "saved"]);
    }
    let saved = ask_virsh(&[command, "saved", &file]);
    virsh(&["destroy", "saved"]);
    virsh(&["undefine", "saved", "--snapshots-metadata", "--checkpoints-metadata"]);
    if saved.succeeded { Ok(()) } else { Err(saved.stderr) }
}

/// The type of an object of a kind that libvirt defines.
fn type_of(kind: Kind) -> Option<Type> {
    match kind {
        Kind::Domain => Some(Type::Domain),
        Kind::Network => Some(Type::Network),
        Kind::Pool => Some(Type::Pool),
        Kind::Nwfilter => Some(Type::Nwfilter),
        Kind::Secret => Some(Type::Secret),
        _ => None,
    }
}

/// Returns why NixVirt refuses a document that libvirt may define; `None` if it takes the document.
fn refusal(kind: Kind, document: &Document) -> Option<String> {
    let spec = match import(kind, &document.text) {
        Ok(spec) => spec,
        Err(why) => return Some(why.to_string()),
    };
    let mut problems = errors(render_for(kind, &spec, Some(libvirt::version())).report);
    problems.retain(|problem| !ACCEPTED.iter().any(|(code, _)| *code == problem.code));
    if problems.is_empty() { None } else { Some(lines(&problems)) }
}

#[test]
fn what_libvirt_defines_of_its_own_tests_is_taken() {
    let _libvirtd = libvirtd::alone();
    let connection = Connection::open(URI, Duration::from_secs(10)).expect("the daemon answers");
    let mut wrong = String::new();
    for kind in [Kind::Domain, Kind::Network, Kind::Pool, Kind::Nwfilter, Kind::Secret] {
        let object_type = type_of(kind).expect("libvirt defines it");
        for (at, document) in documents(kind).into_iter().enumerate() {
            let file = document.path.strip_prefix(libvirt::tests()).expect("it is there").display().to_string();
            if TAKEN_BY_LIBVIRT.iter().any(|(known, _)| *known == file) {
                continue;
            }
            let Some(why) = refusal(kind, &document) else { continue };
            let name = if kind == Kind::Domain { format!("corpus-{at}") } else { "corpus".to_owned() };
            let xml = renamed(kind, document.root, &name).to_string();
            if connection.define(object_type, &xml).is_ok() {
                wrong += &format!("{file}:\n{why}");
            }
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn libvirt_refuses_what_the_rules_refuse_and_takes_what_they_take() {
    let _libvirtd = libvirtd::alone();
    let connection = Connection::open(URI, Duration::from_secs(10)).expect("the daemon answers");
    fs::create_dir_all("/tmp/refusals").expect("a writable folder");
    fs::write("/base.img", vec![0; 1 << 20]).expect("a writable folder");
    virsh(&["pool-create-as", "refusals", "dir", "--target", "/tmp/refusals"]);
    define_secret();
    let mut wrong = String::new();
    let of_libvirt =
        |rule: &&Rule| rule.severity == Severity::Error && !matches!(rule.kind, Kind::Nodedev | Kind::Interface);
    let version = libvirt::version();
    // An older libvirt may not know the parts of the examples.
    let is_known = |rule: &&Rule| rule.releases.first.is_none_or(|first| first <= version);
    for rule in rules().iter().filter(of_libvirt).filter(is_known) {
        let is_row = |rows: &[(&str, &str)]| rows.iter().any(|(code, _)| *code == rule.code);
        let is_accepted = is_row(ACCEPTED) || !rule.releases.contain(version);
        match (define(&connection, rule, "wrong", &rule.wrong), is_accepted) {
            (Ok(()), false) => wrong += &format!("{}: libvirt takes the invalid example\n", rule.code),
            (Err(_), true) => wrong += &format!("{}: libvirt refuses the invalid example: remove its row\n", rule.code),
            _ => {}
        }
        match (define(&connection, rule, "right", &rule.right), is_row(NOT_TAKEN)) {
            (Err(why), false) => wrong += &format!("{}: libvirt refuses the valid example: {why}\n", rule.code),
            (Ok(()), true) => wrong += &format!("{}: libvirt takes the valid example: remove its row\n", rule.code),
            _ => {}
        }
    }
    assert_eq!(wrong, "");
}
