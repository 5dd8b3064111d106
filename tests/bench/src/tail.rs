//! One round of following a file: what `file_log` and its operators cost a line.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    Error, Sink,
    args::{Lines, Target},
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
    Column::new("lines/CPU-s", "lines_per_cpu_second", 0),
    Column::new("CPU us/line", "cpu_us_per_line", 3),
    Column::new("lines/s", "lines_per_second", 0),
    Column::new("peak MiB", "peak_mib", 1),
    Column::new("written", "written", 0),
    Column::new("received", "received", 0),
];

/// No line more for this long means that no more will come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at the count, each of which costs the collector a page of metrics.
const LOOK: Duration = Duration::from_millis(50);
/// What counts the lines that the pipelines took, in both collectors' metrics.
const ACCEPTED: &str = "otelcol_receiver_accepted_log_records";

/// Writes a file of lines.
///
/// # Errors
/// It cannot be written.
pub fn write(to: &Path, kind: Lines, lines: u64) -> Result<(), Error> {
    let mut file = BufWriter::new(File::create(to)?);
    for n in 0..lines {
        let time = format!("2024-02-29T23:{:02}:{:02}.{:06}Z", n / 60 % 60, n % 60, n % 1_000_000);
        match kind {
            Lines::Plain => writeln!(
                file,
                "{time} INFO  the request {n:08} was answered after 12 ms with 200 by worker {} of pool main",
                n % 16
            )?,
            Lines::Json | Lines::Chain => writeln!(
                file,
                "{{\"time\":\"{time}\",\"level\":\"info\",\"msg\":\"the request was answered\",\"n\":{n},\
                 \"path\":\"/api/v1/items\",\"status\":200,\"took\":12.5,\"user\":{{\"id\":\"u-{}\",\"admin\":false}}}}",
                n % 1000
            )?,
        }
    }
    Ok(file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?)
}

/// Measures one collector once, from the moment at which the file appears.
pub(crate) fn round(contender: &Contender, file: &Path, lines: u64, target: Target) -> Result<Run, Error> {
    let folder = tempfile::tempdir_in(file.parent().unwrap_or(Path::new(".")))?;
    let followed = folder.path().join("app.log");
    let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let (process, metrics) =
        contender.launch(|text, listen| Ok(yaml::follow(text, &followed, listen, sink.address)))?;
    std::thread::sleep(Duration::from_secs(1));
    let (cpu, begin) = (process.cpu()?, Instant::now());
    fs::hard_link(file, &followed)?;
    let (mut received, mut grew) = (0, Instant::now());
    while received < lines && grew.elapsed() < PATIENCE {
        std::thread::sleep(LOOK);
        let now = match target {
            Target::Nop => accepted(metrics)?,
            Target::Otlp => sink.received().items(),
        };
        if now > received {
            (received, grew) = (now, Instant::now());
        }
    }
    let (window, cpu) = (begin.elapsed(), process.cpu()?.saturating_sub(cpu).as_secs_f64());
    let peak_kib = process.peak_kib()?;
    process.terminate()?;
    let (status, log) = process.wait(crate::relay::STOP_DEADLINE)?;
    if !status.success() {
        return Err(format!("ended with {status} on SIGTERM:\n{log}").into());
    }
    if received == 0 {
        return Err(format!("no line came through:\n{log}").into());
    }
    Ok(Run {
        figures: vec![
            Measured(ratio(float(received), cpu)),
            Measured(ratio(cpu * 1e6, float(received))),
            Measured(ratio(float(received), window.as_secs_f64())),
            Measured(float(peak_kib) / 1024.0),
            Counted(lines),
            Counted(received),
        ],
        sent: lines,
        received,
    })
}

/// What the collector's own metrics say was accepted.
fn accepted(metrics: SocketAddr) -> Result<u64, Error> {
    let mut stream = TcpStream::connect(metrics)?;
    stream.write_all(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    Ok(sum(&page, ACCEPTED))
}

/// The sum of a counter's series on a page of metrics, with or without the suffix `_total`.
fn sum(page: &str, counter: &str) -> u64 {
    let values = page.lines().filter_map(|line| {
        let rest = line.strip_prefix(counter)?;
        let rest = rest.strip_prefix("_total").unwrap_or(rest);
        let value = if rest.starts_with('{') { rest.rsplit_once('}')?.1 } else { rest };
        // Counts of lines are whole, and may be printed as 2e+06.
        value.trim().parse::<f64>().ok().filter(|value| *value >= 0.0)
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of lines")]
    let whole = values.sum::<f64>() as u64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_added_up() {
        let page =
            "# TYPE n_total counter\nn_total{a=\"}\",b=\"x\"} 2e+06\nn_total 3\nn{c=\"d\"} 4\nnn_total 7\n";
        assert_eq!(sum(page, "n"), 2_000_007);
    }

    #[test]
    fn files_have_their_lines() {
        let folder = tempfile::tempdir().unwrap();
        for kind in [Lines::Plain, Lines::Json] {
            let path = folder.path().join("lines");
            write(&path, kind, 100).unwrap();
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(text.lines().count(), 100);
            if kind == Lines::Json {
                let line: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
                assert_eq!(line["n"], 99);
            }
        }
    }
}
