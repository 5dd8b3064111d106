//! One value, as a verb with its flags shows it.

use std::fmt::Write;

use slimcol_config::Duration;
use slimcol_ottleval::value::{Look, Value, hex};
use slimcol_pdata::view::ValueRef;
use slimcol_timeformat::Format;

use super::float;

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own, in any company")]
pub(super) struct Flags {
    pub(super) sharp: bool,
    pub(super) zero: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) space: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

/// The type of a value in Go.
pub(super) fn type_name(value: Look<'_>) -> &'static str {
    match value {
        Look::Data(ValueRef::Empty) => "<nil>",
        other => other.type_name(),
    }
}

impl Flags {
    /// Puts `value` to `out` as the verb says.
    pub(super) fn show(mut self, value: Look<'_>, verb: char, out: &mut String) {
        // There a plus asks for names of fields, which nothing here has.
        self.plus &= verb != 'v';
        if verb == 'T' {
            return self.pad(type_name(value), out);
        }
        match value {
            Look::Data(ValueRef::Empty) if verb == 'v' => self.pad("<nil>", out),
            Look::Data(ValueRef::Empty) => put(out, format_args!("%!{verb}(<nil>)")),
            Look::Data(ValueRef::Bool(value)) if matches!(verb, 't' | 'v') => {
                self.pad(&value.to_string(), out);
            }
            Look::Data(ValueRef::Int(value)) if "vdboOxXcqU".contains(verb) => self.int(value, verb, out),
            Look::Data(ValueRef::Double(value)) if "vgGfFeE".contains(verb) => self.double(value, verb, out),
            Look::Data(ValueRef::Str(text)) if "vsxXq".contains(verb) => {
                self.text(text.as_bytes(), verb, out);
            }
            Look::Data(ValueRef::Bytes(bytes)) if "sxXq".contains(verb) => self.text(bytes, verb, out),
            Look::Data(ValueRef::Bytes(bytes)) if matches!(verb, 'v' | 'd') => {
                let numbers = bytes.iter().map(|byte| Look::Data(ValueRef::Int((*byte).into())));
                self.list(numbers, 'd', out);
            }
            Look::Data(ValueRef::Array(values)) => self.list(values.iter().map(Look::Data), verb, out),
            Look::Data(ValueRef::Map(map)) => {
                let mut pairs: Vec<_> = map.iter().collect();
                slimcol_order::sort_by_key(&mut pairs, |(key, _)| *key);
                out.push_str("map[");
                for (at, (key, value)) in pairs.into_iter().enumerate() {
                    out.push_str(if at > 0 { " " } else { "" });
                    self.show(Look::Data(ValueRef::Str(key)), verb, out);
                    out.push(':');
                    self.show(Look::Data(value), verb, out);
                }
                out.push(']');
            }
            Look::Duration(nanos) if "dboOxXcU".contains(verb) => self.int(nanos, verb, out),
            Look::Time(_) | Look::Duration(_) | Look::TraceId(_) | Look::SpanId(_)
                if "vsxXq".contains(verb) =>
            {
                self.text(said(value).as_bytes(), verb, out);
            }
            Look::Items(what, count) => put(out, format_args!("{count} of {what}")),
            _ => {
                put(out, format_args!("%!{verb}({}=", type_name(value)));
                self.show(value, 'v', out);
                out.push(')');
            }
        }
    }

    fn list<'v>(self, values: impl Iterator<Item = Look<'v>>, verb: char, out: &mut String) {
        out.push('[');
        for (at, value) in values.enumerate() {
            out.push_str(if at > 0 { " " } else { "" });
            self.show(value, verb, out);
        }
        out.push(']');
    }

    fn pad(self, text: &str, out: &mut String) {
        let wanted = self.width.unwrap_or(0);
        let missing = if wanted > 0 { wanted.saturating_sub(text.chars().count()) } else { 0 };
        if self.minus {
            out.push_str(text);
            out.extend(std::iter::repeat_n(' ', missing));
        } else {
            out.extend(std::iter::repeat_n(if self.zero { '0' } else { ' ' }, missing));
            out.push_str(text);
        }
    }

    fn text(self, bytes: &[u8], verb: char, out: &mut String) {
        let text = String::from_utf8_lossy(bytes);
        let most = self.precision.unwrap_or(usize::MAX);
        let first: String = if verb == 'v' || matches!(verb, 's' | 'q') {
            text.chars().take(most).collect()
        } else {
            let digits = hex(&bytes[..bytes.len().min(most)]);
            self.hex(&if verb == 'X' { digits.to_ascii_uppercase() } else { digits }, verb)
        };
        match verb {
            'q' if self.sharp && !first.contains(['`', '\u{7f}', '\u{feff}']) && !first.contains(control) => {
                self.pad(&format!("`{first}`"), out);
            }
            'q' => self.pad(&quoted(&first, '"'), out),
            'v' if self.sharp => self.pad(&quoted(&first, '"'), out),
            _ => self.pad(&first, out),
        }
    }

    /// Digits with a space between bytes and what says that they are hexadecimal, as asked for.
    fn hex(self, digits: &str, verb: char) -> String {
        let head = format!("0{verb}");
        let before = if self.sharp && !digits.is_empty() { head.as_str() } else { "" };
        if !self.space {
            return format!("{before}{digits}");
        }
        let pairs = digits.as_bytes().chunks(2).map(String::from_utf8_lossy);
        let pairs: Vec<_> = pairs.map(|pair| format!("{before}{pair}")).collect();
        pairs.join(" ")
    }

    fn int(mut self, value: i64, verb: char, out: &mut String) {
        let letter =
            || u32::try_from(value).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        let size = value.unsigned_abs();
        let digits = match verb {
            'c' => return self.pad(&letter().to_string(), out),
            'q' => return self.pad(&quoted(&letter().to_string(), '\''), out),
            'U' => {
                let wanted = self.precision.unwrap_or(4).max(4);
                let shown = if self.sharp && value >= 0 && !letter().is_control() {
                    format!(" '{}'", letter())
                } else {
                    String::new()
                };
                self.zero = false;
                return self.pad(&format!("U+{:0>wanted$}{shown}", format!("{value:X}")), out);
            }
            'b' => format!("{size:b}"),
            'o' | 'O' => format!("{size:o}"),
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            _ => size.to_string(),
        };
        let sign = match (value < 0, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (.., true) => " ",
            _ => "",
        };
        let least = match (self.precision, self.width) {
            (Some(0), _) if value == 0 => {
                self.zero = false;
                return self.pad("", out);
            }
            (Some(precision), _) => precision,
            (None, Some(width)) if self.zero && !self.minus => width.saturating_sub(sign.len()),
            _ => 0,
        };
        let mut digits = format!("{digits:0>least$}");
        let head = match verb {
            'O' => "0o",
            'b' if self.sharp => "0b",
            'o' if self.sharp && !digits.starts_with('0') => "0",
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            _ => "",
        };
        digits.insert_str(0, head);
        self.zero = false;
        self.pad(&format!("{sign}{digits}"), out);
    }

    fn double(mut self, value: f64, verb: char, out: &mut String) {
        let precision = self.precision.or(if "vgG".contains(verb) { None } else { Some(6) });
        let mut text = float::text(value, verb, precision);
        if !text.starts_with(['-', '+', 'N']) {
            text.insert(0, '+');
        }
        if text.starts_with('+') && !self.plus && (self.space || value.is_finite()) {
            text.replace_range(..1, if self.space { " " } else { "" });
        }
        if !value.is_finite() {
            self.zero = false;
            if value.is_nan() && (self.plus || self.space) {
                text.insert(0, if self.plus { '+' } else { ' ' });
            }
        }
        let signed = text.starts_with(['-', '+', ' ']);
        if self.zero && !self.minus && signed {
            let width = self.width.unwrap_or(0).saturating_sub(1);
            return put(out, format_args!("{}{:0>width$}", &text[..1], &text[1..]));
        }
        self.pad(&text, out);
    }
}

/// Writes to a text, which takes all.
fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("a string takes all");
}

/// The text in quotes, as `strconv.Quote` writes it.
fn quoted(text: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for letter in text.chars() {
        let escaped = match letter {
            '\x07' => "\\a",
            '\x08' => "\\b",
            '\x0c' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\x0b' => "\\v",
            '\\' => "\\\\",
            letter if letter == quote => {
                out.push('\\');
                out.push(letter);
                continue;
            }
            letter if letter.is_control() || letter == '\u{feff}' => {
                match u32::from(letter) {
                    code @ ..0x80 => put(&mut out, format_args!("\\x{code:02x}")),
                    code => put(&mut out, format_args!("\\u{code:04x}")),
                }
                continue;
            }
            letter => {
                out.push(letter);
                continue;
            }
        };
        out.push_str(escaped);
    }
    out.push(quote);
    out
}

/// Whether Go would not leave the letter as it is between back quotes.
fn control(letter: char) -> bool {
    letter.is_control() && letter != '\t'
}

/// What the value says of itself.
fn said(value: Look<'_>) -> String {
    match value {
        Look::Time(nanos) => {
            let form = Format::gotime("2006-01-02 15:04:05.999999999 -0700 MST");
            Value::Time(nanos).time().map(|time| form.text(&time)).unwrap_or_default()
        }
        Look::Duration(nanos) => Duration(nanos).to_string(),
        Look::TraceId(id) => hex(&id),
        Look::SpanId(id) => hex(&id),
        Look::Data(_) | Look::Items(..) => String::new(),
    }
}
