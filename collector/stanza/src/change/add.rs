//! `add`

use slimcol_config::{Node, Section, Settings};
use slimcol_entry::owned;
use slimcol_expr::{Program, Template};

use super::required;
use crate::{
    Entry, Field, Map, Value, expression,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct Add {
    common: Common,
    field: Field,
    value: Value,
}

/// Sets a field.
#[derive(Debug)]
struct Setter {
    field: Field,
    value: Of,
}

#[derive(Debug)]
enum Of {
    Value(Value),
    Expression(Program),
    Nothing,
}

impl Settings for Add {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            common: Common::read(from),
            field: required(from, "field"),
            value: from.node("value").map_or(Value::Null, written),
        }
    }
}

/// A value as it is written in the configuration.
fn written(node: &Node) -> Value {
    if let Some(items) = node.items() {
        return Value::List(items.iter().map(written).collect());
    }
    if node.is_map() {
        let pair = |entry: &slimcol_config::Entry| (entry.key().into(), written(entry.value()));
        return Value::Map(Map::from_pairs(node.entries().iter().map(pair).collect()));
    }
    // A string that came out of `${…}` is what it reads as.
    match (node.as_bool(), node.as_i64(), node.as_f64(), node.as_str()) {
        (Some(set), ..) => Value::Bool(set),
        (_, Some(number), ..) => Value::Int(number),
        (_, _, Some(number), _) => Value::Float(number),
        (.., Some(text)) => Value::Text(text.into()),
        _ => Value::Null,
    }
}

impl Build for Add {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let guard = self.common.build(with)?;
        let value = match &self.value {
            Value::Null => Of::Nothing,
            value => match value.as_text().and_then(|text| Template::whole(text)) {
                Some(source) => Of::Expression(expression::program(source)?),
                None => Of::Value(value.clone()),
            },
        };
        Ok(Work::Each(guard, Box::new(Setter { field: self.field.clone(), value })))
    }
}

impl Change for Setter {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let value = match &self.value {
            Of::Value(value) => value.clone(),
            Of::Expression(program) => {
                let value = program.eval(entry).map_err(|error| format!("evaluate value_expr: {error}"))?;
                owned(&value)
            }
            Of::Nothing => return Err("add: missing required field 'value'".into()),
        };
        Ok(self.field.set(entry, value)?)
    }
}
