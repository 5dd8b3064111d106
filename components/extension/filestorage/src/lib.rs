//! The `file_storage` extension: keeps what components give it in files, so that it outlives the collector.
//!
//! ```yaml
//! extensions:
//!   file_storage:
//!     directory: /var/lib/otelcol/file_storage
//! exporters:
//!   otlp_grpc:
//!     endpoint: backend:4317
//!     sending_queue:
//!       storage: file_storage
//! service:
//!   extensions: [file_storage]
//! ```
//!
//! Each component, and each signal of an exporter, has a folder of its own with a [`slimcol_filestore::log`] in it.

mod config;
mod name;

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use slimcol_filestore::{
    Claim, FileStore,
    log::{Log, Options},
};
use slimcol_service::{
    BoxError, BoxFuture, Component, Context, Extension, Factory, Field, Info, Offers, Owner, Running,
    Stability, Stop, Storage, Store, go_error,
};

use self::config::Config;

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<FileStorage>();

/// Keeps things in files.
#[derive(Debug)]
struct FileStorage(Arc<Folders>);

/// Opens stores below one directory.
#[derive(Debug)]
struct Folders {
    config: Config,
    cx: Context,
}

impl Component for FileStorage {
    type Config = Config;
    const INFO: Info = Info {
        stability: Stability::Beta,
        ..Info::new("file_storage", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self(Arc::new(Folders { config, cx: cx.clone() })))
    }
}

impl Extension for FileStorage {
    fn offers(&self) -> Offers {
        Offers::default().with_storage(self.0.clone())
    }

    async fn start(self, mut stop: Stop) -> Result<Running, BoxError> {
        let Config { directory, create_directory, .. } = &self.0.config;
        if *create_directory {
            let mode = self.0.config.mode()?;
            DirBuilder::new()
                .recursive(true)
                .mode(mode)
                .create(directory)
                .map_err(|error| format!("mkdir {directory}: {}", go_error(&error)))?;
        }
        let idle = self.0.config.compaction.idle();
        if !idle.is_empty() {
            let message =
                "These settings of compaction change nothing: room is given back all the time, in place.";
            self.0.cx.log().info(message, &[("keys", idle.join(", ").into())]);
        }
        Ok(Running::new(async move {
            stop.wait().await;
            Ok(())
        }))
    }
}

impl Storage for Folders {
    fn open(&self, owner: Owner) -> BoxFuture<'_, Result<Arc<dyn Store>, BoxError>> {
        Box::pin(async move {
            let config = &self.config;
            let name = name::name(&owner);
            let go_file = PathBuf::from(&config.directory).join(&name);
            let log = self.cx.log().clone();
            if go_file.is_file() {
                let message = "There is a store of another collector, whose format is not read. What is in it stays there.";
                log.warn(message, &[("file", Field::from(go_file.display().to_string()))]);
            }
            let folder = go_file.with_file_name(format!("{name}.store"));
            let claim = Claim::make(&folder, config.timeout.std()).await?;
            let (opened, claim) = match self.open_log(&folder).await? {
                Ok(opened) => (opened, claim),
                Err(error) if config.recreate => {
                    drop(claim);
                    let backup = aside(&folder)?;
                    let fields = [
                        ("error", go_error(&error).into()),
                        ("backup", Field::from(backup.display().to_string())),
                    ];
                    log.error(
                        "The storage cannot be opened. It was put aside, and a new one begun.",
                        &fields,
                    );
                    let claim = Claim::make(&folder, config.timeout.std()).await?;
                    (self.open_log(&folder).await?.map_err(|error| cannot_open(&name, &error))?, claim)
                }
                Err(error) => return Err(cannot_open(&name, &error)),
            };
            Ok(Arc::new(FileStore::new(opened, claim)) as Arc<dyn Store>)
        })
    }
}

impl Folders {
    /// Opens the log in `folder`, as configured.
    async fn open_log(&self, folder: &Path) -> Result<std::io::Result<Log>, BoxError> {
        let config = &self.config;
        let options = Options {
            fsync: config.fsync,
            max_size: u64::try_from(config.max_size).unwrap_or_default(),
            at_a_time: config.compaction.at_a_time(),
            ..Options::default()
        };
        slimcol_filestore::open(folder, options, config.compaction.on_start, self.cx.log()).await
    }
}

fn cannot_open(name: &str, error: &std::io::Error) -> BoxError {
    format!("cannot open {name}: {}", go_error(error)).into()
}

/// Puts `folder` where it is in nobody's way: its new name, which nothing had before.
fn aside(folder: &Path) -> Result<PathBuf, BoxError> {
    let mut backup = folder.as_os_str().to_owned();
    backup.push(".backup");
    while Path::new(&backup).exists() {
        backup.push("~");
    }
    fs::rename(folder, &backup)
        .map_err(|error| format!("rename {}: {}", folder.display(), go_error(&error)))?;
    Ok(backup.into())
}

#[cfg(test)]
mod tests;
