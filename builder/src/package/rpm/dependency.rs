//! What a package provides and what it needs. The collector needs nothing, being static; its scripts do.

use super::{
    header::Header,
    tags::{header as tag, sense},
};
use crate::package::Contents;

/// A name, a version and flags.
type Dependency = (String, String, u32);

/// Puts all of it in the header.
pub(super) fn declare(contents: &Contents<'_>, header: &mut Header) {
    let facts = contents.facts;
    let name = &facts.name;
    let version = format!("{}-{}", facts.version, facts.rpm_release());
    let exactly = |name: String, flags| (name, version.clone(), sense::EQUAL | flags);
    let config = || exactly(format!("config({name})"), sense::CONFIG);
    let mut provides = vec![
        config(),
        exactly(name.clone(), sense::ANY),
        exactly(format!("{name}({})", isa(contents)), sense::ANY),
    ];
    let mut requires = vec![config()];
    for when in [sense::PRE, sense::POST, sense::PREUN, sense::POSTUN] {
        requires.push(any("/bin/sh", sense::INTERPRETER | when));
    }
    // By their paths, since the packages that hold them are not called the same everywhere.
    for program in ["/usr/bin/getent", "/usr/sbin/groupadd", "/usr/sbin/useradd", "/usr/sbin/usermod"] {
        requires.push(any(program, sense::PRE));
    }
    for when in [sense::POST, sense::PREUN, sense::POSTUN] {
        requires.push(any("systemd", when));
    }
    // What the package manager itself must know.
    let mut features = vec![
        ("CompressedFileNames", "3.0.4-1"),
        ("FileDigests", "4.6.0-1"),
        ("PayloadFilesHavePrefix", "4.0-1"),
        ("PayloadIsXz", "5.2-1"),
    ];
    if facts.version.contains('~') {
        features.push(("TildeInVersions", "4.10.0-1"));
    }
    for (feature, since) in features {
        requires.push((format!("rpmlib({feature})"), since.to_owned(), sense::RPMLIB | sense::LESS_OR_EQUAL));
    }
    provides.sort();
    requires.sort();
    write(header, tag::PROVIDES, provides);
    write(header, tag::REQUIRES, requires);
    write(header, tag::RECOMMENDS, vec![any("ca-certificates", sense::ANY)]);
}

/// The architecture as names of capabilities have it.
fn isa(contents: &Contents<'_>) -> &'static str {
    match contents.architecture.rpm {
        "x86_64" => "x86-64",
        "aarch64" => "aarch-64",
        "armv7hl" => "armv7hl-32",
        "i686" => "x86-32",
        "ppc64le" => "ppc-64",
        "riscv64" => "riscv-64",
        _ => "s390-64",
    }
}

fn any(name: &str, flags: u32) -> Dependency {
    (name.to_owned(), String::new(), flags)
}

fn write(header: &mut Header, [names, versions, flags]: [u32; 3], all: Vec<Dependency>) {
    header.int32(flags, all.iter().map(|(_, _, flags)| *flags));
    header.texts(versions, all.iter().map(|(_, version, _)| version));
    header.texts(names, all.into_iter().map(|(name, _, _)| name));
}
