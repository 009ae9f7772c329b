//! What libvirt records when a domain is defined: each value has a row in the table, and a redefinition changes none.

use crate::defined::{complete, undefine};
use nixvirt::object::{Id, Type};
use nixvirt::plan::preserve::recorded::{ROWS, recorded, row_of};
use nixvirt::plan::preserve::{Found, preserve};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirt::corpus;
use nixvirt_tests::libvirtd::{self, URI};
use nixvirt_tests::xml_equivalence::Canonical;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Domains whose values libvirt's tests give, and people do not: what is declared, and what libvirt has.
const MORE: &[(&str, &str)] = &[
    ("<devices/>", "<devices/>"),
    ("<devices><interface type='user'/></devices>", "<devices><interface type='user'/></devices>"),
    (
        "<devices><interface type='bridge'><source bridge='br0'/><virtualport type='openvswitch'/></interface></devices>",
        "<devices><interface type='bridge'><source bridge='br0'/><virtualport type='openvswitch'/></interface></devices>",
    ),
    (
        "<devices><graphics type='vnc'/></devices>",
        "<devices><graphics type='vnc' passwd='by hand' passwdValidTo='2099-04-09T15:51:00' connected='keep'/></devices>",
    ),
    (
        "<devices><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng></devices>",
        "<devices><rng model='virtio'><backend model='random'>/dev/urandom</backend><alias name='ua-by-hand'/></rng></devices>",
    ),
    (
        "<features><acpi/></features><devices><pstore backend='acpi-erst'><size unit='KiB'>64</size></pstore></devices>",
        "<features><acpi/></features><devices><pstore backend='acpi-erst'><size unit='KiB'>64</size></pstore></devices>",
    ),
];

#[test]
fn every_value_that_libvirt_records_has_a_row_and_survives_a_redefinition() {
    let _libvirtd = libvirtd::alone();
    let connection = Connection::open(URI, Duration::from_secs(10)).expect("the daemon answers");
    let mut domains: Vec<(String, Element, Element)> = Vec::new();
    for document in corpus(Kind::Domain) {
        let mut root = document.root;
        // The root has no KVM.
        root.attributes
            .iter_mut()
            .filter(|(_, value)| value == "kvm")
            .for_each(|(_, value)| *value = "qemu".to_owned());
        domains.push((document.path.display().to_string(), root.clone(), root));
    }
    for (declared, defined) in MORE {
        let domain = |parts: &str| {
            let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
            let text = format!("<domain type='qemu'><name>more</name><memory>65536</memory>{os}{parts}</domain>");
            xml::element(&text).expect("XML")
        };
        domains.push(((*declared).to_owned(), domain(declared), domain(defined)));
    }
    let mut unknown = BTreeMap::new();
    let mut used = BTreeSet::new();
    let mut lost = Vec::new();
    let mut count = 0;
    for (name, declared, defined) in &domains {
        let Some(outcome) = redefine(&connection, declared, defined) else { continue };
        count += 1;
        // libvirt has its own prefixes for namespaces.
        for path in outcome.recorded.into_iter().filter(|path| !path.contains(':')) {
            match row_of(&path) {
                Some(row) => drop(used.insert(row.path)),
                None => drop(unknown.entry(path).or_insert(name)),
            }
        }
        lost.extend(outcome.difference.map(|difference| format!("{name}: {difference}")));
    }
    let unused: Vec<_> = ROWS.iter().map(|row| row.path).filter(|path| !used.contains(path)).collect();
    let has_all = unknown.is_empty() && unused.is_empty() && lost.is_empty();
    assert!(
        has_all,
        "values without a row, and a domain that has each: {unknown:#?}\nrows without a domain: {unused:#?}\n\
         changed by a redefinition: {lost:#?}"
    );
    assert!(count > 700, "only {count} domains were defined");
}

/// What a redefinition of a domain does.
struct Redefined {
    /// The places of the values that libvirt recorded.
    recorded: Vec<String>,
    /// How the definition differs afterwards.
    difference: Option<String>,
}

/// Defines a domain, and once more as a change of its title does. None if libvirt refuses it.
fn redefine(connection: &Connection, declared: &Element, defined: &Element) -> Option<Redefined> {
    let object = connection.define(Type::Domain, &defined.to_string()).ok()?;
    let id = Id::new(Type::Domain, object.name().expect("a name"));
    let observed = connection.observe(&object).expect("it is read");
    let first = complete(&observed);
    let found = Found::of(&observed).expect("it was read");
    let difference = match preserve(declared, Some(declared), found) {
        Ok(preserved) => match connection.define(Type::Domain, &preserved.definition.to_string()) {
            Ok(object) => {
                let second = complete(&connection.observe(&object).expect("it is read"));
                Canonical::of(&first).difference(&Canonical::of(&second))
            }
            Err(error) => Some(error.line()),
        },
        Err(reason) => Some(format!("{reason:?}")),
    };
    undefine(connection, &id);
    Some(Redefined { recorded: recorded(declared, &first), difference })
}
