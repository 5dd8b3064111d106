//! The `journald` receiver: reads systemd's journal with `journalctl`, and takes its entries through operators.
//!
//! ```yaml
//! receivers:
//!   journald:
//!     units: [ssh.service]
//!     storage: file_storage
//! ```

mod config;
mod cursor;
mod entry;
mod journal;

use slimcol_config::from_yaml;
use slimcol_fileconsumer::Cutter;
use slimcol_logreceiver::{Intake, store};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::{config::Config, cursor::Cursor, journal::Journal};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<Journald>();

/// What the input is called among the operators, and in storage.
const INPUT: &str = "journald_input";
/// By what the Go collector names the store.
const KIND: &str = "journald";
/// The longest entry.
const LONGEST: usize = 16 << 20;

/// Reads the journal.
#[derive(Debug)]
struct Journald {
    config: Config,
    cx: Context,
}

impl Component for Journald {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::LOGS,
        stability: Stability::Alpha,
        ..Info::new("journald", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Intake::check(&config.common, INPUT, cx.log())?;
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for Journald {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let kept = match &config.common.storage {
            Some(id) => Some(store(id, KIND, &cx).await?),
            None => None,
        };
        let id = if config.common.id.is_empty() { INPUT } else { &config.common.id };
        let mut cursor = Cursor::load(kept, id).await?;
        let intake = Intake::new(&config.common, INPUT, &to, &cx, stop.clone())?;
        // Lines, as files have them.
        let lines = Cutter::new(&from_yaml("{}")?, LONGEST)?;
        let journal = Journal::new(&config, lines, cx.log().clone());
        let child = journal.start(&cursor).map_err(|why| format!("journalctl command failed: {why}"))?;
        Ok(Running::new(async move {
            intake.beside(journal.follow(child, &mut cursor, &intake, stop)).await;
            cursor.close().await;
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests;
