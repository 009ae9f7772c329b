//! What libvirt records when a domain is defined: each value has a row in the table, and a redefinition changes none.

use crate::defined::{ALL, complete, define, open, undefine};
use nixvirt::inventory::Observed;
use nixvirt::object::{Id, Type};
use nixvirt::plan::preserve::recorded::{ROWS, recorded, row_of};
use nixvirt::plan::preserve::{Found, preserve};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_tests::xml_equivalence::Canonical;
use nixvirt_tests::{libvirt, libvirtd};
use std::collections::{BTreeMap, BTreeSet};

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

/// Rows of values that libvirt records up to release 11 only.
const OLD: &[&str] = &["features/smm", "devices/filesystem/@type", "devices/vsock/@model"];

/// Rows of values that libvirt records from release 12 on.
const NEW: &[&str] = &["devices/disk/@model"];

#[test]
fn every_value_that_libvirt_records_has_a_row_and_survives_a_redefinition() {
    let _libvirtd = libvirtd::alone();
    let more: Vec<_> = MORE.iter().map(|(declared, defined)| (*declared, redefine_more(declared, defined))).collect();
    let of_libvirt = ALL.iter().map(|seen| (seen.file.as_str(), &seen.redefined));
    let mut unknown = BTreeMap::new();
    let mut used = BTreeSet::new();
    let mut lost = Vec::new();
    for (name, Redefined { recorded, difference }) in of_libvirt.chain(more.iter().map(|(name, it)| (*name, it))) {
        // libvirt has its own prefixes for namespaces.
        for path in recorded.iter().filter(|path| !path.contains(':')) {
            match row_of(path) {
                Some(row) => drop(used.insert(row.path)),
                None => drop(unknown.entry(path).or_insert(name)),
            }
        }
        lost.extend(difference.iter().map(|difference| format!("{name}: {difference}")));
    }
    let of_others = if libvirt::version().major < 12 { NEW } else { OLD };
    let is_unused = |path: &&str| !used.contains(path) && !of_others.contains(path);
    let unused: Vec<_> = ROWS.iter().map(|row| row.path).filter(is_unused).collect();
    let has_all = unknown.is_empty() && unused.is_empty() && lost.is_empty();
    assert!(
        has_all,
        "values without a row, and a domain that has each: {unknown:#?}\nrows without a domain: {unused:#?}\n\
         changed by a redefinition: {lost:#?}"
    );
    assert!(ALL.len() > 1000, "only {} domains were defined", ALL.len());
}

/// What a redefinition of a domain does.
pub struct Redefined {
    /// The places of the values that libvirt recorded.
    recorded: Vec<String>,
    /// How the definition differs afterwards.
    difference: Option<String>,
}

/// Defines a domain once more, as a change of its title does.
pub fn redefine(connection: &Connection, declared: &Element, observed: &Observed) -> Redefined {
    let first = complete(observed);
    let preserved = preserve(declared, Some(declared), Found::of(observed).expect("it was read"));
    let difference = match preserved.map_err(|reason| format!("{reason:?}")) {
        Ok(preserved) => match define(connection, &preserved.definition) {
            Ok(second) => Canonical::of(&first).difference(&Canonical::of(&complete(&second))),
            Err(error) => Some(error),
        },
        Err(reason) => Some(reason),
    };
    Redefined { recorded: recorded(declared, &first), difference }
}

fn redefine_more(declared: &str, defined: &str) -> Redefined {
    let domain = |parts: &str| {
        let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
        let text = format!("<domain type='qemu'><name>more</name><memory>65536</memory>{os}{parts}</domain>");
        xml::element(&text).expect("XML")
    };
    let connection = open();
    let observed = define(&connection, &domain(defined)).expect("libvirt defines it");
    let redefined = redefine(&connection, &domain(declared), &observed);
    undefine(&connection, &Id::new(Type::Domain, "more"));
    redefined
}
