//! Having a folder to oneself, as long as this process lives.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    time::Duration,
};

use slimcol_service::{BoxError, go_error};
use tokio::time::{Instant, sleep};

/// How often a folder that somebody else has is asked for.
const AGAIN: Duration = Duration::from_millis(20);

/// A folder that no other process has. The lock ends with the process, however that ends.
#[derive(Debug)]
pub struct Claim(#[allow(dead_code, reason = "it is locked for as long as it is open")] File);

impl Claim {
    /// Makes `folder` if it is not there and claims it, waiting `timeout` for another to let go of it; zero is for ever.
    ///
    /// # Errors
    /// The folder cannot be made, or another process has it.
    pub async fn make(folder: &Path, timeout: Duration) -> Result<Self, BoxError> {
        let failed = |what: &str, error: &std::io::Error| -> BoxError {
            format!("{what} {}: {}", folder.display(), go_error(error)).into()
        };
        match fs::create_dir(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(failed("mkdir", &error));
            }
            _ => {}
        }
        let open = File::options().create(true).truncate(false).write(true).open(folder.join("lock"));
        let file = open.map_err(|error| failed("cannot lock", &error))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::Error(error)) => return Err(failed("cannot lock", &error)),
                Err(TryLockError::WouldBlock) if !timeout.is_zero() && begun.elapsed() >= timeout => {
                    let folder = folder.display();
                    return Err(format!("timeout: another process uses {folder} (waited {timeout:?})").into());
                }
                Err(TryLockError::WouldBlock) => sleep(AGAIN).await,
            }
        }
    }
}
