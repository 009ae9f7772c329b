//! `<resource>`: [Resource partitioning](https://libvirt.org/formatdomain.html#resource-partitioning).

use crate::engine::pattern::patterns;
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::element;

/// How the host accounts for the guest.
#[element]
pub struct Resource {
    /// The control group under which the guest is put, such as `/machine`; it must be there.
    #[child]
    pub partition: Option<AbsolutePath>,
    /// How the guest's Fibre Channel traffic is marked. Since libvirt 7.7.
    pub fibrechannel: Option<Fibrechannel>,
}

/// How Fibre Channel traffic is marked.
#[element]
pub struct Fibrechannel {
    /// The mark, of 1 to 128 printable characters.
    pub appid: AppId,
}

patterns! {
    /// A mark for Fibre Channel traffic.
    AppId = "1 to 128 printable ASCII characters", r"[ -~]{1,128}";
}
