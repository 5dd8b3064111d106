//! This machine, as the receiver sees it and as the tests read it: what moves is read before and after.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

use super::*;

/// The points of all metrics: `name{attributes}` and the value, of a process's those of this one.
fn points(request: &Value) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for resource in request["resourceMetrics"].as_array().unwrap() {
        if let Some(attributes) = resource["resource"]["attributes"].as_array() {
            let own = std::process::id().to_string();
            let pid = attributes.iter().find(|attribute| attribute["key"] == "process.pid");
            if pid.is_some_and(|pid| pid["value"]["intValue"] != own.as_str()) {
                continue;
            }
        }
        for metric in resource["scopeMetrics"][0]["metrics"].as_array().unwrap() {
            let kind = metric.get("sum").or_else(|| metric.get("gauge")).unwrap();
            for point in kind["dataPoints"].as_array().unwrap() {
                let attributes = point["attributes"].as_array().map_or(&[][..], Vec::as_slice);
                let attributes: Vec<&str> =
                    attributes.iter().filter_map(|one| one["value"]["stringValue"].as_str()).collect();
                let whole = point["asInt"].as_str().and_then(|value| value.parse().ok());
                let value: f64 = whole.or_else(|| point["asDouble"].as_f64()).unwrap_or(f64::NAN);
                all.insert(
                    format!("{}{{{}}}", metric["name"].as_str().unwrap(), attributes.join(",")),
                    value,
                );
            }
        }
    }
    all
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap()
}

/// The number at this place of the first line that begins with `key`.
fn number(path: &str, key: &str, field: usize) -> f64 {
    let text = read(path);
    let line = text.lines().find(|line| line.trim_start().starts_with(key)).unwrap();
    line.split_whitespace().nth(field).unwrap().parse().unwrap()
}

/// What the test reads of the machine, by the points that say the same.
fn measured() -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    let mut put = |name: &str, value: f64| all.insert(name.to_owned(), value);
    let sum = |field| {
        let text = read("/proc/stat");
        let cpus = text.lines().skip(1).take_while(|line| line.starts_with("cpu"));
        cpus.map(|line| line.split_whitespace().nth(field).unwrap().parse::<f64>().unwrap() / 100.0).sum()
    };
    put("system.cpu.time{user}", sum(1));
    put("system.cpu.time{system}", sum(3));
    put("system.cpu.time{idle}", sum(4));
    put("system.processes.created{}", number("/proc/stat", "processes", 1));
    for (state, key) in
        [("free", "MemFree:"), ("buffered", "Buffers:"), ("slab_unreclaimable", "SUnreclaim:")]
    {
        put(&format!("system.memory.usage{{{state}}}"), number("/proc/meminfo", key, 1) * 1024.0);
    }
    put("system.memory.limit{}", number("/proc/meminfo", "MemTotal:", 1) * 1024.0);
    for (minutes, field) in [("1m", 0), ("5m", 1), ("15m", 2)] {
        put(&format!("system.cpu.load_average.{minutes}{{}}"), number("/proc/loadavg", "", field));
    }
    let text = read("/proc/net/dev");
    for line in text.lines().skip(2) {
        let (name, numbers) = line.split_once(':').unwrap();
        let at = |field| numbers.split_whitespace().nth(field).unwrap().parse::<f64>().unwrap();
        put(&format!("system.network.io{{{},receive}}", name.trim()), at(0));
        put(&format!("system.network.packets{{{},transmit}}", name.trim()), at(9));
    }
    let text = read("/proc/diskstats");
    for line in text.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        if fields[3..14].iter().any(|field| *field != "0") {
            let at = |field: usize| fields[field].parse::<f64>().unwrap();
            put(&format!("system.disk.operations{{{},read}}", fields[2]), at(3));
            put(&format!("system.disk.io{{{},write}}", fields[2]), at(9) * 512.0);
            put(&format!("system.disk.io_time{{{}}}", fields[2]), at(12) / 1000.0);
        }
    }
    put("system.paging.operations{page_out,minor}", number("/proc/vmstat", "pgpgout", 1) * 4096.0);
    put("system.uptime{}", number("/proc/uptime", "", 0));
    let own: Vec<f64> = {
        let text = read("/proc/self/statm");
        text.split_whitespace().map(|field| field.parse::<f64>().unwrap() * 4096.0).collect()
    };
    put("process.memory.virtual{}", own[0]);
    put("process.disk.io{read}", number("/proc/self/io", "rchar:", 1));
    let open = u32::try_from(fs::read_dir("/proc/self/fd").unwrap().count()).unwrap();
    put("process.open_file_descriptors{}", open.into());
    put("process.threads{}", number("/proc/self/status", "Threads:", 1));
    // What `df` says of the root.
    let df = Command::new("df").args(["-B1", "--output=used,avail", "/"]).output().unwrap();
    let df = String::from_utf8(df.stdout).unwrap();
    let fields: Vec<f64> =
        df.lines().nth(1).unwrap().split_whitespace().map(|one| one.parse().unwrap()).collect();
    put("/ used", fields[0]);
    put("/ free", fields[1]);
    all
}

#[tokio::test]
async fn what_is_measured_is_what_the_machine_says() {
    let on = |names: &[&str]| {
        names.iter().map(|name| format!("{name}: {{enabled: true}}")).collect::<Vec<_>>().join(", ")
    };
    let yaml = format!(
        "{{initial_delay: 0s, scrapers: {{cpu: , disk: , filesystem: {{include_virtual_filesystems: true}}, load: , network: , \
         paging: , processes: , system: , nfs: , memory: {{metrics: {{{}}}}}, \
         process: {{mute_process_all_errors: true, metrics: {{{}}}}}}}}}",
        on(&["system.memory.limit"]),
        on(&["process.open_file_descriptors", "process.threads"]),
    );
    let sink = Sink::new();
    let before = measured();
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    let is_of_metrics = |request: &Value| request.get("resourceMetrics").is_some();
    while !requests(&sink).iter().any(is_of_metrics) {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let after = measured();
    receiver.stop().await.unwrap();
    let request = requests(&sink).into_iter().find(is_of_metrics).unwrap();
    let mut points = points(&request);
    // The device and the kind of file system are the machine's.
    for state in ["used", "free"] {
        let end = format!(",{state}}}");
        let root = |(name, _): &(&String, &f64)| {
            name.starts_with("system.filesystem.usage{") && name.contains(",/,") && name.ends_with(&end)
        };
        let value = points.iter().find(root).map(|(_, value)| *value);
        points.extend(value.map(|value| (format!("/ {state}"), value)));
    }
    for (name, before) in &before {
        // An interface can go while it is measured.
        let Some(after) = after.get(name) else { continue };
        let Some(value) = points.get(name) else { panic!("{name} is not measured: {points:#?}") };
        let (least, most) = (before.min(*after), before.max(*after));
        // Gauges can be anywhere in between and a little beside: a hundredth, or what a few files and threads are.
        let beside = (most * 0.01).max(8.0);
        assert!(
            *value >= least - beside && *value <= most + beside,
            "{name}: {value} is not in {least}..{most}"
        );
    }
    // Besides what is read above: each state of each kind.
    for (name, count) in
        [("system.cpu.time{", 8), ("system.memory.usage{", 6), ("system.network.connections{", 12)]
    {
        let found = points.keys().filter(|key| key.starts_with(name)).count();
        assert!(found >= count, "{name}: {found}");
    }
    assert!(points.keys().filter(|key| key.starts_with("process.cpu.time{")).count() == 3);
    assert!(points.values().all(|value| value.is_finite() || value.is_nan()));
}
