//! The command `nixvirt`, except for its connections to libvirt.

pub mod brief;
pub mod change;
pub mod cli;
mod commands;
pub mod declared;
pub mod doctor;
pub mod error;
pub mod failure;
pub mod file;
pub mod graph;
mod input;
pub mod inventory;
pub mod manifest;
pub mod message;
pub mod object;
mod output;
pub mod ownership;
pub mod paths;
pub mod plan;
pub mod progress;
pub mod reconcile;
pub mod report;
pub mod snapshot_archive;
pub mod state;
pub mod step;
pub mod terminal;
