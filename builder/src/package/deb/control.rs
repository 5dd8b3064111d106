//! What dpkg reads before it unpacks anything.

use std::{fmt::Write as _, io};

use md5::{Digest as _, Md5};

use crate::package::{
    Contents,
    tarball::Tarball,
    texts,
    tree::{Entry, Role},
};

const CONTROL: &str = include_str!("../../../../templates/package/deb-control.jinja");
/// What dpkg runs, and when it does by the name.
pub(in crate::package) const SCRIPTS: [(&str, &str); 3] = [
    ("postinst", include_str!("../../../../templates/package/deb-postinst.jinja")),
    ("postrm", include_str!("../../../../templates/package/deb-postrm.jinja")),
    ("prerm", include_str!("../../../../templates/package/deb-prerm.jinja")),
];

/// The tar of the control files.
pub(super) fn tar(contents: &Contents<'_>, files: &[Entry]) -> io::Result<Vec<u8>> {
    let facts = contents.facts;
    let mut tar = Tarball::new("./", facts.time.seconds());
    tar.folder("")?;
    tar.file("conffiles", 0o644, conffiles(files).as_bytes())?;
    let fields = format!(
        "Package: {}\nVersion: {}\nArchitecture: {}\nInstalled-Size: {}\n{}",
        facts.name,
        facts.deb_version(),
        contents.architecture.deb,
        installed_kib(files),
        texts::render(CONTROL, facts)?
    );
    tar.file("control", 0o644, fields.as_bytes())?;
    tar.file("md5sums", 0o644, sums(files).as_bytes())?;
    for (name, template) in SCRIPTS {
        tar.file(name, 0o755, texts::render(template, facts)?.as_bytes())?;
    }
    tar.finish()
}

/// The files that dpkg asks about before it replaces them.
fn conffiles(files: &[Entry]) -> String {
    let mut text = String::new();
    for file in files.iter().filter(|file| file.role == Role::Config) {
        let _ = writeln!(text, "/{}", file.path);
    }
    text
}

/// The disk space that dpkg announces: whole KiB a file, and one for every folder.
fn installed_kib(files: &[Entry]) -> usize {
    let folders: std::collections::BTreeSet<&str> = files
        .iter()
        .flat_map(|file| file.path.match_indices('/').map(|(end, _)| &file.path[..end]))
        .collect();
    folders.len() + files.iter().map(|file| file.data.len().div_ceil(1024)).sum::<usize>()
}

/// What `dpkg --verify` compares with; it knows configuration files by itself.
fn sums(files: &[Entry]) -> String {
    let mut sums = String::new();
    for file in files.iter().filter(|file| file.role != Role::Config) {
        for byte in Md5::digest(&file.data) {
            let _ = write!(sums, "{byte:02x}");
        }
        sums.push_str("  ");
        sums.push_str(&file.path);
        sums.push('\n');
    }
    sums
}
