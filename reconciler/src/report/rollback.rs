//! What `rollback` prints: what going back to a snapshot changes.

use super::guests::duration;
use super::text::{BOLD, Tense, field, line, painted};
use crate::error::ErrorMessage;
use crate::rollback::Outlook;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the JSON that `rollback` prints.
pub const VERSION: u32 = 1;

/// Outcome of a rollback.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RollbackReport {
    /// The version of this format: 1.
    #[schemars(range(min = VERSION, max = VERSION))]
    pub version: u32,
    /// The URI of the libvirt daemon.
    pub uri: String,
    /// Name of the domain.
    pub domain: String,
    /// Error that stopped the command. libvirt may have changed the domain before.
    pub error: Option<ErrorMessage>,
    /// Whether the domain is rolled back. With `--dry-run`, nothing is changed.
    pub done: bool,
    /// Changes of the rollback; null after an error.
    pub outlook: Option<Outlook>,
}

/// The JSON Schema of what `rollback` prints.
pub fn schema() -> serde_json::Value {
    super::printed::<RollbackReport>().to_value()
}

impl RollbackReport {
    /// The report of what a rollback changes, or has changed.
    pub fn new(uri: &str, outlook: &Outlook, tense: Tense) -> Self {
        RollbackReport {
            version: VERSION,
            uri: uri.to_owned(),
            domain: outlook.id.name.clone(),
            error: None,
            done: tense == Tense::Done,
            outlook: Some(outlook.clone()),
        }
    }

    /// A report of nothing but an error.
    pub fn failed(uri: &str, domain: &str, error: ErrorMessage) -> Self {
        let (uri, domain) = (uri.to_owned(), domain.to_owned());
        RollbackReport { version: VERSION, uri, domain, error: Some(error), done: false, outlook: None }
    }
}

impl Outlook {
    /// The text for a terminal at this Unix time in seconds. The text is colored.
    pub fn text(&self, now: u64, tense: Tense) -> String {
        let mut text = String::new();
        let age = self.taken.map(|taken| format!(", taken {} ago", duration(now.saturating_sub(taken))));
        let what = tense.pick("roll back to", "rolled back to");
        let age = age.unwrap_or_default();
        line(
            &mut text,
            format_args!("{}: {what} {}{age}", painted(BOLD, &self.id.name), painted(BOLD, &self.snapshot)),
        );
        self.changes.iter().for_each(|change| line(&mut text, format_args!("  {}", field(change))));
        for disk in &self.disks {
            let what = tense.pick("loses all data written since", "restored");
            line(&mut text, format_args!("  disk {}: {what}", painted(BOLD, disk)));
        }
        let guest = match (self.runs, self.runs_afterwards) {
            (true, true) => "resumes from the snapshot, with its memory",
            (false, true) => "starts, and resumes from the snapshot, with its memory",
            (true, false) => "is forced off, because it was off when the snapshot was taken",
            (false, false) => "stays off",
        };
        line(&mut text, format_args!("  guest: {guest}"));
        text
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    #[test]
    fn the_published_schema_is_current() {
        expect_file!["../../../schema/json/rollback.json"].assert_eq(&format!("{:#}\n", super::schema()));
    }
}
