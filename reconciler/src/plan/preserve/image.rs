//! The images of disks. An external snapshot gives a disk a new image, an overlay, and the declared image becomes the base of
//! it. A guest that got the base again would lose all that was written since, and would make the overlay worthless.

use super::Found;
use super::sources::{PathOf, Sources, plain, spelled};
use crate::change::{changes, child, child_mut, child_text, children_of, key, missing};
use crate::plan::Reason;
use nixvirt_schema::engine::xml::Element;
use std::collections::HashMap;

/// Gives each disk the image that the guest uses, where the declaration names a base of that image.
///
/// # Errors
/// The declaration names the base of an image, and whether the guest uses that image is unknown, or is what was declared
/// before.
pub(super) fn preserve_images(domain: &mut Element, before: Option<&Element>, found: Found<'_>) -> Result<(), Reason> {
    let declared: Vec<_> = disks(domain).into_iter().filter_map(|disk| child(disk, "source").cloned()).collect();
    let images = Images::new(&declared, before, found);
    let Some(devices) = child_mut(domain, "devices") else { return Ok(()) };
    for disk in devices.children.iter_mut().filter(|device| is_written(device)) {
        if let Some(moved) = images.moved(disk)? {
            move_disk(disk, moved);
        }
    }
    Ok(())
}

/// What is known of the images of a domain. Each is found by what names it, so that the cost grows with the number of disks.
struct Images<'a> {
    /// The declared sources.
    declared: Sources<'a, ()>,
    /// The disks of the definition that was applied last, by their targets and by their sources.
    before: HashMap<String, &'a Element>,
    before_by_source: Sources<'a, &'a Element>,
    /// The disks of libvirt's persistent definition, by their targets.
    defined: HashMap<String, &'a Element>,
    /// The disks of the running guest, and those of the persistent definition, by their sources.
    tops: Sources<'a, &'a Element>,
    /// The same disks by the sources that back them, directly or through others.
    backed: Sources<'a, &'a Element>,
    /// The overlays that snapshots made, by their bases.
    overlays: Sources<'a, Overlay<'a>>,
    path_of: PathOf<'a>,
}

/// An image that an external snapshot made.
#[derive(Clone, Copy)]
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
        let of_targets = |disks: &[&'a Element]| {
            let mut by_target = HashMap::new();
            for disk in disks {
                if let Some(target) = key(disk) {
                    by_target.entry(target).or_insert(*disk);
                }
            }
            by_target
        };
        let before = before.map(disks).unwrap_or_default();
        let defined = disks(found.definition);
        let overlays: Vec<_> = found.snapshots().into_iter().flat_map(overlays).collect();
        let path_of = found.path_of;
        let made = Sources::new(overlays.iter().map(|overlay| (overlay.source, *overlay)), path_of);
        let tops: Vec<_> = found.live.map(disks).unwrap_or_default().into_iter().chain(defined.clone()).collect();
        let backed =
            |top: &&'a Element| backing(top, &made, path_of).into_iter().map(|base| (base, *top)).collect::<Vec<_>>();
        Images {
            declared: Sources::new(declared.iter().map(|source| (source, ())), path_of),
            before: of_targets(&before),
            before_by_source: by_source(&before, path_of),
            defined: of_targets(&defined),
            tops: by_source(&tops, path_of),
            backed: Sources::new(tops.iter().flat_map(backed), path_of),
            overlays: Sources::new(overlays.iter().map(|overlay| (overlay.base, *overlay)), path_of),
            path_of,
        }
    }

    /// The disk whose image a declared disk gets; None if the declared image stays.
    fn moved(&self, disk: &Element) -> Result<Option<&'a Element>, Reason> {
        let Some(source) = child(disk, "source") else { return Ok(None) };
        let path_of = self.path_of;
        let is_same = |before: &Element, source: &Element| is_same(before, source, path_of);
        let is_source = |found: &Element, declared: &Element| is_source(found, declared, path_of);
        let has_source = |disk: &Element| child(disk, "source").is_some_and(|found| is_source(found, source));
        let of_target = |disks: &HashMap<String, &'a Element>, disk: &Element| disks.get(&key(disk)?).copied();
        // A disk whose declaration has not changed keeps its image.
        let unchanged = of_target(&self.before, disk)
            .filter(|before| child(before, "source").is_some_and(|before| is_same(before, source)));
        // The image is declared for another target.
        let former = unchanged.or_else(|| self.before_by_source.first(source, is_same));
        let kept = former.and_then(|former| of_target(&self.defined, former));
        if let Some(kept) = kept.filter(|kept| !has_source(kept) && !self.is_declared(kept)) {
            return Ok(Some(kept));
        }
        if let Some(top) = self.backed.first(source, is_source) {
            let declared = child(top, "source").filter(|top| self.before_by_source.first(top, is_same).is_some());
            return match declared {
                Some(overlay) => {
                    Err(Reason::BaseOfImage { base: name(source), overlay: name(overlay), snapshot: None })
                }
                None => Ok(Some(top)),
            };
        }
        if self.tops.first(source, is_source).is_some() {
            return Ok(None);
        }
        match self.overlays.last(source, is_source) {
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
        let of_libvirt = child(disk, "source");
        of_libvirt.is_some_and(|of_libvirt| {
            self.declared
                .first(of_libvirt, |declared, of_libvirt| is_source(of_libvirt, declared, self.path_of))
                .is_some()
        })
    }
}

/// The disks that have a source, by it.
fn by_source<'a>(disks: &[&'a Element], path_of: PathOf<'a>) -> Sources<'a, &'a Element> {
    Sources::new(disks.iter().filter_map(|disk| Some((child(disk, "source")?, *disk))), path_of)
}

/// The sources that back a disk: those of its backing chain, and, since the persistent definition of a domain that is off has no
/// backing chain, those that snapshots tell.
fn backing<'a>(disk: &'a Element, made: &Sources<'a, Overlay<'a>>, path_of: PathOf<'_>) -> Vec<&'a Element> {
    let mut bases = Vec::new();
    let mut layer = disk;
    while let Some(backing) = child(layer, "backingStore") {
        bases.extend(child(backing, "source"));
        layer = backing;
    }
    let mut source = child(disk, "source");
    // Overlays of a broken archive may be each other's base.
    for _ in 0..made.count() {
        let is_made_as = |overlay: &Element, of_disk: &Element| is_source(of_disk, overlay, path_of);
        let Some(overlay) = source.and_then(|source| made.first(source, is_made_as)) else { break };
        bases.push(overlay.base);
        source = Some(overlay.base);
    }
    bases
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

/// Whether a source of libvirt is a declared one.
fn is_source(source: &Element, declared: &Element, path_of: PathOf<'_>) -> bool {
    missing(&*plain(source, path_of), &*plain(declared, path_of)).is_empty()
}

/// Whether two declared sources are one.
fn is_same(before: &Element, source: &Element, path_of: PathOf<'_>) -> bool {
    changes(&*plain(before, path_of), &*plain(source, path_of)).is_empty()
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
    disk.children.extend(child(from, "source").map(|source| plain(source, &spelled).into_owned()));
    // libvirt reads the backing chain from the images. Only a chain that somebody defined is part of the definition, and the
    // images of a running guest are numbered.
    let backing =
        child(from, "backingStore").filter(|_| child(from, "source").is_some_and(|it| it.attribute("index").is_none()));
    disk.children.extend(backing.cloned());
    let format = child(from, "driver").and_then(|driver| driver.attribute("type"));
    match child_mut(disk, "driver") {
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
