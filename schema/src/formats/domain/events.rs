//! `<on_poweroff>` and its like: [Events configuration](https://libvirt.org/formatdomain.html#events-configuration).

use nixvirt_schema_derive::values;

/// Action when the guest shuts down or reboots.
#[values]
pub enum OnOffAction {
    /// Destroy the domain and release its resources.
    Destroy,
    /// Restart the domain with its defined configuration.
    Restart,
    /// Stop the domain and keep its resources for analysis.
    Preserve,
    /// Restart the domain under a new name.
    RenameRestart,
}

/// Action when the guest crashes.
#[values]
pub enum OnCrashAction {
    /// Destroy the domain and release its resources.
    Destroy,
    /// Restart the domain with its defined configuration.
    Restart,
    /// Stop the domain and keep its resources for analysis.
    Preserve,
    /// Restart the domain under a new name.
    RenameRestart,
    /// Dump the guest's memory to a file, then destroy the domain.
    CoredumpDestroy,
    /// Dump the guest's memory to a file, then restart the domain.
    CoredumpRestart,
    /// Keep the guest running. The guest can save its own crash dump and restart itself.
    #[since = "12.6"]
    PreserveRunning,
}

/// Action when the guest loses a lock on its storage.
#[values]
pub enum OnLockfailureAction {
    /// Force off the domain.
    Poweroff,
    /// Force off and restart the domain, to acquire the lock again.
    Restart,
    /// Pause the domain until a manual resume.
    Pause,
    /// Keep the domain running.
    Ignore,
}
