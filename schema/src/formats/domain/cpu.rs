//! `<cpu>`: [CPU model and topology](https://libvirt.org/formatdomain.html#cpu-model-and-topology).

pub mod numa;

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Int, OnOff};
use crate::formats::patterns::all;
use nixvirt_schema_derive::{element, values};
use numa::Numa;

/// The guest's processor.
#[element]
pub struct Cpu {
    /// What decides about the model and features.
    pub mode: Option<CpuMode>,
    /// How exactly the guest must get what is asked for; `exact` when absent.
    pub r#match: Option<CpuMatch>,
    /// What libvirt checks before the guest starts.
    pub check: Option<CpuCheck>,
    /// Whether features that the maker gave up are kept. Since libvirt 11.0.
    pub deprecated_features: Option<OnOff>,
    /// Whether features that hinder migration are left out, where `mode` is `host-passthrough` or `maximum`.
    pub migratable: Option<OnOff>,
    /// The model, where `mode` is `custom`.
    pub model: Option<CpuModel>,
    /// The maker that the host's processor must have.
    #[child]
    pub vendor: Option<String>,
    /// How many sockets, cores and threads the guest sees.
    pub topology: Option<CpuTopology>,
    /// What caches the guest sees.
    pub cache: Option<CpuCache>,
    /// How many bits the guest's physical addresses have.
    pub maxphysaddr: Option<CpuMaxphysaddr>,
    /// A feature that the guest has or lacks beyond the model.
    pub feature: Vec<CpuFeature>,
    /// The guest's NUMA nodes.
    pub numa: Option<Numa>,
}

/// What decides about model and features of the guest's processor.
#[values]
pub enum CpuMode {
    /// `model` and `feature`.
    Custom,
    /// The model that is nearest to the host's processor.
    HostModel,
    /// The host's processor itself.
    HostPassthrough,
    /// All that the hypervisor can give.
    Maximum,
}

/// How exactly the guest must get what is asked for.
#[values]
pub enum CpuMatch {
    /// At least that; it gets whatever more the host has.
    Minimum,
    /// Just that.
    Exact,
    /// Just that, and the host's processor must be the same.
    Strict,
}

/// What is checked before a guest starts.
#[values]
pub enum CpuCheck {
    /// Nothing.
    None,
    /// What libvirt can tell before it starts the hypervisor.
    Partial,
    /// That the guest really got what was asked for.
    Full,
}

/// The model of the guest's processor.
#[element]
pub struct CpuModel {
    /// Whether a lesser model may stand in where the host cannot give this one; `allow` when absent.
    pub fallback: Option<CpuFallback>,
    /// The 12 characters by which the guest knows the maker.
    pub vendor_id: Option<CpuVendorId>,
    /// Its name, as `virsh cpu-models` lists them.
    #[text]
    pub name: Option<String>,
}

/// Whether a lesser model may stand in.
#[values]
pub enum CpuFallback {
    /// It may.
    Allow,
    /// The guest does not start then.
    Forbid,
}

/// How many sockets, cores and threads there are. Multiplied, they are the number of CPUs.
#[element]
pub struct CpuTopology {
    /// How many sockets.
    pub sockets: Int<1, { u64::MAX }>,
    /// How many dies in each socket; 1 when absent. Since libvirt 6.1.
    pub dies: Option<Int<1, { u64::MAX }>>,
    /// How many clusters in each die; 1 when absent. Since libvirt 10.1.
    pub clusters: Option<Int<1, { u64::MAX }>>,
    /// How many cores in each cluster.
    pub cores: Int<1, { u64::MAX }>,
    /// How many threads in each core.
    pub threads: Int<1, { u64::MAX }>,
}

/// What caches the guest sees.
#[element]
pub struct CpuCache {
    /// The level that this is about; all when absent.
    pub level: Option<CpuCacheLevel>,
    /// What the guest sees.
    pub mode: CpuCacheMode,
}

/// A level of cache.
#[values]
pub enum CpuCacheLevel {
    /// The smallest and fastest.
    #[xml = "1"]
    L1,
    /// The second.
    #[xml = "2"]
    L2,
    /// The third, usually shared by several cores.
    #[xml = "3"]
    L3,
}

/// What caches a guest sees.
#[values]
pub enum CpuCacheMode {
    /// What the hypervisor makes up.
    Emulate,
    /// Those of the host.
    Passthrough,
    /// None.
    Disable,
}

/// How many bits the guest's physical addresses have. Since libvirt 8.7.
#[element]
pub struct CpuMaxphysaddr {
    /// Whose number it is.
    pub mode: CpuMaxphysaddrMode,
    /// How many, where `mode` is `emulate`.
    pub bits: Option<u32>,
    /// The most, where `mode` is `passthrough`. Since libvirt 9.3.
    pub limit: Option<u32>,
}

/// Whose number of address bits a guest has.
#[values]
pub enum CpuMaxphysaddrMode {
    /// The one given in `bits`.
    Emulate,
    /// The host's.
    Passthrough,
}

/// A feature of the guest's processor.
#[element]
pub struct CpuFeature {
    /// Whether the guest has it.
    pub policy: CpuFeaturePolicy,
    /// Its name, such as `vmx`.
    pub name: CpuFeatureName,
}

/// Whether a guest has a feature.
#[values]
pub enum CpuFeaturePolicy {
    /// It has, whatever the host has.
    Force,
    /// It has; without it in the host, the guest does not start.
    Require,
    /// It has if the host has.
    Optional,
    /// It has not.
    Disable,
    /// It has not; with it in the host, the guest does not start.
    Forbid,
}

patterns! {
    /// The maker of a processor, as the guest sees it.
    CpuVendorId = "12 characters without a comma", r"[^,]{12}";
    /// The name of a feature of a processor.
    CpuFeatureName = "a CPU feature such as vmx: letters, digits and _ - .", r"[a-zA-Z0-9\-_.]+", |text| all(text, |byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
}
