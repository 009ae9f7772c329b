//! `<dns>`: [Addressing](https://libvirt.org/formatnetwork.html#addressing).

use crate::engine::problem::Report;
use crate::engine::scalar::YesNo;
use crate::engine::view::{Read, View};
use crate::formats::networking::TransportProtocol;
use crate::formats::patterns::{DnsName, Ip};
use nixvirt_schema_derive::element;

/// The DNS server of a network.
#[element]
pub struct NetworkDns {
    /// Whether there is one. Default: yes.
    pub enable: Option<YesNo>,
    /// Whether names without a dot that are unknown here are asked for outside. Default: yes.
    pub forwardPlainNames: Option<YesNo>,
    /// A server outside that is asked for what is unknown here; those of the host when absent.
    pub forwarder: Vec<NetworkDnsForwarder>,
    /// A text record.
    pub txt: Vec<NetworkDnsTxt>,
    /// An address with names.
    pub host: Vec<NetworkDnsHost>,
    /// A record that tells where a service is.
    pub srv: Vec<NetworkDnsSrv>,
}

/// A DNS server outside.
#[element]
pub struct NetworkDnsForwarder {
    /// The domain whose names it is asked for; all when absent.
    pub domain: Option<DnsName>,
    /// Its address. Without one, names of the domain are asked for as usual.
    pub addr: Option<Ip>,
}

/// A text record of DNS.
#[element]
pub struct NetworkDnsTxt {
    /// The name that it is about.
    pub name: DnsName,
    /// The text.
    pub value: String,
}

/// An address with names.
#[element(rules)]
pub struct NetworkDnsHost {
    /// The address.
    pub ip: Ip,
    /// A name of it; at least one.
    #[child]
    pub hostname: Vec<DnsName>,
}

/// A record that tells where a service is.
#[element]
pub struct NetworkDnsSrv {
    /// The name of the service, as in `ldap`.
    pub service: String,
    /// The protocol of the service.
    pub protocol: TransportProtocol,
    /// The domain that it is about; that of the network when absent.
    pub domain: Option<DnsName>,
    /// The host that offers it; a dot says that nobody does.
    pub target: Option<String>,
    /// The port on that host.
    pub port: Option<u16>,
    /// The rank among several hosts: the lowest is tried first.
    pub priority: Option<u16>,
    /// The share among hosts of the same rank.
    pub weight: Option<u16>,
}

impl View<'_, NetworkDnsHost> {
    fn rules(self, report: &mut Report<'_>) {
        if self.hostname().next().is_none() {
            report.missing(self.value(), "hostname", "is required: at least one name for the address");
        }
    }
}
