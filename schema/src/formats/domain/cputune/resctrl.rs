//! Shares of the host's caches and memory bandwidth.

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::patterns::CpuSet;
use crate::formats::size::AnySizeUnit;
use nixvirt_schema_derive::{element, values};

/// Share of the host's CPU cache for some vCPUs.
#[element(rules)]
pub struct Cachetune {
    /// vCPUs that the cache share applies to. Defaults to the whole QEMU process.
    #[optional_since = "12.8"]
    pub vcpus: Option<CpuSet>,
    /// Output only: name of the cache share, assigned by libvirt.
    pub id: Option<String>,
    /// Part of a host cache reserved for the vCPUs.
    pub cache: Vec<CachetuneCache>,
    /// Monitor for the cache usage of the vCPUs.
    #[since = "4.10"]
    pub monitor: Vec<CachetuneMonitor>,
}

/// Part of a host cache reserved for vCPUs.
#[element]
pub struct CachetuneCache {
    /// Number of the host's cache.
    pub id: u32,
    /// Level of the host's cache.
    pub level: u32,
    /// Content of the reserved part of the cache: code, data or both.
    pub r#type: CachetuneType,
    /// Size of the reserved part of the cache.
    pub size: u64,
    /// Unit of `size`. Defaults to `KiB`.
    #[unit_of = "size"]
    pub unit: Option<AnySizeUnit>,
}

/// Content of a reserved part of a cache.
#[values]
pub enum CachetuneType {
    /// Code and data.
    Both,
    /// Code only.
    Code,
    /// Data only.
    Data,
}

/// Monitor for the cache usage of vCPUs.
#[element]
pub struct CachetuneMonitor {
    /// Level of the monitored cache.
    pub level: u32,
    /// vCPUs to monitor. Defaults to those of the cache share.
    #[optional_since = "12.8"]
    pub vcpus: Option<CpuSet>,
}

/// Share of the host's memory bandwidth for some vCPUs.
#[element(rules)]
pub struct Memorytune {
    /// vCPUs that the bandwidth share applies to. Defaults to the whole QEMU process.
    #[optional_since = "12.8"]
    pub vcpus: Option<CpuSet>,
    /// Share of the bandwidth to the memory of one host NUMA node.
    pub node: Vec<MemorytuneNode>,
    /// Monitor for the memory bandwidth usage of the vCPUs.
    pub monitor: Vec<MemorytuneMonitor>,
}

/// Share of the bandwidth to the memory of one host NUMA node.
#[element]
pub struct MemorytuneNode {
    /// Number of the host NUMA node.
    pub id: u32,
    /// Share of the memory bandwidth, in percent.
    pub bandwidth: u32,
}

/// Monitor for the memory bandwidth usage of vCPUs.
#[element]
pub struct MemorytuneMonitor {
    /// vCPUs to monitor. Defaults to those of the bandwidth share.
    #[optional_since = "12.8"]
    pub vcpus: Option<CpuSet>,
}

/// Monitoring of the energy that vCPUs use.
#[element]
pub struct Energytune {
    /// vCPUs whose energy is monitored. Defaults to the whole QEMU process.
    #[optional_since = "12.8"]
    pub vcpus: Option<CpuSet>,
    /// Output only: name of the group, assigned by libvirt.
    pub id: Option<String>,
    /// Monitor for the energy usage of the vCPUs.
    #[required]
    pub monitor: Vec<EnergytuneMonitor>,
}

/// Monitor for the energy usage of vCPUs.
#[element]
pub struct EnergytuneMonitor {
    /// vCPUs to monitor. Defaults to those of the group.
    #[optional_since = "12.8"]
    pub vcpus: Option<CpuSet>,
}

impl View<'_, Cachetune> {
    fn rules(self, report: &mut Report<'_>) {
        if self.cache().next().is_none() && self.monitor().next().is_none() {
            report.missing(self.value(), "cache", "expected `cache` or `monitor`");
        }
    }
}

impl View<'_, Memorytune> {
    fn rules(self, report: &mut Report<'_>) {
        if self.node().next().is_none() && self.monitor().next().is_none() {
            report.missing(self.value(), "node", "expected `node` or `monitor`");
        }
    }
}
