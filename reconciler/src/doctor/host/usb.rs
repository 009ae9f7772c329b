//! The USB devices of a host, with the names that `lsusb` shows.

use crate::file;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The largest file of the kernel that is read, in bytes.
const MAX_FILE: u64 = 4096;

/// The class of hubs.
const HUB: &str = "09";

/// USB device that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsbDevice {
    /// The IDs of vendor and product, such as `046d:c52b`.
    pub id: String,
    /// The names that the device gives to its vendor and itself. Some devices give none.
    pub name: String,
}

/// Reads the devices in the folder of the kernel, except hubs. Several devices of one ID and name are one.
pub fn read(folder: &Path) -> Vec<UsbDevice> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| device(&entry.path())).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The device of a folder. None if the folder is that of an interface or a hub.
fn device(folder: &Path) -> Option<UsbDevice> {
    let text = |name: &str| {
        let bytes = file::read(&folder.join(name), MAX_FILE).ok()?;
        Some(String::from_utf8_lossy(&bytes).trim().to_owned())
    };
    let id = format!("{}:{}", text("idVendor")?, text("idProduct")?);
    let names: Vec<_> = ["manufacturer", "product"].into_iter().filter_map(text).filter(|it| !it.is_empty()).collect();
    if text("bDeviceClass").as_deref() == Some(HUB) { None } else { Some(UsbDevice { id, name: names.join(" ") }) }
}
