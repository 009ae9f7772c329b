//! `<iothreads>`: [IOThreads allocation](https://libvirt.org/formatdomain.html#iothreads-allocation).

use crate::engine::scalar::Int;
use nixvirt_schema_derive::element;

/// Number of host threads for disks that request an I/O thread.
#[element]
pub struct Iothreads {
    /// Number of I/O threads.
    #[text]
    pub count: Int<0, 65535>,
}

/// IDs and settings of individual I/O threads.
#[element]
pub struct Iothreadids {
    /// I/O thread of the guest.
    pub iothread: Vec<Iothread>,
}

/// Host thread that serves disks of the guest.
#[element]
pub struct Iothread {
    /// Number of the I/O thread, from 1.
    pub id: Int<1, { u32::MAX as u64 }>,
    /// Minimum number of worker threads of the I/O thread.
    #[since = "8.5"]
    pub thread_pool_min: Option<Int<0, 2_147_483_647>>,
    /// Maximum number of worker threads of the I/O thread.
    #[since = "8.5"]
    pub thread_pool_max: Option<Int<1, 2_147_483_647>>,
    /// Polling of the I/O thread before sleeping.
    #[since = "9.4"]
    pub poll: Option<IothreadPoll>,
}

/// Polling of an I/O thread before sleeping.
#[element]
pub struct IothreadPoll {
    /// Maximum polling time in nanoseconds. 0 disables polling.
    pub max: Option<u64>,
    /// Growth of the polling time when polling proves too short. 0 means the hypervisor's default.
    pub grow: Option<u64>,
    /// Reduction of the polling time when polling proves too long. 0 means the hypervisor's default.
    pub shrink: Option<u64>,
    /// Weight of earlier polling times when the polling time is adjusted. A larger number makes the polling time change
    /// more slowly.
    #[since = "12.7"]
    pub weight: Option<u32>,
}

/// Default I/O thread, which serves all disks without an I/O thread of their own.
#[element]
pub struct Defaultiothread {
    /// Minimum number of worker threads of the default I/O thread.
    pub thread_pool_min: Option<Int<0, 2_147_483_647>>,
    /// Maximum number of worker threads of the default I/O thread.
    pub thread_pool_max: Option<Int<1, 2_147_483_647>>,
}
