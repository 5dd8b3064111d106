//! A new component's crate: one that compiles, is tested and can be built into a distribution at once.

mod enclosing;
mod entry;
mod kind;
mod link;
mod name;
mod templates;

use std::{
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::semver::Version;

use self::{enclosing::Enclosing, name::Name};
pub(crate) use self::{kind::Kind, link::link};
use crate::{
    error::{Doing as _, Error},
    generate::Files,
    replace,
    resolve::{self, Index},
    source::SourceTree,
};

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// What kind of component.
    pub(crate) kind: Kind,
    /// What it is called.
    pub(crate) name: &'a str,
    /// Where the crate goes; nothing is a folder of its name.
    pub(crate) path: Option<&'a Path>,
    /// The manifest that it is entered into.
    pub(crate) manifest: Option<&'a Path>,
}

/// What was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// The crate's name.
    pub(crate) package: String,
    /// The component's key in collectors' configuration.
    pub(crate) key: String,
    /// The crate's folder.
    pub(crate) folder: PathBuf,
    /// The manifest's lines for it, for who enters them by hand.
    pub(crate) lines: String,
    /// The workspace that the crate became a member of.
    pub(crate) workspace: Option<PathBuf>,
}

/// Makes a component's crate. Nothing is written before all of it is known to be right.
pub(crate) fn make(wanted: &Wanted<'_>, index: &Index, source: &SourceTree) -> Result<Made, Error> {
    let class = wanted.kind.class();
    let name = Name::new(wanted.kind, wanted.name).map_err(Error::Other)?;
    if let Some((ours, _)) =
        index.components().find(|(ours, _)| ours.class == class && ours.keys().any(|key| key == name.key))
    {
        return Err(Error::Other(format!(
            "Slimcol has {} `{}` of its own, and a collector cannot have two: choose another name",
            class.with_article(),
            ours.name
        )));
    }
    let folder = std::path::absolute(wanted.path.unwrap_or(Path::new(&name.package)));
    let folder = folder.map_err(|e| Error::Other(format!("cannot use that folder: {e}")))?;
    check_free(&folder)?;
    let parent = folder.parent().unwrap_or(Path::new("/")).to_path_buf();
    let enclosing = Enclosing::of(&parent, source)?;
    let addition = match wanted.manifest {
        Some(manifest) => Some(entry::add(manifest, class, &name.package, &folder)?),
        None => None,
    };
    let service = index.package("slimcol-service").map(|package| package.version.as_str());
    let version = service.and_then(|version| Version::parse(version).ok());
    let version = version.ok_or_else(|| Error::Other("Slimcol's sources have no framework".to_owned()))?;
    let beside = Path::new(folder.file_name().unwrap_or_default());
    let lines = entry::lines(class, &name.package, &Path::new(".").join(beside), "  ");
    let mut files = templates::render(wanted.kind, &name, &resolve::requirement(&version), &lines)?;
    if enclosing.is_none() {
        // The versions that Slimcol itself was tested with; cargo takes out what is not used.
        let lock = source.root.join("Cargo.lock");
        files.insert("Cargo.lock", fs::read(&lock).doing("read", &lock)?);
    }
    fs::create_dir_all(&parent).doing("create", &parent)?;
    write(&files, &folder)?;
    if let Some(enclosing) = &enclosing {
        enclosing.add(&folder)?;
    }
    link(&folder, index)?;
    if let Some((path, text)) = addition {
        replace::file(&path, text.as_bytes(), 0o666)?;
    }
    let shown = wanted.path.map_or_else(|| PathBuf::from(&name.package), Path::to_path_buf);
    let lines = entry::lines(class, &name.package, &entry::seen_from_here(&shown), "  ");
    let workspace = enclosing.map(|enclosing| enclosing.root);
    Ok(Made { package: name.package, key: name.key, folder: shown, lines, workspace })
}

/// Refuses a folder with something in it.
fn check_free(folder: &Path) -> Result<(), Error> {
    let used = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => true,
        Err(error) => return Err(error).doing("read", folder),
    };
    if used {
        return Err(Error::Other(format!(
            "`{}` is there already: nothing in it was touched; name another folder with --path DIR",
            folder.display()
        )));
    }
    Ok(())
}

/// Writes the whole folder or nothing.
fn write(files: &Files, folder: &Path) -> Result<(), Error> {
    let parent = folder.parent().unwrap_or(Path::new("/"));
    let new = replace::folder_beside(parent)?;
    for (path, content) in files.iter() {
        let path = new.path().join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).doing("create", parent)?;
        }
        fs::write(&path, content).doing("write", &path)?;
    }
    if !folder.exists() {
        fs::rename(new.path(), folder).doing("create", folder)?;
        // What was renamed is not there to be deleted.
        drop(new.keep());
        return Ok(());
    }
    // An empty folder stays the folder that it is: it may be where the user stands.
    for entry in fs::read_dir(new.path()).doing("read", new.path())? {
        let entry = entry.doing("read", new.path())?;
        let place = folder.join(entry.file_name());
        fs::rename(entry.path(), &place).doing("create", &place)?;
    }
    Ok(())
}
