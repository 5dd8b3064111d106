//! `json_array_parser`

use slimcol_config::{Section, Settings};
use slimcol_entry::json::read_flat_list;

use super::{Parse, ParserConfig};
use crate::{
    Map, Text, Value,
    operator::{Build, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct JsonArray {
    parser: ParserConfig,
    header: String,
}

/// The names of the list's items, if they get names.
#[derive(Debug)]
struct Header(Option<Vec<Text>>);

impl Settings for JsonArray {
    fn read(from: &mut Section<'_>) -> Self {
        Self { parser: ParserConfig::read(from), header: from.get("header", String::new()) }
    }
}

impl Build for JsonArray {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let names = || self.header.split(',').map(Text::from).collect();
        self.parser.build(Box::new(Header((!self.header.is_empty()).then(names))), with)
    }
}

impl Parse for Header {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
            other => return Err(format!("type '{}' cannot be parsed as json array", other.go_type())),
        };
        // What is no list has no items in Go.
        let items = read_flat_list(&text).map_err(|_| "failed to parse entry")?.unwrap_or_default();
        let names = match &self.0 {
            Some(names) if names.len() != items.len() => {
                let (expected, found) = (names.len(), items.len());
                return Err(format!("wrong number of fields: expected {expected}, found {found}"));
            }
            names => names,
        };
        let items = items.into_iter().map(flat).collect::<Result<Vec<_>, _>>()?;
        Ok(match names {
            Some(names) => Value::Map(Map::from_pairs(names.iter().cloned().zip(items).collect())),
            None => Value::List(items),
        })
    }
}

/// Of numbers that are not whole Go makes 0.
fn flat(item: Value) -> Result<Value, &'static str> {
    match item {
        Value::Float(_) => Ok(Value::Int(0)),
        Value::List(_) => Err("failed to parse entry"),
        other => Ok(other),
    }
}
