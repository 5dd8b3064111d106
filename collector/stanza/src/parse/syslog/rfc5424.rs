//! RFC 5424, as go-syslog reads it: `<34>1 2003-10-11T22:14:15.003Z host app proc id [data name="value"] message`.

use std::{borrow::Cow, sync::OnceLock};

use slimcol_timeformat::{Layout, Zone};

use super::{
    message::{Message, part},
    priority,
};
use crate::{Map, Text, Value};

const PARSING: &str = "parsing error";
const VERSION: &str = "expecting a version value in the range 1-999";
const TIMESTAMP: &str = "expecting a RFC3339MICRO timestamp or a nil value";
const DATA: &str = "expecting a structured data section containing one or more elements (`[id( key=\"value\")*]+`) \
                    or a nil value";
const ID: &str = "expecting a structured data element id (from 1 to max 32 US-ASCII characters; except `=`, ` `, `]`, \
                  and `\"`";
const PARAMETER: &str = "expecting a structured data parameter (`key=\"value\"`, both part from 1 to max 32 US-ASCII \
                         characters; key cannot contain `=`, ` `, `]`, and `\"`, while value cannot contain `]`, \
                         backslash, and `\"` unless escaped)";
const ESCAPE: &str = "expecting chars `]`, `\"`, and `\\` to be escaped within param value";

/// A text, and how far it was read.
struct Reader<'t> {
    text: &'t Text,
    at: usize,
}

/// Reads a message.
pub(super) fn parse(text: &Text) -> Result<Message, String> {
    let (priority, at) = priority::read(text.as_bytes())?;
    let mut reader = Reader { text, at };
    let mut message = Message::new(priority);
    message.version = Some(reader.version()?);
    message.timestamp = reader.timestamp()?;
    message.hostname =
        reader.word(255, "expecting an hostname (from 1 to max 255 US-ASCII characters) or a nil value")?;
    message.appname =
        reader.word(48, "expecting an app-name (from 1 to max 48 US-ASCII characters) or a nil value")?;
    message.proc_id =
        reader.word(128, "expecting a procid (from 1 to max 128 US-ASCII characters) or a nil value")?;
    message.msg_id =
        reader.word(32, "expecting a msgid (from 1 to max 32 US-ASCII characters) or a nil value")?;
    message.structured_data = reader.structured_data()?;
    if let Some(rest) = text.get(reader.at + 1..).filter(|rest| !rest.is_empty()) {
        message.text = Some(text.slice_ref(rest));
    }
    Ok(message)
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes a byte if it is the next.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn fail<T>(&self, message: &str) -> Result<T, String> {
        Err(format!("{message} [col {}]", self.at))
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), String> {
        if self.take(byte) { Ok(()) } else { self.fail(message) }
    }

    fn version(&mut self) -> Result<u16, String> {
        let start = self.at;
        let mut version = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if self.at - start == 3 || (version == 0 && digit == b'0') {
                break;
            }
            version = version * 10 + u16::from(digit - b'0');
            self.at += 1;
        }
        if version == 0 {
            return self.fail(VERSION);
        }
        self.expect(b' ', if self.at - start == 1 { PARSING } else { VERSION })?;
        Ok(version)
    }

    fn timestamp(&mut self) -> Result<Option<i64>, String> {
        if self.take(b'-') {
            self.expect(b' ', PARSING)?;
            return Ok(None);
        }
        let start = self.at;
        self.shape(b"9999-")?;
        self.two(b"01", 1, 12)?;
        self.expect(b'-', TIMESTAMP)?;
        self.two(b"0123", 1, 31)?;
        self.expect(b'T', TIMESTAMP)?;
        self.two(b"012", 0, 23)?;
        self.expect(b':', TIMESTAMP)?;
        self.two(b"012345", 0, 59)?;
        self.expect(b':', TIMESTAMP)?;
        self.two(b"012345", 0, 59)?;
        if self.take(b'.') {
            self.shape(b"9")?;
            let fraction = self.text.as_bytes()[self.at..].iter().take(5).take_while(|b| b.is_ascii_digit());
            self.at += fraction.count();
        }
        if !self.take(b'Z') {
            if !self.take(b'+') {
                self.expect(b'-', TIMESTAMP)?;
            }
            self.two(b"012", 0, 23)?;
            self.expect(b':', TIMESTAMP)?;
            self.two(b"012345", 0, 59)?;
        }
        let end = self.at;
        let stamp = &self.text[start..end];
        let Ok(time) = layout().parse(stamp.as_bytes(), &Zone::Utc) else {
            return self.fail(&format!("parsing time {stamp:?}: day out of range"));
        };
        self.expect(b' ', PARSING)?;
        Ok(Some(time.unix_nanos()))
    }

    /// Takes what looks like this: a digit for each 9, all else itself.
    fn shape(&mut self, shape: &[u8]) -> Result<(), String> {
        for wanted in shape {
            let fits = |byte: u8| if *wanted == b'9' { byte.is_ascii_digit() } else { byte == *wanted };
            if !self.peek().is_some_and(fits) {
                return self.fail(TIMESTAMP);
            }
            self.at += 1;
        }
        Ok(())
    }

    /// Takes two digits, of which the first is one of `tens`.
    fn two(&mut self, tens: &[u8], least: u8, most: u8) -> Result<(), String> {
        let Some(ten) = self.peek().filter(|byte| tens.contains(byte)) else { return self.fail(TIMESTAMP) };
        self.at += 1;
        let number = |one: u8| (ten - b'0') * 10 + (one - b'0');
        let fits = |one: &u8| one.is_ascii_digit() && (least..=most).contains(&number(*one));
        if !self.peek().as_ref().is_some_and(fits) {
            return self.fail(TIMESTAMP);
        }
        self.at += 1;
        Ok(())
    }

    /// A word and the space behind it.
    fn word(&mut self, longest: usize, message: &str) -> Result<Option<Text>, String> {
        let start = self.at;
        self.graphic(longest, |_| true);
        let end = self.at;
        if end == start {
            return self.fail(message);
        }
        self.expect(b' ', message)?;
        Ok(part(self.text, start, end))
    }

    /// Takes so many visible characters, as long as they are right.
    fn graphic(&mut self, longest: usize, right: impl Fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        let fits = |byte: &&u8| matches!(**byte, b'!'..=b'~') && right(**byte);
        self.at += rest.iter().take(longest).take_while(fits).count();
    }

    /// A name in structured data.
    fn name(&mut self, message: &str) -> Result<Text, String> {
        let start = self.at;
        self.graphic(32, |byte| !matches!(byte, b'=' | b']' | b'"'));
        if self.at == start {
            return self.fail(message);
        }
        Ok(self.text.slice_ref(&self.text[start..self.at]))
    }

    /// The structured data; what comes behind it is a space or nothing.
    fn structured_data(&mut self) -> Result<Option<Map>, String> {
        let over = |reader: &Self| matches!(reader.peek(), None | Some(b' '));
        if self.take(b'-') {
            return if over(self) { Ok(None) } else { self.fail(PARSING) };
        }
        let mut elements = Map::default();
        while self.take(b'[') {
            let id = self.name(ID)?;
            if elements.get(&id).is_some() && matches!(self.peek(), Some(b' ' | b']')) {
                return self.fail("duplicate structured data element id");
            }
            let parameters = self.parameters()?;
            elements.insert(id, Value::Map(parameters));
        }
        if elements.is_empty() || !over(self) {
            return self.fail(DATA);
        }
        Ok(Some(elements))
    }

    /// The parameters of an element, and the bracket behind them.
    fn parameters(&mut self) -> Result<Map, String> {
        let mut pairs = Vec::new();
        loop {
            if self.take(b']') {
                return Ok(Map::from_pairs(pairs));
            }
            self.expect(b' ', if pairs.is_empty() { ID } else { PARAMETER })?;
            let name = self.name(PARAMETER)?;
            self.expect(b'=', PARAMETER)?;
            self.expect(b'"', PARAMETER)?;
            let value = self.value()?;
            pairs.push((name, Value::Text(value)));
        }
    }

    /// A parameter's value, and the quote behind it.
    fn value(&mut self) -> Result<Text, String> {
        let start = self.at;
        let mut plain = start;
        let mut value = Cow::Borrowed("");
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    value += &self.text[plain..self.at];
                    self.at += 1;
                    plain = self.at;
                    if !matches!(self.peek(), Some(b'"' | b']' | b'\\')) {
                        return self.fail(ESCAPE);
                    }
                }
                Some(b']') | None => return self.fail(ESCAPE),
                Some(_) => {}
            }
            self.at += 1;
        }
        let rest = &self.text[plain..self.at];
        let whole = plain == start;
        let value = if whole { self.text.slice_ref(rest) } else { Text::from(&*(value + rest)) };
        self.at += 1;
        Ok(value)
    }
}

fn layout() -> &'static Layout {
    static MICRO: OnceLock<Layout> = OnceLock::new();
    MICRO.get_or_init(|| {
        Layout::gotime("2006-01-02T15:04:05.999999Z07:00").expect("the fraction has its point")
    })
}
