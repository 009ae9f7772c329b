//! `nixvirt explain`: what a problem code means, with a wrong and a right example.

use super::file_code::FileCode;
use crate::able;
use crate::error::Error;
use crate::output::print_in_color;
use anstyle::{AnsiColor, Style};
use clap::Args;
use nixvirt_schema::engine::message::suggestion;
use nixvirt_schema::engine::problem::{Severity, closest};
use nixvirt_schema::kubevirt::convert::CODES;
use nixvirt_schema::rules::{Rule, rules};
use std::process::ExitCode;

const HEADING: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Options of `nixvirt explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// Problem codes, such as disk-target-taken. Without a code, the command lists all codes.
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

/// Prints the explanations of the codes, or a list of all codes.
pub fn run(ExplainOptions { codes }: &ExplainOptions) -> Result<ExitCode, Error> {
    let known: Vec<_> = all().collect();
    if codes.is_empty() {
        let width = known.iter().map(|entry| entry.code.len()).max().unwrap_or_default();
        let lines = known.iter().map(|entry| entry.line(width));
        print_in_color(&lines.collect::<String>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut texts = Vec::new();
    for code in codes {
        // People copy the brackets of a message too.
        let code = code.trim_matches(['[', ']']);
        let entry = known.iter().find(|entry| entry.code == code).ok_or_else(|| unknown(code))?;
        texts.push(entry.explanation());
    }
    print_in_color(&texts.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(code: &str) -> Error {
    let codes = || all().map(|entry| entry.code);
    let known = closest(code, codes()).or_else(|| codes().find(|known| !code.is_empty() && known.starts_with(code)));
    let meant = known.map(suggestion).unwrap_or_default();
    Error::usage(format!("unknown problem code {code:?}{meant}")).with_hint("`nixvirt explain` lists all codes")
}

/// A code and what is known of it.
struct ExplainedCode {
    code: &'static str,
    severity: Severity,
    meaning: &'static str,
    rule: Option<&'static Rule>,
}

/// All codes: those of rules, of conversions, of hosts, and of files.
fn all() -> impl Iterator<Item = ExplainedCode> {
    let of_rule = |rule: &'static Rule| {
        let Rule { code, severity, meaning, .. } = rule;
        ExplainedCode { code, severity: *severity, meaning, rule: Some(rule) }
    };
    let of_file = |file: FileCode| ExplainedCode {
        code: file.code(),
        severity: Severity::Error,
        meaning: file.meaning(),
        rule: None,
    };
    let of_conversion = |(code, severity, meaning): &(&'static str, Severity, &'static str)| ExplainedCode {
        code,
        severity: *severity,
        meaning,
        rule: None,
    };
    let of_host = |(code, meaning): &(&'static str, &'static str)| ExplainedCode {
        code,
        severity: Severity::Warning,
        meaning,
        rule: None,
    };
    let rules = rules().iter().map(of_rule).chain(CODES.iter().map(of_conversion));
    rules.chain(able::CODES.iter().map(of_host)).chain(FileCode::ALL.into_iter().map(of_file))
}

impl ExplainedCode {
    /// Its line in the list of all codes: the code, and the first sentence of the explanation.
    fn line(&self, width: usize) -> String {
        let (style, severity) = self.severity();
        let ExplainedCode { code, meaning, .. } = self;
        let sentence = meaning.split_inclusive(". ").next().unwrap_or(meaning).trim_end();
        format!("{style}{severity:<7}{style:#}  {code:<width$}  {sentence}\n")
    }

    fn explanation(&self) -> String {
        let (style, severity) = self.severity();
        let mut text = format!("{style}{severity}{style:#}{HEADING}[{}]{HEADING:#}\n\n", self.code);
        text += &wrapped(self.meaning);
        if let Some(rule) = self.rule {
            for (title, example) in [("Invalid", &rule.wrong), ("Valid", &rule.right)] {
                text += &format!("\n{HEADING}{title} {}:{HEADING:#}\n\n", rule.kind.name());
                text.extend(Rule::nix(example).lines().map(|line| format!("    {line}\n")));
            }
        }
        text
    }

    fn severity(&self) -> (Style, &'static str) {
        match self.severity {
            Severity::Error => (ERROR, "error"),
            Severity::Warning => (WARNING, "warning"),
        }
    }
}

/// Breaks a paragraph into lines.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 100;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is one");
        if last.is_empty() {
            last.push_str(word);
        } else if last.len() + 1 + word.len() <= WIDTH {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::all;
    use std::collections::HashSet;

    #[test]
    fn each_code_has_one_explanation() {
        let codes: HashSet<_> = all().map(|entry| entry.code).collect();
        assert_eq!(codes.len(), all().count());
    }
}
