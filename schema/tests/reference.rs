//! The reference of all kinds in `docs/reference/fields/` is that of the tables; `dev/run bless` writes it.

use expect_test::expect_file;
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::shorthand::Shorthand;
use nixvirt_schema::engine::table::{Field, NodeKind, Occurs, Schema, Type, Variants};
use nixvirt_schema::kind::Kind;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_reference_is_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/fields");
    let mut expected = BTreeSet::new();
    for (name, text) in Reference::new().pages() {
        let path = folder.join(name).with_extension("md");
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a writable folder");
        expect_file![&path].assert_eq(&text);
        expected.insert(path);
    }
    let mut found = BTreeSet::new();
    files_below(&folder, &mut found);
    assert_eq!(found, expected, "there are pages of what is gone");
}

fn files_below(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        match path.is_dir() {
            true => files_below(&path, files),
            false => files.extend([path]),
        }
    }
}

/// Where all elements are described.
struct Reference {
    /// The elements in the order in which they are found, the shallowest first.
    sections: Vec<Section>,
    /// The section of each element, by the address of its table.
    places: BTreeMap<*const Schema, usize>,
}

/// The description of an element.
struct Section {
    schema: &'static Schema,
    kind: Kind,
    /// Where it is in a spec; empty for the object itself.
    path: String,
    /// The sections of its parts that are described nowhere else.
    parts: Vec<usize>,
}

impl Section {
    /// Its page, of which there is one for each kind and each device.
    fn page(&self) -> String {
        let device = self.path.strip_prefix("devices.").and_then(|path| path.split('.').next());
        match (self.kind, device) {
            (Kind::Domain, Some(device)) => format!("domain/{device}"),
            _ => self.kind.name().to_owned(),
        }
    }

    fn is_first_of_page(&self) -> bool {
        self.path.is_empty() || (self.page().contains('/') && self.path.matches('.').count() == 1)
    }

    /// How it is called: its path, or the kind of the object.
    fn title(&self) -> String {
        match self.path.is_empty() {
            true => self.kind.name().to_owned(),
            false => format!("`{}`", self.path),
        }
    }
}

impl Reference {
    fn new() -> Self {
        let mut reference = Reference { sections: Vec::new(), places: BTreeMap::new() };
        for kind in Kind::ALL {
            let mut queue = VecDeque::from([(kind.schema(), None, String::new())]);
            while let Some((schema, above, path)) = queue.pop_front() {
                if reference.places.contains_key(&std::ptr::from_ref(schema)) {
                    continue;
                }
                let at = reference.sections.len();
                reference.places.insert(schema, at);
                if let Some(above) = above {
                    let above: &mut Section = &mut reference.sections[above];
                    above.parts.push(at);
                }
                for field in fields(schema) {
                    if let Type::Element(inner) = field.ty {
                        let dot = if path.is_empty() { "" } else { "." };
                        queue.push_back((inner(), Some(at), format!("{path}{dot}{}", field.name)));
                    }
                }
                reference.sections.push(Section { schema, kind: *kind, path, parts: Vec::new() });
            }
        }
        reference
    }

    /// The text of each page.
    fn pages(&self) -> BTreeMap<String, String> {
        let mut pages = BTreeMap::new();
        for kind in Kind::ALL {
            self.write(self.places[&std::ptr::from_ref(kind.schema())], &mut pages);
        }
        pages
    }

    fn write(&self, at: usize, pages: &mut BTreeMap<String, String>) {
        let section = &self.sections[at];
        let text = pages.entry(section.page()).or_default();
        let level = if section.is_first_of_page() { "#" } else { "##" };
        text.push_str(&format!(
            "{}{level} {}\n\n{}",
            if text.is_empty() { "" } else { "\n" },
            section.title(),
            section.schema.doc
        ));
        if let Some(short) = short(section.schema) {
            text.push_str(&format!(" Short for it: {short}."));
        }
        if section.is_first_of_page() {
            text.push_str(&format!(
                "\n\n[How to read this](../{}fields.md); what it means to the hypervisor is in [libvirt's manual]({}).",
                if section.page().contains('/') { "../" } else { "" },
                section.kind.manual()
            ));
        }
        text.push('\n');
        self.tables(section.schema, &section.page(), "", text);
        for part in &section.parts {
            self.write(*part, pages);
        }
    }

    /// The parts of an element, then those that only some of its forms have.
    fn tables(&self, schema: &'static Schema, page: &str, given: &str, text: &mut String) {
        let variants = schema.forms.map(|forms| (forms.variants)());
        let is_case = usize::from(!given.is_empty());
        let mut rows: Vec<_> = variants.into_iter().map(deciding).collect();
        // What decides about a form has been told.
        rows.extend(schema.fields[is_case..].iter().map(|field| self.row(schema, field, page)));
        if !rows.is_empty() {
            let about = if given.is_empty() { String::new() } else { format!("\nWhere {given}: {}\n", schema.doc) };
            text.push_str(&format!("{about}\n| | in XML | value | meaning |\n|---|---|---|---|\n{}", rows.concat()));
        }
        for case in variants.into_iter().flat_map(|variants| variants.variants) {
            let tag = variants.map(|variants| variants.tag).unwrap_or_default();
            let given = if given.is_empty() { String::new() } else { format!("{given} and ") };
            self.tables(&case.schema, page, &format!("{given}`{tag}` is `{}`", case.word), text);
        }
    }

    fn row(&self, schema: &Schema, field: &'static Field, page: &str) -> String {
        let is_required = schema.required.iter().any(|at| std::ptr::eq(&schema.fields[usize::from(*at)], field));
        let required = if is_required { ", required" } else { "" };
        let xml = match (field.node, field.within) {
            (NodeKind::Attribute, None) => format!("`{}=`", field.xml),
            (NodeKind::Attribute, Some(within)) => format!("`<{within} {}=>`", field.xml),
            (NodeKind::Text, None) => "text".to_owned(),
            (NodeKind::Text, Some(within)) => format!("text of `<{within}>`"),
            (NodeKind::Child, None) => format!("`<{}>`", field.xml),
            (NodeKind::Child, Some(within)) => format!("`<{within}><{}>`", field.xml),
        };
        let mut meaning = field.doc.to_owned();
        let mut value = match field.ty {
            Type::Scalar(word) => {
                meaning.push_str(&meanings(word));
                words(word)
            }
            Type::Element(inner) => self.element(inner(), page),
            Type::Present => "`true`".to_owned(),
            Type::Xml => "XML".to_owned(),
        };
        if field.occurs == Occurs::Many {
            value.push_str("; or a list of these");
        }
        if field.secret {
            meaning.push_str(" It is in no message.");
        }
        format!("| `{}`{required} | {xml} | {} | {} |\n", field.name, cell(&value), cell(&meaning))
    }

    /// A link to an element's section.
    fn element(&self, schema: &'static Schema, page: &str) -> String {
        let section = &self.sections[self.places[&std::ptr::from_ref(schema)]];
        let target = section.page();
        let anchor: String = section.title().chars().filter(|it| it.is_alphanumeric() || "-_".contains(*it)).collect();
        let anchor = anchor.to_lowercase();
        let link = match (target == page, page.contains('/')) {
            (true, _) => format!("#{anchor}"),
            (false, true) => match target.strip_prefix("domain/") {
                Some(device) => format!("{device}.md#{anchor}"),
                None => format!("../{target}.md#{anchor}"),
            },
            (false, false) => format!("{target}.md#{anchor}"),
        };
        match short(schema) {
            Some(short) => format!("[{}]({link}), or {short}", section.title()),
            None => format!("[{}]({link})", section.title()),
        }
    }
}

/// The fields of an element and of its forms.
fn fields(schema: &'static Schema) -> Vec<&'static Field> {
    let variants = schema.forms.map_or(&[][..], |forms| (forms.variants)().variants);
    schema.fields.iter().chain(variants.iter().flat_map(|case| fields(&case.schema))).collect()
}

/// What stands for an element in place of a set.
fn short(schema: &Schema) -> Option<String> {
    let word = |at: u16| words(schema.fields[usize::from(at)].ty.scalar());
    match schema.shorthand {
        Shorthand::None => None,
        Shorthand::Presence => Some("`true`".to_owned()),
        Shorthand::Text(at) => Some(word(at)),
        Shorthand::Switch(_) => Some("`true` or `false`".to_owned()),
        Shorthand::Size { .. } => Some("a size such as `\"8 GiB\"`".to_owned()),
        Shorthand::Notation(_) => Some("an address such as `\"01:00.0\"`".to_owned()),
    }
}

/// The row of what decides about an element's form.
fn deciding(variants: &'static Variants) -> String {
    let xml = match variants.within() {
        Some(within) => format!("text of `<{within}>`"),
        None => format!("`{}=`", variants.tag),
    };
    let (needs, default) = match variants.default {
        None => (", required", String::new()),
        Some(word) => ("", format!(" `{word}` when absent.")),
    };
    let known: Vec<_> = variants.words().map(|word| format!("`{word}`")).collect();
    let meanings: String =
        variants.variants.iter().map(|case| format!("<br>`{}`: {}", case.word, case.schema.doc)).collect();
    let meaning = cell(&format!("{}{default}{meanings}", variants.doc));
    format!("| `{}`{needs} | {xml} | {} | {meaning} |\n", variants.tag, known.join(", "))
}

/// What a word may be.
fn words(word: &Scalar) -> String {
    match word {
        Scalar::Enum(it) => it.words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Scalar::Switch { .. } => "`true` or `false`".to_owned(),
        Scalar::Either(all) => all.iter().map(|word| words(word)).collect::<Vec<_>>().join(", or "),
        other => other.to_string(),
    }
}

/// What the words mean.
fn meanings(word: &Scalar) -> String {
    match word {
        Scalar::Enum(it) => {
            let told = it.words.iter().filter(|(_, doc)| !doc.is_empty());
            told.map(|(word, doc)| format!("<br>`{word}`: {doc}")).collect()
        }
        Scalar::Either(all) => all.iter().map(|word| meanings(word)).collect(),
        _ => String::new(),
    }
}

/// Text as it stands in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
