//! The cores of the processor. Templates pin virtual CPUs to them.

use super::Process;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Processor of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Processor {
    /// The cores, in the order of their NUMA nodes and CPUs.
    pub cores: Vec<Core>,
    /// The CPUs that the kernel keeps free of processes (`isolcpus`).
    pub isolated: Vec<u32>,
}

/// Core of a processor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Core {
    /// The NUMA node that the core is in.
    pub node: u32,
    /// The CPUs of the core: its threads.
    pub cpus: Vec<u32>,
}

/// Reads the CPUs that are online. None if the kernel does not say which threads are of one core.
pub fn read(process: &Process) -> Option<Processor> {
    let folder = "/sys/devices/system/cpu";
    let set = |path: String| process.text(path).and_then(|text| cpus(&text));
    let core = |cpu: u32| {
        let cpus = set(format!("{folder}/cpu{cpu}/topology/thread_siblings_list"))?;
        let mut nodes = process.names(format!("{folder}/cpu{cpu}")).into_iter();
        let node = nodes.find_map(|name| name.strip_prefix("node")?.parse().ok()).unwrap_or(0);
        Some(Core { node, cpus })
    };
    let cores: Option<BTreeSet<_>> = set(format!("{folder}/online"))?.into_iter().map(core).collect();
    let isolated = set(format!("{folder}/isolated")).unwrap_or_default();
    Some(Processor { cores: cores?.into_iter().collect(), isolated })
}

/// The numbers in a list of the kernel, such as `0-3,8`. None if it is no such list.
fn cpus(list: &str) -> Option<Vec<u32>> {
    let ranges = list.trim().split(',').filter(|range| !range.is_empty());
    let ranges = ranges.map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(first.parse::<u32>().ok()?..=last.parse().ok()?)
    });
    Some(ranges.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
}
