//! `#[element]` and `#[values]`: plain structs and enums become the tables of `nixvirt-schema`.
//!
//! The struct that is left is a view of a value: for each field it has a method of that name, with
//! which rules read a spec.

mod element;
mod values;

use proc_macro::TokenStream;
use syn::{Attribute, DeriveInput, Expr, ExprLit, Lit, Meta, parse_macro_input};

/// An element of libvirt's XML.
///
/// On a struct, each field is a part of the element. On an enum, written `#[element("type")]`, each
/// variant is a form that the element has when the attribute `type` holds the variant's name. With
/// `within = "kind"` the word is the text of a child `kind` in XML, and only in specs an attribute.
///
/// A field's type says where it stands: a word or number is an attribute, an element is a child,
/// `Option` may be absent, `Vec` repeats. Marks for what a type cannot say:
///
/// - `#[text]`: the element's own text.
/// - `#[child]`: a word in an element of its own, `<name>vm</name>`.
/// - `#[xml = "qemu:arg"]`: the name in XML, where it is not the field's.
/// - `#[name = "suspend-to-mem"]`: the name in XML and in specs, where it is no Rust name.
/// - `#[required]`, on a `Vec`: there is at least one.
/// - `#[within = "type"]`: it stands on or in a child of that name, out of which specs lift it.
/// - `#[form]`, on a field whose type is such an enum: the element has the forms of that enum; their parts
///   are parts of the element itself, written where the field stands.
/// - `#[default]`, on a variant: the form that is meant where the deciding attribute is absent.
/// - `#[absent = "empty"]`: where it is absent, an empty element is written, for which libvirt's schema asks.
///   `"uuid"` and `"mac"` derive an id or a hardware address from names.
/// - `#[secret]`: what it holds is never shown.
///
/// `#[element(rules)]` runs the type's own method `rules(self, &mut Report)` on each value.
#[proc_macro_attribute]
pub fn element(args: TokenStream, input: TokenStream) -> TokenStream {
    let args = parse_macro_input!(args as element::Args);
    let input = parse_macro_input!(input as DeriveInput);
    element::expand(&args, &input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// The words that an attribute or text may hold: `VirtioScsi` is `virtio-scsi`, and `#[xml = "…"]`
/// gives a word that is no Rust name.
#[proc_macro_attribute]
pub fn values(_: TokenStream, input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    values::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// The doc comment, its lines joined to one text.
fn doc(attributes: &[Attribute]) -> String {
    let lines: Vec<_> = attributes.iter().filter_map(|it| string(it, "doc")).collect();
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The text of `#[name = "text"]`.
fn string(attribute: &Attribute, name: &str) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident(name) => Some(text.value()),
        _ => None,
    }
}

fn marked(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|it| it.path().is_ident(name))
}

/// The text of the mark of that name, if it is there.
fn mark(attributes: &[Attribute], name: &str) -> Option<String> {
    attributes.iter().find_map(|it| string(it, name))
}

/// `VirtioScsi` as `virtio-scsi`.
fn kebab(ident: &str) -> String {
    let mut word = String::new();
    for (at, letter) in ident.char_indices() {
        if letter.is_uppercase() && at > 0 {
            word.push('-');
        }
        word.extend(letter.to_lowercase());
    }
    word
}
