//! Azure's resource logs, in the schema that all of its services share
//! (<https://learn.microsoft.com/azure/azure-monitor/essentials/resource-logs-schema>), as log records: Go's translator `azure`.

mod iso;

use std::{collections::HashMap, ops::Range};

use slimcol_pdata::{json::Lexer, put, view::ValueRef};

use super::json::{DEPTH, failed, members, valid, value};

const SCOPE: &str = "github.com/open-telemetry/opentelemetry-collector-contrib/pkg/translator/azure";

/// The texts of a record, and the attributes that they become, in the order of their names.
const TEXTS: [(&str, &str); 11] = [
    ("category", "azure.category"),
    ("correlationId", "azure.correlation.id"),
    ("operationName", "azure.operation.name"),
    ("operationVersion", "azure.operation.version"),
    ("resultDescription", "azure.result.description"),
    ("resultSignature", "azure.result.signature"),
    ("resultType", "azure.result.type"),
    ("tenantId", "azure.tenant.id"),
    ("location", "cloud.region"),
    ("callerIpAddress", "network.peer.address"),
    ("resourceId", ""),
];
/// Where in [`TEXTS`] what stands that every record has an attribute of, be it empty.
const ALWAYS: [usize; 2] = [0, 2];
const RESOURCE: usize = 10;

/// A request of the records in `text`, from a collector of this `version`. `untimed` is called with each time that cannot be
/// read; the record has none then.
pub(super) fn logs(text: &[u8], version: &str, untimed: &mut dyn FnMut(&str)) -> Result<Vec<u8>, String> {
    let mut lexer = Lexer::new(text);
    // The records of each resource, in the order in which they first came.
    let (mut places, mut resources) = (HashMap::new(), Vec::new());
    if !lexer.null().map_err(failed)? {
        members(&mut lexer, &mut |lexer, key| {
            if !key.eq_ignore_ascii_case("records") {
                return lexer.skip().map_err(failed);
            }
            if lexer.null().map_err(failed)? {
                return Ok(());
            }
            lexer.expect(b'[', "ReadArray", "expect [").map_err(failed)?;
            if lexer.take(b']') {
                return Ok(());
            }
            loop {
                let (resource, record) = record(lexer, untimed)?;
                let place = *places.entry(resource.clone()).or_insert(resources.len());
                if place == resources.len() {
                    resources.push((resource, Vec::new()));
                }
                put::bytes(&mut resources[place].1, 2, &record);
                if !lexer.take(b',') {
                    return lexer.expect(b']', "ReadArray", "expect , or ]").map_err(failed);
                }
            }
        })?;
    }
    let mut request = Vec::with_capacity(text.len());
    for (resource, records) in resources {
        put::message(&mut request, 1, |to| {
            put::message(to, 1, |to| put::attribute(to, 1, "azure.resource.id", &*resource));
            put::message(to, 2, |to| {
                put::message(to, 1, |to| {
                    put::bytes(to, 1, SCOPE.as_bytes());
                    put::bytes(to, 2, version.as_bytes());
                });
                to.extend_from_slice(&records);
            });
        });
    }
    Ok(request)
}

/// One record's resource and what OTLP calls it.
fn record(lexer: &mut Lexer<'_>, untimed: &mut dyn FnMut(&str)) -> Result<(String, Vec<u8>), String> {
    let mut texts: [String; TEXTS.len()] = Default::default();
    let (mut time, mut timestamp) = (String::new(), String::new());
    let (mut severity, mut level, mut duration) = (0, String::new(), None);
    let (mut identity, mut properties) = (None, None);
    let mut read = |lexer: &mut Lexer<'_>, key: &str| {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        if let Some(at) = TEXTS.iter().position(|(name, _)| is(name)) {
            return text(lexer, TEXTS[at].0, &mut texts[at]);
        }
        if is("time") {
            return text(lexer, "time", &mut time);
        }
        if is("timeStamp") {
            return text(lexer, "timeStamp", &mut timestamp);
        }
        if is("Level") {
            (severity, level) = self::level(lexer)?;
            return Ok(());
        }
        if is("durationMs") {
            duration = milliseconds(lexer)?;
            return Ok(());
        }
        let any = if is("identity") {
            &mut identity
        } else if is("properties") {
            &mut properties
        } else {
            return lexer.skip().map_err(failed);
        };
        let mut content = Vec::new();
        let is_null = lexer.peek() == Some(b'n');
        value(lexer, DEPTH, &mut content)?;
        *any = (!is_null).then_some(content);
        Ok(())
    };
    if !lexer.null().map_err(failed)? {
        members(lexer, &mut read)?;
    }
    let mut to = Vec::new();
    let when = if time.is_empty() { &timestamp } else { &time };
    match iso::nanos(when) {
        Some(nanos) => put::fixed64(&mut to, 1, nanos.cast_unsigned()),
        None => untimed(when),
    }
    put::varint_field(&mut to, 2, severity);
    put::bytes(&mut to, 3, level.as_bytes());
    let named = |to: &mut Vec<u8>, places: Range<usize>| {
        for at in places {
            if !texts[at].is_empty() || ALWAYS.contains(&at) {
                put::attribute(to, 6, TEXTS[at].1, &*texts[at]);
            }
        }
    };
    let any = |to: &mut Vec<u8>, key: &str, content: Option<Vec<u8>>| {
        if let Some(content) = content {
            put::message(to, 6, |to| {
                put::bytes(to, 1, key.as_bytes());
                put::bytes(to, 2, &content);
            });
        }
    };
    named(&mut to, 0..2);
    if let Some(duration) = duration {
        put::attribute(&mut to, 6, "azure.duration", ValueRef::Int(duration));
    }
    any(&mut to, "azure.identity", identity);
    named(&mut to, 2..4);
    any(&mut to, "azure.properties", properties);
    named(&mut to, 4..8);
    put::attribute(&mut to, 6, "cloud.provider", "azure");
    named(&mut to, 8..RESOURCE);
    let resource = std::mem::take(&mut texts[RESOURCE]);
    Ok((resource, to))
}

/// A text of the schema into `to`, which `null` leaves as it is.
fn text(lexer: &mut Lexer<'_>, key: &str, to: &mut String) -> Result<(), String> {
    match lexer.peek() {
        Some(b'"') => *to = valid(&lexer.string().map_err(failed)?).into_owned(),
        Some(b'n') => drop(lexer.null().map_err(failed)?),
        _ => return Err(format!("json: {key:?} is no text")),
    }
    Ok(())
}

/// The severity that a level stands for, OTLP's number and what was written.
fn level(lexer: &mut Lexer<'_>) -> Result<(u64, String), String> {
    Ok(match lexer.peek() {
        Some(b'"') => {
            let text = valid(&lexer.string().map_err(failed)?).into_owned();
            let severity = match &*text {
                "Informational" => 9,
                "Warning" => 13,
                "Error" => 17,
                "Critical" => 21,
                _ => 0,
            };
            (severity, text)
        }
        Some(b'-' | b'0'..=b'9') => {
            let number = lexer.number().map_err(failed)?;
            let number: f64 = number.parse().map_err(|_| format!("json: {number} is no number"))?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is positive, and saturates"
            )]
            let severity = u64::from(number.max(0.0) as u32 & i32::MAX.cast_unsigned());
            (severity, number.to_string())
        }
        _ => {
            lexer.skip().map_err(failed)?;
            (0, String::new())
        }
    })
}

/// A duration, written as a number or a text; nothing if it is not whole.
fn milliseconds(lexer: &mut Lexer<'_>) -> Result<Option<i64>, String> {
    let wrong = || "json: \"durationMs\" is no number".to_owned();
    let mut written = String::new();
    match lexer.peek() {
        Some(b'n') => return lexer.null().map(|_| None).map_err(failed),
        Some(b'-' | b'0'..=b'9') => lexer.number().map_err(failed)?.clone_into(&mut written),
        Some(b'"') => text(lexer, "durationMs", &mut written)?,
        _ => return Err(wrong()),
    }
    match written.parse() {
        Ok(whole) => Ok(Some(whole)),
        Err(_) => written.parse::<f64>().map(|_| None).map_err(|_| wrong()),
    }
}

#[cfg(test)]
mod tests;
