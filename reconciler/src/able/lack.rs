//! What a guest needs and its host lacks. The report turns these facts into English.

use super::parts::Path;
use crate::doctor::host::UsbDevice;
use crate::error::ErrorMessage;
use crate::object::Id;
use nixvirt_schema::engine::render::release;
use schemars::JsonSchema;
use serde::Serialize;

/// Something that a guest or a new volume needs and that is not there: libvirt would refuse to define the domain, to start the guest or to
/// plug the device, or the volume would have no content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Lack {
    /// The path of the field that needs it: `devices.disk[vda].target.bus`. For what is newer than libvirt, devices are numbered: `devices.disk[0].target.bus`.
    pub path: String,
    /// The names on the way to the field, each with its number among those of its name.
    #[serde(skip)]
    pub steps: Vec<(String, usize)>,
    /// What is missing.
    #[serde(flatten)]
    pub missing: Missing,
}

/// What a host lacks, and what it has instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "code", rename_all_fields = "camelCase")]
pub enum Missing {
    /// The value of the field is not supported by the host.
    #[serde(rename = "host-value")]
    Value {
        /// The value.
        value: String,
        /// The values that the host supports.
        supported: Vec<String>,
        /// Remedy that makes the host support the value; null if that is not known.
        remedy: Option<Remedy>,
    },
    /// The host does not support the part at all.
    #[serde(rename = "host-part")]
    Part {
        /// Remedy that makes the host support the part; null if that is not known.
        remedy: Option<Remedy>,
    },
    /// The number of the field is larger than the host supports.
    #[serde(rename = "host-limit")]
    Limit {
        /// The number.
        value: u64,
        /// The largest number that the host supports.
        most: u64,
    },
    /// The processor of the host lacks features of the CPU model.
    #[serde(rename = "host-cpu-model")]
    CpuModel {
        /// The model.
        value: String,
        /// The features that the host lacks. Empty if libvirt does not say.
        features: Vec<String>,
        /// The models that the host can run.
        supported: Vec<String>,
    },
    /// libvirt reports no capabilities for guests of this type and architecture.
    #[serde(rename = "host-emulator")]
    Emulator {
        /// Error of libvirt.
        error: ErrorMessage,
    },
    /// The object neither exists nor is declared.
    #[serde(rename = "host-object")]
    Object {
        /// The object.
        object: Id,
    },
    /// The object does not run when the guest starts.
    #[serde(rename = "host-object-off")]
    ObjectOff {
        /// The object.
        object: Id,
    },
    /// The host has no such network interface.
    #[serde(rename = "host-interface")]
    Interface {
        /// The name of the interface.
        name: String,
    },
    /// The file, folder or device does not exist.
    #[serde(rename = "host-file")]
    File {
        /// The path on the host.
        file: String,
    },
    /// The host uses another device of the IOMMU group.
    #[serde(rename = "host-iommu-group")]
    IommuGroup {
        /// The address of the PCI device.
        device: String,
        /// The addresses of the devices of its group that the host uses.
        others: Vec<String>,
    },
    /// The USB device is not plugged in.
    #[serde(rename = "host-usb-device")]
    UsbDevice {
        /// The IDs of vendor and product, such as `046d:c52b`.
        id: String,
        /// The devices of the same vendor that are plugged in.
        likely: Vec<UsbDevice>,
    },
    /// The host has too few huge pages: of all of them, or of the free ones if the guest starts.
    #[serde(rename = "host-huge-pages")]
    HugePages {
        /// The size of a page in bytes.
        size: u64,
        /// The number of pages that the memory of the guest takes.
        needed: u64,
        /// The number of pages that the host has.
        available: u64,
    },
    /// The libvirt of the connection is older than the field or its value.
    #[serde(rename = "newer-libvirt")]
    Newer {
        /// Description: what is newer, and the two releases of libvirt.
        message: String,
    },
    /// The running guest has too few free PCI slots for the devices that are attached.
    #[serde(rename = "host-pci-slots")]
    PciSlots {
        /// The number of devices that are attached.
        needed: usize,
        /// The number of free slots.
        free: usize,
    },
}

/// Remedy that makes a host support something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// An emulator for the architecture.
    Emulator,
    /// KVM, or a guest of type `qemu`.
    Kvm,
    /// Firmware, or a machine type that the firmware is made for.
    Firmware,
    /// The TPM emulator swtpm.
    Swtpm,
    /// The IOMMU of the host.
    Iommu,
}

/// The codes of what hosts lack, with their explanations. All are warnings.
pub const CODES: &[(&str, &str)] = &[
    (
        "host-value",
        "The host does not support the value: its QEMU lacks the machine type, the device model or the bus, or its libvirt does \
         not use them. Choose one of the values that the message lists, or install what is missing on the host.",
    ),
    (
        "host-part",
        "The host does not support this part of a guest. Leave out the part, or install what is missing on the host.",
    ),
    ("host-limit", "The number is larger than the emulator supports with this machine type."),
    (
        "host-cpu-model",
        "The processor of the host lacks features of the CPU model, so that the guest does not start. Choose a model that the \
         host can run, or disable the features.",
    ),
    (
        "host-emulator",
        "libvirt reports no capabilities for guests of this type and architecture: their emulator is missing, or does not run them.",
    ),
    (
        "host-object",
        "The guest uses a network, pool, volume or network filter that neither exists on the host nor is declared. Or a new volume is a \
         copy of a volume that neither exists nor is declared.",
    ),
    (
        "host-object-off",
        "The guest uses a network or pool that does not run when the guest starts. Declare the object with `active = true`, or \
         start it.",
    ),
    (
        "host-interface",
        "The guest uses a bridge or another network interface that the host does not have, and that no declared network creates.",
    ),
    (
        "host-file",
        "The guest uses a file, folder or device that does not exist on the host, or a new volume is filled from a file that \
         does not exist. NixVirt checks the files of guests on the local host only.",
    ),
    (
        "host-iommu-group",
        "The host uses another PCI device of the IOMMU group, so that the guest does not start. Give the guest all devices of the \
         group, or bind the others to vfio-pci. NixVirt checks groups on the local host only.",
    ),
    (
        "host-usb-device",
        "The USB device is not plugged in, so that the guest does not start. With `startupPolicy = \"optional\"`, the guest \
         starts without the device. NixVirt checks USB devices on the local host only.",
    ),
    (
        "host-huge-pages",
        "The host has too few huge pages of the size for the memory of the guest, so that the guest does not start. Reserve more: pages of \
         the default size with the setting `vm.nr_hugepages` of sysctl, larger pages with the kernel's options `hugepagesz` and \
         `hugepages`. NixVirt checks pages on the local host only.",
    ),
    (
        "host-pci-slots",
        "The running guest has too few free PCI slots for the devices that are attached to it. The guest gets them at its next \
         start. Further controllers of the model pcie-root-port make room for devices of a running guest.",
    ),
];

impl Lack {
    /// Something that is missing, and the path of the field that needs it.
    pub fn new(path: &Path, missing: Missing) -> Self {
        Lack { path: path.shown.clone(), steps: path.steps.clone(), missing }
    }
}

impl Missing {
    /// The code of the problem. It stays the same from release to release.
    pub fn code(&self) -> &'static str {
        match self {
            Missing::Value { .. } => "host-value",
            Missing::Part { .. } => "host-part",
            Missing::Limit { .. } => "host-limit",
            Missing::CpuModel { .. } => "host-cpu-model",
            Missing::Emulator { .. } => "host-emulator",
            Missing::Object { .. } => "host-object",
            Missing::ObjectOff { .. } => "host-object-off",
            Missing::Interface { .. } => "host-interface",
            Missing::File { .. } => "host-file",
            Missing::IommuGroup { .. } => "host-iommu-group",
            Missing::UsbDevice { .. } => "host-usb-device",
            Missing::HugePages { .. } => "host-huge-pages",
            Missing::Newer { .. } => release::CODE,
            Missing::PciSlots { .. } => "host-pci-slots",
        }
    }
}
