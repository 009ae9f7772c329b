//! `<pm>`: [Power management](https://libvirt.org/formatdomain.html#power-management).

use crate::engine::scalar::YesNo;
use nixvirt_schema_derive::element;

/// Sleep states available to the guest.
#[element]
pub struct Pm {
    /// Suspend to memory (S3), which keeps memory powered.
    #[name = "suspend-to-mem"]
    pub suspend_to_mem: Option<PmSuspend>,
    /// Suspend to disk (S4), which writes memory to disk.
    #[name = "suspend-to-disk"]
    pub suspend_to_disk: Option<PmSuspend>,
}

/// Sleep state of the guest.
#[element]
pub struct PmSuspend {
    /// Whether the sleep state is available to the guest. Defaults to the hypervisor's choice.
    pub enabled: Option<YesNo>,
}
