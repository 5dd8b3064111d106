//! The `.deb`: two tars in an archive, one of control files and one of the files themselves.

mod ar;
mod control;
mod copyright;

use std::{collections::BTreeSet, io};

use super::{
    Contents, compress,
    tarball::Tarball,
    texts,
    tree::{self, Entry, Role},
};

#[cfg(test)]
pub(super) use control::SCRIPTS;

const CHANGELOG: &str = include_str!("../../../templates/package/changelog.jinja");
const OVERRIDES: &str = include_str!("../../../templates/package/lintian-overrides.jinja");

/// The package's bytes.
pub(super) fn write(contents: &Contents<'_>) -> io::Result<Vec<u8>> {
    let time = contents.facts.time.seconds();
    let files = files(contents)?;
    let control = compress::xz(&control::tar(contents, &files)?)?;
    let data = compress::xz(&data(&files, time)?)?;
    let members: [(&str, &[u8]); 3] =
        [("debian-binary", b"2.0\n"), ("control.tar.xz", &control), ("data.tar.xz", &data)];
    Ok(ar::archive(&members, time))
}

/// Every file, by its path. The folder that the service writes to is made on the machine, where its owner is known.
fn files(contents: &Contents<'_>) -> io::Result<Vec<Entry>> {
    let facts = contents.facts;
    let name = &facts.name;
    let doc = |file: &str| format!("usr/share/doc/{name}/{file}");
    // A version with a revision is somebody's packaging of something, which has a changelog of its own.
    let changelog = if facts.release.is_some() { "changelog.Debian.gz" } else { "changelog.gz" };
    let changes = compress::gzip(texts::render(CHANGELOG, facts)?.as_bytes())?;
    let mut files = tree::installed(contents)?;
    files.push(Entry::file(doc(changelog), Role::Doc, changes));
    files.push(Entry::file(
        doc("copyright"),
        Role::Licence,
        copyright::file(name, &facts.license, contents.notices),
    ));
    files.push(Entry::file(
        format!("usr/share/lintian/overrides/{name}"),
        Role::File,
        texts::render(OVERRIDES, facts)?,
    ));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The tar of the files, every folder before what is in it.
fn data(files: &[Entry], time: u64) -> io::Result<Vec<u8>> {
    let mut tar = Tarball::new("./", time);
    tar.folder("")?;
    let mut seen = BTreeSet::new();
    for file in files {
        for (end, _) in file.path.match_indices('/') {
            let folder = &file.path[..=end];
            if seen.insert(folder) {
                tar.folder(folder)?;
            }
        }
        tar.file(&file.path, file.mode.into(), &file.data)?;
    }
    tar.finish()
}
