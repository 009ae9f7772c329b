//! `<cpu>`: [CPU model and topology](https://libvirt.org/formatdomain.html#cpu-model-and-topology).

pub mod numa;

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Int, OnOff};
use crate::formats::patterns::all;
use nixvirt_schema_derive::{element, values};
use numa::Numa;

/// CPU model, features and topology of the guest.
#[element]
pub struct Cpu {
    /// Method for choosing the CPU model and features.
    pub mode: Option<CpuMode>,
    /// Strictness of matching the guest's CPU to the requested CPU. Defaults to `exact`.
    pub r#match: Option<CpuMatch>,
    /// CPU check that libvirt makes before the guest runs.
    pub check: Option<CpuCheck>,
    /// Whether CPU features that the vendor deprecated are kept.
    #[since = "11.0"]
    pub deprecated_features: Option<OnOff>,
    /// Whether CPU features that prevent migration are omitted. Only for `mode` set to `host-passthrough` or `maximum`.
    pub migratable: Option<OnOff>,
    /// CPU model, for `mode` set to `custom`.
    pub model: Option<CpuModel>,
    /// CPU vendor that the host's CPU must have.
    #[child]
    pub vendor: Option<String>,
    /// Sockets, cores and threads presented to the guest.
    pub topology: Option<CpuTopology>,
    /// CPU caches presented to the guest.
    pub cache: Option<CpuCache>,
    /// Size of the guest's physical addresses, in bits.
    #[since = "8.7"]
    pub maxphysaddr: Option<CpuMaxphysaddr>,
    /// CPU feature to add to the model or to remove from the model.
    pub feature: Vec<CpuFeature>,
    /// NUMA nodes of the guest.
    pub numa: Option<Numa>,
}

/// Method for choosing the model and features of the guest's CPU.
#[values]
pub enum CpuMode {
    /// CPU model and features from `model` and `feature`.
    Custom,
    /// Named CPU model that is closest to the host's CPU.
    HostModel,
    /// CPU of the host, unchanged.
    HostPassthrough,
    /// All CPU features that the hypervisor supports.
    Maximum,
}

/// Strictness of matching the guest's CPU to the requested CPU.
#[values]
pub enum CpuMatch {
    /// At least the requested features. The guest also gets all further features of the host's CPU.
    Minimum,
    /// Exactly the requested features.
    Exact,
    /// Exactly the requested features. The host's CPU must have the same features.
    Strict,
}

/// CPU check before a guest runs.
#[values]
pub enum CpuCheck {
    /// No check.
    None,
    /// Check by libvirt before the hypervisor starts.
    Partial,
    /// Check that the guest's CPU has exactly the requested features.
    Full,
}

/// CPU model of the guest.
#[element]
pub struct CpuModel {
    /// Replacement of a CPU model that the host does not support. Defaults to `allow`, which permits a less capable
    /// model.
    #[default = "allow"]
    pub fallback: Option<CpuFallback>,
    /// Vendor ID presented to the guest, exactly 12 characters.
    pub vendor_id: Option<CpuVendorId>,
    /// Name of the CPU model, as listed by `virsh cpu-models`.
    #[text]
    pub name: Option<String>,
}

/// Replacement of a CPU model that the host does not support.
#[values]
pub enum CpuFallback {
    /// Use a less capable model instead.
    Allow,
    /// Do not start the guest.
    Forbid,
}

/// CPU topology of the guest. The product of all counts is the number of vCPUs.
#[element]
pub struct CpuTopology {
    /// Number of CPU sockets.
    pub sockets: Int<1, { u32::MAX as u64 }>,
    /// Number of dies in each socket. Defaults to 1.
    #[since = "6.1"]
    pub dies: Option<Int<1, { u32::MAX as u64 }>>,
    /// Number of clusters in each die. Defaults to 1.
    #[since = "10.1"]
    pub clusters: Option<Int<1, { u32::MAX as u64 }>>,
    /// Number of cores in each cluster.
    pub cores: Int<1, { u32::MAX as u64 }>,
    /// Number of threads in each core.
    pub threads: Int<1, { u32::MAX as u64 }>,
}

/// CPU caches presented to the guest.
#[element]
pub struct CpuCache {
    /// Cache level that the setting applies to. Defaults to all levels.
    pub level: Option<CpuCacheLevel>,
    /// Origin of the cache data presented to the guest.
    pub mode: CpuCacheMode,
}

/// Level of a CPU cache.
#[values]
pub enum CpuCacheLevel {
    /// Level 1 cache, the smallest and fastest.
    #[xml = "1"]
    L1,
    /// Level 2 cache.
    #[xml = "2"]
    L2,
    /// Level 3 cache, usually shared by several cores.
    #[xml = "3"]
    L3,
}

/// Origin of the cache data presented to a guest.
#[values]
pub enum CpuCacheMode {
    /// Cache data emulated by the hypervisor.
    Emulate,
    /// Cache data of the host's CPU.
    Passthrough,
    /// No CPU cache presented to the guest.
    Disable,
}

/// Size of the guest's physical addresses, in bits.
#[element]
pub struct CpuMaxphysaddr {
    /// Origin of the number of physical address bits.
    pub mode: CpuMaxphysaddrMode,
    /// Number of physical address bits, for `mode` set to `emulate`.
    pub bits: Option<Int<0, 2_147_483_647>>,
    /// Maximum number of physical address bits, for `mode` set to `passthrough`.
    #[since = "9.3"]
    pub limit: Option<Int<1, { u32::MAX as u64 }>>,
}

/// Origin of the number of physical address bits.
#[values]
pub enum CpuMaxphysaddrMode {
    /// Number of physical address bits from `bits`.
    Emulate,
    /// Number of physical address bits of the host.
    Passthrough,
}

/// CPU feature of the guest.
#[element]
pub struct CpuFeature {
    /// Policy for the CPU feature in the guest.
    pub policy: CpuFeaturePolicy,
    /// Name of the CPU feature, such as `vmx`.
    pub name: CpuFeatureName,
}

/// Policy for a CPU feature of the guest.
#[values]
pub enum CpuFeaturePolicy {
    /// Enable the feature for the guest, even if the host does not support the feature.
    Force,
    /// Enable the feature. The guest does not start if the host does not support the feature.
    Require,
    /// Enable the feature if the host supports the feature.
    Optional,
    /// Disable the feature.
    Disable,
    /// Disable the feature. The guest does not start if the host supports the feature.
    Forbid,
}

patterns! {
    /// CPU vendor ID presented to the guest.
    CpuVendorId = "vendor ID", "12 characters without a comma", r"[^,]{12}";
    /// Name of a CPU feature.
    CpuFeatureName = "CPU feature", "letters, digits, \"_\", \"-\" or \".\", e.g. vmx", r"[a-zA-Z0-9\-_.]+", |text| all(text, |byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
}
