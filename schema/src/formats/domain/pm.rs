//! `<pm>`: [Power management](https://libvirt.org/formatdomain.html#power-management).

use crate::engine::scalar::YesNo;
use nixvirt_schema_derive::element;

/// How the guest may sleep.
#[element]
pub struct Pm {
    /// Sleep that keeps memory powered: S3.
    #[name = "suspend-to-mem"]
    pub suspend_to_mem: Option<PmSuspend>,
    /// Sleep that writes memory to disk: S4.
    #[name = "suspend-to-disk"]
    pub suspend_to_disk: Option<PmSuspend>,
}

/// A kind of sleep.
#[element]
pub struct PmSuspend {
    /// Whether the guest is offered it; the hypervisor's own choice when absent.
    pub enabled: Option<YesNo>,
}
