//! Engine: everything that works on tables of elements and knows no format of libvirt.
//!
//! - [`value::Spec`] is a spec, whatever its source; [`json`] reads one. [`outline`] tells fast what a set lacks.
//! - [`table`] is what `#[element]` makes of a struct. [`scalar`] and [`pattern`] are the types of attributes and
//!   texts, [`size`] sizes with units. [`shorthand`] is what a single value means in place of a set. [`format`] is a whole format.
//!   [`release`] is a release of libvirt, since which a part exists.
//! - [`render`] writes a spec as XML, [`import`] reads XML as a spec, [`json_schema`] prints the tables as JSON Schema,
//!   [`plain_nix`] as plain Nix reads them, [`secrets`] redacts passwords in XML.
//!   [`place`] finds the table of each element of a document, to compare documents.
//! - [`problem`] has the errors and warnings about a spec, [`message`] the words that plain Nix shares. [`view`] is how
//!   rules read a spec.

pub mod format;
pub mod identity;
pub mod import;
pub mod json;
pub mod json_schema;
mod meant;
pub mod message;
pub mod nix;
pub mod outline;
pub mod pattern;
pub mod place;
pub mod plain_nix;
pub mod problem;
pub mod ranges;
pub mod release;
pub mod render;
pub mod scalar;
pub mod secrets;
pub mod shorthand;
pub mod size;
pub mod table;
pub mod taken;
pub mod text;
mod unknown;
pub mod value;
pub mod view;
pub mod xml;
