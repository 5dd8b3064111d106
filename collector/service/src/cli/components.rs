//! The `components` command: what is built in, as the YAML that the Go collector prints.

use std::fmt::Write;

use slimcol_pdata::Signal;

use crate::{Build, Factory, Kind, registry::Registry};

/// Signals in the order of their names.
const SORTED: [Signal; 3] = [Signal::Logs, Signal::Metrics, Signal::Traces];

/// The list of all components.
pub(super) fn yaml(build: &Build, registry: Registry) -> String {
    let mut text = format!(
        "buildinfo:\n    command: {}\n    description: {}\n    version: {}\n",
        scalar(build.name),
        scalar(build.description),
        scalar(build.version)
    );
    for kind in
        [Kind::Receiver, Kind::Processor, Kind::Exporter, Kind::Connector, Kind::Extension, Kind::Provider]
    {
        let mut factories: Vec<&Factory> = registry.of_kind(kind).collect();
        slimcol_order::sort_by_key(&mut factories, |factory| factory.info.name);
        // Writing to a String cannot fail.
        let _ = if factories.is_empty() {
            writeln!(text, "{}: []", kind.section())
        } else {
            writeln!(text, "{}:", kind.section())
        };
        for factory in factories {
            let _ = entry(&mut text, factory);
        }
    }
    text
}

fn entry(to: &mut String, factory: &Factory) -> std::fmt::Result {
    let info = &factory.info;
    let key = if factory.kind == Kind::Provider { "scheme" } else { "name" };
    writeln!(to, "    - {key}: {}\n      module: {} {}", scalar(info.name), info.package, info.version)?;
    let level = |has: bool| if has { format!("{:?}", info.stability) } else { "Undefined".into() };
    match factory.kind {
        Kind::Provider => Ok(()),
        Kind::Extension => writeln!(to, "      stability:\n        extension: {}", level(true)),
        Kind::Connector => {
            writeln!(to, "      stability:")?;
            SORTED.into_iter().flat_map(|from| SORTED.map(|onto| (from, onto))).try_for_each(
                |(from, onto)| writeln!(to, "        {from}-to-{onto}: {}", level(info.connects(from, onto))),
            )
        }
        Kind::Receiver | Kind::Processor | Kind::Exporter => {
            writeln!(to, "      stability:")?;
            SORTED.into_iter().try_for_each(|s| writeln!(to, "        {s}: {}", level(info.signals.has(s))))
        }
    }
}

/// `text` as a YAML scalar: plain where that cannot be misread, else in single quotes.
fn scalar(text: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '/' | '(' | ')' | '+');
    let word = text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.ends_with(' ');
    let reserved = matches!(text.to_ascii_lowercase().as_str(), "null" | "true" | "false");
    // A version of three numbers is no number; one or two numbers would be read as one.
    let version = text.split('.').count() > 2 && text.starts_with(|c: char| c.is_ascii_digit());
    if text.chars().all(plain) && (word && !reserved || version) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars() {
        for (text, yaml) in [
            ("otelcol-otlp", "otelcol-otlp"),
            ("0.159.0", "0.159.0"),
            ("1.0", "'1.0'"),
            ("it's: fine", "'it''s: fine'"),
            ("", "''"),
            ("true", "'true'"),
            ("-x", "'-x'"),
        ] {
            assert_eq!(scalar(text), yaml);
        }
    }
}
