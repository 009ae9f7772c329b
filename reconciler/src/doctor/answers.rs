//! What a libvirt daemon reports about itself and its host.

use super::version::Version;
use nixvirt_schema::engine::xml::{self, Element};
use serde::Deserialize;

/// The answers of a daemon.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answers {
    /// The version of libvirt.
    pub libvirt: Option<Version>,
    /// The name of the hypervisor, such as QEMU.
    pub hypervisor: String,
    /// The version of the hypervisor. None if it is not installed.
    pub hypervisor_version: Option<Version>,
    /// Whether guests can use KVM. None if the hypervisor is not QEMU.
    pub has_kvm: Option<bool>,
    /// Whether guests can have an emulated TPM: QEMU supports it, and the daemon finds swtpm. None if libvirt does not say.
    pub has_tpm: Option<bool>,
    /// The network `default`.
    pub default_network: DefaultNetwork,
}

/// The network `default`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DefaultNetwork {
    /// The daemon has no networks, or does not say.
    #[default]
    Unknown,
    /// There is none.
    Absent,
    /// There is one.
    Present {
        /// Whether the network runs.
        is_active: bool,
        /// Whether the network starts with the host.
        autostart: bool,
    },
}

/// Whether guests can use KVM, from the XML of a daemon's capabilities.
pub fn has_kvm(capabilities: &str) -> bool {
    let is_kvm = |domain: &Element| domain.name == "domain" && domain.attribute("type") == Some("kvm");
    xml::element(capabilities).is_some_and(|root| descendants(&root).any(is_kvm))
}

/// Whether guests can have an emulated TPM, from the XML of the capabilities of domains. Older versions of libvirt do not say.
pub fn has_tpm(domain_capabilities: &str) -> Option<bool> {
    let root = xml::element(domain_capabilities)?;
    let tpm = descendants(&root).find(|it| it.name == "tpm")?;
    let mut models = descendants(tpm).filter(|it| it.attribute("name") == Some("backendModel"));
    Some(models.any(|models| models.children.iter().any(|model| model.text == "emulator")))
}

fn descendants(element: &Element) -> Box<dyn Iterator<Item = &Element> + '_> {
    Box::new(element.children.iter().flat_map(|child| std::iter::once(child).chain(descendants(child))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kvm() {
        let with = "<capabilities><guest><arch name='x86_64'><domain type='qemu'/><domain type='kvm'/></arch></guest></capabilities>";
        assert!(has_kvm(with));
        assert!(!has_kvm(&with.replace("type='kvm'", "type='xen'")));
        assert!(!has_kvm("no XML"));
    }

    #[test]
    fn tpm() {
        let with = "<domainCapabilities><devices><tpm supported='yes'><enum name='model'><value>tpm-crb</value></enum>\
                    <enum name='backendModel'><value>passthrough</value><value>emulator</value></enum></tpm></devices></domainCapabilities>";
        assert_eq!(has_tpm(with), Some(true));
        assert_eq!(has_tpm(&with.replace("emulator", "external")), Some(false));
        assert_eq!(has_tpm("<domainCapabilities/>"), None);
    }
}
