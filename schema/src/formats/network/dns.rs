//! `<dns>`: [Addressing](https://libvirt.org/formatnetwork.html#addressing).

use crate::engine::problem::Report;
use crate::engine::scalar::YesNo;
use crate::engine::view::{Read, View};
use crate::formats::networking::TransportProtocol;
use crate::formats::patterns::{DnsName, Ip};
use nixvirt_schema_derive::element;

/// DNS server of a network.
#[element]
pub struct NetworkDns {
    /// Whether the DNS server is enabled. Defaults to `true`.
    pub enable: Option<YesNo>,
    /// Whether names without a dot that are unknown in the network are forwarded to other DNS servers. Defaults to `true`.
    pub forwardPlainNames: Option<YesNo>,
    /// Upstream DNS servers for names unknown in the network. Defaults to the DNS servers of the host.
    pub forwarder: Vec<NetworkDnsForwarder>,
    /// DNS TXT records.
    pub txt: Vec<NetworkDnsTxt>,
    /// DNS host entries: IP addresses and their names.
    pub host: Vec<NetworkDnsHost>,
    /// DNS SRV records.
    pub srv: Vec<NetworkDnsSrv>,
}

/// Upstream DNS server of a network.
#[element]
pub struct NetworkDnsForwarder {
    /// Domain whose names are forwarded to the DNS server. Defaults to all domains.
    pub domain: Option<DnsName>,
    /// IP address of the DNS server. If omitted, names of `domain` are resolved as usual.
    pub addr: Option<Ip>,
    /// Port of the DNS server. Defaults to 53.
    #[since = "12.0"]
    pub port: Option<u16>,
}

/// DNS TXT record.
#[element]
pub struct NetworkDnsTxt {
    /// Name of the TXT record.
    pub name: DnsName,
    /// Text of the TXT record.
    pub value: String,
}

/// DNS host entry: an IP address and its names.
#[element(rules)]
pub struct NetworkDnsHost {
    /// IP address of the host.
    pub ip: Ip,
    /// Names of the host. At least one is required.
    #[child]
    pub hostname: Vec<DnsName>,
}

/// DNS SRV record: the location of a service.
#[element]
pub struct NetworkDnsSrv {
    /// Name of the service, such as `ldap`.
    pub service: String,
    /// Transport protocol of the service.
    pub protocol: TransportProtocol,
    /// Domain of the SRV record. Defaults to the domain of the network.
    pub domain: Option<DnsName>,
    /// Name of the host that offers the service. A dot (`.`) means that the service is not available.
    pub target: Option<String>,
    /// Port of the service on the target host.
    pub port: Option<u16>,
    /// Priority of the target host. Hosts with the lowest value are tried first.
    pub priority: Option<u16>,
    /// Relative weight of the target host among hosts of the same priority.
    pub weight: Option<u16>,
}

impl View<'_, NetworkDnsHost> {
    fn rules(self, report: &mut Report<'_>) {
        if self.hostname().next().is_none() {
            report.missing(self.value(), "hostname", "expected at least one name for the address");
        }
    }
}
