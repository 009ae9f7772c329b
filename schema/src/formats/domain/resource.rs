//! `<resource>`: [Resource partitioning](https://libvirt.org/formatdomain.html#resource-partitioning).

use crate::engine::pattern::patterns;
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::element;

/// Resource accounting of the guest on the host.
#[element]
pub struct Resource {
    /// Parent control group of the guest, such as `/machine`. The control group must exist.
    #[child]
    pub partition: Option<AbsolutePath>,
    /// Tag of the guest's Fibre Channel traffic.
    #[since = "7.7"]
    pub fibrechannel: Option<Fibrechannel>,
}

/// Tag of Fibre Channel traffic.
#[element]
pub struct Fibrechannel {
    /// Application ID that tags the traffic, 1 to 128 printable characters.
    pub appid: AppId,
}

patterns! {
    /// Application ID of Fibre Channel traffic, 1 to 128 printable ASCII characters.
    AppId = "application ID", "1 to 128 printable ASCII characters", r"[ -~]{1,128}";
}
