//! The table of the fields of a domain whose values a host may lack, and where its capabilities list them.

use super::capabilities::Capabilities;
use super::lack::{Lack, Missing, Remedy};
use super::parts::{Part, Parts};

/// A field of a domain, beside the place in the capabilities that reports it.
struct Row {
    /// The place of the field.
    field: &'static str,
    /// The place in the capabilities: an element, and an enumeration of it after a colon.
    told: &'static str,
    /// What the capabilities have to list.
    needs: Needs,
    /// The only values that the capabilities report. Empty if they report all.
    only: &'static [&'static str],
    /// An attribute of the same element and its value, without which the field needs nothing.
    when: Option<(&'static str, &'static str)>,
    /// Whether the field only concerns guests of KVM.
    is_of_kvm: bool,
    /// What makes the host support it.
    remedy: Option<Remedy>,
}

/// What the capabilities have to list.
enum Needs {
    /// The value of the field.
    Value,
    /// This word.
    Word(&'static str),
    /// Any word at all.
    Any,
    /// The name of each child element that is on.
    Children,
}

const fn row(field: &'static str, told: &'static str) -> Row {
    Row { field, told, needs: Needs::Value, only: &[], when: None, is_of_kvm: false, remedy: None }
}

impl Row {
    const fn needs(self, needs: Needs) -> Self {
        Row { needs, ..self }
    }

    const fn only(self, only: &'static [&'static str]) -> Self {
        Row { only, ..self }
    }

    const fn when(self, attribute: &'static str, value: &'static str) -> Self {
        Row { when: Some((attribute, value)), ..self }
    }

    const fn of_kvm(self) -> Self {
        Row { is_of_kvm: true, ..self }
    }

    const fn remedy(self, remedy: Remedy) -> Self {
        Row { remedy: Some(remedy), ..self }
    }
}

/// The rows, in the order of a definition. libvirt also takes values that its capabilities never list, such as a channel of type
/// `tcp`: `only` leaves them out.
const ROWS: &[Row] = &[
    row("iothreads", "iothreads"),
    row("os@firmware", "os:firmware").remedy(Remedy::Firmware),
    row("os/firmware/feature@name", "os/loader:secure")
        .only(&["secure-boot"])
        .when("enabled", "yes")
        .needs(Needs::Word("yes"))
        .remedy(Remedy::Firmware),
    row("os/loader@type", "os/loader:type"),
    row("os/loader@readonly", "os/loader:readonly"),
    row("os/loader@secure", "os/loader:secure").only(&["yes"]).remedy(Remedy::Firmware),
    row("genid", "features/genid"),
    row("memoryBacking/source@type", "memoryBacking:sourceType"),
    row("features/gic", "features/gic"),
    row("features/gic@version", "features/gic:version"),
    row("features/vmcoreinfo", "features/vmcoreinfo"),
    row("features/async-teardown@enabled", "features/async-teardown").only(&["yes"]),
    row("features/hyperv", "features/hyperv:features").needs(Needs::Children).of_kvm(),
    row("launchSecurity", "features/launchSecurity"),
    row("launchSecurity@type", "features/launchSecurity:sectype"),
    row("launchSecurity@type", "features/sev").only(&["sev"]),
    row("devices/disk", "devices/disk"),
    row("devices/disk@device", "devices/disk:diskDevice"),
    row("devices/disk@model", "devices/disk:model"),
    row("devices/disk/target@bus", "devices/disk:bus").only(&["fdc", "ide", "sata", "scsi", "usb", "virtio"]),
    row("devices/filesystem", "devices/filesystem"),
    row("devices/filesystem/driver@type", "devices/filesystem:driverType"),
    row("devices/interface/backend@type", "devices/interface:backendType").only(&["passt"]),
    row("devices/channel@type", "devices/channel:type").only(&["spicevmc", "qemu-vdagent", "dbus"]),
    row("devices/tpm", "devices/tpm").remedy(Remedy::Swtpm),
    row("devices/tpm@model", "devices/tpm:model"),
    row("devices/tpm/backend@type", "devices/tpm:backendModel").remedy(Remedy::Swtpm),
    row("devices/tpm/backend@version", "devices/tpm:backendVersion"),
    row("devices/graphics", "devices/graphics"),
    row("devices/graphics@type", "devices/graphics:type"),
    row("devices/video", "devices/video"),
    row("devices/video/model@type", "devices/video:modelType"),
    row("devices/hostdev@mode", "devices/hostdev:mode"),
    row("devices/hostdev@type", "devices/hostdev:subsysType").only(&["pci", "scsi", "usb"]),
    row("devices/hostdev@type", "devices/hostdev:pciBackend")
        .only(&["pci", "mdev"])
        .needs(Needs::Any)
        .remedy(Remedy::Iommu),
    row("devices/redirdev", "devices/redirdev"),
    row("devices/redirdev@bus", "devices/redirdev:bus"),
    row("devices/rng", "devices/rng"),
    row("devices/rng@model", "devices/rng:model"),
    row("devices/rng/backend@model", "devices/rng:backendModel"),
    row("devices/panic", "devices/panic"),
    row("devices/panic@model", "devices/panic:model"),
    row("devices/crypto", "devices/crypto"),
    row("devices/crypto@model", "devices/crypto:model"),
    row("devices/crypto@type", "devices/crypto:type"),
    row("devices/crypto/backend@model", "devices/crypto:backendModel"),
    row("devices/memory@model", "features/sgx").only(&["sgx-epc"]),
];

/// What the host lacks of the values of a domain.
pub fn lacks(domain: &Parts<'_>, capabilities: &Capabilities) -> Vec<Lack> {
    let is_kvm = domain.value("@type") == Some("kvm");
    let mut lacks = Vec::<Lack>::new();
    for row in ROWS.iter().filter(|row| is_kvm || !row.is_of_kvm) {
        for part in domain.at(row.field).iter().filter(|part| row.concerns(part)) {
            // Where the host lacks the whole, it lacks its fields.
            let is_told = lacks.iter().any(|lack| part.path.steps.starts_with(&lack.steps));
            if !is_told {
                lacks.extend(row.lacks(part, capabilities));
            }
        }
    }
    lacks
}

impl Row {
    fn concerns(&self, part: &Part<'_>) -> bool {
        let is_on = part.element.attribute("state") != Some("off");
        let is_told = self.only.is_empty() || self.only.contains(&part.value);
        is_on && is_told && self.when.is_none_or(|(name, value)| part.element.attribute(name) == Some(value))
    }

    fn lacks(&self, part: &Part<'_>, capabilities: &Capabilities) -> Vec<Lack> {
        let Some((place, name)) = self.told.split_once(':') else {
            let missing = Missing::Part { remedy: self.remedy };
            let is_lacking = capabilities.supports(self.told) == Some(false);
            return if is_lacking { vec![Lack::new(&part.path, missing)] } else { Vec::new() };
        };
        let Some(supported) = capabilities.values(place, name) else { return Vec::new() };
        let value = |value: &str, supported: &[&str]| Missing::Value {
            value: value.to_owned(),
            supported: supported.iter().map(|word| (*word).to_owned()).collect(),
            remedy: self.remedy,
        };
        match self.needs {
            Needs::Value if supported.contains(&part.value) => Vec::new(),
            Needs::Value => vec![Lack::new(&part.path, value(part.value, &supported))],
            Needs::Word(word) if supported.contains(&word) => Vec::new(),
            Needs::Any if !supported.is_empty() => Vec::new(),
            Needs::Word(_) | Needs::Any => vec![Lack::new(&part.path, value(part.value, &[]))],
            Needs::Children => {
                let is_on = |state: Option<&str>| state != Some("off");
                let children = part.element.children.iter().filter(|child| is_on(child.attribute("state")));
                let lacking = children.filter(|child| !supported.contains(&child.name.as_str()));
                lacking.map(|child| Lack::new(&part.path, value(&child.name, &supported))).collect()
            }
        }
    }
}
