//! What a single attribute or text may hold.

use crate::engine::pattern::Pattern;
use crate::engine::problem::listing;
use crate::engine::table::{FieldType, Type};
use crate::engine::value::Data;
use crate::engine::xml::trim;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A set of words: what is written in one attribute or in one element's text.
#[derive(Debug)]
pub enum Scalar {
    /// Any text.
    Text,
    /// Text of a certain form.
    Pattern(&'static Pattern),
    /// A whole number.
    Int {
        /// The least that is allowed.
        min: i64,
        /// The most that is allowed.
        max: u64,
    },
    /// A number that libvirt writes in hexadecimal: a number here, or hexadecimal digits in a string.
    Hex {
        /// How many digits it is written with at least.
        digits: u8,
        /// The most that is allowed.
        max: u64,
    },
    /// A number that may have a fraction.
    Float,
    /// `true` or `false`, for which libvirt has words of its own.
    Switch {
        /// The word for `true`.
        on: &'static str,
        /// The word for `false`.
        off: &'static str,
    },
    /// One of a few words.
    Enum(Enum),
    /// Whatever one of several kinds allows; the first that fits is taken.
    Either(&'static [&'static Scalar]),
}

/// One of a few words.
#[derive(Debug)]
pub struct Enum {
    /// The name of the Rust type, which is its name in the JSON Schema.
    pub name: &'static str,
    /// What the words are about.
    pub doc: &'static str,
    /// The words, each with what it means.
    pub words: &'static [(&'static str, &'static str)],
}

/// Words that `true` and `false` stand for, where they are among those of an enum.
pub static SWITCHES: Switches = Switches { on: ["yes", "on", "true"], off: ["no", "off", "false"] };

/// Words for `true` and `false`.
#[derive(Debug, Serialize)]
pub struct Switches {
    /// Words for `true`.
    #[serde(rename = "true")]
    pub on: [&'static str; 3],
    /// Words for `false`.
    #[serde(rename = "false")]
    pub off: [&'static str; 3],
}

impl Enum {
    /// The word for `true` or `false`, if one of the words is that.
    pub fn switch(&self, on: bool) -> Option<&'static str> {
        let meant = if on { SWITCHES.on } else { SWITCHES.off };
        self.words.iter().map(|(word, _)| *word).find(|word| meant.contains(word))
    }
}

/// Why a value is not one of the words that are allowed.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is no single word or number at all, or of the wrong kind.
    Kind,
    /// It is a number out of range.
    Range,
    /// It is a word that is not known here.
    Unknown,
    /// It has not the form that is wanted.
    Form,
}

impl Scalar {
    /// The text that stands in XML for a value of a spec.
    pub fn print<'a>(&self, data: &'a Data<'_>) -> Result<Cow<'a, str>, Refused> {
        match (self, data) {
            (Scalar::Switch { on, off }, Data::Bool(it)) => Ok(Cow::Borrowed(if *it { on } else { off })),
            (Scalar::Enum(words), Data::Bool(it)) => words.switch(*it).map(Cow::Borrowed).ok_or(Refused::Kind),
            (_, Data::Text(text)) => self.print_text(text),
            (Scalar::Int { min, max }, Data::Int(it)) if it < min || u64::try_from(*it).is_ok_and(|it| it > *max) => {
                Err(Refused::Range)
            }
            (Scalar::Hex { digits, max }, Data::Int(it)) => {
                u64::try_from(*it).ok().and_then(|it| hex(it, *digits, *max)).ok_or(Refused::Range)
            }
            (Scalar::Int { .. } | Scalar::Text | Scalar::Float, Data::Int(it)) => Ok(Cow::Owned(it.to_string())),
            // A number where a form is wanted, as in `octal = 755` or `version = 2`.
            (Scalar::Pattern(_) | Scalar::Enum(_), Data::Int(it)) => self.print_owned(it.to_string()),
            (Scalar::Float | Scalar::Text, Data::Float(it)) if it.is_finite() => Ok(Cow::Owned(it.to_string())),
            (Scalar::Either(words), _) => first(words, |word| word.print(data)),
            _ => Err(Refused::Kind),
        }
    }

    fn print_owned<'a>(&self, text: String) -> Result<Cow<'a, str>, Refused> {
        self.print_text(&text).map(|printed| Cow::Owned(printed.into_owned()))
    }

    /// The text that stands in XML for a text of a spec.
    pub fn print_text<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, Refused> {
        let fits = |fits: bool, or: Refused| if fits { Ok(Cow::Borrowed(text)) } else { Err(or) };
        match self {
            Scalar::Text => Ok(Cow::Borrowed(text)),
            Scalar::Pattern(pattern) => fits(pattern.matches(text), Refused::Form),
            Scalar::Int { min, max } => match text.parse::<i128>() {
                Ok(it) if is_number(text) => {
                    fits(it >= i128::from(*min) && it <= i128::from(*max), Refused::Range)?;
                    // Libvirt's schemas do not take 007 or -0 everywhere.
                    let plain = it.to_string();
                    Ok(if plain == text { Cow::Borrowed(text) } else { Cow::Owned(plain) })
                }
                _ => Err(Refused::Kind),
            },
            Scalar::Hex { digits, max } => {
                let bare = text.strip_prefix("0x").unwrap_or(text);
                let is_hex = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
                fits(is_hex, Refused::Kind)?;
                u64::from_str_radix(bare, 16).ok().and_then(|it| hex(it, *digits, *max)).ok_or(Refused::Range)
            }
            Scalar::Float => fits(is_float(text), Refused::Kind),
            Scalar::Switch { on, off } => fits(text == *on || text == *off, Refused::Unknown),
            Scalar::Enum(it) => fits(it.words.iter().any(|(word, _)| *word == text), Refused::Unknown),
            Scalar::Either(words) => first(words, |word| word.print_text(text)),
        }
    }

    /// The value in a spec that a text of XML stands for; nothing where it is no such word.
    pub fn read(&self, text: &str) -> Option<Data<'static>> {
        let trimmed = trim(text);
        match self {
            Scalar::Int { .. } | Scalar::Hex { .. } => {
                let number = match whole(trimmed, matches!(self, Scalar::Hex { .. })) {
                    Some(number) => Data::Int(number),
                    // Numbers that Nix does not have stay text.
                    None => Data::Text(self.print_text(trimmed).ok()?.into_owned().into()),
                };
                self.print(&number).is_ok().then_some(number)
            }
            Scalar::Switch { on, .. } if trimmed == *on => Some(Data::Bool(true)),
            Scalar::Switch { off, .. } if trimmed == *off => Some(Data::Bool(false)),
            Scalar::Switch { .. } => None,
            Scalar::Either(words) => words.iter().find_map(|word| word.read(text)),
            // White space around a text is part of it where it may be.
            _ => [text, trimmed]
                .into_iter()
                .find(|text| self.print_text(text).is_ok())
                .map(|text| Data::Text(text.to_owned().into())),
        }
    }

    /// The words that are known, for a suggestion.
    pub fn known(&self) -> Vec<&'static str> {
        match self {
            Scalar::Switch { on, off } => vec![on, off],
            Scalar::Enum(it) => it.words.iter().map(|(word, _)| *word).collect(),
            Scalar::Either(words) => words.iter().flat_map(|word| word.known()).collect(),
            _ => Vec::new(),
        }
    }
}

/// What would be right, as messages say it: "a number from 1 to 16".
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Text => f.write_str("a string"),
            Scalar::Pattern(pattern) => f.write_str(pattern.what),
            Scalar::Int { min, max } if *max >= i64::MAX as u64 => match *min {
                i64::MIN => f.write_str("a whole number"),
                _ => write!(f, "a whole number of at least {min}"),
            },
            Scalar::Int { min, max } => write!(f, "a number from {min} to {max}"),
            Scalar::Hex { digits, max } if *max == most(*digits) => {
                write!(f, "a number or up to {digits} hexadecimal digits in a string")
            }
            Scalar::Hex { max, .. } => {
                write!(f, "a number from 0 to {max} or hexadecimal digits up to {max:x} in a string")
            }
            Scalar::Float => f.write_str("a number"),
            Scalar::Switch { on, off } => write!(f, "true or false (\"{on}\" or \"{off}\")"),
            Scalar::Enum(it) => match it.words {
                [(only, _)] => write!(f, "{only:?}"),
                words => write!(f, "{} ({})", spoken(it.name), listing(words.iter().map(|(word, _)| *word))),
            },
            Scalar::Either(words) => {
                let all: Vec<_> = words.iter().map(|word| word.to_string()).collect();
                f.write_str(&all.join(", or "))
            }
        }
    }
}

/// The name of a type as people say it: `DiskBus` is "a disk bus".
fn spoken(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    for letter in name.chars() {
        if letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    let article = if words.starts_with([' ']) && words[1..].starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article}{words}")
}

/// What the first of several words that takes the value makes of it; else why the most telling one refused it.
fn first<'a>(
    words: &[&'static Scalar],
    print: impl Fn(&Scalar) -> Result<Cow<'a, str>, Refused>,
) -> Result<Cow<'a, str>, Refused> {
    let mut why = Refused::Kind;
    for word in words {
        match print(word) {
            Err(Refused::Kind) => {}
            Err(other) => why = other,
            done => return done,
        }
    }
    Err(why)
}

fn hex<'a>(number: u64, digits: u8, max: u64) -> Option<Cow<'a, str>> {
    let width = usize::from(digits);
    (number <= max).then(|| Cow::Owned(format!("0x{number:0width$x}")))
}

/// The largest number of that many hexadecimal digits.
const fn most(digits: u8) -> u64 {
    if digits < 16 { (1 << (4 * digits)) - 1 } else { u64::MAX }
}

/// The whole number that a text of XML is, in any of the ways in which libvirt reads one. Where it may be hexadecimal,
/// it is so if it starts with a zero.
fn whole(text: &str, is_hex: bool) -> Option<i64> {
    let starts_hex = text.starts_with('0') && text.len() > 1;
    match text.strip_prefix("0x") {
        Some(digits) => hexadecimal(digits),
        None if is_number(text) && !(is_hex && starts_hex) => text.parse().ok(),
        None if is_hex => hexadecimal(text),
        None => None,
    }
}

/// The number of hexadecimal digits, where Nix has it.
fn hexadecimal(digits: &str) -> Option<i64> {
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    i64::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// Whether a text is a whole number as libvirt's schemas write one: digits, perhaps after a minus, but no `-0`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').filter(|digits| !digits.starts_with('0')).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a number that may have a fraction: digits, perhaps after a minus, and perhaps a point and
/// more digits.
fn is_float(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    [digits, fraction].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Gives types to words: `Type => Word`.
macro_rules! scalars {
    ($($ty:ty => $word:expr;)*) => { $(
        impl FieldType for $ty {
            const TYPE: Type = Type::Scalar(&$word);
        }
    )* };
}

macro_rules! numbers {
    ($($ty:ty),*) => { scalars! { $($ty => Scalar::Int { min: <$ty>::MIN as i64, max: <$ty>::MAX as u64 };)* } };
}
numbers!(u8, u16, u32, u64, i32, i64);

scalars! {
    String => Scalar::Text;
    f64 => Scalar::Float;
    YesNo => Scalar::Switch { on: "yes", off: "no" };
    OnOff => Scalar::Switch { on: "on", off: "off" };
}

/// A switch that libvirt writes as `yes` or `no`.
pub struct YesNo;

/// A switch that libvirt writes as `on` or `off`.
pub struct OnOff;

/// A whole number from `MIN` to `MAX`.
pub struct Int<const MIN: i64, const MAX: u64>;

impl<const MIN: i64, const MAX: u64> FieldType for Int<MIN, MAX> {
    const TYPE: Type = Type::Scalar(&Scalar::Int { min: MIN, max: MAX });
}

/// A number that is written with that many hexadecimal digits: an id or an address. It is `MAX` at most, or what
/// the digits can hold.
pub struct Hex<const DIGITS: u8, const MAX: u64 = { u64::MAX }>;

impl<const DIGITS: u8, const MAX: u64> Hex<DIGITS, MAX> {
    const SCALAR: Scalar = Scalar::Hex { digits: DIGITS, max: if MAX == u64::MAX { most(DIGITS) } else { MAX } };
}

impl<const DIGITS: u8, const MAX: u64> FieldType for Hex<DIGITS, MAX> {
    const TYPE: Type = Type::Scalar(&Self::SCALAR);
}

/// A word of the first kind, or of the second.
pub struct Either<A, B>(PhantomData<(A, B)>);

impl<A: FieldType, B: FieldType> FieldType for Either<A, B> {
    const TYPE: Type = Type::Scalar(&Scalar::Either(&[A::TYPE.scalar(), B::TYPE.scalar()]));
}

/// A part that says all by being there: `<readonly/>`, which is `true` in a spec.
pub struct Present;

impl FieldType for Present {
    const TYPE: Type = Type::Present;
}

/// XML of any kind, such as what `metadata` holds.
pub struct Xml;

impl FieldType for Xml {
    const TYPE: Type = Type::Xml;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_among_words() {
        let words = &[("io", ""), ("on", ""), ("off", "")];
        let word = Scalar::Enum(Enum { name: "", doc: "", words });
        assert_eq!(word.print(&Data::Bool(false)), Ok("off".into()));
        let word = Scalar::Enum(Enum { name: "", doc: "", words: &words[..1] });
        assert_eq!(word.print(&Data::Bool(true)), Err(Refused::Kind));
    }

    #[test]
    fn numbers_are_written_plainly() {
        let word = u8::TYPE.scalar();
        assert_eq!(word.print(&Data::Text("007".into())), Ok("7".into()));
        assert_eq!(word.print(&Data::Text("-0".into())), Err(Refused::Kind));
        assert_eq!(word.print(&Data::Text("0256".into())), Err(Refused::Range));
    }

    #[test]
    fn hexadecimal_numbers_have_a_most() {
        let word = Hex::<2, 31>::TYPE.scalar();
        assert_eq!(word.print(&Data::Int(31)), Ok("0x1f".into()));
        assert_eq!(word.print(&Data::Text("1f".into())), Ok("0x1f".into()));
        assert_eq!(word.print(&Data::Text("0x1F".into())), Ok("0x1f".into()));
        assert_eq!(word.print(&Data::Int(32)), Err(Refused::Range));
        assert_eq!(word.print(&Data::Text("20".into())), Err(Refused::Range));
    }
}
