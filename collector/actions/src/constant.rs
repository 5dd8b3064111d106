use std::fmt::Write;

use slimcol_config::Node;
use slimcol_pdata::view::{LogRecordRef, ResourceLogsRef, ScopeLogsRef, ValueRef};

/// A value that is kept: one of the configuration, or a copy of an attribute's.
#[derive(Clone, Debug)]
pub enum Constant {
    /// A text.
    Text(String),
    /// true or false
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Double(f64),
    /// Bytes, a list, a map or nothing: the body of the only log record.
    Other(slimcol_pdata::Logs),
}

impl Constant {
    /// The value that is written, typed as YAML types it; nothing for null.
    pub fn of(node: &Node) -> Option<Self> {
        if node.is_null() {
            return None;
        }
        if let Some(value) = node.as_bool() {
            return Some(Self::Bool(value));
        }
        if let Some(value) = node.as_i64() {
            return Some(Self::Int(value));
        }
        if let Some(value) = node.as_f64() {
            return Some(Self::Double(value));
        }
        if node.items().is_none() && !node.is_map() {
            return node.scalar_text().map(Self::Text);
        }
        let mut json = String::from(r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":"#);
        write(&mut json, node);
        json.push_str("}]}]}]}");
        slimcol_pdata::Logs::from_json(json.as_bytes()).ok().map(Self::Other)
    }

    /// A copy of a value.
    pub fn copy(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Str(text) => Self::Text(text.to_owned()),
            ValueRef::Bool(value) => Self::Bool(value),
            ValueRef::Int(value) => Self::Int(value),
            ValueRef::Double(value) => Self::Double(value),
            value => {
                let mut logs = slimcol_pdata::Logs::default();
                logs.edit(|tree| tree.add_entry().add_scope().add_log_record().body_mut().set(value));
                Self::Other(logs)
            }
        }
    }

    /// The value.
    pub fn view(&self) -> ValueRef<'_> {
        match self {
            Self::Text(text) => ValueRef::Str(text),
            Self::Bool(value) => ValueRef::Bool(*value),
            Self::Int(value) => ValueRef::Int(*value),
            Self::Double(value) => ValueRef::Double(*value),
            Self::Other(logs) => logs
                .resource_logs()
                .flat_map(ResourceLogsRef::scope_logs)
                .flat_map(ScopeLogsRef::log_records)
                .next()
                .map_or(ValueRef::Empty, LogRecordRef::body),
        }
    }
}

/// Appends a value as OTLP/JSON.
fn write(to: &mut String, node: &Node) {
    if let Some(items) = node.items() {
        to.push_str(r#"{"arrayValue":{"values":["#);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                to.push(',');
            }
            write(to, item);
        }
        to.push_str("]}}");
    } else if node.is_map() {
        to.push_str(r#"{"kvlistValue":{"values":["#);
        for (index, entry) in node.entries().iter().enumerate() {
            to.push_str(if index > 0 { ",{\"key\":" } else { "{\"key\":" });
            quote(to, entry.key());
            to.push_str(",\"value\":");
            write(to, entry.value());
            to.push('}');
        }
        to.push_str("]}}");
    } else {
        // Writing into a text does not fail.
        let _ = match Constant::of(node) {
            Some(Constant::Bool(value)) => write!(to, "{{\"boolValue\":{value}}}"),
            Some(Constant::Int(value)) => write!(to, "{{\"intValue\":\"{value}\"}}"),
            Some(Constant::Double(value)) if value.is_finite() => write!(to, "{{\"doubleValue\":{value:?}}}"),
            Some(Constant::Text(text)) => {
                to.push_str("{\"stringValue\":");
                quote(to, &text);
                to.write_char('}')
            }
            _ => to.write_str("{}"),
        };
    }
}

fn quote(to: &mut String, text: &str) {
    to.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => to.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(to, "\\u{:04x}", u32::from(c));
            }
            c => to.push(c),
        }
    }
    to.push('"');
}
