//! Measures one collector, or two in turn.

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use crate::{
    Error, Process,
    args::{Args, Command, Gzip, Opponents},
    idle, relay,
    report::{Report, Run},
    sigterm, yaml,
};

/// A collector to measure.
#[derive(Debug)]
pub(crate) struct Contender {
    /// `ours` or `peer`.
    pub(crate) name: &'static str,
    binary: PathBuf,
    yaml: String,
}

impl Contender {
    /// Starts it on a free port, sending to `sink`; the process and where it listens.
    pub(crate) fn start(&self, sink: SocketAddr, gzip: Gzip) -> Result<(Process, SocketAddr), Error> {
        // Another program may take the port before the collector does: then starting fails, and says why.
        let listen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut config = tempfile::Builder::new().suffix(".yaml").tempfile()?;
        config.write_all(yaml::aim(&self.yaml, listen, sink, gzip)?.as_bytes())?;
        let process = Process::start(&self.binary, config.path(), listen)?;
        Ok((process, listen))
    }
}

/// Does what the command line says and prints the report; false if a collector lost or invented items.
pub fn run(args: &Args) -> Result<bool, Error> {
    let report = match &args.command {
        Command::Relay { shape, opponents } => {
            let contest = Contest::new(opponents, &yaml::relay(shape.signal))?;
            let requests = relay::requests(shape)?;
            contest.report(relay::COLUMNS, |contender| relay::round(contender, shape, requests.clone()))?
        }
        Command::Idle { starts, opponents } => {
            let contest = Contest::new(opponents, &yaml::idle())?;
            contest.report(idle::COLUMNS, |contender| idle::round(contender, *starts))?
        }
        Command::Sigterm { shape, opponents } => {
            let contest = Contest::new(opponents, &yaml::relay(shape.signal))?;
            let requests = relay::requests(shape)?;
            contest
                .report(sigterm::COLUMNS, |contender| sigterm::round(contender, shape, requests.clone()))?
        }
    };
    let json = match &args.command {
        Command::Relay { opponents, .. }
        | Command::Idle { opponents, .. }
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
    fn new(opponents: &Opponents, default_yaml: &str) -> Result<Self, Error> {
        let read = |path: &Option<PathBuf>, otherwise: &str| match path {
            None => Ok(otherwise.to_owned()),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| Error::from(format!("cannot read `{}`: {error}", path.display()))),
        };
        exists(&opponents.binary)?;
        let ours_yaml = read(&opponents.config, default_yaml)?;
        let mut contenders = Vec::new();
        if let Some(peer) = &opponents.peer {
            let yaml = read(&opponents.peer_config, &ours_yaml)?;
            contenders.push(Contender { name: "peer", binary: peer.clone(), yaml });
        }
        contenders.insert(0, Contender { name: "ours", binary: opponents.binary.clone(), yaml: ours_yaml });
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
        "`{}` does not exist; build it with `cargo run --release -p slimcol -- build --config manifests/otlp.yaml` \
         or name another with --binary",
        binary.display()
    )
    .into())
}
