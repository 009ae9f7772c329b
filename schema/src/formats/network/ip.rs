//! `<ip>`: [Addressing](https://libvirt.org/formatnetwork.html#addressing).

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::networking::{AddressFamily, one_size};
use crate::formats::patterns::{DnsName, Ip, Ipv4, Path, UnicastMac};
use nixvirt_schema_derive::{element, values};

/// An address of the host in a network, and what the host offers there. Give `netmask` or `prefix`, not both.
#[element(rules)]
pub struct NetworkIp {
    /// The kind of address; IPv4 when absent.
    pub family: Option<AddressFamily>,
    /// The address.
    pub address: Option<Ip>,
    /// Which bits of an IPv4 address are the network's, as in 255.255.255.0.
    pub netmask: Option<Ipv4>,
    /// How many bits of the address are the network's.
    pub prefix: Option<Int<0, 128>>,
    /// Whether the DNS server answers for what address has which name by itself, and never asks outside.
    /// Default: no.
    pub localPtr: Option<YesNo>,
    /// Files that guests can fetch to boot from.
    pub tftp: Option<NetworkTftp>,
    /// Addresses that guests are given.
    pub dhcp: Option<NetworkDhcp>,
}

/// Files that guests can fetch by TFTP.
#[element]
pub struct NetworkTftp {
    /// The folder of the host in which they are.
    pub root: String,
}

/// The DHCP server of a network.
#[element]
pub struct NetworkDhcp {
    /// Addresses that any guest may be given.
    pub range: Vec<NetworkDhcpRange>,
    /// An address for one guest.
    pub host: Vec<NetworkDhcpHost>,
    /// What guests without a disk boot.
    pub bootp: Option<NetworkDhcpBootp>,
}

/// Addresses that any guest may be given.
#[element]
pub struct NetworkDhcpRange {
    /// The first.
    pub start: Ip,
    /// The last.
    pub end: Ip,
    /// For how long a guest may keep one.
    pub lease: Option<NetworkDhcpLease>,
}

/// For how long a guest may keep an address. Since libvirt 6.3.
#[element]
pub struct NetworkDhcpLease {
    /// The time; 0 is for ever.
    pub expiry: u64,
    /// The unit of the time. Default: minutes.
    pub unit: Option<NetworkDhcpLeaseUnit>,
}

/// A unit of time.
#[values]
pub enum NetworkDhcpLeaseUnit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

/// An address for one guest, which is known by its hardware address, its DHCPv6 id or its name.
#[element(rules)]
pub struct NetworkDhcpHost {
    /// The hardware address of the guest; for IPv4. Not together with `id`.
    pub mac: Option<UnicastMac>,
    /// The DHCP unique identifier of the guest; for IPv6. Not together with `mac`.
    pub id: Option<Duid>,
    /// The name that the guest is given, or by which it is known where it has neither `mac` nor `id`.
    pub name: Option<String>,
    /// The address that it is given.
    pub ip: Ip,
    /// For how long it may keep the address.
    pub lease: Option<NetworkDhcpLease>,
}

/// What guests without a disk boot.
#[element]
pub struct NetworkDhcpBootp {
    /// The file to fetch.
    pub file: Path,
    /// The server to fetch it from; the host when absent.
    pub server: Option<DnsName>,
}

patterns! {
    /// An identifier of DHCPv6.
    Duid = "a DUID such as 00:03:00:01:52:54:00:6b:3c:58", r"0{1,2}:0?1:0{1,2}:0?[a-fA-F1-9](?::[a-fA-F0-9]{1,2}){10,12}|0{1,2}:0?2(?::[a-fA-F0-9]{1,2}){5,128}|0{1,2}:0?3:0{1,2}:0?[a-fA-F1-9](?::[a-fA-F0-9]{1,2}){6,8}|0{1,2}:0?4(?::[a-fA-F0-9]{1,2}){16}";
}

impl View<'_, NetworkIp> {
    fn rules(self, report: &mut Report<'_>) {
        one_size(self.netmask(), self.prefix(), report);
    }
}

impl View<'_, NetworkDhcpHost> {
    fn rules(self, report: &mut Report<'_>) {
        match (self.mac(), self.id(), self.name()) {
            (Some(_), Some(id), _) => {
                report.error(id.value(), "dhcp-host-mac-and-id", "names the guest beside `mac`: leave out one of them");
            }
            (None, None, None) => {
                report.missing(self.value(), "mac", "is required: or `id` or `name`, to know the guest by");
            }
            _ => {}
        }
    }
}
