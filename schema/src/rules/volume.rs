//! The rules on a storage volume as a whole.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::rules::{names, refusals};

/// Checks a storage volume as a whole.
pub(crate) fn check(volume: Value<'_>, report: &mut Report<'_>) {
    names::check(volume, report);
    refusals::of_volume(volume, report);
}
