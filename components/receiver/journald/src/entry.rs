//! Entries of what `journalctl` writes.

use slimcol_logreceiver::Intake;
use slimcol_stanza::{Entry, Map, Text, Value, from_json};

/// The field of an entry's time, in microseconds.
const TIME: &str = "__REALTIME_TIMESTAMP";
/// The field of an entry's place in the journal.
const CURSOR: &str = "__CURSOR";

/// How entries are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// A message that is no text becomes one.
    pub(crate) convert_message_bytes: bool,
    /// What was read is told.
    pub(crate) original: bool,
}

impl Reading {
    /// The entry of a line, and its place in the journal.
    pub(crate) fn entry(self, line: &Text, observed: i64, intake: &Intake) -> Result<(Entry, Text), String> {
        let Value::Map(mut body) = from_json(line)? else { return Err("it is no JSON object".to_owned()) };
        let micros = field(&body, TIME, "timestamp")?;
        let micros: i64 = micros.parse().map_err(|error| format!("parse timestamp: {error}: {micros:?}"))?;
        if self.convert_message_bytes
            && let Some(Value::List(bytes)) = body.get("MESSAGE")
        {
            let text = Value::Text(text(bytes).into());
            body.insert(Text::from_static("MESSAGE"), text);
        }
        body.remove(TIME);
        let cursor = field(&body, CURSOR, "cursor")?.clone();
        let mut entry = intake
            .entry(Value::Map(body), observed)
            .map_err(|error| format!("failed to create entry: {error}"))?;
        entry.timestamp = Some(micros.wrapping_mul(1000));
        if self.original {
            let name = Text::from_static("log.record.original");
            entry.attributes.insert(name, Value::Text(line.clone()));
        }
        Ok((entry, cursor))
    }
}

fn field<'b>(body: &'b Map, name: &str, what: &str) -> Result<&'b Text, String> {
    let value = body.get(name).ok_or_else(|| format!("journald body missing {name} field"))?;
    value.as_text().ok_or_else(|| format!("journald field for {what} is not a string"))
}

/// The text of bytes that are written as numbers.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they are bytes")]
fn text(bytes: &[Value]) -> String {
    let byte = |value: &Value| match value {
        Value::Float(number) => Some(*number as u8),
        _ => None,
    };
    let bytes: Vec<u8> = bytes.iter().filter_map(byte).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
