//! Measures one collector, or two in turn.

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    Error, Process,
    args::{Args, Command, Gzip, Opponents, Queue},
    idle, relay,
    report::{Report, Run},
    scrape, sigterm, tail, yaml,
};

/// What is measured if nothing else is named.
const OTLP: &str = "dist/out/otlp/otelcol-otlp";

/// The same for what only a larger distribution can do.
const CONTRIB: &str = "dist/out/contrib/otelcol-contrib";

/// A collector to measure.
#[derive(Debug)]
pub(crate) struct Contender {
    /// `ours` or `peer`.
    pub(crate) name: &'static str,
    binary: PathBuf,
    yaml: String,
    /// What its queues are kept below.
    queues: TempDir,
}

impl Contender {
    /// Starts it on a free port, sending to `sink`; the process and where it listens.
    pub(crate) fn start(&self, sink: SocketAddr, gzip: Gzip) -> Result<(Process, SocketAddr), Error> {
        let queue = tempfile::tempdir_in(&self.queues)?.keep();
        self.launch(|text, listen| {
            let yaml = yaml::aim(text, listen, sink, gzip)?;
            Ok(yaml.replace(yaml::QUEUE_FOLDER, &queue.display().to_string()))
        })
    }

    /// Starts it with what `fill` makes of its YAML and a free port, on which it is to listen.
    pub(crate) fn launch(
        &self,
        fill: impl FnOnce(&str, SocketAddr) -> Result<String, Error>,
    ) -> Result<(Process, SocketAddr), Error> {
        // Another program may take the port before the collector does: then starting fails, and says why.
        let listen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let yaml = fill(&self.yaml, listen)?;
        let mut config = tempfile::Builder::new().suffix(".yaml").tempfile()?;
        config.write_all(yaml.as_bytes())?;
        let process = Process::start(&self.binary, config.path(), listen)?;
        Ok((process, listen))
    }
}

/// Does what the command line says and prints the report; false if a collector lost or invented items.
pub fn run(args: &Args) -> Result<bool, Error> {
    let report = match &args.command {
        Command::Relay { shape, queue, opponents } => {
            let binary = if *queue == Queue::Memory { OTLP } else { CONTRIB };
            let contest = Contest::new(opponents, binary, &yaml::relay(shape.signal, *queue))?;
            let requests = relay::requests(shape)?;
            contest.report(relay::COLUMNS, |contender| relay::round(contender, shape, requests.clone()))?
        }
        Command::Idle { starts, opponents } => {
            let contest = Contest::new(opponents, OTLP, &yaml::idle())?;
            contest.report(idle::COLUMNS, |contender| idle::round(contender, *starts))?
        }
        Command::Tail { lines_of, lines, to, opponents } => {
            let contest = Contest::new(opponents, CONTRIB, &yaml::tail(*lines_of, *to))?;
            let folder = tempfile::tempdir()?;
            let file = folder.path().join("lines");
            tail::write(&file, *lines_of, *lines)?;
            contest.report(tail::COLUMNS, |contender| tail::round(contender, &file, *lines, *to))?
        }
        Command::Scrape { targets, interval, seconds, opponents } => {
            let pages = scrape::Targets::start(*targets)?;
            let contest = Contest::new(opponents, CONTRIB, &yaml::scrape(*interval))?;
            contest
                .report(scrape::COLUMNS, |contender| scrape::round(contender, &pages, *interval, *seconds))?
        }
        Command::Sigterm { shape, opponents } => {
            let contest = Contest::new(opponents, OTLP, &yaml::relay(shape.signal, Queue::Memory))?;
            let requests = relay::requests(shape)?;
            contest
                .report(sigterm::COLUMNS, |contender| sigterm::round(contender, shape, requests.clone()))?
        }
    };
    let json = match &args.command {
        Command::Relay { opponents, .. }
        | Command::Idle { opponents, .. }
        | Command::Tail { opponents, .. }
        | Command::Scrape { opponents, .. }
        | Command::Sigterm { opponents, .. } => opponents.json,
    };
    if json {
        write!(std::io::stderr(), "{}", report.table())?;
        writeln!(std::io::stdout(), "{:#}", report.json())?;
    } else {
        write!(std::io::stdout(), "{}", report.table())?;
    }
    Ok(report.lossless())
}

/// The collectors and how often each is measured.
struct Contest {
    contenders: Vec<Contender>,
    rounds: u32,
}

impl Contest {
    fn new(opponents: &Opponents, default_binary: &str, default_yaml: &str) -> Result<Self, Error> {
        let read = |path: &Option<PathBuf>, otherwise: &str| match path {
            None => Ok(otherwise.to_owned()),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| Error::from(format!("cannot read `{}`: {error}", path.display()))),
        };
        let binary = opponents.binary.clone().unwrap_or_else(|| default_binary.into());
        exists(&binary)?;
        let ours_yaml = read(&opponents.config, default_yaml)?;
        let mut contenders = Vec::new();
        if let Some(peer) = &opponents.peer {
            let yaml = read(&opponents.peer_config, &ours_yaml)?;
            let queues = tempfile::tempdir()?;
            contenders.push(Contender { name: "peer", binary: peer.clone(), yaml, queues });
        }
        let queues = tempfile::tempdir()?;
        contenders.insert(0, Contender { name: "ours", binary, yaml: ours_yaml, queues });
        let rounds = opponents.rounds.unwrap_or(if opponents.peer.is_some() { 3 } else { 1 });
        Ok(Self { contenders, rounds })
    }

    /// Takes turns, so that whatever else the machine does falls on both.
    fn report(
        &self,
        columns: &'static [crate::report::Column],
        mut round: impl FnMut(&Contender) -> Result<Run, Error>,
    ) -> Result<Report, Error> {
        let mut report = Report::new(columns);
        for _ in 0..self.rounds {
            for contender in &self.contenders {
                let run = round(contender).map_err(|error| format!("{}: {error}", contender.name))?;
                report.add(contender.name, run);
            }
        }
        Ok(report)
    }
}

fn exists(binary: &Path) -> Result<(), Error> {
    if binary.is_file() {
        return Ok(());
    }
    Err(format!(
        "`{}` does not exist; build it with `cargo run --release -p slimcol -- build --config manifests/<name>.yaml` \
         or name another with --binary",
        binary.display()
    )
    .into())
}
