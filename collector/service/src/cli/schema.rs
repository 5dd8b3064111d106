//! The `schema` command: a JSON Schema (draft 2020-12) of the configurations that this very collector takes, for editors.
//!
//! What a section holds is what reading it asks for, so the schema cannot differ from the reader. A `${…}` may stand
//! wherever a value may, and so may null, which is the default; keys with `::` are paths, which nothing is said about.

use std::fmt::Write;

use slimcol_config::{Config, Field, Shape, Shown};

use crate::{Build, Kind, graph, log::json_string, registry::Registry};

/// The kinds of values, to be referred to.
const DEFS: &str = r##"{
"any":true,
"bool":{"type":["boolean","string","null"],"pattern":"\\$\\{"},
"int":{"type":["integer","string","null"],"pattern":"\\$\\{"},
"uint":{"type":["integer","string","null"],"minimum":0,"pattern":"\\$\\{"},
"float":{"type":["number","string","null"],"pattern":"\\$\\{"},
"text":{"type":["string","null"]},
"id":{"type":["string"],"minLength":1},
"secret":{"type":["string","null"],"writeOnly":true},
"duration":{"type":["string","number","null"],"pattern":"^[-+]?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$|\\$\\{"},
"headers":{"type":["object","array","string","null"],"pattern":"\\$\\{","additionalProperties":{"$ref":"#/$defs/secret"},
"items":{"type":"object","properties":{"name":{"$ref":"#/$defs/text"},"value":{"$ref":"#/$defs/secret"}},"additionalProperties":false}}"##;

/// What every mapping says: that an expression may stand for it.
const MAPPING: &str =
    r#"{"type":["object","string","null"],"pattern":"\\$\\{","patternProperties":{"::":true"#;
const PIPELINES: &str = r#"{"type":["object","string","null"],"pattern":"\\$\\{","additionalProperties":false,"patternProperties":{"::":true,"^(traces|metrics|logs|profiles)(/.+)?$":"#;

/// The schema of whole configurations.
pub(super) fn schema(build: &Build, registry: Registry) -> String {
    let mut to = String::from("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":");
    json_string(&mut to, &format!("Configuration of {} {}", build.name, build.version));
    to += ",\"type\":[\"object\",\"null\"],\"patternProperties\":{\"::\":true},\"additionalProperties\":false,\"properties\":{\n";
    for kind in Kind::CONFIGURED {
        json_string(&mut to, kind.section());
        to += ":";
        to += MAPPING;
        for factory in registry.of_kind(kind) {
            let names: Vec<&str> =
                [factory.info.name].into_iter().chain(factory.info.aliases.iter().copied()).collect();
            let _ = write!(
                to,
                ",\"^({})(/.+)?$\":{{\"$ref\":\"#/$defs/{}.{}\"}}",
                names.join("|"),
                kind.section(),
                factory.info.name
            );
        }
        to += "},\"additionalProperties\":false},\n";
    }
    to += "\"service\":";
    section(&mut to, &Config::described_service(), false);
    to += "},\n\"$defs\":";
    to += DEFS;
    for kind in Kind::CONFIGURED {
        for factory in registry.of_kind(kind) {
            to += ",\n";
            json_string(&mut to, &format!("{}.{}", kind.section(), factory.info.name));
            to += ":";
            value(&mut to, &graph::described(factory));
        }
    }
    to + "}}\n"
}

fn section(to: &mut String, fields: &[Field], open: bool) {
    *to += MAPPING;
    *to += "},\"properties\":{";
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            to.push(',');
        }
        json_string(to, &field.key);
        to.push(':');
        value(to, field);
    }
    *to += if open { "}}" } else { "},\"additionalProperties\":false}" };
}

fn value(to: &mut String, field: &Field) {
    let inner = match &field.value {
        Shown::Map(fields) => &**fields,
        _ => &[],
    };
    match field.shape {
        Shape::Section => section(to, inner, false),
        Shape::Open => section(to, inner, true),
        Shape::Sections => {
            *to += r#"{"type":["array","string","null"],"pattern":"\\$\\{","items":"#;
            section(to, inner, false);
            to.push('}');
        }
        Shape::Named if field.key == "pipelines" => {
            *to += PIPELINES;
            section(to, inner, false);
            *to += "}}";
        }
        Shape::Named => {
            *to += r#"{"type":["object","string","null"],"pattern":"\\$\\{","additionalProperties":"#;
            section(to, inner, false);
            to.push('}');
        }
        Shape::Text if !field.words.is_empty() => words(to, &field.words, false, &field.value),
        Shape::Words(all) => words(to, all, false, &field.value),
        Shape::AnyCase(all) => words(to, all, true, &field.value),
        shape => {
            leaf(to, shape);
            default(to, &field.value);
        }
    }
}

/// A value of `shape`, without its closing brace.
fn leaf(to: &mut String, shape: Shape) {
    let name = match shape {
        Shape::Bool => "bool",
        Shape::Int => "int",
        Shape::Uint => "uint",
        Shape::Float => "float",
        Shape::Text => "text",
        Shape::Id => "id",
        Shape::Secret => "secret",
        Shape::Duration => "duration",
        Shape::Headers => "headers",
        Shape::List(item) => {
            // A list of texts may be one text with commas.
            *to += if *item == Shape::Text {
                r#"{"type":["array","string","null"],"items":"#
            } else {
                r#"{"type":["array","string","null"],"pattern":"\\$\\{","items":"#
            };
            leaf(to, *item);
            to.push('}');
            return;
        }
        Shape::Map(item) => {
            *to += r#"{"type":["object","string","null"],"pattern":"\\$\\{","additionalProperties":"#;
            leaf(to, *item);
            to.push('}');
            return;
        }
        _ => "any",
    };
    let _ = write!(to, "{{\"$ref\":\"#/$defs/{name}\"");
}

/// Closes a value, with its default if that says anything.
fn default(to: &mut String, value: &Shown) {
    match value {
        Shown::Bool(b) => {
            let _ = write!(to, ",\"default\":{b}");
        }
        Shown::Int(n) => {
            let _ = write!(to, ",\"default\":{n}");
        }
        Shown::Float(x) => {
            let _ = write!(to, ",\"default\":{x}");
        }
        Shown::Duration(time) => {
            let _ = write!(to, ",\"default\":\"{time}\"");
        }
        Shown::Text(text) if !text.is_empty() => {
            *to += ",\"default\":";
            json_string(to, text);
        }
        _ => {}
    }
    to.push('}');
}

fn words(to: &mut String, words: &[&str], any_case: bool, value: &Shown) {
    *to += "{\"anyOf\":[{\"enum\":[null";
    for word in words {
        to.push(',');
        json_string(to, word);
    }
    *to += r#"]},{"type":"string","pattern":"\\$\\{"#;
    if any_case {
        *to += "|^(";
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                to.push('|');
            }
            for c in word.chars() {
                let _ = write!(to, "[{c}{}]", c.to_ascii_uppercase());
            }
        }
        *to += ")$";
    }
    *to += "\"}]";
    default(to, value);
}
