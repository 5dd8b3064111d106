//! Verbosity `normal`: a line for each item.

mod metrics;

use std::fmt::{self, Write};

use slimcol_pdata::{
    Data, Logs, Traces,
    view::{Attributes, ResourceRef, ScopeRef},
};

use crate::print::Id;

/// The text for `data`.
pub(crate) fn text(data: &Data) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = match data {
        Data::Traces(traces) => write_traces(&mut out, traces),
        Data::Metrics(metrics) => metrics::write(&mut out, metrics),
        Data::Logs(logs) => write_logs(&mut out, logs),
    };
    out
}

fn write_traces(out: &mut String, traces: &Traces) -> fmt::Result {
    for (i, resource) in traces.resource_spans().enumerate() {
        write_resource(out, "ResourceTraces", i, resource.schema_url(), resource.resource())?;
        for (j, scope) in resource.scope_spans().enumerate() {
            write_scope(out, "ScopeTraces", j, scope.schema_url(), scope.scope())?;
            for span in scope.spans() {
                write!(out, "{} {} {}", span.name(), Id(span.trace_id()), Id(span.span_id()))?;
                write_attributes(out, " ", " ", span.attributes())?;
                out.push('\n');
            }
        }
    }
    Ok(())
}

fn write_logs(out: &mut String, logs: &Logs) -> fmt::Result {
    for (i, resource) in logs.resource_logs().enumerate() {
        write_resource(out, "ResourceLog", i, resource.schema_url(), resource.resource())?;
        for (j, scope) in resource.scope_logs().enumerate() {
            write_scope(out, "ScopeLog", j, scope.schema_url(), scope.scope())?;
            for record in scope.log_records() {
                // The space is there even if no attribute is.
                write!(out, "{} ", record.body().to_text())?;
                write_attributes(out, "", " ", record.attributes())?;
                out.push('\n');
            }
        }
    }
    Ok(())
}

fn write_resource(
    out: &mut String,
    title: &str,
    number: usize,
    schema_url: &str,
    resource: ResourceRef<'_>,
) -> fmt::Result {
    write!(out, "{title} #{number}")?;
    if !schema_url.is_empty() {
        write!(out, " [{schema_url}]")?;
    }
    write_attributes(out, " ", " ", resource.attributes())?;
    out.push('\n');
    Ok(())
}

fn write_scope(
    out: &mut String,
    title: &str,
    number: usize,
    schema_url: &str,
    scope: ScopeRef<'_>,
) -> fmt::Result {
    write!(out, "{title} #{number}")?;
    let (name, version) = (scope.name(), scope.version());
    if !name.is_empty() || !version.is_empty() {
        write!(out, " {name}")?;
    }
    if !version.is_empty() {
        write!(out, "@{version}")?;
    }
    if !schema_url.is_empty() {
        write!(out, " [{schema_url}]")?;
    }
    write_attributes(out, " ", " ", scope.attributes())?;
    out.push('\n');
    Ok(())
}

/// `key=value` pairs with `between` between them, and `before` before the first.
fn write_attributes(
    out: &mut String,
    before: &str,
    between: &str,
    attributes: Attributes<'_>,
) -> fmt::Result {
    for (i, (key, value)) in attributes.iter().enumerate() {
        write!(out, "{}{key}={}", if i == 0 { before } else { between }, value.to_text())?;
    }
    Ok(())
}
