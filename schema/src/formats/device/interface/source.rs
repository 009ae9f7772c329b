//! `<source>` of an interface: [Network interfaces](https://libvirt.org/formatdomain.html#network-interfaces).

use super::InterfaceIp;
use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff, YesNo};
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::device::reconnect::Reconnect;
use crate::formats::network::MacTableManager;
use crate::formats::networking::Route;
use crate::formats::patterns::{AbsolutePath, DeviceName, Ipv4, Uuid, all};
use nixvirt_schema_derive::{element, values};

/// A network of libvirt.
#[element(rules)]
pub struct InterfaceSourceNetwork {
    /// The name of the network.
    pub network: String,
    /// The port group of the network; its default one when absent.
    pub portgroup: Option<DeviceName>,
    /// The id of the port; libvirt makes it up and tells it.
    pub portid: Option<Uuid>,
    /// The bridge that the network has; libvirt tells it and does not read it.
    pub bridge: Option<BridgeName>,
    /// Who keeps the table of hardware addresses of that bridge; libvirt tells it and does not read it.
    pub macTableManager: Option<MacTableManager>,
}

/// A bridge of the host.
#[element(rules)]
pub struct InterfaceSourceBridge {
    /// The name of the bridge.
    pub bridge: BridgeName,
    /// Who keeps the table of hardware addresses of the bridge.
    pub macTableManager: Option<MacTableManager>,
    /// The network that the bridge belongs to; libvirt tells it and does not read it.
    pub network: Option<String>,
    /// The port group of that network.
    pub portgroup: Option<DeviceName>,
    /// The id of the port in that network.
    pub portid: Option<Uuid>,
}

/// Addresses and routes of the host's side of a network card.
#[element]
pub struct InterfaceSourceEthernet {
    /// An address.
    pub ip: Vec<InterfaceIp>,
    /// A route of the host by way of the card.
    pub route: Vec<Route>,
}

/// A network interface of the host, by macvtap.
#[element(rules)]
pub struct InterfaceSourceDirect {
    /// Its name.
    pub dev: DeviceName,
    /// How guests on the same interface reach each other. Default: vepa.
    pub mode: Option<InterfaceSourceMode>,
    /// The network that the interface belongs to; libvirt tells it and does not read it.
    pub network: Option<String>,
    /// The port group of that network.
    pub portgroup: Option<DeviceName>,
    /// The id of the port in that network.
    pub portid: Option<Uuid>,
}

/// How guests on the same interface of the host reach each other.
#[values]
pub enum InterfaceSourceMode {
    /// A switch outside passes on what they send to each other.
    Vepa,
    /// The host passes it on.
    Bridge,
    /// They do not.
    Private,
    /// There is one guest only, which has the interface for itself.
    Passthrough,
}

/// A device of the host.
#[element]
pub struct InterfaceSourceDev {
    /// Its name or path.
    pub dev: DeviceName,
}

/// A network of the hypervisor.
#[element]
pub struct InterfaceSourceInternal {
    /// Its name.
    pub name: DeviceName,
}

/// An address and port of another program or of a multicast group.
#[element]
pub struct InterfaceSourceSocket {
    /// The address.
    pub address: Ipv4,
    /// The port.
    pub port: Int<-1, 65535>,
}

/// An address and port to listen on.
#[element]
pub struct InterfaceSourceServer {
    /// The address; any when absent.
    pub address: Option<Ipv4>,
    /// The port.
    pub port: Int<-1, 65535>,
}

/// Where packets are sent to by UDP, and where they are received.
#[element]
pub struct InterfaceSourceUdp {
    /// The address to send to.
    pub address: Ipv4,
    /// The port to send to.
    pub port: Int<-1, 65535>,
    /// Where packets are received.
    pub local: InterfaceSourceSocket,
}

/// A network device of the host that the guest has for itself: its `address`, or, of a USB device, `vendor`
/// and `product`.
#[element(rules)]
pub struct InterfaceSourceHostdev {
    /// Whether the device could not be found; libvirt tells it and does not read it.
    pub missing: Option<YesNo>,
    /// Who made the USB device.
    pub vendor: Option<InterfaceSourceUsbId>,
    /// Which of the maker's USB devices it is.
    pub product: Option<InterfaceSourceUsbId>,
    /// Where the device sits in the host.
    pub address: Option<InterfaceSourceAddress>,
}

/// An id of a USB device.
#[element]
pub struct InterfaceSourceUsbId {
    /// The id, as lsusb prints it.
    pub id: Hex<4>,
}

/// Where a network device sits in the host.
#[element("type")]
pub enum InterfaceSourceAddress {
    /// A function of a slot on a PCI bus.
    Pci {
        /// The PCI domain.
        domain: Option<Hex<4, 0xffff_ffff>>,
        /// The bus.
        bus: Option<Hex<2>>,
        /// The slot on the bus.
        slot: Option<Hex<2, 31>>,
        /// The function of the slot.
        function: Option<Hex<1, 7>>,
        /// Whether other functions of the same slot are used too.
        multifunction: Option<OnOff>,
    },
    /// A device on a USB bus. The type is left out beside `vendor` and `product`.
    #[default]
    Usb {
        /// The bus, as lsusb prints it.
        bus: Int<0, 999>,
        /// The device on the bus, as lsusb prints it.
        device: Int<0, 999>,
    },
}

/// The socket of a program that moves packets in memory shared with the guest.
#[element]
pub struct InterfaceSourceVhostuser {
    /// The kind of socket.
    pub r#type: Option<InterfaceSourceVhostuserType>,
    /// The path of the socket.
    pub path: Option<AbsolutePath>,
    /// Who waits for the other one.
    pub mode: Option<InterfaceSourceVhostuserMode>,
    /// The network interface of the host that the backend `passt` uses. Since libvirt 11.1.
    pub dev: Option<DeviceName>,
    /// What to do when the program goes away, in mode `client`.
    pub reconnect: Option<Reconnect>,
}

/// A kind of socket.
#[values]
pub enum InterfaceSourceVhostuserType {
    /// One with a path.
    Unix,
}

/// Who waits for the other one.
#[values]
pub enum InterfaceSourceVhostuserMode {
    /// The hypervisor waits for the program.
    Server,
    /// The program waits for the hypervisor.
    Client,
}

/// A distributed switch of VMware.
#[element]
pub struct InterfaceSourceVds {
    /// The id of the switch.
    pub switchid: Uuid,
    /// The number of the port.
    pub portid: Option<i64>,
    /// The id of the group of ports.
    pub portgroupid: Option<String>,
    /// The number of the connection.
    pub connectionid: Option<i64>,
}

patterns! {
    /// The name of a bridge of the host.
    BridgeName = "the name of a bridge such as br0: letters, digits, blanks and _ . - \\ : /", r"[a-zA-Z0-9_.\-\\:/ ]*", |text| text.is_empty() || all(text, |byte| byte.is_ascii_alphanumeric() || b"_.-\\:/ ".contains(&byte));
}

impl View<'_, InterfaceSourceNetwork> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(manager), None) = (self.macTableManager(), self.bridge()) {
            report.error(manager.value(), "source-without-bridge", "is about a bridge: name it in `bridge`");
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

/// Says that a port group and a port are those of a network.
fn needs_network(source: Value<'_>, report: &mut Report<'_>) {
    if source.attribute("network").is_some() {
        return;
    }
    for part in ["portgroup", "portid"].iter().filter_map(|name| source.attribute(name)) {
        report.error(part, "source-without-network", "is about a network of libvirt: use an interface of type network");
    }
}

impl View<'_, InterfaceSourceHostdev> {
    fn rules(self, report: &mut Report<'_>) {
        let address = self.address();
        // The short form of a PCI address has its type too.
        let has_type = address.is_some_and(|it| it.r#type().is_some() || matches!(it.value().data(), Data::Text(_)));
        match (self.vendor(), self.product(), address) {
            (Some(_), None, _) => report.missing(self.value(), "product", "is required beside `vendor`"),
            (None, Some(_), _) => report.missing(self.value(), "vendor", "is required beside `product`"),
            (Some(_), Some(_), Some(address)) if has_type => report.error(
                address.value(),
                "source-usb-address",
                "takes `bus` and `device` alone beside `vendor` and `product`",
            ),
            (None, None, None) => {
                report.missing(self.value(), "address", "is required: where the device is, or `vendor` and `product`");
            }
            (None, None, Some(address)) if !has_type => {
                report.missing(address.value(), "type", "is required: pci or usb");
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
        let spec = format!(r#"{{ "type": "kvm", "name": "vm", "devices": {{ "interface": {interface} }} }}"#);
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
            devices.interface.source.address: is required: where the device is, or `vendor` and `product`
        "#]],
        );
        check(
            r#"{ "vendor": { "id": "0b95" }, "address": { "bus": 1, "device": 4 } }"#,
            expect![[r#"
            devices.interface.source.product: is required beside `vendor`
        "#]],
        );
        check(
            r#"{ "address": { "bus": 1, "device": 4 } }"#,
            expect![[r#"
            devices.interface.source.address.type: is required: pci or usb
        "#]],
        );
    }
}
