//! A report as tables for people.

use super::report::{Holder, Report, Share};
use crate::report::megabytes;

/// How many crates are listed when not all are wanted.
const LISTED: usize = 25;

/// The report as text: whose the bytes are, then the crates, all or the largest ones.
pub(crate) fn render(report: &Report, all: bool) -> String {
    let heading = format!(
        "{}: {} bytes ({}), {} of them code\n",
        heading(report),
        thousands(report.bytes),
        megabytes(report.bytes),
        thousands(report.code)
    );
    [heading, whose(report), crates(report, all)].join("\n")
}

/// What a report is of.
pub(super) fn heading(report: &Report) -> String {
    [&*report.name, &*report.version, &*report.target]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn whose(report: &Report) -> String {
    let mut rows = vec![["bytes", "code", "constants", "", ""].map(str::to_owned)];
    for component in &report.components {
        let crates = of_crates(component.packages.len());
        rows.push(row(component.code, component.constants, &component.id, &crates));
    }
    for (holder, name) in [
        (Holder::Shared, "shared crates and the framework"),
        (Holder::Standard, "Rust's standard library"),
        (Holder::System, "C library"),
    ] {
        let shares: Vec<&Share> = report.crates.iter().filter(|share| share.holder == holder).collect();
        let code = shares.iter().map(|share| share.code).sum();
        let constants = shares.iter().map(|share| share.constants).sum();
        let crates = if holder == Holder::System { String::new() } else { of_crates(shares.len()) };
        rows.push(row(code, constants, name, &crates));
    }
    for rest in &report.rest {
        rows.push([thousands(rest.bytes), String::new(), String::new(), rest.what.clone(), String::new()]);
    }
    rows.push([thousands(report.bytes), String::new(), String::new(), "the file".to_owned(), String::new()]);
    aligned(&rows)
}

fn crates(report: &Report, all: bool) -> String {
    let mut rows = vec![["bytes", "code", "constants", "crate", "whose"].map(str::to_owned)];
    let shown = if all { report.crates.len() } else { LISTED.min(report.crates.len()) };
    let (shown, others) = report.crates.split_at(shown);
    for share in shown {
        rows.push(row(share.code, share.constants, &share.label(), &share.holder.to_string()));
    }
    if !others.is_empty() {
        let code = others.iter().map(|share| share.code).sum();
        let constants = others.iter().map(|share| share.constants).sum();
        rows.push(row(code, constants, &format!("{} smaller ones", others.len()), "--all lists them"));
    }
    aligned(&rows)
}

fn row(code: u64, constants: u64, what: &str, remark: &str) -> [String; 5] {
    [thousands(code + constants), thousands(code), thousands(constants), what.to_owned(), remark.to_owned()]
}

fn of_crates(count: usize) -> String {
    if count == 1 { "1 crate".to_owned() } else { format!("{count} crates") }
}

/// Rows below each other: numbers end in one column, texts begin in one.
pub(super) fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[column] - cell.chars().count());
            // The last two columns are texts.
            let cell = if column + 2 < N { gap + cell } else { format!("{cell}{gap}") };
            line.push_str("  ");
            line.push_str(&cell);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A number with a comma between every three digits.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
