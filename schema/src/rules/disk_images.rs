//! The images that QEMU reads of a disk: its own, and the backing images below it.

use crate::engine::problem::Report;
use crate::engine::value::{Data, Value};
use crate::formats::storage::choice;
use crate::rules::memory::size;
use crate::rules::refusals::{first, is_one_of};

/// Checks that QEMU supports the encryption of each image, and the place and format of each backing image.
pub(super) fn are_supported(disk: Value<'_>, report: &mut Report<'_>) {
    let encryption = first(disk, "encryption").or_else(|| first(disk, "source.encryption"));
    if let Some(encryption) = encryption {
        can_be_decrypted(disk, encryption, first(disk, "driver.type"), report);
    }
    let mut above = disk;
    while let Some(image) = first(above, "backingStore") {
        report.start_rule();
        let format = first(image, "format.type");
        if let Some(encryption) = first(image, "source.encryption") {
            can_be_decrypted(image, encryption, format, report);
        }
        is_backing(image, format, report);
        above = image;
    }
}

/// Checks that QEMU can use a backing image.
fn is_backing(image: Value<'_>, format: Option<Value<'_>>, report: &mut Report<'_>) {
    if first(image, "type").is_some() {
        choice::some(image, "source", "a backing image with `type` requires it", report);
    }
    let protocol = first(image, "source.protocol");
    if let Some(protocol) = protocol.filter(|it| is_one_of(*it, &["sheepdog", "tftp", "vxhs"])) {
        report.error(protocol, "disk-backing-protocol", "QEMU no longer supports this protocol");
    }
    if let Some(format) = format.filter(|it| is_one_of(*it, &["cow", "dir", "iso"])) {
        let message = "QEMU does not know this format: the format of ISO images is \"raw\"";
        report.error(format, "disk-backing-format", message);
    }
    let (is_folder, is_volume) = (is_of_type(image, "dir"), is_of_type(image, "volume"));
    let is_fat = |it: Value<'_>| is_one_of(it, &["fat"]);
    if let Some(wrong) = format.filter(|it| if is_folder { !is_fat(*it) } else { is_fat(*it) && !is_volume }) {
        let message = "the format \"fat\" is that of folders (type \"dir\"), and they have no other";
        report.error(wrong, "disk-backing-folder", message);
    }
    let cache = first(image, "format.metadata_cache").filter(|it| caches_metadata(*it));
    if let Some(cache) = cache.filter(|_| !format.is_some_and(|it| is_one_of(it, &["qcow2"]))) {
        report.error(cache, "disk-backing-metadata-cache", "`metadata_cache` requires a qcow2 image");
    }
    let Some(store) = first(image, "source.dataStore").filter(|it| *it.data() != Data::Bool(false)) else { return };
    let is_raw = first(store, "format.type").is_none_or(|it| is_one_of(it, &["raw"]));
    if !is_raw || format.is_some_and(|it| !is_one_of(it, &["qcow2"])) {
        let message = "a data store must have the format \"raw\", and requires an image of the format \"qcow2\"";
        report.error(store, "disk-backing-data-store", message);
    }
}

fn is_of_type(image: Value<'_>, word: &str) -> bool {
    first(image, "type").is_some_and(|it| is_one_of(it, &[word]))
}

/// Returns whether a metadata cache has a size: one of 0 is that of QEMU.
pub(super) fn caches_metadata(cache: Value<'_>) -> bool {
    first(cache, "max_size").and_then(size).is_some_and(|size| size > 0)
}

/// Checks that QEMU can decrypt an image.
fn can_be_decrypted(image: Value<'_>, encryption: Value<'_>, image_format: Option<Value<'_>>, report: &mut Report<'_>) {
    let Some(format) = first(encryption, "format") else { return };
    if is_one_of(format, &["default", "qcow"]) {
        report.error(format, "disk-encryption-old", "QEMU no longer supports this encryption: use luks");
        return;
    }
    if let Some(engine) = first(encryption, "engine").filter(|it| is_one_of(*it, &["librbd"])) {
        if !is_of_type(image, "network") {
            report.error(engine, "disk-encryption-librbd", "the engine \"librbd\" requires an image of RBD");
        }
        return;
    }
    if is_one_of(format, &["luks2", "luks-any"]) {
        report.error(format, "disk-encryption-luks2", "this encryption requires the engine \"librbd\"");
    }
    if let Some(wrong) = image_format.filter(|it| !is_one_of(*it, &["raw", "qcow2"])) {
        report.error(wrong, "disk-encryption-format", "an encrypted image must have the format \"raw\" or \"qcow2\"");
    }
    let secrets = encryption.attribute("secret").into_iter().flat_map(Value::items);
    if let Some(second) = secrets.filter(|it| *it.data() != Data::Bool(false)).nth(1) {
        report.error(second, "disk-encryption-secrets", "the engine \"qemu\" takes only one secret");
    }
}
