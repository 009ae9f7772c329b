//! `<keywrap>`: [Key Wrap](https://libvirt.org/formatdomain.html#key-wrap).

use crate::engine::scalar::OnOff;
use nixvirt_schema_derive::{element, values};

/// Key wrapping of an S390 guest.
#[element]
pub struct Keywrap {
    /// Key wrapping with one cipher.
    #[required]
    pub cipher: Vec<KeywrapCipher>,
}

/// Key wrapping with one cipher.
#[element]
pub struct KeywrapCipher {
    /// Cipher of the keys to wrap.
    pub name: KeywrapCipherName,
    /// Whether the guest can wrap keys of the cipher.
    pub state: OnOff,
}

/// Cipher for key wrapping.
#[values]
pub enum KeywrapCipherName {
    /// AES cipher.
    Aes,
    /// DES and triple DES ciphers.
    Dea,
}
