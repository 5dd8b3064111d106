//! What statuses add up to, and what is made of it.

use std::time::{Duration, Instant, SystemTime};

use ::http::StatusCode;
use slimcol_service::{
    Instance, Kind, Status,
    Status::{FatalError, Ok, PermanentError, RecoverableError, Starting, Stopped, Stopping},
    StatusEvent,
};

use super::*;
use crate::{
    aggregate::{Aggregate, Priority, collector},
    config::ComponentHealth,
    verdict::{Reported, legacy_code},
};

/// An event some seconds after `start`, which says so.
fn event(start: (SystemTime, Instant), second: u64, status: Status) -> StatusEvent {
    let error = status.is_error().then(|| format!("since {second}").into());
    let after = Duration::from_secs(second);
    StatusEvent { status, error, at: start.0 + after, clock: start.1 + after }
}

/// A pipeline of components with these statuses, each a second after the one before.
fn pipeline(statuses: &[Status], priority: Priority) -> (Status, Option<String>, u64) {
    let start = (SystemTime::UNIX_EPOCH, Instant::now());
    let components = statuses.iter().zip(0..).map(|(status, second)| {
        let id = format!("c/{second}").into();
        let instance = Instance { kind: Kind::Exporter, id, pipelines: vec!["traces".to_owned()] };
        (instance, event(start, second, *status))
    });
    let whole = collector(components.collect(), priority);
    let Aggregate { event, parts } = whole.clone().within("traces").unwrap();
    assert_eq!(parts.len(), statuses.len());
    assert_eq!((whole.event.status, whole.event.clock), (event.status, event.clock), "one pipeline is all");
    (event.status, event.error.map(|error| error.to_string()), (event.clock - start.1).as_secs())
}

#[test]
fn the_most_important_is_told() {
    use Priority::{Permanent, Recoverable};
    let cases: [(&[Status], Priority, Status, u64); 15] = [
        (&[Ok, Ok, Ok], Permanent, Ok, 2),
        (&[Stopped, Stopped], Permanent, Stopped, 1),
        (&[Starting, Ok], Permanent, Starting, 1),
        (&[Ok, Starting, RecoverableError], Permanent, Starting, 2),
        (&[Ok, Stopping, Ok], Permanent, Stopping, 2),
        (&[Stopped, Ok], Permanent, Stopping, 1),
        (&[Stopped, Stopping, PermanentError], Permanent, Stopping, 2),
        (&[Ok, RecoverableError, Ok, RecoverableError], Permanent, RecoverableError, 1),
        (&[RecoverableError, RecoverableError], Permanent, RecoverableError, 0),
        (&[RecoverableError, PermanentError], Permanent, PermanentError, 1),
        (&[RecoverableError, PermanentError], Recoverable, RecoverableError, 0),
        (&[Ok, PermanentError], Recoverable, PermanentError, 1),
        (&[Starting, FatalError, Stopped], Permanent, FatalError, 1),
        (&[PermanentError, FatalError], Recoverable, FatalError, 1),
        (&[Starting, Stopping], Permanent, Starting, 1),
    ];
    for (statuses, priority, status, second) in cases {
        let error = status.is_error().then(|| format!("since {second}"));
        assert_eq!(pipeline(statuses, priority), (status, error, second), "{statuses:?} {priority:?}");
    }
}

#[test]
fn components_are_part_of_their_pipelines_and_extensions_of_none() {
    let start = (SystemTime::now(), Instant::now());
    let instance = |kind, id: &str, pipelines: &[&str]| Instance {
        kind,
        id: id.into(),
        pipelines: pipelines.iter().map(|&name| name.to_owned()).collect(),
    };
    let all = vec![
        (instance(Kind::Extension, "health/x", &[]), event(start, 0, Ok)),
        (instance(Kind::Receiver, "otlp", &["logs", "logs/b"]), event(start, 1, RecoverableError)),
        (instance(Kind::Receiver, "otlp", &["traces"]), event(start, 2, Ok)),
        (instance(Kind::Connector, "c", &["traces", "logs"]), event(start, 3, Ok)),
    ];
    let whole = collector(all, Priority::Permanent);
    let parts = |scope| {
        let found: Aggregate = whole.clone().within(scope).unwrap();
        found.parts.into_iter().map(|(name, part)| (name, part.event.status)).collect::<Vec<_>>()
    };
    let named = |all: &[(&str, Status)]| all.iter().map(|(n, s)| ((*n).to_owned(), *s)).collect::<Vec<_>>();
    let pipelines = [
        ("extensions", Ok),
        ("pipeline:logs", RecoverableError),
        ("pipeline:logs/b", RecoverableError),
        ("pipeline:traces", Ok),
    ];
    assert_eq!(parts(""), named(&pipelines));
    assert_eq!(parts("extensions"), named(&[("extension:health/x", Ok)]));
    assert_eq!(parts("logs"), named(&[("connector:c", Ok), ("receiver:otlp", RecoverableError)]));
    assert_eq!(parts("traces"), named(&[("connector:c", Ok), ("receiver:otlp", Ok)]));
    assert!(whole.clone().within("pipeline:logs").is_none() && whole.within("metrics").is_none());
    assert_eq!(collector(Vec::new(), Priority::Permanent).event.status, Status::None);
}

#[test]
fn verdicts() {
    let start = (SystemTime::now(), Instant::now());
    let health = |include_permanent, include_recoverable| {
        let recovery = slimcol_config::Duration::secs(10);
        Verdict(Some(ComponentHealth { include_permanent, include_recoverable, recovery }))
    };
    let (yes, no) = (Reported::Serving, Reported::NotServing);
    let soon = start.1 + Duration::from_millis(9999);
    let late = start.1 + Duration::from_secs(10);
    for (verdict, status, now, code, serving) in [
        (Verdict(None), Status::None, soon, 503, no),
        (Verdict(None), Starting, soon, 503, no),
        (Verdict(None), Ok, soon, 200, yes),
        (Verdict(None), RecoverableError, late, 200, yes),
        (Verdict(None), PermanentError, late, 200, yes),
        (Verdict(None), FatalError, soon, 500, no),
        (Verdict(None), Stopping, soon, 503, no),
        (Verdict(None), Stopped, soon, 503, no),
        (health(false, false), FatalError, soon, 500, no),
        (health(false, false), Stopping, soon, 503, no),
        (health(true, false), RecoverableError, late, 200, yes),
        (health(true, false), PermanentError, soon, 500, no),
        (health(false, true), RecoverableError, soon, 200, yes),
        (health(false, true), RecoverableError, late, 500, no),
        (health(false, true), PermanentError, late, 200, yes),
    ] {
        let event = event(start, 0, status);
        let found = (verdict.code(&event, now).as_u16(), verdict.serving(&event, now));
        assert_eq!(found, (code, serving), "{verdict:?} {status:?}");
        // What will change by itself is a recoverable error that counts and has not lasted long enough.
        let counts = verdict.0.is_some_and(|health| health.include_recoverable);
        let turns = status == RecoverableError && counts && now == soon;
        assert_eq!(verdict.until(&event, now), turns.then_some(late), "{verdict:?} {status:?}");
    }
    assert_eq!(legacy_code(FatalError), StatusCode::SERVICE_UNAVAILABLE);
    for (permanent, recoverable, priority) in [
        (false, false, Priority::Permanent),
        (true, true, Priority::Permanent),
        (true, false, Priority::Permanent),
        (false, true, Priority::Recoverable),
    ] {
        assert_eq!(health(permanent, recoverable).priority(), priority);
    }
}
