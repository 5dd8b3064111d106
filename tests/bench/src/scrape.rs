//! One round of scraping: what the `prometheus` receiver costs a sample.

use std::{
    fmt::Write as _,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{
    Error,
    contest::Contender,
    report::{
        Column,
        Figure::{Counted, Measured},
        Run,
    },
    stats::{float, ratio},
    yaml,
};

pub(crate) const COLUMNS: &[Column] = &[
    Column::new("CPU-s/M samples", "cpu_seconds_per_million_samples", 3),
    Column::new("RSS MiB", "rss_mib", 1),
    Column::new("peak MiB", "peak_mib", 1),
    Column::new("samples", "samples", 0),
];

/// Series on a page: 400 counters, 400 gauges, 10 histograms of 20 lines.
const SERIES: u64 = 1000;

/// Targets, each a port of this process.
#[derive(Debug)]
pub(crate) struct Targets {
    addresses: Vec<SocketAddr>,
    /// How many pages were asked for.
    served: Arc<AtomicU64>,
}

impl Targets {
    /// Starts them; they end with the process.
    pub(crate) fn start(count: u16) -> Result<Self, Error> {
        let served = Arc::<AtomicU64>::default();
        let mut addresses = Vec::new();
        for _ in 0..count {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            addresses.push(listener.local_addr()?);
            let served = Arc::clone(&served);
            thread::Builder::new().stack_size(128 << 10).spawn(move || {
                for stream in listener.incoming().flatten() {
                    let served = Arc::clone(&served);
                    let serving = thread::Builder::new().stack_size(128 << 10);
                    // A target that cannot have a thread serves nobody, which the count shows.
                    let _ = serving.spawn(move || serve(stream, &served));
                }
            })?;
        }
        Ok(Self { addresses, served })
    }

    fn list(&self) -> String {
        let all: Vec<String> = self.addresses.iter().map(|address| format!("\"{address}\"")).collect();
        all.join(", ")
    }
}

/// Answers every request of a connection with a page whose numbers have changed.
fn serve(mut stream: TcpStream, served: &AtomicU64) -> Option<()> {
    let mut asked = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        asked.extend_from_slice(&buffer[..count]);
        if !asked.ends_with(b"\r\n\r\n") {
            continue;
        }
        asked.clear();
        let page = page(served.fetch_add(1, Ordering::Relaxed));
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
            page.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(page.as_bytes()).ok()?;
    }
}

/// 75 KB of text.
fn page(round: u64) -> String {
    let mut to = String::with_capacity(80 << 10);
    for (kind, end) in [("counter", "_total"), ("gauge", "")] {
        for family in 0..40 {
            let name = format!("bench_{kind}_{family}{end}");
            // Writing to a string cannot fail.
            let _ = writeln!(to, "# HELP {name} A {kind} of the bench.\n# TYPE {name} {kind}");
            for nth in 0..10 {
                let value = round * 7 + family * 10 + nth;
                let _ =
                    writeln!(to, "{name}{{method=\"GET\",path=\"/api/v1/{nth}\",code=\"200\"}} {value}.5");
            }
        }
    }
    for family in 0..10 {
        let name = format!("bench_seconds_{family}");
        let _ = writeln!(to, "# HELP {name} A histogram of the bench.\n# TYPE {name} histogram");
        for bound in 0..17 {
            let _ = writeln!(to, "{name}_bucket{{method=\"GET\",le=\"{bound}.5\"}} {}", round + bound);
        }
        let _ = writeln!(to, "{name}_bucket{{method=\"GET\",le=\"+Inf\"}} {}", round + 20);
        let _ = writeln!(
            to,
            "{name}_sum{{method=\"GET\"}} {round}.25\n{name}_count{{method=\"GET\"}} {}",
            round + 20
        );
    }
    to
}

/// Measures one collector once.
pub(crate) fn round(
    contender: &Contender,
    targets: &Targets,
    interval: u32,
    seconds: u32,
) -> Result<Run, Error> {
    let (process, _) = contender.launch(|text, listen| Ok(yaml::find(text, listen, &targets.list())))?;
    thread::sleep(Duration::from_secs(u64::from(interval) * 2 + 1));
    let (cpu, served) = (process.cpu()?, targets.served.load(Ordering::Relaxed));
    thread::sleep(Duration::from_secs(seconds.into()));
    let samples = (targets.served.load(Ordering::Relaxed) - served) * SERIES;
    let cpu = process.cpu()?.saturating_sub(cpu).as_secs_f64();
    if samples == 0 {
        return Err("nothing was scraped".into());
    }
    Ok(Run {
        figures: vec![
            Measured(ratio(cpu * 1e6, float(samples))),
            Measured(float(process.rss_kib()?) / 1024.0),
            Measured(float(process.peak_kib()?) / 1024.0),
            Counted(samples),
        ],
        sent: samples,
        received: samples,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_thousand_series() {
        let page = page(1_000_000);
        assert_eq!(page.lines().filter(|line| !line.starts_with('#')).count(), 1000);
        assert!((60_000..90_000).contains(&page.len()), "{}", page.len());
    }
}
