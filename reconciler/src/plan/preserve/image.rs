//! The images of disks. An external snapshot gives a disk a new image, an overlay, and the declared image becomes the base of
//! it. A guest that got the base again would lose all that was written since, and would make the overlay worthless.

use super::Found;
use crate::change::{changes, child, child_text, children_of, key, missing};
use crate::plan::Reason;
use nixvirt_schema::engine::xml::Element;
use std::borrow::Cow;

/// Gives each disk the image that the guest uses, where the declaration names a base of that image.
///
/// # Errors
/// The declaration names the base of an image, and whether the guest uses that image is unknown, or is what was declared
/// before.
pub(super) fn preserve_images(domain: &mut Element, before: Option<&Element>, found: Found<'_>) -> Result<(), Reason> {
    let declared: Vec<_> = disks(domain).into_iter().filter_map(|disk| child(disk, "source").cloned()).collect();
    let images = Images::new(&declared, before, found);
    let Some(devices) = domain.children.iter_mut().find(|child| child.name == "devices") else { return Ok(()) };
    for disk in devices.children.iter_mut().filter(|device| is_written(device)) {
        if let Some(moved) = images.moved(disk)? {
            move_disk(disk, moved);
        }
    }
    Ok(())
}

/// What is known of the images of a domain.
struct Images<'a> {
    /// The declared sources.
    declared: &'a [Element],
    /// The disks of the definition that was applied last.
    before: Vec<&'a Element>,
    /// The disks of libvirt's persistent definition.
    defined: Vec<&'a Element>,
    /// The disks of the running guest.
    live: Vec<&'a Element>,
    /// The overlays that snapshots made.
    overlays: Vec<Overlay<'a>>,
}

/// An image that an external snapshot made.
struct Overlay<'a> {
    /// The `<source>` of the image before the snapshot.
    base: &'a Element,
    /// The `<source>` of the image since the snapshot.
    source: &'a Element,
    /// The name of the snapshot.
    snapshot: &'a str,
}

impl<'a> Images<'a> {
    fn new(declared: &'a [Element], before: Option<&'a Element>, found: Found<'a>) -> Self {
        Images {
            declared,
            before: before.map(disks).unwrap_or_default(),
            defined: disks(found.definition),
            live: found.live.map(disks).unwrap_or_default(),
            overlays: found.snapshots().into_iter().flat_map(overlays).collect(),
        }
    }

    /// The disk whose image a declared disk gets; None if the declared image stays.
    fn moved(&self, disk: &Element) -> Result<Option<&'a Element>, Reason> {
        let Some(source) = child(disk, "source") else { return Ok(None) };
        // A disk whose declaration has not changed keeps its image.
        let unchanged = self.before.iter().find(|before| is_same_target(before, disk));
        let unchanged = unchanged.filter(|before| is_same_source(before, source));
        // The image is declared for another target.
        let former = unchanged.or_else(|| self.before.iter().find(|before| is_same_source(before, source)));
        let kept = former.and_then(|former| self.defined.iter().find(|disk| is_same_target(disk, former)));
        if let Some(kept) = kept.filter(|kept| !has_source(kept, source) && !self.is_declared(kept)) {
            return Ok(Some(*kept));
        }
        let tops = || self.live.iter().chain(&self.defined);
        if let Some(top) = tops().find(|top| self.is_above(top, source)) {
            let declared = child(top, "source").filter(|top| self.before.iter().any(|disk| is_same_source(disk, top)));
            return match declared {
                Some(overlay) => {
                    Err(Reason::BaseOfImage { base: name(source), overlay: name(overlay), snapshot: None })
                }
                None => Ok(Some(*top)),
            };
        }
        if tops().any(|top| has_source(top, source)) {
            return Ok(None);
        }
        match self.overlays.iter().rev().find(|overlay| is_source(overlay.base, source)) {
            Some(overlay) => Err(Reason::BaseOfImage {
                base: name(source),
                overlay: name(overlay.source),
                snapshot: Some(overlay.snapshot.to_owned()),
            }),
            None => Ok(None),
        }
    }

    /// Whether a disk of libvirt has an image that is declared for some disk.
    fn is_declared(&self, disk: &Element) -> bool {
        self.declared.iter().any(|source| has_source(disk, source))
    }

    /// Whether the image of a disk is backed by another image, directly or through others.
    fn is_above(&self, top: &Element, base: &Element) -> bool {
        if is_backed_by(top, base) {
            return true;
        }
        // The persistent definition of a domain that is off has no backing chain.
        let mut source = child(top, "source");
        for _ in &self.overlays {
            let below = source.and_then(|source| self.overlays.iter().find(|it| is_source(source, it.source)));
            match below {
                Some(overlay) if is_source(overlay.base, base) => return true,
                below => source = below.map(|overlay| overlay.base),
            }
        }
        false
    }
}

/// The disks that a guest writes to.
fn disks(domain: &Element) -> Vec<&Element> {
    children_of(domain, "devices").iter().filter(|device| is_written(device)).collect()
}

/// Whether a device is a disk whose image a guest writes to for good. The image of a transient disk is discarded.
fn is_written(device: &Element) -> bool {
    device.name == "disk"
        && !matches!(device.attribute("device"), Some("cdrom" | "floppy"))
        && child(device, "readonly").is_none()
        && child(device, "transient").is_none()
}

fn is_same_target(one: &Element, other: &Element) -> bool {
    key(one).is_some() && key(one) == key(other)
}

/// Whether a disk of libvirt has a declared source.
fn has_source(disk: &Element, declared: &Element) -> bool {
    child(disk, "source").is_some_and(|source| is_source(source, declared))
}

/// Whether a source of libvirt is a declared one.
fn is_source(source: &Element, declared: &Element) -> bool {
    missing(&plain(source), &plain(declared)).is_empty()
}

/// Whether a disk was declared with this source.
fn is_same_source(before: &Element, source: &Element) -> bool {
    child(before, "source").is_some_and(|before| changes(&plain(before), &plain(source)).is_empty())
}

/// A source without the number that libvirt gives each image of a running guest.
fn plain(source: &Element) -> Cow<'_, Element> {
    if source.attribute("index").is_none() {
        return Cow::Borrowed(source);
    }
    let mut source = source.clone();
    source.attributes.retain(|(name, _)| name != "index");
    Cow::Owned(source)
}

fn is_backed_by(disk: &Element, source: &Element) -> bool {
    child(disk, "backingStore").is_some_and(|backing| has_source(backing, source) || is_backed_by(backing, source))
}

/// The overlays that a snapshot made.
fn overlays(snapshot: &Element) -> Vec<Overlay<'_>> {
    let name = child_text(snapshot, "name").unwrap_or_default();
    let domain = child(snapshot, "domain").map(disks).unwrap_or_default();
    let external = children_of(snapshot, "disks").iter().filter(|disk| disk.attribute("snapshot") == Some("external"));
    let mut overlays = Vec::new();
    for disk in external {
        let target = disk.attribute("name").map(str::to_ascii_lowercase);
        let before = domain.iter().find(|other| key(other) == target);
        let base = before.and_then(|before| child(before, "source"));
        if let (Some(base), Some(source)) = (base, child(disk, "source")) {
            overlays.push(Overlay { base, source, snapshot: name });
        }
    }
    overlays
}

/// Gives a disk the image of another.
fn move_disk(disk: &mut Element, from: &Element) {
    set_attribute(disk, "type", from.attribute("type"));
    disk.children.retain(|child| !matches!(child.name.as_str(), "source" | "backingStore"));
    disk.children.extend(child(from, "source").map(|source| plain(source).into_owned()));
    // libvirt reads the backing chain from the images. Only a chain that somebody defined is part of the definition, and the
    // images of a running guest are numbered.
    let backing =
        child(from, "backingStore").filter(|_| child(from, "source").is_some_and(|it| it.attribute("index").is_none()));
    disk.children.extend(backing.cloned());
    let format = child(from, "driver").and_then(|driver| driver.attribute("type"));
    match disk.children.iter_mut().find(|child| child.name == "driver") {
        Some(driver) => set_attribute(driver, "type", format),
        None => disk.children.extend(child(from, "driver").cloned()),
    }
}

fn set_attribute(element: &mut Element, name: &str, value: Option<&str>) {
    element.attributes.retain(|(other, _)| other != name);
    element.attributes.extend(value.map(|value| (name.to_owned(), value.to_owned())));
}

/// The name of an image in a message: its path, device, volume or name.
fn name(source: &Element) -> String {
    let attribute = |name: &str| source.attribute(name);
    match (attribute("pool"), attribute("volume")) {
        (Some(pool), Some(volume)) => format!("{pool}/{volume}"),
        _ => ["file", "dev", "name", "dir"].into_iter().find_map(attribute).unwrap_or_default().to_owned(),
    }
}
