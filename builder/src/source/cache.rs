//! The folder that keeps what one build leaves for the next: unpacked sources and compiled crates.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{SourceTree, embedded};
use crate::{
    digest,
    error::{Doing as _, Error},
    interrupt, lock, replace,
};

/// Sources of other versions that nobody used for this long are deleted.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// `$SLIMCOL_CACHE_DIR`, else `slimcol` in the user's folder for caches.
pub(crate) fn cache_folder() -> Result<PathBuf, Error> {
    let named = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(given) = named("SLIMCOL_CACHE_DIR") {
        return std::path::absolute(&given).doing("use", &given);
    }
    // The XDG specification has relative ones ignored.
    let user = named("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    let user =
        user.or_else(|| env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(".cache")));
    user.map(|folder| folder.join("slimcol")).ok_or_else(|| {
        Error::Other(
            "there is no home folder to keep things in; name a folder with SLIMCOL_CACHE_DIR".to_owned(),
        )
    })
}

/// The sources of `archive` on the disk: unpacked once, in a folder that is named by their digest.
pub(super) fn unpacked(archive: &[u8], cache: &Path) -> Result<SourceTree, Error> {
    let files = embedded::files(archive)?;
    let sources = cache.join("sources");
    let root = sources.join(&digest::sha256(archive)[..16]);
    let unusable = |error: Error| {
        Error::Other(format!(
            "cannot keep Slimcol's sources in `{}`: {}; name a folder that can be written to with SLIMCOL_CACHE_DIR",
            sources.display(),
            error.chain()
        ))
    };
    if !holds(&root, &files) {
        unpack(&files, &sources, &root).map_err(unusable)?;
    }
    let root = root.canonicalize().doing("read", &root)?;
    // For whoever unpacks the next version; in a cache that is shared read-only it is somebody else's to keep.
    _ = fs::File::open(&root).and_then(|folder| folder.set_modified(SystemTime::now()));
    Ok(SourceTree { root })
}

/// Whether `root` has exactly `files`. Read in full: what was changed there would be in every collector from then on.
fn holds(root: &Path, files: &BTreeMap<String, Vec<u8>>) -> bool {
    let mut found = 0;
    let equal = each_file(root, "", &mut |name, path| {
        found += 1;
        files.get(name).is_some_and(|content| fs::read(path).is_ok_and(|there| there == *content))
    });
    equal.unwrap_or(false) && found == files.len()
}

/// Whether `check` holds for every file below `folder`, by name and path.
fn each_file(folder: &Path, prefix: &str, check: &mut dyn FnMut(&str, &Path) -> bool) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        let good = if entry.file_type()?.is_dir() {
            each_file(&path, &format!("{name}/"), check)?
        } else {
            check(&name, &path)
        };
        if !good {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes `files` to `root`, below `sources`. Whoever looks there sees all of them or none.
fn unpack(files: &BTreeMap<String, Vec<u8>>, sources: &Path, root: &Path) -> Result<(), Error> {
    let _lock = lock::folder_shortly(sources)?;
    // Another process may have been faster.
    if holds(root, files) {
        return Ok(());
    }
    let new = replace::folder_beside(sources)?;
    for (name, content) in files {
        interrupt::check()?;
        let path = new.path().join(name);
        let folder = path.parent().unwrap_or(sources);
        fs::create_dir_all(folder).doing("create", folder)?;
        fs::write(&path, content).doing("write", &path)?;
    }
    let damaged = replace::folder_beside(sources)?;
    match fs::rename(root, damaged.path().join("damaged")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error).doing("replace", root),
        _ => fs::rename(new.keep(), root).doing("create", root)?,
    }
    forget(sources, root);
    Ok(())
}

/// Deletes what nobody used for long, and what was left when an unpacking was killed: nobody unpacks while we hold the lock.
/// That something cannot be deleted is no reason not to build.
fn forget(sources: &Path, root: &Path) {
    replace::clear(sources);
    let old = |path: &Path| {
        let used = fs::metadata(path).and_then(|metadata| metadata.modified());
        used.is_ok_and(|used| used.elapsed().is_ok_and(|age| age > KEPT))
    };
    for entry in fs::read_dir(sources).into_iter().flatten().flatten() {
        let path = entry.path();
        if path != root && old(&path) {
            _ = fs::remove_dir_all(path);
        }
    }
}

#[cfg(test)]
mod tests;
