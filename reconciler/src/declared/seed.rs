//! The files of a seed, with secrets from files in place of their placeholders.

use super::DeclarationError;
use super::files::Files;
use super::secret_file::replace;
use crate::file::MAX_SECRET;
use crate::manifest::{Escape, SeedContent};
use crate::seed::{Seed, SeedProblem};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A seed, and the secrets in it.
pub struct Filled {
    /// The seed.
    pub seed: Seed,
    /// The secrets, as they are in their files and as they are written.
    pub secrets: Vec<String>,
}

/// Reads the secrets of a seed, and puts them in. Paths are relative to `folder`.
pub fn fill(content: &SeedContent, folder: &Path, files: &Files) -> Result<Filled, DeclarationError> {
    let mut values = BTreeMap::new();
    for (name, file) in &content.secret_files {
        values.insert(name.as_str(), read(files, name, &folder.join(file))?);
    }
    let mut unused: BTreeSet<&str> = values.keys().copied().collect();
    let mut secrets: BTreeSet<String> = values.values().cloned().collect();
    let mut filled = BTreeMap::new();
    for (path, file) in &content.files {
        let escaped = values.iter().map(|(name, value)| (*name, escape(value, file.escape))).collect();
        filled.insert(path.clone(), replace(&file.text, &escaped, &mut unused).into_bytes());
        secrets.extend(escaped.into_values());
    }
    if let Some(name) = unused.first() {
        return Err(DeclarationError::NoPlaceholderInSeed { name: (*name).to_owned() });
    }
    let seed = Seed::new(&content.label, filled).map_err(|problem| match problem {
        SeedProblem::Label => DeclarationError::InvalidSeedLabel { label: content.label.clone() },
        SeedProblem::Name => DeclarationError::InvalidSeedFile { paths: content.files.keys().cloned().collect() },
        SeedProblem::Size => DeclarationError::SeedTooLarge,
    })?;
    Ok(Filled { seed, secrets: secrets.into_iter().collect() })
}

/// The secret in a file: text, without the line break at its end.
fn read(files: &Files, name: &str, file: &Path) -> Result<String, DeclarationError> {
    let content = files
        .content(file, MAX_SECRET)
        .map_err(|why| DeclarationError::UnreadableSecretFile { file: file.to_owned(), message: why.to_string() })?;
    let invalid =
        |problem| DeclarationError::InvalidSecretFile { name: name.to_owned(), file: file.to_owned(), problem };
    let text = std::str::from_utf8(content).map_err(|_| invalid(super::PasswordProblem::NotText))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(invalid(super::PasswordProblem::Empty));
    }
    Ok(text.to_owned())
}

/// A secret as a part of a text.
fn escape(value: &str, how: Escape) -> String {
    match how {
        Escape::None => value.to_owned(),
        Escape::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
        Escape::Xml => {
            let mut escaped = String::with_capacity(value.len());
            for letter in value.chars() {
                match letter {
                    '&' => escaped.push_str("&amp;"),
                    '<' => escaped.push_str("&lt;"),
                    '>' => escaped.push_str("&gt;"),
                    '"' => escaped.push_str("&quot;"),
                    '\'' => escaped.push_str("&apos;"),
                    letter => escaped.push(letter),
                }
            }
            escaped
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_as_parts_of_texts() {
        for (how, expected) in [
            (Escape::None, "a\"\\<&'\nb"),
            (Escape::Json, r#"a\"\\<&'\nb"#),
            (Escape::Xml, "a&quot;\\&lt;&amp;&apos;\nb"),
        ] {
            assert_eq!(escape("a\"\\<&'\nb", how), expected);
        }
    }
}
