//! The firmware of a domain and its NVRAM: the file with the firmware's variables, such as boot entries and Secure Boot keys.
//! libvirt chooses them once, when the domain is defined.

use super::Found;
use super::recorded::fill;
use crate::change::{changes, child, child_mut, missing};
use crate::plan::Reason;
use nixvirt_schema::engine::xml::Element;

/// The children of `<os>` that choose the firmware.
const PARTS: [&str; 3] = ["firmware", "loader", "nvram"];

/// Preserves the firmware while its declaration has not changed, and the NVRAM as long as the domain has one. Returns a reason
/// if libvirt has to choose another firmware.
pub(super) fn preserve_firmware(
    root: &mut Element,
    before: Option<&Element>,
    found: Found<'_>,
    is_same_machine: bool,
) -> Option<Reason> {
    let recorded = firmware(found.definition);
    let declared = firmware(root);
    let is_unchanged = match before {
        Some(before) => changes(firmware(before), &declared).is_empty(),
        None => true,
    };
    let is_kept = is_unchanged && is_same_machine && missing(&recorded, &declared).is_empty();
    // Without `firmware`, libvirt has nothing to choose from.
    let is_gone = found.loader_is_gone && loader(&declared).is_none() && recorded.attribute("firmware").is_some();
    let os = child_mut(root, "os")?;
    if is_kept && !is_gone {
        fill(os, &recorded);
        return None;
    }
    if !has_nvram(if is_kept { &recorded } else { &declared }) {
        return None;
    }
    let nvram = without_template(child(&recorded, "nvram")?);
    if is_kept {
        // The guest expects the features of its former firmware.
        let mut features = without(&recorded, &["loader", "nvram"]);
        features.children.push(nvram.clone());
        fill(os, &features);
        let loader = loader(&recorded).unwrap_or_default().to_owned();
        return Some(Reason::FirmwareReplaced { loader, nvram: path(&nvram) });
    }
    let architecture = |os: &Element| child(os, "type").and_then(|kind| kind.attribute("arch")).map(str::to_owned);
    let has_other_architecture = architecture(os)
        .zip(child(found.definition, "os").and_then(architecture))
        .is_some_and(|(declared, recorded)| declared != recorded);
    if child(os, "nvram").is_none() && !has_other_architecture {
        os.children.push(nvram);
    }
    None
}

/// The part of `<os>` that chooses the firmware.
fn firmware(domain: &Element) -> Element {
    let Some(os) = child(domain, "os") else { return Element::default() };
    Element {
        name: os.name.clone(),
        attributes: os.attributes.iter().filter(|(name, _)| name == "firmware").cloned().collect(),
        children: os.children.iter().filter(|child| PARTS.contains(&child.name.as_str())).cloned().collect(),
        text: String::new(),
    }
}

fn without(os: &Element, names: &[&str]) -> Element {
    let mut os = os.clone();
    os.children.retain(|child| !names.contains(&child.name.as_str()));
    os
}

/// The NVRAM without the template that libvirt creates a missing file from, which belongs to the firmware.
fn without_template(nvram: &Element) -> Element {
    let mut nvram = nvram.clone();
    nvram.attributes.retain(|(name, _)| !matches!(name.as_str(), "template" | "templateFormat"));
    nvram
}

/// Whether a domain with this firmware has an NVRAM.
fn has_nvram(os: &Element) -> bool {
    let loader = child(os, "loader");
    let loader_has = |name, value| loader.is_some_and(|loader| loader.attribute(name) == Some(value));
    (os.attribute("firmware") == Some("efi") || loader_has("type", "pflash"))
        && !loader_has("stateless", "yes")
        && !loader_has("type", "rom")
}

/// The path of an NVRAM.
fn path(nvram: &Element) -> String {
    let source = child(nvram, "source").and_then(|source| source.attribute("file"));
    source.unwrap_or(nvram.text.trim()).to_owned()
}

/// The file of the firmware.
fn loader(os: &Element) -> Option<&str> {
    child(os, "loader").map(|loader| loader.text.trim()).filter(|path| !path.is_empty())
}
