//! Connections to libvirt: their inventory, and the operations that change it.
//!
//! A connection is used by one thread. Several threads can have one each. Nothing here prints. Errors hold libvirt's messages,
//! which may quote XML: the caller, which knows the secrets, redacts them.

mod about;
mod backend;
mod calls;
mod connection;
mod copy;
mod device;
mod empty;
mod error;
mod execute;
mod facts;
mod guest;
mod inventory;
mod keepalive;
mod limited;
mod migrate;
mod network;
mod object;
mod secret;
mod seed;
mod snapshot;
mod undefine;
pub mod virtdeclare;
mod volume;

pub use connection::{Connection, Key};
pub use limited::LimitedConnection;
pub use object::Object;
