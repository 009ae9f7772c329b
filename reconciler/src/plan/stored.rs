//! What libvirt keeps of a definition. The rest is no difference between a declaration and what libvirt has.

use nixvirt_schema::engine::xml::Element;

/// The elements of a pool that tell how full it is.
const USAGE: [&str; 3] = ["capacity", "allocation", "available"];

/// A definition without what libvirt does not keep: how full a pool is, and an empty `<dhcp/>` of a network.
pub fn stored(mut definition: Element) -> Element {
    match definition.name.as_str() {
        "pool" => definition.children.retain(|child| !USAGE.contains(&child.name.as_str())),
        "network" => {
            let is_empty_dhcp = |child: &Element| *child == Element { name: "dhcp".to_owned(), ..Element::default() };
            let addresses = definition.children.iter_mut().filter(|child| child.name == "ip");
            addresses.for_each(|ip| ip.children.retain(|child| !is_empty_dhcp(child)));
        }
        _ => {}
    }
    definition
}
