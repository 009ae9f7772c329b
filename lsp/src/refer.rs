//! Names of objects that the same file declares, where a spec names another object.

use crate::analysis::Analysis;
use crate::describe;
use crate::nix::value::Value;
use crate::place::{Place, Slot};
use nixvirt_schema::kind::Kind;

/// Fields that name another object, by their paths in a domain.
const FIELDS: &[(&str, Kind)] = &[
    ("devices.interface.source.network", Kind::Network),
    ("devices.graphics.listen.network", Kind::Network),
    ("devices.interface.filterref.filter", Kind::Nwfilter),
    ("devices.disk.source.pool", Kind::Pool),
    ("devices.disk.source.volume", Kind::Volume),
];

/// Arguments of templates that name another object.
const ARGUMENTS: &[(&str, Kind)] = &[("network", Kind::Network)];

/// Returns the names that a value may be.
pub fn names(place: &Place, analysis: &Analysis) -> Vec<String> {
    let kind = match &place.slot {
        Slot::Field(..) => {
            let path = describe::location(&place.slot).map(|location| location.path()).unwrap_or_default();
            FIELDS.iter().find(|(field, _)| *field == path).map(|(_, kind)| *kind)
        }
        Slot::Name(kind) => Some(*kind),
        Slot::Argument(_, argument) => ARGUMENTS.iter().find(|(name, _)| *name == argument.name).map(|(_, kind)| *kind),
        _ => None,
    };
    let Some(kind) = kind else { return Vec::new() };
    let specs = analysis.specs.iter().filter(|spec| spec.kind == kind);
    let mut names: Vec<_> = specs.filter_map(|spec| spec.value.attribute("name")?.text().map(str::to_owned)).collect();
    names.extend(analysis.roots.iter().filter_map(|root| of_template(root, kind)));
    names.sort();
    names.dedup();
    names
}

/// Returns the name of the object that a template makes.
fn of_template(root: &Place, kind: Kind) -> Option<String> {
    match (&root.slot, root.value.as_ref().and_then(|value: &Value| value.attribute("name"))) {
        (Slot::Template(template), Some(name)) if template.kind == kind.name() => name.text().map(str::to_owned),
        _ => None,
    }
}
