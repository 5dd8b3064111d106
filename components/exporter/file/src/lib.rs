//! The `file` exporter: OTLP as JSON lines or as length-prefixed protobuf in files.
//!
//! ```yaml
//! exporters:
//!   file:
//!     path: ./data.json
//!     rotation: {max_megabytes: 10, max_backups: 3}
//! ```
//!
//! Each payload is one record: a line, or four bytes of length and the message. A record that the disk refuses is taken
//! back as a whole, so that what follows can be read. Without `rotation` records stay in memory for up to
//! `flush_interval`.

mod config;
mod grouped;
mod output;
mod path;
mod plain;
mod record;
mod rotated;
mod sink;
mod whole;

use std::sync::{Arc, Mutex, PoisonError};

use slimcol_config::Section;
use slimcol_exporter::{Delivery, Push, Queued};
use slimcol_service::{BoxError, Context, Factory, Info, Payload, Refused, Signals, Stability};
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::{MissedTickBehavior, interval},
};

pub use self::config::Config;
use self::sink::Sink;

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::exporter::<Queued<File>>();

/// Payloads of more bytes than this are encoded and written off the threads that serve connections.
const LARGE: usize = 32 << 10;

/// The exporter; all pipelines that name it write to the same files.
#[derive(Debug)]
pub struct File {
    sink: Arc<Sink>,
    flusher: Mutex<Option<JoinHandle<()>>>,
}

impl Push for File {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        stability: Stability::Alpha,
        ..Info::new("file", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };
    /// A file that is rotated or begun anew has one writer.
    const OVERLAPS: bool = false;

    fn delivery(_section: &mut Section<'_>) -> Delivery {
        Delivery::direct()
    }

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { sink: Arc::new(Sink::new(config, cx.log().clone())), flusher: Mutex::default() })
    }

    async fn start(&self) -> Result<(), BoxError> {
        self.sink.open()?;
        if self.sink.is_buffered() {
            let flusher = tokio::spawn(flush(self.sink.clone()));
            *self.flusher.lock().unwrap_or_else(PoisonError::into_inner) = Some(flusher);
        }
        Ok(())
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        if payload.data.byte_len() <= LARGE {
            return self.sink.write(&payload.data);
        }
        let sink = self.sink.clone();
        spawn_blocking(move || sink.write(&payload.data)).await.map_err(Refused::permanent)?
    }

    async fn stop(&self) {
        if let Some(flusher) = self.flusher.lock().unwrap_or_else(PoisonError::into_inner).take() {
            flusher.abort();
        }
        self.sink.close();
    }
}

/// Writes what waits in memory, again and again.
async fn flush(sink: Arc<Sink>) {
    let mut ticks = interval(sink.flush_interval());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        sink.flush();
    }
}

#[cfg(test)]
mod tests;
