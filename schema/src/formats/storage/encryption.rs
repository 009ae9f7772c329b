//! `<encryption>`: [Storage volume encryption XML format](https://libvirt.org/formatstorageencryption.html).

use super::choice;
use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::patterns::Uuid;
use nixvirt_schema_derive::{element, values};

/// How a volume is encrypted.
#[element(rules)]
pub struct Encryption {
    /// The format of the encrypted volume.
    pub format: EncryptionFormat,
    /// Which program encrypts and decrypts; QEMU when absent.
    pub engine: Option<EncryptionEngine>,
    /// Where the passphrase is kept.
    pub secret: Vec<EncryptionSecret>,
    /// The cipher for a new volume; `ivgen` goes with it.
    pub cipher: Option<EncryptionCipher>,
    /// How initialization vectors are made for a new volume; `cipher` goes with it.
    pub ivgen: Option<EncryptionIvgen>,
}

/// A format of encrypted volumes.
#[values]
pub enum EncryptionFormat {
    /// Whatever suits the volume.
    Default,
    /// The weak encryption of old qcow images.
    Qcow,
    /// LUKS, version 1.
    Luks,
    /// LUKS, version 2; only where librbd encrypts.
    Luks2,
    /// LUKS of either version; only where librbd encrypts.
    LuksAny,
}

/// What encrypts and decrypts.
#[values]
pub enum EncryptionEngine {
    /// QEMU.
    Qemu,
    /// The client library of RBD.
    Librbd,
}

/// A passphrase that libvirt keeps as a secret: its `uuid` or its `usage` says which.
#[element(rules)]
pub struct EncryptionSecret {
    /// What the secret is.
    pub r#type: EncryptionSecretType,
    /// The secret's id.
    pub uuid: Option<Uuid>,
    /// What the secret says it is for.
    pub usage: Option<String>,
}

/// What a secret for encryption is.
#[values]
pub enum EncryptionSecretType {
    /// A passphrase.
    Passphrase,
}

/// The cipher for a new volume.
#[element(rules)]
pub struct EncryptionCipher {
    /// The algorithm, such as aes.
    pub name: String,
    /// The length of the key in bits.
    pub size: u32,
    /// How blocks are chained, such as xts; `hash` goes with it.
    pub mode: Option<String>,
    /// The hash for the master key, such as sha256; `mode` goes with it.
    pub hash: Option<String>,
}

/// How initialization vectors are made.
#[element]
pub struct EncryptionIvgen {
    /// The algorithm, such as plain64 or essiv.
    pub name: String,
    /// The hash that the algorithm needs, such as sha256.
    pub hash: Option<String>,
}

impl View<'_, Encryption> {
    fn rules(self, report: &mut Report<'_>) {
        choice::together(self.value(), &["cipher", "ivgen"], "encryption-cipher-ivgen", report);
        if self.cipher().is_some() || self.ivgen().is_some() {
            choice::some(self.value(), "secret", "a cipher needs a passphrase", report);
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
