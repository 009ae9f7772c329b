//! The rules on the domains in a snapshot or checkpoint.

use crate::engine::problem::Report;
use crate::engine::value::{Data, Value};
use crate::rules::{domain, names, refusals};

/// Checks a snapshot as a whole.
pub(crate) fn check_snapshot(snapshot: Value<'_>, report: &mut Report<'_>) {
    refusals::of_snapshot(snapshot, report);
    check(snapshot, report);
}

/// Checks a checkpoint as a whole.
pub(crate) fn check_checkpoint(checkpoint: Value<'_>, report: &mut Report<'_>) {
    refusals::of_checkpoint(checkpoint, report);
    check(checkpoint, report);
}

/// Checks the name of a snapshot or checkpoint, and each domain in it as a whole.
fn check(object: Value<'_>, report: &mut Report<'_>) {
    names::check(object, report);
    let domains = ["domain", "inactiveDomain"].into_iter().filter_map(|name| object.attribute(name));
    domains.filter(|domain| matches!(domain.data(), Data::Set(_))).for_each(|it| domain::check(it, report));
}
