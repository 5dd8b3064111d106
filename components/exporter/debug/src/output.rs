//! Where the messages go: the collector's log, or lines of their own.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use slimcol_pdata::Signal;
use slimcol_service::{Context, Level, Log, Sampler, go_error};

use crate::Config;

/// All places that messages go to.
#[derive(Debug)]
pub(crate) struct Outputs {
    /// `None` if all messages are shown.
    sampler: Option<Mutex<Sampler>>,
    places: Places,
}

#[derive(Debug)]
enum Places {
    /// The collector's log, by signal.
    Log([Log; 3]),
    /// What was configured, and what of it is open.
    Own(Vec<String>, Mutex<Vec<Place>>),
}

#[derive(Debug)]
enum Place {
    Stdout,
    Stderr,
    File(File),
}

impl Outputs {
    pub(crate) fn new(config: &Config, cx: &Context) -> Self {
        let Config { sampling_initial: initial, sampling_thereafter: thereafter, .. } = *config;
        let sampler =
            (thereafter != 1).then(|| Mutex::new(Sampler::new(Duration::from_secs(1), initial, thereafter)));
        let places = if config.use_internal_logger {
            Places::Log(Signal::ALL.map(|signal| cx.log_for(signal).without_caller()))
        } else {
            Places::Own(
                config.output_paths.clone().unwrap_or_else(|| vec!["stdout".to_owned()]),
                Mutex::default(),
            )
        };
        Self { sampler, places }
    }

    /// Opens the files.
    pub(crate) fn open(&self) -> Result<(), String> {
        if let Places::Own(paths, places) = &self.places {
            *lock(places) = paths.iter().map(|path| Place::open(path)).collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    /// Writes one message. One that cannot be written is lost: it was for looking only.
    pub(crate) fn write(&self, signal: Signal, message: &str, counts: &[(&str, usize)]) {
        if let Some(sampler) = &self.sampler
            && !lock(sampler).admits(Level::Info, message, Instant::now())
        {
            return;
        }
        match &self.places {
            Places::Log(logs) => {
                let fields: Vec<_> = counts.iter().map(|(name, count)| (*name, (*count).into())).collect();
                logs[signal as usize].info(message, &fields);
            }
            Places::Own(_, places) => {
                let line = line(message, counts);
                lock(places).iter_mut().for_each(|place| place.write(line.as_bytes()));
            }
        }
    }
}

impl Place {
    fn open(path: &str) -> Result<Self, String> {
        match path {
            "stdout" => Ok(Self::Stdout),
            "stderr" => Ok(Self::Stderr),
            path => {
                let opened = File::options().append(true).create(true).open(path);
                opened.map(Self::File).map_err(|e| format!("open {path}: {}", go_error(&e)))
            }
        }
    }

    fn write(&mut self, line: &[u8]) {
        let _ = match self {
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(line).and_then(|()| stdout.flush())
            }
            Self::Stderr => io::stderr().lock().write_all(line),
            Self::File(file) => file.write_all(line),
        };
    }
}

/// The message and its counts as zap's console has them.
fn line(message: &str, counts: &[(&str, usize)]) -> String {
    let mut line = message.to_owned();
    for (i, (name, count)) in counts.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(line, "{}\"{name}\": {count}", if i == 0 { "\t{" } else { ", " });
    }
    line.push_str(if counts.is_empty() { "\n" } else { "}\n" });
    line
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
