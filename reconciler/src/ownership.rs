//! The owner of an object, recorded in the metadata of its definition. It identifies managed objects if the state records
//! are lost.

use crate::change::child_mut;
use nixvirt_schema::engine::xml::Element;

const NAME: &str = "nixvirt:declared";
const NAMESPACE: &str = "urn:nixvirt:declared";

/// The namespace in which earlier versions noted the owner. An object keeps that note until it is defined again.
const FORMER_NAMESPACE: &str = "https://github.com/AshleyYakeley/NixVirt/declared";

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
    match child_mut(root, "metadata") {
        Some(metadata) => {
            metadata.children.retain(|child| !is_note(child));
            metadata.children.push(element);
        }
        None => {
            let metadata = Element { name: "metadata".to_owned(), children: vec![element], ..Element::default() };
            root.children.push(metadata);
        }
    }
}

/// Removes the owner from an object's definition.
pub fn remove_owner(root: &mut Element) {
    let metadata = root.children.iter_mut().filter(|child| child.name == "metadata");
    metadata.for_each(|metadata| metadata.children.retain(|child| !is_note(child)));
    root.children.retain(|child| *child != Element { name: "metadata".to_owned(), ..Element::default() });
}

/// Whether a child of `<metadata>` records an owner.
pub fn is_mark(element: &Element) -> bool {
    element.name == NAME
}

/// The owner that an object's definition records.
pub fn owner(root: &Element) -> Option<&str> {
    let metadata = root.children.iter().find(|child| child.name == "metadata")?;
    metadata.children.iter().find(|child| is_note(child))?.attribute("by")
}

/// Whether an element of the metadata notes the owner.
fn is_note(element: &Element) -> bool {
    let namespace = element.attribute("xmlns:nixvirt");
    element.name == NAME && matches!(namespace, Some(NAMESPACE | FORMER_NAMESPACE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nixvirt_schema::engine::xml;
    use pretty_assertions::assert_eq;

    #[test]
    fn the_note_of_an_earlier_version() {
        let note = |namespace: &str| {
            let text = format!(
                "<domain><metadata><nixvirt:declared xmlns:nixvirt='{namespace}' by='here'/><other xmlns='o'/></metadata></domain>"
            );
            xml::element(&text).expect("XML")
        };
        let mut former = note(FORMER_NAMESPACE);
        assert_eq!(owner(&former), Some("here"));
        assert_eq!(owner(&note("urn:another")), None);
        set_owner(&mut former, "here");
        assert_eq!(
            former.to_string().matches("nixvirt:declared").count(),
            2,
            "in the name and in the namespace: {former}"
        );
        assert_eq!(owner(&former), Some("here"));
    }
}
