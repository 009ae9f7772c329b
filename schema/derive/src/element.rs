//! `#[element]` and `#[parts]`.

use crate::fields::{Member, Role, index, members, methods, option, rows};
use crate::marks::{Holds, Marks, Place, all, closest};
use crate::{doc, kebab};
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Data, DataEnum, DeriveInput, Error, Fields, Ident, LitStr, Path, Result, Variant};

/// The marks of the type itself. All its settings are arguments of `#[element]`.
pub const TYPE: Place = Place { name: "the type", marks: &[] };

/// The marks of a form.
const FORM: Place =
    Place { name: "a form", marks: &[("xml", Holds::Text), ("default", Holds::Nothing), ("since", Holds::Text)] };

/// The arguments of `#[element(…)]`.
#[derive(Default)]
pub struct Args {
    /// The attribute that decides between the forms of an enum.
    tag: Option<LitStr>,
    /// The child of which the deciding word is the text in XML.
    within: Option<LitStr>,
    /// The notation that can replace the set.
    notation: Option<Path>,
    rules: bool,
    keyed: bool,
}

/// The names of the arguments.
const ARGUMENTS: &[&str] = &["rules", "within", "notation", "keyed"];

impl Parse for Args {
    fn parse(input: ParseStream) -> Result<Self> {
        let mut args = Args::default();
        while !input.is_empty() {
            args.argument(input)?;
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        Ok(args)
    }
}

impl Args {
    fn argument(&mut self, input: ParseStream) -> Result<()> {
        if input.peek(LitStr) {
            self.tag = Some(input.parse()?);
            return Ok(());
        }
        let name: Ident = input.parse()?;
        match name.to_string().as_str() {
            "rules" => self.rules = true,
            "keyed" => self.keyed = true,
            "within" => {
                input.parse::<syn::Token![=]>()?;
                self.within = Some(input.parse()?);
            }
            "notation" => {
                input.parse::<syn::Token![=]>()?;
                self.notation = Some(input.parse()?);
            }
            written => {
                let message = match closest(written, ARGUMENTS) {
                    Some(near) => format!("unknown argument `{written}`; did you mean `{near}`?"),
                    None => format!(
                        "unknown argument `{written}`; `#[element]` takes {} and the name of an attribute",
                        ARGUMENTS.join(", ")
                    ),
                };
                return Err(Error::new_spanned(name, message));
            }
        }
        Ok(())
    }
}

/// A table before it is written out.
struct Table<'t> {
    name: String,
    doc: &'t str,
    members: &'t [Member],
    /// The deciding attribute, if this is one form of an element.
    tag: Option<Tag<'t>>,
    shorthand: TokenStream,
    rules: TokenStream,
    keyed: bool,
}

/// The attribute that decides between forms, as it is in one of them.
struct Tag<'t> {
    name: &'t str,
    /// The child of which it is the text, if it is no attribute in XML.
    within: Option<String>,
    word: &'t str,
    /// Whether its absence means this form.
    may_lack: bool,
    /// Release of libvirt that introduced the form.
    since: &'t TokenStream,
}

pub fn expand(args: &Args, input: &DeriveInput) -> Result<TokenStream> {
    Marks::read(&input.attrs, &TYPE)?;
    match (&input.data, &args.tag) {
        (Data::Struct(data), None) => of_struct(args, input, &data.fields),
        (Data::Enum(data), Some(tag)) => of_enum(args, &tag.value(), input, data),
        (Data::Enum(_), None) => {
            let message = "name the attribute that decides between the forms, as in `#[element(\"type\")]`";
            Err(Error::new_spanned(&input.ident, message))
        }
        (Data::Struct(_), Some(tag)) => {
            Err(Error::new_spanned(tag, "a struct has no forms: only an enum names the attribute that decides"))
        }
        (Data::Union(_), _) => Err(Error::new_spanned(&input.ident, "`#[element]` goes on a struct or an enum")),
    }
}

/// `#[parts]`.
pub fn expand_parts(arguments: &TokenStream, input: &DeriveInput) -> Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(Error::new_spanned(arguments, "`#[parts]` takes no arguments"));
    }
    Marks::read(&input.attrs, &TYPE)?;
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "`#[parts]` goes on a struct"));
    };
    let members = members(&data.fields)?;
    for mark in ["form", "switch", "unit"] {
        if let Some(member) = members.iter().find(|member| member.marks.has(mark)) {
            let message = format!("`{mark}` concerns the whole element, not shared parts");
            return Err(member.marks.error(mark, &message));
        }
    }
    let name = &input.ident;
    let (ty, rows) = (declared(input, &members, &quote!(crate::engine::view::in_set)), rows(None, &members));
    Ok(quote! {
        #ty

        impl crate::engine::table::Parts for #name {
            const FIELDS: &'static [crate::engine::table::Field] = #rows;
        }
    })
}

fn of_struct(args: &Args, input: &DeriveInput, fields: &Fields) -> Result<TokenStream> {
    if let Some(within) = &args.within {
        return Err(Error::new_spanned(within, "`within` goes on an enum"));
    }
    let members = members(fields)?;
    let table = Table {
        name: input.ident.to_string(),
        doc: &doc(&input.attrs),
        members: &members,
        tag: None,
        shorthand: shorthand(args, &members)?,
        rules: rules(args, input),
        keyed: args.keyed,
    };
    let (ty, table, element) =
        (declared(input, &members, &quote!(crate::engine::view::one)), table.tokens(), element(input));
    Ok(quote! {
        #ty
        #element {
            fn schema() -> &'static crate::engine::table::Schema {
                static SCHEMA: crate::engine::table::Schema = #table;
                &SCHEMA
            }
        }
    })
}

fn of_enum(args: &Args, tag: &str, input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    if args.keyed {
        return Err(Error::new_spanned(&input.ident, "`keyed` goes on a struct"));
    }
    let forms = all(data.variants.iter().map(Form::read))?;
    let mut default = forms.iter().filter(|form| form.marks.has("default"));
    let first = default.next();
    if let Some(second) = default.next() {
        return Err(second.marks.error("default", "an element has at most one `default`"));
    }
    let (name, text, title) = (&input.ident, doc(&input.attrs), input.ident.to_string());
    let default = option(first.map(|form| &form.word));
    let within = args.within.as_ref().map(LitStr::value);
    let variants = forms.iter().map(|form| form.variant(&title, tag, within.clone()));
    let (notation, rules, element) = (notation(args), rules(args, input), element(input));
    let table = quote! {
        static VARIANTS: crate::engine::table::Variants = crate::engine::table::Variants {
            name: #title, doc: #text, tag: #tag, default: #default, variants: &[#(#variants),*],
        };
    };
    let mut members = vec![Member::tag(tag)];
    members.extend(forms.into_iter().flat_map(|form| form.members));
    let ty = declared(input, &members, &quote!(crate::engine::view::one));
    Ok(quote! {
        #ty

        impl crate::engine::table::Choice for #name {
            fn variants() -> &'static crate::engine::table::Variants {
                #table
                &VARIANTS
            }
        }

        #element {
            fn schema() -> &'static crate::engine::table::Schema {
                static SCHEMA: crate::engine::table::Schema = crate::engine::table::Schema {
                    name: #title, doc: #text, fields: &[], by_name: &[], by_xml: &[], required: &[], absent: &[],
                    forms: Some(crate::engine::table::Forms {
                        at: 0, variants: <#name as crate::engine::table::Choice>::variants,
                    }),
                    shorthand: #notation, keyed: false, rules: #rules,
                };
                &SCHEMA
            }
        }
    })
}

/// One form of an element.
struct Form {
    ident: String,
    word: String,
    doc: String,
    members: Vec<Member>,
    since: TokenStream,
    marks: Marks,
}

impl Form {
    fn read(variant: &Variant) -> Result<Self> {
        let marks = Marks::read(&variant.attrs, &FORM)?;
        let members = members(&variant.fields)?;
        for mark in ["switch", "unit"] {
            if let Some(member) = members.iter().find(|member| member.marks.has(mark)) {
                let message =
                    format!("`{mark}` is a short form, which elements without an attribute that decides have");
                return Err(member.marks.error(mark, &message));
            }
        }
        let ident = variant.ident.to_string();
        let word = marks.text("xml").unwrap_or_else(|| kebab(&ident));
        let since = marks.release("since")?;
        Ok(Form { word, doc: doc(&variant.attrs), members, since, marks, ident })
    }

    fn variant(&self, of: &str, tag: &str, within: Option<String>) -> TokenStream {
        let word = &self.word;
        let schema = Table {
            name: format!("{of}{}", self.ident),
            doc: &self.doc,
            members: &self.members,
            tag: Some(Tag { name: tag, within, word, may_lack: self.marks.has("default"), since: &self.since }),
            shorthand: quote!(crate::engine::shorthand::Shorthand::None),
            rules: quote!(None),
            keyed: false,
        };
        let schema = schema.tokens();
        let since = &self.since;
        quote!(crate::engine::table::Variant { word: #word, since: #since, schema: #schema })
    }
}

/// The empty type that is left of a struct or enum, and the methods of its view, given the function that reads a part.
fn declared(input: &DeriveInput, members: &[Member], one: &TokenStream) -> TokenStream {
    let (name, visibility, text, methods) = (&input.ident, &input.vis, doc(&input.attrs), methods(members, one));
    quote! {
        #[doc = #text]
        #[derive(Debug)]
        #visibility struct #name;

        impl<'a> crate::engine::view::View<'a, #name> { #methods }
    }
}

/// The head of `impl Element`, and what a field of the type holds.
fn element(input: &DeriveInput) -> TokenStream {
    let name = &input.ident;
    quote! {
        impl crate::engine::table::FieldType for #name {
            const TYPE: crate::engine::table::Type =
                crate::engine::table::Type::Element(<Self as crate::engine::table::Element>::schema);
        }

        impl crate::engine::table::Element for #name
    }
}

fn rules(args: &Args, input: &DeriveInput) -> TokenStream {
    let name = &input.ident;
    if args.rules {
        quote!(Some(|value, report| crate::engine::view::View::<#name>::new(value).rules(report)))
    } else {
        quote!(None)
    }
}

/// The notation that can replace the set, if any.
fn notation(args: &Args) -> TokenStream {
    match &args.notation {
        Some(notation) => quote!(crate::engine::shorthand::Shorthand::Notation(&#notation)),
        None => quote!(crate::engine::shorthand::Shorthand::None),
    }
}

/// The shorthand of the element: from a mark, otherwise from the types of the parts.
fn shorthand(args: &Args, members: &[Member]) -> Result<TokenStream> {
    let marked = |mark: &str| members.iter().position(|member| member.marks.has(mark));
    let has_forms = members.iter().any(|member| member.role == Role::Form);
    match (marked("switch"), marked("unit")) {
        (Some(at), _) if args.notation.is_some() => {
            Err(members[at].marks.error("switch", "`switch` and `notation` exclude each other"))
        }
        (_, Some(at)) if args.notation.is_some() => {
            Err(members[at].marks.error("unit", "`unit` and `notation` exclude each other"))
        }
        _ if args.notation.is_some() => Ok(notation(args)),
        (Some(at), _) => {
            let at = index(0, members, at);
            Ok(quote!(crate::engine::shorthand::Shorthand::switch(FIELDS, #at)))
        }
        (_, Some(at)) => {
            let at = index(0, members, at);
            Ok(quote!(crate::engine::shorthand::Shorthand::size(FIELDS, #at)))
        }
        _ => Ok(quote!(crate::engine::shorthand::Shorthand::of_types(FIELDS, #has_forms))),
    }
}

impl Table<'_> {
    /// The table as an expression of a static.
    fn tokens(&self) -> TokenStream {
        let Table { name, doc, members, tag, shorthand, rules, keyed } = self;
        let rows = rows(tag.as_ref().map(|tag| tag.row(doc)), members);
        let forms = members.iter().position(|member| member.role == Role::Form).map(|at| {
            let (ty, at) = (&members[at].ty, index(usize::from(tag.is_some()), members, at));
            quote!(crate::engine::table::Forms {
                at: #at, variants: <#ty as crate::engine::table::Choice>::variants,
            })
        });
        let forms = option(forms);
        quote!({
            const FIELDS: &[crate::engine::table::Field] = #rows;
            const COUNT: usize = FIELDS.len();
            const BY_NAME: [crate::engine::table::Entry; COUNT] = crate::engine::table::build::by_name(FIELDS);
            const BY_XML: [crate::engine::table::Entry; COUNT] = crate::engine::table::build::by_xml(FIELDS);
            const REQUIRED: [u16; crate::engine::table::build::count_required(FIELDS)] =
                crate::engine::table::build::required(FIELDS);
            const ABSENT: [u16; crate::engine::table::build::count_absent(FIELDS)] =
                crate::engine::table::build::absent(FIELDS);
            crate::engine::table::Schema {
                name: #name, doc: #doc, fields: FIELDS, by_name: &BY_NAME, by_xml: &BY_XML, required: &REQUIRED,
                absent: &ABSENT, forms: #forms, shorthand: #shorthand, keyed: #keyed, rules: #rules,
            }
        })
    }
}

impl Tag<'_> {
    /// Its row, which holds one word in one form.
    fn row(&self, doc: &str) -> TokenStream {
        let Tag { name, word, since, .. } = self;
        let required = !self.may_lack;
        let occurs = if self.may_lack { quote!(Option) } else { quote!(One) };
        let node = if self.within.is_some() { quote!(Text) } else { quote!(Attribute) };
        let within = option(self.within.as_ref());
        let default = option(if self.may_lack { Some(word) } else { None });
        quote!(crate::engine::table::Field {
            name: #name, xml: #name, prefixed: false, doc: #doc, node: crate::engine::table::NodeKind::#node, within: #within,
            occurs: crate::engine::table::Occurs::#occurs, required: #required, unit: None, secret: false,
            placeholders: false, default: #default, output: false, unitless: None, since: None, optional_since: None,
            repeated_since: None,
            absent: crate::engine::table::Absent::Nothing,
            ty: crate::engine::table::Type::Scalar(&crate::engine::scalar::Scalar::Enum(crate::engine::scalar::Enum {
                name: "", doc: "",
                words: &[crate::engine::scalar::Word { word: #word, doc: #doc, since: #since, same: None }],
            })),
        })
    }
}
