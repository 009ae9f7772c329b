//! Outlines: words as bits. An outline tells at once that a word is not among others, and may be wrong only in telling that
//! it is: most of what rules ask for is absent. A sketch does the same for a single word.

/// Length of a word and three of its letters, as a number. Most words differ in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch(u32);

impl Sketch {
    /// Returns the sketch of a word.
    #[inline]
    pub const fn of(word: &str) -> Sketch {
        Sketch::between(word.as_bytes(), 0, word.len())
    }

    /// Returns the sketch of the word between two positions of a text.
    #[inline]
    const fn between(text: &[u8], start: usize, end: usize) -> Sketch {
        if start >= end {
            return Sketch(0);
        }
        let length = (end - start) as u32;
        let (first, middle, last) = (text[start] as u32, text[(start + end) / 2] as u32, text[end - 1] as u32);
        Sketch(length ^ (first << 8) ^ (middle << 16) ^ (last << 24))
    }

    /// Returns the number.
    #[inline]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Set of words, each of them one of 64 bits.
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
        Outline::between(word.as_bytes(), 0, word.len())
    }

    /// Returns the set of the word between two positions of a text.
    #[inline]
    pub const fn between(text: &[u8], start: usize, end: usize) -> Outline {
        Outline::of_sketch(Sketch::between(text, start, end))
    }

    /// Returns the set of one word, given its sketch.
    #[inline]
    pub const fn of_sketch(Sketch(mixed): Sketch) -> Outline {
        Outline(1 << (mixed.wrapping_mul(0x9e37_79b1) >> 26))
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
        some.0 & self.0 != 0 || some.is_all()
    }
}

#[cfg(test)]
mod tests {
    use super::Outline;

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
