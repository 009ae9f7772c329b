//! What a daemon says of the guests that its host can run.

use super::parts::Parts;
use crate::change::{child, children_of};
use crate::error::ErrorMessage;
use nixvirt_schema::engine::xml::Element;

/// What the capabilities of guests depend on. libvirt chooses what is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    /// The path of the emulator.
    pub emulator: Option<String>,
    /// The architecture of the guest.
    pub arch: Option<String>,
    /// The machine type.
    pub machine: Option<String>,
    /// The type of the domain, such as `kvm`.
    pub kind: Option<String>,
}

impl Request {
    /// The request for a domain.
    pub fn of(domain: &Parts<'_>) -> Self {
        let value = |place| domain.value(place).filter(|value| !value.is_empty()).map(str::to_owned);
        Request {
            emulator: value("devices/emulator"),
            arch: value("os/type@arch"),
            machine: value("os/type@machine"),
            kind: value("@type"),
        }
    }
}

/// The answer of a daemon to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The capabilities.
    Capabilities(Capabilities),
    /// The host runs no such guests.
    Refused(ErrorMessage),
    /// The driver of the hypervisor does not tell.
    Unknown,
}

/// The capabilities of guests: libvirt's `<domainCapabilities>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Capabilities(pub Element);

impl Capabilities {
    /// The element at a place such as `devices/disk`.
    fn element(&self, place: &str) -> Option<&Element> {
        place.split('/').try_fold(&self.0, |element, name| child(element, name))
    }

    /// Whether the host supports a part. None if this libvirt does not tell.
    pub fn supports(&self, place: &str) -> Option<bool> {
        self.element(place)?.attribute("supported").map(|supported| supported == "yes")
    }

    /// The values that the host supports of a part, from an enumeration such as `bus`. None if this libvirt does not tell, or if
    /// the host does not support the part at all.
    pub fn values(&self, place: &str, name: &str) -> Option<Vec<&str>> {
        let element = self.element(place)?;
        if element.attribute("supported") == Some("no") {
            return None;
        }
        let is_it = |child: &&Element| child.name == "enum" && child.attribute("name") == Some(name);
        let values = element.children.iter().find(is_it)?;
        Some(values.children.iter().map(|value| value.text.trim()).collect())
    }

    /// The largest number of virtual CPUs.
    pub fn most_vcpus(&self) -> Option<u64> {
        child(&self.0, "vcpu")?.attribute("max")?.parse().ok()
    }

    /// The modes of CPUs, each with whether the host supports the mode. None if this libvirt does not tell.
    pub fn cpu_modes(&self) -> Option<Vec<(&str, bool)>> {
        let modes = child(&self.0, "cpu")?.children.iter().filter(|mode| mode.name == "mode");
        Some(modes.filter_map(|mode| Some((mode.attribute("name")?, mode.attribute("supported")? == "yes"))).collect())
    }

    /// The CPU models by name.
    pub fn cpu_models(&self) -> Vec<CpuModel<'_>> {
        let is_custom = |mode: &&Element| mode.attribute("name") == Some("custom");
        let Some(custom) = children_of(&self.0, "cpu").iter().find(is_custom) else { return Vec::new() };
        let blockers = |name: &str| {
            let is_it = |it: &&Element| it.name == "blockers" && it.attribute("model") == Some(name);
            let features = custom.children.iter().find(is_it).map(|it| it.children.as_slice()).unwrap_or_default();
            features.iter().filter_map(|feature| feature.attribute("name")).collect()
        };
        let models = custom.children.iter().filter(|model| model.name == "model");
        let model = |model: &'_ Element| model.attribute("usable") != Some("no");
        models
            .map(|it| CpuModel { name: it.text.trim(), is_usable: model(it), blockers: blockers(it.text.trim()) })
            .collect()
    }
}

/// A CPU model that the emulator knows.
pub struct CpuModel<'a> {
    /// The name.
    pub name: &'a str,
    /// Whether the host can run it, as far as libvirt says.
    pub is_usable: bool,
    /// The features of the model that the host lacks.
    pub blockers: Vec<&'a str>,
}
