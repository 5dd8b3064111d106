//! Patterns in the syntax of Go's `regexp` (RE2), compiled by the `regex` crate.
//!
//! ```
//! use slimcol_pattern::{Size, compile};
//!
//! assert!(compile(r"^\d+$", Size::Config).unwrap().is_match(b"42"));
//! let error = compile("[a", Size::Config).unwrap_err();
//! assert_eq!(error, "error parsing regexp: missing closing ]: `[a`");
//! ```
//!
//! The two differ in what is said of here: `\d`, `\w`, `\s` and `\b` are ASCII, a bracket within brackets is one, `{` that
//! does not count is itself, `\Q…\E` quotes. The errors that users see most are Go's.

mod class;
mod names;

#[cfg(test)]
mod tests;

use std::fmt::Write;

pub use regex::bytes::Regex;
use regex::bytes::RegexBuilder;

pub use self::names::{MatchType, Name, Names};

/// The most that the lazily built automaton of a pattern takes for each thread that matches.
const CACHE: usize = 2 << 20;
/// Go's limit of `{n}`.
const REPEATS: u32 = 1000;

/// How large a pattern may become, which is what matching a character costs at worst.
#[derive(Clone, Copy, Debug)]
pub enum Size {
    /// One that stands in the configuration.
    Config,
    /// One that is made of data.
    Data,
}

impl Size {
    fn limit(self) -> usize {
        match self {
            Self::Config => 4 << 20,
            Self::Data => 128 << 10,
        }
    }
}

/// A pattern that is ready to match texts and bytes.
pub fn compile(pattern: &str, size: Size) -> Result<Regex, String> {
    RegexBuilder::new(&translated(pattern)?)
        .size_limit(size.limit())
        .dfa_size_limit(CACHE)
        .nest_limit(200)
        .build()
        .map_err(|error| refused(pattern, &error))
}

/// A pattern that is ready to match texts: what it finds are texts, never parts of characters.
pub fn compile_text(pattern: &str, size: Size) -> Result<regex::Regex, String> {
    regex::RegexBuilder::new(&translated(pattern)?)
        .size_limit(size.limit())
        .dfa_size_limit(CACHE)
        .nest_limit(200)
        .build()
        .map_err(|error| refused(pattern, &error))
}

fn wrapped(message: &str) -> String {
    format!("error parsing regexp: {message}")
}

fn translated(pattern: &str) -> Result<String, String> {
    translate(pattern).map_err(|message| wrapped(&message))
}

/// What is said of a pattern that became one in Rust and was refused nevertheless.
fn refused(pattern: &str, error: &regex::Error) -> String {
    wrapped(&match error {
        regex::Error::CompiledTooBig(_) => format!("expression too large: `{pattern}`"),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!("{}: `{pattern}`", last.trim_start_matches("error: "))
        }
    })
}

/// What has been read and written so far.
struct Translator<'p> {
    pattern: &'p str,
    at: usize,
    to: String,
    groups: usize,
    /// Whether something stands before that can be repeated.
    repeatable: bool,
}

fn translate(pattern: &str) -> Result<String, String> {
    let mut translator = Translator {
        pattern,
        at: 0,
        to: String::with_capacity(pattern.len() + 16),
        groups: 0,
        repeatable: false,
    };
    while let Some(c) = translator.next() {
        translator.one(c)?;
    }
    match translator.groups {
        0 => Ok(translator.to),
        _ => Err(format!("missing closing ): `{pattern}`")),
    }
}

impl<'p> Translator<'p> {
    fn rest(&self) -> &'p str {
        &self.pattern[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn one(&mut self, c: char) -> Result<(), String> {
        let start = self.at - c.len_utf8();
        match c {
            '\\' => self.escape(start)?,
            '[' => self.class(start)?,
            '(' => return self.open(start),
            ')' => {
                self.groups =
                    self.groups.checked_sub(1).ok_or_else(|| format!("unexpected ): `{}`", self.pattern))?;
                self.to.push(')');
            }
            '|' => {
                self.to.push('|');
                self.repeatable = false;
                return Ok(());
            }
            '*' | '+' | '?' => return self.repeat(start),
            '{' if count(self.rest()).is_some() => {
                let (length, least, most) = count(self.rest()).unwrap_or_default();
                self.at += length;
                if least > REPEATS || most.is_some_and(|most| most > REPEATS || most < least) {
                    return Err(format!("invalid repeat count: `{}`", &self.pattern[start..self.at]));
                }
                return self.repeat(start);
            }
            '.' | '^' | '$' => self.to.push(c),
            c => self.literal(c),
        }
        self.repeatable = true;
        Ok(())
    }

    fn literal(&mut self, c: char) {
        if c.is_ascii_punctuation() && !matches!(c, '<' | '>' | '_') {
            self.to.push('\\');
        }
        self.to.push(c);
    }

    /// After `*`, `+`, `?` or `{n,m}`, which began at `start`.
    fn repeat(&mut self, start: usize) -> Result<(), String> {
        if !self.repeatable {
            let operator = &self.pattern[start..self.at];
            return Err(format!("missing argument to repetition operator: `{operator}`"));
        }
        if self.peek() == Some('?') {
            self.next();
        }
        let end = self.at;
        let again = match self.peek() {
            Some('*' | '+' | '?') => Some(1),
            Some('{') => count(&self.rest()[1..]).map(|(length, ..)| length + 1),
            _ => None,
        };
        if let Some(length) = again {
            let both = &self.pattern[start..end + length];
            return Err(format!("invalid nested repetition operator: `{both}`"));
        }
        self.to.push_str(&self.pattern[start..end]);
        Ok(())
    }

    fn open(&mut self, start: usize) -> Result<(), String> {
        self.to.push('(');
        self.repeatable = false;
        if !self.rest().starts_with('?') {
            self.groups += 1;
            return Ok(());
        }
        self.next();
        if let Some(name) = self.rest().strip_prefix("P<").or_else(|| self.rest().strip_prefix('<')) {
            let name_end = name.find('>');
            let name = &name[..name_end.unwrap_or(name.len())];
            let valid = !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
            if name_end.is_none() || !valid {
                let end = self.rest().find('>').map_or(self.pattern.len(), |end| self.at + end + 1);
                return Err(format!("invalid named capture: `{}`", &self.pattern[start..end]));
            }
            self.at += self.rest().find('>').map_or(0, |end| end + 1);
            self.to.push_str("?P<");
            self.to.push_str(name);
            self.to.push('>');
            self.groups += 1;
            return Ok(());
        }
        self.to.push('?');
        loop {
            let c = self.next();
            match c {
                Some(c @ ('i' | 'm' | 's' | 'U' | '-')) => self.to.push(c),
                Some(':') => {
                    self.to.push(':');
                    self.groups += 1;
                    return Ok(());
                }
                Some(')') => {
                    self.to.push(')');
                    return Ok(());
                }
                None => return Err(format!("missing closing ): `{}`", self.pattern)),
                Some(_) => {
                    let text = &self.pattern[start..self.at];
                    return Err(format!("invalid or unsupported Perl syntax: `{text}`"));
                }
            }
        }
    }

    /// After a backslash outside brackets.
    fn escape(&mut self, start: usize) -> Result<(), String> {
        let Some(c) = self.peek() else { return Err("trailing backslash at end of expression: ``".into()) };
        if let Some(set) = class::perl(c) {
            self.next();
            self.to.push_str(set);
            return Ok(());
        }
        match c {
            'b' => self.to.push_str(r"(?-u:\b)"),
            'B' => self.to.push_str(r"(?-u:\B)"),
            'A' | 'z' => self.to.extend(['\\', c]),
            'Q' => {
                self.next();
                let quoted = self.rest();
                let end = quoted.find("\\E");
                let quoted = &quoted[..end.unwrap_or(quoted.len())];
                quoted.chars().for_each(|c| self.literal(c));
                self.at += quoted.len() + if end.is_some() { 2 } else { 0 };
                return Ok(());
            }
            'p' | 'P' => return self.unicode(start),
            _ => {
                let c = self.character(start)?;
                self.literal_char(c);
                return Ok(());
            }
        }
        self.next();
        Ok(())
    }

    /// A character that need not be printable.
    fn literal_char(&mut self, c: char) {
        if c.is_control() {
            let _ = write!(self.to, "\\x{{{:x}}}", u32::from(c));
        } else {
            self.literal(c);
        }
    }
}

/// What `{` before `rest` counts: the length of the rest of it, the least, and the most if there is one.
fn count(rest: &str) -> Option<(usize, u32, Option<u32>)> {
    let end = rest.find('}')?;
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // What is too long for a number is too much anyway.
        plain.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    match rest[..end].split_once(',') {
        None => number(&rest[..end]).map(|count| (end + 1, count, Some(count))),
        Some((least, "")) => number(least).map(|least| (end + 1, least, None)),
        Some((least, most)) => Some((end + 1, number(least)?, Some(number(most)?))),
    }
}
