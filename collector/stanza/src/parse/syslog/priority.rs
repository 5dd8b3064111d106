//! `<34>`: facility and severity in one number.

use crate::{Map, Text, Value};

use super::message::SEVERITY;

/// A number up to 191.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Priority(pub(super) u8);

/// RFC 5427's words for facilities.
const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    "ntp", "security", "console", "cron2", "local0", "local1", "local2", "local3", "local4", "local5",
    "local6", "local7",
];

impl Priority {
    /// Puts it on attributes, and what it says.
    pub(super) fn put(self, map: &mut Map) {
        let (facility, severity) = (self.0 / 8, self.0 % 8);
        map.insert(Text::from_static("priority"), Value::Int(self.0.into()));
        map.insert(Text::from_static("facility"), Value::Int(facility.into()));
        if let Some(name) = FACILITIES.get(usize::from(facility)) {
            map.insert(Text::from_static("facility_text"), Value::from(*name));
        }
        map.insert(Text::from_static(SEVERITY), Value::Int(severity.into()));
    }
}

/// Reads a priority in angle brackets at the beginning, and says how long it is.
pub(super) fn read(text: &[u8]) -> Result<(Priority, usize), String> {
    if text.first() != Some(&b'<') {
        return Err("expecting a priority value within angle brackets [col 0]".into());
    }
    let mut number = 0_u8;
    let mut at = 1;
    loop {
        let next = match text.get(at) {
            Some(b'>') if at > 1 => return Ok((Priority(number), at + 1)),
            // No number begins with zero but zero.
            Some(digit @ b'0'..=b'9') if at == 1 || number > 0 => {
                number.checked_mul(10).and_then(|tens| tens.checked_add(digit - b'0')).filter(|n| *n <= 191)
            }
            _ => None,
        };
        number = next.ok_or_else(|| {
            format!("expecting a priority value in the range 1-191 or equal to 0 [col {at}]")
        })?;
        at += 1;
    }
}

/// The priority at the beginning of a text that is not in any format. It may have zeros before it.
pub(super) fn leading(text: &str) -> Option<Priority> {
    let (digits, _) = text.strip_prefix('<')?.split_once('>')?;
    let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && *number <= 191).map(Priority)
}

/// Whether something that looks like a priority is anywhere in a text.
pub(super) fn occurs(text: &str) -> bool {
    text.split('<').skip(1).any(|after| {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        (1..=3).contains(&digits) && after.as_bytes().get(digits) == Some(&b'>')
    })
}
