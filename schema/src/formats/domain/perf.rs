//! `<perf>`: [Performance monitoring events](https://libvirt.org/formatdomain.html#performance-monitoring-events).

use crate::engine::scalar::YesNo;
use nixvirt_schema_derive::{element, values};

/// What the host counts while the guest runs, as `virsh domstats --perf` tells it.
#[element]
pub struct Perf {
    /// One thing to count or not.
    #[required]
    pub event: Vec<PerfEvent>,
}

/// A thing to count or not.
#[element]
pub struct PerfEvent {
    /// What it is.
    pub name: PerfEventName,
    /// Whether it is counted.
    pub enabled: YesNo,
}

/// What a host can count.
#[values]
pub enum PerfEventName {
    /// How much of the last cache level it uses.
    Cmt,
    /// All of its traffic to memory.
    Mbmt,
    /// Its traffic to the memory of its own node.
    Mbml,
    /// Processor cycles.
    #[xml = "cpu_cycles"]
    CpuCycles,
    /// Instructions that were carried out.
    Instructions,
    /// Accesses to a cache.
    #[xml = "cache_references"]
    CacheReferences,
    /// Accesses that a cache could not serve.
    #[xml = "cache_misses"]
    CacheMisses,
    /// Branches.
    #[xml = "branch_instructions"]
    BranchInstructions,
    /// Branches that were foreseen wrongly.
    #[xml = "branch_misses"]
    BranchMisses,
    /// Bus cycles.
    #[xml = "bus_cycles"]
    BusCycles,
    /// Cycles in which no instruction could be fetched.
    #[xml = "stalled_cycles_frontend"]
    StalledCyclesFrontend,
    /// Cycles in which no instruction could be finished.
    #[xml = "stalled_cycles_backend"]
    StalledCyclesBackend,
    /// Processor cycles at a constant clock.
    #[xml = "ref_cpu_cycles"]
    RefCpuCycles,
    /// Time by the clock of the processor.
    #[xml = "cpu_clock"]
    CpuClock,
    /// Time for which it ran.
    #[xml = "task_clock"]
    TaskClock,
    /// Accesses to pages that were not at hand.
    #[xml = "page_faults"]
    PageFaults,
    /// Switches from one thread to another.
    #[xml = "context_switches"]
    ContextSwitches,
    /// Moves from one processor to another.
    #[xml = "cpu_migrations"]
    CpuMigrations,
    /// Page faults that needed no disk.
    #[xml = "page_faults_min"]
    PageFaultsMin,
    /// Page faults that needed the disk.
    #[xml = "page_faults_maj"]
    PageFaultsMaj,
    /// Accesses that were not aligned.
    #[xml = "alignment_faults"]
    AlignmentFaults,
    /// Instructions that the kernel had to emulate.
    #[xml = "emulation_faults"]
    EmulationFaults,
}
