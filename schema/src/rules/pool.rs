//! The rules on a storage pool as a whole.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::rules::{names, refusals};

/// Checks a storage pool as a whole.
pub(crate) fn check(pool: Value<'_>, report: &mut Report<'_>) {
    names::check(pool, report);
    refusals::of_pool(pool, report);
}
