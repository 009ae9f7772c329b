//! Values of Nix as values of a spec.

use nixvirt_schema::engine::value::Data;
use std::borrow::Cow;

/// Function, of Nix or built in.
pub const FUNCTION: Data<'static> = Data::Other("a function");
/// Set or list that contains itself.
pub const CYCLE: Data<'static> = Data::Other("a set or list that contains itself");
/// Set or list that is beyond the limits of a spec.
pub const TOO_MUCH: Data<'static> = Data::Other("too many values or too deep nesting");
/// Value that a plugin defines.
pub const EXTERNAL: Data<'static> = Data::Other("an external value of a plugin");
/// Why a spec cannot be read although it may be right.
pub const NO_MEMORY: &str = "not enough memory for a spec of this size";
const NOT_UTF8: Data<'static> = Data::Other("a string that is not valid UTF-8");

/// Returns the name of an attribute.
pub fn name(key: &[u8]) -> Cow<'_, str> {
    // Nearly all names are valid UTF-8, which is the fast check.
    std::str::from_utf8(key).map_or_else(|_| String::from_utf8_lossy(key), Cow::Borrowed)
}

/// Returns a text that outlives the spec.
pub fn text(text: &[u8]) -> Data<'_> {
    std::str::from_utf8(text).map_or(NOT_UTF8, |text| Data::Text(Cow::Borrowed(text)))
}

/// Returns a copy of a text that does not outlive the spec, or why there is none.
pub fn text_copy(text: &[u8]) -> Result<Data<'static>, &'static str> {
    let Ok(text) = std::str::from_utf8(text) else { return Ok(NOT_UTF8) };
    let mut copy = String::new();
    copy.try_reserve_exact(text.len()).map_err(|_| NO_MEMORY)?;
    copy.push_str(text);
    Ok(Data::Text(Cow::Owned(copy)))
}
