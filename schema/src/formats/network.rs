//! `<network>`: [Network XML format](https://libvirt.org/formatnetwork.html).

pub mod dns;
pub mod forward;
pub mod ip;

use crate::engine::scalar::{OnOff, Xml, YesNo};
use crate::formats::networking::{Bandwidth, Mtu, PortOptions, Route, Virtualport, Vlan};
use crate::formats::patterns::{DeviceName, DnsName, Line, Name, UnicastMac, Uuid, ZoneName};
use dns::NetworkDns;
use forward::NetworkForward;
use ip::NetworkIp;
use nixvirt_schema_derive::{element, values};

/// Virtual network that guests connect to.
#[element]
pub struct Network {
    /// Output only: number of guests connected to the network.
    pub connections: Option<u32>,
    /// Whether guests may communicate over IPv6 if the network has no IPv6 address. Defaults to `false`.
    #[default = "no"]
    pub ipv6: Option<YesNo>,
    /// Whether the host trusts guests to choose the packets they receive, by changing MAC addresses. Defaults to `false`.
    pub trustGuestRxFilters: Option<YesNo>,
    /// Name of the network, unique on the host.
    #[child]
    pub name: Name,
    /// UUID of the network, globally unique. Derived from the name if omitted. Set to `false` to have libvirt
    /// generate one.
    #[absent = "uuid"]
    #[child]
    pub uuid: Option<Uuid>,
    /// Short description of the network, on one line.
    #[since = "9.7"]
    #[child]
    pub title: Option<Line>,
    /// Description of the network for people.
    #[since = "9.7"]
    #[child]
    pub description: Option<String>,
    /// Custom metadata of the network, for applications other than libvirt.
    pub metadata: Option<Xml>,
    /// Connection of the network to the outside. The network is isolated if omitted.
    pub forward: Option<NetworkForward>,
    /// Host bridge that the guests are attached to.
    pub bridge: Option<NetworkBridge>,
    /// Maximum packet size (MTU) of the network. Defaults to 1500 bytes.
    #[since = "3.1"]
    pub mtu: Option<Mtu>,
    /// MAC address of the host's port on the bridge.
    pub mac: Option<NetworkMac>,
    /// DNS domain of the guests.
    pub domain: Option<NetworkDomain>,
    /// DNS server of the network.
    pub dns: Option<NetworkDns>,
    /// VLAN tags of the guest interfaces that do not set VLAN tags themselves.
    pub vlan: Option<Vlan>,
    /// Bandwidth limits of the network, shared by all guests.
    pub bandwidth: Option<Bandwidth>,
    /// Options of the bridge ports that guests are attached to.
    pub port: Option<PortOptions>,
    /// IP addresses of the host in the network, with the DHCP and TFTP services offered there.
    pub ip: Vec<NetworkIp>,
    /// Static routes of the host through the network.
    pub route: Vec<Route>,
    /// Virtual port settings of the network, for switches such as Open vSwitch that need more than a device name.
    pub virtualport: Option<Virtualport>,
    /// Port groups: classes of guest interfaces with separate settings.
    pub portgroup: Vec<NetworkPortgroup>,
    /// Extra dnsmasq configuration, in addition to libvirt's settings.
    #[since = "5.6"]
    #[name = "dnsmasq:options"]
    pub dnsmasq_options: Option<DnsmasqOptions>,
}

/// Host bridge of a network.
#[element]
pub struct NetworkBridge {
    /// Name of the bridge. If omitted, libvirt generates `virbr` and a number.
    pub name: Option<DeviceName>,
    /// Name of the firewalld zone of the bridge.
    #[since = "5.1"]
    pub zone: Option<ZoneName>,
    /// Whether the bridge takes part in the Spanning Tree Protocol. Defaults to `true`.
    pub stp: Option<OnOff>,
    /// Forward delay of the bridge: time before a new port forwards packets, in seconds. Defaults to 0.
    pub delay: Option<u64>,
    /// Manager of the bridge's MAC address table. Defaults to `kernel`.
    pub macTableManager: Option<MacTableManager>,
}

/// Manager of a bridge's MAC address table.
#[values]
pub enum MacTableManager {
    /// The kernel learns MAC addresses from the packets.
    Kernel,
    /// libvirt adds the MAC addresses of the guests, and learning is disabled in the kernel.
    Libvirt,
}

/// MAC address of the host's port on the bridge of a network.
#[element]
pub struct NetworkMac {
    /// Unicast MAC address. Generated once by libvirt if omitted.
    pub address: UnicastMac,
}

/// DNS domain of a network.
#[element]
pub struct NetworkDomain {
    /// Name of the DNS domain.
    pub name: DnsName,
    /// Whether names of the domain that are unknown in the network stay unresolved instead of being forwarded to other
    /// DNS servers. Defaults to `false`.
    pub localOnly: Option<YesNo>,
    /// Whether the DNS server is registered with the host's resolver, which lets the host resolve guest names.
    /// Defaults to `false`.
    #[since = "10.1"]
    pub register: Option<YesNo>,
}

/// Port group of a network: settings for a class of guest interfaces, selected by name.
#[element]
pub struct NetworkPortgroup {
    /// Name of the port group.
    pub name: DeviceName,
    /// Whether the port group applies to guest interfaces that do not select one. At most one port group is the
    /// default. Defaults to `false`.
    pub default: Option<YesNo>,
    /// Whether the host trusts guests of the port group to choose the packets they receive, by changing MAC addresses.
    pub trustGuestRxFilters: Option<YesNo>,
    /// VLAN tags of the guest interfaces in the port group.
    pub vlan: Option<Vlan>,
    /// Virtual port settings of the port group, for switches such as Open vSwitch that need more than a device name.
    pub virtualport: Option<Virtualport>,
    /// Bandwidth limits of each guest interface in the port group.
    pub bandwidth: Option<Bandwidth>,
}

/// Extra dnsmasq configuration of a network.
#[element]
pub struct DnsmasqOptions {
    /// Lines of dnsmasq configuration.
    #[name = "dnsmasq:option"]
    pub dnsmasq_option: Vec<DnsmasqOption>,
}

/// Line of dnsmasq configuration.
#[element]
pub struct DnsmasqOption {
    /// Configuration line, such as `dhcp-option=6,9.9.9.9`.
    pub value: String,
}

#[cfg(test)]
mod tests {
    use crate::engine::{json, render};
    use crate::kind::Kind;
    use expect_test::expect;

    #[test]
    fn a_network_of_nixvirt() {
        let spec = r#"{
            "name": "lab",
            "forward": { "mode": "nat", "nat": { "port": { "start": 1024, "end": 65535 } } },
            "bridge": { "name": "virbr1", "stp": true },
            "ip": {
                "address": "192.168.74.1",
                "netmask": "255.255.255.0",
                "dhcp": { "host": [{ "name": "a", "ip": "192.168.74.2" }, { "mac": "52:54:00:74:10:03", "ip": "192.168.74.3" }] }
            },
            "dnsmasq:options": { "dnsmasq:option": [{ "value": "dhcp-option=6,9.9.9.9" }] }
        }"#;
        let spec = json::parse(spec).unwrap();
        let rendered = render::render(Kind::Network, &spec);
        assert!(!rendered.report.has_errors());
        expect![[r#"
            <network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
              <name>lab</name>
              <uuid>5ca484db-69ec-8981-ae9c-9145067834f0</uuid>
              <forward mode='nat'>
                <nat>
                  <port start='1024' end='65535'/>
                </nat>
              </forward>
              <bridge name='virbr1' stp='on'/>
              <ip address='192.168.74.1' netmask='255.255.255.0'>
                <dhcp>
                  <host name='a' ip='192.168.74.2'/>
                  <host mac='52:54:00:74:10:03' ip='192.168.74.3'/>
                </dhcp>
              </ip>
        "#]]
        .assert_eq(rendered.xml.split("  <dnsmasq:options").next().unwrap());
    }
}
