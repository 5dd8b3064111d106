//! `/debug/servicez`: what this process is.

use std::{
    env::consts,
    fs,
    thread::available_parallelism,
    time::{Duration, SystemTime},
};

use slimcol_service::{Context, Phase, Utc};

use crate::{
    html::Html,
    site::{EXTENSIONS, PIPELINES},
};

/// The page, of a collector that began at `begun`.
pub(crate) fn service(cx: &Context, begun: SystemTime) -> Html {
    let build = cx.build();
    let phase = match *cx.phase().borrow() {
        Phase::Starting => Html::badge("wait", "Starting"),
        Phase::Ready => Html::badge("ok", "Ready"),
        Phase::Stopping => Html::badge("bad", "Stopping"),
    };
    let uptime = begun.elapsed().unwrap_or_default().as_secs();
    let cpus = available_parallelism().map_or(1, usize::from);
    let runtime = vec![
        ("StartTimestamp", Html::text(moment(begun))),
        ("Uptime", Html::text(format_args!("{:?}", Duration::from_secs(uptime)))),
        ("State", phase),
        ("Slimcol", Html::text(env!("CARGO_PKG_VERSION"))),
        ("OS", Html::text(consts::OS)),
        ("Arch", Html::text(consts::ARCH)),
        ("NumCPU", Html::text(cpus)),
        ("PID", Html::text(std::process::id())),
        (
            "Memory",
            Html::text(resident().map_or_else(|| "–".to_owned(), |kib| format!("{} MiB", kib / 1024))),
        ),
    ];
    let summary = vec![
        ("Pipelines", Html::link(PIPELINES, cx.pipelines().len())),
        ("Extensions", Html::link(EXTENSIONS, cx.extensions().len())),
    ];
    Html::heading("Build Info")
        .and(&Html::properties(vec![
            ("Command", Html::text(build.name)),
            ("Description", Html::text(build.description)),
            ("Version", Html::text(build.version)),
        ]))
        .and(&Html::heading("Runtime Info"))
        .and(&Html::properties(runtime))
        .and(&Html::heading("Configuration"))
        .and(&Html::properties(summary))
}

/// A date and a time of day.
pub(crate) fn moment(time: SystemTime) -> String {
    let Utc { year, month, day, hour, minute, second, .. } = Utc::from(time);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// What of the process is in memory, in KiB.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    value.split_ascii_whitespace().next()?.parse().ok()
}
