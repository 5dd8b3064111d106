//! A real journal, written by systemd and read with its `journalctl`.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::kit::{collector::Collector, distros, programs, records};

/// What writes journals, in no folder of programs.
const WRITER: &str = "/lib/systemd/systemd-journal-remote";
/// The time of the first entry, microseconds since 1970.
const FIRST: u64 = 1_700_000_000_000_000;

/// Appends entries, each with its number in its message, to a journal.
fn write(journal: &Path, numbers: std::ops::Range<u64>) {
    let mut export = String::new();
    for number in numbers {
        let (wall, running) = (FIRST + number, 1_000_000 + number);
        write!(
            export,
            "__REALTIME_TIMESTAMP={wall}\n__MONOTONIC_TIMESTAMP={running}\n_BOOT_ID=3155ce8b27bd4a20a1eb1bde8f5d1e7f\n\
             MESSAGE=entry {number}\nPRIORITY=4\nSYSLOG_IDENTIFIER=writer\n\n"
        )
        .unwrap();
    }
    let from = journal.with_extension("export");
    fs::write(&from, export).unwrap();
    let done = Command::new(WRITER).arg("-o").arg(journal).arg(&from).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The messages of so many records, once there are as many.
fn messages(collector: &Collector, name: &str, count: usize) -> Vec<String> {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let text = fs::read_to_string(collector.file(name)).unwrap_or_default();
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let mut found: Vec<_> = records::of_lines(whole)
            .iter()
            .map(|record| {
                let record = &record["logRecords"];
                let fields = record["body"]["kvlistValue"]["values"].as_array().unwrap();
                let message = fields.iter().find(|field| field["key"] == "MESSAGE").unwrap();
                format!(
                    "{} {}",
                    record["timeUnixNano"].as_str().unwrap(),
                    message["value"]["stringValue"].as_str().unwrap()
                )
            })
            .collect();
        if found.len() >= count {
            found.sort();
            return found;
        }
        assert!(Instant::now() < end, "{} of {count} records", found.len());
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_journal_is_read_on_from_where_it_was() {
    if programs::find(WRITER, "systemd-journal-remote").is_none() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let journal = dir.path().join("x.journal");
    fs::create_dir(dir.path().join("kept")).unwrap();
    write(&journal, 0..3);
    let yaml = |out: &str| {
        format!(
            "
extensions:
  file_storage: {{directory: '{dir}/kept'}}
receivers:
  journald: {{files: ['{dir}/x.journal'], start_at: beginning, storage: file_storage, identifiers: [writer]}}
exporters:
  file: {{path: '${{env:DIR}}/{out}', flush_interval: 50ms}}
service:
  extensions: [file_storage]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [journald], exporters: [file]}}
",
            dir = dir.path().display()
        )
    };
    let wanted = |numbers: std::ops::Range<u64>| -> Vec<String> {
        numbers.map(|number| format!("{} entry {number}", (FIRST + number) * 1000)).collect()
    };
    let collector = Collector::start(&distros::contrib().binary, &yaml("first.json"));
    assert_eq!(messages(&collector, "first.json", 3), wanted(0..3));
    collector.stop().expect_clean();
    write(&journal, 3..5);
    let collector = Collector::start(&distros::contrib().binary, &yaml("second.json"));
    assert_eq!(messages(&collector, "second.json", 2), wanted(3..5));
    collector.stop().expect_clean();
}
