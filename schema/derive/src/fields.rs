//! The fields of a struct or variant: the parts of an element.

use crate::doc;
use crate::marks::{Holds, Marks, Place, all};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;
use syn::{Error, Field, Fields, GenericArgument, Ident, PathArguments, Result, Type};

/// The marks of a field.
const FIELD: Place = Place {
    name: "a field",
    marks: &[
        ("text", Holds::Nothing),
        ("child", Holds::Nothing),
        ("xml", Holds::Text),
        ("name", Holds::Text),
        ("within", Holds::Text),
        ("required", Holds::Nothing),
        ("absent", Holds::Text),
        ("secret", Holds::Nothing),
        ("placeholders", Holds::Nothing),
        ("default", Holds::Text),
        ("output", Holds::Nothing),
        ("since", Holds::Text),
        ("optional_since", Holds::Text),
        ("repeated_since", Holds::Text),
        ("unitless", Holds::Text),
        ("unit", Holds::Nothing),
        ("unit_of", Holds::Text),
        ("switch", Holds::Nothing),
        ("form", Holds::Nothing),
        ("flatten", Holds::Nothing),
    ],
};

/// One field, read from its tokens.
pub struct Member {
    pub ident: Ident,
    /// Name in a spec.
    pub name: String,
    /// Name in XML.
    pub xml: String,
    pub doc: String,
    pub role: Role,
    pub occurs: Occurs,
    /// Whether it must be there: at least once, if it is a `Vec`.
    pub required: bool,
    pub ty: Type,
    /// The place of a scalar in XML. All other fields are children.
    pub node: Node,
    /// Name of the child that holds it.
    pub within: Option<String>,
    /// Name of the part that holds its unit.
    pub unit: Option<String>,
    pub secret: bool,
    /// Whether its text may hold placeholders for secrets in files.
    pub placeholders: bool,
    /// What libvirt takes if it is absent.
    pub default: Option<String>,
    /// Whether libvirt reports it, and ignores it in a definition.
    pub output: bool,
    /// Releases of libvirt since which it may be there, be absent, and be there several times.
    pub since: [TokenStream; 3],
    /// Unit of a size without one.
    pub unitless: Option<String>,
    /// The XML of an absent field: a variant of `Absent`.
    pub absent: &'static str,
    pub marks: Marks,
}

/// The role of a field in the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A part of the element.
    Part,
    /// The forms of the element: `#[form]`.
    Form,
    /// Parts that several elements share: `#[flatten]`.
    Flattened,
}

/// How often a part occurs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Occurs {
    One,
    Option,
    Many,
}

/// The place of a scalar in XML.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Node {
    Attribute,
    Text,
    Child,
}

/// Reads the fields of a struct or variant.
pub fn members(fields: &Fields) -> Result<Vec<Member>> {
    let mut members = all(fields.iter().map(Member::read))?;
    units(&mut members)?;
    only_one(&members, "form", "an element has at most one `form`")?;
    only_one(&members, "switch", "an element has at most one `switch`")?;
    only_one(&members, "unit", "an element has at most one `unit`")?;
    let own_text = |member: &&Member| member.node == Node::Text && member.within.is_none();
    if let Some(second) = members.iter().filter(own_text).nth(1) {
        return Err(second.marks.error("text", "an element has at most one `text`"));
    }
    match members.iter().find(|member| member.marks.has("unit")) {
        Some(unit) if !members.iter().any(|member| own_text(&member)) => {
            let message = "`unit` is that of the number in the element's text: mark the number with `#[text]`";
            Err(unit.marks.error("unit", message))
        }
        _ => Ok(members),
    }
}

/// Tells each number the part that holds its unit.
fn units(members: &mut [Member]) -> Result<()> {
    for at in 0..members.len() {
        let Some(of) = members[at].marks.text("unit_of") else { continue };
        let unit = members[at].name.clone();
        let number = members.iter_mut().find(|member| member.name == of);
        match number.filter(|number| number.node == Node::Attribute && number.occurs != Occurs::Many) {
            Some(number) => number.unit = Some(unit),
            None => return Err(members[at].marks.error("unit_of", &format!("no attribute is named `{of}`"))),
        }
    }
    Ok(())
}

/// An error where two fields have a mark that only one may have.
fn only_one(members: &[Member], mark: &str, why: &str) -> Result<()> {
    match members.iter().filter(|member| member.marks.has(mark)).nth(1) {
        Some(second) => Err(second.marks.error(mark, why)),
        None => Ok(()),
    }
}

impl Member {
    fn read(field: &Field) -> Result<Member> {
        let ident = field.ident.clone().ok_or_else(|| Error::new_spanned(field, "a part needs a name"))?;
        let marks = Marks::read(&field.attrs, &FIELD)?;
        let plain = ident.to_string().trim_start_matches("r#").to_owned();
        let name = marks.text("name").unwrap_or(plain);
        let (occurs, ty) = occurs(&field.ty);
        check(&marks, occurs)?;
        let role = match (marks.has("form"), marks.has("flatten")) {
            (true, _) => Role::Form,
            (_, true) => Role::Flattened,
            _ => Role::Part,
        };
        let node = match (marks.has("text"), marks.has("child")) {
            (true, _) => Node::Text,
            (_, true) => Node::Child,
            _ => Node::Attribute,
        };
        Ok(Member {
            xml: marks.text("xml").unwrap_or_else(|| name.clone()),
            doc: doc(&field.attrs),
            within: marks.text("within"),
            unit: None,
            secret: marks.has("secret"),
            placeholders: marks.has("placeholders"),
            default: marks.text("default"),
            output: marks.has("output"),
            since: [marks.release("since")?, marks.release("optional_since")?, marks.release("repeated_since")?],
            unitless: marks.text("unitless"),
            absent: absent(&marks)?,
            required: occurs == Occurs::One || marks.has("required"),
            role,
            ident,
            name,
            occurs,
            ty,
            node,
            marks,
        })
    }

    /// The attribute that decides between the forms of an element.
    pub fn tag(name: &str) -> Member {
        let ident = if name == "type" { Ident::new_raw(name, Span::call_site()) } else { format_ident!("{name}") };
        Member {
            ident,
            name: name.to_owned(),
            xml: name.to_owned(),
            doc: "Form of the element.".to_owned(),
            role: Role::Part,
            occurs: Occurs::One,
            required: true,
            ty: syn::parse_quote!(String),
            node: Node::Attribute,
            within: None,
            unit: None,
            secret: false,
            placeholders: false,
            default: None,
            output: false,
            since: [quote!(None), quote!(None), quote!(None)],
            unitless: None,
            absent: "Nothing",
            marks: Marks::none(),
        }
    }

    /// Its row in the table.
    pub fn row(&self) -> TokenStream {
        let Member { name, xml, doc, required, ty, secret, placeholders, output, since, .. } = self;
        let [since, optional_since, repeated_since] = since;
        let occurs = match self.occurs {
            Occurs::One => quote!(One),
            Occurs::Option => quote!(Option),
            Occurs::Many => quote!(Many),
        };
        let node = match self.node {
            Node::Attribute => quote!(Attribute),
            Node::Text => quote!(Text),
            Node::Child => quote!(Child),
        };
        let absent = format_ident!("{}", self.absent);
        let prefixed = xml.contains(':');
        let [within, unit, default, unitless] =
            [&self.within, &self.unit, &self.default, &self.unitless].map(|it| option(it.as_ref()));
        quote!(crate::engine::table::Field {
            name: #name, xml: #xml, prefixed: #prefixed, doc: #doc, within: #within, required: #required, unit: #unit, secret: #secret,
            placeholders: #placeholders, default: #default, output: #output, unitless: #unitless, since: #since,
            optional_since: #optional_since, repeated_since: #repeated_since,
            node: <#ty as crate::engine::table::FieldType>::TYPE.node(crate::engine::table::NodeKind::#node),
            occurs: crate::engine::table::Occurs::#occurs,
            ty: <#ty as crate::engine::table::FieldType>::TYPE,
            absent: crate::engine::table::Absent::#absent,
        })
    }

    /// The method of the view that reads it.
    fn method(&self, one: &TokenStream) -> TokenStream {
        let Member { ident, name, ty, doc, .. } = self;
        let body = match (self.role, self.occurs) {
            (Role::Form | Role::Flattened, _) => quote! {
                pub fn #ident(self) -> crate::engine::view::View<'a, #ty> { crate::engine::view::form(self) }
            },
            (Role::Part, Occurs::Many) => quote! {
                pub fn #ident(self) -> impl Iterator<Item = crate::engine::view::View<'a, #ty>> {
                    crate::engine::view::many(self, #name)
                }
            },
            (Role::Part, _) => quote! {
                pub fn #ident(self) -> Option<crate::engine::view::View<'a, #ty>> {
                    #one(self, #name)
                }
            },
        };
        quote!(#[doc = #doc] #[inline] #body)
    }
}

/// An error for marks that do not go together, or not with the type.
fn check(marks: &Marks, occurs: Occurs) -> Result<()> {
    marks.exclude("text", &["child", "xml", "switch", "unit", "unit_of", "absent"])?;
    marks.exclude("unit_of", &["child", "within"])?;
    for whole in ["form", "flatten"] {
        let others = FIELD.marks.iter().map(|(name, _)| *name).filter(|name| *name != whole);
        marks.exclude(whole, &others.collect::<Vec<_>>())?;
        if marks.has(whole) && occurs != Occurs::One {
            let message = format!("the type of a `{whole}` is no `Option` and no `Vec`");
            return Err(marks.error(whole, &message));
        }
    }
    if marks.has("optional_since") && occurs != Occurs::Option {
        return Err(marks.error("optional_since", "`optional_since` goes on an `Option`"));
    }
    if marks.has("repeated_since") && occurs != Occurs::Many {
        return Err(marks.error("repeated_since", "`repeated_since` goes on a `Vec`"));
    }
    if marks.has("required") && occurs != Occurs::Many {
        return Err(
            marks.error("required", "`required` goes on a `Vec`; any other part is required unless it is an `Option`")
        );
    }
    Ok(())
}

/// The variant of `Absent` that `#[absent = "…"]` names.
fn absent(marks: &Marks) -> Result<&'static str> {
    match marks.text("absent").as_deref() {
        None => Ok("Nothing"),
        Some("empty") => Ok("Empty"),
        Some("uuid") => Ok("Uuid"),
        Some("mac") => Ok("Mac"),
        Some(_) => Err(marks.error("absent", "expected `empty`, `uuid` or `mac`")),
    }
}

/// How often a part occurs, and the type of one.
fn occurs(ty: &Type) -> (Occurs, Type) {
    for (name, occurs) in [("Option", Occurs::Option), ("Vec", Occurs::Many)] {
        if let Some(inner) = argument_of(ty, name) {
            return (occurs, inner.clone());
        }
    }
    (Occurs::One, ty.clone())
}

/// The `T` of `Option<T>`, given the name `Option`.
fn argument_of<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == name => match arguments.args.first()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The rows of a table, as an expression of type `&'static [Field]`: those before all parts, and one for each part.
pub fn rows(first: Option<TokenStream>, members: &[Member]) -> TokenStream {
    let mut groups = Vec::new();
    let mut rows: Vec<_> = first.into_iter().collect();
    for member in members {
        match member.role {
            Role::Part => rows.push(member.row()),
            Role::Form => {}
            Role::Flattened => {
                let ty = &member.ty;
                groups.push(quote!(&[#(#rows),*]));
                groups.push(quote!(<#ty as crate::engine::table::Parts>::FIELDS));
                rows.clear();
            }
        }
    }
    if groups.is_empty() {
        return quote!(&[#(#rows),*]);
    }
    groups.push(quote!(&[#(#rows),*]));
    quote!({
        const GROUPS: &[&[crate::engine::table::Field]] = &[#(#groups),*];
        &crate::engine::table::build::joined::<{ crate::engine::table::build::count(GROUPS) }>(GROUPS)
    })
}

/// The index in the table of the part at a place among the members, given how many rows are before all parts.
pub fn index(first: usize, members: &[Member], at: usize) -> TokenStream {
    let before = &members[..at];
    let own = (first + before.iter().filter(|member| member.role == Role::Part).count()) as u16;
    let flattened = before.iter().filter(|member| member.role == Role::Flattened).map(|member| &member.ty);
    quote!(#own #(+ <#flattened as crate::engine::table::Parts>::FIELDS.len() as u16)*)
}

/// For each part a method that reads it, given the function that reads one that occurs once. Parts of the same name, in
/// several forms, share a method.
pub fn methods(members: &[Member], one: &TokenStream) -> TokenStream {
    let mut seen = BTreeSet::new();
    members.iter().filter(|member| seen.insert(member.ident.to_string())).map(|member| member.method(one)).collect()
}

/// `Some(…)` or `None`.
pub fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
