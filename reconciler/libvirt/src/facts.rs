//! Facts about guests: whether they run, what they have, and where they are reached.

use crate::connection::Connection;
use crate::error::{Error, ask, if_there};
use nixvirt::guest::{Address, AddressSource, Facts, GuestState, is_reachable};
use nixvirt_schema::engine::xml::{self, Element};
use std::env;
use std::fs;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;
use virt::domain::{Domain, DomainState};
use virt::sys;

/// How long a guest agent may take to answer, in seconds.
const AGENT_LIMIT: i32 = 5;

impl Connection {
    /// The facts about all guests, or about the one of a name.
    pub(crate) fn facts(&self, name: Option<&str>) -> Result<Vec<Facts>, Error> {
        let domains = match name {
            Some(name) => self.domain(name)?.into_iter().collect(),
            None => ask("cannot list the domains", self.connect().list_all_domains(0))?,
        };
        let mut guests = Vec::new();
        for domain in domains {
            // A guest may end meanwhile, and then is gone or off.
            guests.extend(self.facts_of(&domain)?);
        }
        Ok(guests)
    }

    fn facts_of(&self, domain: &Domain) -> Result<Option<Facts>, Error> {
        let Some(info) = if_there("cannot read the state of a domain", domain.info())? else { return Ok(None) };
        let read = |flags| -> Result<Option<Element>, Error> {
            let xml = if_there("cannot read its XML", domain.xml_desc(flags))?;
            Ok(xml.as_deref().and_then(xml::element))
        };
        let is_persistent = ask("cannot determine whether the domain is persistent", domain.is_persistent())?;
        let state = state(info.state.known());
        let is_off = matches!(state, GuestState::Off | GuestState::Crashed);
        let mut facts = Facts {
            name: ask("a domain has no name", domain.name())?,
            uuid: ask("a domain has no UUID", domain.uuid_string())?,
            state,
            memory: info.memory,
            vcpus: info.nr_virt_cpu,
            since: None,
            definition: if is_persistent { read(sys::VIR_DOMAIN_XML_INACTIVE)? } else { None },
            live: if is_off { None } else { read(0)? },
            addresses: Vec::new(),
        };
        if facts.live.is_some() {
            facts.since = self.since(&facts.name);
            facts.addresses = addresses(domain, facts.has_agent());
        }
        Ok(Some(facts))
    }

    /// When QEMU was started for a guest: libvirt does not report the time, but writes a file at the start.
    fn since(&self, name: &str) -> Option<u64> {
        if !self.is_on_this_host() {
            return None;
        }
        let folder = if self.uri().ends_with("/session") {
            PathBuf::from(env::var_os("XDG_RUNTIME_DIR")?).join("libvirt/qemu/run")
        } else {
            PathBuf::from("/run/libvirt/qemu")
        };
        let written = fs::metadata(folder.join(format!("{name}.pid"))).ok()?.modified().ok()?;
        written.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
    }

    /// The answer of a guest's agent to a command, both as JSON.
    pub(crate) fn ask_agent(&self, name: &str, command: &str) -> Result<String, Error> {
        let Some(domain) = self.domain(name)? else {
            return Err(Error::libvirt(format!("there is no domain {name:?}")));
        };
        ask("the guest agent does not answer", domain.qemu_agent_command(command, AGENT_LIMIT, 0))
    }
}

fn state(state: Option<DomainState>) -> GuestState {
    match state {
        Some(DomainState::Paused) => GuestState::Paused,
        Some(DomainState::Shutdown) => GuestState::ShuttingDown,
        Some(DomainState::Shutoff) => GuestState::Off,
        Some(DomainState::Crashed) => GuestState::Crashed,
        Some(DomainState::PMSuspended) => GuestState::Suspended,
        Some(DomainState::Running | DomainState::Blocked | DomainState::NoState) | None => GuestState::Running,
    }
}

/// The addresses of a running guest. A source that a driver does not support reports no address. The agent and the ARP table are
/// asked only if no DHCP server of libvirt knows the guest.
fn addresses(domain: &Domain, has_agent: bool) -> Vec<Address> {
    let sources = [
        (AddressSource::Lease, sys::VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE, true),
        (AddressSource::Agent, sys::VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT, has_agent),
        (AddressSource::Arp, sys::VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP, true),
    ];
    for (source, number, is_asked) in sources {
        if !is_asked {
            continue;
        }
        let interfaces = ask("cannot read the addresses", domain.interface_addresses(number, 0)).unwrap_or_default();
        let mut addresses = Vec::new();
        for interface in interfaces {
            let ips = interface.addrs.iter().filter_map(|address| address.addr.parse().ok()).filter(is_reachable);
            addresses.extend(ips.map(|ip| Address { ip, mac: interface.hwaddr.clone(), source }));
        }
        if !addresses.is_empty() {
            return addresses;
        }
    }
    Vec::new()
}
