//! The bus that a disk is on, and what that decides.

use super::{Disk, DiskBus, DiskDevice, DiskTarget};
use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::address::type_of;

impl<'a> View<'a, DiskTarget> {
    /// Returns the target name of the disk, without the legacy Xen prefix `ioemu:`.
    pub(crate) fn name(self) -> Option<&'a str> {
        let name = self.dev()?.value().text()?;
        Some(name.strip_prefix("ioemu:").unwrap_or(name))
    }

    /// Returns the numbers of the controller and of the namespace in the name of an NVMe disk: 0 and 1 for `nvme0n1`.
    pub(crate) fn nvme(self) -> Option<(u32, u32)> {
        nvme(self.name()?)
    }
}

impl View<'_, Disk> {
    /// Returns the bus of the disk. libvirt derives the bus from the target name if omitted.
    pub(crate) fn on(self) -> Option<DiskBus> {
        let target = self.target()?;
        match target.bus() {
            Some(bus) => bus.get(),
            None if self.device().and_then(View::get) == Some(DiskDevice::Floppy) => Some(DiskBus::Fdc),
            None => match usual(target.name()?)[0] {
                DiskBus::Fdc => Some(DiskBus::Ide),
                bus => Some(bus),
            },
        }
    }

    /// Returns the drive address of the disk as controller, bus, target and unit. Without an explicit address, returns
    /// the address that libvirt derives from the target name.
    pub(crate) fn drive(self) -> Option<[u32; 4]> {
        match self.address().map(Read::value) {
            Some(address) => drive(address),
            None => derived_drive(self.on()?, self.target()?.name()?),
        }
    }

    /// Returns the number of the SCSI or SATA controller that the disk is on. QEMU's SCSI controllers have seven disks each.
    pub(crate) fn controller(self) -> Option<u32> {
        match self.on()? {
            DiskBus::Scsi if self.address().is_none() => index(self.target()?.name()?).map(|index| index / 7),
            DiskBus::Scsi | DiskBus::Sata => self.drive().map(|[controller, ..]| controller),
            _ => None,
        }
    }

    /// Returns the address types that QEMU accepts for the disk, for the buses that libvirt checks.
    pub(crate) fn address_types(self) -> Option<&'static [&'static str]> {
        match self.on()? {
            DiskBus::Ide | DiskBus::Fdc | DiskBus::Scsi | DiskBus::Sata => Some(&["drive"]),
            DiskBus::Virtio => Some(&["pci", "ccw", "virtio-mmio"]),
            DiskBus::Usb => Some(&["usb"]),
            DiskBus::Xen | DiskBus::Uml | DiskBus::Sd | DiskBus::Nvme => None,
        }
    }

    /// Checks that the device type and the target name match the bus.
    pub(super) fn bus_rules(self, report: &mut Report<'_>) {
        let Some(target) = self.target() else { return };
        let (Some(bus), Some(name)) = (self.on(), target.name()) else { return };
        let device = self.device().and_then(View::get).unwrap_or(DiskDevice::Disk);
        let wrong = match (device, bus) {
            (DiskDevice::Floppy, DiskBus::Fdc) => None,
            (DiskDevice::Floppy, _) => Some("a floppy drive requires bus \"fdc\""),
            (_, DiskBus::Fdc) => Some("bus \"fdc\" is for floppy drives only: set device = \"floppy\", or another bus"),
            (DiskDevice::Cdrom, DiskBus::Virtio | DiskBus::Sd) => {
                Some("a CD drive cannot be on this bus: expected sata, scsi, usb or ide")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            let at = target.bus().map_or(target.value(), Read::value);
            report.error(at, "disk-device-bus", wrong);
        } else if !usual(name).contains(&bus) {
            let at = target.dev().map_or(target.value(), Read::value);
            report.warning(
                at,
                "disk-target-bus",
                format!("disk name {name:?} suggests another bus than the disk is on"),
            );
        }
    }
}

/// Returns controller, bus, target and unit of an address of type `drive`.
pub(crate) fn drive(address: Value<'_>) -> Option<[u32; 4]> {
    if type_of(address)? != "drive" {
        return None;
    }
    let mut place = [0; 4];
    for (part, name) in place.iter_mut().zip(["controller", "bus", "target", "unit"]) {
        *part = address.attribute(name).map_or(Some(0), |value| value.number(10))?;
    }
    Some(place)
}

/// Returns the buses that use target names with the same prefix. The first bus is the one that libvirt derives, except that
/// hard disks and CD drives are never on the floppy bus.
fn usual(name: &str) -> &'static [DiskBus] {
    match name.as_bytes() {
        [b'f', ..] => &[DiskBus::Fdc],
        [b'n', ..] => &[DiskBus::Nvme],
        [b'h', ..] => &[DiskBus::Ide, DiskBus::Sata],
        [b's', ..] => &[DiskBus::Scsi, DiskBus::Sata, DiskBus::Usb, DiskBus::Sd],
        [b'v', ..] => &[DiskBus::Virtio],
        [b'x', ..] => &[DiskBus::Xen],
        _ => &[DiskBus::Uml],
    }
}

/// Returns the drive address that libvirt derives from a target name such as `sdb`.
fn derived_drive(bus: DiskBus, name: &str) -> Option<[u32; 4]> {
    let index = index(name)?;
    match bus {
        DiskBus::Ide => Some([index / 4, index % 4 / 2, 0, index % 2]),
        DiskBus::Sata => Some([index / 6, 0, 0, index % 6]),
        DiskBus::Fdc => Some([index / 2, 0, 0, index % 2]),
        // Beyond these, hypervisors differ.
        DiskBus::Scsi if index < 7 => Some([0, 0, 0, index]),
        _ => None,
    }
}

/// Returns the number of a disk in a target name. The letters `a` to `z` mean 0 to 25, `aa` means 26, and the namespaces of an
/// NVMe controller are counted from 1.
fn index(name: &str) -> Option<u32> {
    if let Some((_, namespace)) = nvme(name) {
        return namespace.checked_sub(1);
    }
    let letters = ["fd", "hd", "sd", "vd", "xvd", "ubd"].iter().find_map(|prefix| name.strip_prefix(prefix))?;
    let count = letters.bytes().try_fold(0_u32, |count, letter| {
        letter.is_ascii_lowercase().then(|| count.saturating_mul(26).saturating_add(u32::from(letter - b'a') + 1))
    });
    count?.checked_sub(1)
}

fn nvme(name: &str) -> Option<(u32, u32)> {
    let (controller, namespace) = name.strip_prefix("nvme")?.split_once('n')?;
    let (namespace, _) = namespace.split_once('p').unwrap_or((namespace, ""));
    Some((controller.parse().ok()?, namespace.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_derived_from_names() {
        assert_eq!(derived_drive(DiskBus::Ide, "hdd"), Some([0, 1, 0, 1]));
        assert_eq!(derived_drive(DiskBus::Sata, "sdg"), Some([1, 0, 0, 0]));
        assert_eq!(derived_drive(DiskBus::Sata, "vdaa"), Some([4, 0, 0, 2]));
        assert_eq!(derived_drive(DiskBus::Ide, "ubde"), Some([1, 0, 0, 0]));
        assert_eq!(derived_drive(DiskBus::Scsi, "sdh"), None);
        assert_eq!(derived_drive(DiskBus::Sata, "sda1"), None);
        assert_eq!(derived_drive(DiskBus::Sata, "nvme4n8p1"), Some([1, 0, 0, 1]));
        assert_eq!(derived_drive(DiskBus::Sata, "nvme0n0"), None);
        assert_eq!(index("sdzzzzzzzz"), Some(u32::MAX - 1), "the highest number, for letters of any count");
        assert_eq!(derived_drive(DiskBus::Virtio, "vda"), None);
    }
}
