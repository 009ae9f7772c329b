//! What going back to a snapshot changes, as text.

use super::guests::duration;
use super::text::{BOLD, Tense, field, line, painted};
use crate::rollback::Outlook;

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
