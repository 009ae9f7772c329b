//! `<iothreads>`: [IOThreads allocation](https://libvirt.org/formatdomain.html#iothreads-allocation).

use nixvirt_schema_derive::element;

/// How many threads of the host serve the guest's disks, for those disks that ask for one.
#[element]
pub struct Iothreads {
    /// How many.
    #[text]
    pub count: u32,
}

/// The numbers and settings of single I/O threads.
#[element]
pub struct Iothreadids {
    /// One thread.
    pub iothread: Vec<Iothread>,
}

/// A thread of the host that serves disks.
#[element]
pub struct Iothread {
    /// Its number, from 1.
    pub id: u32,
    /// How many workers it keeps at least. Since libvirt 8.5.
    pub thread_pool_min: Option<u32>,
    /// How many workers it has at most. Since libvirt 8.5.
    pub thread_pool_max: Option<u32>,
    /// How long it polls before it sleeps. Since libvirt 9.4.
    pub poll: Option<IothreadPoll>,
}

/// How long an I/O thread polls before it sleeps.
#[element]
pub struct IothreadPoll {
    /// The longest time in nanoseconds; 0 is never.
    pub max: Option<u64>,
    /// By how much the time grows when it proves too short; 0 is the hypervisor's own choice.
    pub grow: Option<u64>,
    /// By how much the time shrinks when it proves too long; 0 is the hypervisor's own choice.
    pub shrink: Option<u64>,
}

/// The thread that serves all disks that ask for none. Since libvirt 8.5.
#[element]
pub struct Defaultiothread {
    /// How many workers it keeps at least.
    pub thread_pool_min: Option<u32>,
    /// How many workers it has at most.
    pub thread_pool_max: Option<u32>,
}
