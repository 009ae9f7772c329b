//! `<controller>`: [Controllers](https://libvirt.org/formatdomain.html#controllers).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, OnOff};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::disk::driver::DriverIoThreads;
use crate::formats::patterns::UsbPort;
use crate::formats::size::Size;
use crate::formats::storage::{VirtioStorageModel, choice};
use nixvirt_schema_derive::{element, values};

/// A controller to which other devices are attached. libvirt adds those that are needed.
#[element(rules)]
pub struct Controller {
    /// Its number among the controllers of its type, from 0.
    pub index: Option<u32>,
    /// What is attached to it.
    #[form]
    pub bus: ControllerType,
    /// How the hypervisor serves it.
    pub driver: Option<ControllerDriver>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// What is attached to a controller.
#[element("type")]
pub enum ControllerType {
    /// Floppy drives.
    Fdc {},
    /// SATA disks.
    Sata {},
    /// Smart card readers.
    Ccid {},
    /// SCSI disks.
    Scsi {
        /// What the guest sees it as.
        model: Option<ControllerScsiModel>,
    },
    /// USB devices.
    Usb {
        /// What the guest sees it as.
        model: Option<ControllerUsbModel>,
        /// How many devices can be attached.
        ports: Option<u32>,
        /// The controller whose companion it is.
        master: Option<ControllerMaster>,
    },
    /// IDE disks.
    Ide {
        /// What the guest sees it as.
        model: Option<ControllerIdeModel>,
    },
    /// ISA devices.
    Isa {},
    /// PCI devices.
    Pci {
        /// What kind of controller it is. A list of this and a set gives the device that implements it too.
        #[name = "model"]
        pci_model: ControllerPciModel,
        /// The device that implements it; libvirt chooses one.
        #[name = "model"]
        model_element: Option<ControllerPciDevice>,
        /// Its numbers and how it behaves.
        target: Option<ControllerTarget>,
        /// The size of the window for 64-bit addresses; only for the roots. In KiB where no unit is given.
        pcihole64: Option<Size>,
    },
    /// Virtio consoles and channels.
    VirtioSerial {
        /// Which generation of virtio it speaks.
        model: Option<VirtioStorageModel>,
        /// How many devices can be attached.
        ports: Option<u32>,
        /// How many interrupts it has; 0 does without MSI.
        vectors: Option<u32>,
    },
    /// Devices of Xen.
    Xenbus {
        /// How many pages of memory the guest may share with other domains.
        maxGrantFrames: Option<u32>,
        /// How many event channels the guest may have.
        maxEventChannels: Option<u32>,
    },
}

/// A controller of SCSI disks.
#[values]
pub enum ControllerScsiModel {
    /// As libvirt sees fit.
    Auto,
    /// BusLogic; for VMware.
    Buslogic,
    /// LSI 53C895A.
    Lsilogic,
    /// LSI SAS 1068.
    Lsisas1068,
    /// VMware's paravirtual one.
    Vmpvscsi,
    /// IBM's virtual one, for pSeries guests.
    Ibmvscsi,
    /// Virtio: the fastest, if the guest knows it.
    VirtioScsi,
    /// LSI SAS 1078.
    Lsisas1078,
    /// Virtio, old and new.
    VirtioTransitional,
    /// Virtio, 1.0 and later.
    VirtioNonTransitional,
    /// NCR 53C90.
    Ncr53c90,
    /// Tekram DC390.
    Dc390,
    /// AMD Am53C974.
    Am53c974,
}

/// A controller of USB devices.
#[values]
pub enum ControllerUsbModel {
    /// USB 1 of PIIX3.
    Piix3Uhci,
    /// USB 1 of PIIX4.
    Piix4Uhci,
    /// USB 2.
    Ehci,
    /// USB 2 of ICH9.
    Ich9Ehci1,
    /// USB 1 of ICH9, the first companion.
    Ich9Uhci1,
    /// USB 1 of ICH9, the second companion.
    Ich9Uhci2,
    /// USB 1 of ICH9, the third companion.
    Ich9Uhci3,
    /// USB 1 of VIA.
    #[xml = "vt82c686b-uhci"]
    Vt82c686bUhci,
    /// USB 1 on PCI.
    PciOhci,
    /// USB 3 of NEC.
    NecXhci,
    /// No USB at all.
    None,
    /// USB 1.1 of Xen.
    Qusb1,
    /// USB 2 of Xen.
    Qusb2,
    /// USB 3 of QEMU: the best, if the guest knows it.
    QemuXhci,
}

/// The controller whose companion a USB controller is.
#[element]
pub struct ControllerMaster {
    /// The first of that controller's ports that this one serves.
    pub startport: UsbPort,
}

/// A controller of IDE disks.
#[values]
pub enum ControllerIdeModel {
    /// That of PIIX3.
    Piix3,
    /// That of PIIX4.
    Piix4,
    /// That of ICH6.
    Ich6,
}

/// A kind of PCI controller.
#[values]
pub enum ControllerPciModel {
    /// The root of conventional PCI, at index 0; one for each NUMA node on pSeries.
    PciRoot,
    /// The root of PCI Express, at index 0.
    PcieRoot,
    /// A bridge from PCI to more of PCI.
    PciBridge,
    /// A bridge from the root of PCI Express to PCI, as Intel's chip sets have it.
    DmiToPciBridge,
    /// A bridge from PCI Express to PCI.
    PcieToPciBridge,
    /// A port of the root of PCI Express, to which one device can be attached while the guest runs.
    PcieRootPort,
    /// The upper end of a switch.
    PcieSwitchUpstreamPort,
    /// A port at the lower end of a switch.
    PcieSwitchDownstreamPort,
    /// A further root of PCI, which may belong to a NUMA node.
    PciExpanderBus,
    /// A further root of PCI Express, which may belong to a NUMA node.
    PcieExpanderBus,
}

/// The device that implements a PCI controller.
#[element]
pub struct ControllerPciDevice {
    /// The name that QEMU gives it.
    pub name: ControllerPciDeviceName,
}

/// A device of QEMU that implements a PCI controller.
#[values]
pub enum ControllerPciDeviceName {
    /// A `pci-root` of pSeries guests.
    SpaprPciHostBridge,
    /// A `pci-bridge`.
    PciBridge,
    /// A `dmi-to-pci-bridge`.
    #[xml = "i82801b11-bridge"]
    I82801b11Bridge,
    /// A `pcie-to-pci-bridge`.
    PciePciBridge,
    /// A `pcie-root-port` of Intel.
    Ioh3420,
    /// A `pcie-root-port` of QEMU's own.
    PcieRootPort,
    /// A `pcie-switch-upstream-port`.
    X3130Upstream,
    /// A `pcie-switch-downstream-port`.
    Xio3130Downstream,
    /// A `pci-expander-bus`.
    Pxb,
    /// A `pcie-expander-bus`.
    PxbPcie,
}

/// The numbers of a PCI controller, and how it behaves.
#[element]
pub struct ControllerTarget {
    /// The number of a `pci-bridge`, unique in the guest.
    pub chassisNr: Option<u8>,
    /// The number of a port's chassis, unique in the guest.
    pub chassis: Option<u8>,
    /// The number of a port in its chassis.
    pub port: Option<Hex<2>>,
    /// The number of the bus of an expander bus.
    pub busNr: Option<u8>,
    /// The number of a root of a pSeries guest.
    pub index: Option<u8>,
    /// Whether devices can be attached and detached while the guest runs; on by default.
    pub hotplug: Option<OnOff>,
    /// How much memory is kept free for devices attached later.
    pub memReserve: Option<u64>,
    /// The NUMA node of the guest to which it belongs.
    #[child]
    pub node: Option<u32>,
}

/// How the hypervisor serves a controller.
#[element]
pub struct ControllerDriver {
    /// How many queues it has; as many as there are virtual CPUs is best.
    pub queues: Option<u32>,
    /// How many commands a disk may have waiting.
    pub cmd_per_lun: Option<u32>,
    /// How many sectors of 512 bytes a command may move.
    pub max_sectors: Option<u32>,
    /// Whether the guest's requests are handled beside the virtual CPU that made them.
    pub ioeventfd: Option<OnOff>,
    /// The number of the I/O thread that serves it, from 1.
    pub iothread: Option<u32>,
    /// Whether it goes through the guest's IOMMU.
    pub iommu: Option<OnOff>,
    /// Whether it may keep translated addresses (ATS).
    pub ats: Option<OnOff>,
    /// Whether it uses packed queues.
    pub packed: Option<OnOff>,
    /// Whether each queue has a page of its own to be told of work.
    pub page_per_vq: Option<OnOff>,
    /// The I/O threads that serve its queues.
    pub iothreads: Option<DriverIoThreads>,
}

impl View<'_, Controller> {
    fn rules(self, report: &mut Report<'_>) {
        let model = self.bus().pci_model().and_then(View::get);
        let is_root = matches!(model, None | Some(ControllerPciModel::PciRoot | ControllerPciModel::PcieRoot));
        if !is_root {
            let why = "unless model is \"pci-root\" or \"pcie-root\"";
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
        let spec = r#"{ "type": "kvm", "name": "vm", "devices": { "controller": [
            { "type": "pci", "index": 1, "model": ["pcie-root-port", { "name": "ioh3420" }], "target": { "port": 16 } },
            { "type": "pci", "model": { "name": "pcie-root-port" } },
            { "type": "pci", "model": ["pcie-root", { "name": "pxb" }, { "name": "pxb" }] },
            { "type": "pci", "model": ["pcie-root-port"], "pcihole64": "1 GiB" }
        ] } }"#;
        let spec = json::parse(spec).expect("it is JSON");
        let rendered = render::render(Kind::Domain, &spec);
        let problems: Vec<_> = rendered.report.findings().locate(|_| None).iter().map(ToString::to_string).collect();
        expect![[r#"
            devices.controller[1].model: is required: a controller pci model (pci-root, pcie-root, pci-bridge, dmi-to-pci-bridge, pcie-to-pci-bridge, pcie-root-port, pcie-switch-upstream-port, pcie-switch-downstream-port, pci-expander-bus, pcie-expander-bus)
            devices.controller[2].model[2]: is there twice
            devices.controller[3].pcihole64: cannot be given unless model is "pci-root" or "pcie-root"
        "#]]
        .assert_eq(&(problems.join("\n") + "\n"));
        assert!(rendered.xml.contains("index='1' model='pcie-root-port'>\n      <model name='ioh3420'/>"));
    }
}
