//! `<redirfilter>`: [Redirected devices](https://libvirt.org/formatdomain.html#redirected-devices).

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Either, Hex, YesNo};
use nixvirt_schema_derive::{element, values};

/// Which USB devices may be redirected.
#[element]
pub struct Redirfilter {
    /// Rules for devices, of which the first that fits decides.
    pub usbdev: Vec<RedirfilterUsbdev>,
}

/// Whether some USB devices may be redirected.
#[element]
pub struct RedirfilterUsbdev {
    /// The class of the devices, such as 0x08 for storage; -1 is any.
    pub class: Option<Either<Hex<2>, RedirfilterAny>>,
    /// The vendor's id; -1 is any.
    pub vendor: Option<Either<Hex<4>, RedirfilterAny>>,
    /// The product's id; -1 is any.
    pub product: Option<Either<Hex<4>, RedirfilterAny>>,
    /// The release of the device, as in 1.10; -1 is any.
    pub version: Option<Either<UsbVersion, RedirfilterAny>>,
    /// Whether they may be redirected.
    pub allow: YesNo,
}

/// Any device.
#[values]
pub enum RedirfilterAny {
    /// Any.
    #[xml = "-1"]
    Any,
}

patterns! {
    /// The release of a USB device.
    UsbVersion = "a version such as 1.10", r"[0-9]{1,2}\.[0-9]{1,2}";
}
