//! Jaeger's agent: a packet is a call of `emitBatch`, and is not answered.

use std::sync::Arc;

use bytes::Bytes;
use slimcol_net::udp;
use slimcol_service::{BoxError, Client, Context, Held, Log, Memory, Stop};
use slimcol_thrift::Protocol;
use tokio::{
    net::UdpSocket,
    sync::{Mutex, Semaphore, mpsc},
    task::JoinSet,
};

use crate::{config::UdpConfig, intake::Intake};

/// No packet is longer.
const LONGEST: usize = 64 << 10;

/// A socket on which an agent's clients are heard.
#[derive(Debug)]
pub(crate) struct Agent {
    socket: UdpSocket,
    endpoint: String,
    protocol: Protocol,
    intake: Intake,
    queue_size: usize,
    max_packet_size: usize,
    workers: usize,
}

impl Agent {
    /// Listens as `config` says.
    pub(crate) async fn bind(
        config: &UdpConfig,
        protocol: Protocol,
        intake: Intake,
    ) -> Result<Self, BoxError> {
        let socket = udp::open(&config.endpoint).await?;
        if let Ok(size @ 1..) = usize::try_from(config.socket_buffer_size) {
            udp::set_receive_buffer(&socket, size)?;
        }
        Ok(Self {
            endpoint: socket.local_addr()?.to_string(),
            socket,
            protocol,
            intake,
            // A channel holds one at least, where Go hands over without a queue, and no more than that.
            queue_size: usize::try_from(config.queue_size)
                .unwrap_or_default()
                .clamp(1, Semaphore::MAX_PERMITS),
            max_packet_size: usize::try_from(config.max_packet_size).unwrap_or_default().min(LONGEST),
            workers: usize::try_from(config.workers).unwrap_or_default(),
        })
    }

    /// The address that is listened on.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Takes packets until told to stop, then what is in the queue. What finds the queue full is lost, as in Go.
    ///
    /// # Errors
    /// What a worker failed with, which is a panic.
    pub(crate) async fn serve(self, cx: Context, mut stop: Stop) -> Result<(), BoxError> {
        let (queue, packets) = mpsc::channel(self.queue_size);
        let packets = Arc::new(Mutex::new(packets));
        let mut workers = JoinSet::new();
        for _ in 0..self.workers {
            let worker = Worker {
                packets: packets.clone(),
                protocol: self.protocol,
                intake: self.intake.clone(),
                memory: cx.memory().clone(),
                log: cx.log().clone(),
            };
            workers.spawn(worker.work());
        }
        let reading = read(&self.socket, self.max_packet_size, queue);
        tokio::select! {
            () = reading => {}
            () = stop.wait() => {}
            Some(Err(panic)) = workers.join_next() => return Err(panic.into()),
        }
        while let Some(ended) = workers.join_next().await {
            ended?;
        }
        Ok(())
    }
}

/// Puts packets into the queue.
async fn read(socket: &UdpSocket, max: usize, queue: mpsc::Sender<Bytes>) {
    let mut buffer = vec![0; max];
    loop {
        // An error of the socket is about a packet that was sent, and none are.
        let Ok(length) = socket.recv(&mut buffer).await else { continue };
        if let Ok(place) = queue.try_reserve() {
            place.send(Bytes::copy_from_slice(&buffer[..length]));
        }
    }
}

/// What is done with packets.
struct Worker {
    packets: Arc<Mutex<mpsc::Receiver<Bytes>>>,
    protocol: Protocol,
    intake: Intake,
    memory: Arc<Memory>,
    log: Log,
}

impl Worker {
    async fn work(self) {
        loop {
            let next = self.packets.lock().await.recv().await;
            let Some(packet) = next else { return };
            if let Err(error) = self.take(&packet).await {
                self.log.error("Processor failed", &[("error", error.into())]);
            }
        }
    }

    async fn take(&self, packet: &[u8]) -> Result<(), String> {
        let mut held = Held::new(&self.memory);
        if !held.add(packet.len()) {
            return Err(slimcol_service::MEMORY_IS_SHORT.to_owned());
        }
        let traces = slimcol_jaeger::from_agent(self.protocol, packet).map_err(|error| error.to_string())?;
        self.intake.take(traces, Client::default()).await.map_err(|refused| refused.to_string())
    }
}
