//! One build at a time in a folder, also across processes.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    thread,
    time::Duration,
};

use crate::{
    error::{Doing as _, Error},
    interrupt, report,
};

const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Makes the folder and locks it until what is returned is dropped. The lock is on the folder itself, so none stays behind
/// when a build is killed.
pub(crate) fn folder(path: &Path) -> Result<File, Error> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => {
            report::remark(&format!("waiting for another build in `{}`", path.display()));
        }
        Err(TryLockError::Error(source)) => return Err(source).doing("lock", path),
    }
    loop {
        // A signal has to end the waiting too, which it would not if the waiting were the system's.
        interrupt::check()?;
        thread::sleep(BETWEEN_TRIES);
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(source)) => return Err(source).doing("lock", path),
        }
    }
}

/// The same where others hold the lock for a moment only, so that waiting is not worth a word.
pub(crate) fn folder_shortly(path: &Path) -> Result<File, Error> {
    let file = open(path)?;
    file.lock().doing("lock", path)?;
    Ok(file)
}

fn open(path: &Path) -> Result<File, Error> {
    fs::create_dir_all(path).doing("create", path)?;
    File::open(path).doing("open", path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_locked_until_the_lock_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b");
        let lock = folder(&path).unwrap();
        assert!(matches!(File::open(&path).unwrap().try_lock(), Err(TryLockError::WouldBlock)));
        drop(lock);
        drop(folder(&path).unwrap());
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    }
}
