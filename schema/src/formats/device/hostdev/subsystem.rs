//! `<hostdev mode="subsystem">`:
//! [USB / PCI / SCSI devices](https://libvirt.org/formatdomain.html#usb-pci-scsi-devices).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::disk::DiskAuth;
use crate::formats::device::interface::InterfaceTeaming;
use crate::formats::patterns::{Token, Uuid};
use crate::formats::storage::adapter::{PciAddress, SourceAdapter};
use crate::formats::storage::patterns::VhostWwpn;
use crate::formats::storage::{Initiator, ScsiSgio, StartupPolicy, VirtioStorageModel, choice};
use nixvirt_schema_derive::{element, values};

/// The bus of the host that a device is on.
#[element("type")]
pub enum HostdevSubsystem {
    /// USB.
    Usb {
        /// Which device it is.
        source: HostdevSourceUsb,
    },
    /// PCI.
    Pci {
        /// Whether QEMU gives the guest's firmware a screen on it, with `display`; for virtual graphics cards.
        ramfb: Option<OnOff>,
        /// Whether the guest's graphics can show its screen; for virtual graphics cards.
        display: Option<OnOff>,
        /// The driver that hands it over.
        driver: Option<HostdevDriver>,
        /// Which device it is.
        source: HostdevSourcePci,
        /// The network card that it makes a pair with.
        teaming: Option<InterfaceTeaming>,
    },
    /// SCSI: one unit of an adapter.
    Scsi {
        /// Which SCSI commands the kernel lets through.
        sgio: Option<ScsiSgio>,
        /// Whether QEMU may send any SCSI command to it.
        rawio: Option<YesNo>,
        /// Which unit it is.
        source: HostdevSourceScsi,
    },
    /// SCSI: a whole adapter that the kernel of the host serves (vhost-scsi).
    #[xml = "scsi_host"]
    ScsiHost {
        /// Which generation of virtio it speaks.
        model: Option<VirtioStorageModel>,
        /// Which adapter it is.
        source: HostdevSourceScsiHost,
    },
    /// None: a part of a device of the host, made by its driver (mediated device).
    Mdev {
        /// What the guest sees it as.
        model: HostdevMdevModel,
        /// Whether QEMU gives the guest's firmware a screen on it, with `display`.
        ramfb: Option<OnOff>,
        /// Whether the guest's graphics can show its screen.
        display: Option<OnOff>,
        /// Which device it is.
        source: HostdevSourceMdev,
    },
}

/// A USB device of the host: by its vendor and product, by its address, or by both.
#[element(rules)]
pub struct HostdevSourceUsb {
    /// What becomes of the guest if the device is not there.
    pub startupPolicy: Option<StartupPolicy>,
    /// Whether the guest can reset the device.
    pub guestReset: Option<HostdevGuestReset>,
    /// Its vendor; `product` goes with it.
    pub vendor: Option<HostdevUsbVendor>,
    /// Its product; `vendor` goes with it.
    pub product: Option<HostdevUsbProduct>,
    /// Its address on the host, which may change when it is plugged in again.
    pub address: Option<HostdevUsbAddress>,
}

/// Whether a guest can reset a device.
#[values]
pub enum HostdevGuestReset {
    /// Never.
    Off,
    /// Only before the host has given it an address.
    Uninitialized,
    /// At any time.
    On,
}

/// The vendor of a USB device.
#[element]
pub struct HostdevUsbVendor {
    /// The id, as lsusb prints it before the colon.
    pub id: Hex<4>,
}

/// The product of a USB device.
#[element]
pub struct HostdevUsbProduct {
    /// The id, as lsusb prints it after the colon.
    pub id: Hex<4>,
}

/// The address of a USB device on the host.
#[element]
pub struct HostdevUsbAddress {
    /// The number of the bus.
    pub bus: Int<0, 999>,
    /// The number of the device on the bus.
    pub device: Int<0, 999>,
}

/// A PCI device of the host.
#[element]
pub struct HostdevSourcePci {
    /// What becomes of the guest if the device is not there.
    pub startupPolicy: Option<StartupPolicy>,
    /// Whether Xen lets the guest change only the harmless parts of the device's configuration.
    pub writeFiltering: Option<YesNo>,
    /// Its address on the host, as lspci prints it.
    pub address: PciAddress,
}

/// The driver that hands a PCI device over.
#[element]
pub struct HostdevDriver {
    /// The way in which it is handed over.
    pub name: Option<HostdevDriverName>,
    /// The module of the kernel; that for the device's kind when absent.
    pub model: Option<Token>,
}

/// A way to hand a PCI device over.
#[values]
pub enum HostdevDriverName {
    /// KVM's own, which it has dropped.
    Kvm,
    /// VFIO of Linux.
    Vfio,
    /// That of Xen.
    Xen,
}

/// One unit of a SCSI adapter.
#[element("protocol", rules)]
pub enum HostdevSourceScsi {
    /// An adapter of the host.
    #[default]
    Adapter {
        /// The adapter.
        adapter: SourceAdapter,
        /// The unit.
        address: HostdevScsiAddress,
    },
    /// An iSCSI target, which QEMU itself reaches.
    Iscsi {
        /// The qualified name of the target, a slash, and the number of the unit.
        name: String,
        /// The servers; at least one.
        host: Vec<HostdevIscsiHost>,
        /// As whom the host logs in.
        auth: Option<DiskAuth>,
        /// As which initiator the host logs in.
        initiator: Option<Initiator>,
    },
}

/// A unit on a SCSI adapter of the host.
#[element]
pub struct HostdevScsiAddress {
    /// The number of the bus.
    pub bus: Int<0, 99>,
    /// The number of the target on the bus.
    pub target: Int<0, 9_999_999_999>,
    /// The number of the unit at the target.
    pub unit: u64,
}

/// A server of an iSCSI target.
#[element]
pub struct HostdevIscsiHost {
    /// Its name or address.
    pub name: String,
    /// Its port; 3260 when absent.
    pub port: Option<Int<-1, 65_535>>,
}

/// A SCSI adapter that the kernel of the host serves.
#[element]
pub struct HostdevSourceScsiHost {
    /// How it is spoken to.
    pub protocol: HostdevScsiHostProtocol,
    /// Its world wide port name: naa. and 16 hexadecimal digits.
    pub wwpn: VhostWwpn,
}

/// How a SCSI adapter is spoken to that the kernel of the host serves.
#[values]
pub enum HostdevScsiHostProtocol {
    /// By vhost.
    Vhost,
}

/// What a guest sees a mediated device as.
#[values]
pub enum HostdevMdevModel {
    /// A PCI device.
    VfioPci,
    /// A channel of S390.
    VfioCcw,
    /// A cryptographic processor of S390.
    VfioAp,
}

/// A mediated device of the host.
#[element]
pub struct HostdevSourceMdev {
    /// Its address on the host.
    pub address: HostdevMdevAddress,
}

/// The address of a mediated device on the host.
#[element]
pub struct HostdevMdevAddress {
    /// The id under which it was made.
    pub uuid: Uuid,
}

impl View<'_, HostdevSourceUsb> {
    fn rules(self, report: &mut Report<'_>) {
        const CODE: &str = "hostdev-usb-vendor-or-address";
        choice::together(self.value(), &["vendor", "product"], CODE, report);
        if self.vendor().is_none() && self.product().is_none() && self.address().is_none() {
            report.error(self.value(), CODE, "needs vendor and product, or address");
        }
    }
}

impl View<'_, HostdevSourceScsi> {
    fn rules(self, report: &mut Report<'_>) {
        if self.protocol().and_then(Read::text).is_some_and(|it| it == "iscsi") {
            choice::some(self.value(), "host", "at least one server", report);
        }
    }
}
