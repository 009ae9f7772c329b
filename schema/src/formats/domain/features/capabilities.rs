//! What a container's processes may do.

use super::FeatureState;
use nixvirt_schema_derive::{element, values};

/// What a container's processes may do: the capabilities of Linux.
#[element]
pub struct FeatureCapabilities {
    /// What holds for those that are not named.
    pub policy: CapabilityPolicy,
    /// Change how the kernel audits.
    pub audit_control: Option<FeatureState>,
    /// Write to the kernel's audit log.
    pub audit_write: Option<FeatureState>,
    /// Keep the host awake.
    pub block_suspend: Option<FeatureState>,
    /// Give files to others.
    pub chown: Option<FeatureState>,
    /// Use any file, whatever its mode.
    pub dac_override: Option<FeatureState>,
    /// Read any file and folder, whatever its mode.
    pub dac_read_search: Option<FeatureState>,
    /// Do to any file what its owner may.
    pub fowner: Option<FeatureState>,
    /// Keep the set-id bits of files that are written to.
    pub fsetid: Option<FeatureState>,
    /// Lock memory.
    pub ipc_lock: Option<FeatureState>,
    /// Use what others made for talks between processes.
    pub ipc_owner: Option<FeatureState>,
    /// Send signals to others' processes.
    pub kill: Option<FeatureState>,
    /// Take leases on others' files.
    pub lease: Option<FeatureState>,
    /// Mark files as immutable.
    pub linux_immutable: Option<FeatureState>,
    /// Change what the security module allows.
    pub mac_admin: Option<FeatureState>,
    /// Do what the security module forbids.
    pub mac_override: Option<FeatureState>,
    /// Make device files.
    pub mknod: Option<FeatureState>,
    /// Configure the network.
    pub net_admin: Option<FeatureState>,
    /// Listen on ports below 1024.
    pub net_bind_service: Option<FeatureState>,
    /// Broadcast and listen to multicasts.
    pub net_broadcast: Option<FeatureState>,
    /// Use raw sockets.
    pub net_raw: Option<FeatureState>,
    /// Change groups.
    pub setgid: Option<FeatureState>,
    /// Give capabilities to files.
    pub setfcap: Option<FeatureState>,
    /// Pass capabilities on.
    pub setpcap: Option<FeatureState>,
    /// Change users.
    pub setuid: Option<FeatureState>,
    /// Mount, and much else.
    pub sys_admin: Option<FeatureState>,
    /// Reboot.
    pub sys_boot: Option<FeatureState>,
    /// Change the root folder.
    pub sys_chroot: Option<FeatureState>,
    /// Load kernel modules.
    pub sys_module: Option<FeatureState>,
    /// Raise priorities.
    pub sys_nice: Option<FeatureState>,
    /// Switch process accounting.
    pub sys_pacct: Option<FeatureState>,
    /// Trace others' processes.
    pub sys_ptrace: Option<FeatureState>,
    /// Use I/O ports.
    pub sys_rawio: Option<FeatureState>,
    /// Exceed limits.
    pub sys_resource: Option<FeatureState>,
    /// Set the clock.
    pub sys_time: Option<FeatureState>,
    /// Configure terminals.
    pub sys_tty_config: Option<FeatureState>,
    /// Read and clear the kernel's log.
    pub syslog: Option<FeatureState>,
    /// Set alarms that wake the host.
    pub wake_alarm: Option<FeatureState>,
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
