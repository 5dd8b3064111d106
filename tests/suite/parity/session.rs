//! The second opinion on collectors that run: the same requests have the same answers, the same lines in files and the same
//! metrics as in Go. A file of cases is one collector's life.

mod backend;
mod case;
mod client;
mod page;
mod record;

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
};

use self::{
    backend::Backend,
    case::{Ask, Case, Outcome, Session},
};
use crate::kit::{collector::Collector, distros};

/// Folders without cases must not pass.
const LEAST: usize = 80;

#[test]
fn what_senders_see_is_what_go_shows_them() {
    let sessions = case::all();
    let cases: usize = sessions.iter().map(|session| session.cases.len()).sum();
    let go = std::env::var_os("OTELCOL_GO");
    let bless = std::env::var_os("SLIMCOL_BLESS").is_some();
    let mut wrong = Vec::new();
    for session in &sessions {
        let outcomes = run(session, &distros::core().binary);
        if bless {
            record::ours(session, &outcomes);
        }
        wrong.extend(compare("", session, &outcomes, |case| Some(&case.ours)));
        if let Some(go) = &go {
            let outcomes = run(session, Path::new(go));
            if bless {
                record::gos(session, &outcomes);
            }
            wrong.extend(compare("Go, ", session, &outcomes, |case| case.gos.as_ref()));
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} cases:\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(cases >= LEAST, "only {cases} cases");
}

/// What is wrong with the outcomes, where something is expected.
fn compare<'s>(
    who: &str,
    session: &'s Session,
    outcomes: &[Outcome],
    expected: impl Fn(&'s Case) -> Option<&'s Outcome>,
) -> Vec<String> {
    let pairs = session.cases.iter().zip(outcomes);
    let wrong = pairs.filter_map(|(case, outcome)| {
        let expected = expected(case)?;
        let name = format!("{who}{}: {}", session.name, case.title);
        (expected != outcome).then(|| format!("{name}\n{}is not\n{}", show(expected), show(outcome)))
    });
    wrong.collect()
}

/// An outcome as it is written in a file of cases.
fn show(outcome: &Outcome) -> String {
    outcome.iter().fold(String::new(), |text, (key, value)| format!("{text}{key}: {value}\n"))
}

/// Starts a collector, asks it everything in order, stops it.
fn run(session: &Session, binary: &Path) -> Vec<Outcome> {
    let backend = Backend::start();
    let [nobody, metrics] = [free_port(), free_port()];
    let places = [
        ("{http-backend}", backend.http.to_string()),
        ("{grpc-backend}", backend.grpc.to_string()),
        ("{nobody}", format!("127.0.0.1:{nobody}")),
        ("{metrics-port}", metrics.to_string()),
    ];
    let config = places.iter().fold(session.config.clone(), |text, (name, place)| text.replace(name, place));
    let collector = Collector::start(binary, &config);
    let mut outcomes: Vec<Outcome> = Vec::new();
    for case in &session.cases {
        if let Some(line) = &case.waits {
            collector.line(line);
        }
        outcomes.push(match &case.ask {
            Ask::Http(request) => {
                backend.answer(&case.backend);
                client::http(request, collector.http())
            }
            Ask::Grpc(request) => {
                backend.answer(&case.backend);
                client::grpc(request, collector.grpc())
            }
            Ask::Metric => Outcome::new(),
        });
        if session.file.is_some() {
            client::mark(collector.http());
        }
    }
    if let Some(until) = &session.until {
        let page = page::read(SocketAddr::from((Ipv4Addr::LOCALHOST, metrics)), until);
        let metrics = |case: &Case| matches!(case.ask, Ask::Metric);
        for (case, outcome) in session.cases.iter().zip(&mut outcomes).filter(|(case, _)| metrics(case)) {
            *outcome = page::family(&page, &case.title);
        }
        let listed = |name: &str| session.cases.iter().any(|case| metrics(case) && case.title == name);
        let unlisted: Vec<_> = page::families(&page).into_iter().filter(|name| !listed(name)).collect();
        assert!(unlisted.is_empty(), "{}: no case for {unlisted:?} of {}", session.name, binary.display());
    }
    if let Some(file) = &session.file {
        let stopped = collector.stop();
        assert_eq!(stopped.code, Some(0), "{}: {:#?}", session.name, stopped.log);
        let text = fs::read_to_string(stopped.file(file)).unwrap();
        let each = client::between_marks(&text);
        assert_eq!(each.len(), outcomes.len(), "{}: {text}", session.name);
        for (outcome, lines) in outcomes.iter_mut().zip(each) {
            // What the answer to data that was taken looks like is for other sessions to say.
            if outcome[0].1 == "200" {
                outcome.truncate(1);
            }
            outcome.extend(lines.into_iter().map(|line| ("line".to_owned(), line.to_owned())));
        }
    }
    for (_, value) in outcomes.iter_mut().flatten() {
        *value = places.iter().fold(value.clone(), |text, (name, place)| text.replace(place, name));
    }
    outcomes
}

/// A port that is free, as far as can be told: nothing else here asks for a certain one.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
