//! What was changed in libvirt by others.

use super::carry::add_macs;
use crate::change::{Change, missing};
use crate::inventory::Found;
use crate::object::Type;
use crate::state::Record;
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml;

/// The fields that libvirt has not as they were applied; `found` has the XML. What libvirt filled in is none of them.
pub fn drift(record: &Record, found: &Found) -> Vec<Change> {
    let kept = found.xml.as_deref().and_then(xml::element);
    // What a snapshot holds cannot change, and libvirt tells it in other words.
    let (Some(mut applied), Some(kept)) =
        (xml::element(&record.xml), kept.filter(|_| record.id.kind != Type::Snapshot))
    else {
        return Vec::new();
    };
    add_macs(&mut applied, Some(&kept));
    let is_known = |change: &Change| {
        let is_secret = change.new.as_deref().is_some_and(|new| new.contains(PLACEHOLDER));
        let is_use = record.id.kind == Type::Volume && change.path == "allocation";
        !is_secret && !is_use
    };
    missing(&kept, &applied).into_iter().filter(is_known).map(|it| Change { old: it.new, new: it.old, ..it }).collect()
}
