//! Functions that C++ may call.

use ffi::{Located, Other};
use nixvirt_builtins::data;
use nixvirt_builtins::object::{self, from_xml, kinds, schema, version};
use nixvirt_schema::engine::problem::Position;
use nixvirt_schema::engine::value::Data;

// cxx writes paths in full, and needs the lifetimes by name.
#[allow(unused_qualifications, clippy::needless_lifetimes)]
#[cxx::bridge(namespace = "nixvirt")]
mod ffi {
    /// Position of a problem, which C++ fills in.
    struct Located {
        /// Number that the walk gave to the value.
        place: u32,
        /// File name; empty if unknown.
        file: String,
        /// Line number, from 1.
        line: u32,
        /// Column number, from 1.
        column: u32,
    }

    /// Kind of a value that a spec cannot contain.
    enum Other {
        Function,
        Cycle,
        TooMuch,
        External,
    }

    extern "Rust" {
        /// Object whose spec is being walked, and the result.
        type Object<'a>;

        /// Returns the version of the plugin.
        fn version() -> &'static str;
        /// Returns the names of all kinds.
        fn kinds() -> Vec<String>;
        /// Creates an object of a kind with an empty spec.
        unsafe fn object<'a>(kind: &str) -> Box<Object<'a>>;
        /// Returns the JSON Schema of a kind.
        fn schema(kind: &str) -> Result<String>;
        /// Converts XML to a spec in JSON.
        fn from_xml(kind: &str, xml: &[u8]) -> Result<String>;

        // Names and text must outlive the object, unless a function copies them.
        unsafe fn null<'a>(self: &mut Object<'a>, key: &'a [u8], place: u32);
        unsafe fn boolean<'a>(self: &mut Object<'a>, key: &'a [u8], value: bool, place: u32);
        unsafe fn integer<'a>(self: &mut Object<'a>, key: &'a [u8], value: i64, place: u32);
        unsafe fn real<'a>(self: &mut Object<'a>, key: &'a [u8], value: f64, place: u32);
        unsafe fn text<'a>(self: &mut Object<'a>, key: &'a [u8], text: &'a [u8], place: u32);
        /// Adds a copy of a text.
        unsafe fn text_copy<'a>(self: &mut Object<'a>, key: &'a [u8], text: &[u8], place: u32) -> Result<()>;
        /// Adds a value that a spec cannot contain.
        unsafe fn other<'a>(self: &mut Object<'a>, key: &'a [u8], what: Other, place: u32);
        unsafe fn open_set<'a>(self: &mut Object<'a>, key: &'a [u8], place: u32);
        unsafe fn open_list<'a>(self: &mut Object<'a>, key: &'a [u8], place: u32);
        fn close(self: &mut Object<'_>);
        /// Returns whether one more set or list with that many values may be opened.
        fn has_room(self: &mut Object<'_>, values: usize) -> bool;

        /// Checks and renders the spec, for a release of libvirt unless that is empty. Returns the places whose positions
        /// are needed.
        fn finish(self: &mut Object<'_>, libvirt: &str) -> Result<Vec<Located>>;
        /// Returns whether the spec has no errors, so that there is XML.
        fn is_good(self: &Object<'_>) -> bool;
        /// Returns the XML.
        unsafe fn xml<'a, 'b>(self: &'b Object<'a>) -> &'b str;
        /// Returns the text that shows all problems; empty if there are none. Takes the places with their positions, in
        /// the order in which `finish` returned them.
        fn summary(self: &mut Object<'_>, located: Vec<Located>) -> Result<String>;
        /// Returns the problems as a JSON list.
        fn diagnostics(self: &mut Object<'_>, located: Vec<Located>) -> Result<String>;
    }

    #[namespace = "nixvirt"]
    unsafe extern "C++" {
        include!("nixvirt-plugin/src/walk.hh");

        /// Adds `builtins.nixvirt` to the evaluators that are created from now on.
        fn register_builtins() -> Result<()>;
    }
}

/// Object whose spec is being walked, and the result.
pub struct Object<'a>(object::Object<'a>);

fn object<'a>(kind: &str) -> Box<Object<'a>> {
    Box::new(Object(object::Object::new(kind)))
}

impl<'a> Object<'a> {
    fn null(&mut self, key: &'a [u8], place: u32) {
        self.0.add(key, Data::Null, place);
    }

    fn boolean(&mut self, key: &'a [u8], value: bool, place: u32) {
        self.0.add(key, Data::Bool(value), place);
    }

    fn integer(&mut self, key: &'a [u8], value: i64, place: u32) {
        self.0.add(key, Data::Int(value), place);
    }

    fn real(&mut self, key: &'a [u8], value: f64, place: u32) {
        self.0.add(key, Data::Float(value), place);
    }

    fn text(&mut self, key: &'a [u8], text: &'a [u8], place: u32) {
        self.0.add(key, data::text(text), place);
    }

    fn text_copy(&mut self, key: &'a [u8], text: &[u8], place: u32) -> Result<(), &'static str> {
        self.0.add(key, data::text_copy(text)?, place);
        Ok(())
    }

    fn other(&mut self, key: &'a [u8], what: Other, place: u32) {
        let data = match what {
            Other::Function => data::FUNCTION,
            Other::Cycle => data::CYCLE,
            Other::TooMuch => data::TOO_MUCH,
            _ => data::EXTERNAL,
        };
        self.0.add(key, data, place);
    }

    fn open_set(&mut self, key: &'a [u8], place: u32) {
        self.0.open_set(key, place);
    }

    fn open_list(&mut self, key: &'a [u8], place: u32) {
        self.0.open_list(key, place);
    }

    fn close(&mut self) {
        self.0.close();
    }

    fn has_room(&mut self, values: usize) -> bool {
        self.0.has_room(values)
    }

    fn finish(&mut self, libvirt: &str) -> Result<Vec<Located>, String> {
        let located = |place| Located { place, file: String::new(), line: 0, column: 0 };
        Ok(self.0.finish(libvirt)?.into_iter().map(located).collect())
    }

    fn is_good(&self) -> bool {
        self.0.xml().is_some()
    }

    fn xml(&self) -> &str {
        self.0.xml().unwrap_or_default()
    }

    fn summary(&mut self, located: Vec<Located>) -> Result<String, String> {
        self.0.summary(positions(located))
    }

    fn diagnostics(&mut self, located: Vec<Located>) -> Result<String, String> {
        self.0.diagnostics(positions(located))
    }
}

fn positions(located: Vec<Located>) -> Vec<Option<Position>> {
    let position = |it: Located| {
        let Located { file, line, column, .. } = it;
        (!file.is_empty()).then_some(Position { file, line, column })
    };
    located.into_iter().map(position).collect()
}

/// Entry point for the loader. Returns whether the builtins were added.
// SAFETY: the loader opens one implementation, with local symbols, and asks that one for the name.
#[unsafe(no_mangle)]
pub extern "C" fn nixvirt_register() -> bool {
    ffi::register_builtins().is_ok()
}
