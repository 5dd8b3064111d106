//! Cutting text into tokens: lines, what patterns end or start, or pieces of a size.
//!
//! Tokens depend on the text only, not on how much of it is there at a time (but for patterns that see the end of what is
//! there, and see it before the file's end only where they cannot but).

mod lines;
mod pattern;
mod trim;

use slimcol_pattern::{Regex, Size, compile};
use slimcol_textformat::encoding::Encoding;

pub(crate) use self::trim::Trim;
use crate::config::Multiline;

/// How text is cut.
#[derive(Clone, Debug)]
pub(crate) struct Splitter {
    pub(crate) mode: Mode,
    /// The longest token, in bytes.
    pub(crate) longest: usize,
    /// Whether the rest of a longer one is dropped, rather than another token.
    pub(crate) truncate: bool,
    pub(crate) trim: Trim,
}

/// What ends a token.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    /// A line's end.
    Lines,
    /// A match of the pattern.
    End(Pattern),
    /// The next match of the pattern, or its first.
    Start(Pattern),
    /// The end of what is there.
    All,
}

#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    /// Whether the match is no part of the token.
    pub(crate) omit: bool,
}

/// A token in a text: what it is without white space around it, and where it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) at: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// What is known of a text beyond what of it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// It begins in a token that was truncated.
    pub(crate) skipping: bool,
    /// A token was cut, maybe within a character.
    pub(crate) cut: bool,
}

/// The next token, as a mode finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    start: usize,
    end: usize,
    /// Where the one after it begins.
    next: usize,
}

impl Mode {
    /// The mode that a configuration means.
    ///
    /// # Errors
    /// Go's words.
    pub(crate) fn new(config: &Multiline, encoding: Encoding) -> Result<Self, String> {
        let pattern = |text: &str, which: &str| -> Result<Pattern, String> {
            let regex = compile(&format!("(?m){text}"), Size::Config);
            let regex = regex.map_err(|why| format!("compile line {which} regex: {why}"))?;
            Ok(Pattern { regex, omit: config.omit_pattern })
        };
        let (start, end) = (config.line_start_pattern.as_str(), config.line_end_pattern.as_str());
        match (start, end) {
            (_, "") | ("", _) => {}
            _ => return Err("only one of line_start_pattern or line_end_pattern can be set".to_owned()),
        }
        if encoding == Encoding::Nop {
            return match (start, end) {
                ("", "") => Ok(Self::All),
                ("", _) => Err("line_end_pattern should not be set when using nop encoding".to_owned()),
                _ => Err("line_start_pattern should not be set when using nop encoding".to_owned()),
            };
        }
        match (start, end) {
            ("", "") => Ok(Self::Lines),
            ("", end) => Ok(Self::End(pattern(end, "end")?)),
            (start, _) => Ok(Self::Start(pattern(start, "start")?)),
        }
    }
}

impl Splitter {
    /// Cuts what is whole in `text` into `spans` and says where the rest begins. `last` says that there is no more text now.
    ///
    /// The rest is never longer than [`Splitter::room`].
    pub(crate) fn split(&self, text: &[u8], state: &mut State, last: bool, spans: &mut Vec<Span>) -> usize {
        let mut from = 0;
        loop {
            let found = match &self.mode {
                Mode::Lines => {
                    from = self.lines(text, from, state, spans);
                    None
                }
                Mode::End(pattern) => pattern.ended(text, from, state.skipping, last),
                Mode::Start(pattern) => pattern.started(text, from, state.skipping, last),
                Mode::All => self.piece(text, from, last, state),
            };
            let next = match found {
                Some(found) => Some(self.push(text, from, found, state, spans)),
                None => self.cut(text, from, state, spans),
            };
            match next {
                Some(next) => from = next,
                None => return from,
            }
        }
    }

    /// Takes the rest of a text, of which no more comes for now, as a token, or as several if it is too long for one.
    pub(crate) fn flush(&self, text: &[u8], state: &mut State, spans: &mut Vec<Span>) {
        let mut from = 0;
        while from < text.len() && !state.skipping {
            let end = text.len().min(from + self.longest);
            spans.push(self.span(text, from, from, end));
            let cut = end < text.len();
            *state = State { skipping: self.truncate && cut, cut: state.cut || cut };
            from = end;
        }
    }

    /// How long a rest can be without being cut. What ends a token may have begun behind the longest token.
    pub(crate) fn room(&self) -> usize {
        let end = match self.mode {
            Mode::Lines => 1,
            Mode::Start(_) | Mode::End(_) => pattern::LONGEST,
            Mode::All => 0,
        };
        self.longest + end
    }

    /// Takes a token that was found; says where the next one begins.
    fn push(&self, text: &[u8], at: usize, found: Found, state: &mut State, spans: &mut Vec<Span>) -> usize {
        if state.skipping {
            state.skipping = false;
            return found.next;
        }
        if found.end - found.start <= self.longest {
            spans.push(self.span(text, at, found.start, found.end));
            return found.next;
        }
        let end = found.start + self.longest;
        spans.push(self.span(text, at, found.start, end));
        state.cut = true;
        if self.truncate { found.next } else { end }
    }

    /// Cuts a rest without an end that is too long for a token.
    fn cut(&self, text: &[u8], from: usize, state: &mut State, spans: &mut Vec<Span>) -> Option<usize> {
        let rest = &text[from..];
        let lines = matches!(self.mode, Mode::Lines);
        // A carriage return may be half of a line's end, and then no part of the line.
        let room = if lines && rest.get(self.longest) != Some(&b'\r') { self.longest } else { self.room() };
        if rest.len() <= room {
            return None;
        }
        if state.skipping {
            return Some(text.len() - if lines { 0 } else { pattern::LONGEST });
        }
        let end = from + self.longest;
        spans.push(self.span(text, from, from, end));
        *state = State { skipping: self.truncate, cut: true };
        // Patterns are told what stands before the text that is skipped.
        Some(end - usize::from(self.truncate && !lines))
    }

    fn piece(&self, text: &[u8], from: usize, last: bool, state: &mut State) -> Option<Found> {
        let end = text.len().min(from + self.longest);
        let whole = end - from == self.longest || last && end > from;
        state.cut |= whole;
        whole.then_some(Found { start: from, end, next: end })
    }

    fn span(&self, text: &[u8], at: usize, start: usize, end: usize) -> Span {
        let (start, end) = self.trim.apply(text, start, end);
        Span { at: narrow(at), start: narrow(start), end: narrow(end) }
    }
}

/// A place in a text, which is never as long as that.
pub(crate) fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
