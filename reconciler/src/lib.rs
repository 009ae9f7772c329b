//! The commands `nixvirt` and `virtdeclare`.

pub mod cli;
pub mod declared;
pub mod inventory;
#[cfg(feature = "libvirt")]
pub mod libvirt;
pub mod manifest;
pub mod object;
mod spec;
pub mod state;
pub mod step;
#[cfg(feature = "libvirt")]
pub mod virtdeclare;
