//! Releases of libvirt, and the text that tells since which one a part exists.

use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Release of libvirt, such as 12.8. Maintenance releases, such as 12.8.1, change no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// First number.
    pub major: u16,
    /// Second number.
    pub minor: u16,
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl Serialize for Release {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Releases of libvirt in which something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Releases {
    /// First of them; `None` if it holds from the start.
    pub first: Option<Release>,
    /// Last of them; `None` if it still holds.
    pub last: Option<Release>,
}

impl Releases {
    /// All releases.
    pub const ALL: Releases = Releases { first: None, last: None };

    /// Returns whether a release is one of them.
    pub fn contain(self, release: Release) -> bool {
        self.first.is_none_or(|first| first <= release) && self.last.is_none_or(|last| release <= last)
    }
}

impl fmt::Display for Releases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (None, None) => f.write_str("all releases of libvirt"),
            (Some(first), None) => write!(f, "libvirt {first} and newer"),
            (None, Some(last)) => write!(f, "libvirt {last} and older"),
            (Some(first), Some(last)) => write!(f, "libvirt {first} to {last}"),
        }
    }
}

/// Text that is no release of libvirt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRelease(String);

impl fmt::Display for NoRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid version {:?}: expected a release of libvirt, e.g. 12.8 or 12.8.0", self.0)
    }
}

impl std::error::Error for NoRelease {}

impl FromStr for Release {
    type Err = NoRelease;

    fn from_str(text: &str) -> Result<Self, NoRelease> {
        let numbers: Option<Vec<u16>> = text.split('.').map(number).collect();
        match numbers.as_deref() {
            Some([major, minor] | [major, minor, _]) => Ok(Release { major: *major, minor: *minor }),
            _ => Err(NoRelease(text.to_owned())),
        }
    }
}

/// Returns the number that has only digits.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Returns a description with the release that introduced what it describes.
pub fn described(doc: &str, since: Option<Release>) -> Cow<'_, str> {
    match since {
        Some(since) => Cow::Owned(format!("{doc} Since libvirt {since}.")),
        None => Cow::Borrowed(doc),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_compared() {
        let release = |text: &str| text.parse::<Release>().ok();
        assert_eq!(release("12.8"), Some(Release { major: 12, minor: 8 }));
        assert_eq!(release("12.8.1"), release("12.8"));
        assert!(release("11.10") > release("11.9"));
        for wrong in ["", "12", "12.", "12.8.0.1", "+12.8", "v12.8", "12.8-rc1", "12.65536"] {
            assert_eq!(release(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_description_tells_the_release() {
        assert_eq!(described("Disk.", None), "Disk.");
        assert_eq!(described("Disk.", "9.0".parse().ok()), "Disk. Since libvirt 9.0.");
    }
}
