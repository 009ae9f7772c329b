//! Random specs, generated from the tables: mostly valid ones, and some invalid ones.

use fastrand::Rng;
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::pattern::Pattern;
use nixvirt_schema::engine::problem::{Diagnostic, Severity};
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::render::render_for;
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::shorthand::Shorthand;
use nixvirt_schema::engine::table::{Field, FieldType, Occurs, Schema, Type, Variants};
use nixvirt_schema::formats::size::AnySizeUnit;
use nixvirt_schema::kind::Kind;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};
use serde_json::{Map, Value as Json, json};

/// Texts that are hard to carry through XML and JSON.
const NASTY: &[&str] = &[
    "",
    " ",
    " blanks around ",
    "\"quoted\" and 'quoted'",
    "a & b &amp; c",
    "<tag attribute='x'/>",
    "]]>",
    "two\nlines",
    "\ttabs\t",
    "carriage\r\nreturn",
    "grüße 漢字 😀",
    "\u{a0}no break\u{2028}",
    "0",
    "-1",
];

/// Codes of warnings of what libvirt's schema refuses.
const WARNINGS: &[&str] = &["newer-libvirt", "nvram-template"];

/// The depth from which only required values are generated.
const MAX_DEPTH: usize = 7;

/// A spec of that kind, different for each seed. Most conform to the types. Rules are not considered.
pub fn spec(kind: Kind, seed: u64) -> Json {
    Generator::new(seed).set(kind.schema(), 0)
}

/// The spec of that seed without the values that types and rules refuse, or that libvirt of that release lacks; None if
/// nothing is left.
pub fn sound_spec(kind: Kind, seed: u64, target: Option<Release>) -> Option<Json> {
    sound(kind, spec(kind, seed), target)
}

/// A spec without the values that types and rules refuse, or that libvirt of that release lacks; None if nothing is left.
pub fn sound(kind: Kind, mut spec: Json, target: Option<Release>) -> Option<Json> {
    while let Some(path) = first_error(kind, &spec, target) {
        remove(&mut spec, &path)?;
    }
    Some(spec)
}

/// A spec with one value lost, added or changed.
pub fn mutated_spec(spec: &Json, seed: u64) -> Json {
    let mut generator = Generator::new(!seed);
    let mut paths = Vec::new();
    collect_paths(spec, String::new(), &mut paths);
    let (mut mutated, path) = (spec.clone(), generator.choose(&paths).clone());
    match mutated.pointer_mut(&path) {
        Some(Json::Object(set)) if generator.rng.bool() => {
            let (name, value) =
                (*generator.choose(&["unknown", "type", "extra", "value", "name"]), generator.anything());
            set.insert(name.to_owned(), value);
        }
        Some(Json::Array(list)) if generator.rng.bool() => list.push(generator.anything()),
        Some(value) if generator.rng.bool() => *value = generator.anything(),
        _ => drop(remove_at(&mut mutated, &path)),
    }
    mutated
}

/// All specs that lack one value of a spec.
pub fn smaller_specs(spec: &Json) -> impl Iterator<Item = Json> + '_ {
    let mut paths = Vec::new();
    collect_paths(spec, String::new(), &mut paths);
    paths.into_iter().filter_map(|path| {
        let mut smaller = spec.clone();
        remove_at(&mut smaller, &path).map(|()| smaller)
    })
}

/// The JSON pointers of all values below a value.
fn collect_paths(value: &Json, path: String, into: &mut Vec<String>) {
    match value {
        Json::Object(set) => set.iter().for_each(|(name, value)| collect_paths(value, format!("{path}/{name}"), into)),
        Json::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| collect_paths(value, format!("{path}/{at}"), into));
        }
        _ => {}
    }
    into.push(path);
}

/// Whether the types and rules accept a spec, and libvirt of that release has all that is in it.
pub fn is_sound(kind: Kind, spec: &Json, target: Option<Release>) -> bool {
    first_error(kind, spec, target).is_none()
}

/// The path of the first problem of a spec.
fn first_error(kind: Kind, spec: &Json, target: Option<Release>) -> Option<String> {
    let text = spec.to_string();
    let read = json::parse(&text).expect("it was JSON before");
    let problems = render_for(kind, &read, target).report.findings().locate(|_| None);
    let is_error = |it: &Diagnostic| it.severity == Severity::Error || WARNINGS.contains(&it.code);
    problems.into_iter().find(is_error).map(|problem| problem.path)
}

/// Removes the innermost value on a path. Returns None if that is the whole spec.
fn remove(spec: &mut Json, path: &str) -> Option<()> {
    let quoted = path.split('"').enumerate();
    let steps: Vec<&str> = quoted
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split(['.', '[', ']']).filter(|step| !step.is_empty()).collect(),
            _ => vec![part],
        })
        .collect();
    let mut pointer = String::new();
    for step in steps {
        let deeper = format!("{pointer}/{step}");
        if spec.pointer(&deeper).is_none() {
            break;
        }
        pointer = deeper;
    }
    remove_at(spec, &pointer)
}

/// Removes the value at a JSON pointer. Returns None if that is the whole spec.
fn remove_at(spec: &mut Json, pointer: &str) -> Option<()> {
    let (parent, name) = pointer.rsplit_once('/')?;
    match spec.pointer_mut(parent)? {
        Json::Object(set) => drop(set.remove(name)),
        list => drop(list.as_array_mut()?.remove(name.parse().ok()?)),
    }
    Some(())
}

struct Generator {
    rng: Rng,
    /// Decides which elements are in lists, whatever else is generated.
    lists: Rng,
    /// The number of optional values that may still be generated.
    left: usize,
}

impl Generator {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let left = rng.usize(10..250);
        Generator { rng, lists: Rng::with_seed(seed), left }
    }

    fn one_in(&mut self, times: u32) -> bool {
        self.rng.u32(..times) == 0
    }

    fn choose<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.rng.usize(..of.len())]
    }

    fn set(&mut self, schema: &'static Schema, depth: usize) -> Json {
        let mut set = Map::new();
        self.fields(schema, 0, depth, &mut set);
        let mut forms = schema.forms.as_ref();
        while let Some(variants) = forms.map(|forms| (forms.variants)()) {
            let schema = self.form(variants, &mut set);
            // The first field decides about the form.
            self.fields(schema, 1, depth, &mut set);
            forms = schema.forms.as_ref();
        }
        Json::Object(set)
    }

    /// Chooses one of an element's forms.
    fn form(&mut self, variants: &'static Variants, set: &mut Map<String, Json>) -> &'static Schema {
        match variants.default.and_then(|word| variants.variant(word)) {
            Some(default) if self.one_in(3) => default,
            _ => {
                let case = self.choose(variants.variants);
                set.insert(variants.tag.to_owned(), case.word.into());
                &case.schema
            }
        }
    }

    fn fields(&mut self, schema: &'static Schema, first: usize, depth: usize, set: &mut Map<String, Json>) {
        let fields = &schema.fields[first..];
        let wanted = self.rng.u32(..if depth == 0 { 30 } else { 8 });
        let weights: u32 = fields.iter().map(weight).sum();
        for (at, field) in fields.iter().enumerate() {
            let is_required = schema.required.contains(&((at + first) as u16));
            let is_wanted = self.rng.u32(..weights) < wanted * weight(field);
            if is_required || (is_wanted && depth < MAX_DEPTH && self.left > 0) {
                self.left = self.left.saturating_sub(1);
                let value = self.part(field, is_required, depth);
                add(set, field.name, value);
            }
        }
    }

    fn part(&mut self, field: &'static Field, is_required: bool, depth: usize) -> Json {
        match field.occurs {
            Occurs::Many if self.one_in(2) => {
                let count = self.rng.usize(usize::from(is_required)..=3);
                let mut items: Vec<_> = (0..count).map(|_| self.value(field, depth)).collect();
                if self.one_in(20) {
                    items.push(Json::Null);
                }
                items.into()
            }
            Occurs::Option if self.one_in(50) => Json::Null,
            _ => {
                let value = self.value(field, depth);
                match self.lists.u8(..40) {
                    0 if field.is_once() => json!([value]),
                    1 if field.is_once() => json!([null, value]),
                    _ => value,
                }
            }
        }
    }

    fn value(&mut self, field: &'static Field, depth: usize) -> Json {
        match field.ty {
            Type::Scalar(number) if field.unit.is_some() && self.one_in(2) => {
                self.size(number, AnySizeUnit::TYPE.scalar())
            }
            Type::Scalar(word) => self.word(word),
            Type::Present => self.choose(&[json!(true), json!(true), json!(true), json!({}), json!(false)]).clone(),
            Type::Xml => {
                self.choose(&[json!("<a:b xmlns:a='urn:a'>1</a:b>"), json!(["<x xmlns='urn:x'/>", null])]).clone()
            }
            Type::Element(schema) => self.element(schema(), depth + 1),
        }
    }

    fn element(&mut self, schema: &'static Schema, depth: usize) -> Json {
        if self.one_in(2) {
            return self.set(schema, depth);
        }
        let word = |at: u16| schema.fields[usize::from(at)].ty.scalar();
        match schema.shorthand {
            Shorthand::None => self.set(schema, depth),
            Shorthand::Text(at) => self.word(word(at)),
            Shorthand::Switch(_) => self.rng.bool().into(),
            Shorthand::Presence => self.choose(&[json!(true), json!({}), json!(false)]).clone(),
            Shorthand::Size { count, .. } if self.one_in(2) => self.word(word(count)),
            Shorthand::Size { unit, count } => self.size(word(count), word(unit)),
            Shorthand::Notation(_) => {
                let domain = *self.choose(&["", "0000:", "ffff:", "1:"]);
                format!("{domain}{:02x}:{:x}.{}", self.rng.u8(..), self.rng.u8(..32), self.rng.u8(..8)).into()
            }
        }
    }

    fn word(&mut self, word: &'static Scalar) -> Json {
        if self.one_in(80) {
            return self.wrong(word);
        }
        match word {
            Scalar::Text => (*self.choose(NASTY)).into(),
            Scalar::Pattern(pattern) => self.matching(pattern).into(),
            Scalar::Int { min, max } => {
                let number = self.number(i128::from(*min), i128::from(*max));
                if self.one_in(5) { number.to_string().into() } else { integer(number) }
            }
            Scalar::Size { number, .. } if self.one_in(2) => self.word(number),
            Scalar::Size { number, .. } => self.size(number, AnySizeUnit::TYPE.scalar()),
            Scalar::Hex { digits, max } => {
                let number = self.number(0, i128::from(*max));
                let width = self.rng.usize(1..=usize::from(*digits));
                match self.rng.u8(..5) {
                    0 => format!("{number:x}").into(),
                    1 => format!("0x{number:0width$x}").into(),
                    2 => format!("{number:0width$X}").into(),
                    _ => integer(number),
                }
            }
            Scalar::Float => self.choose(&[json!(0), json!(2.5), json!(-1), json!("0.25"), json!("12")]).clone(),
            Scalar::Switch { on, off } => self.choose(&[json!(true), json!(false), json!(on), json!(off)]).clone(),
            Scalar::Enum(words) => match words.switch(true) {
                Some(_) if self.one_in(4) => true.into(),
                _ => self.choose(words.words).word.into(),
            },
            Scalar::Either(words) => {
                let word = *self.choose(words);
                self.word(word)
            }
        }
    }

    /// A number with a unit, in one text.
    fn size(&mut self, number: &'static Scalar, unit: &'static Scalar) -> Json {
        let blank = *self.choose(&["", " "]);
        let (number, unit) = (self.word(number), self.word(unit));
        format!("{}{blank}{}", plain(&number), plain(&unit)).into()
    }

    /// A number of a range: one of its ends, a small one, or any.
    fn number(&mut self, min: i128, max: i128) -> i128 {
        match self.rng.u8(..8) {
            0 => min,
            1 => max,
            2 => self.rng.i128(min..=max),
            _ => self.rng.i128(min.max(0).min(max)..=max.min(min.max(0) + 40)),
        }
    }

    /// A value of any type.
    fn anything(&mut self) -> Json {
        let some = [
            json!(null),
            json!(true),
            json!(false),
            json!(0),
            json!(7),
            json!(-1),
            json!(10_000_000),
            json!(i64::MIN),
            json!(1.0),
            json!(1.5),
            json!([]),
            json!([null]),
            json!([[]]),
            json!([false]),
            json!({}),
            json!({ "attributes": { "a:b": "c" }, "xml": "<d/>" }),
            json!({ "attributes": { "<": 1 } }),
            json!("007"),
            json!("-0"),
            json!("0x1F"),
            json!("8 GiB"),
            json!("00:01.7"),
            json!("yes"),
        ];
        if self.one_in(3) { (*self.choose(NASTY)).into() } else { self.choose(&some).clone() }
    }

    /// A word that is invalid, except by chance.
    fn wrong(&mut self, word: &'static Scalar) -> Json {
        let beyond = match word {
            Scalar::Int { min, max } => vec![integer(i128::from(*min) - 1), integer(i128::from(*max) + 1)],
            Scalar::Hex { max, .. } => vec![integer(-1), integer(i128::from(*max) + 1), json!("0x")],
            _ => vec![json!("no such word")],
        };
        if self.rng.bool() { self.anything() } else { self.choose(&beyond).clone() }
    }

    /// A text that matches a pattern.
    fn matching(&mut self, pattern: &Pattern) -> String {
        let form = regex_syntax::parse(pattern.regex).expect("a test compiles every pattern");
        let mut text = String::new();
        self.sample(&form, &mut text);
        text
    }

    fn sample(&mut self, form: &Hir, text: &mut String) {
        match form.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
            HirKind::Class(Class::Unicode(class)) => text.push(self.character(class)),
            HirKind::Class(Class::Bytes(_)) => unreachable!("patterns are of characters"),
            HirKind::Capture(group) => self.sample(&group.sub, text),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.sample(part, text)),
            HirKind::Alternation(parts) => {
                let part = self.choose(parts);
                self.sample(part, text);
            }
            HirKind::Repetition(repeat) => {
                let most = repeat.max.unwrap_or(u32::MAX).min(repeat.min + 6);
                (0..self.rng.u32(repeat.min..=most)).for_each(|_| self.sample(&repeat.sub, text));
            }
        }
    }

    /// A character of a class: mostly one of ASCII's, if there is one.
    fn character(&mut self, class: &ClassUnicode) -> char {
        let ranges = class.ranges();
        let holds = |it: &char| ranges.iter().any(|range| (range.start()..=range.end()).contains(it));
        let (ascii, rare) = ((' '..='~').filter(holds), "\t\r\u{85}\u{a0}äß漢😀".chars().filter(holds));
        let usual: Vec<_> = if self.one_in(10) { rare.collect() } else { ascii.collect() };
        if usual.is_empty() {
            let range = self.choose(ranges);
            return self.rng.char(range.start()..=range.end());
        }
        *self.choose(&usual)
    }
}

/// The weight of a field among others: fields with more choices are likelier.
fn weight(field: &Field) -> u32 {
    let Type::Element(schema) = field.ty else { return 1 };
    let forms = schema().forms.iter().flat_map(|forms| (forms.variants)().variants);
    let parts = schema().fields.len() + forms.map(|case| case.schema.fields.len()).sum::<usize>();
    2 + parts.checked_ilog2().unwrap_or_default()
}

/// Adds a value to a set. An attribute and a child of the same name become one list.
fn add(set: &mut Map<String, Json>, name: &str, value: Json) {
    let value = match set.remove(name) {
        Some(first) => {
            let mut both = vec![first];
            match value {
                Json::Array(items) => both.extend(items),
                one => both.push(one),
            }
            both.into()
        }
        None => value,
    };
    set.insert(name.to_owned(), value);
}

fn integer(number: i128) -> Json {
    match (i64::try_from(number), u64::try_from(number)) {
        (Ok(number), _) => number.into(),
        (_, Ok(number)) => number.into(),
        _ => number.to_string().into(),
    }
}

/// A word as text.
fn plain(word: &Json) -> String {
    word.as_str().map_or_else(|| word.to_string(), str::to_owned)
}
