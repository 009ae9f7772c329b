//! Specs as Nix expressions, formatted as people write them.

use crate::engine::text::is_deceptive;
use crate::engine::value::{Data, Value};

/// Returns a spec as a Nix expression with a final line break.
pub fn print(value: Value<'_>) -> String {
    let mut text = String::new();
    expression(value, 0, &mut text);
    text.push('\n');
    text
}

/// Returns a set of several specs by name, with a final line break.
pub fn print_all<'a>(specs: impl Iterator<Item = (&'a str, Value<'a>)>) -> String {
    let mut text = "{".to_owned();
    for (key, spec) in specs {
        line(1, &mut text);
        name(key, &mut text);
        text.push_str(" = ");
        expression(spec, 1, &mut text);
        text.push(';');
    }
    text.push_str("\n}\n");
    text
}

/// Returns the name of an attribute, in quotes if Nix needs them.
pub fn attribute_name(key: &str) -> String {
    let mut text = String::new();
    name(key, &mut text);
    text
}

/// Returns the attributes of a set, without its braces, short sets and lists on one line each, as documentation shows them.
pub fn print_attributes(set: Value<'_>) -> String {
    let text = print(set);
    let lines: Vec<_> = text.lines().collect();
    // The first and the last line are the braces. An empty set is one line.
    let inside = lines.get(1..lines.len() - 1).unwrap_or_default();
    let inside: Vec<_> = inside.iter().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    folded(&inside).iter().map(|line| line.chars().map(visible).collect::<String>() + "\n").collect()
}

/// Returns a control character as people write it.
fn visible(character: char) -> String {
    if character.is_control() { format!("\\u{:04x}", u32::from(character)) } else { character.to_string() }
}

/// Joins short sets and lists to one line.
fn folded(lines: &[&str]) -> Vec<String> {
    const WIDTH: usize = 100;
    let Some((first, rest)) = lines.split_first() else { return Vec::new() };
    let indent = first.len() - first.trim_start().len();
    let end = rest.iter().position(|line| !line[indent..].starts_with(' '));
    let (true, Some(end)) = (first.ends_with(['{', '[']), end) else {
        return [vec![(*first).to_owned()], folded(rest)].concat();
    };
    let (inner, after) = (&rest[..end], &rest[end + 1..]);
    let all: Vec<_> = inner.iter().chain([&rest[end]]).map(|line| line.trim_start()).collect();
    let joined = format!("{first} {}", all.join(" "));
    let whole = if joined.len() <= WIDTH {
        vec![joined]
    } else {
        [vec![(*first).to_owned()], folded(inner), vec![rest[end].to_owned()]].concat()
    };
    [whole, folded(after)].concat()
}

fn expression(value: Value<'_>, depth: usize, out: &mut String) {
    match value.data() {
        Data::Null | Data::Other(_) | Data::Unknown => out.push_str("null"),
        Data::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        // Nix negates a positive number, and this one is too large.
        Data::Int(i64::MIN) => out.push_str(&format!("{} - 1", i64::MIN + 1)),
        Data::Int(it) => out.push_str(&it.to_string()),
        Data::Float(it) => out.push_str(&float(*it)),
        Data::Text(it) => string(it, out),
        Data::List(_) if value.children().len() == 0 => out.push_str("[]"),
        Data::List(_) => {
            out.push('[');
            for item in value.children() {
                line(depth + 1, out);
                element(item, depth + 1, out);
            }
            line(depth, out);
            out.push(']');
        }
        Data::Set(_) if value.children().len() == 0 => out.push_str("{}"),
        Data::Set(_) => {
            out.push('{');
            for child in value.children() {
                line(depth + 1, out);
                binding(child, depth + 1, out);
            }
            line(depth, out);
            out.push('}');
        }
    }
}

/// Adds an item of a list. Nix would read a bare negative number as a subtraction.
fn element(value: Value<'_>, depth: usize, out: &mut String) {
    match value.data() {
        Data::Int(..0) | Data::Float(..0.0) => {
            out.push('(');
            expression(value, depth, out);
            out.push(')');
        }
        _ => expression(value, depth, out),
    }
}

/// Returns a number with a point, which Nix needs to read it as a float: `1.0e20`.
fn float(number: f64) -> String {
    let digits = format!("{number:?}");
    if digits.contains('.') { digits } else { digits.replacen('e', ".0e", 1) }
}

/// Adds an attribute. A set with one attribute becomes a path: `mac.address = "…";`.
fn binding(value: Value<'_>, depth: usize, out: &mut String) {
    name(value.key(), out);
    let mut inner = value;
    while let (Data::Set(_), 1) = (inner.data(), inner.children().len()) {
        inner = inner.children().next().expect("there is one");
        out.push('.');
        name(inner.key(), out);
    }
    out.push_str(" = ");
    expression(inner, depth, out);
    out.push(';');
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    (0..depth).for_each(|_| out.push_str("  "));
}

const KEYWORDS: &[&str] = &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];

fn name(name: &str, out: &mut String) {
    if is_identifier(name) && !KEYWORDS.contains(&name) {
        out.push_str(name);
    } else {
        string(name, out);
    }
}

/// Returns whether a name needs no quotes in Nix.
pub fn is_identifier(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'\''))
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        out.push_str(&rest[..at]);
        let mut special = rest[at..].chars();
        let Some(character) = special.next() else { break };
        rest = special.as_str();
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Nix reads a dollar sign before another one as text, and what follows both as well.
            '$' if rest.starts_with(|next| next == '{' || is_deceptive(next)) => out.push_str("\\$"),
            // Nix has no escape for these. As they are, they would make an editor show another text.
            hidden if is_deceptive(hidden) => {
                out.push_str(&format!("${{builtins.fromJSON ''\"\\u{:04x}\"''}}", u32::from(hidden)));
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    out.push('"');
}

/// Returns whether a byte is a character that Nix and editors show as it is, as nearly all are.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'$')
}

#[cfg(test)]
mod tests {
    use super::print;
    use crate::engine::json;
    use expect_test::expect;

    #[test]
    fn deceptive_characters() {
        let spec = "{ \"title\": \"a\\u202eb$\\u009b\" }";
        expect![[r#"
            {
              title = "a${builtins.fromJSON ''"\u202e"''}b\$${builtins.fromJSON ''"\u009b"''}";
            }
        "#]]
        .assert_eq(&print(json::parse(spec).expect("it is JSON").root()));
    }

    #[test]
    fn specs_look_as_people_write_them() {
        let spec = r#"{ "name": "a ${b} \"c\"\n", "mac": { "address": "x" }, "empty": {}, "none": [],
            "list": [{ "a": 1 }, -1, -1.5, true], "suspend-to-mem": { "in": null }, "0": 1.5,
            "large": 1e20, "small": 1e-7, "least": -9223372036854775808 }"#;
        let expected = expect![[r#"
            {
              name = "a \${b} \"c\"\n";
              mac.address = "x";
              empty = {};
              none = [];
              list = [
                {
                  a = 1;
                }
                (-1)
                (-1.5)
                true
              ];
              suspend-to-mem."in" = null;
              "0" = 1.5;
              large = 1.0e20;
              small = 1.0e-7;
              least = -9223372036854775807 - 1;
            }
        "#]];
        expected.assert_eq(&print(json::parse(spec).expect("it is JSON").root()));
    }
}
