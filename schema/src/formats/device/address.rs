//! `<address>` and what any device may have beside it:
//! [Device addresses](https://libvirt.org/formatdomain.html#device-addresses).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff, YesNo};
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{AbsolutePath, AliasName, LoadParameter, UsbPort};
use crate::formats::storage::choice;
use nixvirt_schema_derive::element;

/// Where a device sits in the guest. libvirt finds a free place where this is left out.
#[element("type", rules)]
pub enum Address {
    /// A function of a slot on a PCI bus.
    Pci {
        /// The PCI domain.
        domain: Option<Hex<4, 0xffff_ffff>>,
        /// The bus.
        bus: Option<Hex<2>>,
        /// The slot on the bus, from 0 to 0x1f.
        slot: Option<Hex<2, 31>>,
        /// The function of the slot, from 0 to 7.
        function: Option<Hex<1, 7>>,
        /// Whether other functions of the same slot are used too; wanted on function 0 then.
        multifunction: Option<OnOff>,
        /// The ids of the device on S390.
        zpci: Option<Zpci>,
    },
    /// A place on an IDE, SCSI, SATA or floppy controller.
    Drive {
        /// The controller's index.
        controller: Option<Int<0, 99>>,
        /// The bus of the controller.
        bus: Option<Int<0, 99>>,
        /// The target on the bus.
        target: Option<Int<0, 99>>,
        /// The unit of the target.
        unit: Option<Int<0, 99_999>>,
    },
    /// A port of a virtio-serial controller.
    VirtioSerial {
        /// The controller's index.
        controller: Int<0, 99>,
        /// The bus of the controller.
        bus: Option<Int<0, 99>>,
        /// The port on the bus.
        port: Option<Int<0, 99>>,
    },
    /// A slot of a smart card reader.
    Ccid {
        /// The index of the reader's controller.
        controller: Int<0, 99>,
        /// The slot.
        slot: Option<Int<0, 99>>,
    },
    /// A port on a USB bus.
    Usb {
        /// The bus, which is the controller's index.
        bus: Int<0, 999>,
        /// The port, with those of the hubs before it: `1.2`.
        port: Option<UsbPort>,
    },
    /// A register of the virtual bus of pSeries guests.
    SpaprVio {
        /// The register.
        reg: Option<Hex<8>>,
    },
    /// A channel of an S390 guest. The three parts are given together or not at all.
    Ccw {
        /// The channel subsystem, from 0 to 0xfe.
        cssid: Option<Hex<2, 254>>,
        /// The subchannel set, from 0 to 3.
        ssid: Option<Int<0, 3>>,
        /// The device number.
        devno: Option<Hex<4>>,
    },
    /// A port of the ISA bus.
    Isa {
        /// The first I/O port.
        iobase: Option<Hex<4>>,
        /// The interrupt.
        irq: Option<Hex<1>>,
    },
    /// A memory-mapped virtio device, as on ARM boards.
    VirtioMmio {},
    /// A slot for memory.
    Dimm {
        /// The slot.
        slot: Option<u32>,
        /// The address at which the memory starts.
        base: Option<Hex<16>>,
    },
    /// None: the device is known to libvirt and not given to the guest.
    Unassigned {},
}

/// The ids of a PCI device on S390.
#[element]
pub struct Zpci {
    /// The id that the user gives, unique in the guest.
    pub uid: Option<Hex<4>>,
    /// The id of the function, unique in the guest.
    pub fid: Option<Hex<8>>,
}

/// A name for the device, by which it can be told from others; the user's own start with `ua-`.
#[element]
pub struct Alias {
    /// The name.
    pub name: AliasName,
}

/// The device's place in the order in which the firmware tries to boot.
#[element]
pub struct Boot {
    /// The place, from 1; each at most once in a guest.
    pub order: Int<1, { u64::MAX }>,
    /// What S390 firmware passes to the boot loader: up to 8 letters, digits, dots and blanks.
    pub loadparm: Option<LoadParameter>,
}

/// How the guest's ACPI names the device.
#[element]
pub struct Acpi {
    /// The index, by which some guests name their network interfaces.
    pub index: Option<u32>,
}

/// The ROM of a PCI device.
#[element]
pub struct Rom {
    /// Whether the device has its ROM at all.
    pub enabled: Option<YesNo>,
    /// Whether the ROM is shown to the guest.
    pub bar: Option<OnOff>,
    /// A file to take as the ROM.
    pub file: Option<AbsolutePath>,
}

impl View<'_, Address> {
    fn rules(self, report: &mut Report<'_>) {
        choice::together(self.value(), &["cssid", "ssid", "devno"], "address-ccw", report);
    }
}

/// What kind of address it is; the short form is one of PCI.
pub(crate) fn type_of(address: Value<'_>) -> Option<&str> {
    match address.data() {
        Data::Text(_) => Some("pci"),
        _ => address.attribute("type")?.text(),
    }
}
