//! The status of a span, which several tags may tell.

use super::otlp::Value;
use crate::names;

/// What the tags seen so far tell.
#[derive(Debug, Default)]
pub(super) struct Status {
    census: Told,
    own: Told,
    http: Told,
    error: bool,
}

#[derive(Debug, Default)]
struct Told {
    code: Option<i32>,
    message: String,
}

const OK: i32 = 1;
const ERROR: i32 = 2;

impl Status {
    /// Looks at a tag, and says whether it was only about the status.
    pub(super) fn takes(&mut self, name: &str, value: &Value<'_>) -> bool {
        match name {
            "census.status_code" => {
                let told = number(value).map(|code| if code == 0 { OK } else { ERROR });
                self.census.code = told.or(self.census.code);
            }
            "census.status_description" | "opencensus.status_description" => {
                self.census.message = text(value);
            }
            names::STATUS_CODE => self.own.code = number(value).or(self.own.code),
            names::STATUS_DESCRIPTION => self.own.message = text(value),
            names::ERROR => self.error = true,
            names::HTTP_STATUS | names::HTTP_RESPONSE_STATUS => {
                let told = number(value).map(|code| if (100..400).contains(&code) { 0 } else { ERROR });
                self.http.code = told.or(self.http.code);
                return false;
            }
            "http.status_message" => {
                self.http.message = text(value);
                return false;
            }
            _ => return false,
        }
        true
    }

    /// Code and message of whoever tells best.
    pub(super) fn verdict(&self) -> Option<(i32, &str)> {
        let told = |told: &Told| told.code.is_some();
        if told(&self.census) || told(&self.own) {
            let best = if told(&self.census) { &self.census } else { &self.own };
            return best.code.map(|code| (code, &*best.message));
        }
        if self.error {
            let messages = [&self.census.message, &self.own.message];
            return Some((ERROR, messages.into_iter().find(|text| !text.is_empty()).map_or("", |text| text)));
        }
        self.http.code.map(|code| (code, &*self.http.message))
    }
}

fn number(value: &Value<'_>) -> Option<i32> {
    match value {
        Value::Int(number) => i32::try_from(*number).ok(),
        Value::Text(text) => text.parse::<i64>().ok().and_then(|number| number.try_into().ok()),
        Value::Bool(_) | Value::Double(_) => None,
    }
}

fn text(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.clone().into_owned(),
        _ => String::new(),
    }
}
