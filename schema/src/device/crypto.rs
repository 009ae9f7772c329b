//! `<crypto>`.

use nixvirt_schema_derive::element;

/// A device that does cryptography for the guest.
#[element]
pub struct Crypto {}
