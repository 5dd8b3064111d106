//! The status of a span, which several tags may tell.

use std::borrow::Cow;

use crate::{attributes::Attributes, span::Value};

const ERROR: u64 = 2;
/// OTLP's numbers of span kinds.
const SERVER: u64 = 2;
const CLIENT: u64 = 3;

/// Code and message, and takes the tags that were only about them. `None` if no tag tells.
pub(crate) fn status<'a>(tags: &mut Attributes<'a>, kind: u64) -> Option<(u64, Cow<'a, str>)> {
    let mut status = None;
    if tags.get("error") == Some(&Value::Bool(true)) {
        tags.take("error");
        let message = tags.take_text("otel.status_description").or_else(|| http_message(tags));
        status = Some((ERROR, message.unwrap_or_default()));
    }
    if let Some(code) = tags.take_text("otel.status_code") {
        // The tag `error` is the last word.
        return status.or_else(|| {
            let code = match &*code.to_uppercase() {
                "OK" => 1,
                "ERROR" => ERROR,
                _ => 0,
            };
            Some((code, tags.take_text("otel.status_description").unwrap_or_default()))
        });
    }
    if status.is_some() {
        return status;
    }
    let code = number(tags.get("http.status_code")?)?;
    let failed = match code {
        400..500 if kind == SERVER => false,
        400..500 if kind == CLIENT => true,
        // Go's limit is 399.
        code => !(100..399).contains(&code),
    };
    failed.then(|| (ERROR, http_message(tags).unwrap_or_default()))
}

fn http_message<'a>(tags: &Attributes<'a>) -> Option<Cow<'a, str>> {
    tags.get("http.status_message").map(|value| value.text().to_owned().into())
}

fn number(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}
