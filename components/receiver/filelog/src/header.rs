//! What the first lines of a file say about all of it.

use serde_json::{Number, Value as Json};
use slimcol_fileconsumer::Attributes;
use slimcol_service::{BoxError, Log};
use slimcol_stanza::{Entry, Input, OperatorConfig, Pipeline, Text, Value};

use crate::config::Config;

/// The operators of `header.metadata_operators`.
#[derive(Debug)]
pub(crate) struct Header(Option<Pipeline>);

impl Header {
    /// Puts the operators together, if there is a header.
    pub(crate) fn new(config: &Config, log: &Log) -> Result<Self, BoxError> {
        let Some(header) = &config.file.header else { return Ok(Self(None)) };
        let failed = |why: &str| format!("invalid config for 'header': {why}");
        let nodes = header.metadata_operators.as_ref().and_then(|node| node.items()).unwrap_or_default();
        if nodes.is_empty() {
            return Err(failed("at least one operator must be specified for `metadata_operators`").into());
        }
        let mut operators: Vec<OperatorConfig> = Vec::with_capacity(nodes.len());
        for node in nodes {
            let operator = slimcol_config::read(node).map_err(|issues| {
                let messages: Vec<&str> = issues.iter().map(|issue| issue.message.as_str()).collect();
                failed(&messages.join("; "))
            })?;
            operators.push(operator);
        }
        let input = Input { id: "header_input", outputs: &[] };
        let pipeline = Pipeline::new(input, &operators, log)
            .map_err(|why| failed(&format!("failed to build pipeline: {why}")))?;
        Ok(Self(Some(pipeline)))
    }

    /// Adds what a line says to the attributes of its file.
    pub(crate) fn read(&self, line: &str, attributes: &mut Attributes) -> Result<(), BoxError> {
        let Some(pipeline) = &self.0 else { return Ok(()) };
        let entry = Entry { body: Value::Text(Text::from(line)), ..Entry::default() };
        let done = pipeline.process(vec![entry]);
        for entry in &done.entries {
            for (name, value) in entry.attributes.iter() {
                attributes.insert(name.to_string(), json(value));
            }
        }
        if done.errors.is_empty() { Ok(()) } else { Err(done.errors.join("; ").into()) }
    }
}

/// A value as the file's attributes keep it.
fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Float(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
        Value::Text(text) => Json::from(&**text),
        Value::Bytes(bytes) => Json::from(String::from_utf8_lossy(bytes)),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(map) => map.iter().map(|(name, value)| (name.to_string(), json(value))).collect(),
    }
}

/// A value of the file's attributes as entries have it.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or_default()), Value::Int)
        }
        Json::String(text) => Value::Text(Text::from(&**text)),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(map) => Value::Map(slimcol_stanza::Map::from_pairs(
            map.iter().map(|(name, one)| (Text::from(&**name), value(one))).collect(),
        )),
    }
}
