//! The engine: tables of elements, and the code that reads and writes specs and XML along them. It knows no format of libvirt.
//!
//! - A spec, whatever its source, is a [`value::Spec`]; [`json`] makes one.
//! - [`table`] is what `#[element]` makes of a struct; [`scalar`] and [`pattern`] say what an attribute may hold;
//!   [`format`] is a whole format.
//! - [`render`] writes a spec as XML, [`import`] reads XML as a spec, [`json_schema`] prints a table as JSON Schema,
//!   [`secrets`] redacts passwords in XML.
//! - [`problem`] collects the problems of a spec; [`view`] is how rules read a spec.

pub mod format;
pub mod identity;
pub mod import;
pub mod json;
pub mod json_schema;
pub mod nix;
pub mod pattern;
pub mod problem;
pub mod ranges;
pub mod render;
pub mod scalar;
pub mod secrets;
pub mod shorthand;
pub mod table;
pub mod text;
mod unknown;
pub mod value;
pub mod view;
pub mod xml;
