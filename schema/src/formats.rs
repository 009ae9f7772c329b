//! The formats of libvirt as tables: each element is a struct, in a file named after the heading of libvirt's manual.

pub mod checkpoint;
pub mod device;
pub mod domain;
pub mod host_interface;
pub mod manual;
pub mod namespaces;
pub mod network;
pub mod networking;
pub mod nodedev;
pub mod nwfilter;
pub mod patterns;
pub mod pci;
pub mod pool;
pub mod secret;
pub mod size;
pub mod snapshot;
pub mod storage;
pub mod volume;

use crate::engine::release::Release;

/// Newest release of libvirt of which the tables have everything.
pub const RELEASE: Release = Release { major: 12, minor: 8 };
