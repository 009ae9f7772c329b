//! English for what guests need and their host lacks.

use super::doctor::usb_device;
use crate::able::{Lack, Missing, Remedy};
use crate::change::human_size;
use crate::object::Type;
use nixvirt_schema::engine::message::suggestion;
use nixvirt_schema::engine::problem::{closest, listing};

/// What is missing, each with its message.
pub fn each(lacks: &[Lack]) -> Vec<(&Lack, String)> {
    lacks.iter().map(|lack| (lack, in_words(&lack.missing))).collect()
}

/// What is missing, in one message for all values that the host lacks in the same place, such as the enlightenments of a Windows guest.
/// Each message comes with its first lack.
pub fn grouped<'a>(lacks: &'a [Lack]) -> Vec<(&'a Lack, String)> {
    let mut groups: Vec<(&Lack, Vec<&str>)> = Vec::new();
    for lack in lacks {
        let Missing::Value { value, supported, remedy } = &lack.missing else {
            groups.push((lack, Vec::new()));
            continue;
        };
        let is_alike = |first: &Lack| match &first.missing {
            Missing::Value { supported: other, remedy: remedied, .. } => {
                first.path == lack.path && other == supported && remedied == remedy
            }
            _ => false,
        };
        match groups.iter_mut().find(|(first, _)| is_alike(first)) {
            Some((_, values)) => values.push(value),
            None => groups.push((lack, vec![value])),
        }
    }
    let worded = |(lack, values): (&'a Lack, Vec<&str>)| match &lack.missing {
        Missing::Value { supported, .. } => (lack, values_in_words(&values, supported)),
        missing => (lack, in_words(missing)),
    };
    groups.into_iter().map(worded).collect()
}

fn values_in_words(values: &[&str], supported: &[String]) -> String {
    let quoted: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
    let text = format!("the host does not support {}", quoted.join(", "));
    if supported.is_empty() {
        return text;
    }
    let meant = match values {
        [value] => closest(value, supported.iter().map(String::as_str)).map(suggestion),
        _ => None,
    };
    format!("{text}: expected {}{}", choice(supported), meant.unwrap_or_default())
}

fn in_words(missing: &Missing) -> String {
    match missing {
        Missing::Value { value, supported, .. } => values_in_words(&[value], supported),
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
        Missing::HugePages { size, needed, available } => {
            let size = human_size(*size);
            format!("the guest needs {needed} huge pages of {size}, and the host has {available} for it")
        }
        Missing::Newer { message } => message.clone(),
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
        Missing::HugePages { .. } => {
            "reserve more: the setting vm.nr_hugepages of sysctl, or the kernel's options hugepagesz and hugepages"
        }
        Missing::PciSlots { .. } => "to attach more devices live, declare more controllers of the model pcie-root-port",
        Missing::Limit { .. } | Missing::CpuModel { .. } | Missing::File { .. } | Missing::Newer { .. } => return None,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn values_of_one_place_are_one_message() {
        let lack = |path: &str, value: &str, supported: &[&str]| Lack {
            path: path.to_owned(),
            steps: Vec::new(),
            missing: Missing::Value {
                value: value.to_owned(),
                supported: supported.iter().map(|&it| it.to_owned()).collect(),
                remedy: None,
            },
        };
        let lacks = [
            lack("features.hyperv", "relaxed", &["spinlocks", "vendor_id"]),
            lack("devices.disk[hda].target.bus", "ide", &["sata"]),
            lack("features.hyperv", "vapic", &["spinlocks", "vendor_id"]),
            lack("features.hyperv", "vendor", &["spinlocks", "vendor_id"]),
            lack("devices.disk[hdb].target.bus", "ide", &["sata"]),
            lack("os.firmware", "efi", &[]),
        ];
        let shown = |worded: Vec<(&Lack, String)>| -> String {
            worded.into_iter().map(|(lack, words)| format!("{}: {words}\n", lack.path)).collect()
        };
        expect![[r#"
            features.hyperv: the host does not support "relaxed", "vapic", "vendor": expected spinlocks or vendor_id
            devices.disk[hda].target.bus: the host does not support "ide": expected sata
            devices.disk[hdb].target.bus: the host does not support "ide": expected sata
            os.firmware: the host does not support "efi"
        "#]]
        .assert_eq(&shown(grouped(&lacks)));
        assert_eq!(each(&lacks).len(), lacks.len());
    }
}
