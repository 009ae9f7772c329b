//! `#[values]`.

use crate::element::TYPE;
use crate::fields::option;
use crate::marks::{Holds, Marks, Place, all};
use crate::{doc, kebab};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result, Variant};

/// The marks of a word.
const WORD: Place =
    Place { name: "a word", marks: &[("xml", Holds::Text), ("since", Holds::Text), ("same", Holds::Text)] };

pub fn expand(arguments: &TokenStream, input: &DeriveInput) -> Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(Error::new_spanned(arguments, "`#[values]` takes no arguments"));
    }
    Marks::read(&input.attrs, &TYPE)?;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "`#[values]` goes on an enum"));
    };
    let (name, visibility, text) = (&input.ident, &input.vis, doc(&input.attrs));
    let title = name.to_string();
    let words = all(data.variants.iter().map(word))?;
    let rows = all(data.variants.iter().zip(&words).map(|(variant, word)| row(variant, word)))?;
    let idents: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let docs: Vec<_> = data.variants.iter().map(|variant| doc(&variant.attrs)).collect();
    Ok(quote! {
        #[doc = #text]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #visibility enum #name { #(#[doc = #docs] #idents),* }

        impl crate::engine::table::FieldType for #name {
            const TYPE: crate::engine::table::Type = crate::engine::table::Type::Scalar(
                &crate::engine::scalar::Scalar::Enum(crate::engine::scalar::Enum {
                    name: #title, doc: #text, words: &[#(#rows),*],
                })
            );
        }

        impl crate::engine::view::FromWord for #name {
            fn from_word(word: &str) -> Option<Self> {
                match word {
                    #(#words => Some(Self::#idents),)*
                    _ => None,
                }
            }
        }
    })
}

/// The row of a variant in the table.
fn row(variant: &Variant, word: &str) -> Result<TokenStream> {
    let (doc, marks) = (doc(&variant.attrs), Marks::read(&variant.attrs, &WORD)?);
    let (since, same) = (marks.release("since")?, option(marks.text("same")));
    Ok(quote!(crate::engine::scalar::Word { word: #word, doc: #doc, since: #since, same: #same }))
}

/// The word of a variant.
fn word(variant: &Variant) -> Result<String> {
    let marks = Marks::read(&variant.attrs, &WORD)?;
    match variant.fields {
        Fields::Unit => Ok(marks.text("xml").unwrap_or_else(|| kebab(&variant.ident.to_string()))),
        _ => Err(Error::new_spanned(variant, "a word has no parts: an enum whose variants have is an `#[element]`")),
    }
}
