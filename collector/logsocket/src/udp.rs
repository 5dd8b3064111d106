//! Packets.

use std::{collections::HashMap, io, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use slimcol_config::{Problems, Section, Settings};
use slimcol_fileconsumer::{Cutter, NOWHERE, TextConfig};
use slimcol_logreceiver::Intake;
use slimcol_net::udp;
use slimcol_service::{BoxError, Context, Log, Stop, go_error};
use slimcol_stanza::Entry;
use tokio::{
    net::UdpSocket,
    sync::{Mutex, Semaphore, mpsc},
    task::JoinSet,
};

use crate::{
    entries::{About, about, add},
    tcp::address,
};

/// The longest packet.
const LONGEST: usize = 64 << 10;
/// So many packets at most are handed on at once.
const MOST: usize = 100;
/// So many tasks of a kind at most.
const WORKERS: usize = 10_000;
/// Of so many senders it is known who they are, when entries are to tell it.
const SENDERS: usize = 1000;

/// The keys of Go's `udp_input`.
#[derive(Clone, Debug)]
pub struct UdpConfig {
    /// Host and port.
    pub listen_address: String,
    /// Whether entries tell both ends.
    pub add_attributes: bool,
    /// Whether packets are never cut, nor white space around them.
    pub one_log_per_packet: bool,
    /// How packets are cut, if they are.
    pub text: TextConfig,
    /// Without it one task reads and hands on.
    pub workers: Option<Workers>,
}

/// `async`: tasks that read and others that hand on.
#[derive(Clone, Copy, Debug)]
pub struct Workers {
    /// How many read.
    pub readers: usize,
    /// How many hand on.
    pub processors: usize,
    /// How many packets wait in between.
    pub max_queue_length: usize,
}

/// A socket that is listened on.
#[derive(Debug)]
pub struct UdpInput {
    socket: UdpSocket,
    workers: Option<Workers>,
    packets: Packets,
}

/// What becomes of packets.
#[derive(Debug)]
struct Packets {
    cutter: Cutter,
    add_attributes: bool,
    local: SocketAddr,
    log: Log,
}

type Packet = (Bytes, SocketAddr);

impl Settings for UdpConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            listen_address: from.get("listen_address", String::new()),
            add_attributes: from.get("add_attributes", false),
            one_log_per_packet: from.get("one_log_per_packet", false),
            text: TextConfig::read_with(from, NOWHERE),
            workers: from.when_written("async"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if let Err(why) = address(&self.listen_address) {
            problems.add("listen_address", why);
        } else if let Err(why) = self.cutter() {
            problems.add(self.text.blamed(), why);
        }
        if let Some(Workers { readers, processors, .. }) = self.workers {
            for (key, count) in [("readers", readers), ("processors", processors)] {
                if count > WORKERS {
                    problems.add(
                        &format!("async.{key}"),
                        format_args!("'async.{key}' must be at most {WORKERS}"),
                    );
                }
            }
        }
    }
}

impl Settings for Workers {
    fn read(from: &mut Section<'_>) -> Self {
        let mut count = |key, usual| {
            let count: i64 = from.get(key, 0);
            usize::try_from(count).ok().filter(|count| *count > 0).unwrap_or(usual)
        };
        Self {
            readers: count("readers", 1),
            processors: count("processors", 1),
            // A channel holds no more.
            max_queue_length: count("max_queue_length", 100).min(Semaphore::MAX_PERMITS),
        }
    }
}

impl UdpConfig {
    fn cutter(&self) -> Result<Cutter, String> {
        let cutter = Cutter::new(&self.text, LONGEST)?;
        Ok(if self.one_log_per_packet { cutter.whole() } else { cutter })
    }
}

impl UdpInput {
    /// Listens.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn bind(config: &UdpConfig, cx: &Context) -> Result<Self, BoxError> {
        let cutter = config.cutter()?;
        let socket = udp::open(&config.listen_address)
            .await
            .map_err(|why| format!("failed to open connection: {why}"))?;
        let (local, log) = (socket.local_addr()?, cx.log().clone());
        log.info("Starting stanza receiver", &[("endpoint", local.to_string().into())]);
        let packets = Packets { cutter, add_attributes: config.add_attributes, local, log };
        Ok(Self { socket, workers: config.workers, packets })
    }

    /// Takes entries from packets until told to stop.
    ///
    /// # Errors
    /// A part of the work panicked.
    pub async fn run(self, intake: Intake, stop: Stop) -> Result<(), BoxError> {
        let Self { socket, workers, packets } = self;
        let intake = Arc::new(intake);
        let work = async {
            match workers {
                None => {
                    packets.read_and_process(&socket, &intake, stop).await;
                    Ok(())
                }
                Some(workers) => workers.run(socket, packets, intake.clone(), stop).await,
            }
        };
        intake.beside(work).await
    }
}

impl Workers {
    async fn run(
        self,
        socket: UdpSocket,
        packets: Packets,
        intake: Arc<Intake>,
        stop: Stop,
    ) -> Result<(), BoxError> {
        let (queue, waiting) = mpsc::channel(self.max_queue_length);
        let (socket, packets) = (Arc::new(socket), Arc::new(packets));
        let waiting = Arc::new(Mutex::new(waiting));
        let mut tasks = JoinSet::new();
        for _ in 0..self.readers {
            let (socket, packets, queue, stop) =
                (socket.clone(), packets.clone(), queue.clone(), stop.clone());
            tasks.spawn(async move { packets.read(&socket, &queue, stop).await });
        }
        drop(queue);
        for _ in 0..self.processors {
            let (packets, waiting, intake) = (packets.clone(), waiting.clone(), intake.clone());
            tasks.spawn(async move { packets.process(&waiting, &intake).await });
        }
        while let Some(ended) = tasks.join_next().await {
            ended?;
        }
        Ok(())
    }
}

impl Packets {
    async fn read_and_process(&self, socket: &UdpSocket, intake: &Intake, mut stop: Stop) {
        let mut buffer = vec![0; LONGEST];
        let mut senders = HashMap::new();
        loop {
            let first = tokio::select! {
                () = stop.wait() => return,
                first = socket.recv_from(&mut buffer) => first,
            };
            let mut entries = Vec::new();
            let mut next = Some(first);
            for _ in 0..MOST {
                match next {
                    Some(Ok((length, peer))) => {
                        self.add(&mut entries, &buffer[..length], peer, &mut senders, intake);
                    }
                    Some(Err(error)) => self.complain(&error),
                    None => break,
                }
                let read = socket.try_recv_from(&mut buffer);
                next = Some(read)
                    .filter(|read| !matches!(read, Err(error) if error.kind() == io::ErrorKind::WouldBlock));
            }
            // One was read to end the round: it is the first of the next.
            if let Some(Ok((length, peer))) = next {
                self.add(&mut entries, &buffer[..length], peer, &mut senders, intake);
            }
            hand_on(entries, intake).await;
        }
    }

    async fn read(&self, socket: &UdpSocket, queue: &mpsc::Sender<Packet>, mut stop: Stop) {
        let mut buffer = vec![0; LONGEST];
        loop {
            let read = tokio::select! {
                () = stop.wait() => return,
                read = socket.recv_from(&mut buffer) => read,
            };
            match read {
                Ok((length, peer)) => {
                    let packet = Bytes::copy_from_slice(trimmed(&buffer[..length]));
                    if queue.send((packet, peer)).await.is_err() {
                        return;
                    }
                }
                Err(error) => self.complain(&error),
            }
        }
    }

    async fn process(&self, waiting: &Mutex<mpsc::Receiver<Packet>>, intake: &Intake) {
        let mut senders = HashMap::new();
        let mut packets = Vec::with_capacity(MOST);
        while waiting.lock().await.recv_many(&mut packets, MOST).await > 0 {
            let mut entries = Vec::with_capacity(packets.len());
            for (packet, peer) in packets.drain(..) {
                self.add(&mut entries, &packet, peer, &mut senders, intake);
            }
            hand_on(entries, intake).await;
        }
    }

    fn add(
        &self,
        to: &mut Vec<Entry>,
        packet: &[u8],
        peer: SocketAddr,
        senders: &mut HashMap<SocketAddr, About>,
        intake: &Intake,
    ) {
        let nothing = Vec::new();
        let about = if self.add_attributes {
            if senders.len() >= SENDERS {
                senders.clear();
            }
            senders.entry(peer).or_insert_with(|| about("IP.UDP", peer, self.local))
        } else {
            &nothing
        };
        if let Ok(tokens) = self.cutter.packet(trimmed(packet)) {
            add(to, &tokens, self.cutter.is_bytes(), about, intake, &self.log);
        }
    }

    fn complain(&self, error: &io::Error) {
        self.log.error("Failed reading messages", &[("error", go_error(error).into())]);
    }
}

/// The packet without what ends it: line breaks, zeros and others that cannot be seen.
fn trimmed(packet: &[u8]) -> &[u8] {
    let end = packet.iter().rposition(|byte| *byte >= 32).map_or(0, |at| at + 1);
    &packet[..end]
}

async fn hand_on(entries: Vec<Entry>, intake: &Intake) {
    if !entries.is_empty() {
        // What is given up is logged, and the sender cannot be asked for it again.
        let _ = intake.take(entries).await;
    }
}
