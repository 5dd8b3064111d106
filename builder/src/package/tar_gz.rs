//! The `.tar.gz`: a collector to unpack anywhere, with what a machine without a package manager needs. Flat, as the official
//! archives are.

use std::io;

use super::{Contents, compress, tarball::Tarball, texts, tree};

const README: &str = include_str!("../../../templates/package/archive-readme.jinja");

/// The archive's bytes.
pub(super) fn write(contents: &Contents<'_>) -> io::Result<Vec<u8>> {
    let facts = contents.facts;
    let name = &facts.name;
    let text = |template| texts::render(template, facts);
    let mut tar = Tarball::new("", facts.time.seconds());
    tar.file("NOTICES", 0o644, contents.notices.as_bytes())?;
    tar.file("README.md", 0o644, text(README)?.as_bytes())?;
    tar.file("config.yaml", 0o644, contents.config.as_bytes())?;
    tar.file(name, 0o755, contents.binary)?;
    tar.file(&format!("{name}.1"), 0o644, text(tree::MANUAL)?.as_bytes())?;
    tar.file(&format!("{name}.conf"), 0o644, text(tree::OPTIONS)?.as_bytes())?;
    tar.file(&format!("{name}.service"), 0o644, text(tree::SERVICE)?.as_bytes())?;
    compress::gzip(&tar.finish()?)
}
