//! Formats of disk images. QEMU reads an image as raw unless the format is set, whatever the file is called.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::disk::Disk;

/// Extensions of files, each with the format of such files.
const EXTENSIONS: &[(&str, &str)] = &[
    ("qcow2", "qcow2"),
    ("qcow", "qcow"),
    ("qed", "qed"),
    ("vdi", "vdi"),
    ("vhd", "vpc"),
    ("vhdx", "vhdx"),
    ("vmdk", "vmdk"),
    ("raw", "raw"),
    ("iso", "raw"),
];

/// Checks that the format of a disk is set if it is not raw, and that it is the format of the file.
pub(super) fn fits_the_file(disk: Value<'_>, report: &mut Report<'_>) {
    let disk = View::<Disk>::new(disk);
    let Some(image) = image(disk) else { return };
    let Some(usual) = image.text().and_then(format_of) else { return };
    let given = disk.driver().and_then(|driver| driver.r#type());
    match given.and_then(Read::text) {
        None if usual != "raw" => {
            let message = format!("the format of {} is not set: the guest sees the file as raw data", image.shown());
            report.warning(disk.value(), "disk-format-unset", message).hint(hint(usual));
        }
        Some(format) if format != usual && !(usual == "raw" && format == "iso") => {
            let message = format!("format {format:?} does not fit the file name {}", image.shown());
            let at = given.map_or(disk.value(), Read::value);
            report.warning(at, "disk-format-mismatch", message).hint(hint(usual));
        }
        _ => {}
    }
}

/// Returns the advice on a file with the usual extension of a format. libvirt does not know the format VHDX.
fn hint(usual: &str) -> String {
    match usual {
        "vhdx" => "convert the image with `qemu-img convert`: libvirt does not know the format".to_owned(),
        _ => format!("set driver.type = {usual:?} if that is its format"),
    }
}

/// Returns the name of a disk's image: of a file, a volume, or an image on a server.
fn image(disk: View<'_, Disk>) -> Option<Value<'_>> {
    let storage = disk.storage();
    let source = storage.source()?.value();
    source.attribute(match storage.r#type().and_then(|kind| kind.value().text()) {
        None | Some("file") => "file",
        Some("volume") => "volume",
        Some("network") => "name",
        _ => return None,
    })
}

fn format_of(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    let known = EXTENSIONS.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known));
    known.map(|(_, format)| *format)
}
