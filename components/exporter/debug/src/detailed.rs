//! Verbosity `detailed`: all fields.

mod logs;
mod metrics;
mod traces;

use std::fmt::{self, Write};

use slimcol_pdata::{
    Data,
    view::{Attributes, ResourceRef, ScopeRef},
};

use crate::print::Typed;

/// The text for `data`.
pub(crate) fn text(data: &Data) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = match data {
        Data::Traces(traces) => traces::write(&mut out, traces),
        Data::Metrics(metrics) => metrics::write(&mut out, metrics),
        Data::Logs(logs) => logs::write(&mut out, logs),
    };
    out
}

fn write_resource(
    out: &mut String,
    title: &str,
    number: usize,
    schema_url: &str,
    resource: ResourceRef<'_>,
) -> fmt::Result {
    writeln!(out, "{title} #{number}\nResource SchemaURL: {schema_url}")?;
    write_attributes(out, "", "Resource attributes", resource.attributes())?;
    for (i, entity) in resource.entity_refs().enumerate() {
        if i == 0 {
            out.push_str("Resource entity refs:\n");
        }
        writeln!(out, "     -> Entity ref #{i}:\n          -> Type: {}", entity.type_())?;
        if !entity.schema_url().is_empty() {
            writeln!(out, "          -> Schema URL: {}", entity.schema_url())?;
        }
        write_keys(out, "ID keys", entity.id_keys())?;
        write_keys(out, "Description keys", entity.description_keys())?;
    }
    Ok(())
}

fn write_keys<'a>(out: &mut String, title: &str, keys: impl Iterator<Item = &'a str>) -> fmt::Result {
    for (i, key) in keys.enumerate() {
        if i == 0 {
            writeln!(out, "          -> {title}:")?;
        }
        writeln!(out, "               -> {key}")?;
    }
    Ok(())
}

fn write_scope(
    out: &mut String,
    title: &str,
    number: usize,
    schema_url: &str,
    scope: ScopeRef<'_>,
) -> fmt::Result {
    writeln!(out, "{title} #{number}\n{title} SchemaURL: {schema_url}")?;
    writeln!(out, "InstrumentationScope {} {}", scope.name(), scope.version())?;
    write_attributes(out, "", "InstrumentationScope attributes", scope.attributes())
}

/// A title and a line for each attribute, further in; nothing if there is no attribute.
fn write_attributes(out: &mut String, indent: &str, title: &str, attributes: Attributes<'_>) -> fmt::Result {
    for (i, (key, value)) in attributes.iter().enumerate() {
        if i == 0 {
            let arrow = if indent.is_empty() { "" } else { "-> " };
            writeln!(out, "{indent}{arrow}{title}:")?;
        }
        writeln!(out, "{indent}     -> {key}: {}", Typed(value))?;
    }
    Ok(())
}

/// How far the attributes of what is itself a list entry stand in.
const INNER: &str = "     ";
