//! The `file_log` receiver alone, over a file of lines, for a profiler: what follows it only counts.
//!
//! ```text
//! CARGO_PROFILE_COLLECTOR_STRIP=none CARGO_PROFILE_COLLECTOR_DEBUG=line-tables-only \
//!     cargo build --profile collector -p slimcol-bench --example lines
//! target/collector/examples/lines json 20000 /tmp/lines
//! valgrind --tool=callgrind target/collector/examples/lines json 20000 /tmp/lines
//! ```
//!
//! The first run writes the file, which is then kept in that folder. What a line costs is the difference of two runs by that
//! of their lines: starting costs the same in both. With one more argument it says what the records are, to compare builds.
#![expect(clippy::print_stdout, reason = "what came of it is for who runs it")]

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    path::PathBuf,
    sync::{Arc, Mutex},
};

use clap::ValueEnum;
use slimcol_bench::{Error, Lines, operators, write_lines};
use slimcol_pdata::Signal;
use slimcol_service::{Next, Outputs};
use slimcol_testing::receiver_from_yaml;
use tokio::sync::Notify;

/// What came.
#[derive(Default)]
struct Came {
    lines: usize,
    bytes: usize,
}

fn main() -> Result<(), Error> {
    let mut args = std::env::args().skip(1);
    let kind = Lines::from_str(&args.next().unwrap_or_default(), true)?;
    let lines: u32 = args.next().unwrap_or_default().parse()?;
    let folder = PathBuf::from(args.next().ok_or("a folder for the file is missing")?);
    let folder = folder.join(format!("{kind:?}-{lines}"));
    let show = args.next().is_some();
    fs::create_dir_all(&folder)?;
    let file = folder.join("app.log");
    if !file.exists() {
        write_lines(&file, kind, lines.into())?;
    }
    let yaml = format!(
        "{{include: ['{}'], start_at: beginning, poll_interval: 5ms, operators: [{}]}}",
        file.display(),
        operators(kind)
    );
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?.block_on(async {
        let (came, all) = (Arc::new(Mutex::new(Came::default())), Arc::new(Notify::new()));
        let (sum, done) = (Arc::clone(&came), Arc::clone(&all));
        let next = Next::from_fn(move |payload| {
            let mut came = sum.lock().expect("nobody panics");
            came.lines += payload.data.items();
            came.bytes += payload.data.byte_len();
            if show {
                show_data(&payload.data);
            }
            if came.lines >= lines as usize {
                done.notify_one();
            }
            std::future::ready(Ok(()))
        });
        let to = Outputs::default().with(Signal::Logs, next);
        let receiver = receiver_from_yaml(&slimcol_receiver_filelog::FACTORY, &yaml, to).await?;
        all.notified().await;
        receiver.stop().await?;
        let came = came.lock().expect("nobody panics");
        println!("{} lines made {} bytes", came.lines, came.bytes);
        Ok(())
    })
}

/// A sum over the records, to compare two builds: as JSON, without the time at which each was read.
fn show_data(data: &slimcol_pdata::Data) {
    let mut hasher = DefaultHasher::new();
    for mut record in slimcol_testing::log_records(std::slice::from_ref(data)) {
        if let Some(fields) = record.as_object_mut() {
            fields.remove("observedTimeUnixNano");
        }
        hasher.write(record.to_string().as_bytes());
    }
    println!("{} records: {:016x}", data.items(), hasher.finish());
}
