//! `<controller>`: [Controllers](https://libvirt.org/formatdomain.html#controllers).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::disk::driver::DriverIoThreads;
use crate::formats::patterns::UsbPort;
use crate::formats::size::Size;
use crate::formats::storage::patterns::DiskSerial;
use crate::formats::storage::{VirtioStorageModel, choice};
use nixvirt_schema_derive::{element, values};

/// Controller that other devices attach to. libvirt adds the controllers that the guest needs.
#[element(rules)]
pub struct Controller {
    /// Index of the controller among the controllers of the same type, from 0.
    // At the largest index, libvirtd ends.
    pub index: Option<Int<0, { i32::MAX as u64 - 1 }>>,
    /// Type of the controller.
    #[form]
    pub bus: ControllerType,
    /// Driver settings of the controller.
    pub driver: Option<ControllerDriver>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Type of a controller.
#[element("type")]
pub enum ControllerType {
    /// Floppy controller.
    Fdc {},
    /// SATA controller.
    Sata {},
    /// Smart card (CCID) controller.
    Ccid {},
    /// SCSI controller.
    Scsi {
        /// Model of the SCSI controller.
        model: Option<ControllerScsiModel>,
    },
    /// USB controller.
    Usb {
        /// Model of the USB controller.
        model: Option<ControllerUsbModel>,
        /// Number of devices that can be attached to the USB controller.
        ports: Option<Int<0, { i32::MAX as u64 }>>,
        /// Master controller, for a USB controller that is a companion.
        master: Option<ControllerMaster>,
    },
    /// IDE controller.
    Ide {
        /// Model of the IDE controller.
        model: Option<ControllerIdeModel>,
    },
    /// ISA controller.
    Isa {},
    /// PCI controller.
    Pci {
        /// Kind of PCI controller. To also choose the device that implements the controller, write a list of the kind
        /// and a set.
        #[name = "model"]
        pci_model: ControllerPciModel,
        /// Device that implements the PCI controller. libvirt chooses one if omitted.
        #[name = "model"]
        model_element: Option<ControllerPciDevice>,
        /// Numbering and behavior of the PCI controller.
        target: Option<ControllerTarget>,
        /// Size of the window for 64-bit PCI addresses, for root controllers only. The unit defaults to KiB.
        pcihole64: Option<Size>,
    },
    /// Virtio serial controller, for virtio consoles and channels.
    VirtioSerial {
        /// Virtio generation of the controller.
        model: Option<VirtioStorageModel>,
        /// Number of devices that can be attached to the virtio serial controller.
        ports: Option<Int<0, { i32::MAX as u64 }>>,
        /// Number of interrupt vectors of the virtio serial controller. 0 disables MSI.
        vectors: Option<Int<0, { i32::MAX as u64 }>>,
    },
    /// XenBus controller, for Xen devices.
    Xenbus {
        /// Maximum number of memory pages that the guest may share with other Xen domains.
        maxGrantFrames: Option<Int<0, { i32::MAX as u64 }>>,
        /// Maximum number of Xen event channels of the guest.
        maxEventChannels: Option<Int<0, { i32::MAX as u64 }>>,
    },
    /// NVMe controller.
    #[since = "11.5"]
    Nvme {
        /// Serial number of the controller in the guest.
        #[since = "12.7"]
        #[child]
        serial: Option<DiskSerial>,
    },
}

/// Model of a SCSI controller.
#[values]
pub enum ControllerScsiModel {
    /// Model chosen by libvirt.
    Auto,
    /// BusLogic controller, for VMware.
    Buslogic,
    /// LSI 53C895A controller.
    Lsilogic,
    /// LSI SAS 1068 controller.
    Lsisas1068,
    /// VMware paravirtual SCSI controller.
    Vmpvscsi,
    /// IBM virtual SCSI controller, for pSeries guests.
    Ibmvscsi,
    /// Virtio SCSI controller. The fastest model, if the guest has a driver.
    VirtioScsi,
    /// LSI SAS 1078 controller.
    Lsisas1078,
    /// Virtio SCSI controller for legacy and modern virtio drivers.
    VirtioTransitional,
    /// Virtio SCSI controller for virtio 1.0 and later only.
    VirtioNonTransitional,
    /// NCR 53C90 controller.
    Ncr53c90,
    /// Tekram DC390 controller.
    Dc390,
    /// AMD Am53C974 controller.
    Am53c974,
}

/// Model of a USB controller.
#[values]
pub enum ControllerUsbModel {
    /// USB 1 controller (UHCI) of the PIIX3 chipset.
    Piix3Uhci,
    /// USB 1 controller (UHCI) of the PIIX4 chipset.
    Piix4Uhci,
    /// USB 2 controller (EHCI).
    Ehci,
    /// USB 2 controller (EHCI) of the ICH9 chipset.
    Ich9Ehci1,
    /// USB 1 controller (UHCI) of the ICH9 chipset, first companion.
    Ich9Uhci1,
    /// USB 1 controller (UHCI) of the ICH9 chipset, second companion.
    Ich9Uhci2,
    /// USB 1 controller (UHCI) of the ICH9 chipset, third companion.
    Ich9Uhci3,
    /// USB 1 controller (UHCI) of the VIA VT82C686B chipset.
    #[xml = "vt82c686b-uhci"]
    Vt82c686bUhci,
    /// USB 1 controller (OHCI) on PCI.
    PciOhci,
    /// NEC USB 3 controller (xHCI).
    NecXhci,
    /// No USB controller: the guest has no USB.
    None,
    /// Xen USB 1.1 controller.
    Qusb1,
    /// Xen USB 2 controller.
    Qusb2,
    /// QEMU USB 3 controller (xHCI). The best model, if the guest has a driver.
    QemuXhci,
}

/// Master controller of a companion USB controller.
#[element]
pub struct ControllerMaster {
    /// First port of the master controller that the companion controller serves.
    pub startport: UsbPort,
}

/// Model of an IDE controller.
#[values]
pub enum ControllerIdeModel {
    /// IDE controller of the PIIX3 chipset.
    Piix3,
    /// IDE controller of the PIIX4 chipset.
    Piix4,
    /// IDE controller of the ICH6 chipset.
    Ich6,
}

/// Kind of a PCI controller.
#[values]
pub enum ControllerPciModel {
    /// Root of conventional PCI, at index 0. pSeries guests can have one root per NUMA node.
    PciRoot,
    /// Root of PCI Express, at index 0.
    PcieRoot,
    /// Bridge from PCI to another PCI bus.
    PciBridge,
    /// Bridge from the PCI Express root to PCI, as in Intel chipsets.
    DmiToPciBridge,
    /// Bridge from PCI Express to PCI.
    PcieToPciBridge,
    /// Port of the PCI Express root. One device can be attached to the port while the guest runs.
    PcieRootPort,
    /// Upstream port of a PCI Express switch.
    PcieSwitchUpstreamPort,
    /// Downstream port of a PCI Express switch.
    PcieSwitchDownstreamPort,
    /// Additional PCI root bus. Can belong to a guest NUMA node.
    PciExpanderBus,
    /// Additional PCI Express root bus. Can belong to a guest NUMA node.
    PcieExpanderBus,
}

/// Device that implements a PCI controller.
#[element]
pub struct ControllerPciDevice {
    /// QEMU's name of the device that implements the PCI controller.
    pub name: ControllerPciDeviceName,
}

/// QEMU device that implements a PCI controller.
#[values]
pub enum ControllerPciDeviceName {
    /// Host bridge of pSeries guests, for `pci-root`.
    SpaprPciHostBridge,
    /// QEMU PCI bridge, for `pci-bridge`.
    PciBridge,
    /// Intel 82801 bridge, for `dmi-to-pci-bridge`.
    #[xml = "i82801b11-bridge"]
    I82801b11Bridge,
    /// QEMU PCI Express bridge, for `pcie-to-pci-bridge`.
    PciePciBridge,
    /// Intel root port, for `pcie-root-port`.
    Ioh3420,
    /// QEMU generic root port, for `pcie-root-port`.
    PcieRootPort,
    /// Upstream switch port, for `pcie-switch-upstream-port`.
    X3130Upstream,
    /// Downstream switch port, for `pcie-switch-downstream-port`.
    Xio3130Downstream,
    /// QEMU expander bridge, for `pci-expander-bus`.
    Pxb,
    /// QEMU PCI Express expander bridge, for `pcie-expander-bus`.
    PxbPcie,
}

/// Numbering and behavior of a PCI controller.
#[element]
pub struct ControllerTarget {
    /// Chassis number of a `pci-bridge`, unique within the guest.
    pub chassisNr: Option<u8>,
    /// Chassis number of a PCI Express port, unique within the guest.
    pub chassis: Option<u8>,
    /// Port number within the chassis.
    pub port: Option<Hex<2>>,
    /// Bus number of an expander bus.
    pub busNr: Option<u8>,
    /// Index of a PCI root in a pSeries guest.
    pub index: Option<u8>,
    /// Whether devices can be attached and detached while the guest runs. Defaults to `true`.
    pub hotplug: Option<OnOff>,
    /// Amount of memory to reserve for devices that are attached later, in KiB.
    #[since = "10.3"]
    pub memReserve: Option<u64>,
    /// Guest NUMA node of the PCI controller.
    #[child]
    pub node: Option<u32>,
}

/// Driver settings of a controller.
#[element]
pub struct ControllerDriver {
    /// Number of queues of the controller. For best performance, use the number of vCPUs.
    pub queues: Option<u32>,
    /// Maximum number of queued commands per disk.
    pub cmd_per_lun: Option<u32>,
    /// Maximum number of 512-byte sectors that one command can transfer.
    pub max_sectors: Option<u32>,
    /// Whether I/O requests are handled asynchronously, outside the requesting vCPU thread.
    pub ioeventfd: Option<OnOff>,
    /// Number of the I/O thread that serves the device, from 1.
    pub iothread: Option<u32>,
    /// Whether the device uses the guest's IOMMU.
    pub iommu: Option<OnOff>,
    /// Whether the device may cache translated addresses (ATS).
    pub ats: Option<OnOff>,
    /// Whether the device uses packed virtqueues.
    pub packed: Option<OnOff>,
    /// Whether each virtqueue has a separate notification page.
    pub page_per_vq: Option<OnOff>,
    /// I/O threads that serve the device's queues.
    #[since = "11.2"]
    pub iothreads: Option<DriverIoThreads>,
}

impl View<'_, Controller> {
    fn rules(self, report: &mut Report<'_>) {
        let model = self.bus().pci_model().and_then(View::get);
        let is_root = matches!(model, None | Some(ControllerPciModel::PciRoot | ControllerPciModel::PcieRoot));
        if !is_root {
            let why = "unless `model` is \"pci-root\" or \"pcie-root\"";
            choice::none(self.value(), &["pcihole64"], "controller-pcihole64-root", why, report);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{json, render};
    use crate::kind::Kind;
    use expect_test::expect;

    #[test]
    fn a_list_holds_an_attribute_and_the_element_of_the_same_name() {
        let spec = r#"{ "type": "kvm", "name": "vm", "memory": "64 MiB", "os": { "type": "hvm" }, "devices": { "controller": [
            { "type": "pci", "index": 1, "model": ["pcie-root-port", { "name": "ioh3420" }], "target": { "port": 16 } },
            { "type": "pci", "model": { "name": "pcie-root-port" } },
            { "type": "pci", "model": ["pcie-root", { "name": "pxb" }, { "name": "pxb" }] },
            { "type": "pci", "model": ["pcie-root-port"], "pcihole64": "1 GiB" }
        ] } }"#;
        let spec = json::parse(spec).expect("it is JSON");
        let rendered = render::render(Kind::Domain, &spec);
        let problems: Vec<_> = rendered.report.findings().locate(|_| None).iter().map(ToString::to_string).collect();
        expect![[r#"
            error[missing]: devices.controller[1].model: missing required attribute "model": expected pci-root, pcie-root, pci-bridge, dmi-to-pci-bridge, pcie-to-pci-bridge, pcie-root-port, pcie-switch-upstream-port, pcie-switch-downstream-port, pci-expander-bus or pcie-expander-bus
            error[said-twice]: devices.controller[2].model[2]: attribute "model" is given twice
            error[controller-pcihole64-root]: devices.controller[3].pcihole64: `pcihole64` cannot be set unless `model` is "pci-root" or "pcie-root"
            error[controller-pci-model-name]: devices.controller[2].model[1].name: the device `name` does not fit the `model`: omit it, and libvirt chooses the right one
        "#]]
        .assert_eq(&(problems.join("\n") + "\n"));
        assert!(rendered.xml.contains("index='1' model='pcie-root-port'>\n      <model name='ioh3420'/>"));
    }
}
