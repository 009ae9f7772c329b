//! `#[element]`.

use crate::{doc, kebab, mark, marked};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;
use syn::parse::{Parse, ParseStream};
use syn::{
    Data, DataEnum, DeriveInput, Error, Field, Fields, GenericArgument, Ident, LitStr, PathArguments, Result, Type,
    Variant,
};

/// What is written in `#[element(…)]`: the deciding attribute of an enum, the child whose text it is if it is
/// none of the element's own, and `rules`.
pub struct Args {
    tag: Option<String>,
    within: Option<String>,
    rules: bool,
}

impl Parse for Args {
    fn parse(input: ParseStream) -> Result<Self> {
        let mut args = Args { tag: None, within: None, rules: false };
        while !input.is_empty() {
            if input.peek(LitStr) {
                args.tag = Some(input.parse::<LitStr>()?.value());
            } else {
                let word: Ident = input.parse()?;
                match word.to_string().as_str() {
                    "rules" => args.rules = true,
                    "within" => {
                        input.parse::<syn::Token![=]>()?;
                        args.within = Some(input.parse::<LitStr>()?.value());
                    }
                    _ => {
                        let message = "expected `rules`, `within = \"…\"` or the name of an attribute";
                        return Err(Error::new_spanned(word, message));
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        Ok(args)
    }
}

pub fn expand(args: &Args, input: &DeriveInput) -> Result<TokenStream> {
    let (name, visibility, text) = (&input.ident, &input.vis, doc(&input.attrs));
    let title = name.to_string();
    let rules = match args.rules {
        true => quote!(Some(|value, report| crate::engine::view::View::<#name>::new(value).rules(report))),
        false => quote!(None),
    };
    let (schema, parts, choice) = match (&input.data, &args.tag) {
        (Data::Struct(data), None) => {
            let parts = parts(&data.fields)?;
            (schema(&title, &text, &parts, &rules, None), parts, None)
        }
        (Data::Enum(data), Some(tag)) => {
            let (variants, all) = variants(&title, tag, args.within.as_deref(), data)?;
            let default = match data.variants.iter().find(|it| marked(&it.attrs, "default")) {
                Some(variant) => word_of(variant).map(|word| quote!(Some(#word)))?,
                None => quote!(None),
            };
            let variants = quote! {
                impl crate::engine::table::Choice for #name {
                    fn variants() -> &'static crate::engine::table::Variants {
                        static VARIANTS: crate::engine::table::Variants = crate::engine::table::Variants {
                            name: #title, doc: #text, tag: #tag, default: #default, variants: &[#(#variants),*],
                        };
                        &VARIANTS
                    }
                }
            };
            let shorthand = is_pci(&all)
                .then(|| quote!(crate::engine::shorthand::Shorthand::Notation(&crate::formats::pci::NOTATION)));
            let forms = quote!(Some(crate::engine::table::Forms { at: 0, variants: <#name as crate::engine::table::Choice>::variants }));
            let shorthand = shorthand.unwrap_or_else(|| quote!(crate::engine::shorthand::Shorthand::None));
            let schema = quote!(crate::engine::table::Schema {
                name: #title, doc: #text, fields: &[], by_name: &[], by_xml: &[], required: &[], absent: &[], forms: #forms,
                shorthand: #shorthand, rules: #rules,
            });
            (schema, all, Some(variants))
        }
        (Data::Enum(_), None) => {
            return Err(Error::new_spanned(name, "write #[element(\"attribute\")]: which one decides?"));
        }
        _ => {
            return Err(Error::new_spanned(
                name,
                "#[element] goes on a struct, or with an attribute's name on an enum",
            ));
        }
    };
    let methods = methods(&parts);
    Ok(quote! {
        #[doc = #text]
        #[derive(Debug)]
        #visibility struct #name;

        #choice

        impl crate::engine::table::FieldType for #name {
            const TYPE: crate::engine::table::Type = crate::engine::table::Type::Element(<Self as crate::engine::table::Element>::schema);
        }

        impl crate::engine::table::Element for #name {
            fn schema() -> &'static crate::engine::table::Schema {
                static SCHEMA: crate::engine::table::Schema = #schema;
                &SCHEMA
            }
        }

        impl<'a> crate::engine::view::View<'a, #name> { #methods }
    })
}

/// The forms that an enum's variants are, and the parts of all of them.
fn variants(title: &str, tag: &str, within: Option<&str>, data: &DataEnum) -> Result<(Vec<TokenStream>, Vec<Member>)> {
    let (mut variants, mut all) = (Vec::new(), vec![Member::tag(tag)]);
    for variant in &data.variants {
        let (word, text) = (word_of(variant)?, doc(&variant.attrs));
        let parts = parts(&variant.fields)?;
        let tag = Tag { name: tag, within, word: &word, may_lack: marked(&variant.attrs, "default") };
        let schema = schema(&format!("{title}{}", variant.ident), &text, &parts, &quote!(None), Some(tag));
        variants.push(quote!(crate::engine::table::Variant { word: #word, schema: #schema }));
        all.extend(parts);
    }
    Ok((variants, all))
}

/// The word that stands for a variant.
fn word_of(variant: &Variant) -> Result<String> {
    Ok(mark(&variant.attrs, "xml").unwrap_or_else(|| kebab(&variant.ident.to_string())))
}

/// The attribute that decides between forms, as it is in one of them.
struct Tag<'a> {
    name: &'a str,
    /// The child whose text it is, if it is none of the element's own.
    within: Option<&'a str>,
    word: &'a str,
    /// Whether its absence means this form.
    may_lack: bool,
}

/// One field, as far as its tokens tell.
struct Member {
    ident: Ident,
    name: String,
    xml: String,
    doc: String,
    occurs: &'static str,
    /// Whether there must be one, or at least one.
    required: bool,
    ty: Type,
    /// Where a word of this field stands; what is no word is a child in any case.
    node: &'static str,
    within: Option<String>,
    secret: bool,
    /// Whether it holds the forms of the element that it is in.
    form: bool,
    /// What is written where it is absent: a variant of `Absent`.
    absent: &'static str,
}

fn parts(fields: &Fields) -> Result<Vec<Member>> {
    fields.iter().map(part).collect()
}

fn part(field: &Field) -> Result<Member> {
    let ident = field.ident.clone().ok_or_else(|| Error::new_spanned(field, "fields have names here"))?;
    let plain = ident.to_string().trim_start_matches("r#").to_owned();
    let name = mark(&field.attrs, "name").unwrap_or(plain);
    let (occurs, ty) = match wrapped(&field.ty) {
        Some(("Option", inner)) => ("Option", inner),
        Some((_, inner)) => ("Many", inner),
        None => ("One", field.ty.clone()),
    };
    let node = match (marked(&field.attrs, "text"), marked(&field.attrs, "child")) {
        (true, _) => "Text",
        (_, true) => "Child",
        _ => "Attribute",
    };
    Ok(Member {
        xml: mark(&field.attrs, "xml").unwrap_or_else(|| name.clone()),
        doc: doc(&field.attrs),
        within: mark(&field.attrs, "within"),
        secret: marked(&field.attrs, "secret"),
        form: marked(&field.attrs, "form"),
        absent: absent(field)?,
        required: occurs == "One" || marked(&field.attrs, "required"),
        ident,
        name,
        occurs,
        ty,
        node,
    })
}

/// What `#[absent = "…"]` says.
fn absent(field: &Field) -> Result<&'static str> {
    match mark(&field.attrs, "absent").as_deref() {
        None => Ok("Nothing"),
        Some("empty") => Ok("Empty"),
        Some("uuid") => Ok("Uuid"),
        Some("mac") => Ok("Mac"),
        Some(_) => Err(Error::new_spanned(field, "expected `empty`, `uuid` or `mac`")),
    }
}

/// What `Option<T>` or `Vec<T>` wraps.
fn wrapped(ty: &Type) -> Option<(&'static str, Type)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let name = match last.ident.to_string().as_str() {
        "Option" => "Option",
        "Vec" => "Vec",
        _ => return None,
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some((name, inner.clone())),
        _ => None,
    }
}

/// The table of an element, or of one form of an element: then with the attribute that decides, its word,
/// and whether it may be left out.
fn schema(title: &str, text: &str, parts: &[Member], rules: &TokenStream, case: Option<Tag<'_>>) -> TokenStream {
    let forms = match parts.iter().position(|part| part.form) {
        Some(at) => {
            let (ty, at) = (&parts[at].ty, at as u16 + u16::from(case.is_some()));
            quote!(Some(crate::engine::table::Forms { at: #at, variants: <#ty as crate::engine::table::Choice>::variants }))
        }
        None => quote!(None),
    };
    let own: Vec<_> = parts.iter().filter(|part| !part.form).collect();
    let (mut fields, mut required, mut absent) = (Vec::new(), Vec::new(), Vec::new());
    let (mut names, mut xml) = (Vec::new(), Vec::new());
    if let Some(tag) = &case {
        fields.push(tag_row(tag, text));
        names.push(tag.name);
        xml.push(tag.name);
        required.extend((!tag.may_lack).then_some(0u16));
    }
    for part in own {
        required.extend(part.required.then_some(fields.len() as u16));
        absent.extend((part.absent != "Nothing").then_some(fields.len() as u16));
        fields.push(table_row(part));
        names.push(&part.name);
        xml.push(&part.xml);
    }
    let (by_name, by_xml) = (sorted(&names), sorted(&xml));
    let shorthand = if case.is_some() { quote!(crate::engine::shorthand::Shorthand::None) } else { shorthand(parts) };
    quote!(crate::engine::table::Schema {
        name: #title, doc: #text, fields: &[#(#fields),*], by_name: &[#(#by_name),*], by_xml: &[#(#by_xml),*],
        required: &[#(#required),*], absent: &[#(#absent),*], forms: #forms, shorthand: #shorthand, rules: #rules,
    })
}

/// The indices of names in the order of the names.
fn sorted(names: &[&str]) -> Vec<TokenStream> {
    let mut indices: Vec<_> = (0..names.len() as u16).collect();
    indices.sort_by_key(|at| names[usize::from(*at)]);
    let entry = |at: u16| {
        let mut start = [0; 8];
        names[usize::from(at)].bytes().zip(&mut start).for_each(|(byte, place)| *place = byte);
        let start = u64::from_be_bytes(start);
        quote!((#start, #at))
    };
    indices.into_iter().map(entry).collect()
}

/// The row of the attribute that decides, which in one form holds one word.
fn tag_row(tag: &Tag<'_>, text: &str) -> TokenStream {
    let Tag { name, word, .. } = tag;
    let occurs = if tag.may_lack { quote!(Option) } else { quote!(One) };
    let (node, within) = match tag.within {
        Some(child) => (quote!(Text), quote!(Some(#child))),
        None => (quote!(Attribute), quote!(None)),
    };
    quote!(crate::engine::table::Field {
        name: #name, xml: #name, doc: #text, node: crate::engine::table::NodeKind::#node, within: #within,
        occurs: crate::engine::table::Occurs::#occurs, secret: false, absent: crate::engine::table::Absent::Nothing,
        ty: crate::engine::table::Type::Scalar(&crate::engine::scalar::Scalar::Enum(crate::engine::scalar::Enum {
            name: "", doc: "", words: &[(#word, #text)],
        })),
    })
}

fn table_row(part: &Member) -> TokenStream {
    let Member { name, xml, doc, ty, node, secret, .. } = part;
    let (occurs, node) = (format_ident!("{}", part.occurs), format_ident!("{node}"));
    let absent = format_ident!("{}", part.absent);
    let within = match &part.within {
        Some(name) => quote!(Some(#name)),
        None => quote!(None),
    };
    let ty = quote!(<#ty as crate::engine::table::FieldType>::TYPE);
    quote!(crate::engine::table::Field {
        name: #name, xml: #xml, doc: #doc, node: #ty.node(crate::engine::table::NodeKind::#node), within: #within,
        occurs: crate::engine::table::Occurs::#occurs, ty: #ty, secret: #secret,
        absent: crate::engine::table::Absent::#absent,
    })
}

/// What a single value in place of the set means, which the names of the parts decide.
fn shorthand(parts: &[Member]) -> TokenStream {
    let own: Vec<_> = parts.iter().filter(|part| !part.form).collect();
    let has_form = own.len() < parts.len();
    let at = |name: &str| own.iter().position(|part| part.name == name).map(|at| at as u16);
    let text = own.iter().position(|part| part.node == "Text").map(|at| at as u16);
    let others_may_be_absent = |one: u16| own.iter().enumerate().all(|(at, part)| at as u16 == one || !part.required);
    if is_pci(parts) {
        return quote!(crate::engine::shorthand::Shorthand::Notation(&crate::formats::pci::NOTATION));
    }
    match (text, at("unit"), at("state")) {
        // A form may ask for its deciding attribute, which only text makes needless.
        (None, _, _) if has_form => quote!(crate::engine::shorthand::Shorthand::None),
        (Some(count), Some(unit), _) if others_may_be_absent(count) => {
            quote!(crate::engine::shorthand::Shorthand::Size { unit: #unit, count: #count })
        }
        (Some(text), _, _) if others_may_be_absent(text) => quote!(crate::engine::shorthand::Shorthand::Text(#text)),
        (None, _, Some(state)) if others_may_be_absent(state) => {
            quote!(crate::engine::shorthand::Shorthand::State(#state))
        }
        (None, _, None) if !own.iter().any(|part| part.required) => {
            quote!(crate::engine::shorthand::Shorthand::Presence)
        }
        _ => quote!(crate::engine::shorthand::Shorthand::None),
    }
}

/// Whether the parts hold the attributes of a PCI address.
fn is_pci(parts: &[Member]) -> bool {
    let is_there = |name: &str| parts.iter().any(|part| part.name == name && part.node == "Attribute");
    ["domain", "bus", "slot", "function"].into_iter().all(is_there)
}

impl Member {
    /// The attribute that decides between the forms of an element.
    fn tag(name: &str) -> Member {
        let ident = if name == "type" { Ident::new_raw(name, Span::call_site()) } else { format_ident!("{name}") };
        Member {
            ident,
            name: name.to_owned(),
            xml: name.to_owned(),
            doc: "Which form the element has.".to_owned(),
            occurs: "One",
            required: true,
            ty: syn::parse_quote!(String),
            node: "Attribute",
            within: None,
            secret: false,
            form: false,
            absent: "Nothing",
        }
    }
}

/// For each part a method that reads it.
fn methods(parts: &[Member]) -> TokenStream {
    let mut seen = BTreeSet::new();
    let first = parts.iter().filter(|part| seen.insert(part.ident.to_string()));
    first.map(method).collect()
}

fn method(part: &Member) -> TokenStream {
    let Member { ident, name, ty, doc, .. } = part;
    let body = match part.occurs {
        _ if part.form => quote! {
            pub fn #ident(self) -> crate::engine::view::View<'a, #ty> { crate::engine::view::form(self) }
        },
        "Many" => quote! {
            pub fn #ident(self) -> impl Iterator<Item = crate::engine::view::View<'a, #ty>> { crate::engine::view::many(self, #name) }
        },
        _ => quote! {
            pub fn #ident(self) -> Option<crate::engine::view::View<'a, #ty>> { crate::engine::view::one(self, #name) }
        },
    };
    quote!(#[doc = #doc] #[inline] #body)
}
