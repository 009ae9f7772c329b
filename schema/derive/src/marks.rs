//! The marks on a type, field or variant. A mark that the macros do not know is an error: a misspelled `#[secret]`
//! must not leave a password unmarked.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Lit, Meta, Result};

/// The value of a mark.
#[derive(Clone, Copy)]
pub enum Holds {
    /// Nothing, as `#[child]`.
    Nothing,
    /// A text, as `#[xml = "qemu:arg"]`.
    Text,
}

/// A place for marks, with the names of the marks that it allows.
pub struct Place {
    /// Name of the place in errors, such as "a field".
    pub name: &'static str,
    /// Names of the marks.
    pub marks: &'static [(&'static str, Holds)],
}

/// The marks of one type, field or variant.
pub struct Marks(Vec<Mark>);

struct Mark {
    name: &'static str,
    text: Option<String>,
    span: Span,
}

impl Marks {
    /// Reads the marks among the attributes; doc comments are none.
    ///
    /// # Errors
    /// Marks that the place does not allow, that are given twice, or that have the wrong value.
    pub fn read(attributes: &[Attribute], place: &Place) -> Result<Self> {
        let attributes = attributes.iter().filter(|attribute| !attribute.path().is_ident("doc"));
        let marks = all(attributes.map(|attribute| Mark::read(attribute, place)))?;
        for (at, mark) in marks.iter().enumerate() {
            if marks[..at].iter().any(|other| other.name == mark.name) {
                return Err(Error::new(mark.span, format!("the mark `{}` stands twice", mark.name)));
            }
        }
        Ok(Marks(marks))
    }

    /// No marks.
    pub fn none() -> Self {
        Marks(Vec::new())
    }

    /// Whether the mark is given.
    pub fn has(&self, name: &str) -> bool {
        self.span(name).is_some()
    }

    /// The text of the mark.
    pub fn text(&self, name: &str) -> Option<String> {
        self.0.iter().find(|mark| mark.name == name)?.text.clone()
    }

    /// The release of libvirt that the mark names, as an expression of type `Option<Version>`.
    ///
    /// # Errors
    /// The text is no release such as `12.8`.
    pub fn release(&self, name: &str) -> Result<TokenStream> {
        let Some(text) = self.text(name) else { return Ok(quote!(None)) };
        let numbers = text.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
        let Some::<(u16, u16)>((major, minor)) = numbers else {
            return Err(self.error(name, "expected a release of libvirt, such as `12.8`"));
        };
        Ok(quote!(Some(crate::engine::release::Release { major: #major, minor: #minor })))
    }

    /// The position of the mark.
    pub fn span(&self, name: &str) -> Option<Span> {
        self.0.iter().find(|mark| mark.name == name).map(|mark| mark.span)
    }

    /// An error at a mark.
    ///
    /// # Panics
    /// The mark is not given.
    pub fn error(&self, name: &str, message: &str) -> Error {
        Error::new(self.span(name).expect("the mark stands here"), message)
    }

    /// An error for two marks that exclude each other.
    pub fn exclude(&self, one: &str, others: &[&str]) -> Result<()> {
        match others.iter().find(|other| self.has(one) && self.has(other)) {
            Some(other) => Err(self.error(other, &format!("`{one}` and `{other}` exclude each other"))),
            None => Ok(()),
        }
    }
}

impl Mark {
    fn read(attribute: &Attribute, place: &Place) -> Result<Self> {
        let written = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
        let Some((name, holds)) = place.marks.iter().find(|(name, _)| *name == written) else {
            return Err(Error::new(attribute.path().span(), unknown(&written, place)));
        };
        let text = match (&attribute.meta, holds) {
            (Meta::Path(_), Holds::Nothing) => None,
            (Meta::NameValue(pair), Holds::Text) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => return Err(Error::new(attribute.meta.span(), format!("write `#[{name} = \"…\"]`"))),
            },
            (_, Holds::Nothing) => return Err(Error::new(attribute.meta.span(), format!("write `#[{name}]`"))),
            (_, Holds::Text) => return Err(Error::new(attribute.meta.span(), format!("write `#[{name} = \"…\"]`"))),
        };
        Ok(Mark { name, text, span: attribute.path().span() })
    }
}

fn unknown(written: &str, place: &Place) -> String {
    let names: Vec<_> = place.marks.iter().map(|(name, _)| *name).collect();
    let Place { name, .. } = place;
    match closest(written, &names) {
        _ if names.is_empty() => format!("unknown mark `{written}`; {name} takes no marks"),
        Some(near) => format!("unknown mark `{written}`; did you mean `{near}`?"),
        None => format!("unknown mark `{written}`; {name} takes {}", names.join(", ")),
    }
}

/// The known name that is at most two letters from the one written.
pub fn closest<'n>(written: &str, names: &[&'n str]) -> Option<&'n str> {
    let distances = names.iter().map(|name| (strsim::damerau_levenshtein(written, name), *name));
    distances.min_by_key(|(distance, _)| *distance).filter(|(distance, _)| *distance <= 2).map(|(_, name)| name)
}

/// All values, or all errors as one.
pub fn all<T>(results: impl Iterator<Item = Result<T>>) -> Result<Vec<T>> {
    let (mut values, mut errors) = (Vec::new(), None::<Error>);
    for result in results {
        match (result, &mut errors) {
            (Ok(value), _) => values.push(value),
            (Err(error), Some(errors)) => errors.combine(error),
            (Err(error), None) => errors = Some(error),
        }
    }
    errors.map_or(Ok(values), Err)
}
