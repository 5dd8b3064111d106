//! Layouts that texts are read with, compiled.

pub(crate) mod chunk;
mod directive;
mod fields;
mod read;

use self::{
    chunk::{Std, ZoneForm, next},
    directive::{Part, parts, validate},
};
pub(crate) use self::{
    directive::native,
    read::{DAYS, MONTHS},
};
use crate::zone::Known;

/// How a text shows a time.
#[derive(Debug)]
pub struct Layout {
    steps: Box<[Step]>,
    /// What the text ends with.
    tail: Literal,
    /// The layout as it was written.
    text: Box<str>,
    known: Known,
}

/// Literal text, then a part of the time.
#[derive(Debug)]
struct Step {
    before: Literal,
    std: Std,
    /// Other forms of it, tried in turn.
    or: &'static [Std],
    /// Spaces may stand before it.
    spaces: bool,
    /// The next part is a fraction of the second, right behind it.
    fraction: bool,
    name: Box<[u8]>,
}

/// Text that stands there as it is.
#[derive(Debug, Default)]
struct Literal {
    text: Box<[u8]>,
    /// What messages call it.
    name: Box<[u8]>,
}

const OTHER_ZONES: [Std; 2] =
    [Std::Zone { zulu: true, form: ZoneForm::Colon }, Std::Zone { zulu: true, form: ZoneForm::Short }];

impl Layout {
    /// A layout in strptime's directives (`%Y-%m-%d`), as the Go collector reads them: it makes Go's layout of them. The error is
    /// that program's text.
    pub fn strptime(layout: &str) -> Result<Self, String> {
        validate(layout)?;
        let parts = parts(layout);
        let native: Vec<u8> = parts.iter().flat_map(|part| part.text.bytes()).collect();
        Ok(Self::compile(layout, &native, &parts))
    }

    /// A layout in Go's reference time (`2006-01-02`).
    pub fn gotime(layout: &str) -> Result<Self, String> {
        // A run of nines after anything but what separates a fraction.
        let bad = layout
            .char_indices()
            .find(|(at, c)| !matches!(c, '.' | ',' | '9') && layout[at + c.len_utf8()..].starts_with('9'));
        if let Some((start, c)) = bad {
            let nines = layout[start + c.len_utf8()..].bytes().take_while(|b| *b == b'9').count();
            let part = &layout[start..start + c.len_utf8() + nines];
            return Err(format!(
                "invalid fractional seconds directive: '{part}'. must be preceded with '.' or ','"
            ));
        }
        Ok(Self::compile(layout, layout.as_bytes(), &[]))
    }

    fn compile(text: &str, native: &[u8], parts: &[Part<'_>]) -> Self {
        // Two directives beside each other can read as one part of the reference time, which is then nobody's: `%m%S` is `15`,
        // an hour. Only parts that are what a directive became have its liberties.
        let spans = parts.iter().scan(0, |end, part| {
            let start = *end;
            *end += part.text.len();
            Some((start, *end, part))
        });
        let spans: Vec<_> = spans.filter(|(_, _, part)| part.directive.is_some()).collect();
        let part =
            |start, end| spans.iter().find(|(s, e, _)| (*s, *e) == (start, end)).map(|(_, _, part)| *part);
        let name = |start: usize, end: usize| {
            part(start, end).and_then(|part| part.directive).map_or(&native[start..end], str::as_bytes).into()
        };
        let mut steps: Vec<Step> = Vec::new();
        let mut from = 0;
        while let Some((start, end, std)) = next(native, from) {
            let part = part(start, end);
            let or: &[Std] = match part.and_then(|part| part.directive) {
                Some("%z") => &OTHER_ZONES,
                Some("%D" | "%x") if std == Std::LongYear => &[Std::Year],
                _ => &[],
            };
            let before = Literal { text: native[from..start].into(), name: name(from, start) };
            let spaces =
                part.is_some_and(|part| part.text.starts_with(|c: char| c.is_ascii_digit() || c == 'Z'));
            if let (b"", Std::Fraction { .. }, Some(last)) = (&*before.text, std, steps.last_mut()) {
                last.fraction = true;
            }
            steps.push(Step { before, std, or, spaces, fraction: false, name: name(start, end) });
            from = end;
        }
        let tail = Literal { text: native[from..].into(), name: name(from, native.len()) };
        Self { steps: steps.into(), tail, text: text.into(), known: Known::default() }
    }
}

#[cfg(test)]
mod tests;
