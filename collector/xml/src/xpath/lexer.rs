//! Words of `XPath`.

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number(f64),
    Mark(&'static str),
    End,
}

/// Longer ones first.
const MARKS: &[&str] = &[
    "//", "::", "!=", "<=", ">=", "..", "/", "|", "(", ")", "[", "]", "@", ",", "=", "<", ">", "+", "-", "*",
    ".", ":", "$",
];

pub(super) fn lex(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(letter) = rest.chars().next() {
        let len = if letter == '"' || letter == '\'' {
            let inner = &rest[1..];
            let end = inner.find(letter).ok_or_else(|| format!("unclosed string in {text:?}"))?;
            tokens.push(Token::Text(inner[..end].to_owned()));
            end + 2
        } else if letter.is_ascii_digit()
            || letter == '.' && rest[1..].starts_with(|next: char| next.is_ascii_digit())
        {
            let len =
                rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len());
            let number = rest[..len].parse().map_err(|_| format!("{:?} is no number", &rest[..len]))?;
            tokens.push(Token::Number(number));
            len
        } else if letter.is_alphabetic() || letter == '_' {
            let within =
                |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '\u{b7}');
            let len = rest.find(|letter| !within(letter)).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..len].to_owned()));
            len
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark));
            let mark = mark.ok_or_else(|| format!("unexpected {letter:?} in {text:?}"))?;
            tokens.push(Token::Mark(mark));
            mark.len()
        };
        rest = rest[len..].trim_start();
    }
    tokens.push(Token::End);
    Ok(tokens)
}
