//! What was measured, as a table for people and as JSON for programs.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::stats::{median, ratio};

/// What each run has a figure for.
#[derive(Debug)]
pub(crate) struct Column {
    title: &'static str,
    /// Its name in JSON, with its unit.
    key: &'static str,
    /// Digits after the point, in the table.
    decimals: usize,
}

impl Column {
    pub(crate) const fn new(title: &'static str, key: &'static str, decimals: usize) -> Self {
        Self { title, key, decimals }
    }
}

/// One figure of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Figure {
    /// Worth comparing.
    Measured(f64),
    /// A count that means nothing beyond its run.
    Counted(u64),
}

/// One measurement of one collector.
#[derive(Debug)]
pub(crate) struct Run {
    /// A figure for each column.
    pub(crate) figures: Vec<Figure>,
    /// Items acknowledged to the load generator.
    pub(crate) sent: u64,
    /// Items that reached the sink.
    pub(crate) received: u64,
}

/// All measurements of a contest.
#[derive(Debug)]
pub(crate) struct Report {
    columns: &'static [Column],
    runs: Vec<(&'static str, Run)>,
}

impl Report {
    pub(crate) fn new(columns: &'static [Column]) -> Self {
        Self { columns, runs: Vec::new() }
    }

    pub(crate) fn add(&mut self, who: &'static str, run: Run) {
        self.runs.push((who, run));
    }

    /// Whether every run delivered exactly what it had acknowledged.
    pub(crate) fn lossless(&self) -> bool {
        self.runs.iter().all(|(_, run)| run.sent == run.received)
    }

    /// A line for each run, then the medians, then the ratio of ours to the peer's, then what was lost.
    pub(crate) fn table(&self) -> String {
        let titles = self.columns.iter().map(|column| column.title.to_owned());
        let mut lines = vec![std::iter::once(String::new()).chain(titles).collect()];
        for (who, run) in &self.runs {
            let cells = self.columns.iter().zip(&run.figures).map(|(column, figure)| match figure {
                Figure::Measured(value) => format!("{value:.*}", column.decimals),
                Figure::Counted(count) => count.to_string(),
            });
            lines.push(std::iter::once((*who).to_owned()).chain(cells).collect());
        }
        for who in self.contenders() {
            let cells = self.columns.iter().zip(self.medians(who)).map(|(column, median)| {
                median.map_or(String::new(), |value| format!("{value:.*}", column.decimals))
            });
            lines.push(std::iter::once(format!("{who}, median")).chain(cells).collect());
        }
        if let Some(ratios) = self.ratios() {
            let cells =
                ratios.into_iter().map(|ratio| ratio.map_or(String::new(), |ratio| format!("{ratio:.2}x")));
            lines.push(std::iter::once("ours / peer".to_owned()).chain(cells).collect());
        }
        let mut table = layout(&lines);
        for (who, run) in self.runs.iter().filter(|(_, run)| run.sent != run.received) {
            let (what, count) = match run.sent.checked_sub(run.received) {
                Some(lost) => ("lost", lost),
                None => ("delivered twice or unacknowledged", run.received - run.sent),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(table, "{who}: {count} items {what}");
        }
        table
    }

    pub(crate) fn json(&self) -> Value {
        let runs: Vec<Value> = self
            .runs
            .iter()
            .map(|(who, run)| {
                let figures = run.figures.iter().map(|figure| match figure {
                    Figure::Measured(value) => Some(json!(value)),
                    Figure::Counted(count) => Some(json!(count)),
                });
                let mut run = self.object(figures);
                run.insert("collector".to_owned(), json!(who));
                Value::Object(run)
            })
            .collect();
        let numbers = |values: Vec<Option<f64>>| self.object(values.into_iter().map(|v| v.map(|v| json!(v))));
        let medians: Map<String, Value> = self
            .contenders()
            .into_iter()
            .map(|who| (who.to_owned(), Value::Object(numbers(self.medians(who)))))
            .collect();
        json!({
            "runs": runs,
            "median": medians,
            "ratio": self.ratios().map(numbers),
            "lossless": self.lossless(),
        })
    }

    /// Values under the keys of their columns.
    fn object(&self, values: impl IntoIterator<Item = Option<Value>>) -> Map<String, Value> {
        let columns = self.columns.iter().zip(values);
        columns.filter_map(|(column, value)| Some((column.key.to_owned(), value?))).collect()
    }

    fn contenders(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.runs.iter().map(|(who, _)| *who).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The median of each column that is worth comparing.
    fn medians(&self, who: &str) -> Vec<Option<f64>> {
        let median_of = |index: usize| {
            let runs = self.runs.iter().filter(|(name, _)| *name == who);
            let values: Option<Vec<f64>> = runs
                .map(|(_, run)| match run.figures[index] {
                    Figure::Measured(value) => Some(value),
                    Figure::Counted(_) => None,
                })
                .collect();
            values.map(median)
        };
        (0..self.columns.len()).map(median_of).collect()
    }

    /// Our medians to the peer's; `None` without a peer.
    fn ratios(&self) -> Option<Vec<Option<f64>>> {
        let [ours, peer] = self.contenders()[..] else { return None };
        let pairs = self.medians(ours).into_iter().zip(self.medians(peer));
        Some(pairs.map(|(ours, peer)| Some(ratio(ours?, peer?))).collect())
    }
}

/// The first column to the left, all others to the right, each as wide as it needs.
fn layout(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |index: usize| lines.iter().filter_map(|line| line.get(index)).map(String::len).max();
    let widths: Vec<usize> = (0..columns).map(|index| width(index).unwrap_or_default()).collect();
    let mut table = String::new();
    for line in lines {
        let mut row = String::new();
        for (index, (cell, width)) in line.iter().zip(&widths).enumerate() {
            // Writing to a string cannot fail.
            let _ = if index == 0 { write!(row, "{cell:<width$}") } else { write!(row, "  {cell:>width$}") };
        }
        table.push_str(row.trim_end());
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests;
