//! UUIDs that a declaration derives from a name. They tell new objects apart, and give way to the UUID of an object that libvirt
//! already has under the name: nobody chose them.

use crate::declared::{Declared, Desired};
use crate::inventory::Inventory;
use crate::object::{Type, canonical_uuid};
use crate::state::Records;
use nixvirt_schema::engine::identity;
use nixvirt_schema::engine::xml::Element;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is declared, without the derived UUIDs of objects that libvirt has under other ones.
pub fn without_yielding<'a>(desired: &'a Desired, records: &Records, inventory: &Inventory) -> Cow<'a, Desired> {
    let has_name = |declared: &&Declared| inventory.get(&declared.id).is_some_and(|it| it.uuid != declared.uuid);
    let Some(first) = desired.objects.iter().position(|it| has_name(&it)) else { return Cow::Borrowed(desired) };
    let held: BTreeSet<_> = inventory
        .objects
        .iter()
        .filter_map(|(id, observed)| Some((id.kind, canonical_uuid(observed.uuid.as_deref()?))))
        .collect();
    let wanted: BTreeSet<_> = desired
        .objects
        .iter()
        .filter_map(|declared| Some((declared.id.kind, canonical_uuid(declared.uuid.as_deref()?))))
        .collect();
    // An object that was applied is the one of its record; an object that another declaration means is not this one.
    let yields = |declared: &Declared| {
        let Some(found) = inventory.get(&declared.id).and_then(|observed| observed.uuid.as_deref()) else {
            return false;
        };
        let applied = records.get(&declared.id).map(|record| record.uuid.as_deref());
        has_derived_uuid(declared)
            && !held.contains(&(declared.id.kind, derived(declared)))
            && !wanted.contains(&(declared.id.kind, canonical_uuid(found)))
            && applied.is_none_or(|uuid| uuid.is_some_and(|uuid| uuid.eq_ignore_ascii_case(found)))
    };
    if !desired.objects[first..].iter().any(yields) {
        return Cow::Borrowed(desired);
    }
    let mut desired = desired.clone();
    desired.objects.iter_mut().filter(|declared| yields(declared)).for_each(drop_uuid);
    Cow::Owned(desired)
}

fn has_derived_uuid(declared: &Declared) -> bool {
    let is_derivable = matches!(declared.id.kind, Type::Domain | Type::Network | Type::Pool | Type::Nwfilter);
    is_derivable && declared.uuid.as_deref().is_some_and(|uuid| canonical_uuid(uuid) == derived(declared))
}

fn derived(declared: &Declared) -> String {
    identity::uuid(declared.id.kind.name(), &declared.id.name)
}

fn drop_uuid(declared: &mut Declared) {
    let drop = |definition: &mut Element| definition.children.retain(|child| child.name != "uuid");
    declared.uuid = None;
    drop(&mut declared.redacted);
    declared.with_secrets.iter_mut().for_each(drop);
    declared.shown = declared.redacted.to_string();
}
