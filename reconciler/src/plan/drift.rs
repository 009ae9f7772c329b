//! What was changed in libvirt since it was applied.

use super::preserve::add_macs;
use super::stored::stored;
use crate::change::{Change, bytes, child, missing};
use crate::inventory::Observed;
use crate::object::Type;
use crate::state::Record;
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml::{self, Element};

/// The fields that libvirt no longer has as they were applied: `old` as applied, `new` as libvirt has them. What libvirt
/// filled in is no drift. The definition must have been read.
pub fn drift(record: &Record, observed: &Observed) -> Vec<Change> {
    // The content of a snapshot cannot change, and libvirt prints it differently.
    if record.id.kind == Type::Snapshot {
        return Vec::new();
    }
    let (Some(applied), Some(found)) = (xml::element(&record.xml), &observed.definition) else { return Vec::new() };
    let mut applied = stored(&applied);
    add_macs(&mut applied, Some(found));
    let capacity = |volume: &Element| child(volume, "capacity").and_then(bytes);
    let is_drift = |change: &Change| {
        let is_secret = change.new.as_deref().is_some_and(|new| new.contains(PLACEHOLDER));
        let is_ours = match record.id.kind {
            // How much is allocated is the guest's matter. A volume is rounded up when it is made, and grows with its content.
            Type::Volume if change.path == "allocation" => true,
            Type::Volume if change.path == "capacity" => capacity(found) >= capacity(&applied),
            // Any owner is as good.
            Type::Volume | Type::Pool if change.path.starts_with("target.permissions.") => {
                matches!(change.new.as_deref(), Some("-1" | "4294967295"))
            }
            _ => false,
        };
        !is_secret && !is_ours
    };
    let differences = missing(found, &applied).into_iter().filter(is_drift);
    differences.map(|change| Change { old: change.new, new: change.old, ..change }).collect()
}
