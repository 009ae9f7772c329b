//! `<encryption>`: [Storage volume encryption XML format](https://libvirt.org/formatstorageencryption.html).

use nixvirt_schema_derive::element;

/// How an image is encrypted.
#[element]
pub struct Encryption {}
