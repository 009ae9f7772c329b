//! Disks in the Nix store, such as a path of Nix in a flake makes.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::View;
use crate::formats::device::disk::{Disk, DiskDevice};

/// The folder of the Nix store.
const STORE: &str = "/nix/store/";

/// Checks that the guest can write to the file of its hard disk.
pub(super) fn can_be_written(disk: Value<'_>, report: &mut Report<'_>) {
    let view = View::<Disk>::new(disk);
    let Some(file) = disk.attribute("source").and_then(|source| source.attribute("file")) else { return };
    if !file.text().is_some_and(|path| path.starts_with(STORE)) {
        return;
    }
    let is_hard_disk = view.device().and_then(View::get).is_none_or(|it| matches!(it, DiskDevice::Disk));
    if is_hard_disk && view.readonly().is_none() && view.transient().is_none() {
        let message = "the file is in the Nix store, where no guest can write to it";
        let hint = "write the path of a copy as a string, fill a declared volume from the file, or set readonly = true";
        report.warning(file, "disk-in-store", message).hint(hint);
    }
}
