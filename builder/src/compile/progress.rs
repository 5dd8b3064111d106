//! cargo's progress: a bar where somebody watches, events where a program reads, cargo's words where they were asked for, else
//! silence. What it says is kept for the case that it fails.

use std::{
    io::{BufReader, Read},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::estimate::{Estimate, spoken};
use crate::{
    credentials,
    report::{self, Event},
};

/// How much of cargo's work is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    /// Nothing.
    Nothing,
    /// A bar.
    Bar,
    /// Everything that cargo says.
    Everything,
}

/// The most of cargo's words that are kept; the first errors are the ones that count.
const KEPT: usize = 256 << 10;

/// Reads cargo's standard error to its end and gives what it said of errors and warnings.
pub(super) fn watch(stderr: impl Read, show: Show, mut estimate: Estimate) -> String {
    let started = Instant::now();
    let mut told = None;
    let bar = match show {
        Show::Bar => ProgressBar::new(0).with_style(style()),
        _ => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
    };
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut said = String::new();
    let mut line = Vec::new();
    // The bar is redrawn with carriage returns, so a line ends with either.
    for byte in BufReader::new(stderr).bytes().map_while(Result::ok) {
        if !matches!(byte, b'\r' | b'\n') {
            line.push(byte);
            continue;
        }
        let text =
            credentials::masked(String::from_utf8_lossy(&line).trim_end_matches("\u{1b}[K").trim_end());
        line.clear();
        if let Some(Step { done, of, what }) = step(&text) {
            let left = estimate.left(started.elapsed(), done, of);
            bar.set_length(of);
            bar.set_position(done);
            bar.set_prefix(left.map(|left| format!("{} left", spoken(left))).unwrap_or_default());
            bar.set_message(what.to_owned());
            // cargo redraws several times a second; programs hear of what changed.
            if told.replace(done) != Some(done) {
                let compiling: Vec<&str> = what.split(", ").filter(|name| !name.is_empty()).collect();
                let eta_seconds = left.map(|left| left.as_secs());
                report::event(&Event::Progress { done, of, compiling: &compiling, eta_seconds });
            }
        } else if !text.is_empty() {
            if show == Show::Everything {
                report::remark(&text);
            }
            if !is_status(&text) && said.len() < KEPT {
                said.push_str(&text);
                said.push('\n');
            }
        }
    }
    bar.finish_and_clear();
    estimate.finish(started.elapsed());
    said
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("  compiling {bar:24} {pos}/{len} {prefix} · {wide_msg}")
        .expect("the template is well-formed")
}

/// One redrawing of cargo's bar.
#[derive(Debug, PartialEq, Eq)]
struct Step<'a> {
    done: u64,
    of: u64,
    what: &'a str,
}

/// Reads `Building [====>   ] 3/28: quote, syn`.
fn step(line: &str) -> Option<Step<'_>> {
    let rest = line.trim_start().strip_prefix("Building [")?.split_once(']')?.1;
    let (count, what) = rest.split_once(':').unwrap_or((rest, ""));
    let (done, of) = count.trim().split_once('/')?;
    Some(Step { done: done.parse().ok()?, of: of.parse().ok()?, what: what.trim() })
}

/// Whether cargo only says what it is doing (`   Compiling syn v2`): such lines are indented to one column.
fn is_status(line: &str) -> bool {
    let Some((word, _)) = line.trim_start().split_once(' ') else { return false };
    let known =
        ["Compiling", "Downloading", "Downloaded", "Finished", "Fresh", "Blocking", "Updating", "Locking"];
    known.contains(&word) && line.find(word) == Some(12 - word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_bar_is_read() {
        let line = "    Building [=====>                    ] 3/28: quote(build.rs), syn";
        assert_eq!(step(line), Some(Step { done: 3, of: 28, what: "quote(build.rs), syn" }));
        for line in ["   Compiling syn v2.0.0", "error: Building [x] is bad", "    Building [==> ] x/y: z"] {
            assert_eq!(step(line), None, "{line}");
        }
    }

    #[test]
    fn errors_are_kept_and_the_rest_is_not() {
        let cargo = "   Compiling a v1.0.0 (/a)\n    Building [=> ] 1/2: a\r\u{1b}[K\rerror[E0425]: cannot find `x`\n --> a.rs:1:1\n";
        let estimate = Estimate::new(std::path::PathBuf::from("/dev/null"));
        assert_eq!(
            watch(cargo.as_bytes(), Show::Nothing, estimate),
            "error[E0425]: cannot find `x`\n --> a.rs:1:1\n"
        );
    }
}
