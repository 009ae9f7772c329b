//! What the processor and the kernel offer to guests.

use super::Process;

/// Virtualization by the processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Virtualization {
    /// KVM.
    pub kvm: Kvm,
    /// Whether guests can run guests of their own with KVM. None if the kernel does not say.
    pub is_nested: Option<bool>,
    /// Whether the IOMMU is on, so that devices of the host can be passed to guests.
    pub has_iommu: bool,
}

/// KVM on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kvm {
    /// `/dev/kvm` exists.
    Available,
    /// `/dev/kvm` exists, and the user, whose own daemon starts the guests, may not use it.
    Denied,
    /// The processor can virtualize, and the kernel's module is not loaded.
    NotLoaded,
    /// The processor cannot virtualize, or its firmware has switched that off.
    Unsupported,
}

/// Reads what the kernel says.
pub fn read(process: &Process) -> Virtualization {
    let flags = process.text("/proc/cpuinfo").unwrap_or_default();
    let mut flags = flags.lines().filter(|line| line.starts_with("flags")).flat_map(str::split_whitespace);
    let kvm = if process.exists("/dev/kvm") {
        let is_denied = process.is_session() && !(process.may_use)(&process.at("/dev/kvm"));
        if is_denied { Kvm::Denied } else { Kvm::Available }
    } else if flags.any(|flag| flag == "vmx" || flag == "svm") {
        Kvm::NotLoaded
    } else {
        Kvm::Unsupported
    };
    let nested = ["kvm_intel", "kvm_amd"].map(|module| process.text(format!("/sys/module/{module}/parameters/nested")));
    Virtualization {
        kvm,
        is_nested: nested.into_iter().flatten().next().map(|value| ["Y", "1"].contains(&value.trim())),
        has_iommu: !process.names("/sys/kernel/iommu_groups").is_empty(),
    }
}
