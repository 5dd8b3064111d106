//! One round of relaying: start, idle, warm-up, measured window, drain, stop.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use crate::{
    Error, Load, Pace, Requests, Sink,
    args::{Gzip, Shape},
    contest::Contender,
    report::{
        Column,
        Figure::{Counted, Measured},
        Run,
    },
    stats::{float, percentile, ratio},
};

/// How long the process rests before its idle memory is read.
pub(crate) const REST: Duration = Duration::from_secs(1);
const WARM_UP: Duration = Duration::from_secs(1);
/// What does not arrive for this long never will: retries of the collectors here begin after 5 s.
const PATIENCE: Duration = Duration::from_secs(10);
/// A collector has to drain on SIGTERM within this.
pub(crate) const STOP_DEADLINE: Duration = Duration::from_secs(30);

pub(crate) const COLUMNS: &[Column] = &[
    Column::new("items/CPU-s", "items_per_cpu_second", 0),
    Column::new("CPU us/item", "cpu_us_per_item", 3),
    Column::new("items/s", "items_per_second", 0),
    Column::new("ready ms", "ready_ms", 1),
    Column::new("idle MiB", "idle_mib", 1),
    Column::new("peak MiB", "peak_mib", 1),
    Column::new("p50 ms", "p50_ms", 2),
    Column::new("p99 ms", "p99_ms", 2),
    Column::new("refused", "refused_requests", 0),
    Column::new("sent", "sent", 0),
    Column::new("received", "received", 0),
];

/// The requests a shape asks for.
pub(crate) fn requests(shape: &Shape) -> Result<Requests, Error> {
    Ok(Requests::generate(shape.signal, shape.items(), shape.gzip != Gzip::None)?)
}

/// The pace a shape asks for.
pub(crate) fn pace(shape: &Shape) -> Result<Pace, Error> {
    Ok(Pace {
        connections: usize::try_from(shape.connections)?,
        in_flight: usize::try_from(shape.in_flight)?,
        rate: shape.rate,
    })
}

/// Measures one collector once.
pub(crate) fn round(contender: &Contender, shape: &Shape, requests: Requests) -> Result<Run, Error> {
    let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let (process, listen) = contender.start(sink.address, shape.gzip)?;
    let ready = process.ready;
    std::thread::sleep(REST);
    let idle_kib = process.rss_kib()?;

    let load = Load::start(listen, requests, pace(shape)?);
    std::thread::sleep(WARM_UP);
    load.measure();
    let (cpu, acknowledged, begin) = (process.cpu()?, load.acknowledged(), Instant::now());
    std::thread::sleep(Duration::from_secs(shape.seconds.into()));
    let outcome = load.finish()?;
    let window = begin.elapsed();
    // What was taken in has to be paid for until it is out again, so the CPU time runs until then.
    sink.received().wait(outcome.acknowledged, PATIENCE);
    let cpu = process.cpu()?.saturating_sub(cpu).as_secs_f64();
    let peak_kib = process.peak_kib()?;
    process.terminate()?;
    let (status, log) = process.wait(STOP_DEADLINE)?;
    if !status.success() {
        return Err(format!("ended with {status} on SIGTERM:\n{log}").into());
    }
    if let Some(refusal) = outcome.first_refusal.filter(|_| outcome.acknowledged == 0) {
        return Err(format!("nothing was acknowledged: {refusal}\n{log}").into());
    }

    let items = float(outcome.acknowledged - acknowledged);
    let millis = |percent| f64::from(percentile(&outcome.latencies, percent)) / 1e3;
    Ok(Run {
        figures: vec![
            Measured(ratio(items, cpu)),
            Measured(ratio(cpu * 1e6, items)),
            Measured(ratio(items, window.as_secs_f64())),
            Measured(ready.as_secs_f64() * 1e3),
            Measured(float(idle_kib) / 1024.0),
            Measured(float(peak_kib) / 1024.0),
            Measured(millis(50)),
            Measured(millis(99)),
            Counted(outcome.refused),
            Counted(outcome.acknowledged),
            Counted(sink.received().items()),
        ],
        sent: outcome.acknowledged,
        received: sink.received().items(),
    })
}
