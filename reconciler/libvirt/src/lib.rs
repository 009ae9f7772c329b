//! The part that talks to libvirt: connections, what they have, and the steps that change it.
//!
//! A connection is used from one thread; several threads may have one each. No call here prints. Messages hold libvirt's own
//! words, and these may quote what it was given: who knows the secrets in that takes them out.

mod backend;
mod connection;
mod device;
mod empty;
mod error;
mod execute;
mod guest;
mod inventory;
mod keepalive;
mod limited;
mod network;
mod object;
mod secret;
mod snapshot;
mod undefine;
pub mod virtdeclare;
mod volume;

pub use connection::{Connection, Key};
pub use limited::LimitedConnection;
pub use object::Object;
