//! Files by their URIs.

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The characters of a path that a URI encodes.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns the path that a URI means. A file that was never saved has the URI for its path.
pub fn path(uri: &Uri) -> PathBuf {
    let text = uri.as_str();
    match text.strip_prefix("file://") {
        Some(path) => PathBuf::from(percent_decode_str(path).decode_utf8_lossy().into_owned()),
        None => PathBuf::from(text),
    }
}

/// Returns the URI of a path.
pub fn of(path: &Path) -> Option<Uri> {
    let text = path.to_string_lossy();
    let uri = if text.starts_with('/') {
        format!("file://{}", utf8_percent_encode(&text, ENCODED))
    } else {
        text.into_owned()
    };
    Uri::from_str(&uri).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_encoded() {
        let uri = of(Path::new("/a b/ä%.nix")).expect("a URI");
        assert_eq!(uri.as_str(), "file:///a%20b/%C3%A4%25.nix");
        assert_eq!(path(&uri), Path::new("/a b/ä%.nix"));
    }
}
