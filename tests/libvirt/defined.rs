//! Domains that are defined to see what libvirt makes of them.

use crate::{brief, recorded};
use nixvirt::inventory::Observed;
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::Backend;
use nixvirt::step::{Operation, Purge};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirt::{Document, corpus, renamed};
use nixvirt_tests::libvirtd::URI;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

/// A domain of libvirt's tests that this libvirt defines, and what the tests look at.
pub struct Seen {
    /// The name of the file.
    pub file: String,
    pub redefined: recorded::Redefined,
    pub brief: brief::Brief,
}

/// The domains of libvirt's tests that this libvirt defines. Several tests look at them; they are defined once.
pub static ALL: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let documents = corpus(Kind::Domain);
    let at_once = documents.len().div_ceil(thread::available_parallelism().map_or(1, usize::from)).max(1);
    thread::scope(|scope| {
        let parts = documents.chunks(at_once).zip(0..);
        let parts: Vec<_> = parts.map(|(part, at)| scope.spawn(move || define_all(part, at))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("it does not panic")).collect()
    })
});

fn define_all(documents: &[Document], at: usize) -> Vec<Seen> {
    let connection = open();
    let id = Id::new(Type::Domain, format!("defined-{at}"));
    let see = |document: &Document| {
        let declared = renamed(Kind::Domain, document.root.clone(), &id.name);
        // What this libvirt does not define is not there.
        let observed = define(&connection, &declared).ok()?;
        let file = document.path.file_stem().expect("it is a file").to_string_lossy().into_owned();
        let redefined = recorded::redefine(&connection, &declared, &observed);
        let brief = brief::shorten(&connection, &id, &declared, &observed);
        Some(Seen { file, redefined, brief })
    };
    documents.iter().filter_map(see).collect()
}

pub fn open() -> Connection {
    Connection::open(URI, Duration::from_secs(10)).expect("the daemon answers")
}

/// Defines a domain, and reads what libvirt makes of it.
pub fn define(connection: &Connection, domain: &Element) -> Result<Observed, String> {
    let object = connection.define(Type::Domain, &domain.to_string()).map_err(|error| error.line())?;
    connection.observe(&object).map_err(|error| error.line())
}

/// The persistent definition with its secrets.
pub fn complete(observed: &Observed) -> Element {
    let with_secrets = observed.with_secrets.clone().map(|redacted| redacted.0);
    with_secrets.or(observed.definition.clone()).expect("it was read")
}

/// Undefines a domain that never ran.
pub fn undefine(connection: &Connection, id: &Id) {
    let keep = vec![Purge::Nvram, Purge::Tpm];
    let undefine = Operation::Undefine { purge: Vec::new(), keep, must_be_off: false };
    connection.execute(id, &undefine, &mut |_, _| ()).expect("it is undefined");
}
