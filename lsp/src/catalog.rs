//! What the library and the modules have beside specs: the functions and templates with their arguments, and the options of
//! objects. The
//! files are generated from `nix-lib`; tests keep them current.

use nixvirt_schema::engine::problem::closest;
use nixvirt_schema::kind::Kind;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Template of the library.
#[derive(Debug, Deserialize)]
pub struct Template {
    /// Kind of the object that it makes.
    pub kind: String,
    /// Name, such as `linux`.
    pub name: String,
    /// Description.
    pub description: String,
    /// Arguments.
    pub arguments: Vec<Argument>,
}

/// Argument of a template.
#[derive(Debug, Deserialize)]
pub struct Argument {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Default, as a Nix expression. `None` if there is none or the description tells.
    pub default: Option<String>,
    /// Whether the argument must be given.
    pub required: bool,
    /// The words that the argument may be, or have in a list. A path may stand in place of a word.
    #[serde(default)]
    pub words: Vec<String>,
}

impl Argument {
    /// Returns whether the value is a disk, in the forms of `storage_vol`, or a list of disks.
    pub fn is_disk(&self) -> bool {
        matches!(self.name.as_str(), "storage_vol" | "backing_vol" | "install_vol" | "extra_disks")
    }
}

/// Option of the modules that is no field of a spec.
#[derive(Debug, Deserialize)]
pub struct Setting {
    /// Name.
    pub name: String,
    /// Type, in words.
    #[serde(rename = "type")]
    pub ty: String,
    /// The forms of values that the option takes. Empty if it takes others too.
    pub takes: Vec<Form>,
    /// Description.
    pub description: String,
    /// Default, as a Nix expression.
    pub default: Option<String>,
    /// The words that the option may be, or have in a list.
    #[serde(default)]
    pub words: Vec<String>,
    /// The options below this one.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// Kind of the objects that the option declares.
    #[serde(default)]
    pub objects: Option<String>,
}

/// Form of a value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// Whole number above 0.
    Integer,
    /// Whole number below 0.
    Negative,
    /// The number 0.
    Zero,
    /// Number with a fraction.
    Fraction,
    /// String.
    Text,
    /// String with an absolute path.
    Absolute,
    /// Path.
    Path,
    /// List.
    List,
    /// Set.
    Set,
}

/// Options of one kind of object, or of a connection.
#[derive(Debug, Deserialize)]
struct Group {
    of: String,
    settings: Vec<Setting>,
}

static TEMPLATES: LazyLock<Vec<Template>> =
    LazyLock::new(|| serde_json::from_str(include_str!("catalog/templates.json")).expect("a generated file"));

/// What people call an argument of a template, and its name.
static LIKELY: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("catalog/likely.json")).expect("a generated file"));

/// The names that the library has for each kind.
static FUNCTIONS: LazyLock<HashMap<String, Vec<String>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("catalog/functions.json")).expect("a generated file"));

/// The names of the templates of each kind.
static TEMPLATE_NAMES: LazyLock<HashMap<&str, Vec<String>>> = LazyLock::new(|| {
    let mut names: HashMap<&str, Vec<String>> = HashMap::new();
    for template in TEMPLATES.iter() {
        names.entry(&template.kind).or_default().push(template.name.clone());
    }
    names
});

static SETTINGS: LazyLock<Vec<Group>> =
    LazyLock::new(|| serde_json::from_str(include_str!("catalog/settings.json")).expect("a generated file"));

impl Template {
    /// Returns the template of that kind and name.
    pub fn named(kind: &str, name: &str) -> Option<&'static Template> {
        TEMPLATES.iter().find(|template| template.kind == kind && template.name == name)
    }

    /// Returns the argument of that name.
    pub fn argument(&'static self, name: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    /// Returns the argument that was probably meant by an unknown name.
    pub fn likely(&self, name: &str) -> Option<&str> {
        let names = || self.arguments.iter().map(|argument| argument.name.as_str());
        match LIKELY.get(name) {
            Some(meant) => names().find(|known| known == meant),
            None => closest(name, names()),
        }
    }

    /// Returns the path of the template in the library.
    pub fn path(&self) -> String {
        format!("lib.{}.templates.{}", self.kind, self.name)
    }
}

/// Returns the names that the library has for a kind.
pub fn functions(kind: Kind) -> &'static [String] {
    FUNCTIONS.get(kind.name()).map(Vec::as_slice).unwrap_or_default()
}

/// Returns the names of the templates of a kind.
pub fn template_names(kind: Kind) -> &'static [String] {
    TEMPLATE_NAMES.get(kind.name()).map(Vec::as_slice).unwrap_or_default()
}

/// Returns the options of `virtualisation.libvirt`.
pub fn settings() -> &'static [Setting] {
    group("")
}

/// Returns the options of a connection.
pub fn settings_of_connection() -> &'static [Setting] {
    group("connection")
}

/// Returns the options of an object that are no fields of its spec.
pub fn settings_of(kind: Kind) -> &'static [Setting] {
    group(kind.name())
}

/// Returns the option of an object of that name.
pub fn setting_of(kind: Kind, name: &str) -> Option<&'static Setting> {
    settings_of(kind).iter().find(|setting| setting.name == name)
}

fn group(of: &str) -> &'static [Setting] {
    SETTINGS.iter().find(|group| group.of == of).map(|group| group.settings.as_slice()).unwrap_or_default()
}
