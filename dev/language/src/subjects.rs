//! The subjects of commits.

use crate::Finding;

/// The time from which subjects are checked. Earlier commits stay as they are.
pub const SINCE: &str = "2026-11-27T14:00:00Z";

/// The number of characters that a subject stays below.
const LIMIT: usize = 70;

/// The long subjects in a list of commits, each line of which is a commit and its subject.
pub fn long(log: &str) -> Vec<Finding> {
    let commits = log.lines().filter_map(|line| line.split_once(' '));
    // Git makes the subject of a revert from that of the commit.
    let written = commits.filter(|(_, subject)| !subject.starts_with("Revert \""));
    let long = written.filter(|(_, subject)| subject.chars().count() >= LIMIT);
    long.map(|(commit, subject)| {
        let problem = format!("the subject has {} characters: use fewer than {LIMIT}", subject.chars().count());
        Finding { file: format!("commit {commit}"), line: 1, problem }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, long};

    #[test]
    fn only_long_subjects_are_found() {
        let [short, limit] = [LIMIT - 1, LIMIT].map(|length| format!("plan: {}", "ä".repeat(length - 6)));
        let log = format!("1111111 {short}\n2222222 {limit}\n3333333 Revert \"{limit}\"\n");
        let found: Vec<_> = long(&log).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["commit 2222222:1: the subject has 70 characters: use fewer than 70"]);
        assert_eq!(long(""), []);
    }
}
