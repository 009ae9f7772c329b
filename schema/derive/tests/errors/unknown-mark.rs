use nixvirt_schema_derive::{element, parts, values};

/// A password must not lose its mark to a typing error.
#[element]
pub struct Graphics {
    #[secrt]
    pub passwd: Option<String>,
    #[password]
    pub ticket: Option<String>,
}

#[element("type")]
pub enum Source {
    #[defualt]
    File {},
    #[text]
    Block {
        #[xlm = "dev"]
        device: String,
    },
}

#[parts]
pub struct Shared {
    #[chlid]
    pub name: String,
}

#[values]
pub enum Bus {
    #[name = "x86_64"]
    X86,
}

#[element]
#[derive(Clone)]
pub struct Target {}

fn main() {}
