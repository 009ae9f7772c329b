//! Hashes of files, in the forms that Nix reads.

use crate::error::Error;
use crate::state::hex;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256, Sha512};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

/// The hash of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hash {
    algorithm: Algorithm,
    digest: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sha512,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        }
    }

    fn size(self) -> usize {
        match self {
            Algorithm::Sha256 => 32,
            Algorithm::Sha512 => 64,
        }
    }
}

impl FromStr for Hash {
    type Err = ();

    /// Reads `sha256-BASE64` or `sha256:HEX`, or the same of SHA-512.
    fn from_str(text: &str) -> Result<Self, ()> {
        let algorithms = [Algorithm::Sha256, Algorithm::Sha512];
        let (algorithm, rest) = algorithms
            .into_iter()
            .find_map(|algorithm| Some((algorithm, text.strip_prefix(algorithm.name())?)))
            .ok_or(())?;
        let digest = match (rest.strip_prefix('-'), rest.strip_prefix(':')) {
            (Some(base64), _) => STANDARD.decode(base64).map_err(drop)?,
            (_, Some(digits)) => unhex(digits).ok_or(())?,
            _ => return Err(()),
        };
        if digest.len() == algorithm.size() { Ok(Hash { algorithm, digest }) } else { Err(()) }
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let byte = |pair: &[u8]| u8::try_from(nibble(pair[0])? * 16 + nibble(*pair.get(1)?)?).ok();
    digits.as_bytes().chunks(2).map(byte).collect()
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.algorithm.name(), STANDARD.encode(&self.digest))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Hash {
    /// A name for the file with this hash.
    pub fn file_name(&self) -> String {
        format!("{}-{}", self.algorithm.name(), hex(&self.digest))
    }

    /// Checks that a file, which is called `shown`, has the hash.
    pub fn check(&self, path: &Path, shown: &str) -> Result<(), Error> {
        let found = match self.algorithm {
            Algorithm::Sha256 => digest::<Sha256>(path),
            Algorithm::Sha512 => digest::<Sha512>(path),
        };
        let digest = found.map_err(|cause| Error::file("read", path, cause))?;
        let found = Hash { algorithm: self.algorithm, digest };
        if found == *self {
            return Ok(());
        }
        let error = Error::input(format!("{shown} has another hash: expected {self}, found {found}"));
        Err(error.with_hint(
            "the volume was not created; compare the hash with the one that the publisher of the image states",
        ))
    }
}

fn digest<D: Digest>(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let mut hash = D::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().to_vec()),
            count => hash.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_hashes() {
        let empty = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for (text, expected) in [
            (empty.to_owned(), Some(empty)),
            (format!("sha256:{digits}"), Some(empty)),
            (format!("sha256:{}", digits.to_uppercase()), Some(empty)),
            (
                format!("sha512:{digits}{digits}"),
                Some("sha512-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFXjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ=="),
            ),
            (digits.to_owned(), None),
            (format!("sha256:{digits}0"), None),
            (format!("sha512:{digits}"), None),
            ("sha256-ä".to_owned(), None),
            ("md5:d41d8cd98f00b204e9800998ecf8427e".to_owned(), None),
        ] {
            assert_eq!(text.parse::<Hash>().ok().map(|hash| hash.to_string()).as_deref(), expected, "{text}");
        }
    }
}
