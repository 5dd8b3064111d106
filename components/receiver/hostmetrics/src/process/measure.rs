//! The metrics of one process.

use std::{fs, path::Path};

use slimcol_service::go_error;

use super::{
    Process, Used,
    files::{self, Status},
    table::{
        CONTEXT_SWITCHES, CPU_TIME, CPU_UTILIZATION, DISK_IO, DISK_OPERATIONS, FAULTS, MEMORY_USAGE,
        MEMORY_UTILIZATION, MEMORY_VIRTUAL, OPEN_FILES, SIGNALS_PENDING, THREADS, UPTIME,
    },
};
use crate::{number::of, stat::Stat};

/// The process.
pub(super) struct Of<'a> {
    pub(super) folder: &'a Path,
    pub(super) pid: i32,
    pub(super) stat: &'a Stat<'a>,
    pub(super) status: &'a Result<Status, String>,
    /// In milliseconds of 1970.
    pub(super) begun: u64,
    /// When it is measured, in nanoseconds of 1970.
    pub(super) at: u64,
}

/// What could not be measured, how many metrics that are, whether nobody wants to know, and why.
pub(super) type Missing = (&'static str, usize, bool, String);

const STATES: [&str; 3] = ["user", "system", "wait"];

/// Measures all that is wanted.
pub(super) fn all(process: &Of<'_>, with: &mut Process) -> Vec<Missing> {
    times(process, with);
    let is_muted = with.config.mute.io;
    let outcomes = [
        ("memory info", 2, false, memory(process, with)),
        ("disk usage", 1, is_muted, disk(process, with)),
        ("context switch counts", 1, false, switches(process, with)),
        ("open file descriptor count", 1, false, files(process, with)),
        ("pending signals", 1, false, signals(process, with)),
    ];
    let Of { stat, begun, at, .. } = process;
    with.recorder.record(FAULTS, stat.major_faults, &["major"]);
    with.recorder.record(FAULTS, stat.minor_faults, &["minor"]);
    with.recorder.record(THREADS, stat.threads, &[]);
    with.recorder.record(UPTIME, of(at.saturating_sub(begun * 1_000_000), 1_000_000_000), &[]);
    let missing = |(what, metrics, is_muted, outcome): (_, _, _, Result<(), String>)| {
        outcome.err().map(|error| (what, metrics, is_muted, error))
    };
    outcomes.into_iter().filter_map(missing).collect()
}

fn times(process: &Of<'_>, with: &mut Process) {
    let Stat { user, system, waited, begun, .. } = *process.stat;
    let ticks = [user, system, waited];
    for (state, ticks) in STATES.iter().zip(ticks) {
        with.recorder.record(CPU_TIME, of(ticks, with.second), &[state]);
    }
    if !with.recorder.switches().wants(&[CPU_UTILIZATION]) {
        return;
    }
    let used = Used { begun, at: process.at, ticks };
    let before = with.before.insert(process.pid, used).filter(|before| before.begun == begun);
    let Some(before) = before else { return };
    let passed = of(process.at.saturating_sub(before.at), 1_000_000_000) * of(with.processors, 1);
    for ((state, ticks), before) in STATES.iter().zip(ticks).zip(before.ticks) {
        let used = of(ticks.saturating_sub(before), with.second);
        let part = if passed > 0.0 { used / passed } else { 0.0 };
        with.recorder.record(CPU_UTILIZATION, part, &[state]);
    }
}

#[allow(clippy::cast_precision_loss, reason = "Go computes the percentage with numbers of 32 bits")]
fn memory(process: &Of<'_>, with: &mut Process) -> Result<(), String> {
    if !with.recorder.switches().wants(&[MEMORY_USAGE, MEMORY_VIRTUAL, MEMORY_UTILIZATION]) {
        return Ok(());
    }
    let (pages, resident) = files::pages(&with.reader.records(&process.folder.join("statm"), 0)?)?;
    let resident = resident.saturating_mul(with.page);
    with.recorder.record(MEMORY_USAGE, resident, &[]);
    with.recorder.record(MEMORY_VIRTUAL, pages.saturating_mul(with.page), &[]);
    if with.memory > 0 {
        let percent = 100.0 * resident as f32 / with.memory as f32;
        with.recorder.record(MEMORY_UTILIZATION, f64::from(percent), &[]);
    }
    Ok(())
}

fn disk(process: &Of<'_>, with: &mut Process) -> Result<(), String> {
    if !with.recorder.switches().wants(&[DISK_IO, DISK_OPERATIONS]) {
        return Ok(());
    }
    let moved = files::moved(&with.reader.records(&process.folder.join("io"), 0)?)?;
    for (direction, bytes, operations) in
        [("read", moved.read, moved.reads), ("write", moved.written, moved.writes)]
    {
        with.recorder.record(DISK_IO, bytes, &[direction]);
        with.recorder.record(DISK_OPERATIONS, operations, &[direction]);
    }
    Ok(())
}

/// Those of all threads: what stands with the process are those of its first one.
fn switches(process: &Of<'_>, with: &mut Process) -> Result<(), String> {
    if !with.recorder.switches().wants(&[CONTEXT_SWITCHES]) {
        return Ok(());
    }
    let mut sum = process.status.clone()?;
    if process.stat.threads > 1 {
        sum = Status::default();
        for thread in entries(&process.folder.join("task"))? {
            let status = files::status(&with.reader.records(&thread.path().join("status"), 0)?);
            sum.voluntary = sum.voluntary.saturating_add(status.voluntary);
            sum.involuntary = sum.involuntary.saturating_add(status.involuntary);
        }
    }
    with.recorder.record(CONTEXT_SWITCHES, sum.involuntary, &["involuntary"]);
    with.recorder.record(CONTEXT_SWITCHES, sum.voluntary, &["voluntary"]);
    Ok(())
}

fn files(process: &Of<'_>, with: &mut Process) -> Result<(), String> {
    if with.recorder.switches().wants(&[OPEN_FILES]) {
        let count = entries(&process.folder.join("fd"))?.count();
        with.recorder.record(OPEN_FILES, count as u64, &[]);
    }
    Ok(())
}

fn signals(process: &Of<'_>, with: &mut Process) -> Result<(), String> {
    if with.recorder.switches().wants(&[SIGNALS_PENDING]) {
        with.recorder.record(SIGNALS_PENDING, process.status.clone()?.signals, &[]);
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<impl Iterator<Item = fs::DirEntry>, String> {
    let entries = fs::read_dir(folder);
    let failed = |error| format!("open {}: {}", folder.display(), go_error(&error));
    Ok(entries.map_err(failed)?.flatten())
}
