//! Where the folder goes: to its place, or into one file.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use flate2::{Compression, GzBuilder};
use tempfile::TempDir;

use super::MARK;
use crate::{
    error::{Doing as _, Error},
    interrupt, replace,
};

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A folder.
    Folder,
    /// A tar file.
    Tar,
    /// A tar file, compressed.
    TarGz,
}

impl Form {
    /// The form of what is to be called `path`.
    pub(crate) fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match () {
            () if name.ends_with(".tar") => Self::Tar,
            () if name.ends_with(".tar.gz") || name.ends_with(".tgz") => Self::TarGz,
            () => Self::Folder,
        }
    }
}

/// Puts `folder` to `path`, whole or not at all. The same folder gives the same file.
pub(crate) fn pack(folder: TempDir, path: &Path, form: Form) -> Result<(), Error> {
    interrupt::check()?;
    let parent = path.parent().unwrap_or(Path::new("/"));
    if form == Form::Folder {
        let old = replace::folder_beside(parent)?;
        if path.exists() {
            let ours =
                path.join(MARK).is_file() || fs::read_dir(path).is_ok_and(|mut all| all.next().is_none());
            if !ours {
                return Err(Error::Other(format!(
                    "`{}` is there and was not made by `slimcol vendor`: name another folder, or delete it",
                    path.display()
                )));
            }
            fs::rename(path, old.path().join("old")).doing("replace", path)?;
        }
        return fs::rename(folder.keep(), path).doing("create", path);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = [".tar.gz", ".tgz", ".tar"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let mut file = replace::new_file(parent, 0o666)?;
    let mut done = || match form {
        Form::TarGz => {
            let gz = GzBuilder::new().write(file.as_file_mut(), Compression::default());
            archive(folder.path(), name, gz)?.finish().map(drop)
        }
        _ => archive(folder.path(), name, file.as_file_mut()).map(drop),
    };
    done().doing("write", path)?;
    interrupt::check()?;
    file.persist(path).map_err(|error| error.error).doing("write", path)?;
    Ok(())
}

fn archive<W: Write>(folder: &Path, name: &str, to: W) -> io::Result<W> {
    let mut archive = tar::Builder::new(to);
    add(&mut archive, folder, name)?;
    archive.into_inner()
}

fn add(archive: &mut tar::Builder<impl Write>, folder: &Path, name: &str) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            interrupt::check().map_err(|error| io::Error::other(error.to_string()))?;
            add(archive, &entry.path(), &name)?;
            continue;
        }
        let metadata = entry.metadata()?;
        let mut header = tar::Header::new_gnu();
        header.set_size(metadata.len());
        // Some crates run scripts that they bring.
        header.set_mode(if metadata.permissions().mode() & 0o100 == 0 { 0o644 } else { 0o755 });
        archive.append_data(&mut header, name, File::open(entry.path())?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_the_form() {
        for (name, form) in [
            ("a", Form::Folder),
            ("a.tar", Form::Tar),
            ("/x/a.tar.gz", Form::TarGz),
            ("a.tgz", Form::TarGz),
            ("a.d", Form::Folder),
        ] {
            assert_eq!(Form::of(Path::new(name)), form, "{name}");
        }
    }

    #[test]
    fn what_is_somebody_elses_stays() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("there");
        let folder = || {
            let folder = tempfile::tempdir_in(parent.path()).unwrap();
            fs::write(folder.path().join(MARK), "").unwrap();
            folder
        };
        fs::create_dir(&path).unwrap();
        pack(folder(), &path, Form::Folder).unwrap();
        pack(folder(), &path, Form::Folder).unwrap();
        fs::remove_file(path.join(MARK)).unwrap();
        fs::write(path.join("mine"), "").unwrap();
        let error = pack(folder(), &path, Form::Folder).unwrap_err().chain();
        assert!(
            error.ends_with(
                "is there and was not made by `slimcol vendor`: name another folder, or delete it"
            ),
            "{error}"
        );
        assert!(path.join("mine").exists());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }
}
