//! How fast a collector starts, and what it takes to do nothing.

use std::net::{Ipv4Addr, SocketAddr};

use crate::{
    Error,
    args::Gzip,
    contest::Contender,
    relay::REST,
    report::{Column, Figure::Measured, Run},
    stats::{float, median},
};

pub(crate) const COLUMNS: &[Column] = &[
    Column::new("ready ms, median", "ready_ms_median", 1),
    Column::new("ready ms, lowest", "ready_ms_lowest", 1),
    Column::new("idle MiB", "idle_mib", 1),
];

/// Starts a collector several times; its memory is that of the last start, after a rest.
pub(crate) fn round(contender: &Contender, starts: u32) -> Result<Run, Error> {
    // Nothing is sent, so nothing has to listen there.
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    let mut ready = Vec::new();
    for _ in 1..starts {
        ready.push(contender.start(nowhere, Gzip::None)?.0.ready.as_secs_f64() * 1e3);
    }
    let (last, _) = contender.start(nowhere, Gzip::None)?;
    ready.push(last.ready.as_secs_f64() * 1e3);
    std::thread::sleep(REST);
    let idle = float(last.rss_kib()?) / 1024.0;
    let lowest = ready.iter().copied().fold(f64::INFINITY, f64::min);
    Ok(Run { figures: vec![Measured(median(ready)), Measured(lowest), Measured(idle)], sent: 0, received: 0 })
}
