//! `json_parser`

use slimcol_config::{Section, Settings};
use slimcol_entry::json::{Numbers, Shown, read, read_first};

use super::{Parse, ParserConfig};
use crate::{
    Map, Value,
    operator::{Build, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct Json {
    parser: ParserConfig,
    parse_ints: bool,
}

impl Settings for Json {
    fn read(from: &mut Section<'_>) -> Self {
        Self { parser: ParserConfig::read(from), parse_ints: from.get("parse_ints", false) }
    }
}

impl Build for Json {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let numbers = if self.parse_ints { Numbers::Whole } else { Numbers::Floats };
        self.parser.build(Box::new(numbers), with)
    }
}

impl Parse for Numbers {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        let Value::Text(text) = value else {
            return Err(format!("type {} cannot be parsed as JSON", value.go_type()));
        };
        // With whole numbers Go reads a stream, of which it takes the first value.
        let read = if *self == Self::Whole { read_first(text, *self) } else { read(text, *self) };
        match read.map_err(|fault| Shown(fault, text).to_string())? {
            Value::Null => Ok(Value::Map(Map::default())),
            map @ Value::Map(_) => Ok(map),
            other => {
                let kind = match other {
                    Value::List(_) => "array",
                    Value::Text(_) => "string",
                    Value::Bool(_) => "bool",
                    _ => "number",
                };
                Err(format!("json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"))
            }
        }
    }
}
