//! What the Go collector (0.159) says of a made-up host, and what we say of it.
//!
//! `host.txt` has the host's files. The Go collector saw them as its `/proc` in a mount namespace of its own; `default.txt`
//! is what it sent without settings, `optional.txt` what it sent with those of `optional.json`.

use std::os::unix::fs::symlink;

use serde_json::Value;

use super::*;

/// Puts the host's files into a folder.
pub(super) fn host(root: &Path) {
    for part in include_str!("host.txt").split("== ").skip(1) {
        let (name, content) = part.split_once('\n').unwrap();
        let (name, target) =
            name.split_once(" -> ").map_or((name, None), |(name, target)| (name, Some(target)));
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match target {
            Some(target) => symlink(target, path).unwrap(),
            None if name.ends_with("cmdline") => {
                fs::write(path, content.trim_end_matches('\n').replace("\\0", "\0")).unwrap();
            }
            None => fs::write(path, content).unwrap(),
        }
    }
    for mounted in ["usr", "tmp", "etc", "dev"] {
        fs::create_dir_all(root.join(mounted)).unwrap();
    }
}

/// The scrapers that are compared.
const SCRAPERS: [&str; 11] = [
    "cpu",
    "disk",
    "filesystem",
    "load",
    "memory",
    "network",
    "nfs",
    "paging",
    "process",
    "processes",
    "system",
];

/// What of a recording is of scrapers that are compared.
fn expected(text: &str) -> String {
    let of = |part: &&str| SCRAPERS.iter().any(|name| part.contains(&format!("/{name}scraper ")));
    let parts = text.split("# ").skip(1).filter(of);
    parts.map(|part| format!("# {part}")).collect::<Vec<_>>().concat()
}

/// The second request of a receiver with these scrapers, in the recordings' form.
async fn measured(scrapers: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    host(dir.path());
    let yaml = format!(
        "{{collection_interval: 10ms, initial_delay: 0s, root_path: '{}', scrapers: {scrapers}}}",
        dir.path().display()
    );
    let sink = Sink::new();
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    while requests(&sink).iter().filter(|request| request.get("resourceMetrics").is_some()).count() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    receiver.stop().await.unwrap();
    let all = requests(&sink);
    let second = all.iter().filter(|request| request.get("resourceMetrics").is_some()).nth(1).unwrap();
    shown(second)
}

/// A request as the recordings show it: resources in the order of their text, points too; times count from the host's start.
fn shown(request: &Value) -> String {
    let resources = list(&request["resourceMetrics"]);
    let boot = resources
        .iter()
        .find(|resource| scope(resource)["scope"]["name"].as_str().unwrap().ends_with("/cpuscraper"))
        .map(|cpu| start(&points(&scope(cpu)["metrics"][0]).1[0]))
        .unwrap();
    let mut all: Vec<String> = resources.iter().map(|one| resource(one, boot)).collect();
    all.sort_unstable();
    all.join("\n") + "\n"
}

fn resource(resource: &Value, boot: i64) -> String {
    let scope = scope(resource);
    let of = attributes(&resource["resource"]);
    let mut lines = vec![format!(
        "# {} {} {{{of}}}",
        scope["scope"]["name"].as_str().unwrap(),
        resource["schemaUrl"].as_str().unwrap()
    )];
    for metric in list(&scope["metrics"]) {
        let (kind, all) = points(metric);
        let [name, unit, help] = ["name", "unit", "description"].map(|key| metric[key].as_str().unwrap());
        lines.push(format!("{name} [{unit}] {kind}: {help}"));
        let mut all: Vec<String> = all.iter().map(|one| point(name, one, boot)).collect();
        all.sort_unstable();
        lines.extend(all);
    }
    lines.join("\n")
}

fn point(metric: &str, point: &Value, boot: i64) -> String {
    let begun = start(point);
    let now = crate::host::now().cast_signed();
    let begun = if now - begun < 60_000_000_000 {
        "start".to_owned()
    } else {
        ((begun - boot) / 1_000_000).to_string()
    };
    let is_of_this_machine = ["system.filesystem", "system.uptime", "process.uptime", "system.cpu.physical"]
        .iter()
        .any(|name| metric.starts_with(name));
    let (kind, value) = match (point.get("asInt"), point.get("asDouble")) {
        (Some(value), _) => ("", value.as_str().unwrap().to_owned()),
        (_, value) => ("d", value.unwrap().as_f64().unwrap().to_string()),
    };
    let value = if is_of_this_machine { "*" } else { &value };
    format!("  {} +{begun} = {kind}{value}", attributes(point))
}

fn start(point: &Value) -> i64 {
    point["startTimeUnixNano"].as_str().unwrap().parse().unwrap()
}

fn points(metric: &Value) -> (String, Vec<Value>) {
    let Some(sum) = metric.get("sum") else {
        return ("gauge".into(), list(&metric["gauge"]["dataPoints"]).to_vec());
    };
    let temporality = if sum["aggregationTemporality"] == 2 { " cumulative" } else { " ?" };
    let monotonic = if sum["isMonotonic"] == true { " monotonic" } else { "" };
    (format!("sum{temporality}{monotonic}"), list(&sum["dataPoints"]).to_vec())
}

fn scope(resource: &Value) -> &Value {
    &resource["scopeMetrics"][0]
}

fn attributes(of: &Value) -> String {
    let one = |attribute: &Value| {
        let (kind, value) = attribute["value"].as_object().unwrap().iter().next().unwrap();
        let kind = if kind == "intValue" { ":int" } else { "" };
        let value = value.as_str().unwrap().replace('\n', "\\n");
        format!("{}={value}{kind}", attribute["key"].as_str().unwrap())
    };
    of.get("attributes")
        .map_or_else(String::new, |all| list(all).iter().map(one).collect::<Vec<_>>().join(" "))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// Compares line by line, so that a difference can be read.
fn assert_same(measured: &str, recorded: &str) {
    for (measured, recorded) in measured.lines().zip(recorded.lines()) {
        assert_eq!(measured, recorded);
    }
    assert_eq!(measured.lines().count(), recorded.lines().count());
}

#[tokio::test]
async fn what_is_measured_by_default_is_what_go_measures() {
    let all: Vec<String> = SCRAPERS.iter().map(|name| format!("{name}: {{}}")).collect();
    let measured = measured(&format!("{{{}}}", all.join(", "))).await;
    assert_same(&measured, &expected(include_str!("default.txt")));
}

#[tokio::test]
async fn what_is_measured_on_request_is_what_go_measures() {
    let settings: Value = serde_json::from_str(include_str!("optional.json")).unwrap();
    let chosen: serde_json::Map<String, Value> = settings
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| SCRAPERS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let measured = measured(&Value::Object(chosen).to_string()).await;
    assert_same(&measured, &expected(include_str!("optional.txt")));
}
