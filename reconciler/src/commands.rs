//! What each command does.

pub mod check;
pub mod doctor;
mod document;
pub mod explain;
mod file_code;
pub mod files;
pub mod graph;
pub mod guest;
pub mod import;
mod kubevirt;
pub mod lsp;
mod manifest_file;
pub mod reconcile;
pub mod render;
pub mod schema;
mod spec;
