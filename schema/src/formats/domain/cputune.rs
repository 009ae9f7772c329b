//! `<cputune>`: [CPU tuning](https://libvirt.org/formatdomain.html#cpu-tuning).

pub mod resctrl;

use crate::engine::scalar::Int;
use crate::formats::patterns::CpuSet;
use nixvirt_schema_derive::element;
use resctrl::{Cachetune, Memorytune};

/// A period of the host's scheduler in microseconds, from 1000 to 1000000.
type Period = Int<1000, 1_000_000>;

/// A time within a period in microseconds, or -1 for no limit.
type Quota = Int<-1, 17_592_186_044_415>;

/// The guest's share of the host's CPUs.
#[element]
pub struct Cputune {
    /// Its weight against that of other guests.
    #[child]
    pub shares: Option<u32>,
    /// The period for each CPU of the guest, in microseconds from 1000 to 1000000.
    #[child]
    pub period: Option<Period>,
    /// How long each CPU of the guest may run in a `period`, in microseconds; -1 is no limit.
    #[child]
    pub quota: Option<Quota>,
    /// The period for the guest as a whole, in microseconds from 1000 to 1000000.
    #[child]
    pub global_period: Option<Period>,
    /// How long the guest as a whole may run in a `global_period`, in microseconds; -1 is no limit.
    #[child]
    pub global_quota: Option<Quota>,
    /// The period for the emulator's own threads, in microseconds from 1000 to 1000000.
    #[child]
    pub emulator_period: Option<Period>,
    /// How long the emulator's own threads may run in an `emulator_period`, in microseconds; -1 is no limit.
    #[child]
    pub emulator_quota: Option<Quota>,
    /// The period for the I/O threads, in microseconds from 1000 to 1000000.
    #[child]
    pub iothread_period: Option<Period>,
    /// How long each I/O thread may run in an `iothread_period`, in microseconds; -1 is no limit.
    #[child]
    pub iothread_quota: Option<Quota>,
    /// The CPUs of the host that one CPU of the guest runs on.
    pub vcpupin: Vec<Vcpupin>,
    /// The CPUs of the host that the emulator's own threads run on.
    pub emulatorpin: Option<Emulatorpin>,
    /// The CPUs of the host that one I/O thread runs on.
    pub iothreadpin: Vec<Iothreadpin>,
    /// How the host schedules CPUs of the guest.
    pub vcpusched: Vec<Vcpusched>,
    /// How the host schedules I/O threads.
    pub iothreadsched: Vec<Iothreadsched>,
    /// How the host schedules the emulator's own threads.
    pub emulatorsched: Option<Scheduler>,
    /// A share of the host's cache for CPUs of the guest.
    pub cachetune: Vec<Cachetune>,
    /// A share of the host's memory bandwidth for CPUs of the guest.
    pub memorytune: Vec<Memorytune>,
}

/// The CPUs of the host that one CPU of the guest runs on.
#[element]
pub struct Vcpupin {
    /// The number of the guest's CPU, from 0.
    pub vcpu: u16,
    /// The CPUs of the host.
    pub cpuset: CpuSet,
}

/// The CPUs of the host that the emulator's own threads run on.
#[element]
pub struct Emulatorpin {
    /// The CPUs of the host.
    pub cpuset: CpuSet,
}

/// The CPUs of the host that one I/O thread runs on.
#[element]
pub struct Iothreadpin {
    /// The thread's number.
    pub iothread: u32,
    /// The CPUs of the host.
    pub cpuset: CpuSet,
}

/// How the host schedules CPUs of the guest.
#[element]
pub struct Vcpusched {
    /// The guest's CPUs; all when absent.
    pub vcpus: Option<CpuSet>,
    /// How it schedules them.
    #[form]
    pub scheduler: Scheduler,
}

/// How the host schedules I/O threads.
#[element]
pub struct Iothreadsched {
    /// The numbers of the threads; all when absent.
    pub iothreads: Option<CpuSet>,
    /// How it schedules them.
    #[form]
    pub scheduler: Scheduler,
}

/// How the host schedules threads.
#[element("scheduler")]
pub enum Scheduler {
    /// For work that can wait a little.
    Batch {},
    /// For work that runs when nothing else does.
    Idle {},
    /// In real time: each runs until it waits.
    Fifo {
        /// The priority, of which the host allows 1 to 99.
        priority: u16,
    },
    /// In real time: those of equal priority take turns.
    Rr {
        /// The priority, of which the host allows 1 to 99.
        priority: u16,
    },
}
