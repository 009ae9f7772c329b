//! Refusals: combinations of parts that libvirt refuses, as tables. A row says when, in which words, and has an example on
//! either side.

mod needs;

use super::catalog::Rule;
use crate::engine::problem::{Report, Severity};
use crate::engine::release::{Release, Releases};
use crate::engine::value::{Data, Value};
use crate::kind::Kind;
use needs::{Needs, Parts};
use std::borrow::Cow;

/// Elements with one path in a kind of object, and what libvirt refuses of them.
#[derive(Debug)]
pub struct Table {
    /// Kind of object.
    pub kind: Kind,
    /// Path of the elements in the object; empty for the object itself.
    pub at: &'static [&'static str],
    /// What libvirt refuses.
    pub rows: &'static [Refusal],
}

/// What libvirt refuses.
#[derive(Debug)]
pub struct Refusal {
    /// Code of the problem.
    pub code: &'static str,
    /// Conditions, all of which hold if libvirt refuses the element. The problem is reported at the part of the first.
    pub when: &'static [Test],
    /// What the element must have for the conditions to hold.
    pub needs: Needs,
    /// What tells elements apart, if libvirt refuses only the second of two that are alike.
    pub once: Option<fn(Value<'_>) -> Option<Key<'_>>>,
    /// Releases of libvirt that refuse the element.
    pub releases: Releases,
    /// Whether other releases accept the element. If not, they do not know parts of it.
    pub is_accepted_by_others: bool,
    /// Message of the problem.
    pub message: &'static str,
    /// Parts of the element with the problem, in JSON.
    pub wrong: &'static str,
    /// Parts of the element without the problem, in JSON.
    pub right: &'static str,
    /// What the element is in the examples.
    pub context: Context,
}

/// What tells elements apart: a text and a number.
pub type Key<'a> = (Cow<'a, str>, u64);

/// What an element is in the examples.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Whether the parts are those of the items of a list, of which the example has the braces between.
    pub is_listed: bool,
    /// Whether the valid example lacks the element.
    pub is_absent: bool,
    /// Parts beside the outermost part that leads to the element, in JSON.
    pub beside: &'static str,
    /// Parts beside the element in its parent, in JSON.
    pub within: &'static str,
}

/// Condition on an element. A path leads from the element to a part; of a part that repeats, one is enough.
#[derive(Debug)]
pub enum Test {
    /// The part is there, and is not `false`.
    Has(&'static str),
    /// The part is there, whatever its value.
    Given(&'static str),
    /// The part is not there.
    Lacks(&'static str),
    /// The part is one of the words.
    Is(&'static str, &'static [&'static str]),
    /// The part is absent or none of the words.
    Not(&'static str, &'static [&'static str]),
    /// The part is there, is neither `false` nor a set, and is none of the words.
    Other(&'static str, &'static [&'static str]),
    /// The part is a text for which the function returns true.
    Text(&'static str, fn(&str) -> bool),
    /// The part is a number below the limit.
    Below(&'static str, u64),
    /// The part is a number above the limit.
    Above(&'static str, u64),
    /// One of the conditions holds.
    Any(&'static [Test]),
    /// One of the conditions holds for the part.
    AnyOf(&'static str, &'static [Test]),
    /// The condition holds for the whole object.
    Whole(&'static Test),
    /// The function returns true, given the element and the whole object.
    That(fn(Value<'_>, Value<'_>) -> bool),
}

/// Returns a row of a table.
pub(super) const fn refuse(
    code: &'static str,
    when: &'static [Test],
    message: &'static str,
    [wrong, right]: [&'static str; 2],
) -> Refusal {
    let context = Context { is_listed: false, is_absent: false, beside: "", within: "" };
    Refusal {
        code,
        when,
        needs: Needs::of(when),
        once: None,
        releases: Releases::ALL,
        is_accepted_by_others: false,
        message,
        wrong,
        right,
        context,
    }
}

impl Refusal {
    /// Refuses only an element after another for which the conditions hold and that has the same key.
    pub(super) const fn once(self, key: fn(Value<'_>) -> Option<Key<'_>>) -> Self {
        Refusal { once: Some(key), ..self }
    }

    /// Refuses the element from the release of libvirt on that introduced parts of it.
    pub(super) const fn since(self, major: u16, minor: u16) -> Self {
        Refusal { releases: Releases { first: Some(Release { major, minor }), last: None }, ..self }
    }

    /// Refuses the element from a release of libvirt on. Older ones accept it.
    pub(super) const fn accepted_before(self, major: u16, minor: u16) -> Self {
        Refusal { is_accepted_by_others: true, ..self.since(major, minor) }
    }

    /// Refuses the element up to a release of libvirt. Newer ones accept it.
    pub(super) const fn until(self, major: u16, minor: u16) -> Self {
        let releases = Releases { first: None, last: Some(Release { major, minor }) };
        Refusal { releases, is_accepted_by_others: true, ..self }
    }

    /// Adds parts beside the outermost part in both examples.
    pub(super) const fn beside(self, beside: &'static str) -> Self {
        Refusal { context: Context { beside, ..self.context }, ..self }
    }

    /// Adds parts beside the element in its parent in both examples.
    pub(super) const fn within(self, within: &'static str) -> Self {
        Refusal { context: Context { within, ..self.context }, ..self }
    }

    /// Makes the element an item of a list in both examples.
    pub(super) const fn listed(self) -> Self {
        Refusal { context: Context { is_listed: true, ..self.context }, ..self }
    }

    /// Makes the valid example lack the element.
    pub(super) const fn without(self) -> Self {
        Refusal { context: Context { is_absent: true, ..self.context }, ..self }
    }

    /// Reports the problem. It is a warning if the release of libvirt is unknown and may accept the element.
    fn report(&self, at: Value<'_>, report: &mut Report<'_>) {
        if self.is_accepted_by_others && report.target().is_none() {
            report.warning(at, self.code, format!("{} refuse this: {}", self.releases, self.message));
        } else {
            report.error(at, self.code, self.message);
        }
    }

    /// Returns the explanation of the problem.
    fn meaning(&self) -> String {
        let sentence = sentence(self.message);
        if self.releases == Releases::ALL { sentence } else { format!("{sentence} {} refuse this.", self.releases) }
    }

    /// Returns whether a libvirt of that release refuses the element. An unknown one may.
    fn may_refuse(&self, target: Option<Release>) -> bool {
        self.releases == Releases::ALL || target.is_none_or(|target| self.releases.contain(target))
    }

    /// Returns the part of an element for which the conditions hold, or the element.
    fn place_in<'a>(&self, element: Value<'a>, whole: Value<'a>) -> Option<Value<'a>> {
        let mut first = None;
        for test in self.when {
            let at = test.holds(element, whole)?;
            first = first.or(Some(at));
        }
        first.or(Some(element))
    }
}

/// Element for which the conditions of a row hold that refuses only the second of two.
struct Claim<'a> {
    row: &'static Refusal,
    key: Key<'a>,
    at: Value<'a>,
}

impl Table {
    /// Reports what libvirt refuses of the elements in a part that may repeat.
    pub(super) fn check(&self, part: Value<'_>, whole: Value<'_>, report: &mut Report<'_>) {
        let target = report.target();
        let mut claims = Vec::new();
        // An element that is `false` is not there.
        for element in part.items().filter(|element| *element.data() != Data::Bool(false)) {
            let parts = Parts::of(element);
            for row in self.rows.iter().filter(|row| row.needs.may_hold(parts) && row.may_refuse(target)) {
                report.start_rule();
                let Some(at) = row.place_in(element, whole) else { continue };
                match row.once {
                    None => row.report(at, report),
                    Some(key) => claims.extend(key(element).map(|key| Claim { row, key, at })),
                }
            }
        }
        claims.sort_by(|one, other| (one.row.code, &one.key).cmp(&(other.row.code, &other.key)));
        for same in claims.chunk_by(|one, other| one.row.code == other.row.code && one.key == other.key) {
            report.start_rule();
            same[1..].iter().for_each(|claim| claim.row.report(claim.at, report));
        }
    }

    /// Reports what libvirt refuses of all elements of the table in an object.
    pub(super) fn check_all(&self, whole: Value<'_>, report: &mut Report<'_>) {
        match self.at.split_last() {
            None => self.check(whole, whole, report),
            Some((name, outer)) => whole.each_at(outer, &mut |parent| {
                if let Some(part) = parent.attribute(name) {
                    self.check(part, whole, report);
                }
            }),
        }
    }

    /// Returns the rules of the rows, for the catalog.
    pub(super) fn rules(&self) -> impl Iterator<Item = Rule> + '_ {
        self.rows.iter().map(|row| Rule {
            code: row.code,
            severity: Severity::Error,
            meaning: row.meaning().into(),
            kind: self.kind,
            target: row.releases.last.or(row.releases.first).filter(|_| row.is_accepted_by_others),
            releases: row.releases,
            wrong: self.example(row.context, Some(row.wrong)).into(),
            right: self.example(row.context, (!row.context.is_absent).then_some(row.right)).into(),
        })
    }

    /// Returns the part of an object that has an element with the given parts.
    fn example(&self, context: Context, parts: Option<&str>) -> String {
        let element =
            parts.map(|parts| if context.is_listed { format!("[{{ {parts} }}]") } else { format!("{{ {parts} }}") });
        let example = match self.at {
            [] => parts.map(str::to_owned),
            [name] => element.map(|element| format!("{name:?}: {element}")),
            [outer @ .., name] => {
                let element = element.map(|element| format!("{name:?}: {element}"));
                let inner = joined([element, some(context.within)]);
                Some(outer.iter().rev().fold(inner, |inner, name| format!("{name:?}: {{ {inner} }}")))
            }
        };
        joined([example, some(context.beside)])
    }
}

/// Returns the parts of an example that are there.
fn joined(parts: [Option<String>; 2]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn some(parts: &str) -> Option<String> {
    if parts.is_empty() { None } else { Some(parts.to_owned()) }
}

/// Returns a message as a sentence. The names `libvirt` and `vCPU` are not capitalized there either.
fn sentence(message: &str) -> String {
    if ["libvirt ", "vCPU "].iter().any(|name| message.starts_with(name)) {
        return format!("{message}.");
    }
    let mut characters = message.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).chain(['.']).collect()
}

impl Test {
    /// Returns the part for which the condition holds, or the element if the condition is not about a part that is there.
    fn holds<'a>(&self, element: Value<'a>, whole: Value<'a>) -> Option<Value<'a>> {
        let is_on = |part: Value<'_>| !matches!(part.data(), Data::Bool(false));
        let is_number = |part: Value<'_>, holds: &dyn Fn(u64) -> bool| part.number(10).is_some_and(holds);
        let holds = match self {
            Test::Has(path) => return find(element, path, &is_on),
            Test::Given(path) => return find(element, path, &|_| true),
            Test::Is(path, words) => return find(element, path, &|part| is_one_of(part, words)),
            Test::Other(path, words) => {
                // A list can have a word and a set, for an attribute and an element of one name.
                let is_word = |part: Value<'_>| is_on(part) && !matches!(part.data(), Data::Set(_));
                return find(element, path, &|part| is_word(part) && !is_one_of(part, words));
            }
            Test::Text(path, holds) => return find(element, path, &|part| part.text().is_some_and(holds)),
            Test::Below(path, limit) => return find(element, path, &|part| is_number(part, &|it| it < *limit)),
            Test::Above(path, limit) => return find(element, path, &|part| is_number(part, &|it| it > *limit)),
            Test::Any(tests) => return first_that_holds(tests, element, whole),
            Test::AnyOf(path, tests) => {
                let part = find(element, path, &|part| first_that_holds(tests, part, whole).is_some())?;
                return first_that_holds(tests, part, whole);
            }
            Test::Lacks(path) => find(element, path, &is_on).is_none(),
            Test::Not(path, words) => find(element, path, &|part| is_one_of(part, words)).is_none(),
            Test::Whole(test) => test.holds(whole, whole).is_some(),
            Test::That(holds) => holds(element, whole),
        };
        if holds { Some(element) } else { None }
    }
}

/// Returns the part for which the first condition holds that does.
fn first_that_holds<'a>(tests: &[Test], element: Value<'a>, whole: Value<'a>) -> Option<Value<'a>> {
    tests.iter().find_map(|test| test.holds(element, whole))
}

/// Returns the first part at a path for which a condition holds.
pub(super) fn find<'a>(value: Value<'a>, path: &str, holds: &impl Fn(Value<'a>) -> bool) -> Option<Value<'a>> {
    let (name, rest) = match path.bytes().position(|byte| byte == b'.') {
        None => (path, None),
        Some(dot) => (&path[..dot], Some(&path[dot + 1..])),
    };
    let found = |part| match rest {
        None => Some(part).filter(|part| holds(*part)),
        Some(rest) => find(part, rest, holds),
    };
    let part = value.attribute(name)?;
    match part.data() {
        Data::List(_) => part.children().filter(|item| !item.is_null()).find_map(found),
        _ => found(part),
    }
}

/// Returns whether a value is one of the words, of which `yes`, `on`, `no` and `off` may be switches.
pub(super) fn is_one_of(value: Value<'_>, words: &[&str]) -> bool {
    match value.data() {
        Data::Text(text) => words.contains(&&**text),
        Data::Bool(true) => words.contains(&"yes") || words.contains(&"on"),
        Data::Bool(false) => words.contains(&"no") || words.contains(&"off"),
        Data::Int(number) => words.iter().any(|word| word.parse() == Ok(*number)),
        _ => false,
    }
}
