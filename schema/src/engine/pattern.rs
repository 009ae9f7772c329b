//! Text patterns: each is a type, a regular expression, and a description for messages.

use crate::engine::release::Release;
use regex_lite::Regex;
use std::borrow::Cow;

/// Text pattern: a named regular expression for strings in a spec.
#[derive(Debug)]
pub struct Pattern {
    /// Name of the Rust type and of the definition in the JSON Schema.
    pub name: &'static str,
    /// Noun for messages, such as "disk name".
    pub noun: &'static str,
    /// Description of matching text for messages, such as "a MAC address, e.g. 52:54:00:6b:3c:58".
    pub form: &'static str,
    /// Regular expression that matches the whole text.
    pub regex: &'static str,
    /// Release of libvirt since which it accepts such texts. `None` if it is older than any that matters.
    pub since: Option<Release>,
    /// Function equivalent to the regular expression but faster, for patterns that every object uses.
    quick: Option<fn(&str) -> bool>,
    /// Function that returns the one spelling of all texts that mean the same.
    normal: Option<fn(&str) -> String>,
    /// Function that returns the regular expression, compiled on first use.
    expression: fn() -> &'static Regex,
}

impl Pattern {
    pub(crate) const fn new(
        name: &'static str,
        noun: &'static str,
        form: &'static str,
        regex: &'static str,
        quick: Option<fn(&str) -> bool>,
        normal: Option<fn(&str) -> String>,
        expression: fn() -> &'static Regex,
    ) -> Self {
        Pattern { name, noun, form, regex, since: None, quick, normal, expression }
    }

    pub(crate) const fn since(self, since: Option<Release>) -> Self {
        Pattern { since, ..self }
    }

    /// Returns whether a text matches the pattern.
    pub fn matches(&self, text: &str) -> bool {
        match self.quick {
            Some(quick) => quick(text),
            None => self.matches_expression(text),
        }
    }

    /// Returns whether a text matches the regular expression, for quick checks that know only some texts.
    pub(crate) fn matches_expression(&self, text: &str) -> bool {
        (self.expression)().is_match(text)
    }

    /// Returns the one spelling of all texts that mean the same as this one. `None` if the text does not match.
    pub fn normal<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        self.matches(text).then(|| self.normal.map_or(Cow::Borrowed(text), |normal| Cow::Owned(normal(text))))
    }

    /// Returns the regular expression anchored at both ends.
    pub fn anchored(&self) -> String {
        anchored(self.regex)
    }
}

fn anchored(regex: &str) -> String {
    format!("^(?:{regex})$")
}

/// Compiles a regular expression that matches the whole text.
pub(crate) fn compile(regex: &str) -> Regex {
    Regex::new(&anchored(regex)).expect("a test compiles every pattern")
}

/// Declares patterns: `Name = "noun", "form", r"regex"`, optionally followed by `[since 12, 8]`, the release of libvirt since
/// which it accepts such texts, by `, function`, a fast equivalent check, and by `=> function`, which returns the one
/// spelling of all texts that mean the same.
macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $noun:literal, $form:literal, $regex:literal $([since $major:literal, $minor:literal])? $(, $quick:expr)? $(=> $normal:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl $crate::engine::table::FieldType for $name {
                const TYPE: $crate::engine::table::Type =
                    $crate::engine::table::Type::Scalar(&$crate::engine::scalar::Scalar::Pattern(&$crate::engine::pattern::Pattern::new(
                        stringify!($name),
                        $noun,
                        $form,
                        $regex,
                        $crate::engine::pattern::patterns!(@function $($quick)?),
                        $crate::engine::pattern::patterns!(@function $($normal)?),
                        || {
                            static EXPRESSION: std::sync::OnceLock<regex_lite::Regex> = std::sync::OnceLock::new();
                            EXPRESSION.get_or_init(|| $crate::engine::pattern::compile($regex))
                        },
                    ).since($crate::engine::pattern::patterns!(@since $($major, $minor)?))));
            }
        )*

        #[cfg(test)]
        #[test]
        fn patterns_say_what_their_expressions_say() {
            $crate::engine::pattern::tests::say_what_their_expressions_say(&[$(<$name as $crate::engine::table::FieldType>::TYPE),*]);
        }
    };
    (@since) => { None };
    (@since $major:literal, $minor:literal) => {
        Some($crate::engine::release::Release { major: $major, minor: $minor })
    };
    (@function) => { None };
    (@function $function:expr) => { Some($function) };
}
pub(crate) use patterns;

#[cfg(test)]
pub(crate) mod tests {
    use crate::engine::scalar::Scalar;
    use crate::engine::table::Type;

    pub(crate) fn say_what_their_expressions_say(patterns: &[Type]) {
        let samples = [
            "",
            "a",
            "a/b",
            "/",
            "/a",
            "/a\n",
            "/a\r",
            "/a\rb",
            "C:\\",
            "C:\\x",
            "a\nb",
            "52:54:00:6b:3c:58",
            "53:54:00:6b:3c:58",
            "52-54-00-6b-3c-58",
            "52:54:00:6b:3c",
            "6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11",
            "6c8f9b9e6d6b4c0e9d2e4d9b0f8f0b11",
            "6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b1g",
            "6c8f9b9e+6d6b-4c0e-9d2e-4d9b0f8f0b11",
            "GiB",
            "gib",
            "Gi",
            "bytes",
            "byt",
            "k",
            "KB",
            "Gib",
            "xb",
            "äöü",
            "eth0.1",
            "a b",
            "x+y_z-1",
            "192.168.1.1",
            "::ffff:192.168.1.1",
            "...",
            "..",
            ".",
            ". ",
            ".\n",
            "vda",
            "xvd_1",
            "ioemu:hda",
            "vd",
            "vda-1",
        ];
        for ty in patterns {
            let Scalar::Pattern(pattern) = ty.scalar() else { unreachable!("they are patterns") };
            for sample in samples {
                assert_eq!(
                    pattern.matches(sample),
                    (pattern.expression)().is_match(sample),
                    "{} of {sample:?}",
                    pattern.name
                );
            }
        }
    }
}
