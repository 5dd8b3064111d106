//! Tokens of what is no file: streams and packets, cut as files are.

use bytes::{Bytes, BytesMut};
use slimcol_config::{Section, Settings};
use slimcol_textformat::encoding::{self, Encoding, Lengths};

use crate::{
    config::Multiline,
    fit,
    split::{Mode, Span, Splitter, State, Trim, narrow},
};

/// A read has at least this room.
const ROOM: usize = 8 << 10;

/// A pattern that matches nowhere, by which Go's receiver of packets says that they are not cut.
pub const NOWHERE: &str = ".^";

/// The keys that say how text is cut.
#[derive(Clone, Debug)]
pub struct TextConfig {
    /// The text's encoding.
    pub encoding: String,
    /// What ends a token, if not the end of a line.
    pub multiline: Multiline,
    /// Whether white space at the beginning stays.
    pub preserve_leading_whitespaces: bool,
    /// Whether white space at the end stays.
    pub preserve_trailing_whitespaces: bool,
}

impl Settings for TextConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_with(from, "")
    }
}

impl TextConfig {
    /// Reads the keys; `line_end_pattern` is the default of the one of that name.
    pub fn read_with(from: &mut Section<'_>, line_end_pattern: &str) -> Self {
        let multiline = |from: &mut Section<'_>| Multiline::read_with(from, line_end_pattern);
        Self {
            encoding: from.get("encoding", "utf-8".to_owned()),
            multiline: from.section_with("multiline", multiline),
            preserve_leading_whitespaces: from.get("preserve_leading_whitespaces", false),
            preserve_trailing_whitespaces: from.get("preserve_trailing_whitespaces", false),
        }
    }

    /// The key whose fault it is that there is no [`Cutter`].
    pub fn blamed(&self) -> &'static str {
        if Encoding::find(&self.encoding).is_ok() { "multiline" } else { "encoding" }
    }
}

/// How text is cut.
#[derive(Clone, Debug)]
pub struct Cutter {
    encoding: Encoding,
    splitter: Splitter,
    cut: Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// As the configuration says.
    Tokens,
    /// Each token is as long as the number before it says, which is part of it (RFC 6587).
    Counted,
    /// All there is is one.
    Whole,
}

/// A stream that is being cut.
#[derive(Debug)]
pub struct Cutting<'c> {
    cutter: &'c Cutter,
    /// What was read; where it must be decoded, what of it was not yet.
    raw: BytesMut,
    decoded: BytesMut,
    state: State,
}

/// Tokens in a row.
#[derive(Debug)]
pub struct Tokens {
    text: Bytes,
    spans: Vec<Span>,
}

/// More without an end of a token than a token may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

impl Cutter {
    /// A cutter of tokens up to a length. What is longer is cut.
    ///
    /// # Errors
    /// What is wrong with the settings, in Go's words.
    pub fn new(config: &TextConfig, longest: usize) -> Result<Self, String> {
        let encoding = Encoding::find(&config.encoding)?;
        let keep = encoding == Encoding::Nop;
        let trim = Trim {
            leading: !config.preserve_leading_whitespaces && !keep,
            trailing: !config.preserve_trailing_whitespaces && !keep,
        };
        let mode = Mode::new(&config.multiline, encoding)?;
        // What matches nowhere need not be looked for.
        let cut = if config.multiline.line_end_pattern == NOWHERE { Cut::Whole } else { Cut::Tokens };
        let splitter = Splitter { mode, longest: longest.min(1 << 30), truncate: false, trim };
        Ok(Self { encoding, splitter, cut })
    }

    /// The same, of tokens that have their length before them. They are left as they are: white space at their end was
    /// counted, and without it the length would be wrong.
    #[must_use]
    pub fn counted(mut self) -> Self {
        self.splitter.trim = Trim::default();
        Self { cut: Cut::Counted, ..self }
    }

    /// The same, which takes all of a stream as one token, as it is. What is longer is left out.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.splitter.trim = Trim::default();
        Self { cut: Cut::Whole, ..self }
    }

    /// The tokens of a packet, none of which is empty.
    ///
    /// # Errors
    /// As [`Cutting::tokens`].
    pub fn packet(&self, packet: &[u8]) -> Result<Tokens, TooLong> {
        let mut cutting = self.stream();
        cutting.raw = packet.into();
        let mut tokens = cutting.tokens(true)?;
        tokens.spans.retain(|span| span.start < span.end);
        Ok(tokens)
    }

    /// Whether tokens are bytes rather than text.
    pub fn is_bytes(&self) -> bool {
        self.encoding == Encoding::Nop
    }

    /// Cuts another stream.
    pub fn stream(&self) -> Cutting<'_> {
        let (raw, decoded) = (BytesMut::new(), BytesMut::new());
        Cutting { cutter: self, raw, decoded, state: State::default() }
    }
}

impl Cutting<'_> {
    /// Where more of the stream is to be read to.
    pub fn room(&mut self) -> &mut BytesMut {
        self.raw.reserve(ROOM);
        &mut self.raw
    }

    /// The tokens that are whole; with the `last` of a stream the rest is one.
    ///
    /// # Errors
    /// What is left has no end where it should.
    pub fn tokens(&mut self, last: bool) -> Result<Tokens, TooLong> {
        let Cutter { encoding, splitter, cut } = self.cutter;
        if encoding.is_decoded() {
            let mut more = Vec::new();
            let taken = encoding.decode(&self.raw, &mut more, &mut Lengths::default());
            let _ = self.raw.split_to(taken);
            if last {
                encoding::end(&self.raw.split(), &mut more);
            }
            self.decoded.extend_from_slice(&more);
        }
        let text = if encoding.is_decoded() { &mut self.decoded } else { &mut self.raw };
        let mut spans = Vec::new();
        let next = match cut {
            Cut::Tokens => splitter.split(text, &mut self.state, last, &mut spans),
            Cut::Counted => counted(text, splitter, &mut spans)?,
            Cut::Whole => {
                text.truncate(splitter.longest);
                0
            }
        };
        let mut taken = text.split_to(next);
        if last && !text.is_empty() {
            let rest = text.split();
            let before = spans.len();
            splitter.flush(&rest, &mut self.state, &mut spans);
            for span in &mut spans[before..] {
                span.start += narrow(taken.len());
                span.end += narrow(taken.len());
            }
            taken.unsplit(rest);
        }
        let cut = std::mem::take(&mut self.state.cut);
        let text = taken.freeze();
        let text = fit::fit(&text, *encoding, &Lengths::default(), cut, &mut spans).unwrap_or(text);
        Ok(Tokens { text, spans })
    }
}

/// Takes tokens that have their length and a space before them, and says where the rest begins.
fn counted(text: &[u8], splitter: &Splitter, spans: &mut Vec<Span>) -> Result<usize, TooLong> {
    let mut from = 0;
    loop {
        let rest = &text[from..];
        let digits = rest.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
        let head = std::str::from_utf8(&rest[..digits]).unwrap_or_default();
        let right = head.starts_with(|first| first != '0');
        let length = match rest.get(digits) {
            Some(b' ' | b'\t' | b'\n' | b'\x0c' | b'\r') if right => head.parse::<usize>().ok(),
            // No number, which only the end of the stream ends, or not yet all of it.
            _ if rest.len() <= splitter.longest => return Ok(from),
            _ => None,
        };
        let length = length.and_then(|length| length.checked_add(digits + 1));
        let length = length.filter(|length| *length <= splitter.longest).ok_or(TooLong)?;
        if length > rest.len() {
            return Ok(from);
        }
        let (start, end) = splitter.trim.apply(text, from, from + length);
        spans.push(Span { at: narrow(from), start: narrow(start), end: narrow(end) });
        from += length;
    }
}

impl Tokens {
    /// What all tokens are parts of.
    pub fn text(&self) -> &Bytes {
        &self.text
    }

    /// Where each starts and ends. Some may be empty.
    pub fn places(&self) -> impl ExactSizeIterator<Item = (usize, usize)> {
        self.spans.iter().map(|span| (span.start as usize, span.end as usize))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

#[cfg(test)]
mod tests;
