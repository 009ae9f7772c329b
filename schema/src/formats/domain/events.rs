//! `<on_poweroff>` and its like: [Events configuration](https://libvirt.org/formatdomain.html#events-configuration).

use nixvirt_schema_derive::values;

/// What happens when the guest goes off or reboots.
#[values]
pub enum OnOffAction {
    /// It ends, and what it used is freed.
    Destroy,
    /// It starts anew as it is defined.
    Restart,
    /// It ends, and what it used is kept to be looked at.
    Preserve,
    /// It starts anew under another name.
    RenameRestart,
}

/// What happens when the guest crashes.
#[values]
pub enum OnCrashAction {
    /// It ends, and what it used is freed.
    Destroy,
    /// It starts anew as it is defined.
    Restart,
    /// It ends, and what it used is kept to be looked at.
    Preserve,
    /// It starts anew under another name.
    RenameRestart,
    /// Its memory is dumped to a file, then it ends.
    CoredumpDestroy,
    /// Its memory is dumped to a file, then it starts anew.
    CoredumpRestart,
}

/// What happens when the guest loses a lock on its storage.
#[values]
pub enum OnLockfailureAction {
    /// It ends.
    Poweroff,
    /// It ends and starts anew, to get the lock again.
    Restart,
    /// It stands still until someone resumes it.
    Pause,
    /// Nothing.
    Ignore,
}
