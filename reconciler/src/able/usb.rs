//! USB devices of the host that a guest gets by their ID.

use super::lack::{Lack, Missing};
use super::parts::{Part, Parts};
use super::used::is_optional;
use crate::change::{child, number};
use crate::doctor::host::usb;
use std::path::Path;

/// The USB devices that a guest needs to start, and that are not plugged in. `plugged` is the folder of the kernel with the USB devices
/// of the host.
pub fn lacks(domain: &Parts<'_>, plugged: &Path) -> Vec<Lack> {
    let parts = domain.at("devices/hostdev/source").iter().filter(|part| !is_optional(part.element));
    let needed: Vec<_> = parts.filter_map(|part| Some((part, id(part)?))).collect();
    // Without the folder, it is unknown what is plugged in.
    if needed.is_empty() || !plugged.exists() {
        return Vec::new();
    }
    let devices = usb::read(plugged);
    let missing = needed.into_iter().filter(|(_, id)| devices.iter().all(|device| device.id != *id));
    missing
        .map(|(part, id)| {
            let vendor = id.split(':').next().unwrap_or_default();
            let likely = devices.iter().filter(|device| device.id.starts_with(vendor)).cloned().collect();
            Lack::new(&part.path, Missing::UsbDevice { id, likely })
        })
        .collect()
}

/// The ID of a USB device, as the kernel writes it.
fn id(source: &Part<'_>) -> Option<String> {
    let part = |name| child(source.element, name)?.attribute("id").and_then(number);
    Some(format!("{:04x}:{:04x}", part("vendor")?, part("product")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::host::UsbDevice;
    use nixvirt_schema::engine::xml;
    use pretty_assertions::assert_eq;
    use std::fs;

    #[test]
    fn a_device_is_not_plugged_in() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, vendor, product, title) in [("1-1", "046d", "c52f", "Receiver"), ("1-2", "05e3", "0610", "Hub")] {
            let device = folder.path().join(name);
            fs::create_dir(&device).expect("a writable folder");
            for (file, text) in [("idVendor", vendor), ("idProduct", product), ("product", title)] {
                fs::write(device.join(file), format!("{text}\n")).expect("a writable folder");
            }
        }
        let lacks = |policy: &str, vendor: &str, product: &str| {
            let source = format!("<source {policy}><vendor id='{vendor}'/><product id='{product}'/></source>");
            let domain = format!("<domain><devices><hostdev type='usb'>{source}</hostdev></devices></domain>");
            let domain = xml::element(&domain).expect("XML");
            let lacks = lacks(&Parts::of(&domain), folder.path());
            lacks.into_iter().map(|lack| lack.missing).collect::<Vec<_>>()
        };
        let likely = vec![UsbDevice { id: "046d:c52f".to_owned(), name: "Receiver".to_owned() }];
        let id = "046d:c52b".to_owned();
        assert_eq!(lacks("", "0x046d", "0xc52b"), [Missing::UsbDevice { id, likely }]);
        assert_eq!(lacks("startupPolicy='optional'", "0x046d", "0xc52b"), []);
        assert_eq!(lacks("", "0x46d", "0xc52f"), []);
    }
}
