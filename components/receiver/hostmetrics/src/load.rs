//! How busy the host is on average.

mod table;

use std::sync::Arc;

use slimcol_config::{Section, Settings};
use slimcol_scraper::{Recorder, Scraped, Scraper, Switches};
use slimcol_service::BoxError;

use self::table::{MINUTE_1, MINUTES_5, MINUTES_15, TABLE};
use crate::{
    host::{Host, emitted, now},
    parts::Part,
    reader::Reader,
};

/// The keys of `load`.
#[derive(Debug)]
pub(crate) struct Config {
    cpu_average: bool,
    switches: Switches,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self { cpu_average: from.get("cpu_average", false), switches: Switches::read(from, &TABLE) }
    }
}

impl Part for Config {
    fn start(self: Box<Self>, host: &Arc<Host>) -> Result<Box<dyn Scraper>, BoxError> {
        let recorder = host.recorder("load", self.switches);
        let divisor = if self.cpu_average { cpus() } else { 1.0 };
        Ok(Box::new(Load { host: host.clone(), recorder, reader: Reader::default(), divisor }))
    }
}

/// How many processors this process may use.
fn cpus() -> f64 {
    rustix::thread::sched_getaffinity(None).map_or(1.0, |cpus| f64::from(cpus.count()).max(1.0))
}

#[derive(Debug)]
struct Load {
    host: Arc<Host>,
    recorder: Recorder,
    reader: Reader,
    divisor: f64,
}

impl Scraper for Load {
    fn name(&self) -> &'static str {
        "load"
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        let averages = self.reader.read(&self.host.root.proc("loadavg")).and_then(|text| averages(&text));
        let averages = averages.unwrap_or_else(|_| from_the_kernel());
        for (metric, average) in [MINUTE_1, MINUTES_5, MINUTES_15].into_iter().zip(averages) {
            self.recorder.record(metric, average / self.divisor, &[]);
        }
        emitted(&mut self.recorder, to)
    }
}

/// The averages of one, five and fifteen minutes in `/proc/loadavg`.
fn averages(text: &str) -> Result<[f64; 3], String> {
    let mut fields = text.split_ascii_whitespace();
    let mut next = || {
        let field = fields.next().ok_or("too short")?;
        field.parse().map_err(|_| format!("strconv.ParseFloat: parsing {field:?}: invalid syntax"))
    };
    Ok([next()?, next()?, next()?])
}

/// The same, from where it can always be had.
#[allow(clippy::cast_precision_loss, reason = "averages of so many processes cannot be")]
fn from_the_kernel() -> [f64; 3] {
    rustix::system::sysinfo().loads.map(|load| load as f64 / 65536.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn averages_are_read() {
        assert_eq!(averages("0.24 1.09 13.57 2/433 98765\n"), Ok([0.24, 1.09, 13.57]));
        assert_eq!(averages("0.24 1.09"), Err("too short".into()));
        assert!(averages("0.24 x 1").is_err());
    }

    #[test]
    fn the_kernel_says_the_same() {
        let before = averages(&std::fs::read_to_string("/proc/loadavg").unwrap()).unwrap();
        let [_, _, slow] = from_the_kernel();
        assert!((slow - before[2]).abs() < 0.5, "{slow} {before:?}");
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in ".{0,60}") {
            let _ = averages(&text);
        }
    }
}
