//! `nixvirt doctor`: whether a host is ready. Facts are read in [`host`] and [`answers`], judged in [`judge`], and printed in
//! the report.

pub mod answers;
pub mod finding;
pub mod host;
mod judge;
pub mod version;

pub use judge::judge;
