//! `wal`: the exporter's queue in a folder of its own.
//!
//! In Go requests are written to the log, and sent from it once there are `buffer_size` of them or `truncate_frequency` is over. Here the
//! queue itself is there: a payload is in the log before its sender is answered, is sent as soon as it can be, and is forgotten once it was.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::PathBuf, sync::Arc, time::Duration as Time};

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_filestore::{Claim, FileStore, log::Options};
use slimcol_service::{BoxError, BoxFuture, Log, Owner, Storage, Store, go_error};

/// How long another process is waited for that has the folder.
const PATIENCE: Time = Time::from_secs(1);

/// The keys.
#[derive(Clone, Debug)]
pub struct Wal {
    directory: String,
    /// The keys that are written and that change nothing.
    idle: Vec<&'static str>,
}

impl Settings for Wal {
    fn read(from: &mut Section<'_>) -> Self {
        let directory = from.get("directory", String::new());
        from.get("buffer_size", 300_i64);
        from.get("truncate_frequency", Duration::secs(60));
        from.get("lag_record_frequency", Duration::secs(15));
        let keys = ["buffer_size", "truncate_frequency", "lag_record_frequency"];
        Self { directory, idle: keys.into_iter().filter(|key| from.has(key)).collect() }
    }

    fn validate(&self, _: &mut Problems<'_>) {}
}

/// Opens the folder as the store of the queue.
pub(crate) struct Folder {
    wal: Wal,
    log: Log,
}

impl Folder {
    pub(crate) fn new(wal: Wal, log: Log) -> Self {
        Self { wal, log }
    }
}

impl Storage for Folder {
    fn open(&self, _: Owner) -> BoxFuture<'_, Result<Arc<dyn Store>, BoxError>> {
        Box::pin(async {
            let Wal { directory, idle } = &self.wal;
            if !idle.is_empty() {
                let message = "These settings of wal change nothing: what is in it is sent at once, and forgotten once it was.";
                self.log.info(message, &[("keys", idle.join(", ").into())]);
            }
            // Beside the folder that Go's is in, whose format is another.
            let folder = PathBuf::from(directory).join("prom_remotewrite.store");
            let failed = |error: std::io::Error| -> BoxError {
                format!("prometheusremotewriteexporter: failed to open WAL: {}", go_error(&error)).into()
            };
            DirBuilder::new().recursive(true).mode(0o750).create(&folder).map_err(failed)?;
            let claim = Claim::make(&folder, PATIENCE).await?;
            let log = slimcol_filestore::open(&folder, Options::default(), false, &self.log).await?;
            Ok(Arc::new(FileStore::new(log.map_err(failed)?, claim)) as Arc<dyn Store>)
        })
    }
}
