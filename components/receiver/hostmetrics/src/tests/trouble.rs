//! Hosts that do not show everything.

use std::fmt::Write;

use serde_json::Value;

use super::{recorded::host, *};

/// What a receiver of the made-up host sent first and logged, after something was done to the host's files.
async fn seen(scrapers: &str, spoil: impl FnOnce(&Path)) -> (Value, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    host(dir.path());
    spoil(dir.path());
    let root = dir.path().display().to_string();
    let yaml = format!(
        "{{collection_interval: 1h, initial_delay: 0s, root_path: '{root}', scrapers: {{system: , {scrapers}}}}}"
    );
    let sink = Sink::new();
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    let is_of_metrics = |request: &Value| request.get("resourceMetrics").is_some();
    while !requests(&sink).iter().any(is_of_metrics) {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let lines = receiver.log().all().iter().map(|line| line.replace(&root, "")).collect();
    receiver.stop().await.unwrap();
    (requests(&sink).into_iter().find(is_of_metrics).unwrap(), lines)
}

/// The names of the processes that were sent.
fn names(request: &Value) -> Vec<&str> {
    let resources = request["resourceMetrics"].as_array().unwrap().iter();
    let attributes = resources.filter_map(|one| one["resource"]["attributes"].as_array());
    let name = |all: &'_ Vec<Value>| all.iter().position(|one| one["key"] == "process.executable.name");
    let mut all: Vec<&str> = attributes
        .filter_map(|all| name(all).and_then(|at| all[at]["value"]["stringValue"].as_str()))
        .collect();
    all.sort_unstable();
    all
}

const ALL: [&str; 3] = ["collector-with-a-name", "init", "kworker/0:1"];

#[tokio::test]
async fn what_cannot_be_read_of_a_process_is_told() {
    let spoil = |root: &Path| {
        fs::remove_file(root.join("proc/42/io")).unwrap();
        fs::write(root.join("proc/1/statm"), "1 2\n").unwrap();
        let status = fs::read_to_string(root.join("proc/42/status")).unwrap();
        fs::write(root.join("proc/42/status"), status.replace("Uid:\t1", "Uid:\t4000000000")).unwrap();
        // Who goes while the list is read.
        fs::create_dir(root.join("proc/60")).unwrap();
    };
    let (request, lines) = seen("process: ", spoil).await;
    assert_eq!(names(&request), ALL);
    let [line] = lines.as_slice() else { panic!("{lines:#?}") };
    let start = "error\tError scraping metrics\t{\"scraper\": \"process\", \"error\": \"";
    let errors = line.strip_prefix(start).unwrap_or_else(|| panic!("{line}")).strip_suffix("\"}").unwrap();
    let mut errors: Vec<&str> = errors.split("; ").collect();
    errors.sort_unstable();
    let expected = [
        r#"error reading disk usage for process \"collector-with-a-name\" (pid 42): open /proc/42/io: no such file or directory"#,
        r#"error reading memory info for process \"init\" (pid 1): malformed statm file: expected at least 6 fields, got 2"#,
        "error reading process executable for pid 50: readlink /proc/50/exe: no such file or directory",
        "error reading process executable for pid 60: readlink /proc/60/exe: no such file or directory",
        "error reading process name for pid 60: open /proc/60/stat: no such file or directory",
        r#"error reading username for process \"collector-with-a-name\" (pid 42): user: unknown userid 4000000000"#,
    ];
    assert_eq!(errors, expected);
}

#[tokio::test]
async fn nobody_is_told_of_what_is_muted() {
    let spoil = |root: &Path| {
        fs::remove_file(root.join("proc/42/io")).unwrap();
        fs::create_dir(root.join("proc/60")).unwrap();
    };
    for muted in [
        "mute_process_all_errors: true",
        "mute_process_name_error: true, mute_process_exe_error: true, mute_process_io_error: true",
    ] {
        let (request, lines) = seen(&format!("process: {{{muted}}}"), spoil).await;
        assert_eq!((names(&request), lines), (ALL.into(), vec![]), "{muted}");
    }
}

#[tokio::test]
async fn processes_can_be_chosen() {
    for (chosen, expected) in [
        ("include: {names: [init, collector-with-], match_type: strict}", &["init"][..]),
        ("include: {names: ['-a-', '^k'], match_type: regexp}", &["collector-with-a-name", "kworker/0:1"]),
        ("exclude: {names: [init], match_type: strict}", &["collector-with-a-name", "kworker/0:1"]),
        ("scrape_process_delay: 1000000h", &[]),
        (
            "resource_attributes: {process.owner: {metrics_include: [{strict: daemon}]}}",
            &["collector-with-a-name"],
        ),
    ] {
        let (request, _) =
            seen(&format!("process: {{mute_process_all_errors: true, {chosen}}}"), |_| {}).await;
        assert_eq!(names(&request), expected, "{chosen}");
    }
}

#[tokio::test]
async fn files_that_are_not_there_are_told_and_the_rest_is_sent() {
    let spoil = |root: &Path| {
        for file in ["diskstats", "net/tcp", "meminfo", "vmstat", "cpuinfo", "filesystems"] {
            fs::remove_file(root.join("proc").join(file)).unwrap();
        }
        fs::write(root.join("proc/swaps"), "").unwrap();
        fs::write(root.join("proc/net/rpc/nfs"), "net 1\n").unwrap();
    };
    let scrapers = "cpu: , disk: , filesystem: , memory: , network: , nfs: , paging: ";
    let (request, mut lines) = seen(scrapers, spoil).await;
    lines.sort_unstable();
    let expected = [
        ("cpu", "open /proc/cpuinfo: no such file or directory"),
        ("disk", "open /proc/diskstats: no such file or directory"),
        ("filesystem", "open /proc/filesystems: no such file or directory"),
        ("memory", "couldn't read /proc/meminfo: open /proc/meminfo: no such file or directory"),
        ("network", "failed to read TCP connections: open /proc/net/tcp: no such file or directory"),
        (
            "nfs",
            "error parsing line in /proc/net/rpc/nfs: net 1: parsing nfs client network stats: unexpected field count",
        ),
        (
            "paging",
            "failed to read page file stats: unexpected end-of-file in \\\"/proc/swaps\\\"; failed to read swap info: \
             couldn't read /proc/vmstat: open /proc/vmstat: no such file or directory",
        ),
    ];
    let expected = expected.map(|(scraper, error)| {
        format!("error\tError scraping metrics\t{{\"scraper\": \"{scraper}\", \"error\": \"{error}\"}}")
    });
    assert_eq!(lines, expected);
    let text = request.to_string();
    assert!(
        text.contains("system.network.io")
            && text.contains("nfs.server.io")
            && text.contains("system.uptime")
    );
}

#[tokio::test]
async fn file_systems_are_chosen_and_found_below_the_root() {
    let many = |root: &Path| {
        let mut list = fs::read_to_string(root.join("proc/1/mountinfo")).unwrap();
        for number in 0..500 {
            let id = number + 100;
            writeln!(list, "{id} 25 8:{number} / /mnt/{number} rw - ext4 /dev/sd{number} rw").unwrap();
            fs::create_dir_all(root.join(format!("mnt/{number}"))).unwrap();
        }
        // Twice the same, and one that is not there.
        list += "900 25 8:1 / /mnt/1 rw - ext4 /dev/sd1 rw\n901 25 8:901 / /gone ro - ext4 /dev/sdz ro\n";
        fs::write(root.join("proc/1/mountinfo"), list).unwrap();
    };
    let (request, lines) = seen("filesystem: ", many).await;
    let points = |request: &Value| request.to_string().matches(r#""stringValue":"reserved""#).count();
    assert_eq!(points(&request), 503);
    let error =
        r#"{"scraper": "filesystem", "error": "failed to read usage at /gone: no such file or directory"}"#;
    assert_eq!(lines, [format!("error\tError scraping metrics\t{error}")]);
    let chosen = "filesystem: {include_devices: {devices: ['sd1$', sdz], match_type: regexp}, exclude_mount_points: \
                  {mount_points: [/gone], match_type: strict}, include_fs_types: {fs_types: [ext4], match_type: strict}}";
    let (request, lines) = seen(chosen, many).await;
    assert_eq!((points(&request), lines), (1, vec![]));
}

#[tokio::test]
async fn a_host_that_does_not_say_when_it_started_cannot_be_measured() {
    let dir = tempfile::tempdir().unwrap();
    let error = refused(&format!("{{root_path: '{}', scrapers: {{cpu: }}}}", dir.path().display())).await;
    assert_eq!(error, format!("open {}/proc/stat: no such file or directory", dir.path().display()));
}

/// Settings, and what is said of them.
const WRONG: &[(&str, &str)] = &[
    ("{}", "must specify at least one scraper when using host_metrics receiver"),
    ("{scrapers: [cpu]}", "'scrapers' expected a map or struct, got \"slice\""),
    ("{scrapers: {cpu: 5}}", "'scrapers.cpu' expected a map or struct, got \"int\""),
    ("{scrapers: {cpuu: }}", "'scrapers.cpuu' invalid scraper key: cpuu"),
    ("{scrapers: {cpu: {nope: x}}}", "'scrapers.cpu' has invalid keys: nope"),
    (
        "{scrapers: {cpu: {metrics: {system.cpu.nope: {}}}}}",
        "'scrapers.cpu.metrics' has invalid keys: system.cpu.nope",
    ),
    (
        "{scrapers: {cpu: {metrics: {system.cpu.time: {enabled: x}}}}}",
        "'scrapers.cpu.metrics.system.cpu.time.enabled' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{scrapers: {cpu: {metrics: {system.cpu.time: {aggregation_strategy: x}}}}}",
        "unknown value \"x\" (valid values: [sum avg min max])",
    ),
    (
        "{scrapers: {cpu: {metrics: {system.cpu.time: {attributes: [x]}}}}}",
        "metric system.cpu.time doesn't have an attribute x, valid attributes: [cpu, state]",
    ),
    (
        "{scrapers: {load: {cpu_average: x}}}",
        "'scrapers.load.cpu_average' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{scrapers: {disk: {include: {devices: [a]}}}}",
        "'scrapers.disk.include.match_type' unrecognized match_type: '', valid types are: [regexp strict]",
    ),
    (
        "{scrapers: {disk: {exclude: {devices: ['('], match_type: regexp}}}}",
        "'scrapers.disk.exclude.devices' error parsing regexp: missing closing ): `(`",
    ),
    (
        "{scrapers: {network: {include: {interfaces: ['('], match_type: regexp}}}}",
        "'scrapers.network.include.interfaces' error parsing regexp: missing closing ): `(`",
    ),
    (
        "{scrapers: {filesystem: {include_fs_types: {fs_types: [a], match_type: x}}}}",
        "'scrapers.filesystem.include_fs_types.match_type' unrecognized match_type: 'x', valid types are: [regexp strict]",
    ),
    (
        "{scrapers: {filesystem: {exclude_mount_points: {mount_points: ['('], match_type: regexp}}}}",
        "'scrapers.filesystem.exclude_mount_points.mount_points' error parsing regexp: missing closing ): `(`",
    ),
    (
        "{scrapers: {filesystem: {include_virtual_filesystems: x}}}",
        "'scrapers.filesystem.include_virtual_filesystems' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{scrapers: {process: {include: {names: [a]}}}}",
        "'scrapers.process.include.match_type' unrecognized match_type: ''",
    ),
    (
        "{scrapers: {process: {scrape_process_delay: x}}}",
        "'scrapers.process.scrape_process_delay' time: invalid duration",
    ),
    (
        "{scrapers: {process: {resource_attributes: {process.nope: {}}}}}",
        "'scrapers.process.resource_attributes' has invalid keys: process.nope",
    ),
    (
        "{scrapers: {process: {resource_attributes: {process.pid: {metrics_include: [{}]}}}}}",
        "process.pid.metrics_include[0]' must specify either strict or regex",
    ),
    (
        "{scrapers: {process: {resource_attributes: {process.pid: {metrics_exclude: [{strict: a, regexp: b}]}}}}}",
        "strict and regex cannot be used together",
    ),
    ("{scrapers: {cpu: }, collection_interval: 0s}", "\"collection_interval\": requires positive value"),
    ("{scrapers: {cpu: }, initial_delay: x}", "'initial_delay' time: invalid duration"),
    ("{scrapers: {cpu: }, timeout: -1s}", "\"timeout\": requires positive value"),
    (
        "{scrapers: {cpu: }, root_path: /nonexistent}",
        "invalid root_path: stat /nonexistent: no such file or directory",
    ),
    (
        "{scrapers: {cpu: }, metadata_collection_interval: x}",
        "'metadata_collection_interval' time: invalid duration",
    ),
    (
        "{scrapers: {process: {mute_process_name_error: x}}}",
        "'scrapers.process.mute_process_name_error' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{scrapers: {process: {mute_process_exe_error: x}}}",
        "'scrapers.process.mute_process_exe_error' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{scrapers: {process: {mute_process_io_error: x}}}",
        "'scrapers.process.mute_process_io_error' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{scrapers: {process: {mute_process_user_error: x}}}",
        "'scrapers.process.mute_process_user_error' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{scrapers: {process: {mute_process_cgroup_error: x}}}",
        "'scrapers.process.mute_process_cgroup_error' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{scrapers: {process: {mute_process_all_errors: x}}}",
        "'scrapers.process.mute_process_all_errors' expected type 'bool', got unconvertible type 'string'",
    ),
];

#[tokio::test]
async fn every_key_says_what_is_wrong_with_it() {
    for (yaml, message) in WRONG.iter().copied() {
        let error = refused(yaml).await;
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
