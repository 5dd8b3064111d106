//! Any bytes on a connection, HTTP/1.1 or HTTP/2, in any pieces: the receiver does not panic, lets go of a sender that has
//! gone, leaves nothing running, and what it hands on is what it says.
#![no_main]

use std::{cell::RefCell, future::ready, path::Path, sync::Arc, sync::atomic::AtomicU8};
use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use libfuzzer_sys::fuzz_target;
use slimcol_pdata::{Data, Signal};
use slimcol_receiver_otlp::FACTORY;
use slimcol_service::{Code, Context, Log, Next, Outputs, Payload, Refused, Retry, Stop, StopHandle};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    runtime::{Builder, Handle, Runtime},
    signal::unix::{SignalKind, signal},
    task::yield_now,
    time::timeout,
};

/// Nothing that is asked for here takes time.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an HTTP/2 client begins with: the preface and empty settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Settings of which every one makes the server do something, and limits that a small input can pass.
const YAML: &str = "
protocols:
  http:
    transport: unix
    endpoint: FOLDER/http
    include_metadata: true
    max_request_body_size: 1000
    response_headers: {x-of: theirs}
    cors: {allowed_origins: ['http://*.example'], allowed_headers: [x-own], max_age: 7}
  grpc:
    transport: unix
    endpoint: FOLDER/grpc
    include_metadata: true
    max_recv_msg_size_mib: 1
    max_concurrent_streams: 5
";

/// The first byte of an input.
#[derive(Clone, Copy)]
struct Mode(u8);

impl Mode {
    fn grpc(self) -> bool {
        self.0 & 1 > 0
    }

    /// Most inputs would otherwise not come past the first bytes.
    fn preface(self) -> bool {
        self.grpc() && self.0 & 2 == 0
    }

    fn sink(self) -> u8 {
        self.0 >> 2 & 3
    }

    /// How long the next piece is, by a number that is any.
    fn piece(self, any: u32) -> usize {
        match self.0 >> 4 & 3 {
            0 => usize::MAX,
            1 => 1,
            2 => 1 + any as usize % 8,
            _ => 1 + any as usize % 300,
        }
    }

    /// Whether the sender hangs up without reading what comes last.
    fn rude(self) -> bool {
        self.0 >> 6 & 1 > 0
    }
}

/// A receiver that runs as long as the process.
struct Rig {
    runtime: Runtime,
    folder: tempfile::TempDir,
    /// What the pipeline does with data: [`Mode::sink`].
    sink: Arc<AtomicU8>,
    /// How many tasks there are when nobody is connected.
    tasks: usize,
    _running: StopHandle,
}

impl Rig {
    fn start() -> Self {
        let memory = if Path::new("/dev/shm").exists() { "/dev/shm" } else { "/tmp" };
        let folder = tempfile::tempdir_in(memory).unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let sink = Arc::<AtomicU8>::default();
        let (handle, stop) = Stop::new();
        let yaml = YAML.replace("FOLDER", folder.path().to_str().unwrap());
        let pipeline = pipeline(&sink);
        let to = Signal::ALL.into_iter().fold(Outputs::default(), |to, signal| to.with(signal, pipeline.clone()));
        let tasks = runtime.block_on(async {
            // libFuzzer's `main` leaves it deadly to write to who has gone, as Rust's does not.
            drop(signal(SignalKind::pipe()).unwrap());
            let cx = Context::standalone("otlp", to.signals(), Log::capture().0);
            let running = FACTORY.source_alone(&yaml, &cx).unwrap().start(to, stop).await.unwrap();
            tokio::spawn(async move { running.ended().await.unwrap() });
            Handle::current().metrics().num_alive_tasks()
        });
        Self { runtime, folder, sink, tasks, _running: handle }
    }

    fn run(&self, mode: Mode, seed: u8, bytes: &[u8]) {
        self.sink.store(mode.sink(), Relaxed);
        self.runtime.block_on(async {
            let name = if mode.grpc() { "grpc" } else { "http" };
            let answer = self.converse(name, mode, seed, bytes).await;
            if mode.grpc() {
                assert!(answer.get(3).is_none_or(|kind| *kind == 4), "no settings: {answer:?}");
            } else {
                assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{answer:?}");
            }
            let all_ended = async {
                while Handle::current().metrics().num_alive_tasks() > self.tasks {
                    yield_now().await;
                }
            };
            timeout(PATIENCE, all_ended).await.expect("nothing goes on for a sender that has gone");
        });
    }

    /// All that was answered.
    async fn converse(&self, name: &str, mode: Mode, seed: u8, bytes: &[u8]) -> Vec<u8> {
        let mut stream = UnixStream::connect(self.folder.path().join(name)).await.unwrap();
        let mut answer = Vec::new();
        if mode.preface() {
            // Whoever is not wanted any more finds that out by an error, here and below.
            let _ = stream.write_all(PREFACE).await;
        }
        let (mut left, mut any) = (bytes, u32::from(seed) | 1);
        while !left.is_empty() {
            any = any.wrapping_mul(0x915f_77f5).rotate_left(7);
            let (piece, rest) = left.split_at(left.len().min(mode.piece(any)));
            left = rest;
            if stream.write_all(piece).await.is_err() {
                break;
            }
            // The receiver gets to read it alone, and to answer.
            for _ in 0..4 {
                yield_now().await;
            }
            let _ = stream.try_read_buf(&mut answer);
        }
        if !mode.rude() {
            let _ = stream.shutdown().await;
            // Being cut off is an end too.
            let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the connection ends");
        }
        answer
    }
}

/// Takes data, sometimes late, or refuses it; checks it first.
fn pipeline(sink: &Arc<AtomicU8>) -> Next {
    let sink = sink.clone();
    Next::from_fn(move |Payload { data, .. }: Payload| {
        let again = Data::from_bytes(data.signal(), data.bytes()).expect("what was taken is valid");
        assert_eq!(again.items(), data.items());
        assert!(!data.is_empty(), "nothing came through");
        let does = sink.load(Relaxed);
        async move {
            match does {
                0 => Ok(()),
                1 => {
                    for _ in 0..3 {
                        yield_now().await;
                    }
                    Ok(())
                }
                2 => Err(Refused::permanent("n\u{f6}\n").with_code(Code::PermissionDenied)),
                _ => ready(Err(Refused::retryable("later").with_retry(Retry::After(PATIENCE)))).await,
            }
        }
    })
}

thread_local! {
    static RIG: RefCell<Option<Rig>> = const { RefCell::new(None) };
}

fuzz_target!(|input: &[u8]| {
    let [mode, seed, bytes @ ..] = input else { return };
    RIG.with_borrow_mut(|rig| rig.get_or_insert_with(Rig::start).run(Mode(*mode), *seed, bytes));
});
