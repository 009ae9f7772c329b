//! The commands `nixvirt` and `virtdeclare`.

pub mod cli;
#[cfg(feature = "libvirt")]
pub mod libvirt;
mod spec;
#[cfg(feature = "libvirt")]
pub mod virtdeclare;
