//! What C++ may call.

use crate::object::{Object, from_xml, kinds, object, schema, version};
pub use ffi::{Located, Other};

// cxx writes paths in full, and needs the lifetimes by name.
#[allow(unused_qualifications, clippy::needless_lifetimes)]
#[cxx::bridge(namespace = "nixvirt")]
mod ffi {
    /// What is wrong with a spec, for C++ to find the positions of.
    struct Located {
        /// The number that the walk gave to the value.
        place: u32,
        /// The file, empty where it is not known.
        file: String,
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
    }

    /// What a value is that no spec can hold.
    enum Other {
        Function,
        Cycle,
        TooMuch,
        External,
    }

    extern "Rust" {
        /// An object while its spec is walked, and what became of it.
        type Object<'a>;

        /// The version of the plugin.
        fn version() -> &'static str;
        /// The names of all kinds.
        fn kinds() -> Vec<String>;
        /// An object of that kind with an empty spec.
        unsafe fn object<'a>(kind: &str) -> Box<Object<'a>>;
        /// The JSON Schema of a kind.
        fn schema(kind: &str) -> Result<String>;
        /// The spec that XML stands for, as JSON.
        fn from_xml(kind: &str, xml: &[u8]) -> Result<String>;

        // Names and text stay where they are as long as the object, unless a function copies them.
        unsafe fn null<'a>(self: &mut Object<'a>, key: &'a [u8], place: u32);
        unsafe fn boolean<'a>(self: &mut Object<'a>, key: &'a [u8], value: bool, place: u32);
        unsafe fn integer<'a>(self: &mut Object<'a>, key: &'a [u8], value: i64, place: u32);
        unsafe fn real<'a>(self: &mut Object<'a>, key: &'a [u8], value: f64, place: u32);
        unsafe fn text<'a>(self: &mut Object<'a>, key: &'a [u8], text: &'a [u8], place: u32);
        /// Text that does not stay.
        unsafe fn text_copy<'a>(self: &mut Object<'a>, key: &'a [u8], text: &[u8], place: u32);
        /// A value that no spec can hold.
        unsafe fn other<'a>(self: &mut Object<'a>, key: &'a [u8], what: Other, place: u32);
        unsafe fn open_set<'a>(self: &mut Object<'a>, key: &'a [u8], place: u32);
        unsafe fn open_list<'a>(self: &mut Object<'a>, key: &'a [u8], place: u32);
        fn close(self: &mut Object<'_>);
        /// Whether one more set or list with that many values may be opened.
        fn has_room(self: &mut Object<'_>, values: usize) -> bool;

        /// Checks the spec and makes the XML; answers the places whose positions are wanted.
        fn finish(self: &mut Object<'_>) -> Result<Vec<Located>>;
        /// Whether there is XML: no error was found.
        fn is_good(self: &Object<'_>) -> bool;
        /// The XML.
        unsafe fn xml<'a, 'b>(self: &'b Object<'a>) -> &'b str;
        /// All that is wrong with the spec, as people read it; empty if nothing is. Takes the places back with their
        /// positions, in the same order.
        fn summary(self: &mut Object<'_>, located: Vec<Located>) -> Result<String>;
        /// The same as a JSON list.
        fn diagnostics(self: &mut Object<'_>, located: Vec<Located>) -> Result<String>;
    }

    #[namespace = "nixvirt"]
    unsafe extern "C++" {
        include!("nixvirt-plugin/src/walk.hh");

        /// Adds `builtins.nixvirt` to the evaluators that are made from now on.
        fn register_builtins() -> Result<()>;
    }
}

/// The loader calls this; answers whether the builtins were added.
// SAFETY: the loader opens one implementation, with local symbols, and asks that one for the name.
#[unsafe(no_mangle)]
pub extern "C" fn nixvirt_register() -> bool {
    ffi::register_builtins().is_ok()
}
