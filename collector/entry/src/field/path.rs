//! Paths taken apart: dots, and quoted keys in brackets.

use crate::Text;

/// Where in a path the reader is.
#[derive(Clone, Copy)]
enum State {
    Begin,
    InBracket,
    InQuote(char),
    OutQuote,
    OutBracket,
    Plain,
}

/// The keys of a path, at least one.
pub(super) fn split(path: &str) -> Result<Vec<Text>, &'static str> {
    let mut keys = Vec::new();
    let mut state = State::Begin;
    let mut start = 0;
    for (at, c) in path.char_indices() {
        let next = at + c.len_utf8();
        state = match (state, c) {
            (State::Begin, '[') => State::InBracket,
            (State::Begin, _) => {
                start = at;
                State::Plain
            }
            (State::InBracket, '\'' | '"') => {
                start = next;
                State::InQuote(c)
            }
            (State::InBracket, _) => return Err("strings in brackets must be surrounded by quotes"),
            (State::InQuote(quote), _) if c == quote => {
                keys.push(path[start..at].into());
                State::OutQuote
            }
            (State::OutQuote, ']') => State::OutBracket,
            (State::OutQuote, _) => return Err("found characters between closed quote and closing bracket"),
            (State::OutBracket, '.') => {
                start = next;
                State::Plain
            }
            (State::OutBracket | State::Plain, '[') => {
                if matches!(state, State::Plain) {
                    keys.push(path[start..at].into());
                }
                State::InBracket
            }
            (State::OutBracket, _) => {
                return Err("bracketed access must be followed by a dot or another bracketed access");
            }
            (State::Plain, '.') => {
                keys.push(path[start..at].into());
                start = next;
                State::Plain
            }
            (state, _) => state,
        };
    }
    match state {
        State::InBracket | State::OutQuote => Err("found unclosed left bracket"),
        State::InQuote('"') => Err("found unclosed double quote"),
        State::InQuote(_) => Err("found unclosed single quote"),
        State::Plain => {
            keys.push(path[start..].into());
            Ok(keys)
        }
        State::OutBracket => Ok(keys),
        State::Begin => Err("fields size is 0"),
    }
}
