//! `<source>` of an interface: [Network interfaces](https://libvirt.org/formatdomain.html#network-interfaces).

use super::InterfaceIp;
use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, YesNo};
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::device::reconnect::Reconnect;
use crate::formats::network::MacTableManager;
use crate::formats::networking::Route;
use crate::formats::patterns::{AbsolutePath, DeviceName, Ipv4, UsbPort, Uuid, all};
use crate::formats::pci::{self, PciParts};
use crate::formats::storage::choice;
use nixvirt_schema_derive::{element, values};

/// Network of libvirt that a network interface connects to.
#[element(rules)]
pub struct InterfaceSourceNetwork {
    /// Name of the libvirt network.
    pub network: String,
    /// Port group of the network. Defaults to the network's default port group.
    pub portgroup: Option<DeviceName>,
    /// UUID of the network port. Output only: libvirt generates the value.
    #[output]
    pub portid: Option<Uuid>,
    /// Output only: the bridge of the network.
    pub bridge: Option<BridgeName>,
    /// Output only: whether the kernel or libvirt manages the MAC address table of the network's bridge.
    pub macTableManager: Option<MacTableManager>,
}

/// Host bridge that a network interface connects to.
#[element(rules)]
pub struct InterfaceSourceBridge {
    /// Name of the bridge on the host.
    pub bridge: BridgeName,
    /// Whether the kernel or libvirt manages the MAC address table of the bridge.
    pub macTableManager: Option<MacTableManager>,
    /// Output only: the libvirt network that the bridge belongs to.
    pub network: Option<String>,
    /// Port group of the libvirt network that the bridge belongs to.
    pub portgroup: Option<DeviceName>,
    /// UUID of the port in the libvirt network that the bridge belongs to.
    #[output]
    pub portid: Option<Uuid>,
}

/// IP addresses and routes of the host side of a network interface.
#[element]
pub struct InterfaceSourceEthernet {
    /// IP address of the host side.
    pub ip: Vec<InterfaceIp>,
    /// Route of the host through the network interface.
    pub route: Vec<Route>,
}

/// Host network interface attached through macvtap.
#[element(rules)]
pub struct InterfaceSourceDirect {
    /// Name of the network interface on the host.
    pub dev: DeviceName,
    /// Macvtap mode: how guests on the same host network interface reach each other. Defaults to `vepa`.
    pub mode: Option<InterfaceSourceMode>,
    /// Output only: the libvirt network that the host network interface belongs to.
    pub network: Option<String>,
    /// Port group of the libvirt network that the host network interface belongs to.
    pub portgroup: Option<DeviceName>,
    /// UUID of the port in the libvirt network that the host network interface belongs to.
    #[output]
    pub portid: Option<Uuid>,
}

/// Macvtap mode: how guests on the same host network interface reach each other.
#[values]
pub enum InterfaceSourceMode {
    /// External switch: an external switch forwards traffic between the guests (VEPA).
    Vepa,
    /// Bridge: the host forwards traffic between the guests.
    Bridge,
    /// Private: the guests cannot reach each other.
    Private,
    /// Passthrough: a single guest uses the host network interface exclusively.
    Passthrough,
}

/// Host network device.
#[element]
pub struct InterfaceSourceDev {
    /// Name or path of the device on the host.
    pub dev: DeviceName,
}

/// Internal network of the hypervisor.
#[element]
pub struct InterfaceSourceInternal {
    /// Name of the internal network.
    pub name: DeviceName,
}

/// Address and port of another program or of a multicast group.
#[element]
pub struct InterfaceSourceSocket {
    /// IPv4 address of the program or multicast group.
    pub address: Ipv4,
    /// Port of the program or multicast group.
    pub port: Int<-1, 65535>,
}

/// Address and port a network interface listens on.
#[element]
pub struct InterfaceSourceServer {
    /// IPv4 address to listen on. Defaults to any address.
    pub address: Option<Ipv4>,
    /// Port to listen on.
    pub port: Int<-1, 65535>,
}

/// Addresses and ports of both ends of a UDP tunnel.
#[element]
pub struct InterfaceSourceUdp {
    /// IPv4 address that packets are sent to.
    pub address: Ipv4,
    /// UDP port that packets are sent to.
    pub port: Int<-1, 65535>,
    /// Local address and port for received packets.
    pub local: InterfaceSourceSocket,
}

/// Host network device reserved for the guest: an `address`, or the `vendor` and `product` of a USB device.
#[element(rules)]
pub struct InterfaceSourceHostdev {
    /// Output only: whether the device could not be found.
    pub missing: Option<YesNo>,
    /// Vendor of the USB device. Requires `product`.
    pub vendor: Option<InterfaceSourceUsbId>,
    /// Product of the USB device. Requires `vendor`.
    pub product: Option<InterfaceSourceUsbId>,
    /// Address of the device on the host.
    pub address: Option<InterfaceSourceAddress>,
}

/// Vendor or product ID of a USB device.
#[element]
pub struct InterfaceSourceUsbId {
    /// Vendor or product ID, as printed by `lsusb`.
    pub id: Hex<4>,
}

/// Address of a network device on the host.
#[element("type", rules, notation = pci::NOTATION)]
pub enum InterfaceSourceAddress {
    /// PCI address on the host.
    Pci {
        /// PCI address of the device.
        #[flatten]
        pci: PciParts,
    },
    /// USB address on the host. Omit the type if `vendor` and `product` are given.
    #[default]
    Usb {
        /// USB bus number on the host, as printed by `lsusb`.
        bus: Int<0, 999>,
        /// Device number on the USB bus, as printed by `lsusb`.
        #[optional_since = "12.0"]
        device: Option<Int<0, 999>>,
        /// Port that the device is plugged into. Ports behind hubs include the ports of the hubs: `1.2`.
        #[since = "12.0"]
        port: Option<UsbPort>,
    },
}

impl View<'_, InterfaceSourceAddress> {
    fn rules(self, report: &mut Report<'_>) {
        let is_usb = match self.r#type().and_then(Read::text) {
            Some(kind) => kind == "usb",
            None => matches!(self.value().data(), Data::Set(_)),
        };
        if is_usb {
            choice::just_one(self.value(), &["device", "port"], "usb-device-or-port", report);
        }
    }
}

/// Socket of a vhost-user program, which processes packets in memory shared with the guest.
#[element]
pub struct InterfaceSourceVhostuser {
    /// Type of the vhost-user socket.
    pub r#type: Option<InterfaceSourceVhostuserType>,
    /// Path of the vhost-user socket.
    pub path: Option<AbsolutePath>,
    /// Whether the hypervisor or the vhost-user program waits for the connection.
    pub mode: Option<InterfaceSourceVhostuserMode>,
    /// Host network interface used by the `passt` backend.
    #[since = "11.1"]
    pub dev: Option<DeviceName>,
    /// Reconnection after the vhost-user program closes the connection, in mode `client`.
    pub reconnect: Option<Reconnect>,
}

/// Type of a vhost-user socket.
#[values]
pub enum InterfaceSourceVhostuserType {
    /// Unix socket.
    Unix,
}

/// Role of the hypervisor on a vhost-user socket.
#[values]
pub enum InterfaceSourceVhostuserMode {
    /// Server: the hypervisor waits for the program to connect.
    Server,
    /// Client: the hypervisor connects to the waiting program.
    Client,
}

/// VMware distributed switch.
#[element]
pub struct InterfaceSourceVds {
    /// UUID of the distributed switch.
    pub switchid: Uuid,
    /// Port number on the distributed switch.
    pub portid: Option<i64>,
    /// ID of the port group on the distributed switch.
    pub portgroupid: Option<String>,
    /// Connection number on the distributed switch.
    pub connectionid: Option<i64>,
}

patterns! {
    /// Name of a bridge on the host.
    BridgeName = "bridge name", "letters, digits, spaces, \"_\", \".\", \"-\", \"\\\", \":\" or \"/\", e.g. br0", r"[a-zA-Z0-9_.\-\\:/ ]*", |text| text.is_empty() || all(text, |byte| byte.is_ascii_alphanumeric() || b"_.-\\:/ ".contains(&byte));
}

impl View<'_, InterfaceSourceNetwork> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(manager), None) = (self.macTableManager(), self.bridge()) {
            report.error(manager.value(), "source-without-bridge", "`macTableManager` requires `bridge`");
        }
    }
}

impl View<'_, InterfaceSourceBridge> {
    fn rules(self, report: &mut Report<'_>) {
        needs_network(self.value(), report);
    }
}

impl View<'_, InterfaceSourceDirect> {
    fn rules(self, report: &mut Report<'_>) {
        needs_network(self.value(), report);
    }
}

/// Reports a port group or port ID that is given without a libvirt network.
fn needs_network(source: Value<'_>, report: &mut Report<'_>) {
    if source.attribute("network").is_some() {
        return;
    }
    for part in ["portgroup", "portid"].iter().filter_map(|name| source.attribute(name)) {
        let message = format!("`{}` requires an interface of type \"network\"", part.key());
        report.error(part, "source-without-network", message);
    }
}

impl View<'_, InterfaceSourceHostdev> {
    fn rules(self, report: &mut Report<'_>) {
        let address = self.address();
        // The short form of a PCI address has its type too.
        let has_type = address.is_some_and(|it| it.r#type().is_some() || matches!(it.value().data(), Data::Text(_)));
        match (self.vendor(), self.product(), address) {
            (Some(_), None, _) => {
                report.missing(self.value(), "product", "`vendor` requires it");
            }
            (None, Some(_), _) => {
                report.missing(self.value(), "vendor", "`product` requires it");
            }
            (Some(_), Some(_), Some(address)) if has_type => {
                let message = "with `vendor` and `product`, the address has `bus` and `device` only: remove `type`";
                report.error(address.value(), "source-usb-address", message);
            }
            (None, None, None) => {
                report.missing(
                    self.value(),
                    "address",
                    "expected the address of the device, or `vendor` and `product`",
                );
            }
            (None, None, Some(address)) if !has_type => {
                report.missing(address.value(), "type", "expected pci or usb");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{json, render};
    use crate::kind::Kind;
    use expect_test::{Expect, expect};

    fn check(source: &str, problems: Expect) {
        let interface = format!(r#"{{ "type": "hostdev", "source": {source} }}"#);
        let spec = format!(
            r#"{{ "type": "kvm", "name": "vm", "memory": "64 MiB", "os": {{ "type": "hvm" }}, "devices": {{ "interface": {interface} }} }}"#
        );
        let spec = json::parse(&spec).unwrap();
        let all = render::render(Kind::Domain, &spec).report.findings().locate(|_| None);
        let said: Vec<_> = all.iter().map(|it| it.to_string() + "\n").collect();
        problems.assert_eq(&said.concat());
    }

    #[test]
    fn a_device_of_the_host_is_named_in_one_way() {
        check(r#"{ "address": "0000:01:00.0" }"#, expect![""]);
        check(
            r#"{ "vendor": { "id": "0b95" }, "product": { "id": "1790" }, "address": { "bus": 1, "device": 4 } }"#,
            expect![""],
        );
        check(
            "{}",
            expect![[r#"
                error[missing]: devices.interface.source.address: missing required attribute "address": expected the address of the device, or `vendor` and `product`
            "#]],
        );
        check(
            r#"{ "vendor": { "id": "0b95" }, "address": { "bus": 1, "device": 4 } }"#,
            expect![[r#"
                error[missing]: devices.interface.source.product: missing required attribute "product": `vendor` requires it
            "#]],
        );
        check(
            r#"{ "address": { "bus": 1, "device": 4 } }"#,
            expect![[r#"
                error[missing]: devices.interface.source.address.type: missing required attribute "type": expected pci or usb
            "#]],
        );
    }
}
