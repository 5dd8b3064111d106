//! Characters to tokens.

mod literal;

use std::{borrow::Cow, fmt};

use slimcol_expreval::Fault;

/// What the parser sees at a time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lexeme<'s> {
    Identifier(&'s str),
    Number(&'s str),
    Text(Cow<'s, str>),
    Bytes(Vec<u8>),
    Operator(&'s str),
    Bracket(&'s str),
    End,
    /// Where the text stops making sense; an error when the parser gets there, as something before it may be wrong too.
    Broken(String),
}

/// A lexeme and where it begins, in characters.
#[derive(Clone, Debug)]
pub(crate) struct Token<'s> {
    pub(crate) lexeme: Lexeme<'s>,
    pub(crate) at: u32,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.lexeme {
            Lexeme::Identifier(word) => write!(f, "Identifier({word:?})"),
            Lexeme::Number(digits) => write!(f, "Number({digits:?})"),
            Lexeme::Text(text) if text.is_empty() => f.write_str("String"),
            Lexeme::Text(text) => write!(f, "String({text:?})"),
            Lexeme::Bytes(bytes) => write!(f, "Bytes({:?})", String::from_utf8_lossy(bytes)),
            Lexeme::Operator(sign) => write!(f, "Operator({sign:?})"),
            Lexeme::Bracket(sign) => write!(f, "Bracket({sign:?})"),
            Lexeme::End => f.write_str("EOF"),
            Lexeme::Broken(message) => f.write_str(message),
        }
    }
}

/// The tokens of `source`; the last one is [`Lexeme::End`] or [`Lexeme::Broken`].
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut cursor = Cursor { source, byte: 0, rune: 0 };
    let mut tokens = Vec::new();
    loop {
        let start = cursor.clone();
        match cursor.token() {
            Ok(None) => {}
            Ok(Some(lexeme)) => {
                let ends = lexeme == Lexeme::End;
                let at = if ends { cursor.rune.saturating_sub(1) } else { start.rune };
                tokens.push(Token { lexeme, at });
                if ends {
                    return tokens;
                }
            }
            Err(Fault { message, at }) => {
                tokens.push(Token { lexeme: Lexeme::Broken(message), at });
                return tokens;
            }
        }
    }
}

/// Letters of every language, digits, `_` and `$`.
pub(crate) fn is_word(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphanumeric()
}

/// Whether `text` can stand behind a dot.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.chars().all(is_word) && text.chars().next().is_some_and(|c| !c.is_numeric())
}

/// Words that are operators wherever they stand.
fn is_operator(word: &str) -> bool {
    matches!(
        word,
        "not"
            | "in"
            | "or"
            | "and"
            | "matches"
            | "contains"
            | "startsWith"
            | "endsWith"
            | "let"
            | "if"
            | "else"
    )
}

/// A place in the text, in bytes and in characters.
#[derive(Clone)]
struct Cursor<'s> {
    source: &'s str,
    byte: usize,
    rune: u32,
}

impl<'s> Cursor<'s> {
    fn peek(&self) -> Option<char> {
        self.source[self.byte..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.byte += c.len_utf8();
        self.rune += 1;
        Some(c)
    }

    fn accept(&mut self, any: &str) -> bool {
        let found = self.peek().is_some_and(|c| any.contains(c));
        if found {
            self.next();
        }
        found
    }

    fn skip_while(&mut self, belongs: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&belongs) {
            self.next();
        }
    }

    fn since(&self, start: &Self) -> &'s str {
        &self.source[start.byte..self.byte]
    }

    /// What was read last is wrong.
    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { message: message.into(), at: self.rune.saturating_sub(1) }
    }

    /// The next token, or nothing for blanks and comments.
    fn token(&mut self) -> Result<Option<Lexeme<'s>>, Fault> {
        let start = self.clone();
        let Some(c) = self.next() else { return Ok(Some(Lexeme::End)) };
        let lexeme = match c {
            _ if c.is_whitespace() => return Ok(None),
            '\'' | '"' => self.quoted(c).map(|text| Lexeme::Text(Cow::Owned(text)))?,
            '`' => Lexeme::Text(self.raw()?),
            'b' | 'B' if matches!(self.peek(), Some('\'' | '"')) => {
                let quote = self.next().unwrap_or('"');
                Lexeme::Bytes(self.quoted_bytes(quote)?)
            }
            '/' if self.accept("/") => {
                self.skip_while(|c| c != '\n');
                return Ok(None);
            }
            '/' if self.accept("*") => return self.comment().map(|()| None),
            '(' | '[' | '{' | ')' | ']' | '}' => Lexeme::Bracket(self.since(&start)),
            '.' if self.peek().is_some_and(|c| c.is_ascii_digit()) => self.number(&start)?,
            '0'..='9' => self.number(&start)?,
            '?' => self.operator(&start, ".?"),
            '#' => self.operator(&start, "#"),
            '|' => self.operator(&start, "|"),
            ':' => self.operator(&start, ":"),
            '.' => self.operator(&start, "."),
            '&' | '!' | '=' | '*' | '<' | '>' => self.operator(&start, "&=*"),
            '/' | ',' | ';' | '%' | '+' | '-' | '^' => self.operator(&start, ""),
            _ if is_word(c) => {
                self.skip_while(is_word);
                match self.since(&start) {
                    word if is_operator(word) => Lexeme::Operator(word),
                    word => Lexeme::Identifier(word),
                }
            }
            _ => return Err(self.fault(format!("unrecognized character: U+{:04X} '{c}'", u32::from(c)))),
        };
        Ok(Some(lexeme))
    }

    fn operator(&mut self, start: &Self, second: &str) -> Lexeme<'s> {
        self.accept(second);
        Lexeme::Operator(self.since(start))
    }

    fn comment(&mut self) -> Result<(), Fault> {
        loop {
            match self.next() {
                None => return Err(Fault { message: "unclosed comment".into(), at: self.rune }),
                Some('*') if self.accept("/") => return Ok(()),
                Some(_) => {}
            }
        }
    }

    fn number(&mut self, start: &Self) -> Result<Lexeme<'s>, Fault> {
        *self = start.clone();
        let mut digits = "0123456789_";
        if self.accept("0") {
            if self.accept("xX") {
                digits = "0123456789abcdefABCDEF_";
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.skip_while(|c| digits.contains(c));
        let whole = self.clone();
        if self.accept(".") {
            if self.peek() == Some('.') {
                // `1..2` is a range.
                *self = whole;
                return Ok(Lexeme::Number(self.since(start)));
            }
            self.skip_while(|c| digits.contains(c));
        }
        if self.accept("eE") {
            self.accept("+-");
            self.skip_while(|c| digits.contains(c));
        }
        if self.peek().is_some_and(is_word) {
            self.next();
            return Err(self.fault(format!("bad number syntax: {:?}", self.since(start))));
        }
        Ok(Lexeme::Number(self.since(start)))
    }
}
