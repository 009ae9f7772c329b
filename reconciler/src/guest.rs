//! What libvirt reports about guests: whether they run, what they have, and where they are reached.

use crate::change::{child, children_of};
use crate::object::Type;
use crate::plan::lacks_of_definition;
use nixvirt_schema::engine::xml::Element;
use schemars::JsonSchema;
use serde::Serialize;
use std::net::IpAddr;

/// What libvirt says of a guest.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The name of the domain.
    pub name: String,
    /// The UUID of the domain, with hyphens.
    pub uuid: String,
    /// State of the guest.
    pub state: GuestState,
    /// The memory of the guest in KiB: while it runs, what its balloon leaves to it.
    pub memory: u64,
    /// The number of virtual CPUs.
    pub vcpus: u32,
    /// The Unix time in seconds at which the guest started. None if the guest is off, or if the time is unknown.
    pub since: Option<u64>,
    /// The persistent definition. None for a guest that libvirt forgets when it stops.
    pub definition: Option<Element>,
    /// The definition of the running guest.
    pub live: Option<Element>,
    /// The addresses of the guest, the most reliable source first.
    pub addresses: Vec<Address>,
}

/// State of a guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GuestState {
    /// The guest runs.
    Running,
    /// The guest is paused: its CPUs do not run.
    Paused,
    /// The guest is shutting down.
    ShuttingDown,
    /// The guest is off.
    #[default]
    Off,
    /// The guest has crashed.
    Crashed,
    /// The guest is suspended to memory, by its own power management.
    Suspended,
}

impl GuestState {
    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            GuestState::Running => "running",
            GuestState::Paused => "paused",
            GuestState::ShuttingDown => "shutting down",
            GuestState::Off => "off",
            GuestState::Crashed => "crashed",
            GuestState::Suspended => "suspended",
        }
    }
}

/// Address of a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// IPv4 or IPv6 address.
    pub ip: IpAddr,
    /// MAC address of the network card.
    pub mac: Option<String>,
    /// Source of the address.
    pub source: AddressSource,
}

/// Source of an address of a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AddressSource {
    /// DHCP server of a libvirt network.
    Lease,
    /// Guest agent.
    Agent,
    /// ARP table of the host.
    Arp,
}

/// Disk of a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuestDisk {
    /// Name of the disk in the definition, such as `vda`.
    pub target: String,
    /// Kind of drive: `disk`, `cdrom`, `floppy` or `lun`.
    pub device: String,
    /// File, block device, volume or network address that the disk is stored in; null for an empty drive.
    pub source: Option<String>,
}

impl Facts {
    /// The definition that holds now: that of the running guest, or else the persistent one.
    pub fn present(&self) -> Option<&Element> {
        self.live.as_ref().or(self.definition.as_ref())
    }

    /// The disks of the guest.
    pub fn disks(&self) -> Vec<GuestDisk> {
        let devices = self.present().map(|domain| children_of(domain, "devices")).unwrap_or_default();
        devices.iter().filter(|device| device.name == "disk").map(disk).collect()
    }

    /// Whether the running guest lacks something of its definition, which it gets at its next start.
    pub fn is_pending(&self) -> bool {
        match (&self.live, &self.definition) {
            (Some(live), Some(definition)) => !lacks_of_definition(Type::Domain, live, definition).is_empty(),
            _ => false,
        }
    }

    /// Whether the guest agent is connected.
    pub fn has_agent(&self) -> bool {
        let Some(live) = &self.live else { return false };
        children_of(live, "devices").iter().filter_map(|device| child(device, "target")).any(|target| {
            target.attribute("name") == Some(AGENT_CHANNEL) && target.attribute("state") == Some("connected")
        })
    }

    /// The address at which the guest is best reached: IPv4 before IPv6, which may lack a route.
    pub fn address(&self) -> Option<IpAddr> {
        let mut ips = self.addresses.iter().map(|address| address.ip);
        ips.clone().find(IpAddr::is_ipv4).or_else(|| ips.next())
    }
}

/// The channel of QEMU's guest agent.
pub const AGENT_CHANNEL: &str = "org.qemu.guest_agent.0";

/// Whether others can reach a guest at an address: neither a loopback address nor a link-local one.
pub fn is_reachable(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unspecified(),
    }
}

fn disk(disk: &Element) -> GuestDisk {
    let attribute = |name: &str| child(disk, "target").and_then(|target| target.attribute(name));
    let source = child(disk, "source").and_then(|source| {
        let volume = source.attribute("volume").zip(source.attribute("pool"));
        let volume = volume.map(|(volume, pool)| format!("{pool}/{volume}"));
        let place = ["file", "dev", "name", "dir"].into_iter().find_map(|name| source.attribute(name));
        volume.or_else(|| place.map(str::to_owned))
    });
    GuestDisk {
        target: attribute("dev").unwrap_or_default().to_owned(),
        device: disk.attribute("device").unwrap_or("disk").to_owned(),
        source,
    }
}
