use nixvirt_schema_derive::{element, parts, values};

#[element]
pub enum NoAttribute {
    File {},
}

#[element("type")]
pub struct NoForms {}

#[element(within = "type")]
pub struct NoWord {}

#[element("type", keyed)]
pub enum NoChildren {
    File {},
}

#[element("type")]
pub enum NoShortForm {
    File {
        #[switch]
        state: YesNo,
    },
}

#[element]
pub struct NoNames(String);

#[parts]
pub enum NoStruct {
    File {},
}

#[parts]
pub struct NoElement {
    #[unit]
    pub unit: Option<String>,
    #[text]
    pub count: u64,
}

#[values]
pub struct NoEnum {}

#[values]
pub enum NoWords {
    File { path: String },
}

#[element]
pub struct Tune {
    #[optional_since = "12.8"]
    pub vcpus: String,
    #[repeated_since = "12.8"]
    pub monitor: Option<String>,
}

fn main() {}
