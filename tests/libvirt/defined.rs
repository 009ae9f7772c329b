//! Domains that are defined to see what libvirt makes of them.

use nixvirt::inventory::Observed;
use nixvirt::object::Id;
use nixvirt::reconcile::Backend;
use nixvirt::step::{Operation, Purge};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::xml::Element;

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
