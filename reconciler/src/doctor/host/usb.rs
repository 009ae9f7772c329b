//! The USB devices of a host, with the names that `lsusb` shows.

use super::names;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

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
    let folders = names(folder).into_iter().map(|name| folder.join(name));
    folders.filter_map(|folder| device(&folder)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The device of a folder. None if the folder is that of an interface or a hub.
fn device(folder: &Path) -> Option<UsbDevice> {
    let text = |name: &str| Some(super::text(&folder.join(name))?.trim().to_owned());
    let id = format!("{}:{}", text("idVendor")?, text("idProduct")?);
    let names: Vec<_> = ["manufacturer", "product"].into_iter().filter_map(text).filter(|it| !it.is_empty()).collect();
    if text("bDeviceClass").as_deref() == Some(HUB) { None } else { Some(UsbDevice { id, name: names.join(" ") }) }
}
