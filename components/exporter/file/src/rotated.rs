//! A file that is put aside under another name when it has grown large (Go's `timberjack`).

use std::{
    ffi::OsStr,
    fs::{self, DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use slimcol_service::Utc;

use crate::{config::Rotation, whole::Whole};

/// The file that is written to, and how to go about those put aside.
#[derive(Debug)]
pub(crate) struct Rotated {
    path: PathBuf,
    /// In bytes.
    max: u64,
    max_days: u64,
    max_backups: usize,
    /// Opened with the first record.
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    file: Whole,
    size: u64,
}

impl Rotated {
    pub(crate) fn new(path: &Path, config: &Rotation) -> Self {
        let megabytes = u64::try_from(config.max_megabytes).ok().filter(|n| *n > 0).unwrap_or(100);
        Self {
            path: path.to_owned(),
            max: megabytes.saturating_mul(1 << 20),
            max_days: u64::try_from(config.max_days).unwrap_or_default(),
            max_backups: usize::try_from(config.max_backups).unwrap_or_default(),
            current: None,
        }
    }

    /// Writes a record, to a new file if it would make this one too large.
    pub(crate) fn write(&mut self, record: &[u8]) -> io::Result<()> {
        let size = record.len() as u64;
        if size > self.max {
            let message = format!("write length {size} exceeds maximum file size {}", self.max);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut current = match self.current.take() {
            Some(current) => current,
            None => self.open()?,
        };
        if current.size.saturating_add(size) > self.max {
            drop(current);
            current = self.rotate()?;
        }
        let current = self.current.insert(current);
        current.file.append(record)?;
        current.size += size;
        Ok(())
    }

    /// The file as it is, or a new one.
    fn open(&self) -> io::Result<Current> {
        if let Some(dir) = self.path.parent() {
            DirBuilder::new().recursive(true).mode(0o755).create(dir)?;
        }
        let file = OpenOptions::new().append(true).create(true).mode(0o644).open(&self.path)?;
        let size = file.metadata()?.len();
        Ok(Current { file: Whole::new(file)?, size })
    }

    /// Puts the file aside and begins a new one.
    fn rotate(&self) -> io::Result<Current> {
        let backup = self.backup(SystemTime::now());
        fs::rename(&self.path, &backup)?;
        let current = self.open().inspect_err(|_| {
            // Data goes on where it was; the error is told in any case.
            let _ = fs::rename(&backup, &self.path);
        })?;
        self.clean_up(SystemTime::now());
        Ok(current)
    }

    /// A free name for the file that is put aside at `now`.
    fn backup(&self, mut now: SystemTime) -> PathBuf {
        let (prefix, suffix) = self.name_parts();
        loop {
            let path = self.path.with_file_name(format!("{prefix}{}{suffix}", timestamp(now)));
            if !path.exists() {
                return path;
            }
            now += Duration::from_millis(1);
        }
    }

    /// Deletes files put aside that are too many or too old. One that cannot be deleted is left for the next time.
    fn clean_up(&self, now: SystemTime) {
        let mut backups = self.backups();
        // Timestamps sort like text.
        slimcol_order::sort_by(&mut backups, |a, b| b.cmp(a));
        let oldest = (self.max_days > 0)
            .then(|| Duration::from_secs(self.max_days.saturating_mul(86_400)))
            .and_then(|age| now.checked_sub(age))
            .map(timestamp);
        for (i, (time, path)) in backups.iter().enumerate() {
            let too_many = self.max_backups > 0 && i >= self.max_backups;
            let too_old = oldest.as_ref().is_some_and(|oldest| time < oldest);
            if too_many || too_old {
                let _ = fs::remove_file(path);
            }
        }
    }

    /// The files put aside, by the time in their names.
    fn backups(&self) -> Vec<(String, PathBuf)> {
        let (prefix, suffix) = self.name_parts();
        let dir = self.path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
        let time = |name: &OsStr| {
            let middle = name.to_str()?.strip_prefix(&prefix)?.strip_suffix(&suffix)?;
            // Newer Go collectors append why they rotated.
            let (time, reason) = middle.split_at_checked(TIMESTAMP.len())?;
            (is_timestamp(time) && (reason.is_empty() || reason.starts_with('-'))).then(|| time.to_owned())
        };
        entries.flatten().filter_map(|entry| Some((time(&entry.file_name())?, entry.path()))).collect()
    }

    /// What stands before and behind the time in the name of a file put aside.
    fn name_parts(&self) -> (String, String) {
        let text = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let suffix = match self.path.extension() {
            Some(extension) => format!(".{}", text(Some(extension))),
            None => String::new(),
        };
        (format!("{}-", text(self.path.file_stem())), suffix)
    }
}

/// The shape of the time in a name: digits where this has digits.
const TIMESTAMP: &str = "2006-01-02T15-04-05.000";

fn timestamp(time: SystemTime) -> String {
    let Utc { year, month, day, hour, minute, second, nanos } = time.into();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}-{minute:02}-{second:02}.{:03}", nanos / 1_000_000)
}

fn is_timestamp(text: &str) -> bool {
    let fits = |(a, b): (u8, u8)| if b.is_ascii_digit() { a.is_ascii_digit() } else { a == b };
    text.len() == TIMESTAMP.len() && text.bytes().zip(TIMESTAMP.bytes()).all(fits)
}

#[cfg(test)]
mod tests;
