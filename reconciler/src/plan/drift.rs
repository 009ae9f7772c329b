//! What was changed in libvirt since it was applied.

use super::preserve::add_macs;
use crate::change::{Change, missing};
use crate::inventory::Observed;
use crate::object::Type;
use crate::state::Record;
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml;

/// The fields that libvirt no longer has as they were applied: `old` as applied, `new` as libvirt has them. What libvirt
/// filled in is no drift. The definition must have been read.
pub fn drift(record: &Record, observed: &Observed) -> Vec<Change> {
    // The content of a snapshot cannot change, and libvirt prints it differently.
    if record.id.kind == Type::Snapshot {
        return Vec::new();
    }
    let (Some(mut applied), Some(found)) = (xml::element(&record.xml), &observed.definition) else { return Vec::new() };
    add_macs(&mut applied, Some(found));
    let is_drift = |change: &Change| {
        let is_secret = change.new.as_deref().is_some_and(|new| new.contains(PLACEHOLDER));
        let is_usage = record.id.kind == Type::Volume && change.path == "allocation";
        !is_secret && !is_usage
    };
    let differences = missing(found, &applied).into_iter().filter(is_drift);
    differences.map(|change| Change { old: change.new, new: change.old, ..change }).collect()
}
