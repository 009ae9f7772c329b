//! Reader for the output of `nixvirt_schema::engine::nix`: the part of the Nix language that it uses.

use nixvirt_schema::engine::text::is_deceptive;

/// What surrounds the digits of a character for which Nix has no escape.
const HIDDEN_START: &str = "${builtins.fromJSON ''\"\\u";
const HIDDEN_END: &str = "\"''}";

/// Returns the JSON of an expression, with its attributes in their order.
pub fn to_json(expression: &str) -> String {
    let mut reader = Reader { rest: expression, json: String::new() };
    reader.value();
    assert_eq!(reader.rest.trim_start(), "", "there is more");
    reader.json
}

struct Reader<'t> {
    rest: &'t str,
    json: String,
}

impl<'t> Reader<'t> {
    /// Skips a token, if it is next.
    fn takes(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start_matches([' ', '\n']);
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: &str) {
        assert!(self.takes(token), "no {token:?} before {:?}", self.rest);
    }

    /// Returns the next characters that satisfy a condition.
    fn while_is(&mut self, is: fn(char) -> bool) -> &'t str {
        let (taken, rest) = self.rest.split_at(self.rest.find(|it| !is(it)).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn value(&mut self) {
        if self.takes("{") {
            self.several('{', '}', Self::binding);
        } else if self.takes("[") {
            self.several('[', ']', Self::item);
        } else if self.takes("\"") {
            self.string();
        } else if let Some(word) = ["null", "true", "false"].into_iter().find(|word| self.takes(word)) {
            self.json.push_str(word);
        } else {
            self.number();
        }
    }

    /// Reads the values between brackets.
    fn several(&mut self, open: char, close: char, read: fn(&mut Self)) {
        let mut before = open;
        while !self.takes(close.encode_utf8(&mut [0; 4])) {
            self.json.push(before);
            read(self);
            before = ',';
        }
        self.json.extend((before == open).then_some(open));
        self.json.push(close);
    }

    /// Reads an item of a list, in which a negative number is in parentheses.
    fn item(&mut self) {
        if self.takes("(") {
            self.value();
            return self.expect(")");
        }
        assert!(!self.rest.starts_with('-'), "it would be subtracted: {:?}", self.rest);
        self.value();
    }

    /// Reads `a.b = value;` as `"a":{"b":value}`.
    fn binding(&mut self) {
        self.name();
        let mut depth = 0;
        while self.takes(".") {
            self.json.push_str(":{");
            self.name();
            depth += 1;
        }
        self.json.push(':');
        self.expect("=");
        self.value();
        self.expect(";");
        self.json.push_str(&"}".repeat(depth));
    }

    fn name(&mut self) {
        if self.takes("\"") {
            return self.string();
        }
        let name = self.while_is(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '\''));
        assert!(name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_'), "{name:?} is no name");
        self.json.push_str(&format!("{name:?}"));
    }

    /// Reads a string after its opening quote.
    fn string(&mut self) {
        let mut text = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            let next = |characters: &mut std::str::CharIndices<'_>| characters.next().expect("it ends").1;
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    self.json.push_str(&serde_json::to_string(&text).expect("it is a string"));
                    return;
                }
                '\\' => text.push(match next(&mut characters) {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    other => other,
                }),
                '$' => match self.rest[at + 1..].chars().next() {
                    // A dollar sign before another one is a plain character to Nix.
                    Some('$') => text.extend(['$', next(&mut characters)]),
                    Some('{') => {
                        // The only expression in a string is a character for which Nix has no escape.
                        let digits = self.rest[at..].strip_prefix(HIDDEN_START).and_then(|rest| rest.get(..4));
                        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                        let hidden = code.and_then(char::from_u32).expect("an expression in a string");
                        let end = &self.rest[at + HIDDEN_START.len() + 4..];
                        assert!(is_deceptive(hidden) && end.starts_with(HIDDEN_END), "an expression in a string");
                        text.push(hidden);
                        // The dollar sign has been taken.
                        let length = HIDDEN_START.len() + 4 + HIDDEN_END.len();
                        characters.by_ref().take(length - 1).for_each(drop);
                    }
                    _ => text.push('$'),
                },
                '\r' => panic!("Nix would make a line feed of it"),
                other => text.push(other),
            }
        }
        panic!("a string that does not end");
    }

    /// Reads a number and writes its digits as JSON does.
    fn number(&mut self) {
        let sign = if self.takes("-") { "-" } else { "" };
        let digits = self.while_is(|it| matches!(it, '0'..='9' | '.' | 'e' | 'E' | '-'));
        let number = format!("{sign}{digits}");
        let json = match digits.parse::<i64>() {
            Ok(i64::MAX) if self.takes("- 1") => i64::MIN.to_string(),
            Ok(_) => number,
            Err(_) => {
                assert!(digits.contains('.'), "{digits:?} is no number");
                serde_json::to_string(&number.parse::<f64>().expect("it is a number")).expect("it is one to JSON too")
            }
        };
        self.json.push_str(&json);
    }
}
