//! `<keywrap>`: [Key Wrap](https://libvirt.org/formatdomain.html#key-wrap).

use crate::engine::scalar::OnOff;
use nixvirt_schema_derive::{element, values};

/// Whether an S390 guest can wrap its keys.
#[element]
pub struct Keywrap {
    /// Whether it can with one cipher.
    #[required]
    pub cipher: Vec<KeywrapCipher>,
}

/// Whether a guest can wrap keys of one cipher.
#[element]
pub struct KeywrapCipher {
    /// The cipher.
    pub name: KeywrapCipherName,
    /// Whether it can.
    pub state: OnOff,
}

/// A cipher.
#[values]
pub enum KeywrapCipherName {
    /// AES.
    Aes,
    /// DES and triple DES.
    Dea,
}
