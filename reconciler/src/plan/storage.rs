//! What is done to volumes: their content is never at risk.

use super::users::{Used, users};
use super::{Context, Entry, PlannedChange, Verdict, When};
use crate::change::{bytes, changes, child, child_text, missing};
use crate::declared::{Content, Declared};
use crate::object::Id;
use crate::state::Record;
use crate::step::{Action, Hidden};
use nixvirt_schema::engine::xml::{self, Element};

/// What is done to a volume.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Entry {
    let mut entry = Entry::new(declared.id.clone());
    if let Some((verdict, why)) = obstacle(context, &declared.id.pool()) {
        entry.verdict = verdict;
        entry.notes.push(why);
        return entry;
    }
    let record = context.records.get(&declared.id);
    let found = context.inventory.get(&declared.id);
    let is_half_filled = record.is_some_and(|record| record.is_half_filled);
    match found {
        None => create(&mut entry, declared),
        Some(_) if is_half_filled => {
            let next = match declared.content {
                Some(_) => "it is written anew",
                None => "none is declared any more, and it stays as it is",
            };
            entry.notes.push(format!("its content was begun and not finished: {next}"));
            fill(&mut entry, declared);
        }
        Some(found) => {
            let kept = found.xml.as_deref().and_then(xml::element);
            keep(&mut entry, declared, record, kept.as_ref());
        }
    }
    entry
}

/// Why nothing can be done to the volumes of a pool, which are known only while it runs.
fn obstacle(context: &Context<'_>, pool: &Id) -> Option<(Verdict, String)> {
    let is_active = context.inventory.get(pool).map(|pool| pool.is_active);
    let active = context.declared.get(pool).map(|pool| pool.policy.active);
    Some(match (is_active, active) {
        (Some(true), _) => return None,
        (_, Some(Some(false))) => (
            Verdict::LeftAlone,
            format!("{pool} is declared with `active = false`: what it holds is known only while it runs"),
        ),
        (_, Some(_)) => (Verdict::Deferred, format!("what there is to do is known when {pool} runs")),
        (Some(false), None) => {
            (Verdict::Impossible, format!("{pool} does not run and is not declared: start it, or declare it"))
        }
        (None, None) => (Verdict::Impossible, format!("libvirt has no {pool}, and none is declared: declare it")),
    })
}

fn record_of(declared: &Declared, is_half_filled: bool) -> Action {
    Action::Remember(Box::new(Record {
        id: declared.id.clone(),
        uuid: None,
        xml: declared.shown.clone(),
        secrets: crate::state::fingerprint(&declared.id, &declared.secrets),
        is_half_filled,
        purge: Vec::new(),
        running: None,
    }))
}

fn create(entry: &mut Entry, declared: &Declared) {
    entry.verdict = Verdict::Create;
    // Said first: who finds the volume after a run that ended here must know that nothing in it is worth keeping.
    if declared.content.is_some() {
        entry.push(record_of(declared, true));
    }
    fill(entry, declared);
}

/// Makes the volume unless it is there, and writes its content.
fn fill(entry: &mut Entry, declared: &Declared) {
    if entry.verdict == Verdict::Unchanged {
        entry.verdict = Verdict::Change;
    }
    let xml = Hidden(declared.xml.clone());
    match &declared.content {
        Some(Content::Volume { pool, name }) => {
            entry.push(Action::CloneVolume { xml, pool: pool.clone(), volume: name.clone() });
        }
        Some(Content::File(file)) => {
            entry.push(Action::CreateVolume { xml });
            entry.push(Action::Fill { file: file.clone() });
        }
        _ => entry.push(Action::CreateVolume { xml }),
    }
    entry.push(record_of(declared, false));
}

/// Grows a volume that is there. All else stays as it is, whatever is declared.
fn keep(entry: &mut Entry, declared: &Declared, record: Option<&Record>, kept: Option<&Element>) {
    let before = record.and_then(|record| xml::element(&record.xml));
    let differs = match (&before, kept) {
        (Some(before), _) => changes(before, &declared.root),
        (None, Some(kept)) => missing(kept, &declared.root),
        (None, None) => return *entry = Entry::new(declared.id.clone()).impossible("it could not be read".to_owned()),
    };
    let capacity = |element: &Element| child(element, "capacity").and_then(bytes);
    let wanted = capacity(&declared.root);
    let is = kept.and_then(capacity);
    let grows = !differs.is_empty() && wanted.is_some() && is.is_some() && wanted > is;
    if let (true, Some(capacity)) = (grows, wanted) {
        entry.push(Action::Grow { capacity });
    }
    let stays = differs.iter().any(|change| !matches!(change.path.as_str(), "capacity" | "allocation"))
        || (!grows && wanted < is && differs.iter().any(|change| change.path == "capacity"));
    entry.verdict = match record {
        None => Verdict::TakeOver,
        Some(_) if grows => Verdict::Change,
        // Not noted as applied: it is told each time.
        Some(_) if stays => Verdict::LeftAlone,
        Some(_) => Verdict::Unchanged,
    };
    if entry.verdict != Verdict::LeftAlone && (record.is_none() || !differs.is_empty()) {
        entry.push(record_of(declared, false));
    }
    for change in differs {
        if change.path == "capacity" && grows {
            entry.changes.push(PlannedChange { change, when: When::Now });
        } else if change.path == "capacity" {
            entry.notes.push(format!(
                "it has {} already: a volume is never made smaller, for that would cut its content",
                is.map_or("another size".to_owned(), |bytes| format!("{bytes} bytes"))
            ));
        } else if change.path != "allocation" {
            entry.notes.push(format!(
                "{} stays {}: a volume that is there is not made anew",
                change.path,
                change.old.as_deref().unwrap_or("as it is")
            ));
        }
    }
}

/// Deletes a volume that is declared to be gone.
pub fn absent(context: &Context<'_>, id: &Id) -> Entry {
    let mut entry = Entry::new(id.clone());
    let pool = id.pool();
    let is_known = context.records.contains_key(id);
    let Some(found) = context.inventory.get(id) else {
        if !context.runs(&pool) {
            entry.verdict = Verdict::Deferred;
            entry.notes.push(format!("whether it is there is known when {pool} runs"));
        } else if is_known {
            entry.verdict = Verdict::Remove;
            entry.notes.push("it is gone already".to_owned());
            entry.push(Action::Forget);
        }
        return entry;
    };
    let kept = found.xml.as_deref().and_then(xml::element).unwrap_or_default();
    let path = child(&kept, "target").and_then(|target| child_text(target, "path"));
    let users = users(context.inventory, &Used::Volume(&pool.name, &id.name, path));
    if !users.is_empty() {
        return entry.impossible(format!("it is not deleted: {} use it", users.join(", ")));
    }
    entry.verdict = Verdict::Remove;
    entry.notes.push("its content is deleted".to_owned());
    entry.push(Action::DeleteVolume);
    if is_known {
        entry.push(Action::Forget);
    }
    entry
}
