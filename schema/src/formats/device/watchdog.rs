//! `<watchdog>`: [Watchdog devices](https://libvirt.org/formatdomain.html#watchdog-devices).

use crate::formats::device::address::{Acpi, Address, Alias};
use nixvirt_schema_derive::{element, values};

/// Watchdog, which acts when the guest hangs.
#[element]
pub struct Watchdog {
    /// Watchdog model presented to the guest.
    pub model: WatchdogModel,
    /// Action when the guest hangs. Defaults to `reset`.
    pub action: Option<WatchdogAction>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Watchdog model.
#[values]
pub enum WatchdogModel {
    /// Intel 6300ESB PCI device.
    #[xml = "i6300esb"]
    I6300esb,
    /// ISA device of iBASE (IB700).
    #[xml = "ib700"]
    Ib700,
    /// S390 watchdog (diag288).
    #[xml = "diag288"]
    Diag288,
    /// Built-in watchdog of q35 guests.
    #[since = "9.1"]
    Itco,
}

/// Action when a guest hangs.
#[values]
pub enum WatchdogAction {
    /// Reset the guest immediately.
    Reset,
    /// Ask the guest to shut down. A guest that hangs rarely responds.
    Shutdown,
    /// Force off the guest.
    Poweroff,
    /// Pause the guest.
    Pause,
    /// No action.
    None,
    /// Dump the guest's memory to a file on the host.
    Dump,
    /// Inject a non-maskable interrupt into the guest.
    #[since = "1.2"]
    InjectNmi,
}
