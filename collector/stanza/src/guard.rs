//! What all operators have in common that change entries one by one: `if`, and `on_error`.

use slimcol_config::{Section, Settings};
use slimcol_entry::json;
use slimcol_expr::Condition;
use slimcol_service::{Field as LogField, Level, Log};
use slimcol_timeformat::{Format, Time, Zone};

use crate::{
    Entry, Value, expression,
    operator::{Change, Fault, With, detailed},
};

/// The keys of it.
#[derive(Debug)]
pub(crate) struct Common {
    on_error: String,
    condition: String,
}

/// Lets entries to an operator, and says what becomes of those that it fails on.
#[derive(Debug)]
pub(crate) struct Guard {
    condition: Option<Condition>,
    on_error: &'static OnError,
    log: Log,
}

#[derive(Debug)]
struct OnError {
    word: &'static str,
    send: bool,
    quiet: bool,
}

const ON_ERROR: [OnError; 4] = [
    OnError { word: "send", send: true, quiet: false },
    OnError { word: "send_quiet", send: true, quiet: true },
    OnError { word: "drop", send: false, quiet: false },
    OnError { word: "drop_quiet", send: false, quiet: true },
];

impl Settings for Common {
    fn read(from: &mut Section<'_>) -> Self {
        let Self { on_error, condition } = Self::default();
        Self { on_error: from.get("on_error", on_error), condition: from.get("if", condition) }
    }
}

impl Default for Common {
    fn default() -> Self {
        Self { on_error: "send".into(), condition: String::new() }
    }
}

impl Common {
    /// Without a condition.
    pub(crate) fn with(on_error: &str) -> Self {
        Self { on_error: on_error.to_owned(), condition: String::new() }
    }

    pub(crate) fn build(&self, with: &With<'_>) -> Result<Guard, String> {
        let on_error = ON_ERROR.iter().find(|o| o.word == self.on_error).ok_or_else(|| {
            detailed("operator config has an invalid `on_error` field.", &[("on_error", &self.on_error)])
        })?;
        let source = Some(&*self.condition).filter(|source| !source.is_empty());
        let condition = source.map(expression::condition).transpose()?;
        Ok(Guard { condition, on_error, log: with.log.clone() })
    }
}

impl Guard {
    /// Changes the entry, if it is one for this operator. For the rest see [`Guard::fail`].
    pub(crate) fn run(&self, change: &dyn Change, entry: &mut Entry, errors: &mut Vec<String>) -> bool {
        let done = match self.admits(entry) {
            Ok(true) => change.change(entry),
            Ok(false) => return true,
            Err(error) => Err(Fault::Entry(format!("running if expr: {error}"))),
        };
        match done {
            Ok(()) => true,
            Err(Fault::Entry(error)) => self.fail(entry, error, errors),
            Err(Fault::Dropped(error)) => {
                errors.push(error);
                false
            }
        }
    }

    /// Whether the entry is one for this operator.
    pub(crate) fn admits(&self, entry: &Entry) -> Result<bool, slimcol_expr::Error> {
        self.condition.as_ref().map_or(Ok(true), |condition| condition.holds(entry))
    }

    /// Reports an error. `false` drops the entry; what went wrong loudly is appended to `errors`.
    #[cold]
    pub(crate) fn fail(&self, entry: &Entry, error: String, errors: &mut Vec<String>) -> bool {
        let error = brief(error);
        let level = if self.on_error.quiet { Level::Debug } else { Level::Error };
        if self.log.enabled(level) {
            self.report(entry, &error);
        }
        if !self.on_error.quiet {
            errors.push(error);
        }
        self.on_error.send
    }

    fn report(&self, entry: &Entry, error: &str) {
        let mut fields: Vec<(&str, LogField<'_>)> =
            vec![("error", error.into()), ("action", self.on_error.word.into())];
        fields.extend(described(entry));
        if self.on_error.quiet {
            self.log.debug("Failed to process entry", &fields);
        } else {
            self.log.error("Failed to process entry", &fields);
        }
    }
}

/// What tells an entry from others in the log: its time and its attributes.
pub(crate) fn described(entry: &Entry) -> impl Iterator<Item = (&str, LogField<'_>)> {
    let time = entry.timestamp.map_or(-62_135_596_800, |nanos| nanos.div_euclid(1_000_000_000));
    let nanos = entry.timestamp.map_or(0, |nanos| nanos.rem_euclid(1_000_000_000));
    let time = Time { seconds: time, nanos: u32::try_from(nanos).unwrap_or_default(), zone: Zone::Utc };
    let time = Format::gotime("2006-01-02T15:04:05.000Z0700").text(&time);
    let attributes = entry.attributes.iter().map(|(name, value)| (&**name, shown(value)));
    std::iter::once(("entry.timestamp", time.into())).chain(attributes)
}

/// A value as a field of a log line.
fn shown(value: &Value) -> LogField<'_> {
    match value {
        Value::Bool(value) => (*value).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Text(text) if text.len() <= MOST => (&**text).into(),
        Value::Text(text) => brief(text.to_string()).into(),
        other => brief(json::text(other)).into(),
    }
}

/// So many bytes at most of what is in an entry are in a line of the log: errors of parsers repeat what they could not read,
/// which may be all of a megabyte.
const MOST: usize = 1024;

/// The beginning of a text that is too long.
fn brief(mut text: String) -> String {
    if text.len() > MOST {
        let end = text.floor_char_boundary(MOST);
        let more = text.len() - end;
        text.truncate(end);
        text.extend(["… (", &more.to_string(), " bytes more)"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(brief("a".repeat(1024)), "a".repeat(1024));
        let cut = brief("é".repeat(1000) + "!");
        assert_eq!(cut, "é".repeat(512) + "… (977 bytes more)");
        let cut = brief("!".to_owned() + &"é".repeat(1000));
        assert_eq!(cut, "!".to_owned() + &"é".repeat(511) + "… (978 bytes more)");
    }
}
