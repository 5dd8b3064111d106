//! Converters to names as programs write them: `some_name` and `SomeName`, by the rules of Go's strcase library.

use crate::function::{Function, Takes, converter, takes};

/// Names as programs write them.
pub const FUNCTIONS: &[Function] = &[
    converter!("ToSnakeCase", [takes("target", Takes::Text)], |args| Ok(snake(&args.text(0)?).into())),
    converter!("ToCamelCase", [takes("target", Takes::Text)], |args| Ok(camel(&args.text(0)?).into())),
];

/// What begins a word where an underscore, a blank, a hyphen or a dot stands.
fn parts(letter: char) -> bool {
    matches!(letter, '_' | ' ' | '-' | '.')
}

pub(super) fn snake(text: &str) -> String {
    let letters: Vec<char> = text.trim().chars().collect();
    let mut out = String::with_capacity(text.len() + 2);
    for (at, letter) in letters.iter().enumerate() {
        let (capital, small, digit) =
            (letter.is_ascii_uppercase(), letter.is_ascii_lowercase(), letter.is_ascii_digit());
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let (to_capital, to_small, to_digit) =
            (next.is_ascii_uppercase(), next.is_ascii_lowercase(), next.is_ascii_digit());
        let changes = capital && (to_small || to_digit)
            || small && (to_capital || to_digit)
            || digit && (to_capital || to_small);
        if !changes {
            out.push(if parts(*letter) { '_' } else { letter.to_ascii_lowercase() });
            continue;
        }
        // The last capital of several begins the next word.
        if capital && to_small && at > 0 && letters[at - 1].is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
        if small || digit || to_digit {
            out.push('_');
        }
    }
    out
}

/// The text as `SomeName`.
pub fn camel(text: &str) -> String {
    let text = match text.trim() {
        "ID" => "id",
        text => text,
    };
    let (mut out, mut begins, mut after_capital) = (String::with_capacity(text.len()), true, false);
    for letter in text.chars() {
        let written = if begins {
            letter.to_ascii_uppercase()
        } else if after_capital {
            letter.to_ascii_lowercase()
        } else {
            letter
        };
        after_capital = letter.is_ascii_uppercase();
        if letter.is_ascii_alphabetic() {
            out.push(written);
            begins = false;
        } else if letter.is_ascii_digit() {
            out.push(letter);
            begins = true;
        } else {
            begins = parts(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{camel, snake};

    #[test]
    fn as_strcase_has_it() {
        for (text, as_snake, as_camel) in [
            ("simpleString", "simple_string", "SimpleString"),
            ("JSONData", "json_data", "Jsondata"),
            ("some-name.with parts", "some_name_with_parts", "SomeNameWithParts"),
            ("numbers2and55with000", "numbers_2_and_55_with_000", "Numbers2And55With000"),
            ("  AnyKind of_string ", "any_kind_of_string", "AnyKindOfString"),
            ("A", "a", "A"),
            ("ID", "id", "Id"),
            ("ABCD", "abcd", "Abcd"),
            ("AAAbbb", "aa_abbb", "Aaabbb"),
            ("1A2", "1_a_2", "1A2"),
            ("", "", ""),
        ] {
            assert_eq!((snake(text).as_str(), camel(text).as_str()), (as_snake, as_camel), "{text}");
        }
    }
}
