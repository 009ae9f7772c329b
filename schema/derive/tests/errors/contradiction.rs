use nixvirt_schema_derive::element;

#[element]
pub struct Twice {
    #[child]
    #[child]
    pub name: String,
}

#[element]
pub struct TextAndChild {
    #[text]
    #[child]
    pub name: String,
}

#[element]
pub struct RequiredOption {
    #[required]
    pub name: Option<String>,
}

#[element]
pub struct OptionalForm {
    #[form]
    pub source: Option<Source>,
}

#[element]
pub struct SecretForm {
    #[form]
    #[secret]
    pub source: Source,
}

#[element]
pub struct TwoForms {
    #[form]
    pub source: Source,
    #[form]
    pub target: Target,
}

#[element]
pub struct TwoTexts {
    #[text]
    pub name: String,
    #[text]
    pub value: String,
}

#[element]
pub struct TwoSwitches {
    #[switch]
    pub state: Option<YesNo>,
    #[switch]
    pub enabled: Option<YesNo>,
}

#[element]
pub struct UnitWithoutNumber {
    #[unit]
    pub unit: Option<String>,
    pub count: u64,
}

#[element(notation = pci::NOTATION)]
pub struct TwoShortForms {
    #[switch]
    pub state: YesNo,
}

#[element("type")]
pub enum TwoDefaults {
    #[default]
    File {},
    #[default]
    Block {},
}

fn main() {}
