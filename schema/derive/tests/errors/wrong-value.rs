use nixvirt_schema_derive::element;

#[element]
pub struct Disk {
    #[xml]
    pub one: String,
    #[name("two")]
    pub two: String,
    #[xml = 3]
    pub three: String,
    #[secret = "yes"]
    pub four: String,
    #[absent = "never"]
    pub five: Option<String>,
    #[since = "new"]
    pub six: Option<String>,
}

fn main() {}
