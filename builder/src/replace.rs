//! Putting a file where another may be: whole or not at all, and whoever has the old one open keeps it.

use std::{
    fs::{self, Permissions},
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::{
    error::{Doing as _, Error},
    interrupt,
};

/// How everything that is not finished begins.
pub(crate) const PREFIX: &str = ".slimcol-";

/// Writes `data` to `path` with `mode` less the user's mask.
pub(crate) fn file(path: &Path, data: &[u8], mode: u32) -> Result<(), Error> {
    let mut file = new_file(path.parent().unwrap_or(Path::new(".")), mode)?;
    file.write_all(data).doing("write", path)?;
    file.persist(path).map_err(|error| error.error).doing("write", path)?;
    Ok(())
}

/// A new file in `folder`, to fill and then to rename. Dropped, it is gone.
pub(crate) fn new_file(folder: &Path, mode: u32) -> Result<NamedTempFile, Error> {
    interrupt::check()?;
    let mut builder = Builder::new();
    builder.prefix(PREFIX).permissions(Permissions::from_mode(mode));
    builder.tempfile_in(folder).doing("write to", folder)
}

/// A new folder in `folder`, to fill and then to rename. Dropped, it is gone with all that is in it.
pub(crate) fn folder_beside(folder: &Path) -> Result<TempDir, Error> {
    interrupt::check()?;
    let mut builder = Builder::new();
    builder.prefix(PREFIX).permissions(Permissions::from_mode(0o777));
    builder.tempdir_in(folder).doing("create a folder in", folder)
}

/// Deletes what builds that were killed have left unfinished in `folder`, which only we work in.
pub(crate) fn clear(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let path = entry.path();
            // What cannot be deleted is in nobody's way: its name is never taken again.
            _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_file_replaces_the_old_one_and_nothing_else_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, "old").unwrap();
        file(&path, b"new", 0o755).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o700, 0o700);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(
            file(&dir.path().join("no/a"), b"", 0o644).unwrap_err().chain().starts_with("cannot write to `")
        );
    }
}
