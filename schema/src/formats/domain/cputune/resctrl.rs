//! Shares of the host's caches and memory bandwidth.

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::patterns::CpuSet;
use crate::formats::size::SizeUnit;
use nixvirt_schema_derive::{element, values};

/// A share of the host's cache for CPUs of the guest. Since libvirt 4.1.
#[element(rules)]
pub struct Cachetune {
    /// The guest's CPUs.
    pub vcpus: CpuSet,
    /// The name that libvirt gives the share; it tells it and takes none.
    pub id: Option<String>,
    /// A part of a cache that is theirs.
    pub cache: Vec<CachetuneCache>,
    /// Watch how much of a cache they use.
    pub monitor: Vec<CachetuneMonitor>,
}

/// A part of a cache.
#[element]
pub struct CachetuneCache {
    /// The number of the host's cache.
    pub id: u32,
    /// The level of the cache.
    pub level: u32,
    /// What the part holds.
    pub r#type: CachetuneType,
    /// How big the part is.
    pub size: u64,
    /// The unit of `size`; `KiB` when absent.
    pub unit: Option<SizeUnit>,
}

/// What a part of a cache holds.
#[values]
pub enum CachetuneType {
    /// Code and data.
    Both,
    /// Code.
    Code,
    /// Data.
    Data,
}

/// Watches how much of a cache is used. Since libvirt 4.10.
#[element]
pub struct CachetuneMonitor {
    /// The level of the cache.
    pub level: u32,
    /// The guest's CPUs that are watched.
    pub vcpus: CpuSet,
}

/// A share of the host's memory bandwidth for CPUs of the guest. Since libvirt 4.7.
#[element(rules)]
pub struct Memorytune {
    /// The guest's CPUs.
    pub vcpus: CpuSet,
    /// The bandwidth to one node's memory.
    pub node: Vec<MemorytuneNode>,
    /// Watch how much bandwidth they use.
    pub monitor: Vec<MemorytuneMonitor>,
}

/// A share of the bandwidth to one node's memory.
#[element]
pub struct MemorytuneNode {
    /// The number of the host's node.
    pub id: u32,
    /// The share in percent.
    pub bandwidth: u32,
}

/// Watches how much memory bandwidth is used.
#[element]
pub struct MemorytuneMonitor {
    /// The guest's CPUs that are watched.
    pub vcpus: CpuSet,
}

impl View<'_, Cachetune> {
    fn rules(self, report: &mut Report<'_>) {
        if self.cache().next().is_none() && self.monitor().next().is_none() {
            report.missing(self.value(), "cache", "is required, or else monitor");
        }
    }
}

impl View<'_, Memorytune> {
    fn rules(self, report: &mut Report<'_>) {
        if self.node().next().is_none() && self.monitor().next().is_none() {
            report.missing(self.value(), "node", "is required, or else monitor");
        }
    }
}
