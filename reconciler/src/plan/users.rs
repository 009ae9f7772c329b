//! Which running guests use a network, a pool or a volume.

use crate::change::{child, child_text};
use crate::inventory::Inventory;
use crate::object::{Id, Type};
use nixvirt_schema::engine::xml::{self, Element};

/// What guests may use.
pub enum Used<'a> {
    /// A network, by its name.
    Network(&'a str),
    /// A pool, by its name, with its definition.
    Pool(&'a str, &'a Element),
    /// A volume, by its pool and name, with its path where that is known.
    Volume(&'a str, &'a str, Option<&'a str>),
}

/// The running guests that use it, and those of which nobody knows.
pub fn users(inventory: &Inventory, used: &Used<'_>) -> Vec<String> {
    let running = running(inventory).filter_map(|id| {
        let text = inventory.get(id)?.live_xml.as_deref();
        let domain = text.and_then(xml::element);
        domain.is_none_or(|domain| uses(&domain, used)).then(|| id.name.clone())
    });
    running.collect()
}

/// The guests that run.
pub fn running(inventory: &Inventory) -> impl Iterator<Item = &Id> {
    inventory.objects.iter().filter(|(id, found)| id.kind == Type::Domain && found.is_active).map(|(id, _)| id)
}

/// Whether a domain uses it.
pub fn uses(domain: &Element, used: &Used<'_>) -> bool {
    let devices = child(domain, "devices").map(|devices| devices.children.as_slice()).unwrap_or_default();
    devices.iter().any(|device| device_uses(device, used))
}

/// Whether a device, or what a disk is backed by, uses it.
fn device_uses(device: &Element, used: &Used<'_>) -> bool {
    let source = child(device, "source");
    let names = |name| source.and_then(|source| source.attribute(name));
    let is_used = match used {
        Used::Network(network) => names("network") == Some(network),
        Used::Pool(pool, definition) => {
            let folder = child(definition, "target").and_then(|target| child_text(target, "path"));
            let is_inside = |file: &str| {
                folder.is_some_and(|folder| file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
            };
            names("pool") == Some(pool) || names("file").is_some_and(is_inside) || names("dev").is_some_and(is_inside)
        }
        Used::Volume(pool, volume, path) => {
            let is_path = path.is_some() && (names("file") == *path || names("dev") == *path);
            is_path || (names("pool") == Some(pool) && names("volume") == Some(volume))
        }
    };
    is_used
        || device
            .children
            .iter()
            .any(|child| matches!(child.name.as_str(), "backingStore" | "mirror") && device_uses(child, used))
}
