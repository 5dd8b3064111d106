//! Log records.

use std::fmt::{self, Write};

use slimcol_pdata::{Logs, view::LogRecordRef};

use super::{write_attributes, write_resource, write_scope};
use crate::print::{Id, Time, Typed};

pub(super) fn write(out: &mut String, logs: &Logs) -> fmt::Result {
    for (i, resource) in logs.resource_logs().enumerate() {
        write_resource(out, "ResourceLog", i, resource.schema_url(), resource.resource())?;
        for (j, scope) in resource.scope_logs().enumerate() {
            write_scope(out, "ScopeLogs", j, scope.schema_url(), scope.scope())?;
            for (k, record) in scope.log_records().enumerate() {
                write_record(out, k, record)?;
            }
        }
    }
    Ok(())
}

fn write_record(out: &mut String, number: usize, record: LogRecordRef<'_>) -> fmt::Result {
    writeln!(out, "LogRecord #{number}")?;
    writeln!(out, "ObservedTimestamp: {}", Time(record.observed_time_unix_nano()))?;
    writeln!(out, "Timestamp: {}", Time(record.time_unix_nano()))?;
    writeln!(out, "SeverityText: {}", record.severity_text())?;
    let severity = record.severity_number();
    writeln!(out, "SeverityNumber: {}({severity})", Severity(severity))?;
    if !record.event_name().is_empty() {
        writeln!(out, "EventName: {}", record.event_name())?;
    }
    writeln!(out, "Body: {}", Typed(record.body()))?;
    write_attributes(out, "", "Attributes", record.attributes())?;
    writeln!(out, "Trace ID: {}", Id(record.trace_id()))?;
    writeln!(out, "Span ID: {}", Id(record.span_id()))?;
    writeln!(out, "Flags: {}", record.flags())
}

/// The name of a severity's number: `Info2`. Numbers that OTLP does not define have none.
struct Severity(i32);

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RANGES: [&str; 6] = ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"];
        let Ok(number) = usize::try_from(self.0) else { return Ok(()) };
        let Some(above) = number.checked_sub(1) else { return f.write_str("Unspecified") };
        let Some(range) = RANGES.get(above / 4) else { return Ok(()) };
        match above % 4 {
            0 => f.write_str(range),
            step => write!(f, "{range}{}", step + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_have_names() {
        for (number, name) in [
            (-1, ""),
            (0, "Unspecified"),
            (1, "Trace"),
            (8, "Debug4"),
            (9, "Info"),
            (10, "Info2"),
            (24, "Fatal4"),
            (25, ""),
        ] {
            assert_eq!(Severity(number).to_string(), name);
        }
    }
}
