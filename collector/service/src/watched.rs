//! Texts in files that change while the collector runs: tokens and passwords that something else renews.

use std::{
    fmt, fs, io,
    os::unix::fs::MetadataExt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{BoxError, Log, go_error};

/// How often the file is looked at, at most.
const EVERY: Duration = Duration::from_secs(1);
/// The most that is read, bytes.
const LIMIT: u64 = 1 << 20;

/// A file's text, which is read again when the file has changed. Whoever asks finds out: nothing runs in between.
pub struct WatchedFile {
    path: String,
    log: Log,
    seen: Mutex<Seen>,
}

struct Seen {
    text: Arc<str>,
    stamp: Stamp,
    looked: Instant,
}

/// What tells one state of a file from the next: device and number, which change when another file takes the place (as in
/// Kubernetes), length and the time of the last change.
#[derive(PartialEq, Eq)]
struct Stamp(u64, u64, u64, i64, i64);

impl WatchedFile {
    /// Reads the file for the first time.
    ///
    /// # Errors
    /// It cannot be read, in Go's words (`open x: no such file or directory`).
    pub fn open(path: &str, log: &Log) -> Result<Self, BoxError> {
        let (text, stamp) = read(path)?;
        let seen = Mutex::new(Seen { text, stamp, looked: Instant::now() });
        Ok(Self { path: path.to_owned(), log: log.clone(), seen })
    }

    /// The text as it was at most a second ago. While the file cannot be read, it is the last that could.
    pub async fn text(self: &Arc<Self>) -> Arc<str> {
        let text = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let text = seen.text.clone();
            if seen.looked.elapsed() < EVERY {
                return text;
            }
            // The others go on with what there is while one looks.
            seen.looked = Instant::now();
            text
        };
        let this = self.clone();
        tokio::task::spawn_blocking(move || this.look()).await.unwrap_or(text)
    }

    fn look(&self) -> Arc<str> {
        let found = stat(&self.path);
        let changed = {
            let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            !found.as_ref().is_ok_and(|stamp| *stamp == seen.stamp)
        };
        let outcome = if changed { read(&self.path).map(Some) } else { Ok(None) };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(Some((text, stamp))) => {
                (seen.text, seen.stamp) = (text, stamp);
                self.log.info("refresh token", &[("filename", (&self.path).into())]);
            }
            Ok(None) => {}
            Err(error) => self.log.error(&error.to_string(), &[]),
        }
        seen.text.clone()
    }
}

impl fmt::Debug for WatchedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchedFile").field("path", &self.path).finish_non_exhaustive()
    }
}

fn stat(path: &str) -> io::Result<Stamp> {
    fs::metadata(path).map(|m| Stamp(m.dev(), m.ino(), m.len(), m.mtime(), m.mtime_nsec()))
}

fn read(path: &str) -> Result<(Arc<str>, Stamp), BoxError> {
    let failed = |error: &io::Error| format!("open {path}: {}", go_error(error));
    // Before the text: what comes in between is then read again.
    let stamp = stat(path).map_err(|error| failed(&error))?;
    if stamp.2 > LIMIT {
        return Err(format!("open {path}: larger than {LIMIT} bytes").into());
    }
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    Ok((text.into(), stamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks now, not in a second.
    async fn look(file: &Arc<WatchedFile>) -> Arc<str> {
        file.seen.lock().unwrap().looked -= EVERY;
        file.text().await
    }

    #[tokio::test]
    async fn changes_are_seen_and_outages_bridged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token").display().to_string();
        let (log, lines) = Log::capture();
        let missing = WatchedFile::open(&path, &log).unwrap_err().to_string();
        assert_eq!(missing, format!("open {path}: no such file or directory"));

        fs::write(&path, "one").unwrap();
        let file = Arc::new(WatchedFile::open(&path, &log).unwrap());
        fs::write(&path, "second").unwrap();
        assert_eq!(&*file.text().await, "one", "not looked at again within a second");
        assert_eq!(&*look(&file).await, "second");

        fs::remove_file(&path).unwrap();
        assert_eq!(&*look(&file).await, "second");
        assert!(lines.lock().unwrap().iter().any(|line| line.contains("no such file or directory")));
        fs::write(&path, "third").unwrap();
        assert_eq!(&*look(&file).await, "third");

        // Another file in its place, as long and as old.
        let other = dir.path().join("other");
        fs::write(&other, "forth").unwrap();
        let old = fs::metadata(&path).unwrap().modified().unwrap();
        fs::File::options().write(true).open(&other).unwrap().set_modified(old).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(&*look(&file).await, "forth");
        assert!(!format!("{file:?}").contains("forth"));
        assert!(lines.lock().unwrap().iter().all(|line| !line.contains("forth")));
    }
}
