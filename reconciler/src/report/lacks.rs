//! English for what guests need and their host lacks.

use super::doctor::usb_device;
use crate::able::{Missing, Remedy};
use crate::object::Type;
use nixvirt_schema::engine::message::suggestion;
use nixvirt_schema::engine::problem::{closest, listing};

/// What is missing.
pub fn in_words(missing: &Missing) -> String {
    match missing {
        Missing::Value { value, supported, .. } if supported.is_empty() => {
            format!("the host does not support {value:?}")
        }
        Missing::Value { value, supported, .. } => {
            let meant = closest(value, supported.iter().map(String::as_str)).map(suggestion).unwrap_or_default();
            format!("the host does not support {value:?}: expected {}{meant}", choice(supported))
        }
        Missing::Part { .. } => "the host does not support this part".to_owned(),
        Missing::Limit { value, most } => format!("{value} exceeds the host's maximum of {most}"),
        Missing::CpuModel { value, features, supported } => {
            let lacking = if features.is_empty() {
                String::new()
            } else {
                format!(": the processor lacks {}", features.join(", "))
            };
            let others = if supported.is_empty() { String::new() } else { format!("; expected {}", choice(supported)) };
            format!("the processor of the host cannot run {value:?}{lacking}{others}")
        }
        Missing::Emulator { error } => error.message.clone(),
        Missing::Object { object } => format!("{object} neither exists nor is declared"),
        Missing::ObjectOff { object } => format!("{object} is not running when the guest starts"),
        Missing::Interface { name } => format!("the host has no network interface {name:?}"),
        Missing::File { file } => format!("{file} does not exist"),
        Missing::IommuGroup { device, others } => {
            format!("the host uses other devices of the IOMMU group of {device}: {}", others.join(", "))
        }
        Missing::UsbDevice { id, likely } => {
            let likely: Vec<_> = likely.iter().map(usb_device).collect();
            let likely =
                if likely.is_empty() { String::new() } else { format!("; did you mean {}?", likely.join(" or ")) };
            format!("no USB device {id} is plugged in{likely}")
        }
        Missing::PciSlots { needed, free } => {
            let attached = if *needed == 1 {
                "1 device needs a PCI slot".to_owned()
            } else {
                format!("{needed} devices need PCI slots")
            };
            format!(
                "{attached}, and the running guest has {free} free: devices without a slot are added at its next start"
            )
        }
    }
}

fn choice(words: &[String]) -> String {
    listing(words.iter().map(String::as_str))
}

/// What the user can do.
pub fn remedy(missing: &Missing) -> Option<String> {
    let text = match missing {
        Missing::Value { remedy, .. } | Missing::Part { remedy } => match (*remedy)? {
            Remedy::Emulator => "install QEMU for that architecture on the host",
            Remedy::Kvm => "run `nixvirt doctor` to see why; type = \"qemu\" works without KVM, but is slow",
            Remedy::Firmware => {
                "install firmware with this feature on the host, or choose a machine type that has one, such as q35"
            }
            Remedy::Swtpm => "install swtpm on the host",
            Remedy::Iommu => {
                "turn on the IOMMU in the setup of the host and in its kernel; `nixvirt doctor` shows whether it is on"
            }
        },
        Missing::Emulator { error } => return error.hint.clone(),
        Missing::Object { object } if object.kind == Type::Volume => "declare the volume, or create it",
        Missing::Object { .. } => "declare the object, or correct its name",
        Missing::ObjectOff { .. } => "declare the object with `active = true`, or start it",
        Missing::Interface { .. } => "set up the interface on the host, or name another one",
        Missing::IommuGroup { .. } => "give the guest these devices too, or bind them to vfio-pci",
        Missing::UsbDevice { .. } => {
            "plug the device in, or set startupPolicy = \"optional\" to start the guest without it; `nixvirt doctor` lists the USB devices"
        }
        Missing::PciSlots { .. } => "to attach more devices live, declare more controllers of the model pcie-root-port",
        Missing::Limit { .. } | Missing::CpuModel { .. } | Missing::File { .. } => return None,
    };
    Some(text.to_owned())
}
