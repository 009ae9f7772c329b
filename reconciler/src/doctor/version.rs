//! Versions of libvirt and of its hypervisors.

use nixvirt_schema::engine::release::Release;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A version: its major, minor and micro number. In JSON it is text, such as `11.3.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// The version that libvirt writes as one number: 11003000 is 11.3.0.
    pub fn of_number(number: u32) -> Self {
        Version(number / 1_000_000, number / 1000 % 1000, number % 1000)
    }

    /// The release of libvirt of this version. None if a number is too large for a release.
    pub fn release(self) -> Option<Release> {
        Some(Release { major: self.0.try_into().ok()?, minor: self.1.try_into().ok()? })
    }
}

impl From<Release> for Version {
    fn from(release: Release) -> Self {
        Version(release.major.into(), release.minor.into(), 0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        match numbers.as_deref() {
            Ok([major, minor, micro]) => Ok(Version(*major, *minor, *micro)),
            _ => Err(format!("invalid version {text:?}: expected three numbers, such as 11.3.0")),
        }
    }
}
