//! `trace_parser`, and `trace` in other parsers.

use slimcol_config::{Section, Settings};

use crate::{
    Entry, Field, Trace, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work, detailed},
};

/// The keys of it, which are all that there is to do.
#[derive(Clone, Debug)]
pub(crate) struct TraceConfig {
    trace_id: Field,
    span_id: Field,
    trace_flags: Field,
}

impl Settings for TraceConfig {
    fn read(from: &mut Section<'_>) -> Self {
        from.warn_of_unknown_keys();
        Self {
            trace_id: from.section_with("trace_id", |from| Of::read(from, "trace_id")).0,
            span_id: from.section_with("span_id", |from| Of::read(from, "span_id")).0,
            trace_flags: from.section_with("trace_flags", |from| Of::read(from, "trace_flags")).0,
        }
    }
}

/// Where one of them stands.
struct Of(Field);

impl Of {
    fn read(from: &mut Section<'_>, default: &'static str) -> Self {
        from.warn_of_unknown_keys();
        Self(from.get("parse_from", Field::body(default)))
    }
}

impl Settings for Of {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read(from, "trace_id")
    }
}

impl TraceConfig {
    /// Gives the entry its trace. What is not there is left out.
    pub(crate) fn apply(&self, entry: &mut Entry) -> Result<(), String> {
        let mut errors = Vec::new();
        let mut decode = |name, field: &Field| {
            let Some(value) = field.get(entry) else { return Vec::new() };
            let decoded = match value {
                Value::Text(text) => decoded(text),
                other => decoded(&other.to_string()),
            };
            decoded.unwrap_or_else(|error| {
                errors.push((name, error));
                Vec::new()
            })
        };
        let span_id = decode("span_id", &self.span_id);
        let flags = decode("trace_flags", &self.trace_flags);
        let trace_id = decode("trace_id", &self.trace_id);
        let trace = Trace { trace_id, span_id, flags };
        entry.trace = (trace != Trace::default()).then(|| Box::new(trace));
        if errors.is_empty() {
            return Ok(());
        }
        let details: Vec<_> = errors.iter().map(|(name, error)| (*name, &**error)).collect();
        Err(detailed("Error decoding traces for logs", &details))
    }
}

/// The bytes of hexadecimal digits; the error is Go's.
fn decoded(text: &str) -> Result<Vec<u8>, String> {
    let digit = |b: u8| {
        let digit = char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digit.ok_or_else(|| format!("encoding/hex: invalid byte: U+{b:04X} {:?}", char::from(b)))
    };
    let pairs = text.as_bytes().chunks_exact(2);
    let odd = pairs.remainder().first().copied();
    let bytes =
        pairs.map(|pair| Ok(digit(pair[0])? << 4 | digit(pair[1])?)).collect::<Result<_, String>>()?;
    match odd {
        None => Ok(bytes),
        Some(last) => digit(last).and(Err("encoding/hex: odd length hex string".into())),
    }
}

/// `trace_parser`
#[derive(Debug)]
pub(crate) struct TraceParser {
    common: Common,
    trace: TraceConfig,
}

impl Settings for TraceParser {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), trace: TraceConfig::read(from) }
    }
}

impl Build for TraceParser {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Each(self.common.build(with)?, Box::new(self.trace.clone())))
    }
}

impl Change for TraceConfig {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        self.apply(entry).map_err(Fault::Entry)
    }
}
