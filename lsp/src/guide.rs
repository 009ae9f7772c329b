//! Links to the guide.

use crate::catalog::Template;
use nixvirt_schema::reference::{Location, Reference};

/// The guide, at a URL.
#[derive(Clone, Debug)]
pub struct Guide(String);

/// URL of the guide.
pub const URL: &str = "https://nixvirt.org";

impl Guide {
    /// The guide at a URL.
    pub fn at(url: &str) -> Self {
        Guide(url.trim_end_matches('/').to_owned())
    }

    /// Returns the link to what documents a field.
    pub fn field(&self, location: &Location) -> String {
        self.page(&format!("{}.html#{}", Reference::get().page(location), location.anchor()))
    }

    /// Returns the link to a page and anchor of the reference of fields.
    pub fn page(&self, reference: &str) -> String {
        format!("{}/reference/fields/{reference}", self.0)
    }

    /// Returns the link to a template.
    pub fn template(&self, template: &Template) -> String {
        format!("{}/reference/templates.html#{}", self.0, template.path().replace('.', "").to_lowercase())
    }

    /// Returns the link to the explanation of a problem.
    pub fn code(&self, code: &str) -> String {
        format!("{}/reference/rules.html#{code}", self.0)
    }
}
