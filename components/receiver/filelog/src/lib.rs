//! The `file_log` receiver: reads lines from files, as they are written and across rotation, and takes them through operators.
//!
//! ```yaml
//! receivers:
//!   file_log:
//!     include: [/var/log/app/*.log]
//!     storage: file_storage
//!     operators:
//!       - type: json_parser
//!         timestamp: {parse_from: attributes.time, layout: '%Y-%m-%dT%H:%M:%SZ'}
//! ```
//!
//! With `storage` a restart goes on where the last run stopped: how far a file was read is kept once the pipeline has taken
//! what was read, so that a line can come twice after a crash, and none is left out.

mod config;
mod header;
mod sink;

use slimcol_fileconsumer::{Consumer, Offsets};
use slimcol_logreceiver::{Intake, store};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::{config::Config, header::Header, sink::Sink};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<FileLog>();

/// What the input is called among the operators, and in storage.
const INPUT: &str = "file_input";
/// By what the Go collector names the store.
const KIND: &str = "filelog";

/// Reads logs from files.
#[derive(Debug)]
struct FileLog {
    config: Config,
    cx: Context,
}

impl Component for FileLog {
    type Config = Config;
    const INFO: Info = Info {
        aliases: &["filelog"],
        signals: Signals::LOGS,
        stability: Stability::Beta,
        ..Info::new("file_log", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Intake::check(&config.common, INPUT, cx.log())?;
        Header::new(&config, cx.log())?;
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for FileLog {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let offsets = match &config.common.storage {
            Some(id) => Some(store(id, KIND, &cx).await?),
            None => None,
        };
        let id = if config.common.id.is_empty() { INPUT } else { &config.common.id };
        let kept = offsets.clone().map(|store| Offsets::new(store, id));
        let consumer = Consumer::new(&config.file, kept, cx.log().clone()).await?;
        consumer.show(&cx.meter());
        let intake = Intake::new(&config.common, INPUT, &to, &cx, stop.clone())?;
        let sink = Sink::new(intake, Header::new(&config, cx.log())?, &config.file);
        Ok(Running::new(async move {
            let outcome = follow(consumer, sink, stop).await;
            if let Some(store) = offsets {
                store.close().await;
            }
            outcome
        }))
    }
}

/// Reads until told to stop.
async fn follow(consumer: Consumer, sink: Sink, stop: Stop) -> Result<(), BoxError> {
    let closing = consumer.closing();
    let work = async move {
        let reading = async {
            // What the pipeline is about to take when the receiver stops it may take; what it keeps refusing stays unread.
            tokio::select! {
                () = Box::pin(consumer.follow(&sink)) => {}
                () = sink.abandoned() => {}
            }
        };
        sink.beside(reading).await;
    };
    closing.bound(work, stop).await
}

#[cfg(test)]
mod tests;
