//! A collector is told to stop under load: what it acknowledged has come, what it refused goes to another one.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use slimcol_testing::numbered;

use crate::kit::{
    collector::Collector,
    distros,
    frames::{DATA, END_HEADERS, END_STREAM, Frames, HEADERS, call_header, frame},
    grpc::{self, LOGS},
    numbers::{Front, PER_REQUEST, Sink, send},
};

const PATIENCE: Duration = Duration::from_secs(30);

/// What a collector needs anyway, and what waits for the sink.
const MIB: u64 = 40;

/// What became of the requests.
#[derive(Debug, Default)]
struct Outcome {
    next: AtomicU64,
    acknowledged: Mutex<Vec<u64>>,
    /// Requests that went to the other collector after a refusal, and after a connection that ended without an answer.
    refused: AtomicU64,
    unanswered: AtomicU64,
    stop: AtomicBool,
}

impl Outcome {
    fn numbers(&self) -> std::ops::Range<u64> {
        let first = self.next.fetch_add(PER_REQUEST, Relaxed);
        first..first + PER_REQUEST
    }
}

#[test]
fn a_stop_under_load_loses_nothing() {
    let sink = Sink::start();
    let [first, second] = [(); 2].map(|()| start(&sink));
    let outcome = Arc::new(Outcome::default());
    let (http, grpc) = ([first.http(), second.http()], [first.grpc(), second.grpc()]);
    let mut threads: Vec<_> = (0..2)
        .map(|_| {
            let outcome = outcome.clone();
            thread::spawn(move || over_http(http, &outcome))
        })
        .collect();
    let shared = outcome.clone();
    threads.push(thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(over_grpc(grpc, &shared));
    }));
    let acknowledged = |outcome: &Outcome| outcome.acknowledged.lock().unwrap().len();
    while acknowledged(&outcome) < 5000 {
        thread::sleep(Duration::from_millis(1));
    }
    let peak = first.peak_mib();
    let stopped = first.stop();
    let before = acknowledged(&outcome);
    while acknowledged(&outcome) < before + 1000 {
        thread::sleep(Duration::from_millis(1));
    }
    outcome.stop.store(true, Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
    stopped.expect_clean();
    let acknowledged = outcome.acknowledged.lock().unwrap().clone();
    assert_eq!(acknowledged.len() as u64, outcome.next.load(Relaxed), "not every request found a taker");
    let lost = sink.missing(&acknowledged, PATIENCE);
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), acknowledged.len());
    let (refused, unanswered) = (outcome.refused.load(Relaxed), outcome.unanswered.load(Relaxed));
    let repeated = sink.repeated();
    eprintln!(
        "{} acknowledged, 0 lost, {refused} requests refused and {unanswered} not answered, {repeated} came twice, {peak} MiB",
        acknowledged.len()
    );
    // What was not answered, as there was no connection any more, was not taken.
    assert_eq!(repeated, 0);
    assert!(peak <= MIB, "{peak} MiB");
    second.stop().expect_clean();
}

/// Sends request after request, each over a connection of its own, to the other collector if the first does not take it.
fn over_http(to: [SocketAddr; 2], outcome: &Outcome) {
    while !outcome.stop.load(Relaxed) {
        let numbers = outcome.numbers();
        match send(to[0], numbers.clone()) {
            Some((200, _)) => {}
            other => {
                let which = if other.is_some() { &outcome.refused } else { &outcome.unanswered };
                which.fetch_add(1, Relaxed);
                let answer = send(to[1], numbers.clone());
                assert!(matches!(answer, Some((200, _))), "{answer:?}");
            }
        }
        outcome.acknowledged.lock().unwrap().extend(numbers);
    }
}

/// The same over connections that eight at a time share.
async fn over_grpc(to: [SocketAddr; 2], outcome: &Arc<Outcome>) {
    let connections = [grpc::connect(to[0]).await.unwrap(), grpc::connect(to[1]).await.unwrap()];
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (connections, outcome) = (connections.clone(), outcome.clone());
        senders.spawn(async move {
            while !outcome.stop.load(Relaxed) {
                let numbers = outcome.numbers();
                let message = grpc::frame(false, &numbered(numbers.clone()).bytes());
                let call = |which: usize| {
                    grpc::exchange_over(connections[which].clone(), to[which], LOGS, &[], message.clone())
                };
                match call(0).await {
                    Ok(status) if status.code == 0 => {}
                    other => {
                        let which = if other.is_ok() { &outcome.refused } else { &outcome.unanswered };
                        which.fetch_add(1, Relaxed);
                        assert_eq!(call(1).await.unwrap().code, 0);
                    }
                }
                outcome.acknowledged.lock().unwrap().extend(numbers);
            }
        });
    }
    while let Some(sender) = senders.join_next().await {
        sender.unwrap();
    }
}

fn start(sink: &Sink) -> Collector {
    let yaml = format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}, grpc: {{endpoint: 127.0.0.1:0}}}}}}
processors: {{batch: {{timeout: 50ms}}}}
exporters:
  otlp_http: {{endpoint: 'http://{}', compression: none}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp], processors: [batch], exporters: [otlp_http]}}
",
        sink.address()
    );
    Collector::start(&distros::contrib().binary, &yaml)
}

/// Half of each message has come when the order to stop does, the rest follows.
#[test]
fn calls_that_have_begun_may_end() {
    const CALLS: u64 = 30;
    let mut front = Front::start("", "");
    front.serves(1);
    let mut calls: Vec<_> = (0..CALLS)
        .map(|_| {
            let numbers = front.numbers(PER_REQUEST);
            let message = grpc::frame(false, &numbered(numbers.clone()).bytes());
            let mut frames = Frames::connect(front.collector.grpc(), &[]);
            let (half, rest) = message.split_at(message.len() / 2);
            frames.write(&frame(HEADERS, END_HEADERS, 1, &call_header(LOGS))).unwrap();
            frames.write(&frame(DATA, 0, 1, half)).unwrap();
            (frames, rest.to_vec(), numbers)
        })
        .collect();
    // Whatever has been read of them by then.
    front.serves(1);
    front.stops(|front| {
        for (frames, rest, _) in &mut calls {
            frames.write(&frame(DATA, END_STREAM, 1, rest)).unwrap();
        }
        for (mut frames, _, numbers) in calls {
            let answer = std::iter::from_fn(|| frames.read()).map(|(kind, _)| kind);
            let answer: Vec<u8> = answer.filter(|kind| [HEADERS, DATA].contains(kind)).take(3).collect();
            // The head, the message, and the trailers with the status.
            assert_eq!(answer, [HEADERS, DATA, HEADERS]);
            front.acknowledged(numbers);
        }
    });
}
