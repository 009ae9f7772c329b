//! Outlines: words as bits. An outline tells at once that a word is not among others, and may be wrong only in telling that
//! it is: most of what rules ask for is absent. A sketch does the same for a single word.

/// Word as a number: all letters of a word of up to eight bytes, the first and the last letters of a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sketch(u64);

impl Sketch {
    /// Last byte of the sketch of a long word. No text has it, nor the bytes behind a short word, which have all bits.
    const LONG: u64 = 0xfe << 56;

    /// Returns the sketch of a word.
    #[inline]
    pub const fn of(word: &str) -> Sketch {
        Sketch::of_bytes(word.as_bytes())
    }

    #[inline]
    const fn of_bytes(word: &[u8]) -> Sketch {
        let length = word.len();
        let letters = match (word.first_chunk(), word.last_chunk()) {
            (Some(first), Some(last)) => {
                let (first, last) = (u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64);
                if length > 8 {
                    return Sketch(first | (last >> 8 << 32) | Sketch::LONG);
                }
                first | (last << (8 * (length - 4)))
            }
            _ if length == 0 => 0,
            _ => {
                let (middle, last) = (length / 2, length - 1);
                word[0] as u64 | ((word[middle] as u64) << (8 * middle)) | ((word[last] as u64) << (8 * last))
            }
        };
        Sketch(if length == 8 { letters } else { letters | (u64::MAX << (8 * length)) })
    }

    /// Returns the number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Returns whether words with the sketch may differ.
    #[inline]
    pub const fn is_of_long(self) -> bool {
        self.0 >> 56 == Sketch::LONG >> 56
    }
}

/// Word with its sketch. Two of them are compared without a look at their letters, unless they are long.
#[derive(Clone, Copy, Debug)]
pub struct Sketched<'a> {
    /// The word.
    pub word: &'a str,
    /// Sketch of the word.
    pub sketch: Sketch,
}

impl<'a> Sketched<'a> {
    /// Returns a word with its sketch.
    #[inline]
    pub fn of(word: &'a str) -> Self {
        Sketched { word, sketch: Sketch::of(word) }
    }

    /// Returns whether a word with the same sketch is the same word.
    #[inline]
    pub fn is_spelled(self, other: &str) -> bool {
        !self.sketch.is_of_long() || self.word == other
    }
}

impl PartialEq for Sketched<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.sketch == other.sketch && self.is_spelled(other.word)
    }
}

/// Set of words, each of them a bit of the lower and a bit of the upper 32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outline(u64);

impl Outline {
    /// The set without a word.
    pub const EMPTY: Outline = Outline(0);

    /// The set of all words.
    pub const ALL: Outline = Outline(u64::MAX);

    /// Returns the set of one word.
    #[inline]
    pub const fn of(word: &str) -> Outline {
        Outline::of_sketch(Sketch::of(word))
    }

    /// Returns the set of the word between two positions of a text.
    pub const fn between(text: &[u8], start: usize, end: usize) -> Outline {
        Outline::of_sketch(Sketch::of_bytes(text.split_at(end).0.split_at(start).1))
    }

    /// Returns the set of one word, given its sketch.
    #[inline]
    pub const fn of_sketch(Sketch(mixed): Sketch) -> Outline {
        let mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
        Outline((1 << (mixed & 31)) | (1 << (32 + (mixed >> 5))))
    }

    /// Returns whether the set has no word.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns whether the set has all words.
    pub const fn is_all(self) -> bool {
        self.0 == u64::MAX
    }

    /// Returns the words of both sets.
    #[inline]
    #[must_use]
    pub const fn with(self, other: Outline) -> Outline {
        Outline(self.0 | other.0)
    }

    /// Returns whether the set may have all words of another.
    #[inline]
    pub const fn may_have(self, all: Outline) -> bool {
        all.0 & !self.0 == 0
    }

    /// Returns whether the set may have a word of another, of which the set of all words asks nothing.
    #[inline]
    pub const fn may_share(self, some: Outline) -> bool {
        let shared = some.0 & self.0;
        (shared as u32 != 0 && shared >> 32 != 0) || some.is_all()
    }
}

#[cfg(test)]
mod tests {
    use super::{Outline, Sketched};

    #[test]
    fn words_that_differ_are_not_the_same() {
        let words = [
            "",
            "a",
            "aa",
            "ab",
            "aaa",
            "aba",
            "aaaa",
            "aaaaa",
            "a\0",
            "portoup",
            "portgoup",
            "portgroup",
            "port-group",
            "portagroup",
        ];
        for (at, one) in words.iter().enumerate() {
            for (other_at, other) in words.iter().enumerate() {
                assert_eq!(Sketched::of(one) == Sketched::of(other), at == other_at, "{one} {other}");
            }
        }
    }

    #[test]
    fn what_is_added_is_there() {
        let words = ["a", "driver", "target", ""];
        let all = words.iter().fold(Outline::EMPTY, |all, word| all.with(Outline::of(word)));
        assert!(words.iter().all(|word| all.may_have(Outline::of(word))));
        assert!(!Outline::EMPTY.may_have(Outline::of("")));
        assert!(!all.may_have(Outline::of("source")));
        assert!(all.may_share(Outline::of("a")) && !all.may_share(Outline::of("source")));
        assert!(Outline::EMPTY.may_share(Outline::ALL));
    }
}
