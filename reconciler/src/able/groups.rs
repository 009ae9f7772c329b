//! IOMMU groups: a guest gets a PCI device only if the host uses no other device of its group.

use super::lack::{Lack, Missing};
use super::parts::{Part, Parts};
use crate::change::number;
use crate::file;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The fields with the address of a PCI device that the guest gets.
const ADDRESSES: &[&str] = &["devices/hostdev/source/address", "devices/interface/source/address"];

/// The drivers that keep no device of a group from a guest. Ports have a driver of their own.
const HARMLESS: &[&str] = &["vfio-pci", "pci-stub", "pcieport"];

/// The PCI devices of a guest whose groups have other devices that the host uses. `devices` is the folder of the kernel with the PCI
/// devices of the host.
pub fn lacks(domain: &Parts<'_>, devices: &Path) -> Vec<Lack> {
    let parts = ADDRESSES.iter().flat_map(|place| domain.at(place));
    let given: Vec<_> = parts.filter_map(|part| Some((part, address(part)?))).collect();
    let all: BTreeSet<_> = given.iter().map(|(_, device)| device.as_str()).collect();
    let lack = |(part, device): &(&Part<'_>, String)| {
        let others = used_beside(&devices.join(device), devices, &all);
        let is_viable = others.is_empty();
        let missing = Missing::IommuGroup { device: device.clone(), others };
        if is_viable { None } else { Some(Lack::new(&part.path, missing)) }
    };
    given.iter().filter_map(lack).collect()
}

/// The address of a PCI device, as the kernel writes it.
fn address(part: &Part<'_>) -> Option<String> {
    let part_of = |name: &str| part.element.attribute(name).and_then(number);
    let is_pci = part.element.attribute("type").is_none_or(|kind| kind == "pci");
    let (bus, slot, function) = (part_of("bus")?, part_of("slot")?, part_of("function").unwrap_or(0));
    let domain = part_of("domain").unwrap_or(0);
    if is_pci { Some(format!("{domain:04x}:{bus:02x}:{slot:02x}.{function:x}")) } else { None }
}

/// The devices of the group of a device that the host uses, except those that the guest gets as well.
fn used_beside(device: &Path, devices: &Path, given: &BTreeSet<&str>) -> Vec<String> {
    // A device that is not there has no group, and neither has one of a host without an IOMMU.
    let Ok(group) = fs::read_dir(device.join("iommu_group/devices")) else { return Vec::new() };
    let names = group.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_used = |name: &String| {
        let driver = file::link_name(&devices.join(name).join("driver"));
        !given.contains(name.as_str()) && driver.is_some_and(|driver| !HARMLESS.contains(&driver.as_str()))
    };
    let mut used: Vec<_> = names.filter(is_used).collect();
    used.sort_unstable();
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use nixvirt_schema::engine::xml;
    use pretty_assertions::assert_eq;
    use std::os::unix::fs::symlink;

    /// Makes the kernel's folder of a group, whose devices have these drivers.
    fn host(folder: &Path, group: &[(&str, &str)]) {
        for (device, driver) in group {
            let files = folder.join(device);
            fs::create_dir_all(files.join("iommu_group/devices")).expect("a writable folder");
            for (other, _) in group {
                fs::write(files.join("iommu_group/devices").join(other), "").expect("a writable folder");
            }
            if !driver.is_empty() {
                symlink(format!("../drivers/{driver}"), files.join("driver")).expect("a writable folder");
            }
        }
    }

    #[test]
    fn the_host_uses_a_device_of_the_group() {
        let folder = tempfile::tempdir().expect("a folder");
        host(
            folder.path(),
            &[
                ("0000:00:01.0", "pcieport"),
                ("0000:01:00.0", "nvidia"),
                ("0000:01:00.1", "snd_hda_intel"),
                ("0000:01:00.2", ""),
                ("0000:01:00.3", "vfio-pci"),
            ],
        );
        host(folder.path(), &[("0000:02:00.0", "e1000e")]);
        let device = |bus: u32, function: u32| {
            let address = format!("domain='0' bus='{bus:#x}' slot='0' function='{function}'");
            format!("<hostdev mode='subsystem' type='pci'><source><address {address}/></source></hostdev>")
        };
        let usb = "<hostdev mode='subsystem' type='usb'><source><address bus='1' device='2'/></source></hostdev>";
        let lacks = |devices: String| {
            let domain = xml::element(&format!("<domain><devices>{devices}</devices></domain>")).expect("XML");
            let lacks = lacks(&Parts::of(&domain), folder.path());
            lacks.into_iter().map(|lack| (lack.path, lack.missing)).collect::<Vec<_>>()
        };
        let path = "devices.hostdev[pci 1 0 0 0].source.address".to_owned();
        let others = vec!["0000:01:00.1".to_owned()];
        assert_eq!(lacks(device(1, 0)), [(path, Missing::IommuGroup { device: "0000:01:00.0".to_owned(), others })]);
        assert_eq!(lacks(device(1, 0) + &device(1, 1)), []);
        assert_eq!(lacks(device(2, 0) + &device(9, 0) + usb), []);
    }
}
