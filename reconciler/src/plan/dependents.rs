//! The running guests that use a network, a pool or a volume.

use crate::change::{child, child_text};
use crate::inventory::{Inventory, Observed};
use crate::object::{Id, Type};
use nixvirt_schema::engine::xml::Element;

/// An object that guests may use.
pub enum Used<'a> {
    /// A network, by its name.
    Network(&'a str),
    /// A pool, by its name, with its definition.
    Pool(&'a str, &'a Element),
    /// A volume, by its pool and name, with its path if that is known.
    Volume(&'a str, &'a str, Option<&'a str>),
}

/// The names of the running guests that use it, and of those whose definitions are unknown.
pub fn dependents(inventory: &Inventory, used: &Used<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for (id, guest) in running_guests(inventory) {
        if guest.live.as_ref().is_none_or(|guest| uses(guest, used)) {
            names.push(id.name.clone());
        }
    }
    names
}

/// The guests that run.
pub fn running_guests(inventory: &Inventory) -> impl Iterator<Item = (&Id, &Observed)> {
    inventory.objects.iter().filter(|(id, observed)| id.kind == Type::Domain && observed.is_active)
}

/// Whether a domain uses it.
pub fn uses(domain: &Element, used: &Used<'_>) -> bool {
    let devices = child(domain, "devices").map(|devices| devices.children.as_slice()).unwrap_or_default();
    devices.iter().any(|device| device_uses(device, used))
}

/// Whether a device, or an image in a disk's backing chain, uses it.
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
    let mut images = device.children.iter().filter(|child| matches!(child.name.as_str(), "backingStore" | "mirror"));
    is_used || images.any(|image| device_uses(image, used))
}
