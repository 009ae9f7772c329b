//! What libvirt records once in the persistent definition of a domain, and a redefinition would drop.
//!
//! The rows name the values that come back from libvirt and are not in the definition that it was given.

use super::is_on_same_bus;
use crate::change::pair;
use nixvirt_schema::engine::xml::Element;
use std::cell::RefCell;
use std::collections::HashSet;

/// A value that libvirt records.
#[derive(Debug)]
pub struct Row {
    /// The place of the value, with everything below it: `devices/graphics/@passwd`. `*` is any element.
    pub path: &'static str,
    /// What a redefinition does with the value.
    pub treatment: Treatment,
}

/// What a redefinition does with a value that libvirt recorded and the declaration lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// The value is carried.
    Carried,
    /// The value is carried while the machine type is the same.
    OnSameMachine,
    /// The value is carried while the machine type and the declaration of the child of `<domain>` are the same.
    WhileUnchanged,
    /// The UUID is carried.
    Uuid,
    /// The MAC address is carried to the interface that is most alike.
    Mac,
    /// The version of the machine type is carried while the declared type is the same.
    Machine,
    /// The firmware and the NVRAM are carried together.
    Firmware,
    /// The address is carried while the device is on the same bus and the address is free.
    Address,
    /// The device is carried if no device of its kind is or was declared.
    Device,
    /// The value is not carried, because a redefinition makes the same value: a default, or a consequence of other fields.
    Made,
    /// The value is not carried, because it describes the host, and an upgrade of the host replaces it.
    OfHost,
}

use Treatment::{Address, Carried, Device, Firmware, Mac, Machine, Made, OfHost, OnSameMachine, Uuid, WhileUnchanged};

/// The table. Of several rows, the first one that matches counts.
pub const ROWS: &[Row] = &[
    row("uuid", Uuid),
    row("genid/text()", Carried),
    row("memory", Made),
    row("currentMemory", Made),
    row("vcpu", Made),
    row("iothreadids", Made),
    row("cputune", Made),
    row("numatune", Made),
    row("os/type/@arch", OfHost),
    row("os/type/@machine", Machine),
    row("os/firmware", Firmware),
    row("os/loader", Firmware),
    row("os/nvram", Firmware),
    row("os/boot", Made),
    row("features/gic", OnSameMachine),
    row("features/smm", OnSameMachine),
    row("features/hyperv/@mode", Made),
    // Extended interrupts of an IOMMU need that of QEMU.
    row("features/ioapic/@driver", Made),
    row("features/pmu/@state", Made),
    row("features/vmcoreinfo/@state", Made),
    row("cpu", WhileUnchanged),
    row("clock", Made),
    row("on_poweroff", Made),
    row("on_reboot", Made),
    row("on_crash", Made),
    row("seclabel/@model", OfHost),
    row("devices/emulator", OfHost),
    row("devices/*/address", Address),
    row("devices/*/alias", Carried),
    row("devices/audio", Made),
    row("devices/channel/protocol", Made),
    row("devices/channel/source/@mode", Made),
    row("devices/console/log", Made),
    row("devices/console/source", Made),
    row("devices/console/target", Made),
    row("devices/console", Made),
    row("devices/controller/@index", OnSameMachine),
    row("devices/controller/@model", OnSameMachine),
    row("devices/controller/master", OnSameMachine),
    row("devices/controller/model", OnSameMachine),
    row("devices/controller/target", OnSameMachine),
    row("devices/controller", Device),
    row("devices/disk/@model", Made),
    row("devices/disk/@snapshot", Made),
    row("devices/disk/@type", Made),
    row("devices/disk/driver", Made),
    row("devices/disk/readonly", Made),
    row("devices/disk/target/@bus", Made),
    row("devices/disk/source/host/@port", Made),
    row("devices/disk/source/encryption/@engine", Made),
    row("devices/disk/encryption/@engine", Made),
    row("devices/disk/backingStore/source/encryption/@engine", Made),
    row("devices/filesystem/@accessmode", Made),
    row("devices/filesystem/@type", Made),
    row("devices/graphics/@passwd", Carried),
    row("devices/graphics/@passwdValidTo", Carried),
    row("devices/graphics/@connected", Carried),
    row("devices/graphics/@autoport", Made),
    row("devices/graphics/@listen", Made),
    row("devices/graphics/@port", Made),
    row("devices/graphics/@socket", Made),
    row("devices/graphics/listen", Made),
    row("devices/hostdev/@display", Made),
    row("devices/hostdev/@managed", Made),
    row("devices/hub", Device),
    row("devices/input", Made),
    row("devices/interface/mac", Mac),
    row("devices/interface/model", OnSameMachine),
    row("devices/interface/virtualport/parameters", Carried),
    // libvirt replaces a MAC address of zeros.
    row("devices/interface", Mac),
    row("devices/iommu/driver", Made),
    row("devices/iommu", Made),
    row("devices/memballoon", Device),
    row("devices/panic/@model", OnSameMachine),
    row("devices/pstore/path", Carried),
    row("devices/redirdev/protocol", Made),
    row("devices/redirdev/source", Made),
    row("devices/rng/backend", Made),
    row("devices/serial/target", Made),
    row("devices/serial", Made),
    row("devices/shmem/msi", Made),
    row("devices/shmem/size", Made),
    row("devices/smartcard/source/@mode", Made),
    row("devices/sound/@streams", Made),
    row("devices/tpm/@model", Carried),
    row("devices/tpm/backend/@version", Carried),
    row("devices/video/model", OnSameMachine),
    row("devices/video", Device),
    row("devices/vsock/@model", Made),
    row("devices/watchdog", Made),
];

const fn row(path: &'static str, treatment: Treatment) -> Row {
    Row { path, treatment }
}

/// The row of a value.
pub fn row_of(path: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| {
        let mut parts = path.split('/');
        row.path.split('/').all(|wanted| parts.next().is_some_and(|part| wanted == part || wanted == "*"))
    })
}

/// The places of the values that libvirt recorded and the declaration lacks.
pub fn recorded(declared: &Element, found: &Element) -> Vec<String> {
    let paths = RefCell::new(Vec::new());
    filled("", declared, None, found, &|path| {
        paths.borrow_mut().push(path.to_owned());
        false
    });
    paths.into_inner()
}

/// A definition with the values that libvirt recorded and that a function picks by their places. What was declared before is
/// no choice of libvirt.
pub(super) fn carry(root: &mut Element, before: Option<&Element>, found: &Element, picks: impl Fn(&str) -> bool) {
    *root = filled("", root, before, found, &picks);
}

/// An element with all values that another one has, and that it lacks.
pub(super) fn fill(element: &mut Element, from: &Element) {
    *element = filled("", element, None, from, &|_| true);
}

fn filled(
    path: &str,
    element: &Element,
    before: Option<&Element>,
    found: &Element,
    picks: &dyn Fn(&str) -> bool,
) -> Element {
    let mut result = element.clone();
    for (name, value) in &found.attributes {
        let is_absent = |element: &Element| element.attribute(name).is_none();
        if is_absent(element) && before.is_none_or(is_absent) && picks(&join(path, &format!("@{name}"))) {
            result.attributes.push((name.clone(), value.clone()));
        }
    }
    let is_empty = |element: &Element| element.text.trim().is_empty();
    if !is_empty(found) && is_empty(element) && before.is_none_or(is_empty) && picks(&join(path, "text()")) {
        result.text.clone_from(&found.text);
    }
    let formers = before.map(|before| pair(before, element)).unwrap_or_default();
    let declared_before = before.map(|before| counterparts(before, found)).unwrap_or_default();
    // The pairs begin with the children of the element, in their order.
    for (at, it) in pair(found, element).into_iter().enumerate() {
        let Some(recorded) = it.old else { continue };
        let path = join(path, &recorded.name);
        match it.new {
            Some(child) if is_device(&path) && !is_on_same_bus(child, recorded) => {}
            Some(child) => {
                let former = formers.get(at).and_then(|former| former.old);
                result.children[at] = filled(&path, child, former, recorded, picks);
            }
            None if declared_before.contains(&std::ptr::from_ref(recorded)) => {}
            None if is_device(&path) || row_of(&path).is_some() => {
                if picks(&path) {
                    result.children.push(recorded.clone());
                }
            }
            None => {
                let empty = Element { name: recorded.name.clone(), ..Element::default() };
                let part = filled(&path, &empty, None, recorded, picks);
                if part != empty {
                    result.children.push(part);
                }
            }
        }
    }
    result
}

/// The children of an element that another one had before. Their places in memory distinguish them.
fn counterparts(before: &Element, found: &Element) -> HashSet<*const Element> {
    let had = pair(before, found).into_iter().filter(|it| it.old.is_some());
    had.filter_map(|it| it.new.map(std::ptr::from_ref)).collect()
}

fn is_device(path: &str) -> bool {
    path.strip_prefix("devices/").is_some_and(|rest| !rest.contains('/'))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}
