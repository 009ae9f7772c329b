//! What libvirt drops or derives when it reads the definition of a domain: parts that depend on other parts.

use crate::engine::size;
use crate::engine::xml::Element;

/// Brings a domain into the form in which libvirt keeps it, as far as parts depend on each other.
pub fn settle(domain: &mut Element) {
    settle_memory(domain);
    settle_pages(domain);
    settle_vcpus(domain);
    domain.children.iter_mut().filter(|child| child.name == "seclabel").for_each(settle_label);
    domain.children.iter_mut().filter(|child| child.name == "features").for_each(settle_features);
    if let Some(cpu) = domain.children.iter_mut().find(|child| child.name == "cpu") {
        cpu.children.retain(|child| child.name != "model" || !child.text.trim().is_empty());
    }
    let devices = domain.children.iter_mut().find(|child| child.name == "devices");
    for device in devices.into_iter().flat_map(|devices| &mut devices.children) {
        settle_device(device);
    }
}

/// Brings a device into the form in which libvirt keeps it.
pub fn settle_device(device: &mut Element) {
    // libvirt names a device itself, unless the name starts like one that a user chose.
    device
        .children
        .retain(|child| child.name != "alias" || child.attribute("name").is_some_and(|name| name.starts_with("ua-")));
    match device.name.as_str() {
        "channel" => settle_channel(device),
        "console" | "parallel" | "serial" if device.attribute("type") == Some("pty") => {
            // libvirt chooses the terminal at each start.
            device.children.retain(|child| child.name != "source");
        }
        "disk" => {
            device.children.iter_mut().for_each(settle_source);
            settle_empty_drive(device);
        }
        "hostdev" => device.children.iter_mut().for_each(settle_source),
        "graphics" => settle_graphics(device),
        "interface" => settle_interface(device),
        _ => {}
    }
}

/// The memory is the sum of NUMA cells and memory modules, and all that a balloon can give is the current memory unless less is
/// given. Of a running guest, libvirt adds what it has of virtio-mem modules.
fn settle_memory(domain: &mut Element) {
    let cells = child(domain, "cpu").and_then(|cpu| child(cpu, "numa")).map(|numa| numa.children.as_slice());
    let of_cell =
        |cell: &Element| size::bytes(cell.attribute("memory")?, cell.attribute("unit").unwrap_or(size::UNITLESS));
    let in_cells: Option<u64> =
        cells.and_then(|cells| cells.iter().filter(|child| child.name == "cell").map(of_cell).sum());
    let in_modules = in_modules(domain, "size", |_| true);
    let plugged = in_modules_of_virtio(domain, "current");
    let cells = in_cells.filter(|bytes| *bytes > 0);
    if let (Some(cells), Some(memory)) = (cells, domain.children.iter_mut().find(|child| child.name == "memory")) {
        memory.text = ((cells + in_modules) / 1024).to_string();
        memory.attributes.retain(|(name, _)| name != "unit");
    }
    if let Some(current) = domain.children.iter_mut().find(|child| child.name == "currentMemory" && plugged > 0) {
        if let Some(bytes) = bytes(current) {
            *current = Element::of_text("currentMemory", (bytes.saturating_sub(plugged) / 1024).to_string());
        }
    }
    let most = balloon_memory(domain);
    domain.children.retain(|child| child.name != "currentMemory" || bytes(child) < most);
}

/// Returns the bytes of memory that the balloon of a settled domain can give: all but those of virtio-mem modules, which have a
/// size of their own.
pub fn balloon_memory(domain: &Element) -> Option<u64> {
    let memory = child(domain, "memory").and_then(bytes)?;
    Some(memory.saturating_sub(in_modules_of_virtio(domain, "size")))
}

fn in_modules_of_virtio(domain: &Element, size: &str) -> u64 {
    in_modules(domain, size, |module| module.attribute("model") == Some("virtio-mem"))
}

/// The sum of a size of memory modules.
fn in_modules(domain: &Element, size: &str, counts: impl Fn(&Element) -> bool) -> u64 {
    let devices = child(domain, "devices").map(|devices| devices.children.as_slice()).unwrap_or_default();
    let modules = devices.iter().filter(|device| device.name == "memory" && counts(device));
    modules.filter_map(|module| child(child(module, "target")?, size).and_then(bytes)).sum()
}

/// The sizes of huge pages and of NUMA cells are numbers of KiB. A guest without cells is a single node, which pages need not name.
fn settle_pages(domain: &mut Element) {
    let has_cells = children_of(domain, ["cpu", "numa"]).next().is_some();
    for page in children_of(domain, ["memoryBacking", "hugepages"]) {
        settle_size(page, "size");
        page.attributes.retain(|(name, _)| has_cells || name != "nodeset");
    }
    children_of(domain, ["cpu", "numa"]).for_each(|cell| settle_size(cell, "memory"));
}

/// Brings an attribute that is a size into KiB, the unit of sizes without one.
fn settle_size(element: &mut Element, attribute: &str) {
    let unit = element.attribute("unit").unwrap_or(size::UNITLESS);
    if let Some(bytes) = element.attribute(attribute).and_then(|number| size::bytes(number, unit)) {
        element.attributes.retain(|(name, _)| name != "unit" && name != attribute);
        element.attributes.push((attribute.to_owned(), (bytes / 1024).to_string()));
    }
}

/// An enlightenment that is off keeps no parameters.
fn settle_features(features: &mut Element) {
    let enlightenments = features.children.iter_mut().filter(|child| child.name == "hyperv");
    for off in enlightenments.flat_map(|hyperv| &mut hyperv.children) {
        if off.attribute("state") == Some("off") {
            off.attributes.retain(|(name, _)| name == "state");
            off.children.clear();
        }
    }
}

/// libvirt chooses dynamic labels at each start.
fn settle_label(label: &mut Element) {
    if label.attribute("type").is_none_or(|kind| kind == "dynamic") {
        label.children.retain(|child| child.name != "label");
    }
}

/// A target of iSCSI has its unit in its name: by default the first.
fn settle_source(source: &mut Element) {
    if source.name == "source" && source.attribute("protocol") == Some("iscsi") {
        let name = source.attributes.iter_mut().find(|(name, value)| name == "name" && !value.contains('/'));
        name.into_iter().for_each(|(_, name)| name.push_str("/0"));
    }
}

/// A drive without a medium has no image, whose format and driver libvirt forgets.
fn settle_empty_drive(drive: &mut Element) {
    let says_which = |(name, _): &(String, String)| !matches!(name.as_str(), "index" | "startupPolicy");
    let is_medium = |source: &Element| {
        source.name == "source" && (source.attributes.iter().any(says_which) || !source.children.is_empty())
    };
    if drive.children.iter().any(is_medium) {
        return;
    }
    drive.attributes.retain(|(name, _)| name != "type");
    if let Some(driver) = drive.children.iter_mut().find(|child| child.name == "driver") {
        driver.attributes.retain(|(name, _)| name != "name" && name != "type");
    }
    drive.children.retain(|child| child.name != "driver" || !child.attributes.is_empty() || !child.children.is_empty());
}

/// All virtual CPUs are online unless fewer are given, and only these can be pinned.
fn settle_vcpus(domain: &mut Element) {
    let Some(vcpu) = domain.children.iter_mut().find(|child| child.name == "vcpu") else { return };
    let count = vcpu.text.trim().to_owned();
    if vcpu.attribute("current").is_none() {
        vcpu.attributes.push(("current".to_owned(), count.clone()));
    }
    let Ok(count) = count.parse::<u64>() else { return };
    let is_absent = |pin: &Element| {
        let vcpu = pin.attribute("vcpu").and_then(|vcpu| vcpu.parse::<u64>().ok());
        pin.name == "vcpupin" && vcpu.is_some_and(|vcpu| vcpu >= count)
    };
    if let Some(cputune) = domain.children.iter_mut().find(|child| child.name == "cputune") {
        cputune.children.retain(|child| !is_absent(child));
    }
}

/// libvirt chooses the socket of a channel for each start, if it is in libvirt's own folder.
fn settle_channel(channel: &mut Element) {
    let is_own = |source: &Element| {
        source.name == "source" && source.attribute("path").is_none_or(|path| path.contains("/libvirt/qemu/channel/"))
    };
    if channel.attribute("type") == Some("unix") {
        channel.children.retain(|child| !is_own(child));
    }
}

/// Ports that libvirt chooses are no ports, and a console that listens nowhere has none.
fn settle_graphics(graphics: &mut Element) {
    let is_own = |path: &str| path.contains("/libvirt/qemu/domain-");
    graphics.attributes.retain(|(name, value)| name != "socket" || !is_own(value));
    graphics.children.retain(|child| child.name != "listen" || !child.attribute("socket").is_some_and(is_own));
    for listen in graphics.children.iter_mut().filter(|child| child.attribute("type") == Some("network")) {
        listen.attributes.retain(|(name, _)| name != "address");
    }
    let listens = |kind: &str| graphics.children.iter().any(|child| child.attribute("type") == Some(kind));
    let has_no_port = listens("none") || listens("socket") || graphics.attribute("socket").is_some();
    let is_chosen = graphics.attribute("autoport") == Some("yes");
    graphics.attributes.retain(|(name, value)| match name.as_str() {
        "autoport" => !has_no_port,
        "port" | "tlsPort" => value != "-1" && value != "0" && !is_chosen,
        _ => true,
    });
}

/// libvirt chooses the name of a card on the host at each start, if it starts as libvirt's own do.
fn settle_interface(card: &mut Element) {
    let is_own = |target: &Element| {
        let name = target.attribute("dev").unwrap_or_default();
        let number = ["vnet", "macvtap", "macvlan"].iter().find_map(|prefix| name.strip_prefix(prefix));
        target.name == "target" && number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    card.children.retain(|child| !is_own(child));
}

/// Returns the children of the element at a path of two names.
fn children_of<'a>(
    domain: &'a mut Element,
    [parent, child]: [&'static str; 2],
) -> impl Iterator<Item = &'a mut Element> {
    let parent = domain.children.iter_mut().find(move |it| it.name == parent);
    let element = parent.and_then(|parent| parent.children.iter_mut().find(move |it| it.name == child));
    element.into_iter().flat_map(|element| &mut element.children)
}

fn child<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element.children.iter().find(|child| child.name == name)
}

fn bytes(element: &Element) -> Option<u64> {
    size::bytes(&element.text, element.attribute("unit").unwrap_or(size::UNITLESS))
}
