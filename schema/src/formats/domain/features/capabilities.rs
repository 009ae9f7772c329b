//! What a container's processes may do.

use super::FeatureState;
use nixvirt_schema_derive::{element, values};

/// Linux capabilities of a container's processes.
#[element]
pub struct FeatureCapabilities {
    /// Policy for capabilities that are not listed.
    pub policy: CapabilityPolicy,
    /// Permission to change the kernel's audit configuration (`CAP_AUDIT_CONTROL`).
    pub audit_control: Option<FeatureState>,
    /// Permission to write to the kernel's audit log (`CAP_AUDIT_WRITE`).
    pub audit_write: Option<FeatureState>,
    /// Permission to prevent the host from suspending (`CAP_BLOCK_SUSPEND`).
    pub block_suspend: Option<FeatureState>,
    /// Permission to change the owner of files (`CAP_CHOWN`).
    pub chown: Option<FeatureState>,
    /// Permission to access any file, regardless of its mode (`CAP_DAC_OVERRIDE`).
    pub dac_override: Option<FeatureState>,
    /// Permission to read any file and directory, regardless of its mode (`CAP_DAC_READ_SEARCH`).
    pub dac_read_search: Option<FeatureState>,
    /// Permission to act on any file like its owner (`CAP_FOWNER`).
    pub fowner: Option<FeatureState>,
    /// Permission to keep the set-ID bits of modified files (`CAP_FSETID`).
    pub fsetid: Option<FeatureState>,
    /// Permission to lock memory (`CAP_IPC_LOCK`).
    pub ipc_lock: Option<FeatureState>,
    /// Permission to use inter-process communication objects of other users (`CAP_IPC_OWNER`).
    pub ipc_owner: Option<FeatureState>,
    /// Permission to send signals to processes of other users (`CAP_KILL`).
    pub kill: Option<FeatureState>,
    /// Permission to take leases on files of other users (`CAP_LEASE`).
    pub lease: Option<FeatureState>,
    /// Permission to mark files as immutable (`CAP_LINUX_IMMUTABLE`).
    pub linux_immutable: Option<FeatureState>,
    /// Permission to change the policy of the security module (`CAP_MAC_ADMIN`).
    pub mac_admin: Option<FeatureState>,
    /// Permission to override the policy of the security module (`CAP_MAC_OVERRIDE`).
    pub mac_override: Option<FeatureState>,
    /// Permission to create device files (`CAP_MKNOD`).
    pub mknod: Option<FeatureState>,
    /// Permission to configure the network (`CAP_NET_ADMIN`).
    pub net_admin: Option<FeatureState>,
    /// Permission to listen on ports below 1024 (`CAP_NET_BIND_SERVICE`).
    pub net_bind_service: Option<FeatureState>,
    /// Permission to broadcast and to listen to multicasts (`CAP_NET_BROADCAST`).
    pub net_broadcast: Option<FeatureState>,
    /// Permission to use raw sockets (`CAP_NET_RAW`).
    pub net_raw: Option<FeatureState>,
    /// Permission to change the group of processes (`CAP_SETGID`).
    pub setgid: Option<FeatureState>,
    /// Permission to set capabilities of files (`CAP_SETFCAP`).
    pub setfcap: Option<FeatureState>,
    /// Permission to pass on capabilities (`CAP_SETPCAP`).
    pub setpcap: Option<FeatureState>,
    /// Permission to change the user of processes (`CAP_SETUID`).
    pub setuid: Option<FeatureState>,
    /// Permission to mount file systems, and for many other administrative tasks (`CAP_SYS_ADMIN`).
    pub sys_admin: Option<FeatureState>,
    /// Permission to reboot (`CAP_SYS_BOOT`).
    pub sys_boot: Option<FeatureState>,
    /// Permission to change the root directory (`CAP_SYS_CHROOT`).
    pub sys_chroot: Option<FeatureState>,
    /// Permission to load kernel modules (`CAP_SYS_MODULE`).
    pub sys_module: Option<FeatureState>,
    /// Permission to raise the priority of processes (`CAP_SYS_NICE`).
    pub sys_nice: Option<FeatureState>,
    /// Permission to turn process accounting on and off (`CAP_SYS_PACCT`).
    pub sys_pacct: Option<FeatureState>,
    /// Permission to trace processes of other users (`CAP_SYS_PTRACE`).
    pub sys_ptrace: Option<FeatureState>,
    /// Permission to use I/O ports (`CAP_SYS_RAWIO`).
    pub sys_rawio: Option<FeatureState>,
    /// Permission to exceed resource limits (`CAP_SYS_RESOURCE`).
    pub sys_resource: Option<FeatureState>,
    /// Permission to set the system clock (`CAP_SYS_TIME`).
    pub sys_time: Option<FeatureState>,
    /// Permission to configure terminals (`CAP_SYS_TTY_CONFIG`).
    pub sys_tty_config: Option<FeatureState>,
    /// Permission to read and clear the kernel's log (`CAP_SYSLOG`).
    pub syslog: Option<FeatureState>,
    /// Permission to set alarms that wake the host (`CAP_WAKE_ALARM`).
    pub wake_alarm: Option<FeatureState>,
}

/// Policy for capabilities that are not listed.
#[values]
pub enum CapabilityPolicy {
    /// Apply libvirt's default to unlisted capabilities.
    Default,
    /// Allow unlisted capabilities.
    Allow,
    /// Deny unlisted capabilities.
    Deny,
}
