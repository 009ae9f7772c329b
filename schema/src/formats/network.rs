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

/// A network to which guests can be connected.
#[element]
pub struct Network {
    /// How many guests are connected; libvirt tells it and does not read it.
    pub connections: Option<u32>,
    /// Whether guests may talk IPv6 to each other where the network has no IPv6 address. Default: no.
    pub ipv6: Option<YesNo>,
    /// Whether the host lets guests choose which packets they receive, by the MAC addresses that they set.
    /// Default: no.
    pub trustGuestRxFilters: Option<YesNo>,
    /// Its name, unique on the host.
    #[child]
    pub name: Name,
    /// Its id, unique everywhere. Derived from the name when absent; `false`: libvirt makes one up.
    #[absent = "uuid"]
    #[child]
    pub uuid: Option<Uuid>,
    /// A short description. Since libvirt 9.7.
    #[child]
    pub title: Option<Line>,
    /// A description for people. Since libvirt 9.7.
    #[child]
    pub description: Option<String>,
    /// What programs other than libvirt keep with it.
    pub metadata: Option<Xml>,
    /// How the network is connected to those outside; isolated when absent.
    pub forward: Option<NetworkForward>,
    /// The bridge of the host that the guests are plugged into.
    pub bridge: Option<NetworkBridge>,
    /// How large a packet may be; 1500 bytes when absent. Since libvirt 3.1.
    pub mtu: Option<Mtu>,
    /// The hardware address of the host's own port on the bridge.
    pub mac: Option<NetworkMac>,
    /// The DNS domain of the guests.
    pub domain: Option<NetworkDomain>,
    /// The DNS server of the network.
    pub dns: Option<NetworkDns>,
    /// VLAN tags of all guests that have none of their own.
    pub vlan: Option<Vlan>,
    /// How fast all guests together may send and receive.
    pub bandwidth: Option<Bandwidth>,
    /// What the ports of the bridge allow.
    pub port: Option<PortOptions>,
    /// An address of the host in the network, and what the host offers there.
    pub ip: Vec<NetworkIp>,
    /// A route of the host by way of the network.
    pub route: Vec<Route>,
    /// How guests are plugged into a switch that wants to know more.
    pub virtualport: Option<Virtualport>,
    /// A class of guests with settings of its own.
    pub portgroup: Vec<NetworkPortgroup>,
    /// Lines for the configuration of dnsmasq, past libvirt's own settings. Since libvirt 5.6.
    #[name = "dnsmasq:options"]
    pub dnsmasq_options: Option<DnsmasqOptions>,
}

/// The bridge of the host that guests are plugged into.
#[element]
pub struct NetworkBridge {
    /// Its name. libvirt makes up `virbr` and a number when absent.
    pub name: Option<DeviceName>,
    /// The zone of firewalld that it is put in. Since libvirt 5.1.
    pub zone: Option<ZoneName>,
    /// Whether it takes part in the spanning tree protocol. Default: on.
    pub stp: Option<OnOff>,
    /// How long a new port waits before it forwards packets, in seconds. Default: 0.
    pub delay: Option<u64>,
    /// Who keeps the table of hardware addresses. Default: kernel.
    pub macTableManager: Option<MacTableManager>,
}

/// Who keeps the table of hardware addresses of a bridge.
#[values]
pub enum MacTableManager {
    /// The kernel learns them from the packets.
    Kernel,
    /// libvirt enters those of the guests, and the kernel learns none.
    Libvirt,
}

/// The hardware address of the host's own port on a bridge.
#[element]
pub struct NetworkMac {
    /// The address. libvirt makes one up and keeps it when absent.
    pub address: UnicastMac,
}

/// The DNS domain of the guests of a network.
#[element]
pub struct NetworkDomain {
    /// Its name.
    pub name: DnsName,
    /// Whether names of the domain that are unknown here are not asked for outside. Default: no.
    pub localOnly: Option<YesNo>,
    /// Whether the DNS server is registered with the host's resolver, so that the host too finds the guests
    /// by name. Default: no.
    pub register: Option<YesNo>,
}

/// A class of guests of a network, which a network card asks for by name.
#[element]
pub struct NetworkPortgroup {
    /// The name of the class.
    pub name: DeviceName,
    /// Whether cards that ask for no class get this one; one class at most. Default: no.
    pub default: Option<YesNo>,
    /// Whether the host lets these guests choose which packets they receive.
    pub trustGuestRxFilters: Option<YesNo>,
    /// VLAN tags of these guests.
    pub vlan: Option<Vlan>,
    /// How these guests are plugged into a switch that wants to know more.
    pub virtualport: Option<Virtualport>,
    /// How fast each of these guests may send and receive.
    pub bandwidth: Option<Bandwidth>,
}

/// Lines for the configuration of dnsmasq.
#[element]
pub struct DnsmasqOptions {
    /// One line.
    #[name = "dnsmasq:option"]
    pub dnsmasq_option: Vec<DnsmasqOption>,
}

/// One line of the configuration of dnsmasq.
#[element]
pub struct DnsmasqOption {
    /// The line, as in `dhcp-option=6,9.9.9.9`.
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
            "vlan": { "trunk": true, "tag": { "id": 42 } },
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
              <vlan trunk='yes'>
                <tag id='42'/>
              </vlan>
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
