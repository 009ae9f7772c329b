//! Text of others on a terminal. Names, paths, titles, URIs and the messages of daemons can hold characters that move the
//! cursor, start a line of their own, or reverse the text. All text that this program prints for people passes through here.

use nixvirt_schema::engine::text::is_deceptive;
use std::borrow::Cow;

/// Returns text with each deceptive character and line break as an escape: `\n`, `\u{1b}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    escape(text, is_deceptive)
}

/// Returns text of several lines, such as a list of problems, with all other deceptive characters as escapes.
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    escape(text, |character| character != '\n' && is_deceptive(character))
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_escaped(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn characters() {
        let text = "ä → \u{1b}[2J \u{9b}31m \u{202e}txt\u{2066} \u{200f} \u{2028} \r\n\t\u{7f}\0 \\n";
        expect![[r"ä → \u{1b}[2J \u{9b}31m \u{202e}txt\u{2066} \u{200f} \u{2028} \r\n\t\u{7f}\u{0} \n"]]
            .assert_eq(&escaped(text));
        assert_eq!(escaped_lines("a\nb\r\n"), "a\nb\\r\n");
    }
}
