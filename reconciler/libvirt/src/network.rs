//! Changing running networks.

use crate::connection::Connection;
use crate::error::{Error, ask, has_number};
use nixvirt::change::{changes, child, missing};
use nixvirt::object::Id;
use nixvirt::step::{NetworkSection, NetworkUpdate};
use nixvirt_schema::engine::xml::{self, Element};
use virt::error::ErrorNumber;
use virt::sys;

impl Connection {
    pub(crate) fn update_network(
        &self,
        id: &Id,
        how: NetworkUpdate,
        section: NetworkSection,
        parent: i32,
        part: &Element,
    ) -> Result<(), Error> {
        let what = "cannot change the running network";
        let network = ask(what, self.connect().lookup_network_by_name(&id.name))?;
        if !ask(what, network.is_active())? {
            return Ok(());
        }
        let command = match how {
            NetworkUpdate::Add => sys::VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
            NetworkUpdate::Delete => sys::VIR_NETWORK_UPDATE_COMMAND_DELETE,
        };
        let (number, path, name) = place(section);
        let update = network.update(command, number, parent, &part.to_string(), sys::VIR_NETWORK_UPDATE_AFFECT_LIVE);
        match ask(what, update) {
            // An earlier run added or removed it, and libvirt refuses to do so twice.
            Err(why) if has_number(&why, ErrorNumber::OperationInvalid) => {
                let text = ask(what, network.xml_desc(0))?;
                let root = xml::element(&text).unwrap_or_default();
                let is_there = parts(&root, path, name, parent).any(|found| is_same(found, part, how));
                if is_there == (how != NetworkUpdate::Delete) { Ok(()) } else { Err(why) }
            }
            updated => updated,
        }
    }
}

/// Returns libvirt's number of a section, the path of elements to its parts, and the name of its parts.
fn place(section: NetworkSection) -> (sys::virNetworkUpdateSection, &'static [&'static str], &'static str) {
    match section {
        NetworkSection::IpDhcpHost => (sys::VIR_NETWORK_SECTION_IP_DHCP_HOST, &["ip", "dhcp"], "host"),
        NetworkSection::IpDhcpRange => (sys::VIR_NETWORK_SECTION_IP_DHCP_RANGE, &["ip", "dhcp"], "range"),
        NetworkSection::ForwardInterface => (sys::VIR_NETWORK_SECTION_FORWARD_INTERFACE, &["forward"], "interface"),
        NetworkSection::Portgroup => (sys::VIR_NETWORK_SECTION_PORTGROUP, &[], "portgroup"),
        NetworkSection::DnsHost => (sys::VIR_NETWORK_SECTION_DNS_HOST, &["dns"], "host"),
        NetworkSection::DnsTxt => (sys::VIR_NETWORK_SECTION_DNS_TXT, &["dns"], "txt"),
        NetworkSection::DnsSrv => (sys::VIR_NETWORK_SECTION_DNS_SRV, &["dns"], "srv"),
    }
}

/// Returns the parts of a section. `number` selects one of several `<ip>`.
fn parts<'a>(
    network: &'a Element,
    path: &[&str],
    name: &'a str,
    parent: i32,
) -> impl Iterator<Item = &'a Element> + use<'a> {
    let number = usize::try_from(parent).unwrap_or(0);
    let folder = path.iter().try_fold(network, |above, name| match *name {
        "ip" => above.children.iter().filter(|child| child.name == "ip").nth(number),
        name => child(above, name),
    });
    folder.into_iter().flat_map(move |folder| folder.children.iter().filter(move |child| child.name == name))
}

/// Whether a part is the one that is added or removed. libvirt removes the part with the same key, even if other fields
/// differ.
fn is_same(found: &Element, wanted: &Element, how: NetworkUpdate) -> bool {
    match how {
        NetworkUpdate::Delete => changes(found, wanted).is_empty(),
        NetworkUpdate::Add => missing(found, wanted).is_empty(),
    }
}
