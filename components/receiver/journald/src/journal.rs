//! The program that reads the journal.

use std::{
    io,
    process::{ExitStatus, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use slimcol_fileconsumer::{Cutter, Tokens};
use slimcol_logreceiver::Intake;
use slimcol_service::{BoxError, Log, Stop, go_error};
use slimcol_stanza::Text;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader},
    process::{Child, Command},
    time::sleep,
};

use crate::{config::Config, cursor::Cursor, entry::Reading};

/// How long until the program is started again.
const PAUSE: Duration = Duration::from_secs(2);
/// The longest line of what it complains of.
const LONGEST: u64 = 64 << 10;

/// Reads the journal.
#[derive(Debug)]
pub(crate) struct Journal {
    program: String,
    /// Below what the program runs, if it does.
    root: String,
    arguments: Vec<String>,
    reading: Reading,
    cutter: Cutter,
    log: Log,
}

/// What runs the program below the root, if there is one. The system's `chroot` changes it, since nothing safe here does between
/// fork and exec.
fn command(program: &str, root: &str) -> Command {
    if root.is_empty() {
        return Command::new(program);
    }
    let mut command = Command::new("chroot");
    command.args([root, program]);
    command
}

impl Journal {
    pub(crate) fn new(config: &Config, cutter: Cutter, log: Log) -> Self {
        let reading = Reading {
            convert_message_bytes: config.convert_message_bytes,
            original: config.include_log_record_original,
        };
        let (program, root) = (config.journalctl_path.clone(), config.root_path.clone());
        Self { program, root, arguments: config.arguments(), reading, cutter, log }
    }

    /// Starts the program, which goes on where the cursor is.
    ///
    /// # Errors
    /// It cannot be started, or its root is no folder: Go's text.
    pub(crate) fn start(&self, cursor: &Cursor) -> Result<Child, BoxError> {
        if !self.root.is_empty() {
            let found = std::fs::metadata(&self.root).map_err(|error| {
                format!("cannot access root_path {:?}: stat {}: {}", self.root, self.root, go_error(&error))
            })?;
            if !found.is_dir() {
                return Err(format!("root_path {:?} is not a directory", self.root).into());
            }
        }
        let mut arguments = self.arguments.clone();
        if let Some(cursor) = cursor.last() {
            arguments.extend(["--after-cursor".to_owned(), cursor.to_owned()]);
        }
        let mut shown = format!("Journalctl command: '{} {}'.", self.program, arguments.join(" "));
        if !self.root.is_empty() {
            shown = format!("{shown} Chroot: {:?}", self.root);
        }
        self.log.info(&shown, &[]);
        let mut command = command(&self.program, &self.root);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true).spawn().map_err(|error| {
            let why = match error.kind() {
                io::ErrorKind::NotFound if !self.root.is_empty() => {
                    "exec: \"chroot\": executable file not found in $PATH".to_owned()
                }
                io::ErrorKind::NotFound if !self.program.contains('/') => {
                    format!("exec: {:?}: executable file not found in $PATH", self.program)
                }
                _ => format!("fork/exec {}: {}", self.program, go_error(&error)),
            };
            format!("start journalctl: {why}").into()
        })
    }

    /// Reads what the program writes, and starts it again when it ends, until told to stop.
    pub(crate) async fn follow(
        &self,
        mut child: Child,
        cursor: &mut Cursor,
        intake: &Intake,
        mut stop: Stop,
    ) {
        loop {
            let ended = tokio::select! {
                () = stop.wait() => None,
                ended = self.read(&mut child, cursor, intake) => Some(ended),
            };
            let Some(ended) = ended else {
                // What it still writes is read after the next start.
                let _ = child.kill().await;
                return;
            };
            match ended {
                Ok(status) if status.success() => self.log.info("journalctl command exited", &[]),
                Ok(status) => {
                    self.log.error("journalctl command exited", &[("error", status.to_string().into())]);
                }
                Err(error) => {
                    let fields = [("error", go_error(&error).into())];
                    self.log.error("Received error reading from journalctl stdout", &fields);
                }
            }
            tokio::select! {
                () = stop.wait() => return,
                () = sleep(PAUSE) => {}
            }
            child = match self.start(cursor) {
                Ok(child) => child,
                Err(error) => {
                    let fields = [("error", error.to_string().into())];
                    return self.log.error("Failed to init and start journalctl", &fields);
                }
            };
        }
    }

    /// Reads until the program ends.
    async fn read(&self, child: &mut Child, cursor: &mut Cursor, intake: &Intake) -> io::Result<ExitStatus> {
        let (Some(output), Some(complaints)) = (child.stdout.take(), child.stderr.take()) else {
            return child.wait().await;
        };
        tokio::join!(self.entries(output, cursor, intake), self.complaints(complaints)).0?;
        child.wait().await
    }

    async fn entries(
        &self,
        mut from: impl AsyncRead + Unpin,
        cursor: &mut Cursor,
        intake: &Intake,
    ) -> io::Result<()> {
        let mut cutting = self.cutter.stream();
        loop {
            let read = from.read_buf(cutting.room()).await?;
            if let Ok(tokens) = cutting.tokens(read == 0) {
                self.take(&tokens, cursor, intake).await;
            }
            if read == 0 {
                return Ok(());
            }
        }
    }

    async fn take(&self, lines: &Tokens, cursor: &mut Cursor, intake: &Intake) {
        let observed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let observed = i64::try_from(observed.as_nanos()).unwrap_or(i64::MAX);
        let mut last = None;
        let mut entries = Vec::new();
        for (start, end) in lines.places().filter(|(start, end)| start < end) {
            let line = lines.text().slice(start..end);
            let line = Text::try_from(line).unwrap_or_else(|_| lossy(&lines.text().slice(start..end)));
            match self.reading.entry(&line, observed, intake) {
                Ok((entry, place)) => {
                    last = Some(place);
                    entries.push(entry);
                }
                Err(error) => self.log.warn("Failed to parse journal entry", &[("error", error.into())]),
            }
        }
        let taken = intake.take(entries).await;
        if taken.is_err() && intake.is_stopping() {
            // They are read again after the next start.
            return;
        }
        let Some(last) = last else { return };
        if let Err(error) = cursor.set(&last).await {
            self.log.warn("Failed to set offset", &[("error", error.to_string().into())]);
        }
    }

    async fn complaints(&self, from: impl AsyncRead + Unpin) {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while let Ok(1..) = (&mut from).take(LONGEST).read_until(b'\n', &mut line).await {
            let text = String::from_utf8_lossy(&line).into_owned();
            self.log.error("Received from journalctl stderr", &[("stderr", text.into())]);
            line.clear();
        }
    }
}

fn lossy(line: &Bytes) -> Text {
    String::from_utf8_lossy(line).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_runs_below_its_root() {
        for (root, expected) in [("", "/bin/journalctl"), ("/host", "chroot /host /bin/journalctl")] {
            let command = command("/bin/journalctl", root);
            let command = command.as_std();
            let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
            assert_eq!(words.join(std::ffi::OsStr::new(" ")), expected);
        }
    }
}
