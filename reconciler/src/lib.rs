//! The command `nixvirt`: all of it but talking to libvirt.

pub mod change;
pub mod cli;
mod declare;
pub mod declared;
pub mod error;
mod input;
pub mod inventory;
pub mod manifest;
pub mod message;
pub mod object;
pub mod ownership;
pub mod plan;
pub mod reconcile;
pub mod report;
mod spec;
pub mod state;
pub mod step;
