//! `<encryption>`: [Storage volume encryption XML format](https://libvirt.org/formatstorageencryption.html).

use super::choice;
use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::patterns::Uuid;
use nixvirt_schema_derive::{element, values};

/// Encryption of a volume.
#[element(rules)]
pub struct Encryption {
    /// Format of the encrypted volume.
    pub format: EncryptionFormat,
    /// Program that encrypts and decrypts the volume. Defaults to `qemu`.
    pub engine: Option<EncryptionEngine>,
    /// References to the libvirt secrets with the passphrases.
    pub secret: Vec<EncryptionSecret>,
    /// Cipher for a new volume. Requires `ivgen`.
    pub cipher: Option<EncryptionCipher>,
    /// Generator of initialization vectors for a new volume. Requires `cipher`.
    pub ivgen: Option<EncryptionIvgen>,
}

/// Format of an encrypted volume.
#[values]
pub enum EncryptionFormat {
    /// Default encryption format for the volume.
    Default,
    /// Legacy qcow encryption, which is weak.
    Qcow,
    /// LUKS version 1.
    Luks,
    /// LUKS version 2. Only with the `librbd` engine.
    Luks2,
    /// LUKS of either version. Only with the `librbd` engine.
    #[since = "9.3"]
    LuksAny,
}

/// Program that encrypts and decrypts a volume.
#[values]
pub enum EncryptionEngine {
    /// QEMU.
    Qemu,
    /// RBD client library (librbd).
    Librbd,
}

/// Reference to a libvirt secret with a passphrase, by `uuid` or by `usage`.
#[element(rules)]
pub struct EncryptionSecret {
    /// Type of the secret.
    pub r#type: EncryptionSecretType,
    /// UUID of the secret.
    pub uuid: Option<Uuid>,
    /// Usage of the secret, as given in the secret's definition.
    pub usage: Option<String>,
}

/// Type of a secret for encryption.
#[values]
pub enum EncryptionSecretType {
    /// Passphrase.
    Passphrase,
}

/// Cipher for a new encrypted volume.
#[element(rules)]
pub struct EncryptionCipher {
    /// Cipher algorithm, such as `aes`.
    pub name: String,
    /// Key length, in bits.
    pub size: u32,
    /// Cipher mode, such as `xts`. Requires `hash`.
    pub mode: Option<String>,
    /// Hash algorithm for the master key, such as `sha256`. Requires `mode`.
    pub hash: Option<String>,
}

/// Generator of initialization vectors.
#[element]
pub struct EncryptionIvgen {
    /// Generator algorithm, such as `plain64` or `essiv`.
    pub name: String,
    /// Hash algorithm for the generator, such as `sha256`.
    pub hash: Option<String>,
}

impl View<'_, Encryption> {
    fn rules(self, report: &mut Report<'_>) {
        choice::together(self.value(), &["cipher", "ivgen"], "encryption-cipher-ivgen", report);
        if self.cipher().is_some() || self.ivgen().is_some() {
            choice::some(self.value(), "secret", "a cipher requires a passphrase", report);
        }
    }
}

impl View<'_, EncryptionSecret> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["uuid", "usage"], "secret-uuid-or-usage", report);
    }
}

impl View<'_, EncryptionCipher> {
    fn rules(self, report: &mut Report<'_>) {
        choice::together(self.value(), &["mode", "hash"], "encryption-cipher-mode-hash", report);
    }
}
