//! Needs: what an element must have for the conditions of a row to hold. They are made of the row at compile time, so that a
//! row on parts that an element lacks costs a few instructions.

use super::Test;
use crate::engine::outline::Outline;
use crate::engine::value::{Data, Value};

/// Parts of an element, and words.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// Names of its parts.
    own: Outline,
    /// Names of the parts of its parts.
    below: Outline,
    /// Words that are values of any of them.
    words: Outline,
}

impl Parts {
    const NONE: Parts = Parts { own: Outline::EMPTY, below: Outline::EMPTY, words: Outline::EMPTY };
    const ALL: Parts = Parts { own: Outline::ALL, below: Outline::ALL, words: Outline::ALL };

    const fn with(self, other: Parts) -> Parts {
        let Parts { own, below, words } = self;
        Parts { own: own.with(other.own), below: below.with(other.below), words: words.with(other.words) }
    }

    /// Returns the parts of an element.
    pub(super) fn of(element: Value<'_>) -> Parts {
        let mut parts = Parts { own: element.names(), ..Parts::NONE };
        for part in element.children() {
            match part.data() {
                Data::List(_) => part.children().for_each(|item| parts.add_below(item)),
                _ => parts.add_below(part),
            }
        }
        parts
    }

    /// Adds a part of the element.
    fn add_below(&mut self, part: Value<'_>) {
        if let Data::Set(_) = part.data() {
            self.below = self.below.with(part.names());
            part.children().for_each(|below| self.words = self.words.with(words_in(below)));
        } else {
            self.words = self.words.with(words_of(part));
        }
    }
}

/// Returns the words of the values of a part that may repeat.
fn words_in(part: Value<'_>) -> Outline {
    match part.data() {
        Data::List(_) => part.children().map(words_of).fold(Outline::EMPTY, Outline::with),
        _ => words_of(part),
    }
}

/// Returns the word of a value. A switch may be written with two. What does not start with a letter is no word that a row names.
fn words_of(value: Value<'_>) -> Outline {
    const ON: Outline = Outline::of("yes").with(Outline::of("on"));
    const OFF: Outline = Outline::of("no").with(Outline::of("off"));
    match value.data() {
        Data::Text(text) if starts_word(text) => Outline::of(text),
        Data::Bool(on) => {
            if *on {
                ON
            } else {
                OFF
            }
        }
        Data::Unknown => Outline::ALL,
        _ => Outline::EMPTY,
    }
}

/// What the conditions of a row need.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// What the element has to have.
    all: Parts,
    /// What the element has to have something of, of each kind.
    some: Parts,
}

impl Needs {
    /// Returns the needs of conditions that all have to hold.
    pub(super) const fn of(tests: &[Test]) -> Needs {
        let mut needs = Needs { all: Parts::NONE, some: Parts::ALL };
        let mut at = 0;
        while at < tests.len() {
            match &tests[at] {
                Test::Any(tests) => needs.narrow(either(tests)),
                Test::AnyOf(path, tests) => {
                    needs.all = needs.all.with(parts_at(path));
                    if end_of_name(path.as_bytes(), 0) == path.len() {
                        needs.narrow(Parts { below: either(tests).own, ..Parts::ALL });
                    }
                }
                Test::Is(path, words) if words.len() > 1 => {
                    needs.all = needs.all.with(parts_at(path));
                    needs.narrow(either(&[Test::Is(path, words)]));
                }
                test => needs.all = needs.all.with(parts_of(test)),
            }
            at += 1;
        }
        needs
    }

    /// Takes each kind of alternatives that says more than the known ones.
    const fn narrow(&mut self, Parts { own, below, words }: Parts) {
        if !own.is_all() {
            self.some.own = own;
        }
        if !below.is_all() {
            self.some.below = below;
        }
        if !words.is_all() {
            self.some.words = words;
        }
    }

    /// Returns whether the conditions may hold for an element with these parts.
    #[inline]
    pub(super) fn may_hold(&self, element: Parts) -> bool {
        let Needs { all, some } = self;
        element.own.may_have(all.own)
            && element.below.may_have(all.below)
            && element.words.may_have(all.words)
            && element.own.may_share(some.own)
            && element.below.may_share(some.below)
            && element.words.may_share(some.words)
    }
}

/// Returns what one of the conditions needs; everything of a kind of which a condition needs nothing.
const fn either(tests: &[Test]) -> Parts {
    let mut either = Parts::NONE;
    let mut at = 0;
    while at < tests.len() {
        let Parts { own, below, words } = parts_of(&tests[at]);
        either.own = either.own.with(if own.is_empty() { Outline::ALL } else { own });
        either.below = either.below.with(if below.is_empty() { Outline::ALL } else { below });
        either.words = either.words.with(if words.is_empty() { Outline::ALL } else { words });
        at += 1;
    }
    either
}

/// Returns the parts that a condition needs.
const fn parts_of(test: &Test) -> Parts {
    match test {
        Test::Has(path)
        | Test::Given(path)
        | Test::Other(path, _)
        | Test::Text(path, _)
        | Test::Below(path, _)
        | Test::Above(path, _) => parts_at(path),
        Test::Is(path, words) => Parts { words: words_at(path, words), ..parts_at(path) },
        Test::AnyOf(path, _) => parts_at(path),
        Test::Lacks(_) | Test::Not(..) | Test::Any(_) | Test::Whole(_) | Test::That(_) => Parts::NONE,
    }
}

/// Returns the parts on a path, as far as they are known.
const fn parts_at(path: &str) -> Parts {
    let text = path.as_bytes();
    let first = end_of_name(text, 0);
    let second = end_of_name(text, first + 1);
    let below = if first < text.len() { Outline::between(text, first + 1, second) } else { Outline::EMPTY };
    Parts { own: Outline::between(text, 0, first), below, words: Outline::EMPTY }
}

/// Returns whether a text starts with a letter.
const fn starts_word(text: &str) -> bool {
    matches!(text.as_bytes(), [first, ..] if first.is_ascii_alphabetic())
}

/// Returns the words that the part at a path may be; none if the values there are not known. Numbers have no words.
const fn words_at(path: &str, words: &[&str]) -> Outline {
    let text = path.as_bytes();
    let mut known = Outline::EMPTY;
    let mut at = 0;
    while at < words.len() {
        if !starts_word(words[at]) || end_of_name(text, end_of_name(text, 0) + 1) < text.len() {
            return Outline::EMPTY;
        }
        known = known.with(Outline::of(words[at]));
        at += 1;
    }
    known
}

/// Returns where the name that starts at a position of a path ends.
const fn end_of_name(path: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < path.len() && path[at] != b'.' {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{Needs, Parts};
    use crate::engine::json;
    use crate::rules::refusal::Test::{self, Any, AnyOf, Has, Is, Lacks};

    fn may_hold(tests: &[Test], element: &str) -> bool {
        let element = json::parse(element).expect("it is JSON");
        Needs::of(tests).may_hold(Parts::of(element.root()))
    }

    #[test]
    fn an_element_without_a_part_needs_no_look() {
        let disk = r#"{ "type": "file", "driver": [{ "type": "raw" }], "readonly": true, "source": { "file": "/a" } }"#;
        for tests in [
            &[Has("driver")] as &[_],
            &[Has("driver.type"), Lacks("target")],
            &[Is("driver.type", &["raw"])],
            &[Is("driver.type", &["qcow2", "raw"])],
            &[Any(&[Has("target"), Has("readonly")])],
            &[Any(&[Has("target"), Has("driver.type")])],
            &[Any(&[Has("target"), Lacks("driver.type")])],
            &[AnyOf("driver", &[Has("queues"), Has("type")])],
            &[AnyOf("driver", &[Has("queues"), Lacks("iommu")])],
            &[Is("readonly", &["yes"])],
            &[Is("source.file.deeper", &["word"])],
            &[],
        ] {
            assert!(may_hold(tests, disk), "{tests:?}");
        }
        assert!(may_hold(&[Lacks("driver")], "{}"));
        assert!(!may_hold(&[Has("driver")], "{}"));
        for tests in [
            &[Has("target")] as &[_],
            &[Has("driver.cache")],
            &[Has("driver"), Is("type", &["block"])],
            &[Is("driver.type", &["qcow2", "vmdk"])],
            &[Any(&[Has("target"), Has("geometry")])],
            &[Any(&[Has("driver.queues"), Has("driver.iommu")])],
            &[AnyOf("driver", &[Has("queues"), Has("iommu")])],
            &[AnyOf("target", &[Lacks("iommu")])],
        ] {
            assert!(!may_hold(tests, disk), "{tests:?}");
        }
    }
}
