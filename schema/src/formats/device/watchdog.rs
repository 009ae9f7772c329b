//! `<watchdog>`: [Watchdog devices](https://libvirt.org/formatdomain.html#watchdog-devices).

use crate::formats::device::address::{Acpi, Address, Alias};
use nixvirt_schema_derive::{element, values};

/// A device that acts when the guest hangs.
#[element]
pub struct Watchdog {
    /// The device that the guest sees.
    pub model: WatchdogModel,
    /// What happens when the guest hangs; `reset` where absent.
    pub action: Option<WatchdogAction>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The model of a watchdog.
#[values]
pub enum WatchdogModel {
    /// A PCI device of Intel's.
    #[xml = "i6300esb"]
    I6300esb,
    /// An ISA device of iBASE's.
    #[xml = "ib700"]
    Ib700,
    /// The watchdog of S390.
    #[xml = "diag288"]
    Diag288,
    /// The watchdog of every q35 guest. Since libvirt 9.1.0.
    Itco,
}

/// What happens when a guest hangs.
#[values]
pub enum WatchdogAction {
    /// It is reset at once.
    Reset,
    /// It is asked to shut down, which a guest that hangs seldom does.
    Shutdown,
    /// It is switched off.
    Poweroff,
    /// It is paused.
    Pause,
    /// Nothing.
    None,
    /// Its memory is dumped to a file of the host.
    Dump,
    /// It gets a non-maskable interrupt. Since libvirt 1.2.17.
    InjectNmi,
}
