//! `<address>` and what any device may have beside it:
//! [Device addresses](https://libvirt.org/formatdomain.html#device-addresses).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff, YesNo};
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{AbsolutePath, AliasName, CpuSet, LoadParameter, UsbPort};
use crate::formats::pci::{self, PciParts};
use crate::formats::storage::choice;
use nixvirt_schema_derive::element;

/// Guest address of a device. libvirt assigns one if omitted.
#[element("type", rules, notation = pci::NOTATION)]
pub enum Address {
    /// PCI address: a function of a slot on a PCI bus.
    Pci {
        /// PCI address of the device.
        #[flatten]
        pci: PciParts,
        /// zPCI identifiers of the device on S390.
        zpci: Option<Zpci>,
    },
    /// Drive address: a unit on an IDE, SCSI, SATA or floppy controller.
    Drive {
        /// Index of the disk controller.
        controller: Option<Int<0, 99>>,
        /// Bus of the disk controller.
        bus: Option<Int<0, 99>>,
        /// Target on the bus of the disk controller.
        target: Option<Int<0, 99>>,
        /// Unit of the target on the disk controller.
        unit: Option<Int<0, 99_999>>,
    },
    /// Port of a virtio serial controller.
    VirtioSerial {
        /// Index of the virtio serial controller.
        controller: Int<0, 99>,
        /// Bus of the virtio serial controller.
        bus: Option<Int<0, 99>>,
        /// Port on the bus of the virtio serial controller.
        port: Option<Int<0, 99>>,
    },
    /// Slot of a smart card reader.
    Ccid {
        /// Index of the smart card (CCID) controller.
        controller: Int<0, 99>,
        /// Slot of the smart card reader.
        slot: Option<Int<0, 99>>,
    },
    /// Port on a USB bus.
    Usb {
        /// USB bus of the device: the index of the USB controller.
        bus: Int<0, 999>,
        /// USB port of the device. Ports behind hubs include the ports of the hubs: `1.2`.
        port: Option<UsbPort>,
    },
    /// Register on the virtual I/O bus (sPAPR VIO) of a pSeries guest.
    SpaprVio {
        /// Register of the device on the sPAPR VIO bus.
        reg: Option<Hex<8>>,
    },
    /// Channel (CCW) address in an S390 guest. Specify `cssid`, `ssid` and `devno` together, or none of them.
    Ccw {
        /// Channel subsystem of the device, from 0 to 0xfe.
        cssid: Option<Hex<2, 254>>,
        /// Subchannel set of the device, from 0 to 3.
        ssid: Option<Int<0, 3>>,
        /// Device number in the subchannel set.
        devno: Option<Hex<4>>,
    },
    /// Address on the ISA bus.
    Isa {
        /// First I/O port of the ISA device.
        iobase: Option<Hex<4>>,
        /// Interrupt (IRQ) of the ISA device.
        irq: Option<Hex<1>>,
    },
    /// Memory-mapped virtio device, as on Arm boards.
    VirtioMmio {},
    /// Memory slot of the guest.
    Dimm {
        /// Number of the memory slot.
        slot: u32,
        /// Guest address at which the memory starts.
        base: Option<Hex<16>>,
    },
    /// No address: libvirt tracks the device, but the guest does not receive the device.
    Unassigned {},
}

/// zPCI identifiers of a PCI device on S390.
#[element]
pub struct Zpci {
    /// User-defined identifier of the PCI device on S390, unique within the guest.
    pub uid: Option<Hex<4>>,
    /// Function identifier of the PCI device on S390, unique within the guest.
    pub fid: Option<Hex<8>>,
}

/// Alias of a device, which identifies the device in other tools. User-defined aliases start with `ua-`.
#[element]
pub struct Alias {
    /// Name of the alias.
    pub name: AliasName,
}

/// Position of a device in the firmware's boot order.
#[element(rules)]
pub struct Boot {
    /// Position in the boot order, from 1. Each position can be used once per guest.
    pub order: Int<1, { u32::MAX as u64 }>,
    /// Load parameter that S390 firmware passes to the boot loader: up to 8 letters, digits, dots and blanks.
    pub loadparm: Option<LoadParameter>,
}

impl View<'_, Boot> {
    fn rules(self, report: &mut Report<'_>) {
        if let Some(parameter) = self.loadparm().filter(|it| it.text().is_some_and(|text| text.trim().is_empty())) {
            report.error(parameter.value(), "boot-loadparm-blank", "the load parameter must not be blank");
        }
    }
}

/// ACPI settings of a device in the guest.
#[element]
pub struct Acpi {
    /// ACPI index of the device. Some guests derive the names of network interfaces from this index.
    pub index: Option<Int<1, { u32::MAX as u64 }>>,
    /// Guest NUMA nodes that the PCI device is close to.
    #[since = "11.8"]
    pub nodeset: Option<CpuSet>,
}

/// Option ROM of a PCI device.
#[element]
pub struct Rom {
    /// Whether the PCI device has an option ROM.
    pub enabled: Option<YesNo>,
    /// Whether the option ROM is visible to the guest.
    pub bar: Option<OnOff>,
    /// Path of a file on the host to use as the option ROM.
    pub file: Option<AbsolutePath>,
}

impl View<'_, Address> {
    fn rules(self, report: &mut Report<'_>) {
        choice::together(self.value(), &["cssid", "ssid", "devno"], "address-ccw", report);
    }
}

/// Returns the type of an address. The short form is a PCI address.
pub(crate) fn type_of(address: Value<'_>) -> Option<&str> {
    match address.data() {
        Data::Text(_) => Some("pci"),
        _ => address.attribute("type")?.text(),
    }
}
