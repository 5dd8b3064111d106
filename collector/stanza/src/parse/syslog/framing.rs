//! What stands around messages on streams (RFC 6587), where it is part of entries.

use super::{NEITHER, message::Message};
use crate::Text;

/// What is at a place between messages, as Go names it.
enum Token {
    Length(u64),
    Space,
    LineBreak,
    End,
    Other(u8),
}

/// A text, and how far it was read.
struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn token(&mut self) -> Result<Token, String> {
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let first = self.text.get(self.at).copied();
        if matches!(first, Some(b'1'..=b'9')) {
            let number = std::str::from_utf8(&self.text[self.at..self.at + digits]).unwrap_or_default();
            self.at += digits;
            // Go's reader takes it for the end, and goes on behind it.
            self.at += usize::from(self.text.get(self.at) == Some(&0));
            return Ok(Token::Length(number.parse().map_err(|_| "invalid message length")?));
        }
        self.at += usize::from(first.is_some());
        Ok(match first {
            None | Some(0) => Token::End,
            Some(b' ') => Token::Space,
            Some(b'\n') => Token::LineBreak,
            Some(other) => Token::Other(other),
        })
    }
}

impl Token {
    fn name(&self) -> String {
        match self {
            Self::Length(length) => format!("MSGLEN({length})"),
            Self::Space => "WS".into(),
            Self::LineBreak => "LF(\n)".into(),
            Self::End => "EOF".into(),
            Self::Other(byte) => format!("ILLEGAL({})", char::from(*byte)),
        }
    }
}

/// Reads messages that have their length before them. All have to be right; the last counts.
pub(super) fn counted(
    text: &Text,
    most: usize,
    read: impl Fn(&Text) -> Result<Message, String>,
) -> Result<Message, String> {
    let mut reader = Reader { text: text.as_bytes(), at: 0 };
    loop {
        let length = match reader.token()? {
            Token::Length(length) => length,
            other => return Err(format!("found {}, expecting a MSGLEN", other.name())),
        };
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= most)
            .ok_or_else(|| format!("message length ({length}) exceeds maximum length ({most})"))?;
        match reader.token()? {
            Token::Space => {}
            other => return Err(format!("found {}, expecting a WS", other.name())),
        }
        let start = reader.at;
        if reader.text.get(start) != Some(&b'<') {
            let found = reader.token()?;
            let shown = text.get(start..reader.at).unwrap_or_default();
            // A number here is taken for the length.
            let length = if let Token::Length(other) = found {
                usize::try_from(other).unwrap_or(length)
            } else {
                length
            };
            if shown.len() < length {
                read(&text.slice_ref(shown))?;
            }
            let found = found.name();
            return Err(format!(
                "found {found} after \"{shown}\", expecting a SYSLOGMSG containing {length} octets"
            ));
        }
        let Some(message) = text.get(start..start + length) else {
            let rest = &text[start..];
            read(&text.slice_ref(rest))?;
            return Err(format!(
                "found EOF after \"{rest}\", expecting a SYSLOGMSG containing {length} octets"
            ));
        };
        reader.at = start + length;
        let message = read(&text.slice_ref(message));
        match reader.text.get(reader.at) {
            None | Some(0) => return message,
            // Some write a line break behind each message that they do not count.
            Some(b'\n') => reader.at += 1,
            Some(_) => {}
        }
    }
}

/// Reads messages that have a byte behind them. The last counts.
pub(super) fn trailed(
    text: &Text,
    trailer: u8,
    read: impl Fn(&Text) -> Result<Message, String>,
) -> Result<Message, String> {
    let bytes = text.as_bytes();
    let rest = bytes.iter().rposition(|byte| *byte == trailer).map_or(0, |at| at + 1);
    if rest < bytes.len() {
        return read(&text.slice_ref(&text[rest..]));
    }
    let begins = |at: &usize| bytes[*at] == b'<' && (*at == 0 || bytes[at - 1] == trailer);
    if bytes.first() != Some(&b'<') {
        return Err(NEITHER.into());
    }
    let start = (0..bytes.len()).rev().find(begins).unwrap_or_default();
    read(&text.slice_ref(&text[start..bytes.len() - 1]))
}

/// The text without a line break at its end.
pub(super) fn without_line_break(text: &Text) -> Text {
    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    line.map_or_else(|| text.clone(), |line| text.slice_ref(line))
}

/// The text without a length and a space before it.
pub(super) fn without_count(text: &Text) -> Text {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let space = matches!(text.as_bytes().get(digits), Some(b' ' | b'\t' | b'\n' | b'\x0c' | b'\r'));
    let counted = digits > 0 && space && !text.starts_with('0');
    if counted { text.slice_ref(&text[digits + 1..]) } else { text.clone() }
}
