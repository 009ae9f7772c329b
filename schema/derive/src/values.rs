//! `#[values]`.

use crate::{doc, kebab, mark};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Result};

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(input, "#[values] goes on an enum"));
    };
    let (name, visibility, text) = (&input.ident, &input.vis, doc(&input.attrs));
    let title = name.to_string();
    let idents: Vec<_> = data.variants.iter().map(|it| &it.ident).collect();
    let docs: Vec<_> = data.variants.iter().map(|it| doc(&it.attrs)).collect();
    let words: Vec<_> =
        data.variants.iter().map(|it| mark(&it.attrs, "xml").unwrap_or_else(|| kebab(&it.ident.to_string()))).collect();
    Ok(quote! {
        #[doc = #text]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #visibility enum #name { #(#[doc = #docs] #idents),* }

        impl crate::engine::table::FieldType for #name {
            const TYPE: crate::engine::table::Type = crate::engine::table::Type::Scalar(&crate::engine::scalar::Scalar::Enum(crate::engine::scalar::Enum {
                name: #title,
                doc: #text,
                words: &[#((#words, #docs)),*],
            }));
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
