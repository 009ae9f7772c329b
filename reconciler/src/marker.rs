//! The mark that is left in an object's own metadata, to tell whose it is where the record is lost.

use nixvirt_schema::engine::xml::Element;

const NAME: &str = "nixvirt:declared";
const NAMESPACE: &str = "https://github.com/AshleyYakeley/NixVirt/declared";

/// Marks an object as declared by that owner, if its format has a place for it.
pub fn mark(root: &mut Element, owner: &str) {
    if !matches!(root.name.as_str(), "domain" | "network") {
        return;
    }
    let mark = Element {
        name: NAME.to_owned(),
        attributes: vec![("xmlns:nixvirt".to_owned(), NAMESPACE.to_owned()), ("by".to_owned(), owner.to_owned())],
        ..Element::default()
    };
    match root.children.iter_mut().find(|child| child.name == "metadata") {
        Some(metadata) => {
            metadata.children.retain(|child| child.name != NAME);
            metadata.children.push(mark);
        }
        None => {
            let metadata = Element { name: "metadata".to_owned(), children: vec![mark], ..Element::default() };
            root.children.push(metadata);
        }
    }
}

/// Who declared the object.
pub fn owner(root: &Element) -> Option<&str> {
    let metadata = root.children.iter().find(|child| child.name == "metadata")?;
    metadata.children.iter().find(|child| child.name == NAME)?.attribute("by")
}
