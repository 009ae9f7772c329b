//! What a daemon says of itself and of its host.

use crate::calls::offers_cpu;
use crate::connection::Connection;
use crate::error::{Error, ask, if_there, is_unsupported};
use nixvirt::able::capabilities::{Answer, Capabilities, Request};
use nixvirt::change::child;
use nixvirt::doctor::answers::{Answers, DefaultNetwork, has_kvm, has_tpm};
use nixvirt::doctor::version::Version;
use nixvirt::error::ErrorKind;
use nixvirt_schema::engine::xml::{self, Element};
use virt::connect::Connect;

impl Connection {
    /// Asks the daemon about itself. If a driver does not support a request, that answer is missing.
    pub(crate) fn about(&self) -> Result<Answers, Error> {
        let connect = self.connect();
        let hypervisor = ask("cannot read the name of the hypervisor", connect.driver_type())?;
        let is_qemu = hypervisor == "QEMU";
        let capabilities = if is_qemu {
            if_supported(ask("cannot read the capabilities of the host", connect.capabilities()))?
        } else {
            None
        };
        let of_domains =
            || ask("cannot read the capabilities of domains", connect.domain_capabilities(None, None, None, None, 0));
        let has_hypervisor = ask("cannot read the version of the hypervisor", connect.hyp_version()).ok();
        // Without a QEMU, libvirt has no capabilities of domains.
        let domains = if is_qemu && has_hypervisor.is_some() { if_supported(of_domains())? } else { None };
        Ok(Answers {
            libvirt: if_supported(ask("cannot read the version of libvirt", connect.lib_version()))?
                .map(Version::of_number),
            hypervisor,
            hypervisor_version: has_hypervisor.map(Version::of_number),
            has_kvm: capabilities.as_deref().map(has_kvm),
            has_tpm: domains.as_deref().and_then(has_tpm),
            default_network: default_network(&connect),
        })
    }

    /// What guests of this kind can have on the host. A host that runs no such guests refuses.
    pub(crate) fn capabilities_of_domains(&self, request: &Request) -> Result<Answer, Error> {
        let Request { emulator, arch, machine, kind } = request;
        let asked = self.connect().domain_capabilities(
            emulator.as_deref(),
            arch.as_deref(),
            machine.as_deref(),
            kind.as_deref(),
            0,
        );
        match if_supported(ask("libvirt cannot run this guest on the host", asked)) {
            Ok(text) => {
                let capabilities = text.as_deref().and_then(xml::element).map(Capabilities);
                Ok(capabilities.map_or(Answer::Unknown, Answer::Capabilities))
            }
            Err(error) if error.kind() == ErrorKind::Connection || !self.is_alive() => Err(error),
            Err(error) => Ok(Answer::Refused(error.into())),
        }
    }

    /// Whether the host offers all features of a domain's CPU. Other modes than `custom` follow the host on which the guest starts.
    pub(crate) fn has_cpu(&self, domain: &Element) -> Result<bool, Error> {
        let arch = child(domain, "os").and_then(|os| child(os, "type")).and_then(|kind| kind.attribute("arch"));
        let cpu = child(domain, "cpu").filter(|cpu| matches!(cpu.attribute("mode"), None | Some("custom")));
        let cpu = cpu.filter(|cpu| child(cpu, "model").is_some());
        let (Some(arch), Some(cpu)) = (arch, cpu) else { return Ok(true) };
        let virtualization = domain.attribute("type").unwrap_or_default();
        ask("cannot compare the CPU", offers_cpu(&self.connect(), arch, virtualization, &cpu.to_string()))
    }

    /// What the host is, and which guests it runs. Some drivers do not report this.
    pub(crate) fn capabilities_of_host(&self) -> Result<Option<Element>, Error> {
        let asked = ask("cannot read the capabilities of the host", self.connect().capabilities());
        Ok(if_supported(asked)?.as_deref().and_then(xml::element))
    }
}

/// The network `default`. Modular daemons have one of their own for networks, which may not run.
fn default_network(connect: &Connect) -> DefaultNetwork {
    let Ok(network) = if_there("cannot look up the network default", connect.lookup_network_by_name("default")) else {
        return DefaultNetwork::Unknown;
    };
    match network.map(|network| (network.is_active(), network.autostart())) {
        None => DefaultNetwork::Absent,
        Some((Ok(is_active), Ok(autostart))) => DefaultNetwork::Present { is_active, autostart },
        Some(_) => DefaultNetwork::Unknown,
    }
}

fn if_supported<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Err(error) if is_unsupported(&error) => Ok(None),
        answer => answer.map(Some),
    }
}
