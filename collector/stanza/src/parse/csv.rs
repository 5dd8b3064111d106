//! `csv_parser`

use std::borrow::Cow;

use slimcol_config::{Section, Settings};
use slimcol_textformat::csv;

use super::{Parse, Parser, ParserConfig};
use crate::{
    Entry, Map, Text, Value,
    operator::{Build, Change, Fault, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct Csv {
    parser: ParserConfig,
    header: String,
    header_delimiter: String,
    header_attribute: String,
    delimiter: String,
    lazy_quotes: bool,
    ignore_quotes: bool,
}

/// How rows are written.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    delimiter: char,
    lazy: bool,
    ignore: bool,
}

/// The columns' names, and how rows are written.
#[derive(Debug)]
struct Columns {
    names: Vec<Text>,
    dialect: Dialect,
}

/// Takes the names from an attribute of each entry.
#[derive(Debug)]
struct Dynamic {
    attribute: String,
    delimiter: char,
    dialect: Dialect,
    parser: Parser,
}

impl Settings for Csv {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            parser: ParserConfig::read(from),
            header: from.get("header", String::new()),
            header_delimiter: from.get("header_delimiter", String::new()),
            header_attribute: from.get("header_attribute", String::new()),
            delimiter: from.get("delimiter", String::new()),
            lazy_quotes: from.get("lazy_quotes", false),
            ignore_quotes: from.get("ignore_quotes", false),
        }
    }
}

impl Build for Csv {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let delimiter = if self.delimiter.is_empty() { "," } else { &self.delimiter };
        let of_header = if self.header_delimiter.is_empty() { delimiter } else { &self.header_delimiter };
        if self.ignore_quotes && self.lazy_quotes {
            return Err("only one of 'ignore_quotes' or 'lazy_quotes' can be true".into());
        }
        let one = |key, text: &str| {
            let mut chars = text.chars();
            let first = chars.next().filter(|_| chars.next().is_none());
            first.ok_or_else(|| format!("invalid '{key}': '{text}'"))
        };
        let dialect = Dialect {
            delimiter: one("delimiter", delimiter)?,
            lazy: self.lazy_quotes,
            ignore: self.ignore_quotes,
        };
        let of_header = one("header_delimiter", of_header)?;
        match (self.header.is_empty(), self.header_attribute.is_empty()) {
            (true, true) => Err("missing required field 'header' or 'header_attribute'".into()),
            (false, false) => {
                Err("only one header parameter can be set: 'header' or 'header_attribute'".into())
            }
            (false, true) if !self.header.contains(of_header) => {
                Err("missing field delimiter in header".into())
            }
            (false, true) => {
                let names = self.header.split(of_header).map(Text::from).collect();
                self.parser.build(Box::new(Columns { names, dialect }), with)
            }
            (true, false) => {
                let parser = self.parser.parser()?;
                let attribute = self.header_attribute.clone();
                let dynamic = Dynamic { attribute, delimiter: of_header, dialect, parser };
                Ok(Work::Each(self.parser.guard(with)?, Box::new(dynamic)))
            }
        }
    }
}

impl Change for Dynamic {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let header = match entry.attributes.get(&self.attribute) {
            Some(Value::Text(header)) => header.clone(),
            Some(other) => {
                let kind = other.go_type();
                return Err(Fault::Dropped(format!("header is expected to be a string but is {kind}")));
            }
            None => {
                let attribute = &self.attribute;
                return Err(Fault::Dropped(format!("failed to read dynamic header attribute {attribute}")));
            }
        };
        let names = header.split(self.delimiter).map(|name| header.slice_ref(name)).collect();
        let columns = Columns { names, dialect: self.dialect };
        self.parser.parse_with(&columns, entry).map_err(Fault::Entry)
    }
}

impl Parse for Columns {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
            other => return Err(format!("type '{}' cannot be parsed as csv", other.go_type())),
        };
        let fields: Vec<Text> = if self.dialect.ignore {
            text.split(self.dialect.delimiter).map(|field| text.slice_ref(field)).collect()
        } else {
            let fields = csv::read(&text, self.dialect.delimiter, self.dialect.lazy)?;
            let kept = |field| match field {
                Cow::Borrowed(field) => text.slice_ref(field),
                Cow::Owned(field) => field.into(),
            };
            fields.into_iter().map(kept).collect()
        };
        if fields.len() != self.names.len() {
            let (expected, found) = (self.names.len(), fields.len());
            return Err(format!("wrong number of fields: expected {expected}, found {found}"));
        }
        let pairs = self.names.iter().cloned().zip(fields.into_iter().map(Value::Text));
        Ok(Value::Map(Map::from_pairs(pairs.collect())))
    }
}
