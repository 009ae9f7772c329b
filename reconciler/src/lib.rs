//! The commands `nixvirt` and `virtdeclare`.

pub mod change;
pub mod cli;
#[cfg(feature = "libvirt")]
mod declare;
pub mod declared;
pub mod inventory;
#[cfg(feature = "libvirt")]
pub mod libvirt;
pub mod manifest;
pub mod marker;
pub mod object;
pub mod plan;
pub mod reconcile;
pub mod report;
mod spec;
pub mod state;
pub mod step;
#[cfg(feature = "libvirt")]
pub mod virtdeclare;
