//! The owner of an object, recorded in the metadata of its definition. It identifies managed objects if the state records
//! are lost.

use nixvirt_schema::engine::xml::Element;

const NAME: &str = "nixvirt:declared";
const NAMESPACE: &str = "https://github.com/AshleyYakeley/NixVirt/declared";

/// Records the owner in an object's definition, if its format has a place for metadata.
pub fn set_owner(root: &mut Element, owner: &str) {
    if !matches!(root.name.as_str(), "domain" | "network") {
        return;
    }
    let element = Element {
        name: NAME.to_owned(),
        attributes: vec![("xmlns:nixvirt".to_owned(), NAMESPACE.to_owned()), ("by".to_owned(), owner.to_owned())],
        ..Element::default()
    };
    match root.children.iter_mut().find(|child| child.name == "metadata") {
        Some(metadata) => {
            metadata.children.retain(|child| child.name != NAME);
            metadata.children.push(element);
        }
        None => {
            let metadata = Element { name: "metadata".to_owned(), children: vec![element], ..Element::default() };
            root.children.push(metadata);
        }
    }
}

/// Whether a child of `<metadata>` records an owner.
pub fn is_mark(element: &Element) -> bool {
    element.name == NAME
}

/// The owner that an object's definition records.
pub fn owner(root: &Element) -> Option<&str> {
    let metadata = root.children.iter().find(|child| child.name == "metadata")?;
    metadata.children.iter().find(|child| child.name == NAME)?.attribute("by")
}
