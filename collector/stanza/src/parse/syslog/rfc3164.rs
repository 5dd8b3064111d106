//! RFC 3164, as go-syslog reads it: `<34>Oct 11 22:14:15 host app[123]: message`.
//!
//! Host and tag may be missing, so that what a word is shows behind it only. Like go-syslog's automaton this follows all
//! readings at a time, and what one of them found stays found when it comes to nothing.

use std::sync::OnceLock;

use slimcol_timeformat::{Layout, Zone};

use super::{
    NEITHER,
    message::{Message, part},
    priority,
};
use crate::Text;

const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
/// The length of `Oct 11 22:14:15`.
const STAMP: usize = 15;
const LONGEST_HOST: u16 = 255;
const LONGEST_TAG: u16 = 48;

/// Reads a message, whose times are in a zone; `breaks` may stand in it, or else one at its end.
pub(super) fn parse(text: &Text, zone: &Zone, breaks: bool) -> Result<Message, String> {
    let bytes = text.as_bytes();
    let (priority, length) = priority::read(bytes)?;
    let mut message = Message::new(priority);
    let spaces = bytes[length..].iter().take_while(|byte| **byte == b' ').count();
    let start = length + spaces;
    stamp(&bytes[start..]).map_err(|at| misfit(at, start))?;
    let end = start + STAMP;
    if bytes.get(end) != Some(&b' ') {
        return Err(NEITHER.into());
    }
    let time = layout().parse(&bytes[start..end], zone);
    let time = time.map_err(|_| {
        format!("parsing time {:?}: day out of range [col {end}]", text.get(start..end).unwrap_or_default())
    })?;
    message.timestamp = Some(time.unix_nanos());
    let mut readings = Readings { mark: end + 1, gap: true, ..Readings::default() };
    for (at, byte) in bytes.iter().enumerate().skip(end + 1) {
        let next = readings.next(text, at, *byte, breaks, &mut message);
        if next.none() {
            return Err(readings.fault(at));
        }
        readings = next;
    }
    if readings.text {
        message.text = whole(text, readings.mark, text.len());
    }
    if readings.text || readings.over { Ok(message) } else { Err(readings.fault(text.len())) }
}

fn layout() -> &'static Layout {
    static STAMP: OnceLock<Layout> = OnceLock::new();
    STAMP.get_or_init(|| Layout::gotime("Jan _2 15:04:05").expect("it has no fractions"))
}

/// What Go says of a time that ends being one at an offset. Where nothing of it was right it expects what Cisco's devices
/// put there.
fn misfit(at: usize, start: usize) -> String {
    let what = match at {
        0 => "a sequence number (from 1 to max 255 digits)",
        _ => "a Stamp timestamp",
    };
    format!("expecting {what} [col {}]", start + at)
}

/// Checks that a text begins with `Oct 11 22:14:15`; the error is where it ends doing so.
fn stamp(text: &[u8]) -> Result<(), usize> {
    let month = |part: &[u8]| MONTHS.iter().any(|month| month.starts_with(part));
    for length in 1..=3 {
        if !text.get(..length).is_some_and(month) {
            return Err(length - 1);
        }
    }
    let digit = |at: usize, most: u8| text.get(at).is_some_and(|byte| (b'0'..=most).contains(byte));
    let is = |at: usize, byte: u8| text.get(at) == Some(&byte);
    let day = match text.get(4) {
        Some(b' ' | b'0') => digit(5, b'9') && !is(5, b'0'),
        Some(b'1' | b'2') => digit(5, b'9'),
        Some(b'3') => digit(5, b'1'),
        _ => return Err(if is(3, b' ') { 4 } else { 3 }),
    };
    let hour = if is(7, b'2') { b'3' } else { b'9' };
    let checks = [
        (3, is(3, b' ')),
        (5, day),
        (6, is(6, b' ')),
        (7, digit(7, b'2')),
        (8, digit(8, hour)),
        (9, is(9, b':')),
        (10, digit(10, b'5')),
        (11, digit(11, b'9')),
        (12, is(12, b':')),
        (13, digit(13, b'5')),
        (14, digit(14, b'9')),
    ];
    checks.iter().find(|(_, fits)| !fits).map_or(Ok(()), |(at, _)| Err(*at))
}

/// Where each reading of what comes after the time has come.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a reading")]
struct Readings {
    /// Where the part began that began last, whosever it is.
    mark: usize,
    /// Before the host, or the tag, or the message.
    gap: bool,
    /// So far in the host's name; 0 is not.
    host: u16,
    /// Behind it.
    behind_host: bool,
    /// So far in the tag.
    tag: u16,
    /// At the beginning of the process in brackets.
    bracket: bool,
    /// In it.
    process: bool,
    /// Behind it, before the colon.
    behind_process: bool,
    /// Behind the colon.
    colon: bool,
    /// Behind the space after it.
    space: bool,
    /// In the message.
    text: bool,
    /// Behind the line break that ends it.
    over: bool,
}

impl Readings {
    fn next(self, text: &Text, at: usize, byte: u8, breaks: bool, found: &mut Message) -> Self {
        let visible = matches!(byte, b' '..=b'~' | b'\t' | 0x80..) || breaks && matches!(byte, b'\n' | b'\r');
        let of_host = matches!(byte, b'!'..=b'~') && byte != b':';
        let of_tag = matches!(byte, b' '..=b'~') && !matches!(byte, b' ' | b'[' | b':');
        let starts = self.gap || self.behind_host;
        let next = Self {
            gap: self.gap && byte == b' ',
            host: match self.host {
                0 => u16::from(self.gap && of_host),
                length => {
                    if of_host && length < LONGEST_HOST {
                        length + 1
                    } else {
                        0
                    }
                }
            },
            behind_host: byte == b' ' && (self.host > 0 || self.behind_host),
            tag: match self.tag {
                0 => u16::from(starts && of_tag),
                length => {
                    if of_tag && length < LONGEST_TAG {
                        length + 1
                    } else {
                        0
                    }
                }
            },
            bracket: self.tag > 0 && byte == b'[',
            process: (self.bracket || self.process) && visible && !matches!(byte, b'[' | b']'),
            behind_process: (self.bracket || self.process) && byte == b']',
            colon: (self.tag > 0 || self.behind_process) && byte == b':',
            space: self.colon && byte == b' ',
            text: (self.text || starts || self.space) && visible,
            over: self.text && byte == b'\n',
            mark: self.mark,
        };
        if self.host > 0 && next.behind_host {
            found.hostname = part(text, self.mark, at);
        }
        if self.tag > 0 && (next.bracket || next.colon) {
            found.appname = part(text, self.mark, at);
        }
        if next.behind_process {
            let start = if self.bracket { at } else { self.mark };
            found.proc_id = part(text, start, at);
        }
        if next.over {
            found.text = whole(text, self.mark, at);
        }
        let begins = (starts && next.text)
            || (self.bracket && (next.process || next.behind_process))
            || (self.space && next.text);
        Self { mark: if begins { at } else { self.mark }, ..next }
    }

    /// Whether no reading is left.
    fn none(self) -> bool {
        let Self {
            gap,
            host,
            behind_host,
            tag,
            bracket,
            process,
            behind_process,
            colon,
            space,
            text,
            over,
            ..
        } = self;
        let within = host > 0 || tag > 0 || bracket || process || text;
        !(within || gap || behind_host || behind_process || colon || space || over)
    }

    /// What Go says when a message cannot go on at an offset.
    fn fault(self, at: usize) -> String {
        if self.gap || self.host > 0 {
            format!("expecting an hostname (from 1 to max 255 US-ASCII characters) [col {at}]")
        } else if self.bracket || self.process {
            format!("expecting a content part starting with a non-alphanumeric character [col {at}]")
        } else {
            NEITHER.into()
        }
    }
}

/// The message, which may be anything but nothing.
fn whole(text: &Text, start: usize, end: usize) -> Option<Text> {
    text.get(start..end).filter(|part| !part.is_empty()).map(|part| text.slice_ref(part))
}
