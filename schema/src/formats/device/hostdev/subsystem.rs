//! `<hostdev mode="subsystem">`:
//! [USB / PCI / SCSI devices](https://libvirt.org/formatdomain.html#usb-pci-scsi-devices).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::disk::DiskAuth;
use crate::formats::device::interface::InterfaceTeaming;
use crate::formats::patterns::{Token, UsbPort, Uuid};
use crate::formats::storage::adapter::{PciAddress, SourceAdapter};
use crate::formats::storage::patterns::VhostWwpn;
use crate::formats::storage::{Initiator, ScsiSgio, StartupPolicy, VirtioStorageModel, choice};
use nixvirt_schema_derive::{element, values};

/// Bus type and source of a host device.
#[element("type")]
pub enum HostdevSubsystem {
    /// USB device.
    Usb {
        /// USB device of the host.
        source: HostdevSourceUsb,
    },
    /// PCI device.
    Pci {
        /// Whether the device has a boot framebuffer for the guest's firmware. Requires `display`. For virtual GPUs.
        ramfb: Option<OnOff>,
        /// Whether the guest's graphics can show the screen of the device. For virtual GPUs.
        display: Option<OnOff>,
        /// Host driver used to pass the PCI device to the guest.
        driver: Option<HostdevDriver>,
        /// PCI device of the host.
        source: HostdevSourcePci,
        /// Pairing of the device with a virtio network interface, for migration.
        teaming: Option<InterfaceTeaming>,
    },
    /// SCSI logical unit of an adapter.
    Scsi {
        /// Filtering of SCSI commands by the host kernel.
        sgio: Option<ScsiSgio>,
        /// Whether QEMU may send any SCSI command to the device.
        rawio: Option<YesNo>,
        /// SCSI logical unit.
        source: HostdevSourceScsi,
    },
    /// SCSI adapter provided by the host kernel (vhost-scsi).
    #[xml = "scsi_host"]
    ScsiHost {
        /// Virtio generation of the SCSI adapter.
        model: Option<VirtioStorageModel>,
        /// SCSI adapter of the host kernel.
        source: HostdevSourceScsiHost,
    },
    /// Mediated device: a part of a host device, created by its driver.
    Mdev {
        /// Device type of the mediated device in the guest.
        model: HostdevMdevModel,
        /// Whether the device has a boot framebuffer for the guest's firmware. Requires `display`.
        ramfb: Option<OnOff>,
        /// Whether the guest's graphics can show the screen of the device.
        display: Option<OnOff>,
        /// Mediated device of the host.
        source: HostdevSourceMdev,
    },
}

/// USB device of the host, identified by vendor and product, by address, or by both.
#[element(rules)]
pub struct HostdevSourceUsb {
    /// Handling of a missing device when the guest starts.
    pub startupPolicy: Option<StartupPolicy>,
    /// Whether the guest can reset the USB device.
    pub guestReset: Option<HostdevGuestReset>,
    /// Vendor of the USB device. Requires `product`.
    pub vendor: Option<HostdevUsbVendor>,
    /// Product of the USB device. Requires `vendor`.
    pub product: Option<HostdevUsbProduct>,
    /// Address of the USB device on the host. The address may change when the device is plugged in again.
    pub address: Option<HostdevUsbAddress>,
}

/// Whether a guest can reset a USB device.
#[values]
pub enum HostdevGuestReset {
    /// Never allow a reset.
    Off,
    /// Allow a reset only before the host has assigned an address to the device.
    Uninitialized,
    /// Always allow a reset.
    On,
}

/// Vendor of a USB device.
#[element]
pub struct HostdevUsbVendor {
    /// Vendor ID of the USB device, as printed by `lsusb` before the colon.
    pub id: Hex<4>,
}

/// Product of a USB device.
#[element]
pub struct HostdevUsbProduct {
    /// Product ID of the USB device, as printed by `lsusb` after the colon.
    pub id: Hex<4>,
}

/// Address of a USB device on the host.
#[element(rules)]
pub struct HostdevUsbAddress {
    /// USB bus number on the host.
    pub bus: Int<0, 999>,
    /// Device number on the USB bus. The number changes whenever the device is plugged in.
    #[optional_since = "12.0"]
    pub device: Option<Int<0, 999>>,
    /// Port that the device is plugged into. Ports behind hubs include the ports of the hubs: `1.2`.
    #[since = "12.0"]
    pub port: Option<UsbPort>,
}

/// PCI device of the host.
#[element]
pub struct HostdevSourcePci {
    /// Handling of a missing device when the guest starts.
    pub startupPolicy: Option<StartupPolicy>,
    /// Whether Xen restricts the guest's writes to the PCI configuration space to harmless registers.
    pub writeFiltering: Option<YesNo>,
    /// PCI address of the device on the host, as printed by `lspci`.
    pub address: PciAddress,
}

/// Host driver used to pass a PCI device to the guest.
#[element]
pub struct HostdevDriver {
    /// Name of the passthrough driver.
    pub name: Option<HostdevDriverName>,
    /// Kernel module to bind the device to. Defaults to the module for the type of the device.
    #[since = "10.0"]
    pub model: Option<Token>,
    /// Whether the device is accessed through IOMMUFD. Defaults to the domain's `iommufd`.
    #[since = "12.1"]
    pub iommufd: Option<YesNo>,
}

/// Passthrough driver for PCI devices.
#[values]
pub enum HostdevDriverName {
    /// Legacy KVM device assignment, removed from current kernels.
    Kvm,
    /// Linux VFIO.
    Vfio,
    /// Xen PCI passthrough.
    Xen,
}

/// SCSI logical unit: on a host adapter or an iSCSI target.
#[element("protocol", rules)]
pub enum HostdevSourceScsi {
    /// SCSI logical unit on an adapter of the host.
    #[default]
    Adapter {
        /// SCSI adapter of the host.
        adapter: SourceAdapter,
        /// Address of the logical unit on the adapter.
        address: HostdevScsiAddress,
    },
    /// Logical unit on an iSCSI target, which QEMU accesses directly.
    Iscsi {
        /// Qualified name of the iSCSI target, followed by a slash and the logical unit number.
        name: String,
        /// Servers of the iSCSI target, at least one.
        host: Vec<HostdevIscsiHost>,
        /// Credentials for the iSCSI target.
        auth: Option<DiskAuth>,
        /// Initiator name the host uses to log in to the iSCSI target.
        initiator: Option<Initiator>,
    },
}

/// Address of a logical unit on a SCSI adapter of the host.
#[element]
pub struct HostdevScsiAddress {
    /// SCSI bus number on the adapter.
    pub bus: Int<0, 99>,
    /// SCSI target number on the bus.
    pub target: u32,
    /// Logical unit number on the target.
    pub unit: u64,
}

/// Server of an iSCSI target.
#[element]
pub struct HostdevIscsiHost {
    /// Host name or IP address of the iSCSI server.
    pub name: String,
    /// TCP port of the iSCSI server. Defaults to 3260.
    pub port: Option<Int<-1, 65_535>>,
}

/// SCSI adapter provided by the host kernel.
#[element]
pub struct HostdevSourceScsiHost {
    /// Protocol of the SCSI adapter.
    pub protocol: HostdevScsiHostProtocol,
    /// World wide port name of the SCSI adapter: `naa.` and 16 hexadecimal digits.
    pub wwpn: VhostWwpn,
}

/// Protocol of a SCSI adapter provided by the host kernel.
#[values]
pub enum HostdevScsiHostProtocol {
    /// Protocol of vhost, the kernel's virtio backend.
    Vhost,
}

/// Device type of a mediated device in the guest.
#[values]
pub enum HostdevMdevModel {
    /// PCI device.
    VfioPci,
    /// S390 channel device (CCW).
    VfioCcw,
    /// S390 cryptographic adapter (AP).
    VfioAp,
}

/// Mediated device of the host.
#[element]
pub struct HostdevSourceMdev {
    /// Address of the mediated device on the host.
    pub address: HostdevMdevAddress,
}

/// Address of a mediated device on the host.
#[element]
pub struct HostdevMdevAddress {
    /// UUID of the mediated device, chosen at its creation.
    pub uuid: Uuid,
}

impl View<'_, HostdevSourceUsb> {
    fn rules(self, report: &mut Report<'_>) {
        const CODE: &str = "hostdev-usb-vendor-or-address";
        choice::together(self.value(), &["vendor", "product"], CODE, report);
        if self.vendor().is_none() && self.product().is_none() && self.address().is_none() {
            report.error(self.value(), CODE, "a USB device requires `vendor` and `product`, or `address`");
        }
    }
}

impl View<'_, HostdevUsbAddress> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["device", "port"], "usb-device-or-port", report);
    }
}

impl View<'_, HostdevSourceScsi> {
    fn rules(self, report: &mut Report<'_>) {
        if self.protocol().and_then(Read::text).is_some_and(|it| it == "iscsi") {
            choice::some(self.value(), "host", "expected at least one server", report);
        }
    }
}
