//! `<perf>`: [Performance monitoring events](https://libvirt.org/formatdomain.html#performance-monitoring-events).

use crate::engine::scalar::YesNo;
use nixvirt_schema_derive::{element, values};

/// Performance events that the host counts for the guest, as shown by `virsh domstats --perf`.
#[element]
pub struct Perf {
    /// Performance event, and whether the host counts it.
    #[required]
    pub event: Vec<PerfEvent>,
}

/// Performance event, and whether the host counts it.
#[element]
pub struct PerfEvent {
    /// Name of the performance event.
    pub name: PerfEventName,
    /// Whether the host counts the event.
    pub enabled: YesNo,
}

/// Performance event that a host can count.
#[values]
pub enum PerfEventName {
    /// Usage of the last-level CPU cache by the guest.
    Cmt,
    /// Total memory traffic of the guest.
    Mbmt,
    /// Memory traffic of the guest to its local NUMA node.
    Mbml,
    /// CPU cycles.
    #[xml = "cpu_cycles"]
    CpuCycles,
    /// Executed instructions.
    Instructions,
    /// Cache accesses.
    #[xml = "cache_references"]
    CacheReferences,
    /// Cache misses.
    #[xml = "cache_misses"]
    CacheMisses,
    /// Branch instructions.
    #[xml = "branch_instructions"]
    BranchInstructions,
    /// Mispredicted branches.
    #[xml = "branch_misses"]
    BranchMisses,
    /// Bus cycles.
    #[xml = "bus_cycles"]
    BusCycles,
    /// Stalled cycles of the CPU frontend: no instruction could be fetched.
    #[xml = "stalled_cycles_frontend"]
    StalledCyclesFrontend,
    /// Stalled cycles of the CPU backend: no instruction could be completed.
    #[xml = "stalled_cycles_backend"]
    StalledCyclesBackend,
    /// CPU cycles at a constant reference clock.
    #[xml = "ref_cpu_cycles"]
    RefCpuCycles,
    /// Time measured by the CPU's clock.
    #[xml = "cpu_clock"]
    CpuClock,
    /// Run time of the guest's tasks.
    #[xml = "task_clock"]
    TaskClock,
    /// Page faults: accesses to pages that are not mapped.
    #[xml = "page_faults"]
    PageFaults,
    /// Context switches between threads.
    #[xml = "context_switches"]
    ContextSwitches,
    /// Migrations of threads between CPUs.
    #[xml = "cpu_migrations"]
    CpuMigrations,
    /// Minor page faults, resolved without disk access.
    #[xml = "page_faults_min"]
    PageFaultsMin,
    /// Major page faults, resolved with disk access.
    #[xml = "page_faults_maj"]
    PageFaultsMaj,
    /// Unaligned memory accesses.
    #[xml = "alignment_faults"]
    AlignmentFaults,
    /// Instructions emulated by the kernel.
    #[xml = "emulation_faults"]
    EmulationFaults,
}
