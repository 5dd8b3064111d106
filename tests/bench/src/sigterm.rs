//! SIGTERM while the load is on: all that was acknowledged has to arrive, and nothing else.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use crate::{
    Error, Load, Requests, Sink,
    args::Shape,
    contest::Contender,
    relay::{STOP_DEADLINE, pace},
    report::{
        Column,
        Figure::{Counted, Measured},
        Run,
    },
};

pub(crate) const COLUMNS: &[Column] = &[
    Column::new("stop ms", "stop_ms", 0),
    Column::new("acknowledged", "acknowledged", 0),
    Column::new("received", "received", 0),
];

/// Loads one collector, stops it in the middle of that, and counts.
pub(crate) fn round(contender: &Contender, shape: &Shape, requests: Requests) -> Result<Run, Error> {
    let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let (process, listen) = contender.start(sink.address, shape.gzip)?;
    let load = Load::start(listen, requests, pace(shape)?);
    std::thread::sleep(Duration::from_secs(shape.seconds.into()));
    let begin = Instant::now();
    process.terminate()?;
    let (status, log) = process.wait(STOP_DEADLINE)?;
    let stop = begin.elapsed();
    if !status.success() {
        return Err(format!("ended with {status} on SIGTERM:\n{log}").into());
    }
    let sent = load.finish()?.acknowledged;
    let received = sink.received().items();
    Ok(Run {
        figures: vec![Measured(stop.as_secs_f64() * 1e3), Counted(sent), Counted(received)],
        sent,
        received,
    })
}
