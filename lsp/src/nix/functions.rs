//! Functions of Nix, of nixpkgs' library and of NixVirt, as far as a value can be known through them.

use super::evaluate::{Evaluator, as_set, concatenated, either, marked, merged, partial, perhaps};
use super::value::{Data, Entry, List, Set, Span, Value};
use crate::find;
use std::rc::Rc;

/// What a function makes of its arguments.
type Function = fn(&Evaluator<'_>, &[Value], Span) -> Value;

/// The functions by name, each with the number of its arguments.
const FUNCTIONS: &[(&str, usize, Function)] = &[
    ("import", 1, |evaluator, them, at| evaluator.import(&them[0]).unwrap_or_else(|| Value::unknown(at))),
    ("callPackage", 2, call_package),
    ("fromJSON", 1, |_, them, at| from_json(&them[0], at)),
    ("recursiveUpdate", 2, |_, them, at| merged(them[0].clone(), them[1].clone(), true, at)),
    ("mkIf", 2, |_, them, at| marked("if", them[1].clone(), is_true(&them[0]), at)),
    ("mkMerge", 1, merge),
    ("mkDefault", 1, |_, them, at| marked("override", them[0].clone(), false, at)),
    ("mkForce", 1, |_, them, at| marked("override", them[0].clone(), true, at)),
    ("mkOverride", 2, |_, them, at| marked("override", them[1].clone(), false, at)),
    ("mkBefore", 1, |_, them, at| marked("order", them[0].clone(), true, at)),
    ("mkAfter", 1, |_, them, at| marked("order", them[0].clone(), true, at)),
    ("mkOrder", 2, |_, them, at| marked("order", them[1].clone(), true, at)),
    ("optionalAttrs", 2, |_, them, at| optional(&them[0], them[1].clone(), Data::Set(Rc::default()), at)),
    ("optionals", 2, |_, them, at| optional(&them[0], them[1].clone(), Data::List(Rc::default()), at)),
    ("optional", 2, |_, them, at| {
        optional(&them[0], list(vec![them[1].clone()], false, at), Data::List(Rc::default()), at)
    }),
    ("map", 2, map),
    ("forEach", 2, |evaluator, them, at| map(evaluator, &[them[1].clone(), them[0].clone()], at)),
    ("mapAttrs", 2, map_attributes),
    ("mapAttrsToList", 2, |evaluator, them, at| values(&map_attributes(evaluator, them, at), at)),
    ("attrValues", 1, |_, them, at| values(&them[0], at)),
    ("genAttrs", 2, generate),
    ("genList", 2, |evaluator, them, at| {
        list(vec![perhaps(evaluator.apply(them[0].clone(), Value::unknown(at), at))], true, at)
    }),
    ("imap0", 2, map_with_number),
    ("imap1", 2, map_with_number),
    ("pipe", 2, pipe),
    ("foldl", 3, fold),
    ("foldl'", 3, fold),
    ("mergeAttrsList", 1, |_, them, at| merge_all(&them[0], false, at)),
    ("nameValuePair", 2, |_, them, at| pair(&them[0], &them[1], at)),
    ("listToAttrs", 1, |_, them, at| from_pairs(&them[0], at)),
    ("mapAttrs'", 2, |evaluator, them, at| from_pairs(&values(&map_attributes(evaluator, them, at), at), at)),
    ("filterAttrs", 2, filter_attributes),
    ("filter", 2, filter),
    ("concatLists", 1, concat),
    ("concatMap", 2, |evaluator, them, at| concat(evaluator, &[map(evaluator, them, at)], at)),
    ("flatten", 1, concat),
];

/// Functions that call one of their arguments.
const CALL_ARGUMENTS: &[&str] = &[
    "map",
    "forEach",
    "concatMap",
    "mapAttrs",
    "mapAttrs'",
    "mapAttrsToList",
    "genAttrs",
    "genList",
    "imap0",
    "imap1",
    "pipe",
    "foldl",
    "foldl'",
];

/// Returns whether a function calls one of its arguments.
pub fn calls_argument(name: &[String]) -> bool {
    name.last().is_some_and(|last| CALL_ARGUMENTS.contains(&last.as_str()))
}

/// Returns the result of a function that is known by its name.
pub fn call(evaluator: &Evaluator<'_>, name: &Rc<[String]>, arguments: Vec<Value>, at: Span) -> Value {
    if find::takes_specs(name) {
        evaluator.take(name, &arguments[0]);
    }
    if find::template(name).is_some() {
        // The template's own attributes are not told here.
        return Value { data: Data::Set(Rc::new(Set { is_open: true, ..Set::default() })), at };
    }
    let last = name.last().map(String::as_str).unwrap_or_default();
    match FUNCTIONS.iter().find(|(known, ..)| *known == last) {
        Some((_, count, _)) if arguments.len() < *count => partial(name, arguments, at),
        Some((_, _, function)) => function(evaluator, &arguments, at),
        None => Value::unknown(at),
    }
}

fn is_true(condition: &Value) -> bool {
    matches!(condition.data, Data::Bool(true))
}

fn list(items: Vec<Value>, is_open: bool, at: Span) -> Value {
    Value { data: Data::List(Rc::new(List { items, is_open })), at }
}

fn set(set: Set, at: Span) -> Value {
    Value { data: Data::Set(Rc::new(set)), at }
}

fn call_package(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    match evaluator.import(&them[0]) {
        Some(function) => evaluator.apply(function, Value::unknown(at), at),
        None => Value::unknown(at),
    }
}

/// Returns a single value of JSON.
fn from_json(text: &Value, at: Span) -> Value {
    let json = text.text().and_then(|text| serde_json::from_str(text).ok());
    let data = match json {
        Some(serde_json::Value::String(text)) => Data::Text(text.into()),
        Some(serde_json::Value::Bool(it)) => Data::Bool(it),
        Some(serde_json::Value::Null) => Data::Null,
        _ => Data::unknown(),
    };
    Value { data, at }
}

fn optional(condition: &Value, value: Value, otherwise: Data, at: Span) -> Value {
    match condition.data {
        Data::Bool(true) => value,
        Data::Bool(false) => Value { data: otherwise, at },
        _ => either([value, Value { data: otherwise, at }], at),
    }
}

fn merge(_: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    match merge_all(&them[0], true, at) {
        whole @ Value { data: Data::Set(_), .. } => marked("merge", whole, true, at),
        unknown => unknown,
    }
}

/// Returns the set that the sets of a list make together.
fn merge_all(sets: &Value, is_deep: bool, at: Span) -> Value {
    let Data::List(all) = &sets.data else { return Value::unknown(at) };
    let empty = set(Set { is_open: all.is_open, ..Set::default() }, at);
    all.items.iter().fold(empty, |whole, one| merged(whole, content(one), is_deep, at))
}

/// Returns a value without the functions of the module system.
pub fn content(value: &Value) -> Value {
    match &value.data {
        Data::Marked(marked) if marked.is_certain => content(&marked.content),
        Data::Marked(marked) => perhaps(content(&marked.content)),
        _ => value.clone(),
    }
}

fn map(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let apply = |item: Value| evaluator.apply(them[0].clone(), item, at);
    match &them[1].data {
        Data::List(known) => list(known.items.iter().cloned().map(apply).collect(), known.is_open, at),
        _ => list(vec![perhaps(apply(Value::unknown(at)))], true, at),
    }
}

/// Returns a list in which a function that also gets the number of each item has changed the items.
fn map_with_number(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let with_number = evaluator.apply(them[0].clone(), Value::unknown(at), at);
    map(evaluator, &[with_number, them[1].clone()], at)
}

fn pipe(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let Data::List(functions) = &them[1].data else { return Value::unknown(at) };
    functions.items.iter().fold(them[0].clone(), |value, function| evaluator.apply(function.clone(), value, at))
}

fn fold(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let Data::List(of) = &them[2].data else { return Value::unknown(at) };
    let add = |whole: Value, item: &Value| {
        let with_whole = evaluator.apply(them[0].clone(), whole, at);
        evaluator.apply(with_whole, item.clone(), at)
    };
    let whole = of.items.iter().fold(them[1].clone(), add);
    if of.is_open { Value::unknown(at) } else { whole }
}

/// Returns the attribute that `listToAttrs` makes of a name and a value.
fn pair(name: &Value, value: &Value, at: Span) -> Value {
    let entry = |key: &str, value: &Value| {
        let value = value.clone();
        Entry { name: Some(key.into()), key: value.at, path: value.at, expression: value.at, value }
    };
    set(Set { entries: vec![entry("name", name), entry("value", value)], ..Set::default() }, at)
}

/// Returns the set whose attributes are the pairs of a list.
fn from_pairs(pairs: &Value, at: Span) -> Value {
    let Data::List(pairs) = &pairs.data else { return Value::unknown(at) };
    let mut whole = Set { is_open: pairs.is_open, ..Set::default() };
    for pair in pairs.items.iter().map(as_set) {
        let name = pair.get("name").and_then(|name| name.value.text().map(Into::into));
        whole.is_open |= name.is_none();
        if let Some(value) = pair.get("value") {
            whole.put(Entry { name, ..value.clone() });
        }
    }
    set(whole, at)
}

fn map_attributes(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let of = as_set(&them[1]);
    let apply = |name: Option<&Rc<str>>, value: Value| {
        let name = name.map_or(Data::unknown(), |name| Data::Text(Rc::clone(name)));
        let with_name = evaluator.apply(them[0].clone(), Value { data: name, at }, at);
        evaluator.apply(with_name, value, at)
    };
    let mut entries: Vec<_> = of
        .entries
        .iter()
        .map(|entry| {
            let value = apply(entry.name.as_ref(), entry.value.clone());
            Entry { value, ..entry.clone() }
        })
        .collect();
    if entries.is_empty() && of.is_open {
        let value = perhaps(apply(None, Value::unknown(at)));
        entries.push(Entry { name: None, key: at, path: at, expression: at, value });
    }
    set(Set { entries, is_open: of.is_open, sources: Vec::new() }, at)
}

fn values(of: &Value, at: Span) -> Value {
    let of = as_set(of);
    list(of.entries.into_iter().map(|entry| entry.value).collect(), of.is_open, at)
}

fn generate(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let apply = |name: Value| evaluator.apply(them[1].clone(), name, at);
    let (names, is_open) = match &them[0].data {
        Data::List(names) => (names.items.clone(), names.is_open),
        _ => (vec![Value::unknown(at)], true),
    };
    let entry = |name: Value| {
        let key = name.at;
        let text = name.text().map(Into::into);
        Entry { name: text, key, path: key, expression: key, value: apply(name) }
    };
    set(Set { entries: names.into_iter().map(entry).collect(), is_open, sources: Vec::new() }, at)
}

fn filter_attributes(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let of = as_set(&them[1]);
    let kept = |entry: Entry| {
        let name = entry.name.as_ref().map_or(Data::unknown(), |name| Data::Text(Rc::clone(name)));
        let with_name = evaluator.apply(them[0].clone(), Value { data: name, at }, at);
        let value = if_kept(&evaluator.apply(with_name, entry.value.clone(), at), entry.value.clone())?;
        Some(Entry { value, ..entry })
    };
    set(Set { entries: of.entries.into_iter().filter_map(kept).collect(), ..of }, at)
}

fn filter(evaluator: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let Data::List(of) = &them[1].data else { return Value::unknown(at) };
    let kept = |item: &Value| if_kept(&evaluator.apply(them[0].clone(), item.clone(), at), item.clone());
    list(of.items.iter().filter_map(kept).collect(), of.is_open, at)
}

/// Returns a value if a condition may hold.
fn if_kept(condition: &Value, value: Value) -> Option<Value> {
    match condition.data {
        Data::Bool(true) => Some(value),
        Data::Bool(false) => None,
        _ => Some(perhaps(value)),
    }
}

fn concat(_: &Evaluator<'_>, them: &[Value], at: Span) -> Value {
    let Data::List(lists) = &them[0].data else { return Value::unknown(at) };
    let data = concatenated(lists.items.iter().cloned().chain(lists.is_open.then(|| Value::unknown(at))));
    Value { data, at }
}
