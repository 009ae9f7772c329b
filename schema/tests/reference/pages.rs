//! The pages: one for each kind of object, and for a domain one for each of its elements and devices.

use nixvirt_schema::engine::release::described;
use nixvirt_schema::engine::table::{Field, Occurs, Schema, Type, Variants};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::reference::facts::Facts;
use nixvirt_schema::reference::{Location, Reference, Step, types};
use std::collections::BTreeMap;

/// A page of the reference.
#[derive(Debug, Default)]
pub struct Page {
    /// Its path in the folder of the reference, without an extension.
    pub name: String,
    /// Its title in the table of contents.
    title: String,
    /// Its text.
    pub text: String,
    /// The anchors of its headings.
    pub anchors: Vec<String>,
    /// The pages and anchors that its links lead to.
    pub links: Vec<(String, String)>,
}

impl Page {
    /// Its line in the table of contents.
    pub fn contents(&self) -> String {
        let depth = self.name.matches('/').count() + 1;
        format!("{}- [{}](reference/fields/{}.md)\n", "  ".repeat(depth), self.title, self.name)
    }
}

/// The pages of all kinds, in the order of the kinds, each before the pages of its parts.
pub fn all() -> Vec<Page> {
    let mut pages = Vec::new();
    for kind in Kind::ALL {
        let mut writer = Writer { reference: Reference::get(), pages: BTreeMap::new() };
        writer.object(*kind);
        pages.extend(writer.pages.into_values());
    }
    pages
}

/// Writes the pages of a kind.
struct Writer {
    reference: &'static Reference,
    /// The pages by their names.
    pages: BTreeMap<String, Page>,
}

/// An element whose fields are written.
#[derive(Clone)]
struct Element {
    location: Location,
    /// Its name in XML.
    xml: String,
    /// The level of the headings of its fields.
    level: usize,
}

impl Writer {
    fn object(&mut self, kind: Kind) {
        let location = Location::root(kind);
        let facts = Facts { xml: format!("<{}>", kind.root()), ..Facts::default() };
        self.page(&location, kind.schema(), kind.schema().doc, &facts);
        self.fields(kind.schema(), &Element { location, xml: kind.root().to_owned(), level: 2 });
    }

    /// Starts the page of an element.
    fn page(&mut self, location: &Location, schema: &'static Schema, description: &str, facts: &Facts) {
        let name = self.reference.page(location);
        let folder = "../".repeat(name.matches('/').count() + 1);
        let guide = format!("{folder}fields.md");
        // The page tells which changes a running guest or network gets.
        let changes = match location.kind {
            Kind::Domain => format!("[which changes are live]({folder}changes.md#guests), "),
            Kind::Network => format!("[which changes are live]({folder}changes.md#networks), "),
            _ => String::new(),
        };
        let manual = location.kind.manual_of(&location.path());
        let text = format!(
            "# {} {{#{}}}\n\n{description}\n\n{facts}{}\n\
             See also: [how to read this page]({guide}), {changes}[libvirt's manual]({manual}).\n",
            title(location),
            location.anchor(),
            overview(schema, location)
        );
        let title = if location.steps.is_empty() { location.kind.name().to_owned() } else { location.path() };
        let anchors = vec![location.anchor()];
        self.pages.insert(name.clone(), Page { name, title, text, anchors, links: Vec::new() });
    }

    fn at(&mut self, location: &Location) -> &mut Page {
        let name = self.reference.page(location);
        self.pages.get_mut(&name).expect("a page starts before its sections")
    }

    fn write(&mut self, location: &Location, text: &str) {
        self.at(location).text.push_str(text);
    }

    fn heading(&mut self, page: &Location, location: &Location, level: usize, title: &str) {
        let anchor = location.anchor();
        let page = self.at(page);
        page.text.push_str(&format!("\n{} {title} {{#{anchor}}}\n", "#".repeat(level.min(6))));
        page.anchors.push(anchor);
    }

    /// A link from the page of one location to the section of another.
    fn link(&mut self, from: &Location, to: &Location) -> String {
        let target = self.reference.page(to);
        let anchor = to.anchor();
        let page = self.at(from);
        page.links.push((target.clone(), anchor.clone()));
        let file = if page.name == target {
            String::new()
        } else {
            format!("{}{target}.md", "../".repeat(page.name.matches('/').count()))
        };
        format!("[{}]({file}#{anchor})", title(to))
    }

    /// The sections of an element's fields, then those of its forms.
    fn fields(&mut self, schema: &'static Schema, element: &Element) {
        let variants = schema.forms.map(|forms| (forms.variants)());
        if let Some(variants) = variants {
            self.deciding(variants, element);
        }
        // The first field of a form is the attribute that decides about it.
        let is_form = matches!(element.location.steps.last(), Some(Step::Form { .. }));
        for field in &schema.fields[usize::from(is_form)..] {
            self.field(schema, field, element);
        }
        for variant in variants.into_iter().flat_map(|variants| variants.variants) {
            let form = &variant.schema;
            if !has_fields(form) {
                continue;
            }
            let location = element.location.form(variants.expect("it has forms"), variant.word);
            self.heading(&location, &location, element.level, &title(&location));
            self.write(&location, &format!("\n{}\n", described(form.doc, variant.since)));
            self.fields(form, &Element { location, level: element.level + 1, ..element.clone() });
        }
    }

    /// The section of the attribute that decides about an element's form.
    fn deciding(&mut self, variants: &'static Variants, element: &Element) {
        let location = element.location.join(Step::Field(variants.tag));
        let (description, facts) = Facts::of_deciding(variants, &element.location, &element.xml);
        self.heading(&location, &location, element.level, &title(&location));
        self.write(&location, &format!("\n{description}\n\n{facts}"));
    }

    /// The section of a field, and those of its parts.
    fn field(&mut self, schema: &'static Schema, field: &'static Field, element: &Element) {
        let location = element.location.field(schema, field);
        let here = &element.location;
        let (description, mut facts) = Facts::of_field(schema, field, &location, &element.xml);
        let inner = match field.ty {
            Type::Element(inner) => Some(inner()),
            _ => None,
        };
        let documented = inner.map(|inner| self.reference.element(inner).clone());
        let is_here = documented.as_ref() == Some(&location);
        let has_page = is_here && self.reference.page(&location) != self.reference.page(here);
        let is_many = field.occurs == Occurs::Many;
        facts.kind = match (inner, &documented) {
            (Some(inner), Some(documented)) => {
                let fields = if is_here && !has_page {
                    "the fields below".to_owned()
                } else {
                    format!("the fields of {}", self.link(here, documented))
                };
                types::element(inner, &fields, is_many)
            }
            _ => types::field(field, is_many),
        };
        self.heading(here, &location, element.level, &title(&location));
        self.write(here, &format!("\n{description}\n\n{facts}"));
        let Some(inner) = inner.filter(|_| is_here) else { return };
        if has_page {
            facts.kind = types::element(inner, "the fields below", is_many);
            self.page(&location, inner, &description, &facts);
        }
        let level = if has_page { 2 } else { element.level + 1 };
        self.fields(inner, &Element { location, xml: field.xml.to_owned(), level });
    }
}

/// Links to the sections of an element's fields and forms, which are on the same page.
fn overview(schema: &'static Schema, location: &Location) -> String {
    let link = |title: &str, to: &Location| format!("[`{title}`](#{})", to.anchor());
    let variants = schema.forms.map(|forms| (forms.variants)());
    let deciding = variants.map(|variants| link(variants.tag, &location.join(Step::Field(variants.tag))));
    let fields = schema.fields.iter().map(|field| link(field.name, &location.field(schema, field)));
    let fields: Vec<_> = deciding.into_iter().chain(fields).collect();
    let mut text = String::new();
    if !fields.is_empty() {
        text += &format!("\nFields: {}\n", fields.join(", "));
    }
    if let Some(variants) = variants {
        let with_fields = variants.variants.iter().filter(|variant| has_fields(&variant.schema));
        let forms = with_fields.map(|variant| link(variant.word, &location.form(variants, variant.word)));
        text += &format!("\nFurther fields by `{}`: {}\n", variants.tag, forms.collect::<Vec<_>>().join(", "));
    }
    text
}

/// Whether a form has fields beside the attribute that decides about it.
fn has_fields(form: &Schema) -> bool {
    form.fields.len() > 1 || form.forms.is_some()
}

/// The title of a section: the path, and the form if several sections have the same path.
fn title(location: &Location) -> String {
    let mut notes: Vec<_> = location
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Form { tag, word } => Some(format!("`{tag} = \"{word}\"`")),
            _ => None,
        })
        .collect();
    if let Some(Step::Twin(_)) = location.steps.last() {
        notes.push("as a set".to_owned());
    }
    let path = if location.names().next().is_none() { location.kind.name().to_owned() } else { location.path() };
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    format!("`{path}`{notes}")
}
