//! What collectors write, without what is different each time: order where it means nothing, the scrape's time, versions, durations.

use serde_json::Value;
use slimcol_pdata::{Data, Signal};
use slimcol_testing::exposed;

/// What is different each time and says nothing.
const NOISE: [&str; 2] = ["scrape_duration_seconds", "scrape_series_added"];

/// How what a collector writes is shown.
pub(super) struct Shown {
    /// The collector's version.
    version: String,
}

impl Shown {
    /// `line`: any payload that the file exporter wrote.
    pub(super) fn of(line: &str) -> Self {
        let payload = payload(line);
        let scopes = payload["resourceMetrics"][0]["scopeMetrics"].as_array().unwrap();
        let own = scopes.iter().find(|scope| named(scope, "up").is_some()).unwrap();
        Self { version: own["scope"]["version"].as_str().unwrap().to_owned() }
    }

    /// A payload of the file exporter: a line for each resource, scope and metric.
    pub(super) fn otlp(&self, line: &str) -> Vec<String> {
        let payload = payload(line);
        let mut lines = Vec::new();
        let resources = payload["resourceMetrics"].as_array().unwrap();
        let scopes = resources.iter().flat_map(|resource| resource["scopeMetrics"].as_array().unwrap());
        let up = scopes.into_iter().find_map(|scope| named(scope, "up")).unwrap();
        let time = up["gauge"]["dataPoints"][0]["timeUnixNano"].to_string();
        for resource in resources {
            lines.push(format!("resource {}", resource["resource"]));
            let mut scopes = resource["scopeMetrics"].as_array().unwrap().clone();
            scopes.sort_by_key(|scope| scope["scope"].to_string());
            for scope in scopes {
                lines.push(format!("scope {} {}", scope["scope"], scope["schemaUrl"]));
                let metrics = scope["metrics"].as_array().unwrap().iter();
                let wanted = metrics.filter(|metric| !NOISE.contains(&metric["name"].as_str().unwrap()));
                let metrics = wanted.map(|metric| metric.to_string().replace(&time, "\"scrape\""));
                lines.extend(sorted(metrics.collect()));
            }
        }
        lines.iter().map(|line| line.replace(&self.version, "VERSION")).collect()
    }

    /// The series of a request of remote write.
    pub(super) fn written(&self, lines: &[String]) -> Vec<String> {
        let up = lines.iter().find(|line| line.starts_with("up{")).unwrap();
        let (_, behind) = up.split_once('@').unwrap();
        let time = format!("@{}", behind.split(' ').next().unwrap());
        self.sorted(lines.iter().map(|line| line.replace(&time, "@scrape")).collect())
    }

    /// A page of the exporter; examples without a time of their own have the scrape's.
    pub(super) fn page(&self, text: &str) -> Vec<String> {
        let lines = text.lines().filter(|line| !is_noise(line)).map(example);
        lines.map(|line| line.replace(&self.version, "VERSION")).collect()
    }

    /// A page in protobuf.
    pub(super) fn exposed(&self, page: &[u8]) -> Vec<String> {
        let lines = exposed(page).into_iter().filter(|line| !is_noise(line.trim_start_matches("# ")));
        lines.map(|line| words(&line).replace(&self.version, "VERSION")).collect()
    }

    /// Lines whose order means nothing.
    pub(super) fn sorted(&self, mut lines: Vec<String>) -> Vec<String> {
        lines.retain(|line| !is_noise(line));
        sorted(lines.iter().map(|line| line.replace(&self.version, "VERSION")).collect())
    }
}

/// A line of a page with the labels of its example sorted, which Go has in any order.
fn example(line: &str) -> String {
    let Some((front, labels)) = line.split_once(" # {") else { return line.to_owned() };
    let (labels, behind) = labels.split_once("} ").unwrap();
    let labels = sorted(labels.split(',').map(str::to_owned).collect()).join(",");
    let behind = match behind.split_once(' ') {
        Some((value, time)) if time.parse::<f64>().unwrap() > 1.6e9 => format!("{value} scrape"),
        _ => behind.to_owned(),
    };
    format!("{front} # {{{labels}}} {behind}")
}

/// A line of a page in protobuf, of which examples without a time of their own have the scrape's.
fn words(line: &str) -> String {
    let word = |word: &str| match word.strip_prefix('@').and_then(|time| time.parse::<f64>().ok()) {
        Some(time) if time > 1.6e9 => "@scrape".to_owned(),
        _ => word.to_owned(),
    };
    line.replace('@', " @").split(' ').map(word).collect::<Vec<_>>().join(" ").replace(" @", "@")
}

fn is_noise(line: &str) -> bool {
    NOISE.iter().any(|noise| line.starts_with(noise))
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// A payload as our own reader and writer have it, so that what is written in two ways is one, sorted.
fn payload(line: &str) -> Value {
    let data = Data::from_json(Signal::Metrics, line.as_bytes()).unwrap();
    let mut json = Vec::new();
    data.write_json(&mut json);
    let mut payload = serde_json::from_slice(&json).unwrap();
    sort(&mut payload);
    payload
}

/// Sorts attributes, and the points of a metric, which Go has in any order.
fn sort(value: &mut Value) {
    match value {
        Value::Array(all) => {
            all.iter_mut().for_each(sort);
            if all.iter().all(|one| one["key"].is_string()) {
                all.sort_by_key(|one| one["key"].to_string());
            } else if all.iter().all(|one| one["timeUnixNano"].is_string()) {
                all.sort_by_key(|one| one["attributes"].to_string());
            }
        }
        Value::Object(all) => all.values_mut().for_each(sort),
        _ => {}
    }
}

/// The metric of that name in a scope.
fn named<'s>(scope: &'s Value, name: &str) -> Option<&'s Value> {
    scope["metrics"].as_array()?.iter().find(|metric| metric["name"] == name)
}
