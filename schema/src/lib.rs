//! libvirt's XML formats as tables. Along the tables, a spec becomes XML or a list of problems.
//!
//! - [`engine`] checks, writes, reads and documents specs along the tables of a format. It knows no format.
//! - [`formats`] are the tables: each element of libvirt is a struct; `#[element]` makes a
//!   [`Schema`](engine::table::Schema) of it.
//! - [`rules`] are what the types of the tables cannot say, and the list of all codes of problems.
//! - [`reference`] names the page and anchor of the reference that document each field.
//! - [`kind`] registers the formats: [`Kind`](kind::Kind) is what users of the crate name.
//! - [`constants`] has what plain Nix shares with the plugin.
//!
//! The crate reads no files, opens no connections, makes no system calls, and has no `unsafe` code.
#![forbid(unsafe_code)]
// Fields have libvirt's own names, letter for letter.
#![allow(non_snake_case)]

pub mod constants;
pub mod engine;
pub mod formats;
pub mod kind;
pub mod reference;
pub mod rules;
