//! What a container's processes may do.

use super::FeatureToggle;
use nixvirt_schema_derive::{element, values};

/// What a container's processes may do: the capabilities of Linux.
#[element]
pub struct FeatureCapabilities {
    /// What holds for those that are not named.
    pub policy: CapabilityPolicy,
    /// Change how the kernel audits.
    pub audit_control: Option<FeatureToggle>,
    /// Write to the kernel's audit log.
    pub audit_write: Option<FeatureToggle>,
    /// Keep the host awake.
    pub block_suspend: Option<FeatureToggle>,
    /// Give files to others.
    pub chown: Option<FeatureToggle>,
    /// Use any file, whatever its mode.
    pub dac_override: Option<FeatureToggle>,
    /// Read any file and folder, whatever its mode.
    pub dac_read_search: Option<FeatureToggle>,
    /// Do to any file what its owner may.
    pub fowner: Option<FeatureToggle>,
    /// Keep the set-id bits of files that are written to.
    pub fsetid: Option<FeatureToggle>,
    /// Lock memory.
    pub ipc_lock: Option<FeatureToggle>,
    /// Use what others made for talks between processes.
    pub ipc_owner: Option<FeatureToggle>,
    /// Send signals to others' processes.
    pub kill: Option<FeatureToggle>,
    /// Take leases on others' files.
    pub lease: Option<FeatureToggle>,
    /// Mark files as immutable.
    pub linux_immutable: Option<FeatureToggle>,
    /// Change what the security module allows.
    pub mac_admin: Option<FeatureToggle>,
    /// Do what the security module forbids.
    pub mac_override: Option<FeatureToggle>,
    /// Make device files.
    pub mknod: Option<FeatureToggle>,
    /// Configure the network.
    pub net_admin: Option<FeatureToggle>,
    /// Listen on ports below 1024.
    pub net_bind_service: Option<FeatureToggle>,
    /// Broadcast and listen to multicasts.
    pub net_broadcast: Option<FeatureToggle>,
    /// Use raw sockets.
    pub net_raw: Option<FeatureToggle>,
    /// Change groups.
    pub setgid: Option<FeatureToggle>,
    /// Give capabilities to files.
    pub setfcap: Option<FeatureToggle>,
    /// Pass capabilities on.
    pub setpcap: Option<FeatureToggle>,
    /// Change users.
    pub setuid: Option<FeatureToggle>,
    /// Mount, and much else.
    pub sys_admin: Option<FeatureToggle>,
    /// Reboot.
    pub sys_boot: Option<FeatureToggle>,
    /// Change the root folder.
    pub sys_chroot: Option<FeatureToggle>,
    /// Load kernel modules.
    pub sys_module: Option<FeatureToggle>,
    /// Raise priorities.
    pub sys_nice: Option<FeatureToggle>,
    /// Switch process accounting.
    pub sys_pacct: Option<FeatureToggle>,
    /// Trace others' processes.
    pub sys_ptrace: Option<FeatureToggle>,
    /// Use I/O ports.
    pub sys_rawio: Option<FeatureToggle>,
    /// Exceed limits.
    pub sys_resource: Option<FeatureToggle>,
    /// Set the clock.
    pub sys_time: Option<FeatureToggle>,
    /// Configure terminals.
    pub sys_tty_config: Option<FeatureToggle>,
    /// Read and clear the kernel's log.
    pub syslog: Option<FeatureToggle>,
    /// Set alarms that wake the host.
    pub wake_alarm: Option<FeatureToggle>,
}

/// What holds for capabilities that are not named.
#[values]
pub enum CapabilityPolicy {
    /// libvirt's own choice.
    Default,
    /// They may.
    Allow,
    /// They may not.
    Deny,
}
