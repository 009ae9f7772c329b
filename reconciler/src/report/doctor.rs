//! What `doctor` prints: whether a host is ready.

mod wording;

pub(super) use wording::usb_device;

use super::text::{BOLD, GREEN, RED, YELLOW, counted, line, painted, shown, width, write_hint};
use super::wording::Message;
use crate::doctor::finding::{Check, Finding, Health, Section};
use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the JSON that `doctor` prints.
pub const VERSION: u32 = 1;

/// Whether a host is ready.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Doctor {
    /// The version of this format: 1.
    #[schemars(range(min = VERSION, max = VERSION))]
    pub version: u32,
    /// The URI of the libvirt daemon.
    pub uri: String,
    /// The findings, in the order of the report. A check can have several.
    pub findings: Vec<Examined>,
}

/// A finding about a host.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Examined {
    /// Part of the host that was examined.
    pub check: Check,
    /// Health of that part.
    pub health: Health,
    /// Facts that were found.
    pub finding: Finding,
    /// The finding in English.
    pub message: String,
    /// Advice for the user.
    pub hint: Option<String>,
}

/// The JSON Schema of what `doctor` prints.
pub fn schema() -> serde_json::Value {
    super::printed::<Doctor>().to_value()
}

impl Doctor {
    /// The report of findings.
    pub fn new(uri: &str, findings: Vec<Finding>) -> Self {
        let examined = |finding: Finding| {
            let (check, health) = finding.about();
            let Message { text, hint } = wording::finding(&finding, uri);
            Examined { check, health, finding, message: text, hint }
        };
        Doctor { version: VERSION, uri: uri.to_owned(), findings: findings.into_iter().map(examined).collect() }
    }

    /// Whether something is a problem.
    pub fn has_problems(&self) -> bool {
        self.count(Health::Problem) > 0
    }

    /// Whether there is neither a problem nor a warning.
    pub fn is_well(&self) -> bool {
        self.findings.iter().all(|examined| examined.health == Health::Ok)
    }

    fn count(&self, health: Health) -> usize {
        self.findings.iter().filter(|examined| examined.health == health).count()
    }

    /// The report as text. The text is colored.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let width = width(self.findings.iter().map(|examined| wording::check(examined.check).to_owned()));
        let mut section = None;
        for examined in &self.findings {
            if section.replace(examined.check.section()) != Some(examined.check.section()) {
                line(&mut text, format_args!("{}", painted(BOLD, self.heading(examined.check.section()))));
            }
            examined.write(width, &mut text);
        }
        let counts = [Health::Ok, Health::Warning, Health::Problem].map(|health| {
            let count = self.count(health);
            (count, health.counted(count), health.style())
        });
        text + &counted(counts) + "\n"
    }

    fn heading(&self, section: Section) -> &str {
        match section {
            Section::Connection => &self.uri,
            Section::Host => "Host",
            Section::NixVirt => "NixVirt",
        }
    }
}

impl Examined {
    fn write(&self, width: usize, text: &mut String) {
        let name = wording::check(self.check);
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        let health = painted(self.health.style(), self.health.counted(1));
        line(text, format_args!("  {}: {padding}{health}, {}", painted(BOLD, name), shown(&self.message)));
        if let Some(hint) = &self.hint {
            write_hint(hint, 6, text);
        }
    }
}

impl Health {
    /// The word, for a number of findings.
    fn counted(self, count: usize) -> &'static str {
        match self {
            Health::Ok => "ok",
            Health::Warning if count == 1 => "warning",
            Health::Warning => "warnings",
            Health::Problem if count == 1 => "problem",
            Health::Problem => "problems",
        }
    }

    fn style(self) -> Style {
        match self {
            Health::Ok => GREEN,
            Health::Warning => YELLOW,
            Health::Problem => RED,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    #[test]
    fn the_published_schema_is_current() {
        expect_file!["../../../schema/json/doctor.json"].assert_eq(&format!("{:#}\n", super::schema()));
    }
}
