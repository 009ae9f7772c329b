//! The rules on the domains in a snapshot or checkpoint.

use crate::engine::problem::Report;
use crate::engine::value::{Data, Value};
use crate::rules::{domain, names};

/// Checks each domain in a snapshot or checkpoint as a whole.
pub(crate) fn check(object: Value<'_>, report: &mut Report<'_>) {
    names::check(object, report);
    let domains = ["domain", "inactiveDomain"].into_iter().filter_map(|name| object.attribute(name));
    domains.filter(|domain| matches!(domain.data(), Data::Set(_))).for_each(|it| domain::check(it, report));
}
