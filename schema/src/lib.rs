//! libvirt's XML formats as tables, and what follows from them: a spec becomes XML or a list of problems.
//!
//! - [`engine`] checks, writes, reads and documents specs along the tables of a format. It knows no format.
//! - [`formats`] are the tables: each element of libvirt is a struct; `#[element]` makes a
//!   [`Schema`](engine::table::Schema) of it.
//! - [`rules`] are what the types of the tables cannot say, and the list of all codes of problems.
//! - [`kind`] registers the formats: [`Kind`](kind::Kind) is what users of the crate name.
//! - [`constants`] are what plain Nix shares with the plugin.
//!
//! The crate reads no file, opens no connection, asks nothing of the system, and has no `unsafe`.
#![forbid(unsafe_code)]
// A field carries libvirt's own name, letter for letter.
#![allow(non_snake_case)]

pub mod constants;
pub mod engine;
pub mod formats;
pub mod kind;
pub mod rules;
