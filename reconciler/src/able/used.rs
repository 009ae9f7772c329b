//! What a guest uses on its host: objects of libvirt, network interfaces and files.

use super::parts::{Part, Parts};
use crate::change::child;
use crate::object::{Id, Type};
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeSet;

/// Something that a guest uses.
pub enum Used {
    /// An object of libvirt.
    Object(Id),
    /// A network interface of the host.
    Interface(String),
    /// A file, folder or device of the host.
    File(String),
}

/// The fields that name an object, each with its type.
const OBJECTS: &[(&str, Type)] = &[
    ("devices/interface/source@network", Type::Network),
    ("devices/interface/filterref@filter", Type::Nwfilter),
    ("devices/disk/source@pool", Type::Pool),
];

/// The fields that name a network interface.
const INTERFACES: &[&str] = &["devices/interface/source@bridge", "devices/interface/source@dev"];

/// The fields that hold the path of a file, folder or device.
const FILES: &[&str] = &[
    "os/loader",
    "os/kernel",
    "os/initrd",
    "os/dtb",
    "os/acpi/table",
    "os/nvram@template",
    "devices/disk/source@file",
    "devices/disk/source@dev",
    "devices/disk/source@dir",
    "devices/disk/backingStore/source@file",
    "devices/disk/backingStore/source@dev",
    "devices/filesystem/source@dir",
    "devices/filesystem/source@file",
    "devices/filesystem/binary@path",
    "devices/interface/source@dev",
    "devices/interface/rom@file",
    "devices/hostdev/rom@file",
    "devices/hostdev/source@dev",
    "devices/input/source@dev",
    "devices/input/source@evdev",
    "devices/tpm/backend/device@path",
    "devices/rng/backend",
    "devices/graphics/gl@rendernode",
    "devices/memory/source/path",
];

/// The folder of the GPUs of the host. A display with `gl` uses one of them.
const GPUS: &str = "/dev/dri";

/// What a domain uses, each with the part that names it.
pub fn used<'p>(domain: &'p Parts<'_>) -> Vec<(&'p Part<'p>, Used)> {
    let mut used = Vec::new();
    for (place, kind) in OBJECTS {
        used.extend(domain.at(place).iter().map(|part| (part, Used::Object(Id::new(*kind, part.value)))));
    }
    for part in domain.at("devices/disk/source@volume") {
        if let Some(pool) = part.element.attribute("pool") {
            used.push((part, Used::Object(Id::within(Type::Volume, pool, part.value))));
        }
    }
    for place in INTERFACES {
        let named = domain.at(place).iter().filter(|part| !is_path(part.value));
        used.extend(named.map(|part| (part, Used::Interface(part.value.to_owned()))));
    }
    let displays = domain.at("devices/graphics").iter().filter(|part| chooses_gpu(part.element));
    used.extend(displays.map(|part| (part, Used::File(GPUS.to_owned()))));
    for place in FILES {
        let named = domain.at(place).iter().filter(|part| is_path(part.value) && !is_optional(part.element));
        used.extend(named.map(|part| (part, Used::File(part.value.to_owned()))));
    }
    used
}

/// The bridges that networks make.
pub fn bridges<'a>(networks: impl Iterator<Item = &'a Element>) -> BTreeSet<&'a str> {
    networks.filter_map(|network| child(network, "bridge")?.attribute("name")).collect()
}

fn is_path(value: &str) -> bool {
    value.starts_with('/')
}

/// Whether libvirt chooses a GPU of the host for a display.
fn chooses_gpu(graphics: &Element) -> bool {
    let gl = child(graphics, "gl");
    let is_on = gl.and_then(|gl| gl.attribute("enable")) == Some("yes");
    let is_named = gl.is_some_and(|gl| gl.attribute("rendernode").is_some());
    (is_on || graphics.attribute("type") == Some("egl-headless")) && !is_named
}

/// Whether the guest starts without the file or device.
pub fn is_optional(source: &Element) -> bool {
    source.attribute("startupPolicy") == Some("optional")
}
