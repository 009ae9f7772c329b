//! Files by their URIs.

use lsp_types::Uri;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Returns the path that a URI means. A file that was never saved has the URI for its path.
pub fn path(uri: &Uri) -> PathBuf {
    let text = uri.as_str();
    match text.strip_prefix("file://") {
        Some(path) => PathBuf::from(decoded(path)),
        None => PathBuf::from(text),
    }
}

/// Returns the URI of a path.
pub fn of(path: &Path) -> Option<Uri> {
    let text = path.to_string_lossy();
    let uri = if text.starts_with('/') { format!("file://{}", encoded(&text)) } else { text.into_owned() };
    Uri::from_str(&uri).ok()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                bytes.push(code);
                at += 3;
            }
            None => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encoded(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => text.push(byte as char),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
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
