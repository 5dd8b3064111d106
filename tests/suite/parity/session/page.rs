//! The page of a collector's own metrics: what a metric is, not what it counts.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    time::{Duration, Instant},
};

use super::case::Outcome;
use crate::kit::http;

const PATIENCE: Duration = Duration::from_secs(20);

/// The page, as soon as it has all of these texts, divided by blanks.
pub(super) fn read(from: SocketAddr, until: &str) -> String {
    let begun = Instant::now();
    loop {
        let page = http::get(from, "/metrics").text();
        if until.split_whitespace().all(|text| page.contains(text)) {
            return page;
        }
        assert!(begun.elapsed() < PATIENCE, "no {until} in\n{page}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The names of all metrics.
pub(super) fn families(page: &str) -> Vec<&str> {
    page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect()
}

/// The type, the text and the sets of label names of a metric.
pub(super) fn family(page: &str, name: &str) -> Outcome {
    let about = |what: &str| page.lines().find_map(|line| line.strip_prefix(&format!("# {what} {name} ")));
    let Some(kind) = about("TYPE") else { return vec![("absent".to_owned(), "yes".to_owned())] };
    let suffixes: &[&str] = if kind == "histogram" { &["_bucket", "_count", "_sum"] } else { &[""] };
    let mut labels = BTreeSet::new();
    for line in page.lines() {
        let Some(rest) = line.strip_prefix(name) else { continue };
        if let Some(rest) = suffixes.iter().find_map(|suffix| rest.strip_prefix(suffix))
            && rest.starts_with(['{', ' '])
        {
            labels.insert(names(rest));
        }
    }
    let mut outcome = vec![
        ("type".to_owned(), kind.to_owned()),
        ("help".to_owned(), about("HELP").unwrap_or_default().to_owned()),
    ];
    outcome.extend(labels.into_iter().map(|labels| ("labels".to_owned(), labels)));
    outcome
}

/// The names of the labels before a value; a bucket's bound is none.
fn names(rest: &str) -> String {
    let inner = rest.strip_prefix('{').and_then(|rest| rest.rsplit_once('}')).map_or("", |(inner, _)| inner);
    let mut names = Vec::new();
    let mut left = inner;
    while let Some((name, rest)) = left.split_once("=\"") {
        if name != "le" {
            names.push(name);
        }
        // No label's value here has a quote in it.
        let (_, rest) = rest.split_once('"').unwrap();
        left = rest.trim_start_matches(',');
    }
    names.sort_unstable();
    names.join(" ")
}
