//! The extension's settings (Go's `extension/storage/filestorage`).

use std::{fs, io, path::Path};

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_service::go_error;

const DIRECTORY: &str = "/var/lib/otelcol/file_storage";
const NEEDED: i64 = 100;
const TRIGGER: i64 = 10;
const CHECK_INTERVAL: Duration = Duration::secs(5);

/// The keys of `file_storage`.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) directory: String,
    /// How long to wait for another process to let go of a store; zero is for ever.
    pub(crate) timeout: Duration,
    pub(crate) compaction: Compaction,
    /// Whether to begin anew where a store cannot be opened.
    pub(crate) recreate: bool,
    pub(crate) fsync: bool,
    /// The most that one store may take, in bytes; zero is without limit.
    pub(crate) max_size: i64,
    pub(crate) create_directory: bool,
    /// In octal digits.
    pub(crate) directory_permissions: String,
}

/// `compaction`.
#[derive(Clone, Debug)]
pub(crate) struct Compaction {
    pub(crate) on_start: bool,
    on_rebound: bool,
    directory: String,
    rebound_needed_threshold_mib: i64,
    rebound_trigger_threshold_mib: i64,
    /// How many things are written again at a time; zero is any number.
    max_transaction_size: i64,
    check_interval: Duration,
    cleanup_on_start: bool,
}

impl Compaction {
    /// How many things are written again at a time.
    pub(crate) fn at_a_time(&self) -> usize {
        usize::try_from(self.max_transaction_size).ok().filter(|most| *most > 0).unwrap_or(usize::MAX)
    }

    /// The keys that are not as they are without being set, and that change nothing.
    pub(crate) fn idle(&self) -> Vec<&'static str> {
        let keys = [
            ("on_rebound", self.on_rebound),
            ("directory", self.directory != DIRECTORY),
            ("rebound_needed_threshold_mib", self.rebound_needed_threshold_mib != NEEDED),
            ("rebound_trigger_threshold_mib", self.rebound_trigger_threshold_mib != TRIGGER),
            ("check_interval", self.check_interval != CHECK_INTERVAL),
            ("cleanup_on_start", self.cleanup_on_start),
        ];
        keys.into_iter().filter(|(_, set)| *set).map(|(key, _)| key).collect()
    }
}

impl Config {
    /// The permissions of a directory that is made.
    ///
    /// # Errors
    /// Go's message.
    pub(crate) fn mode(&self) -> Result<u32, &'static str> {
        let bits = i32::from_str_radix(&self.directory_permissions, 8)
            .map_err(|_| "directory_permissions value must be a valid octal representation")?;
        u32::try_from(bits)
            .ok()
            .filter(|bits| bits & 0o777 == *bits)
            .ok_or("directory_permissions contain invalid bits for file access")
    }
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            directory: from.get("directory", DIRECTORY.to_owned()),
            timeout: from.get("timeout", Duration::secs(1)),
            compaction: from.section("compaction"),
            recreate: from.get("recreate", false),
            fsync: from.get("fsync", false),
            max_size: from.get("max_size", 0),
            create_directory: from.get("create_directory", false),
            directory_permissions: from.get("directory_permissions", "0750".to_owned()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let Compaction { on_start, on_rebound, directory, .. } = &self.compaction;
        let mut bad = bad_directory(&self.directory, self.create_directory);
        let mut key = "directory";
        if bad.is_none() && (*on_start || *on_rebound) {
            bad = bad_directory(directory, self.create_directory);
            key = "compaction.directory";
        }
        if let Some(bad) = bad {
            problems.add(key, bad);
        } else if self.compaction.max_transaction_size < 0 {
            let message = "max transaction size for compaction cannot be less than 0";
            problems.add("compaction.max_transaction_size", message);
        } else if *on_rebound && self.compaction.check_interval.0 <= 0 {
            let message = "compaction check interval must be positive when rebound compaction is set";
            problems.add("compaction.check_interval", message);
        } else if let Some((key, message)) = self.bad_size() {
            problems.add(key, message);
        } else if self.create_directory
            && let Err(message) = self.mode()
        {
            problems.add("directory_permissions", message);
        }
    }
}

impl Config {
    fn bad_size(&self) -> Option<(&'static str, String)> {
        if self.max_size < 0 {
            return Some(("max_size", "max_size cannot be less than 0".to_owned()));
        }
        let Compaction { on_rebound, rebound_needed_threshold_mib, rebound_trigger_threshold_mib, .. } =
            &self.compaction;
        if self.max_size == 0 || !on_rebound {
            return None;
        }
        let small = |mib: &i64| self.max_size < mib.saturating_mul(1 << 20);
        [
            ("rebound_needed_threshold_mib", rebound_needed_threshold_mib),
            ("rebound_trigger_threshold_mib", rebound_trigger_threshold_mib),
        ]
        .into_iter()
        .find(|(_, mib)| small(mib))
        .map(|(key, _)| ("max_size", format!("max_size must not be less than compaction {key}")))
    }
}

impl Settings for Compaction {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            on_start: from.get("on_start", false),
            on_rebound: from.get("on_rebound", false),
            directory: from.get("directory", DIRECTORY.to_owned()),
            rebound_needed_threshold_mib: from.get("rebound_needed_threshold_mib", NEEDED),
            rebound_trigger_threshold_mib: from.get("rebound_trigger_threshold_mib", TRIGGER),
            max_transaction_size: from.get("max_transaction_size", 65_536),
            check_interval: from.get("check_interval", CHECK_INTERVAL),
            cleanup_on_start: from.get("cleanup_on_start", false),
        }
    }
}

/// What is wrong with a directory.
fn bad_directory(directory: &str, create: bool) -> Option<String> {
    match fs::metadata(Path::new(directory)) {
        Ok(found) if found.is_dir() => None,
        Ok(_) => Some(format!("{directory} is not a directory")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (!create).then(|| {
            format!(
                "directory must exist: stat {directory}: {}. You can enable the create_directory option to automatically \
                 create it",
                go_error(&error)
            )
        }),
        Err(error) => Some(format!(
            "problem accessing configured directory: {directory}, err: stat {directory}: {}",
            go_error(&error)
        )),
    }
}
