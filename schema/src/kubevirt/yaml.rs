//! Documents as YAML. Each text is either plain, if nothing could read it as something else, or in double quotes as in JSON.

use serde_json::Value as Json;

/// Returns documents as YAML, each after a line of dashes.
pub fn yaml(documents: &[Json]) -> String {
    documents.iter().map(|document| format!("---\n{}", block(document, ""))).collect()
}

/// Returns a value on lines of its own.
fn block(value: &Json, indent: &str) -> String {
    match value {
        Json::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(name, member)| format!("{indent}{}:{}", scalar(&Json::from(name.as_str())), after(member, indent)))
            .collect(),
        Json::Array(items) if !items.is_empty() => items.iter().map(|item| listed(item, indent)).collect(),
        other => format!("{indent}{}\n", scalar(other)),
    }
}

/// Returns a value after the name of a member.
fn after(value: &Json, indent: &str) -> String {
    if is_block(value) {
        format!("\n{}", block(value, &format!("{indent}  ")))
    } else {
        format!(" {}\n", scalar(value))
    }
}

/// Returns an item of a list: its first line follows a dash.
fn listed(item: &Json, indent: &str) -> String {
    let inner = format!("{indent}  ");
    let lines = block(item, &inner);
    format!("{indent}- {}", &lines[inner.len()..])
}

fn is_block(value: &Json) -> bool {
    match value {
        Json::Object(members) => !members.is_empty(),
        Json::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn scalar(value: &Json) -> String {
    match value {
        Json::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether no reader of YAML takes the text for something else.
fn is_plain(text: &str) -> bool {
    const WORDS: &[&str] = &["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
    let is_simple = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "./_-".contains(letter));
    starts_well && is_simple && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}
