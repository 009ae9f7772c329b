//! Regular expressions for ranges of numbers, for numbers in strings in the JSON Schema.

/// Returns the expression for the decimal numbers from `min` to `max`. Numbers that are not negative may have leading
/// zeros.
pub fn decimal(min: i64, max: u64) -> String {
    let mut forms = vec![format!("0*(?:{})", numbers(min.try_into().unwrap_or(0), max, 10))];
    if min < 0 {
        forms.push(format!("-(?:{})", numbers(1, min.unsigned_abs(), 10)));
    }
    forms.join("|")
}

/// Returns the expression for the hexadecimal numbers up to `max`, which may have leading zeros.
pub fn hexadecimal(max: u64) -> String {
    format!("0*(?:{})", numbers(0, max, 16))
}

/// Returns the expression for the numbers of a range, without leading zeros.
fn numbers(min: u64, max: u64, base: u64) -> String {
    let mut forms = Vec::new();
    let mut low = min;
    loop {
        // The numbers with as many digits as `low`.
        let digits = digits_of(low, base);
        let most = base.checked_pow(digits.len() as u32).map_or(u64::MAX, |next| next - 1);
        forms.push(between(&digits, &digits_of(most.min(max), base), base));
        if most >= max {
            return forms.join("|");
        }
        low = most + 1;
    }
}

fn digits_of(number: u64, base: u64) -> Vec<u64> {
    match number / base {
        0 => vec![number],
        rest => [digits_of(rest, base), vec![number % base]].concat(),
    }
}

/// Returns the expression for the numbers between two with the same number of digits.
fn between(low: &[u64], high: &[u64], base: u64) -> String {
    let (Some((first, low)), Some((last, high))) = (low.split_first(), high.split_first()) else {
        return String::new();
    };
    if first == last {
        return format!("{}{}", digit(*first, *last), grouped(between(low, high, base)));
    }
    let (mut from, mut to) = (*first, *last);
    let (mut before, mut after) = (None, None);
    if low.iter().any(|it| *it != 0) {
        before = Some(format!("{}{}", digit(from, from), grouped(between(low, &vec![base - 1; low.len()], base))));
        from += 1;
    }
    if high.iter().any(|it| *it != base - 1) {
        after = Some(format!("{}{}", digit(to, to), grouped(between(&vec![0; high.len()], high, base))));
        to -= 1;
    }
    let any = match low.len() {
        0 => String::new(),
        1 => digit(0, base - 1),
        count => format!("{}{{{count}}}", digit(0, base - 1)),
    };
    let middle = (from <= to).then(|| format!("{}{any}", digit(from, to)));
    [before, middle, after].into_iter().flatten().collect::<Vec<_>>().join("|")
}

fn grouped(form: String) -> String {
    if form.contains('|') { format!("(?:{form})") } else { form }
}

/// Returns the expression for one digit of a range, in lower or upper case.
fn digit(from: u64, to: u64) -> String {
    let run = |first: u8, from: u64, to: u64| match (from, to) {
        (from, to) if from > to => String::new(),
        (from, to) if from == to => char::from(first + from as u8).to_string(),
        (from, to) => format!("{}-{}", char::from(first + from as u8), char::from(first + to as u8)),
    };
    let (letters_from, letters_to) = (from.max(10), to);
    let mut class = run(b'0', from, to.min(9));
    if letters_from <= letters_to {
        class += &run(b'a', letters_from - 10, letters_to - 10);
        class += &run(b'A', letters_from - 10, letters_to - 10);
    }
    if class.len() == 1 { class } else { format!("[{class}]") }
}

#[cfg(test)]
mod tests {
    use super::{decimal, hexadecimal};
    use regex_lite::Regex;

    #[track_caller]
    fn check(expression: &str, yes: &[&str], no: &[&str]) {
        let regex = Regex::new(&format!("^(?:{expression})$")).expect("it is an expression");
        yes.iter().for_each(|text| assert!(regex.is_match(text), "{expression} refuses {text}"));
        no.iter().for_each(|text| assert!(!regex.is_match(text), "{expression} takes {text}"));
    }

    #[test]
    fn decimal_ranges_are_exact() {
        for (min, max) in [(0, 0), (0, 3), (1, 16), (-1, 1), (0, 255), (512, 1024), (-20, 19), (99, 101), (0, 1099)] {
            let expression = decimal(min, max);
            let regex = Regex::new(&format!("^(?:{expression})$")).expect("it is an expression");
            for number in -1200..1200 {
                let is_in = number >= min && number <= max as i64;
                assert_eq!(regex.is_match(&number.to_string()), is_in, "{number} from {min} to {max}");
            }
        }
    }

    #[test]
    fn large_numbers() {
        check(&decimal(0, u64::MAX), &["0", "18446744073709551615", "007"], &["18446744073709551616", "-0", ""]);
        check(
            &decimal(i64::MIN, i64::MAX as u64),
            &["-9223372036854775808", "9223372036854775807"],
            &["-9223372036854775809", "9223372036854775808", "-0", "-01"],
        );
        check(&hexadecimal(u64::MAX), &["ffffffffffffffff", "00ffffffffffffffff"], &["10000000000000000"]);
        check(&hexadecimal(254), &["0", "fe", "FE", "0fe", "9a"], &["ff", "100", "g", ""]);
        check(&hexadecimal(7), &["7", "07"], &["8"]);
    }
}
