//! libvirt's XML formats as tables, and what follows from them: a spec becomes XML or a list of what is
//! wrong with it.
//!
//! - A spec, whatever its source, is a [`value::Spec`]; [`json`] makes one.
//! - Each element of libvirt is a struct in a file named after libvirt's manual's heading; `#[element]`
//!   makes a [`table::Schema`] of it.
//! - [`render`] walks a spec along its table.
//! - [`rules`] says what the types of the tables cannot, and lists all that can be wrong.
//! - [`problem`] says what is wrong: everything at once.
//! - [`secrets`] takes passwords out of XML that is kept or shown.
//!
//! The crate reads no file, opens no connection, asks nothing of the system, and has no `unsafe`.
#![forbid(unsafe_code)]
// A field carries libvirt's own name, letter for letter.
#![allow(non_snake_case)]

pub mod identity;
pub mod import;
pub mod json;
pub mod json_schema;
pub mod kind;
pub mod nix;
pub mod patterns;
pub mod problem;
pub mod ranges;
pub mod render;
pub mod rules;
pub mod secrets;
pub mod table;
pub mod text;
pub mod value;
pub mod view;
pub mod words;
pub mod xml;

pub mod checkpoint;
pub mod device;
pub mod domain;
pub mod host_interface;
pub mod network;
pub mod networking;
pub mod nodedev;
pub mod nwfilter;
pub mod pool;
pub mod secret;
pub mod size;
pub mod snapshot;
pub mod storage;
pub mod volume;
