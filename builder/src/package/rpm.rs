//! The `.rpm`: a lead for file(1), a header of digests, the header, and a compressed archive.

mod cpio;
mod dependency;
mod header;
mod tags;

use std::io;

use self::{
    cpio::Cpio,
    header::{Header, number},
    tags::{file, header as tag, signature},
};
use super::{
    Contents, compress, texts,
    tree::{self, Entry, Role},
};
use crate::digest::sha256;

/// The scripts before and after installing and before and after removing.
pub(super) const SCRIPTS: [&str; 4] = [
    include_str!("../../../templates/package/rpm-pre.jinja"),
    include_str!("../../../templates/package/rpm-post.jinja"),
    include_str!("../../../templates/package/rpm-preun.jinja"),
    include_str!("../../../templates/package/rpm-postun.jinja"),
];
const DESCRIPTION: &str = include_str!("../../../templates/package/rpm-description.jinja");
const SHA256: u32 = 8;

/// The package's bytes.
pub(super) fn write(contents: &Contents<'_>) -> io::Result<Vec<u8>> {
    let files = files(contents)?;
    let archive = archive(contents, &files);
    let payload = compress::xz(&archive)?;
    let mut header = Header::default();
    describe(contents, &mut header)?;
    list(contents, &files, &mut header);
    header.text(tag::PAYLOAD_FORMAT, "cpio");
    header.text(tag::PAYLOAD_COMPRESSOR, "xz");
    header.text(tag::PAYLOAD_FLAGS, "6");
    header.texts(tag::PAYLOAD_DIGEST, [sha256(&payload)]);
    header.int32(tag::PAYLOAD_DIGEST_ALGORITHM, [SHA256]);
    header.texts(tag::PAYLOAD_DIGEST_ALT, [sha256(&archive)]);
    let header = header.encode(tag::IMMUTABLE);
    let mut digests = Header::default();
    digests.text(signature::SHA256, sha256(&header));
    digests.int32(signature::SIZE, [number(header.len() + payload.len())]);
    digests.int32(signature::PAYLOAD_SIZE, [number(archive.len())]);
    let mut bytes = lead(contents);
    bytes.extend(digests.encode(tag::SIGNATURES));
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes.extend(header);
    bytes.extend(payload);
    Ok(bytes)
}

/// Every file and folder of the package's own, by its path.
fn files(contents: &Contents<'_>) -> io::Result<Vec<Entry>> {
    let name = &contents.facts.name;
    let mut files = tree::installed(contents)?;
    files.push(Entry::folder(format!("etc/{name}"), 0o755, Role::Folder));
    files.push(Entry::folder(format!("usr/share/licenses/{name}"), 0o755, Role::Folder));
    let notices = format!("usr/share/licenses/{name}/NOTICES");
    files.push(Entry::file(notices, Role::Licence, contents.notices));
    files.push(Entry::folder(format!("var/lib/{name}"), 0o750, Role::State));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn archive(contents: &Contents<'_>, files: &[Entry]) -> Vec<u8> {
    let time = contents.facts.time.seconds();
    let mut cpio = Cpio::default();
    for file in files {
        cpio.add(&format!("./{}", file.path), mode(file), time, &file.data);
    }
    cpio.finish()
}

/// What the package says of itself.
fn describe(contents: &Contents<'_>, header: &mut Header) -> io::Result<()> {
    let facts = contents.facts;
    let (version, release) = (&facts.version, facts.rpm_release());
    let time = facts.rpm_time();
    header.texts(tag::LANGUAGES, ["C"]);
    header.text(tag::NAME, &facts.name);
    header.text(tag::VERSION, version);
    header.text(tag::RELEASE, &release);
    header.translated(tag::SUMMARY, facts.summary());
    header.translated(tag::DESCRIPTION, texts::render(DESCRIPTION, facts)?.trim_end());
    header.int32(tag::BUILD_TIME, [time]);
    header.text(tag::BUILD_HOST, "localhost");
    header.text(tag::LICENSE, &facts.license);
    header.text(tag::PACKAGER, &facts.maintainer);
    header.translated(tag::GROUP, "Unspecified");
    if let Some(homepage) = &facts.homepage {
        header.text(tag::URL, homepage);
    }
    header.text(tag::OS, "linux");
    header.text(tag::ARCH, contents.architecture.rpm);
    header.text(tag::ENCODING, "utf-8");
    // Without the name of a source package, a package is taken for one.
    header.text(tag::SOURCE_RPM, format!("{}-{version}-{release}.src.rpm", facts.name));
    for (template, (script, interpreter)) in SCRIPTS.into_iter().zip(tag::SCRIPTS) {
        header.text(script, texts::render(template, facts)?.trim_end());
        header.text(interpreter, "/bin/sh");
    }
    header.int32(tag::CHANGE_TIMES, [time]);
    header.texts(tag::CHANGE_NAMES, [format!("{} - {version}-{release}", facts.maintainer)]);
    let change = format!("- Version {}, built by Slimcol.", facts.written_version);
    header.texts(tag::CHANGE_TEXTS, [change]);
    dependency::declare(contents, header);
    Ok(())
}

/// The list of the files.
fn list(contents: &Contents<'_>, files: &[Entry], header: &mut Header) {
    let facts = contents.facts;
    let time = facts.rpm_time();
    let mut folders: Vec<String> = Vec::new();
    let mut in_folder = Vec::new();
    let mut names = Vec::new();
    for file in files {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let folder = format!("/{folder}/");
        let position = folders.iter().position(|it| *it == folder).unwrap_or_else(|| {
            folders.push(folder);
            folders.len() - 1
        });
        in_folder.push(number(position));
        names.push(name);
    }
    let count = files.len();
    let owner = |root: &str, service: &str| -> Vec<String> {
        let of = |file: &Entry| if file.role == Role::State { service } else { root }.to_owned();
        files.iter().map(of).collect()
    };
    let digest = |file: &Entry| if file.is_folder() { String::new() } else { sha256(&file.data) };
    let size = |file: &Entry| number(if file.is_folder() { 4096 } else { file.data.len() });
    header.int32(tag::SIZE, [files.iter().map(|file| number(file.data.len())).sum()]);
    header.int32(tag::FILE_SIZES, files.iter().map(size));
    header.int16(tag::FILE_MODES, files.iter().map(mode));
    header.int16(tag::FILE_RDEVS, vec![0; count]);
    header.int32(tag::FILE_MTIMES, vec![time; count]);
    header.texts(tag::FILE_DIGESTS, files.iter().map(digest));
    header.int32(tag::FILE_DIGEST_ALGORITHM, [SHA256]);
    header.texts(tag::FILE_LINK_TOS, vec![""; count]);
    header.int32(tag::FILE_FLAGS, files.iter().map(flags));
    header.texts(tag::FILE_USERS, owner("root", &facts.user));
    header.texts(tag::FILE_GROUPS, owner("root", &facts.group));
    header.int32(tag::FILE_VERIFY_FLAGS, vec![u32::MAX; count]);
    header.int32(tag::FILE_DEVICES, vec![1; count]);
    header.int32(tag::FILE_INODES, (1..=count).map(number));
    header.texts(tag::FILE_LANGS, vec![""; count]);
    header.int32(tag::DIR_INDEXES, in_folder);
    header.texts(tag::BASE_NAMES, names);
    header.texts(tag::DIR_NAMES, folders);
}

/// The bits of `st_mode`.
fn mode(file: &Entry) -> u16 {
    (if file.is_folder() { 0o040_000 } else { 0o100_000 }) | file.mode
}

fn flags(file: &Entry) -> u32 {
    match file.role {
        Role::Config => file::CONFIG | file::NO_REPLACE,
        Role::Doc => file::DOC,
        Role::Licence => file::LICENSE,
        Role::File | Role::Folder | Role::State => 0,
    }
}

/// What stands before everything; only file(1) reads more of it than the magic number.
fn lead(contents: &Contents<'_>) -> Vec<u8> {
    let facts = contents.facts;
    let title = format!("{}-{}-{}", facts.name, facts.version, facts.rpm_release());
    // Format 3.0, a binary package, for an architecture whose number no longer matters.
    let mut bytes = vec![0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0, 0, 1];
    bytes.extend(title.bytes().take(65));
    bytes.resize(76, 0);
    // For Linux, with digests in a header.
    bytes.extend([0, 1, 0, 5]);
    bytes.resize(96, 0);
    bytes
}
