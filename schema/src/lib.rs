//! libvirt's XML formats as tables. Along the tables, a spec becomes XML or a list of problems.
//!
//! - [`engine`] checks, writes, reads and documents specs along the tables of a format. The engine knows no format.
//! - [`formats`] has the tables. Each element of libvirt is a struct, of which `#[element]` makes a
//!   [`Schema`](engine::table::Schema).
//! - [`rules`] checks what types cannot express, and lists the codes of all problems.
//! - [`reference`] names the page and the anchor that document each field.
//! - [`kind`] registers the formats. Users of the crate name a format by its [`Kind`](kind::Kind).
//! - [`kubevirt`] converts domains to virtual machines of KubeVirt.
//! - [`catalog`] lists the JSON Schemas for editors.
//! - [`constants`] has what plain Nix shares with the plugin.
//!
//! The crate reads no files, opens no connections, makes no system calls, and has no `unsafe` code.
#![forbid(unsafe_code)]
// Fields have libvirt's own names, letter for letter.
#![allow(non_snake_case)]

pub mod catalog;
pub mod constants;
pub mod engine;
pub mod formats;
pub mod kind;
pub mod kubevirt;
pub mod reference;
pub mod rules;
