//! `<cputune>`: [CPU tuning](https://libvirt.org/formatdomain.html#cpu-tuning).

pub mod resctrl;

use crate::engine::scalar::Int;
use crate::formats::patterns::CpuSet;
use nixvirt_schema_derive::element;
use resctrl::{Cachetune, Energytune, Memorytune};

/// Period of the host's scheduler, in microseconds from 1000 to 1000000.
type Period = Int<1000, 1_000_000>;

/// CPU time per period, in microseconds. -1 means no limit.
type Quota = Int<-1, 17_592_186_044_415>;

/// Share of the host's CPUs for the guest.
#[element]
pub struct Cputune {
    /// CPU weight of the guest relative to other guests.
    #[child]
    pub shares: Option<u32>,
    /// Scheduler period for each vCPU, in microseconds from 1000 to 1000000.
    #[child]
    pub period: Option<Period>,
    /// Maximum CPU time of each vCPU per `period`, in microseconds. -1 means no limit.
    #[child]
    pub quota: Option<Quota>,
    /// Scheduler period for the guest as a whole, in microseconds from 1000 to 1000000.
    #[child]
    pub global_period: Option<Period>,
    /// Maximum CPU time of the guest as a whole per `global_period`, in microseconds. -1 means no limit.
    #[child]
    pub global_quota: Option<Quota>,
    /// Scheduler period for the emulator threads, in microseconds from 1000 to 1000000.
    #[child]
    pub emulator_period: Option<Period>,
    /// Maximum CPU time of the emulator threads per `emulator_period`, in microseconds. -1 means no limit.
    #[child]
    pub emulator_quota: Option<Quota>,
    /// Scheduler period for the I/O threads, in microseconds from 1000 to 1000000.
    #[child]
    pub iothread_period: Option<Period>,
    /// Maximum CPU time of each I/O thread per `iothread_period`, in microseconds. -1 means no limit.
    #[child]
    pub iothread_quota: Option<Quota>,
    /// Host CPUs that one vCPU can run on.
    pub vcpupin: Vec<Vcpupin>,
    /// Host CPUs that the emulator threads can run on.
    pub emulatorpin: Option<Emulatorpin>,
    /// Host CPUs that one I/O thread can run on.
    pub iothreadpin: Vec<Iothreadpin>,
    /// Host scheduling of vCPUs.
    pub vcpusched: Vec<Vcpusched>,
    /// Host scheduling of I/O threads.
    pub iothreadsched: Vec<Iothreadsched>,
    /// Host scheduling of the emulator threads.
    pub emulatorsched: Option<Scheduler>,
    /// Share of the host's CPU cache for some vCPUs.
    #[since = "4.1"]
    pub cachetune: Vec<Cachetune>,
    /// Share of the host's memory bandwidth for some vCPUs.
    #[since = "4.7"]
    pub memorytune: Vec<Memorytune>,
    /// Monitoring of the energy that vCPUs use.
    #[since = "12.4"]
    pub energytune: Vec<Energytune>,
}

/// Host CPUs that one vCPU can run on.
#[element]
pub struct Vcpupin {
    /// Number of the vCPU, from 0.
    pub vcpu: u16,
    /// Set of host CPUs for the vCPU.
    pub cpuset: CpuSet,
}

/// Host CPUs that the emulator threads can run on.
#[element]
pub struct Emulatorpin {
    /// Set of host CPUs for the emulator threads.
    pub cpuset: CpuSet,
}

/// Host CPUs that one I/O thread can run on.
#[element]
pub struct Iothreadpin {
    /// Number of the I/O thread.
    pub iothread: u32,
    /// Set of host CPUs for the I/O thread.
    pub cpuset: CpuSet,
}

/// Host scheduling of vCPUs.
#[element]
pub struct Vcpusched {
    /// vCPUs that the scheduler setting applies to. Defaults to all vCPUs.
    pub vcpus: Option<CpuSet>,
    /// Scheduling policy for the vCPUs.
    #[form]
    pub scheduler: Scheduler,
}

/// Host scheduling of I/O threads.
#[element]
pub struct Iothreadsched {
    /// Numbers of the I/O threads that the scheduler setting applies to. Defaults to all I/O threads.
    pub iothreads: Option<CpuSet>,
    /// Scheduling policy for the I/O threads.
    #[form]
    pub scheduler: Scheduler,
}

/// Scheduling policy of the host for threads of the guest.
#[element("scheduler")]
pub enum Scheduler {
    /// Batch scheduling, for work that is not urgent.
    Batch {},
    /// Idle scheduling: threads run only when the host has no other work.
    Idle {},
    /// Real-time scheduling, first in first out: a thread runs until blocked.
    Fifo {
        /// Real-time priority. The host allows 1 to 99.
        priority: u16,
    },
    /// Real-time scheduling, round robin: threads of equal priority take turns.
    Rr {
        /// Real-time priority. The host allows 1 to 99.
        priority: u16,
    },
}
