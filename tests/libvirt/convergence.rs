//! Right after an apply, libvirt has what is declared: nothing is drifted, and nothing is left to do. Every object that libvirt
//! tests itself with, and that its drivers here define, is declared as its authors wrote it.

use nixvirt::declared::{self, Desired};
use nixvirt::manifest;
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::{Event, apply, assess_fully};
use nixvirt::report::{StatusConnection, SyncState};
use nixvirt::state::{StateDirectory, Store};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirt::{Document, corpus, renamed};
use nixvirt_tests::libvirtd::{self, URI};
use pretty_assertions::assert_eq;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Documents of which libvirt drops or replaces a part, and why that is no spelling of it.
const DROPPED: &[(&str, &str)] = &[
    ("aarch64-virt-virtio", "the first console is that of the serial port"),
    ("arm-vexpressa9-virtio", "the first console is that of the serial port"),
    ("boot-menu-disable-with-timeout", "a menu that is off has no timeout"),
    ("channel-virtio-autoassign", "an address without a controller is assigned again"),
    ("console-compat2", "the first console is that of the serial port"),
    ("controller-scsi-auto", "libvirt chooses a model in place of auto"),
    ("cputune", "libvirt writes a scheduler for each vCPU, in another order"),
    ("disk-cdrom-empty-network-invalid", "an empty drive has no type"),
    ("disk-device-removable", "only USB disks are removable"),
    ("disk-snapshot", "a read-only disk has no snapshot"),
    ("disk-source-pool", "a source without a volume is none"),
    ("firmware-auto-efi-format-mismatch", "libvirt chooses the format of the firmware"),
    ("graphics-vnc-socket-attr-listen-address", "a console with a socket has no address"),
    ("graphics-vnc-socket-listen", "a console with a socket has no address"),
    ("mach-virt-serial-compat", "the machine has no ISA bus"),
    ("memtune-unlimited", "the largest limit is none"),
    ("metadata-duplicate", "of each namespace there is one element"),
    ("net-coalesce", "a limit of 0 is none"),
    ("net-hostdev-fail", "such a card has no filter"),
    ("net-many-models", "libvirt writes a known model in lower case"),
    ("net-vhostuser-fail", "such a card has no filter"),
    ("network-interface-mac-clear", "libvirt replaces an address of zeros"),
    ("numad-auto-memory-vcpu-no-cpuset-and-placement", "the placement of memory decides that of CPUs"),
    ("numad-auto-vcpu-no-numatune", "the placement of CPUs decides that of memory"),
    ("numatune-auto-nodeset-invalid", "automatic placement has no set of nodes"),
    ("numavcpus-topology-mismatch", "CPUs without a cell are in the first"),
    ("qemu-ns-alt", "libvirt writes its own prefix"),
    ("qemu-ns-commandline-ns0", "libvirt writes its own prefix"),
    ("qemu-ns-commandline-ns1", "libvirt writes its own prefix"),
    ("qemu-ns-domain-commandline-ns0", "libvirt writes its own prefix"),
    ("qemu-ns-domain-ns0", "libvirt writes its own prefix"),
    ("qemuhotplug-graphics-spice-listen-network", "libvirt limits the memory of the card"),
    (
        "qemuhotplug-graphics-spice-listen-network+graphics-spice-listen-network-password",
        "libvirt tells the address of a running guest",
    ),
    ("seclabel-dynamic-labelskip", "a label that is skipped is not kept without its driver"),
    ("seclabel-dynamic-none-relabel", "there is no security driver"),
    ("seclabel-dynamic-relabel", "there is no security driver"),
    ("seclabel-static-labelskip", "a label that is skipped is not kept without its driver"),
    ("seclabel-static-labelskip-active.x86_64-latest", "a label that is skipped is not kept without its driver"),
    ("tap-vhost-incorrect", "such a card has no vhost"),
    ("usb-redir-filter-version", "libvirt rounds the version"),
];

/// The documents of libvirt's tests as domains of their own names, in software emulation, each with the name of its file.
fn documents() -> BTreeMap<String, (String, Element)> {
    let mut documents = BTreeMap::new();
    for (at, document) in corpus(Kind::Domain).into_iter().enumerate() {
        if !matches!(document.root.attribute("type"), Some("kvm" | "qemu")) {
            continue;
        }
        let (name, file) = (format!("corpus-{at}"), file_of(&document));
        let domain = renamed(Kind::Domain, document.root, &name);
        documents.insert(name, (file, domain));
    }
    documents
}

fn desired<'d>(of: Type, objects: impl IntoIterator<Item = &'d Element>) -> Desired {
    let objects: Vec<_> = objects.into_iter().map(|object| json!({ "xml": object.to_string() })).collect();
    let connection = json!({ format!("{}s", of.name()): objects });
    let connection: manifest::Declarations = serde_json::from_value(connection).expect("a connection's manifest");
    declared::read(&connection, Path::new("/"), "here")
}

fn store() -> Store {
    let folder = std::env::temp_dir().join("convergence");
    // It may be left from another run.
    let _ = fs::remove_dir_all(&folder);
    StateDirectory::new(Some(folder)).expect("a state directory").of(URI)
}

fn connect() -> Connection {
    Connection::open(URI, Duration::from_secs(10)).expect("the daemon answers")
}

fn file_of(document: &Document) -> String {
    document.path.file_stem().expect("it is a file").to_string_lossy().into_owned()
}

/// Applies what is declared, which libvirt has already, and returns what is not adopted, not done or not in sync. `file_of` is
/// the file of an object.
fn unsettled<'f>(
    connection: &Connection,
    desired: &Desired,
    store: &Store,
    file_of: impl Fn(&Id) -> &'f str,
) -> String {
    // What libvirt does not tell is set again.
    let is_told = |path: &str| !path.contains("cookies") && !path.ends_with("passwd");
    let is_dropped = |file: &str| DROPPED.iter().any(|(dropped, _)| *dropped == file);
    let mut wrong = String::new();
    let applied = apply(connection, desired, store, &|_: Event<'_>| ());
    assert_eq!(applied.error.map(|error| error.message()), None);
    for outcome in &applied.outcomes {
        let file = file_of(&outcome.entry.id);
        if let Some(error) = &outcome.error {
            wrong += &format!("{file} is not applied: {error:?}\n");
        }
        for change in outcome.entry.changes.iter().map(|planned| &planned.change).filter(|change| is_told(&change.path))
        {
            if !is_dropped(file) {
                wrong += &format!("{file} is not adopted: {}: {:?} -> {:?}\n", change.path, change.old, change.new);
            }
        }
    }
    let assessment = assess_fully(connection, desired, store).expect("libvirt answers");
    for entry in assessment.plan.entries.iter().filter(|entry| !entry.steps.is_empty()) {
        wrong += &format!("{} is not done: {:?}: {:?}\n", file_of(&entry.id), entry.verdict, entry.changes);
    }
    for object in StatusConnection::of(assessment).objects {
        let file = file_of(&object.id);
        if object.state != SyncState::InSync && !is_dropped(file) {
            wrong += &format!("{file} is {:?}: {:#?}\n", object.state, object.drift);
        }
    }
    wrong
}

#[test]
fn what_was_just_applied_is_in_sync() {
    let _libvirtd = libvirtd::alone();
    let connection = connect();
    let mut defined = documents();
    let count = defined.len();
    // What this libvirt does not define is not there.
    defined.retain(|_, (_, domain)| connection.define(Type::Domain, &domain.to_string()).is_ok());
    assert!(defined.len() > 300, "{} of {count} are defined", defined.len());
    let desired = desired(Type::Domain, defined.values().map(|(_, domain)| domain));
    let wrong = unsettled(&connection, &desired, &store(), |id| &defined[&id.name].0);
    assert_eq!(wrong, "");
}

/// One after the other, because many of them have one bridge, folder or usage.
#[test]
fn an_object_of_another_type_that_was_just_applied_is_in_sync() {
    let _libvirtd = libvirtd::alone();
    let (connection, store) = (connect(), store());
    let mut wrong = String::new();
    for (of, least) in [(Type::Network, 40), (Type::Pool, 30), (Type::Nwfilter, 40), (Type::Secret, 4)] {
        let mut count = 0;
        for document in corpus(of.kind()) {
            let file = file_of(&document);
            let object = match of {
                // A secret has no name but its usage or its UUID.
                Type::Secret => document.root,
                _ => renamed(of.kind(), document.root, "corpus"),
            };
            if connection.define(of, &object.to_string()).is_ok() {
                count += 1;
                wrong += &unsettled(&connection, &desired(of, [&object]), &store, |_| &file);
                wrong += &unsettled(&connection, &desired(of, []), &store, |_| &file);
            }
        }
        assert!(count > least, "{count} {}s are defined", of.name());
    }
    assert_eq!(wrong, "");
}
