//! `nixvirt schema`: the JSON Schemas of all formats.

use crate::error::Error;
use crate::manifest;
use crate::output::print_json;
use crate::report;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use nixvirt_schema::engine::json_schema;
use nixvirt_schema::kind::Kind;
use std::process::ExitCode;

/// A format that has a JSON Schema.
#[derive(Clone, Copy, Debug)]
pub enum Published {
    /// A spec.
    Spec(Kind),
    /// The manifest.
    Manifest,
    /// The JSON that `plan` and `apply` print.
    Plan,
    /// The JSON that `status` prints.
    Status,
    /// The JSON that `doctor` prints.
    Doctor,
    /// The JSON that `list` prints.
    Guests,
    /// The JSON that `rollback` prints.
    Rollback,
}

impl Published {
    /// Returns the parser of a format's name.
    pub fn parser() -> impl TypedValueParser<Value = Published> {
        let others = ["manifest", "plan", "status", "doctor", "guests", "rollback"];
        let names = Kind::ALL.iter().map(|kind| kind.name()).chain(others);
        PossibleValuesParser::new(names).map(|name| match (Kind::named(&name), name.as_str()) {
            (Some(kind), _) => Published::Spec(kind),
            (None, "manifest") => Published::Manifest,
            (None, "plan") => Published::Plan,
            (None, "status") => Published::Status,
            (None, "doctor") => Published::Doctor,
            (None, "guests") => Published::Guests,
            (None, _) => Published::Rollback,
        })
    }
}

/// Prints a JSON Schema.
pub fn run(of: Published) -> Result<ExitCode, Error> {
    print_json(&match of {
        Published::Spec(kind) => json_schema::schema(kind),
        Published::Manifest => manifest::schema(),
        Published::Plan => report::plan_schema(),
        Published::Status => report::status_schema(),
        Published::Doctor => report::doctor_schema(),
        Published::Guests => report::guests_schema(),
        Published::Rollback => report::rollback_schema(),
    })?;
    Ok(ExitCode::SUCCESS)
}
