//! `<ip>`: [Addressing](https://libvirt.org/formatnetwork.html#addressing).

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::networking::{AddressFamily, one_size};
use crate::formats::patterns::{DnsName, Ip, Ipv4, Path, UnicastMac};
use nixvirt_schema_derive::{element, values};

/// IP address of the host in a network, with the services offered there. Set `netmask` or `prefix`, not both.
#[element(rules)]
pub struct NetworkIp {
    /// Address family of the IP address. Defaults to `ipv4`.
    pub family: Option<AddressFamily>,
    /// IP address of the host in the network.
    pub address: Option<Ip>,
    /// Netmask of an IPv4 address, such as `255.255.255.0`. Mutually exclusive with `prefix`.
    pub netmask: Option<Ipv4>,
    /// Length of the network prefix of the address, in bits. Mutually exclusive with `netmask`.
    pub prefix: Option<Int<0, 128>>,
    /// Whether the DNS server answers reverse lookups of the network's addresses itself and never forwards them.
    /// Defaults to `false`.
    pub localPtr: Option<YesNo>,
    /// TFTP server with the files that guests boot from.
    pub tftp: Option<NetworkTftp>,
    /// DHCP server for the addresses of the guests.
    pub dhcp: Option<NetworkDhcp>,
}

/// TFTP server of a network.
#[element]
pub struct NetworkTftp {
    /// Directory on the host with the files to serve.
    pub root: String,
}

/// DHCP server of a network.
#[element]
pub struct NetworkDhcp {
    /// Address ranges for all guests.
    pub range: Vec<NetworkDhcpRange>,
    /// Reserved addresses for individual guests.
    pub host: Vec<NetworkDhcpHost>,
    /// Network boot settings for guests without a boot disk.
    pub bootp: Option<NetworkDhcpBootp>,
}

/// Address range of a DHCP server.
#[element]
pub struct NetworkDhcpRange {
    /// First address of the range.
    pub start: Ip,
    /// Last address of the range.
    pub end: Ip,
    /// Lease time of the addresses in the range.
    #[since = "6.3"]
    pub lease: Option<NetworkDhcpLease>,
}

/// DHCP lease time.
#[element]
pub struct NetworkDhcpLease {
    /// Lease time, in the unit given by `unit`. 0 means no expiry.
    pub expiry: u64,
    /// Unit of the lease time. Defaults to `minutes`.
    pub unit: Option<NetworkDhcpLeaseUnit>,
}

/// Unit of a DHCP lease time.
#[values]
pub enum NetworkDhcpLeaseUnit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

/// Reserved DHCP address of one guest, identified by MAC address, DHCPv6 ID or name.
#[element(rules)]
pub struct NetworkDhcpHost {
    /// MAC address of the guest, for IPv4. Mutually exclusive with `id`.
    pub mac: Option<UnicastMac>,
    /// DHCP unique identifier (DUID) of the guest, for IPv6. Mutually exclusive with `mac`.
    pub id: Option<Duid>,
    /// Host name assigned to the guest. Identifies the guest if neither `mac` nor `id` is set.
    pub name: Option<String>,
    /// IP address reserved for the guest.
    pub ip: Ip,
    /// Lease time of the reserved address.
    #[since = "6.3"]
    pub lease: Option<NetworkDhcpLease>,
}

/// Network boot settings of a DHCP server.
#[element]
pub struct NetworkDhcpBootp {
    /// Boot file that guests fetch.
    pub file: Path,
    /// Server that guests fetch the boot file from. Defaults to the host.
    pub server: Option<DnsName>,
}

patterns! {
    /// DHCPv6 unique identifier (DUID).
    Duid = "DUID", "a DUID, e.g. 00:03:00:01:52:54:00:6b:3c:58", r"0{1,2}:0?1:0{1,2}:0?[a-fA-F1-9](?::[a-fA-F0-9]{1,2}){10,12}|0{1,2}:0?2(?::[a-fA-F0-9]{1,2}){5,128}|0{1,2}:0?3:0{1,2}:0?[a-fA-F1-9](?::[a-fA-F0-9]{1,2}){6,8}|0{1,2}:0?4(?::[a-fA-F0-9]{1,2}){16}";
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
                report.error(id.value(), "dhcp-host-mac-and-id", "`id` conflicts with `mac`: remove one of them");
            }
            (None, None, None) => {
                report.missing(self.value(), "mac", "expected `mac`, `id` or `name` to identify the guest");
            }
            _ => {}
        }
    }
}
