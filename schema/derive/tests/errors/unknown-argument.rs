use nixvirt_schema_derive::{element, parts, values};

#[element(rule)]
pub struct Disk {}

#[element("type", flat)]
pub enum Source {
    File {},
}

#[parts(rules)]
pub struct Shared {}

#[values("type")]
pub enum Bus {
    Usb,
}

fn main() {}
