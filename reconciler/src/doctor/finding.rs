//! A finding about a host, with its facts. The report turns the finding into English.

use super::host::{Damage, IommuGroup, Processor, UsbDevice};
use super::version::Version;
use crate::error::ErrorMessage;
use schemars::JsonSchema;
use serde::Serialize;

/// Parts of a host, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The libvirt daemon, and its version.
    Daemon,
    /// The sockets of the daemon, and whether the user may use them.
    Sockets,
    /// Whether the daemon knows all hooks.
    Hooks,
    /// The network `default`.
    DefaultNetwork,
    /// Virtualization by the processor.
    Kvm,
    /// Guests that run guests.
    NestedGuests,
    /// The cores of the processor.
    Processor,
    /// The IOMMU, for devices of the host in guests.
    Iommu,
    /// The PCI devices that a guest gets together.
    IommuGroups,
    /// The USB devices that guests can get.
    UsbDevices,
    /// The firmware descriptors.
    Firmware,
    /// The TPM emulator, swtpm.
    Tpm,
    /// The firewall backend of networks.
    Firewall,
    /// The plugin of Nix.
    Plugin,
    /// The state directory.
    State,
}

/// Section of the report of `nixvirt doctor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The connection to libvirt.
    Connection,
    /// The host.
    Host,
    /// NixVirt itself.
    NixVirt,
}

impl Check {
    /// The section that the check belongs to.
    pub fn section(self) -> Section {
        match self {
            Check::Daemon | Check::Sockets | Check::Hooks | Check::DefaultNetwork => Section::Connection,
            Check::Kvm
            | Check::NestedGuests
            | Check::Processor
            | Check::Iommu
            | Check::IommuGroups
            | Check::UsbDevices
            | Check::Firmware
            | Check::Tpm
            | Check::Firewall => Section::Host,
            Check::Plugin | Check::State => Section::NixVirt,
        }
    }
}

/// Health of a part of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// The part works.
    Ok,
    /// Some guests or features do not work.
    Warning,
    /// Most guests do not work, or NixVirt does not.
    Problem,
}

/// Facts that were found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Finding {
    /// The daemon answers.
    DaemonAnswers {
        /// The version of libvirt.
        libvirt: Option<Version>,
        /// The hypervisor, such as QEMU.
        hypervisor: String,
        /// The version of the hypervisor; null if it is not installed.
        hypervisor_version: Option<Version>,
    },
    /// The daemon is newer than the libvirt whose formats NixVirt knows.
    DaemonIsNewer {
        /// The version of libvirt.
        libvirt: Version,
        /// The version whose formats are known.
        known: Version,
    },
    /// The daemon answers, and has no hypervisor.
    NoHypervisor {
        /// The hypervisor, such as QEMU.
        hypervisor: String,
    },
    /// The daemon does not answer.
    NoConnection {
        /// Error of the connection.
        error: ErrorMessage,
    },
    /// A daemon listens on a socket that the user may use.
    SocketIsUsable {
        /// The path of the socket.
        path: String,
    },
    /// The daemon of a user starts when it is needed.
    StartsOnDemand,
    /// No daemon listens.
    NoSocket {
        /// The driver of the hypervisor, such as `qemu`.
        driver: String,
    },
    /// Daemons for networks, storage, secrets or network filters do not listen.
    SocketsMissing {
        /// The daemons.
        daemons: Vec<String>,
    },
    /// The user may not use the socket.
    NoPermission {
        /// The path of the socket.
        path: String,
        /// The group whose members may use it; null if the host has none.
        group: Option<String>,
        /// Whether the user becomes a member at the next login.
        is_member: bool,
    },
    /// The daemon knows the hooks.
    HooksAreKnown {
        /// The drivers that have hooks.
        drivers: Vec<String>,
    },
    /// The daemon was started before the first hook was installed, and runs no hooks.
    HooksAreUnknown {
        /// The drivers whose hooks do not run.
        drivers: Vec<String>,
        /// The daemon, such as `libvirtd`.
        daemon: String,
    },
    /// The network `default` runs.
    DefaultNetworkRuns,
    /// The network `default` does not run, or does not start with the host.
    DefaultNetworkStops {
        /// Whether the network runs.
        is_active: bool,
    },
    /// The network `default` does not exist.
    NoDefaultNetwork,
    /// Guests can use KVM.
    KvmWorks,
    /// The host has KVM, and the daemon does not offer it to guests.
    KvmUnknown {
        /// The daemon, such as `libvirtd`.
        daemon: String,
    },
    /// The host has KVM, and the user of a session may not use it.
    KvmDenied,
    /// The kernel module for KVM is not loaded.
    KvmNotLoaded,
    /// The processor offers no virtualization.
    NoKvm,
    /// Whether guests can run guests with KVM.
    Nested {
        /// Whether guests can run guests with KVM.
        enabled: bool,
    },
    /// The cores of the processor.
    Processor(Processor),
    /// Whether the IOMMU is on.
    Iommu {
        /// Whether the IOMMU is on.
        enabled: bool,
    },
    /// PCI devices that a guest gets together.
    IommuGroup(IommuGroup),
    /// USB device that is plugged in.
    UsbDevice(UsbDevice),
    /// UEFI guests have a firmware.
    FirmwareWorks {
        /// Whether some firmware has Secure Boot.
        secure_boot: bool,
        /// Whether some firmware has Secure Boot with the keys of Microsoft.
        enrolled_keys: bool,
    },
    /// UEFI guests have no firmware.
    NoFirmware,
    /// A firmware descriptor names files that are missing.
    FirmwareIsIncomplete {
        /// The path of the descriptor.
        descriptor: String,
        /// The missing files.
        missing: Vec<String>,
    },
    /// A firmware descriptor cannot be understood.
    DescriptorIsUnreadable {
        /// The path of the descriptor.
        descriptor: String,
    },
    /// Guests can have an emulated TPM.
    TpmWorks,
    /// swtpm is installed, and the daemon does not find it.
    TpmUnknown {
        /// The path of swtpm.
        swtpm: String,
        /// The daemon, such as `libvirtd`.
        daemon: String,
    },
    /// swtpm is not installed.
    NoTpm,
    /// The program of the firewall backend of networks is installed.
    FirewallWorks {
        /// The backend: `nftables` or `iptables`.
        backend: String,
    },
    /// The program of the firewall backend is missing.
    NoFirewall {
        /// The backend that is set; null if none is set.
        backend: Option<String>,
    },
    /// Nix is not installed, or not found.
    NoNix,
    /// NixVirt has no plugin for this variant of Nix.
    NixHasNoPlugin {
        /// Name and version of that Nix.
        version: String,
    },
    /// The version of Nix cannot be read.
    UnknownNix {
        /// The path of the command.
        path: String,
    },
    /// The settings of Nix do not name the plugin.
    PluginIsOff {
        /// The version of Nix.
        version: String,
    },
    /// The file that the settings of Nix name is missing, so every Nix command fails.
    PluginIsMissing {
        /// The path of the missing file.
        loader: String,
    },
    /// The plugin has no implementation for this Nix.
    PluginDoesNotFit {
        /// The version of Nix.
        version: String,
        /// The versions that have an implementation.
        implementations: Vec<String>,
    },
    /// The loader refuses the implementation for this Nix.
    PluginIsDamaged {
        /// The path of the implementation.
        file: String,
        /// Damage of the file.
        damage: Damage,
    },
    /// The plugin fits.
    PluginFits {
        /// The version of Nix.
        version: String,
    },
    /// The state directory can be used.
    StateIsReadable {
        /// The folder.
        folder: String,
        /// The number of managed objects of the connection.
        records: usize,
    },
    /// The state directory does not exist yet.
    NoState {
        /// The folder.
        folder: String,
    },
    /// The state directory cannot be used.
    StateIsUnusable {
        /// Error of the operating system, or of the check of the folder.
        error: ErrorMessage,
    },
    /// State records cannot be read, and are ignored.
    RecordsAreUnreadable {
        /// The files of the records.
        files: Vec<String>,
    },
    /// The state records of this connection are those of root.
    RecordsOfRoot {
        /// The folder of root's records.
        folder: String,
    },
}

impl Finding {
    /// What was examined, and how good it is.
    pub fn about(&self) -> (Check, Health) {
        use Finding::*;
        match self {
            DaemonAnswers { .. } => (Check::Daemon, Health::Ok),
            DaemonIsNewer { .. } => (Check::Daemon, Health::Warning),
            NoHypervisor { .. } | NoConnection { .. } => (Check::Daemon, Health::Problem),
            SocketIsUsable { .. } | StartsOnDemand => (Check::Sockets, Health::Ok),
            SocketsMissing { .. } => (Check::Sockets, Health::Warning),
            NoSocket { .. } | NoPermission { .. } => (Check::Sockets, Health::Problem),
            HooksAreKnown { .. } => (Check::Hooks, Health::Ok),
            HooksAreUnknown { .. } => (Check::Hooks, Health::Warning),
            DefaultNetworkRuns | NoDefaultNetwork => (Check::DefaultNetwork, Health::Ok),
            DefaultNetworkStops { .. } => (Check::DefaultNetwork, Health::Warning),
            KvmWorks => (Check::Kvm, Health::Ok),
            KvmUnknown { .. } | KvmDenied | KvmNotLoaded | NoKvm => (Check::Kvm, Health::Problem),
            Nested { .. } => (Check::NestedGuests, Health::Ok),
            Iommu { .. } => (Check::Iommu, Health::Ok),
            Processor(_) => (Check::Processor, Health::Ok),
            IommuGroup(_) => (Check::IommuGroups, Health::Ok),
            UsbDevice(_) => (Check::UsbDevices, Health::Ok),
            FirmwareWorks { .. } => (Check::Firmware, Health::Ok),
            NoFirmware | FirmwareIsIncomplete { .. } | DescriptorIsUnreadable { .. } => {
                (Check::Firmware, Health::Warning)
            }
            TpmWorks => (Check::Tpm, Health::Ok),
            TpmUnknown { .. } | NoTpm => (Check::Tpm, Health::Warning),
            FirewallWorks { .. } => (Check::Firewall, Health::Ok),
            NoFirewall { .. } => (Check::Firewall, Health::Problem),
            NoNix | NixHasNoPlugin { .. } | PluginFits { .. } => (Check::Plugin, Health::Ok),
            UnknownNix { .. } | PluginIsOff { .. } | PluginDoesNotFit { .. } | PluginIsDamaged { .. } => {
                (Check::Plugin, Health::Warning)
            }
            PluginIsMissing { .. } => (Check::Plugin, Health::Problem),
            StateIsReadable { .. } | NoState { .. } => (Check::State, Health::Ok),
            RecordsAreUnreadable { .. } | RecordsOfRoot { .. } => (Check::State, Health::Warning),
            StateIsUnusable { .. } => (Check::State, Health::Problem),
        }
    }
}
