//! The files of a seed, with secrets from files in place of their placeholders.

use super::DeclarationError;
use super::files::Files;
use super::line;
use super::secret_file::{of_file, replace};
use crate::manifest::{Escape, SeedContent};
use crate::seed::{Seed, SeedProblem};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A seed, and the secrets in it.
pub struct FilledSeed {
    /// The seed.
    pub seed: Seed,
    /// The secrets, as they are in their files and as they are written.
    pub secrets: Vec<String>,
}

/// Reads the secrets of a seed, and puts them in. Paths are relative to `folder`.
pub fn fill(content: &SeedContent, folder: &Path, files: &Files) -> Result<FilledSeed, DeclarationError> {
    let mut values = BTreeMap::new();
    for (name, file) in &content.secret_files {
        let file = folder.join(file);
        let value = line::read_text(files, &file).map_err(|why| of_file(why, name, &file))?;
        values.insert(name.as_str(), value);
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
        SeedProblem::Taken(path) => DeclarationError::SeedPathTaken { path },
        SeedProblem::Size => DeclarationError::SeedTooLarge,
    })?;
    Ok(FilledSeed { seed, secrets: secrets.into_iter().collect() })
}

/// A secret as a part of a text.
fn escape(value: &str, how: Escape) -> String {
    match how {
        Escape::None => value.to_owned(),
        Escape::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
        Escape::Xml => quick_xml::escape::escape(value).into_owned(),
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
