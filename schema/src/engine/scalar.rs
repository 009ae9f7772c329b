//! Scalars: the types of attributes and texts.

use crate::engine::message;
use crate::engine::pattern::Pattern;
use crate::engine::problem::listing;
use crate::engine::release::Release;
use crate::engine::size::{self, Unit};
use crate::engine::table::{FieldType, Type};
use crate::engine::value::Data;
use crate::engine::xml::trim;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// Type of an attribute or of the text of an element.
#[derive(Debug)]
pub enum Scalar {
    /// Any text.
    Text,
    /// Text that matches a pattern.
    Pattern(&'static Pattern),
    /// Whole number.
    Int {
        /// Minimum.
        min: i64,
        /// Maximum.
        max: u64,
    },
    /// Number that libvirt writes in hexadecimal. In a spec, a number or a string of hexadecimal digits.
    Hex {
        /// Minimum number of digits in XML.
        digits: u8,
        /// Maximum.
        max: u64,
    },
    /// Whole number of a unit. In a spec, also a size with a unit, which is converted.
    Size {
        /// Whole number.
        number: &'static Scalar,
        /// Unit that libvirt counts in.
        unit: Unit,
    },
    /// Number that may have a fraction.
    Float,
    /// `true` or `false`, for which libvirt has words.
    Switch {
        /// Word for `true`.
        on: &'static str,
        /// Word for `false`.
        off: &'static str,
    },
    /// One of several words.
    Enum(Enum),
    /// Value of any of several scalars. The first that accepts the value counts.
    Either(&'static [&'static Scalar]),
}

/// Enum: one of several words.
#[derive(Debug)]
pub struct Enum {
    /// Name of the Rust type and of the definition in the JSON Schema.
    pub name: &'static str,
    /// Description of the type.
    pub doc: &'static str,
    /// Words, in the order in which messages list them.
    pub words: &'static [Word],
}

/// Word of an enum.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// The word itself.
    pub word: &'static str,
    /// Description of its meaning; empty if the word speaks for itself.
    pub doc: &'static str,
    /// Release of libvirt that introduced the word. `None` if it is older than any that matters.
    pub since: Option<Release>,
    /// Other text that libvirt reads like the word, such as a number.
    pub same: Option<&'static str>,
}

/// Words that `true` and `false` stand for, if an enum has them.
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
    /// Returns the word for `true` or `false`, if the enum has one.
    pub fn switch(&self, on: bool) -> Option<&'static str> {
        let meant = if on { SWITCHES.on } else { SWITCHES.off };
        self.words.iter().map(|it| it.word).find(|word| meant.contains(word))
    }
}

/// Reason why a scalar does not accept a value.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// The value has another type: a list, or text instead of a number.
    Kind,
    /// The number is out of range.
    Range,
    /// The word is not one of the known words.
    Unknown,
    /// The text does not match the pattern.
    Form,
    /// The size is no whole number of the unit, or the number is out of range.
    Size,
}

impl Scalar {
    /// Returns the text in XML for a value of a spec.
    pub fn print<'a>(&self, data: &'a Data<'_>) -> Result<Cow<'a, str>, Refused> {
        match (self, data) {
            (Scalar::Switch { on, off }, Data::Bool(it)) => Ok(Cow::Borrowed(if *it { on } else { off })),
            (Scalar::Enum(words), Data::Bool(it)) => words.switch(*it).map(Cow::Borrowed).ok_or(Refused::Kind),
            (_, Data::Text(text)) => self.print_text(text),
            (Scalar::Int { min, max }, Data::Int(it)) if it < min || u64::try_from(*it).is_ok_and(|it| it > *max) => {
                Err(Refused::Range)
            }
            (Scalar::Size { number, .. }, _) => number.print(data),
            (Scalar::Hex { digits, max }, Data::Int(it)) => {
                u64::try_from(*it).ok().and_then(|it| hex(it, *digits, *max)).ok_or(Refused::Range)
            }
            (Scalar::Int { .. } | Scalar::Text | Scalar::Float, Data::Int(it)) => Ok(Cow::Owned(it.to_string())),
            // A number in place of text, as in `octal = 755` or `version = 2`.
            (Scalar::Pattern(_) | Scalar::Enum(_), Data::Int(it)) => self.print_owned(it.to_string()),
            (Scalar::Float | Scalar::Text, Data::Float(it)) if it.is_finite() => Ok(Cow::Owned(it.to_string())),
            (Scalar::Either(words), _) => first(words, |word| word.print(data)),
            _ => Err(Refused::Kind),
        }
    }

    fn print_owned<'a>(&self, text: String) -> Result<Cow<'a, str>, Refused> {
        self.print_text(&text).map(|printed| Cow::Owned(printed.into_owned()))
    }

    /// Returns the text in XML for a text of a spec.
    pub fn print_text<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, Refused> {
        let fits = |fits: bool, or: Refused| if fits { Ok(Cow::Borrowed(text)) } else { Err(or) };
        match self {
            Scalar::Text => Ok(Cow::Borrowed(text)),
            Scalar::Pattern(pattern) => fits(pattern.matches(text), Refused::Form),
            Scalar::Int { min, max } => match text.parse::<i128>() {
                Ok(it) if is_number(text) => {
                    fits(it >= i128::from(*min) && it <= i128::from(*max), Refused::Range)?;
                    // libvirt's schemas do not accept 007 or -0 everywhere.
                    let plain = it.to_string();
                    Ok(if plain == text { Cow::Borrowed(text) } else { Cow::Owned(plain) })
                }
                _ => Err(Refused::Kind),
            },
            Scalar::Size { number, unit } => {
                let size = size::split(text).and_then(|(count, name)| Some((count, size::bytes_in(name)?)));
                let Some((count, bytes)) = size else { return number.print_text(text) };
                let counted = unit.count(count, bytes).and_then(|it| number.print_owned(it.to_string()).ok());
                counted.ok_or(Refused::Size)
            }
            Scalar::Hex { digits, max } => {
                let bare = text.strip_prefix("0x").unwrap_or(text);
                let is_hex = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
                fits(is_hex, Refused::Kind)?;
                u64::from_str_radix(bare, 16).ok().and_then(|it| hex(it, *digits, *max)).ok_or(Refused::Range)
            }
            Scalar::Float => fits(is_float(text), Refused::Kind),
            Scalar::Switch { on, off } => fits(text == *on || text == *off, Refused::Unknown),
            Scalar::Enum(it) => fits(it.words.iter().any(|it| it.word == text), Refused::Unknown),
            Scalar::Either(words) => first(words, |word| word.print_text(text)),
        }
    }

    /// Returns the value in a spec for a text of XML. `None` if the text is not valid.
    pub fn read(&self, text: &str) -> Option<Data<'static>> {
        let trimmed = trim(text);
        match self {
            Scalar::Int { .. } | Scalar::Hex { .. } => {
                let number = match whole(trimmed, matches!(self, Scalar::Hex { .. })) {
                    Some(number) => Data::Int(number),
                    // A number beyond Nix's range stays text.
                    None => Data::Text(self.print_text(trimmed).ok()?.into_owned().into()),
                };
                self.print(&number).is_ok().then_some(number)
            }
            Scalar::Switch { on, .. } if trimmed == *on => Some(Data::Bool(true)),
            Scalar::Switch { off, .. } if trimmed == *off => Some(Data::Bool(false)),
            Scalar::Switch { .. } => None,
            Scalar::Size { number, .. } => number.read(text),
            Scalar::Either(words) => words.iter().find_map(|word| word.read(text)),
            // White space around a text counts if it is valid.
            _ => [text, trimmed]
                .into_iter()
                .find(|text| self.print_text(text).is_ok())
                .map(|text| Data::Text(text.to_owned().into())),
        }
    }

    /// Returns the least and the largest number of a size. No number of Nix is larger than `i64::MAX`.
    pub fn range(&self) -> (i64, i64) {
        match self {
            Scalar::Int { min, max } => ((*min).max(0), i64::try_from(*max).unwrap_or(i64::MAX)),
            Scalar::Size { number, .. } => number.range(),
            _ => (0, i64::MAX),
        }
    }

    /// Returns whether libvirt reads two texts alike.
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        let [one, other] = [one, other].map(trim);
        one == other || self.normal(one).is_some_and(|normal| self.normal(other) == Some(normal))
    }

    /// Returns the one spelling of all texts that libvirt reads like this one. `None` if the scalar does not accept the text.
    fn normal<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        match self {
            Scalar::Int { min: -1, max: LARGEST_ID } if whole(text, false) == Some(LARGEST_ID as i64) => {
                Some(Cow::Borrowed("-1"))
            }
            Scalar::Int { .. } | Scalar::Hex { .. } => {
                whole(text, matches!(self, Scalar::Hex { .. })).map(|number| Cow::Owned(number.to_string()))
            }
            Scalar::Float => text.parse::<f64>().ok().map(|number| Cow::Owned(number.to_string())),
            Scalar::Pattern(pattern) => pattern.normal(text),
            Scalar::Either(words) => words.iter().find_map(|word| word.normal(text)),
            // A definition holds the number alone.
            Scalar::Size { number, .. } => number.normal(text),
            Scalar::Text => Some(Cow::Borrowed(text)),
            Scalar::Switch { on, off } => (text == *on || text == *off).then_some(Cow::Borrowed(text)),
            Scalar::Enum(it) => {
                let word = it.words.iter().find(|it| it.word == text)?;
                Some(Cow::Borrowed(word.same.unwrap_or(word.word)))
            }
        }
    }

    /// Returns the known words, for a suggestion.
    pub fn known(&self) -> Vec<&'static str> {
        match self {
            Scalar::Switch { on, off } => vec![on, off],
            Scalar::Enum(it) => it.words.iter().map(|it| it.word).collect(),
            Scalar::Either(words) => words.iter().flat_map(|word| word.known()).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the release of libvirt that introduced the value with that text in XML.
    pub fn since(&self, text: &str) -> Option<Release> {
        match self {
            Scalar::Enum(it) => it.words.iter().find(|it| it.word == text)?.since,
            Scalar::Pattern(pattern) => pattern.since,
            Scalar::Either(all) => all.iter().find(|scalar| scalar.print_text(text).is_ok())?.since(text),
            _ => None,
        }
    }

    /// Returns what messages call a value: "disk bus", or just "value".
    pub fn noun(&self) -> Cow<'static, str> {
        match self {
            Scalar::Pattern(pattern) => Cow::Borrowed(pattern.noun),
            Scalar::Enum(it) if !it.name.is_empty() => Cow::Owned(noun(it.name)),
            Scalar::Either(words) => words[0].noun(),
            _ => Cow::Borrowed("value"),
        }
    }
}

/// Describes a valid value for messages: "a number from 1 to 16".
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Text => f.write_str(message::string()),
            Scalar::Pattern(pattern) => f.write_str(pattern.form),
            Scalar::Int { min, max } if *max >= i64::MAX as u64 => match *min {
                i64::MIN => f.write_str(message::whole_number()),
                _ => f.write_str(&message::whole_number_from(min)),
            },
            Scalar::Int { min, max } => f.write_str(&message::whole_number_between(min, max)),
            Scalar::Size { number, .. } => {
                f.write_str(&message::either(number.to_string(), message::size(size::EXAMPLE)))
            }
            Scalar::Hex { digits, max } if *max == most(*digits) => f.write_str(&message::hexadecimal(digits)),
            Scalar::Hex { max, .. } => f.write_str(&message::hexadecimal_up_to(max, format!("{max:x}"))),
            Scalar::Float => f.write_str(message::number()),
            Scalar::Switch { .. } => f.write_str(message::switch()),
            Scalar::Enum(it) => match it.words {
                [only] => write!(f, "{:?}", only.word),
                words => f.write_str(&listing(words.iter().map(|it| it.word))),
            },
            Scalar::Either(words) => {
                let all = words.iter().map(|word| word.to_string()).reduce(message::either);
                f.write_str(&all.unwrap_or_default())
            }
        }
    }
}

/// Returns the name of a type as a noun: `DiskBus` is "disk bus".
pub(crate) fn noun(name: &str) -> String {
    let mut starts: Vec<_> =
        name.char_indices().filter(|(_, letter)| letter.is_uppercase()).map(|(at, _)| at).collect();
    starts.push(name.len());
    let words: Vec<_> = starts.windows(2).map(|ends| word(&name[ends[0]..ends[1]])).collect();
    words.join(" ")
}

/// Returns a part of a type's name as people write it.
fn word(part: &str) -> Cow<'_, str> {
    Cow::Borrowed(match part {
        "Acpi" | "Aia" | "Aio" | "Ccw" | "Cpu" | "Drm" | "Gic" | "Hpt" | "Ibs" | "Ide" | "Iommu" | "Ip" | "Lxc"
        | "Mac" | "Numa" | "Nvme" | "Os" | "Pci" | "Rng" | "Scsi" | "Sgio" | "Smbios" | "Tpm" | "Tsc" | "Usb"
        | "Vga" | "Vlan" | "Vnc" => return Cow::Owned(part.to_uppercase()),
        "Hostdev" => "host device",
        "Io" => "I/O",
        "Ioapic" => "I/O APIC",
        "Msrs" => "MSR",
        "Nodedev" => "node device",
        "Nwfilter" => "network filter",
        "Redirdev" => "redirected device",
        "Vcpu" => "vCPU",
        "Xen" => "Xen",
        _ => return Cow::Owned(part.to_lowercase()),
    })
}

/// Returns what the first scalar that accepts the value prints, or the most specific reason of the others.
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

/// Returns the largest number with that many hexadecimal digits.
const fn most(digits: u8) -> u64 {
    if digits < 16 { (1 << (4 * digits)) - 1 } else { u64::MAX }
}

/// Returns the whole number that a text of XML denotes, in any form that libvirt reads. A number that may be
/// hexadecimal is so if it starts with a zero.
fn whole(text: &str, is_hex: bool) -> Option<i64> {
    let starts_hex = text.starts_with('0') && text.len() > 1;
    match text.strip_prefix("0x") {
        Some(digits) => hexadecimal(digits),
        None if is_number(text) && !(is_hex && starts_hex) => text.parse().ok(),
        None if is_hex => hexadecimal(text),
        None => None,
    }
}

/// Returns the number of hexadecimal digits, if it is in Nix's range.
fn hexadecimal(digits: &str) -> Option<i64> {
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    i64::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// Returns whether a text is a whole number as in libvirt's schemas: digits, perhaps after a minus, but not `-0`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').filter(|digits| !digits.starts_with('0')).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a text is a number that may have a fraction: digits, perhaps after a minus, and perhaps a point with
/// more digits.
fn is_float(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    [digits, fraction].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Assigns scalars to Rust types: `Type => Scalar`.
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

/// Switch that libvirt writes as `yes` or `no`.
pub struct YesNo;

/// Switch that libvirt writes as `on` or `off`.
pub struct OnOff;

/// Largest user or group ID. In its 32 bits, it is the same as -1.
const LARGEST_ID: u64 = u32::MAX as u64;

/// Whole number from `MIN` to `MAX`.
pub struct Int<const MIN: i64, const MAX: u64>;

impl<const MIN: i64, const MAX: u64> FieldType for Int<MIN, MAX> {
    const TYPE: Type = Type::Scalar(&Scalar::Int { min: MIN, max: MAX });
}

/// Number with at least that many hexadecimal digits in XML, such as an ID or an address. The maximum is `MAX`, or the
/// largest number with that many digits.
pub struct Hex<const DIGITS: u8, const MAX: u64 = { u64::MAX }>;

impl<const DIGITS: u8, const MAX: u64> Hex<DIGITS, MAX> {
    const SCALAR: Scalar = Scalar::Hex { digits: DIGITS, max: if MAX == u64::MAX { most(DIGITS) } else { MAX } };
}

impl<const DIGITS: u8, const MAX: u64> FieldType for Hex<DIGITS, MAX> {
    const TYPE: Type = Type::Scalar(&Self::SCALAR);
}

/// Number `N` of a unit of that many bytes. In a spec, also a size with a unit, which is converted: `"16 MiB"`.
pub struct InUnit<N, const BYTES: i64>(PhantomData<N>);

impl<N: FieldType, const BYTES: i64> FieldType for InUnit<N, BYTES> {
    const TYPE: Type = Type::Scalar(&Scalar::Size { number: N::TYPE.scalar(), unit: Unit::of(BYTES) });
}

/// Value of the first type or of the second.
pub struct Either<A, B>(PhantomData<(A, B)>);

impl<A: FieldType, B: FieldType> FieldType for Either<A, B> {
    const TYPE: Type = Type::Scalar(&Scalar::Either(&[A::TYPE.scalar(), B::TYPE.scalar()]));
}

/// Empty element, which is `true` in a spec: `<readonly/>`.
pub struct Present;

impl FieldType for Present {
    const TYPE: Type = Type::Present;
}

/// XML of any kind, such as the content of `<metadata>`.
pub struct Xml;

impl FieldType for Xml {
    const TYPE: Type = Type::Xml;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_among_words() {
        const fn word(word: &'static str) -> Word {
            Word { word, doc: "", since: None, same: None }
        }
        let words = const { &[word("io"), word("on"), word("off")] };
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
    fn sizes_are_counted_in_the_unit() {
        let word = InUnit::<u32, 1024>::TYPE.scalar();
        let print = |text: &'static str| word.print(&Data::Text(text.into())).map(Cow::into_owned);
        assert_eq!(print("16 MiB"), Ok("16384".to_owned()));
        assert_eq!(print("16384"), Ok("16384".to_owned()));
        assert_eq!(word.print(&Data::Int(16384)), Ok("16384".into()));
        assert_eq!(print("1 kBs"), Err(Refused::Kind));
        assert_eq!(print("1 KB"), Err(Refused::Size));
        assert_eq!(print("4 TiB"), Err(Refused::Size));
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
