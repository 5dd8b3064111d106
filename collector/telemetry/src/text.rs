//! Prometheus' text format, version 0.0.4, as Go's OpenTelemetry exporter and Prometheus' library write it together.

use std::{borrow::Cow, fmt::Write as _};

use slimcol_config::Prometheus;
use slimcol_prometheus::{Short, write_help, write_label};
use slimcol_service::meter::{Family, Metric, Point, Shape, Value};

/// What Prometheus' library for Go says of itself.
const HANDLER: &str = "\
# HELP promhttp_metric_handler_errors_total Total number of internal errors encountered by the promhttp metric handler.
# TYPE promhttp_metric_handler_errors_total counter
promhttp_metric_handler_errors_total{cause=\"encoding\"} 0
promhttp_metric_handler_errors_total{cause=\"gathering\"} 0
";

/// The whole page: families sorted by name.
pub(crate) fn page(config: &Prometheus, metrics: &[Metric], resource: &[(String, String)]) -> String {
    let mut families: Vec<(String, String)> = Vec::new();
    // Put where they belong one by one: the standard library's sorting is kilobytes for each type.
    let mut put = |(name, text): (String, String)| {
        let at = families.partition_point(|(known, _)| *known < name);
        match families.get_mut(at) {
            // Of two packages' metrics of one name readers take one head.
            Some((known, lines)) if *known == name => lines.extend(text.splitn(3, '\n').skip(2)),
            _ => families.insert(at, (name, text)),
        }
    };
    for metric in metrics {
        put(family(config, metric));
    }
    put(("promhttp_metric_handler_errors_total".to_owned(), HANDLER.to_owned()));
    let mut info = String::from("# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info");
    let labels = resource.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    write_labels(&mut info, labels);
    info.push_str(" 1\n");
    put(("target_info".to_owned(), info));
    families.into_iter().map(|(_, text)| text).collect()
}

/// A family's name and text.
fn family(config: &Prometheus, metric: &Metric) -> (String, String) {
    let family = metric.family;
    let name = name(config, metric);
    let kind = match family.shape {
        Shape::Counter => "counter",
        Shape::UpDown | Shape::Gauge => "gauge",
        Shape::Histogram(_) => "histogram",
    };
    let mut text = format!("# HELP {name} ");
    write_help(&mut text, &metric.help, false);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n# TYPE {name} {kind}");
    for point in &metric.points {
        write_point(&mut text, config, &name, family, point);
    }
    (name, text)
}

/// The name with what it is told to end with.
fn name(config: &Prometheus, metric: &Metric) -> String {
    let family = metric.family;
    let mut name = sanitized(&metric.name).into_owned();
    let unit = match family.unit {
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        _ => "",
    };
    if !config.without_units && !name.ends_with(unit) {
        name.push_str(unit);
    }
    if !config.without_type_suffix && family.shape == Shape::Counter {
        name.push_str("_total");
    }
    name
}

fn write_point(to: &mut String, config: &Prometheus, name: &str, family: &Family, point: &Point) {
    let mut labels: Vec<(&str, &str)> = point.labels.iter().map(|(k, v)| (*k, v.as_str())).collect();
    if !config.without_scope_info {
        let at = labels.partition_point(|(name, _)| *name < "otel_scope_name");
        let scope =
            [("otel_scope_name", family.scope), ("otel_scope_schema_url", ""), ("otel_scope_version", "")];
        labels.splice(at..at, scope);
    }
    let mut line = |suffix: &str, more: Option<&str>, value: &dyn std::fmt::Display| {
        let mut labels = labels.clone();
        to.push_str(name);
        to.push_str(suffix);
        // Last, as Prometheus' library has it.
        labels.extend(more.map(|bound| ("le", bound)));
        write_labels(to, labels);
        // Writing to a string cannot fail.
        let _ = writeln!(to, " {value}");
    };
    match &point.value {
        Value::Number(number) => line("", None, &Short(*number)),
        Value::Buckets(counts, sum) => {
            let Shape::Histogram(bounds) = family.shape else { return };
            let mut total = 0;
            let bounds = bounds.iter().copied().chain([f64::INFINITY]);
            for (bound, count) in bounds.zip(counts) {
                total += count;
                line("_bucket", Some(&Short(bound).to_string()), &total);
            }
            line("_sum", None, &Short(*sum));
            line("_count", None, &total);
        }
    }
}

fn write_labels(to: &mut String, labels: Vec<(&str, &str)>) {
    if labels.is_empty() {
        return;
    }
    for (at, (name, value)) in labels.into_iter().enumerate() {
        write_label(to, at == 0, &sanitized(name), value);
    }
    to.push('}');
}

/// A name of letters, digits and underscores.
fn sanitized(name: &str) -> Cow<'_, str> {
    let fine = |char: char| char.is_ascii_alphanumeric() || char == '_';
    if name.chars().all(fine) {
        return name.into();
    }
    name.chars().map(|char| if fine(char) { char } else { '_' }).collect::<String>().into()
}
