//! Devices without what libvirt fills in again.

use super::controller::{Controllers, shorten_controller};
use crate::change::{child, child_mut, number};
use nixvirt_schema::engine::xml::Element;

/// What libvirt gives each model of a video device.
const VIDEO: &[(&str, &[(&str, &str)])] = &[
    ("bochs", &[("vram", "16384")]),
    ("cirrus", &[("vram", "16384")]),
    ("qxl", &[("ram", "65536"), ("vram", "65536"), ("vgamem", "16384")]),
    ("vga", &[("vram", "16384")]),
];

/// Shortens all devices of a domain of a machine type.
pub fn shorten_devices(domain: &mut Element, machine: &str) {
    let Some(devices) = child_mut(domain, "devices") else { return };
    let controllers = Controllers::of(&devices.children, machine);
    devices.children.retain(|device| device.name != "controller" || !controllers.are_filled_in(device));
    let serial = devices.children.iter().find(|device| device.name == "serial").cloned();
    devices.children.retain(|device| {
        device.name != "console" || !serial.as_ref().is_some_and(|serial| is_first_console(device, serial))
    });
    for device in &mut devices.children {
        if has_chosen_address(device) {
            device.children.retain(|child| child.name != "address");
        }
        match device.name.as_str() {
            "controller" => shorten_controller(device),
            "disk" => shorten_disk(device),
            "graphics" => shorten_graphics(device),
            "serial" => shorten_serial(device),
            "video" => shorten_video(device, machine),
            _ => {}
        }
    }
}

/// Whether libvirt chooses the address of a device again.
fn has_chosen_address(device: &Element) -> bool {
    let Some(address) = child(device, "address") else { return false };
    let part = |name: &str| address.attribute(name).map_or(Some(0), number);
    match address.attribute("type") {
        // Several functions of a device are somebody's choice, except of a controller.
        Some("pci") => part("function") == Some(0) && address.attribute("multifunction").is_none(),
        Some("drive") => drive_address(device).is_some_and(|wanted| {
            ["controller", "bus", "target", "unit"].iter().zip(wanted).all(|(name, wanted)| part(name) == Some(wanted))
        }),
        Some("isa") => false,
        _ => true,
    }
}

/// The controller, bus, target and unit that libvirt derives from the target of a disk.
fn drive_address(disk: &Element) -> Option<[u64; 4]> {
    let target = child(disk, "target")?;
    let letters = target.attribute("dev")?.get(2..)?;
    let place = letters.bytes().try_fold(0, |place, letter| {
        if letter.is_ascii_lowercase() { Some(place * 26 + u64::from(letter - b'a') + 1) } else { None }
    })?;
    let place = place.checked_sub(1)?;
    match target.attribute("bus")? {
        "fdc" => Some([place / 2, 0, 0, place % 2]),
        "ide" => Some([place / 4, place / 2 % 2, 0, place % 2]),
        "sata" => Some([place / 6, 0, 0, place % 6]),
        // How many are on a controller depends on its model.
        "scsi" if place < 7 => Some([0, 0, 0, place]),
        _ => None,
    }
}

/// Whether a console is the one that libvirt adds for the first serial port.
fn is_first_console(console: &Element, serial: &Element) -> bool {
    let target = child(console, "target");
    let target_has = |name: &str, value: &str| target.is_some_and(|target| target.attribute(name) == Some(value));
    [console, serial].iter().all(|port| port.attribute("type") == Some("pty"))
        && target_has("type", "serial")
        && target_has("port", "0")
        && console.children.iter().all(|part| part.name == "target" || serial.children.contains(part))
}

fn shorten_disk(disk: &mut Element) {
    if let Some(driver) = child_mut(disk, "driver") {
        driver.attributes.retain(|(name, value)| name != "name" || value != "qemu");
    }
    if disk.attribute("device") == Some("cdrom") {
        disk.children.retain(|child| child.name != "readonly");
    }
    disk.children.retain(|child| child.name != "driver" || !child.attributes.is_empty() || !child.children.is_empty());
}

fn shorten_graphics(graphics: &mut Element) {
    let address = child(graphics, "listen").and_then(|listen| listen.attribute("address")).map(str::to_owned);
    let is_chosen = graphics.attribute("autoport") == Some("yes");
    graphics.attributes.retain(|(name, value)| match name.as_str() {
        "port" | "tlsPort" => !is_chosen,
        "listen" => Some(value) != address.as_ref(),
        _ => true,
    });
    let is_default = |listen: &Element| listen.attributes == [("type".to_owned(), "address".to_owned())];
    graphics.children.retain(|child| child.name != "listen" || !is_default(child));
}

/// The model of a serial port follows from its type.
fn shorten_serial(serial: &mut Element) {
    let Some(target) = child_mut(serial, "target") else { return };
    let kind = target.attribute("type").unwrap_or_default().to_owned();
    target.children.retain(|model| model.name != "model" || model.attribute("name") != Some(&kind));
    if kind == "isa-serial" && target.children.is_empty() {
        target.attributes.retain(|(name, _)| name != "type");
    }
}

fn shorten_video(video: &mut Element, machine: &str) {
    let virtio = virtio_device(video, machine);
    let Some(model) = child_mut(video, "model") else { return };
    let kind = model.attribute("type").unwrap_or_default();
    let own = VIDEO.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, own)| own);
    let of_all = [("heads", "1"), ("primary", "yes"), ("device", &*virtio)];
    let own: Vec<_> = own.iter().chain(&of_all).collect();
    model.attributes.retain(|(name, value)| !own.iter().any(|(own, filled)| own == name && filled == value));
}

/// The device of QEMU that libvirt 12.8 chooses for a video device of model virtio.
fn virtio_device(video: &Element, machine: &str) -> String {
    let has =
        |part: Option<&Element>, name: &str, value: &str| part.is_some_and(|it| it.attribute(name) == Some(value));
    let model = child(video, "model");
    let form = if has(model, "primary", "yes") && matches!(machine, "pc" | "q35") { "vga" } else { "gpu" };
    if has(child(video, "driver"), "name", "vhostuser") {
        return format!("vhost-user-{form}");
    }
    let is_accelerated = has(model.and_then(|model| child(model, "acceleration")), "accel3d", "yes");
    format!("virtio-{form}{}", if is_accelerated { "-gl" } else { "" })
}
