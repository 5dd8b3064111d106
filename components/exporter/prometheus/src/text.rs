//! The page in the formats that people can read, as Prometheus' library for Go writes it.

use std::fmt::{Display, Write};

use slimcol_prometheus::{Canonical, Escaping, Short, float, is_label, is_metric, write_help, write_label};

use crate::{
    gather::{Family, Row, Type},
    negotiate::Format,
    point::{self, Exemplar, Explicit, Point, Value},
};

/// The page of these families, with the points' times if `timed`.
pub(crate) fn write(families: &[Family], format: Format, escaping: Escaping, timed: bool) -> String {
    let mut page = Page { text: String::new(), format, escaping, timed };
    for family in families {
        page.family(family);
    }
    if format.is_open_metrics() {
        page.text.push_str("# EOF\n");
    }
    page.text
}

struct Page {
    text: String,
    format: Format,
    escaping: Escaping,
    timed: bool,
}

/// What the lines of a series have in common.
struct Line<'a> {
    name: &'a str,
    row: &'a Row,
}

impl Page {
    fn family(&mut self, family: &Family) {
        let name = self.escaping.escape(&family.name, is_metric);
        let open = self.format.is_open_metrics();
        // To OpenMetrics only what ends with `_total` is a counter, and the family is called what stands before that.
        let short = name.strip_suffix("_total").filter(|_| open && family.kind == Type::Counter);
        let word = match family.kind {
            Type::Counter if open && short.is_none() => "unknown",
            kind => kind.word(),
        };
        let title = quoted(short.unwrap_or(&name), is_metric);
        let text = &mut self.text;
        text.extend(["# HELP ", &title, " "]);
        write_help(text, &family.help, open);
        text.extend(["\n# TYPE ", &title, " ", word, "\n"]);
        for row in &family.rows {
            self.row(&Line { name: &name, row });
        }
    }

    fn row(&mut self, line: &Line<'_>) {
        let Some(point) = line.row.point() else { return self.line(line, "", None, &self.number(1.0), None) };
        match &point.value {
            Value::Gauge(value) => self.line(line, "", None, &self.number(float(*value)), None),
            Value::Sum(value) => {
                self.line(line, "", None, &self.number(float(*value)), point.exemplars.last());
            }
            Value::Histogram(histogram) => self.histogram(line, histogram, point),
            Value::Exponential(histogram) => {
                // Only other formats can say more of it.
                self.line(line, "_bucket", Some(("le", f64::INFINITY)), &self.count(histogram.count), None);
                self.totals(line, histogram.sum.unwrap_or_default(), histogram.count);
            }
            Value::Summary { count, sum, quantiles } => {
                for (quantile, value) in point::sorted(quantiles) {
                    self.line(line, "", Some(("quantile", quantile)), &self.number(value), None);
                }
                self.totals(line, *sum, *count);
            }
        }
    }

    fn histogram(&mut self, line: &Line<'_>, histogram: &Explicit, point: &Point) {
        let Explicit { count, sum, .. } = histogram;
        let mut buckets = histogram.cumulative();
        if buckets.last().is_none_or(|(bound, _)| *bound < f64::INFINITY) {
            buckets.push((f64::INFINITY, *count));
        }
        let mut below = f64::NEG_INFINITY;
        for (bound, count) in buckets {
            let exemplar = point.exemplar(below, bound);
            self.line(line, "_bucket", Some(("le", bound)), &self.count(count), exemplar);
            below = bound;
        }
        self.totals(line, *sum, *count);
    }

    fn totals(&mut self, line: &Line<'_>, sum: f64, count: u64) {
        self.line(line, "_sum", None, &self.number(sum), None);
        self.line(line, "_count", None, &self.count(count), None);
    }

    fn number(&self, number: f64) -> String {
        if self.format.is_open_metrics() { Canonical(number).to_string() } else { Short(number).to_string() }
    }

    #[expect(clippy::cast_precision_loss, reason = "as the library has it")]
    fn count(&self, count: u64) -> String {
        if self.format.is_open_metrics() { count.to_string() } else { Short(count as f64).to_string() }
    }

    fn line(
        &mut self,
        line: &Line<'_>,
        suffix: &str,
        more: Option<(&str, f64)>,
        value: &dyn Display,
        exemplar: Option<&Exemplar>,
    ) {
        let more = more.map(|(name, value)| (name, self.number(value)));
        let (text, name) = (&mut self.text, line.name);
        let mut first = true;
        if is_metric(name) {
            text.extend([name, suffix]);
        } else {
            let whole = format!("{name}{suffix}");
            text.extend(["{", &quoted(&whole, is_metric)]);
            first = false;
        }
        for (name, value) in line.row.labels.iter() {
            let name = self.escaping.escape(name, is_label);
            write_label(text, first, &quoted(&name, is_label), value);
            first = false;
        }
        if let Some((name, value)) = &more {
            write_label(text, first, name, value);
            first = false;
        }
        if !first {
            text.push('}');
        }
        // Writing into a text does not fail.
        let _ = write!(text, " {value}");
        if let Some(point) = line.row.point().filter(|_| self.timed) {
            let millis = point.time / 1_000_000;
            let _ = match self.format {
                Format::OpenMetrics(_) => write!(text, " {}", Canonical(seconds(millis, 1_000))),
                _ => write!(text, " {millis}"),
            };
        }
        if let Some(exemplar) = exemplar.filter(|_| self.format.is_open_metrics()) {
            write_exemplar(text, exemplar);
        }
        text.push('\n');
    }
}

#[expect(clippy::cast_precision_loss, reason = "as the library has it")]
fn seconds(time: u64, per_second: u64) -> f64 {
    time as f64 / per_second as f64
}

/// Writes an exemplar; one that names nothing is left out, as the library does.
fn write_exemplar(text: &mut String, exemplar: &Exemplar) {
    let mut ids = exemplar.ids().peekable();
    if ids.peek().is_none() {
        return;
    }
    text.push_str(" # ");
    for (nth, (name, id)) in ids.enumerate() {
        write_label(text, nth == 0, name, &id);
    }
    let _ = write!(text, "}} {}", Canonical(exemplar.value));
    if exemplar.time > 0 {
        let _ = write!(text, " {}", Canonical(seconds(exemplar.time, 1_000_000_000)));
    }
}

/// The name, in quotes if readers could take it for something else without.
fn quoted(name: &str, is_fine: fn(&str) -> bool) -> String {
    if is_fine(name) {
        return name.to_owned();
    }
    let mut text = "\"".to_owned();
    write_help(&mut text, name, true);
    text.push('"');
    text
}
