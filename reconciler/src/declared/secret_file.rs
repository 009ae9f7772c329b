//! Secrets in files beside the definition of a domain. The definition has a placeholder such as `@token@` where the content of a
//! file belongs, so that no secret is in the Nix store.

use super::files::Files;
use super::line::{self, LineError};
use super::{DeclarationError, Declared, Desired};
use crate::error::Error;
use crate::inventory::Observed;
use crate::object::{Id, Type};
use crate::snapshot_archive::DomainArchive;
use crate::state::Records;
use crate::step::Redacted;
use nixvirt_schema::engine::secrets::{PLACEHOLDER, visit_placeholders};
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::kind::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A text of a definition with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledText {
    /// The text as declared.
    pub declared: String,
    /// The text with the contents of the files.
    pub full: String,
}

/// Replaces the placeholders in the definition of a domain by the contents of these files, and returns the texts that had one.
pub fn fill(
    domain: &mut Element,
    secrets: &BTreeMap<String, PathBuf>,
    files: &Files,
) -> Result<Vec<FilledText>, DeclarationError> {
    let mut values = BTreeMap::new();
    for (name, file) in secrets {
        let value = line::read(files, file, usize::MAX).map_err(|why| of_file(why, name, file))?;
        values.insert(name.as_str(), value);
    }
    let mut unused: BTreeSet<&str> = values.keys().copied().collect();
    let mut filled = Vec::new();
    visit_placeholders(Kind::Domain, domain, &mut |text| {
        let full = replace(text, &values, &mut unused);
        if full != *text {
            filled.push(FilledText { declared: text.clone(), full: full.clone() });
            *text = full;
        }
    });
    match unused.first() {
        Some(name) => Err(DeclarationError::NoPlaceholder { name: (*name).to_owned() }),
        None => Ok(filled),
    }
}

/// The error of the file of a placeholder.
pub fn of_file(error: LineError, name: &str, file: &Path) -> DeclarationError {
    match error {
        LineError::Unreadable { message } => DeclarationError::UnreadableSecretFile { file: file.to_owned(), message },
        LineError::Invalid(problem) => {
            DeclarationError::InvalidSecretFile { name: name.to_owned(), file: file.to_owned(), problem }
        }
    }
}

/// A text with a value in place of each placeholder. What a value looks like is not looked at again.
pub fn replace(text: &str, values: &BTreeMap<&str, String>, unused: &mut BTreeSet<&str>) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        replaced.push_str(before);
        let placeholder = after.split_once('@').and_then(|(name, rest)| Some((name, values.get(name)?, rest)));
        match placeholder {
            Some((name, value, after)) => {
                unused.remove(name);
                replaced.push_str(value);
                rest = after;
            }
            None => {
                replaced.push('@');
                rest = after;
            }
        }
    }
    replaced + rest
}

/// Removes secrets that came from files from the definitions in libvirt, which shows them like any other text.
pub struct Hider<'a> {
    /// The declared domains with secrets in files.
    declared: Vec<&'a Declared>,
    records: &'a Records,
}

/// What is known of the texts of a domain.
struct Texts<'a> {
    /// The declared texts with secrets.
    filled: &'a [FilledText],
    /// The texts that are declared or recorded, and hold no secret.
    public: BTreeSet<String>,
    /// Whether the secrets have changed since they were applied.
    have_changed: bool,
}

impl<'a> Hider<'a> {
    /// What is declared and what was applied tell which texts are no secrets.
    pub fn new(desired: &'a Desired, records: &'a Records) -> Self {
        Hider { declared: desired.objects.iter().filter(|it| !it.filled.is_empty()).collect(), records }
    }

    /// Hides the secrets in the definitions of an object.
    pub fn hide(&self, id: &Id, observed: &mut Observed) {
        let Some(texts) = self.texts(id, observed.uuid.as_deref()) else { return };
        if let Some(definition) = &mut observed.definition {
            let full = definition.clone();
            texts.hide(definition, texts.have_changed);
            if *definition != full && observed.with_secrets.is_none() {
                observed.with_secrets = Some(Redacted(full));
            }
        }
        if let Some(live) = &mut observed.live {
            texts.hide(live, false);
        }
    }

    /// Hides the secrets in the definition of a domain that is archived.
    ///
    /// # Errors
    /// A snapshot has a secret in its definition of the domain, to which a revert would return.
    pub fn hide_archived(&self, id: &Id, uuid: &str, archive: &mut DomainArchive) -> Result<(), Error> {
        let Some(texts) = self.texts(id, Some(uuid)) else { return Ok(()) };
        texts.hide(&mut archive.domain, false);
        let domains = archive.snapshots.iter().flat_map(|snapshot| &snapshot.xml.children);
        for domain in domains.filter(|child| matches!(child.name.as_str(), "domain" | "inactiveDomain")) {
            let mut hidden = domain.clone();
            texts.hide(&mut hidden, false);
            if hidden != *domain {
                let what = "the snapshots of the domain hold a secret, which NixVirt must not keep";
                return Err(Error::input(what).with_hint("delete the snapshots, or add \"snapshots\" to `purge`"));
            }
        }
        Ok(())
    }

    fn texts(&self, id: &Id, uuid: Option<&str>) -> Option<Texts<'a>> {
        let is_it = |it: &Declared| it.id == *id || (uuid.is_some() && it.uuid.as_deref() == uuid);
        let declared = self.declared.iter().copied().find(|it| is_it(it));
        let record = self.records.get(id).filter(|record| record.filled.is_some());
        if id.kind != Type::Domain || (record.is_none() && declared.is_none()) {
            return None;
        }
        let mut public = BTreeSet::new();
        let applied = record.and_then(|record| xml::element(&record.xml));
        for mut definition in applied.into_iter().chain(declared.map(|declared| declared.redacted.clone())) {
            visit_placeholders(Kind::Domain, &mut definition, &mut |text| {
                public.insert(text.clone());
            });
        }
        Some(Texts {
            filled: declared.map(|declared| declared.filled.as_slice()).unwrap_or_default(),
            public,
            have_changed: record.zip(declared).is_some_and(|(record, declared)| !declared.has_secrets_of(record)),
        })
    }
}

impl Texts<'_> {
    /// Gives each text with a declared secret the form in which it is declared. Another text that is neither declared nor
    /// recorded may be a former secret: it counts as the declared one if `is_former`.
    fn hide(&self, domain: &mut Element, is_former: bool) {
        let mut former: Vec<_> = self.filled.iter().rev().filter(|_| is_former).map(|it| &it.declared).collect();
        visit_placeholders(Kind::Domain, domain, &mut |text| {
            if let Some(known) = self.filled.iter().find(|filled| filled.full == *text) {
                text.clone_from(&known.declared);
                former.retain(|other| **other != known.declared);
            } else if !self.public.contains(text) {
                *text = former.pop().cloned().unwrap_or_else(|| PLACEHOLDER.to_owned());
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders() {
        let values = BTreeMap::from([("a", "1".to_owned()), ("b c", "@a@".to_owned())]);
        for (text, expected, left) in [
            ("@a@", "1", &["b c"][..]),
            ("x=@a@,y=@b c@.", "x=1,y=@a@.", &[]),
            ("me@example.org, @a@@a@", "me@example.org, 11", &["b c"]),
            ("@@a@@", "@1@", &["b c"]),
            ("@c@ @", "@c@ @", &["a", "b c"]),
        ] {
            let mut unused: BTreeSet<&str> = values.keys().copied().collect();
            assert_eq!(replace(text, &values, &mut unused), expected);
            assert_eq!(unused, left.iter().copied().collect(), "{text}");
        }
    }
}
