//! How a change of a declaration is seen.

use std::collections::BTreeSet;

/// How a change is seen.
pub enum Seen {
    /// The output of a command in the guest has a text.
    Inside(&'static str, &'static str),
    /// The output of a command of QEMU's monitor has a text.
    Monitor(&'static str, &'static str),
    /// The output of a command on the host has a text.
    Host(&'static str, &'static str),
    /// The guest of this test cannot show it, for a reason.
    Elsewhere(&'static str),
}

/// A changed field of a kind of object, and how the change is seen.
pub type Row = (&'static str, &'static str, Seen);

/// The rows of the documentation that a table lacks, those that the documentation lacks, and those without a reason.
pub fn mismatches(rows: &[Row], documented: &BTreeSet<(String, String)>) -> Vec<String> {
    let has_no_reason = |row: &&Row| matches!(row.2, Seen::Elsewhere(""));
    let unfounded = rows.iter().filter(has_no_reason).map(|(kind, path, _)| format!("{kind} {path} needs a reason"));
    let checked: BTreeSet<_> = rows.iter().map(|(kind, path, _)| ((*kind).to_owned(), (*path).to_owned())).collect();
    let differ = documented.symmetric_difference(&checked).map(|(kind, path)| format!("{kind}: {path}"));
    differ.chain(unfounded).collect()
}
