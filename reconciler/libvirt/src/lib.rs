//! The part that talks to libvirt: connections, what they have, and the steps that change it.
//!
//! A connection is used from one thread; several threads may have one each. No call here prints. Messages hold libvirt's own
//! words, and these may quote what it was given: who knows the secrets in that takes them out.

mod connection;
mod backend;
mod device;
mod failure;
mod guest;
mod inventory;
mod snapshot_archive;
mod network;
mod object;
mod execute;
mod secret;
mod snapshot;
mod undefine;
pub mod virtdeclare;
mod volume;

pub use connection::{Connection, Key};
pub use failure::Failure;
pub use object::Object;
