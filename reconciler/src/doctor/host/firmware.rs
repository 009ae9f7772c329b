//! The firmware descriptors from which libvirt chooses a firmware.

use super::{Process, extension_is};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The folders of descriptors. One of a later folder replaces that of the same name in an earlier one; an empty one hides it.
/// NixOS has the last one.
const FOLDERS: [&str; 3] = ["/usr/share/qemu/firmware", "/etc/qemu/firmware", "/var/lib/qemu/firmware"];

/// A firmware descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firmware {
    /// The path of the descriptor.
    pub descriptor: String,
    /// What it describes. None if it cannot be understood.
    pub image: Option<FirmwareImage>,
}

/// What a descriptor describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirmwareImage {
    /// Whether the firmware is UEFI.
    pub is_uefi: bool,
    /// Whether the firmware has Secure Boot.
    pub has_secure_boot: bool,
    /// Whether Secure Boot is on, with the keys of Microsoft.
    pub has_keys: bool,
    /// The files that are missing.
    pub missing: Vec<String>,
}

/// The part of a descriptor that is read.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Descriptor {
    #[serde(default)]
    interface_types: Vec<String>,
    mapping: Mapping,
    #[serde(default)]
    targets: Vec<Target>,
    #[serde(default)]
    features: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Mapping {
    filename: Option<String>,
    executable: Option<File>,
    nvram_template: Option<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
}

#[derive(Deserialize)]
struct Target {
    architecture: String,
}

/// The descriptors for the architecture of the host, in libvirt's order.
pub fn read(process: &Process) -> Vec<Firmware> {
    let mut paths = BTreeMap::new();
    for folder in FOLDERS {
        let names = process.names(folder).into_iter().filter(|name| extension_is(name, "json"));
        paths.extend(names.map(|name| (name.clone(), format!("{folder}/{name}"))));
    }
    paths.into_values().filter_map(|path| firmware(process, path)).collect()
}

/// The descriptor in a file. None if it is hidden, or is for another architecture.
fn firmware(process: &Process, path: String) -> Option<Firmware> {
    let text = process.text(&path);
    if text.as_deref() == Some("") {
        return None;
    }
    let Some(descriptor) = text.and_then(|text| serde_json::from_str::<Descriptor>(&text).ok()) else {
        return Some(Firmware { descriptor: path, image: None });
    };
    if !descriptor.targets.iter().any(|target| target.architecture == process.architecture) {
        return None;
    }
    let Mapping { filename, executable, nvram_template } = descriptor.mapping;
    let files = [filename, executable.map(|it| it.filename), nvram_template.map(|it| it.filename)];
    let has_feature = |feature: &str| descriptor.features.iter().any(|it| it == feature);
    let image = FirmwareImage {
        is_uefi: descriptor.interface_types.iter().any(|it| it == "uefi"),
        has_secure_boot: has_feature("secure-boot"),
        has_keys: has_feature("enrolled-keys"),
        missing: files.into_iter().flatten().filter(|file| !process.exists(file)).collect(),
    };
    Some(Firmware { descriptor: path, image: Some(image) })
}
