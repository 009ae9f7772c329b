//! `<redirfilter>`: [Redirected devices](https://libvirt.org/formatdomain.html#redirected-devices).

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Either, Hex, YesNo};
use nixvirt_schema_derive::{element, values};

/// Filter for USB devices that may be redirected to the guest.
#[element]
pub struct Redirfilter {
    /// Filter rules for USB devices. The first matching rule applies.
    pub usbdev: Vec<RedirfilterUsbdev>,
}

/// Filter rule that allows or denies the redirection of matching USB devices.
#[element]
pub struct RedirfilterUsbdev {
    /// USB class of the devices, for example `0x08` for storage. -1 matches any class.
    #[default = "-1"]
    pub class: Option<Either<Hex<2>, RedirfilterAny>>,
    /// Vendor ID of the devices. -1 matches any vendor.
    #[default = "-1"]
    pub vendor: Option<Either<Hex<4>, RedirfilterAny>>,
    /// Product ID of the devices. -1 matches any product.
    #[default = "-1"]
    pub product: Option<Either<Hex<4>, RedirfilterAny>>,
    /// Device release number, for example `1.10`. -1 matches any release.
    #[default = "-1"]
    pub version: Option<Either<UsbVersion, RedirfilterAny>>,
    /// Whether matching USB devices may be redirected.
    pub allow: YesNo,
}

/// Wildcard of a filter rule for USB devices.
#[values]
pub enum RedirfilterAny {
    /// Any value.
    #[xml = "-1"]
    Any,
}

patterns! {
    /// Release number of a USB device.
    UsbVersion = "USB version", "two numbers separated by a dot, e.g. 1.10", r"[0-9]{1,2}\.[0-9]{1,2}";
}
