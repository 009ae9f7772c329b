use nixvirt_schema_derive::element;

#[element]
pub struct NoNumber {
    #[unit_of = "size"]
    pub unit: Option<String>,
}

fn main() {}
