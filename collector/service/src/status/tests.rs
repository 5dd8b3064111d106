use std::sync::Mutex;

use slimcol_pdata::Signal;

use super::*;

const ALL: [Status; 8] = [
    Status::None,
    Status::Starting,
    Status::Ok,
    Status::RecoverableError,
    Status::PermanentError,
    Status::FatalError,
    Status::Stopping,
    Status::Stopped,
];

fn instance(pipelines: &[&str]) -> Instance {
    Instance {
        kind: Kind::Exporter,
        id: "otlp".into(),
        pipelines: pipelines.iter().map(|&p| p.to_owned()).collect(),
    }
}

/// A board with one component of two signals.
fn board() -> (Arc<Statuses>, StatusReporter) {
    let board = Arc::<Statuses>::default();
    let instances = vec![
        (Some(Signal::Traces), instance(&["traces", "traces/b"])),
        (Some(Signal::Logs), instance(&["logs"])),
    ];
    let reporter = board.enter(instances);
    (board, reporter)
}

fn now(board: &Statuses) -> Vec<(Status, Option<String>)> {
    board.all().into_iter().map(|(_, event)| (event.status, event.error.map(|e| e.to_string()))).collect()
}

#[test]
fn what_can_follow_on_what() {
    use Status::{FatalError, Ok, PermanentError, RecoverableError, Starting, Stopped, Stopping};
    let running: &[Status] = &[Ok, RecoverableError, PermanentError, FatalError, Stopping];
    let table: [(Status, &[Status]); 8] = [
        (Status::None, &[Starting]),
        (Starting, running),
        (Ok, running),
        (RecoverableError, running),
        (PermanentError, &[Stopping]),
        (FatalError, &[]),
        (Stopping, &[RecoverableError, PermanentError, FatalError, Stopped]),
        (Stopped, &[]),
    ];
    for (from, expected) in table {
        let found: Vec<Status> = ALL.into_iter().filter(|to| from.leads_to(*to)).collect();
        assert_eq!(found, expected, "{from:?}");
    }
}

#[test]
fn a_life_is_told_in_order_and_what_cannot_be_is_not_told() {
    let (board, reporter) = board();
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = told.clone();
    let watcher: Arc<Watcher> = Arc::new(move |instance, event| {
        let error = event.error.as_deref().unwrap_or_default();
        note.lock().unwrap().push(format!("{} {}{error}", instance.pipelines[0], event.status.as_str()));
    });
    board.watch(&watcher);
    assert!(board.all().is_empty(), "nothing was said");

    reporter.ok();
    reporter.set(Status::Starting);
    reporter.started::<()>(&Ok(()));
    reporter.of(Signal::Logs).recoverable(&": no route");
    reporter.of(Signal::Metrics).recoverable(&": nobody");
    reporter.ok();
    reporter.ok();
    reporter.of(Signal::Traces).permanent(&": bad");
    reporter.ok();
    reporter.set(Status::Stopping);
    reporter.ok();
    reporter.set(Status::Stopped);
    reporter.fatal(&": late");
    assert_eq!(
        *told.lock().unwrap(),
        [
            "traces StatusStarting",
            "logs StatusStarting",
            "traces StatusOK",
            "logs StatusOK",
            "logs StatusRecoverableError: no route",
            "logs StatusOK",
            "traces StatusPermanentError: bad",
            "traces StatusStopping",
            "logs StatusStopping",
            "traces StatusStopped",
            "logs StatusStopped",
        ]
    );
    assert_eq!(board.all()[0].0, instance(&["traces", "traces/b"]));
    drop(reporter);
    assert_eq!(now(&board), [(Status::Stopped, None), (Status::Stopped, None)], "who is gone is shown");
    let _other = board.enter(Vec::new());
    assert!(board.all().is_empty(), "until somebody else comes");
}

#[test]
fn a_start_that_fails_is_permanent_and_one_that_complained_stays_so() {
    let (board, reporter) = board();
    reporter.set(Status::Starting);
    reporter.of(Signal::Traces).recoverable(&"waits");
    reporter.started::<()>(&Ok(()));
    assert_eq!(now(&board), [(Status::RecoverableError, Some("waits".into())), (Status::Ok, None)]);
    reporter.started::<()>(&Err("no".into()));
    let failed = (Status::PermanentError, Some("no".to_owned()));
    assert_eq!(now(&board), [failed.clone(), failed]);
}

#[test]
fn an_error_that_is_repeated_began_with_the_first() {
    let (board, reporter) = board();
    reporter.set(Status::Starting);
    reporter.recoverable(&"one");
    let first = board.all()[0].1.clone();
    std::thread::sleep(std::time::Duration::from_millis(2));
    reporter.recoverable(&"two");
    let second = board.all()[0].1.clone();
    assert_eq!((second.at, second.clock), (first.at, first.clock));
    assert_eq!(second.error.as_deref(), Some("two"));
    reporter.ok();
    reporter.recoverable(&"three");
    assert!(board.all()[0].1.clock > first.clock);
}

#[test]
fn watchers_that_are_gone_are_forgotten() {
    let (board, reporter) = board();
    let count = Arc::new(Mutex::new(0));
    let counted = count.clone();
    let watcher: Arc<Watcher> = Arc::new(move |_, _| *counted.lock().unwrap() += 1);
    board.watch(&watcher);
    reporter.set(Status::Starting);
    drop(watcher);
    reporter.set(Status::Ok);
    assert_eq!(*count.lock().unwrap(), 2, "one for each instance");
}
