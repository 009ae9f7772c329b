//! `<hostdev mode="capabilities" type="net">`:
//! [Block / character devices](https://libvirt.org/formatdomain.html#block-character-devices).

use crate::patterns::{DeviceName, Ip, Ipv4};
use crate::problem::Report;
use crate::storage::choice;
use crate::view::{Read, View};
use crate::words::Int;
use nixvirt_schema_derive::{element, values};

/// A network interface for a container.
#[element]
pub struct HostdevSourceNet {
    /// Its name on the host.
    #[child]
    pub interface: DeviceName,
}

/// An address of a network interface in a container.
#[element]
pub struct HostdevIp {
    /// The address.
    pub address: Ip,
    /// Which version of the internet protocol it is of; told from the address when absent.
    pub family: Option<HostdevIpFamily>,
    /// How many bits of it name the network.
    pub prefix: Option<Int<0, 128>>,
    /// The address of the other end, where the interface is one of two.
    pub peer: Option<Ip>,
}

/// A version of the internet protocol.
#[values]
pub enum HostdevIpFamily {
    /// Version 4.
    Ipv4,
    /// Version 6.
    Ipv6,
}

/// A route in a container.
#[element(rules)]
pub struct HostdevRoute {
    /// Which version of the internet protocol it is of; 4 when absent.
    pub family: Option<HostdevIpFamily>,
    /// The address of the network that it leads to.
    pub address: Ip,
    /// The network's mask; not beside `prefix`.
    pub netmask: Option<Ipv4>,
    /// How many bits of the address name the network; not beside `netmask`.
    pub prefix: Option<Int<0, 128>>,
    /// The address of the gateway.
    pub gateway: Ip,
    /// How dear it is, among routes to the same network.
    pub metric: Option<u32>,
}

impl View<'_, HostdevRoute> {
    fn rules(self, report: &mut Report<'_>) {
        choice::one_at_most(self.value(), &["netmask", "prefix"], "route-netmask-or-prefix", report);
    }
}
