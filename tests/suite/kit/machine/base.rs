//! The machine that all others are copied from.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::kit::command::run;

/// A slow mirror, and a hundred packages.
const DEADLINE: Duration = Duration::from_mins(15);
/// The files of a machine that was never booted, of the kind `name` with these packages. It is made once and kept in the target
/// folder.
pub(crate) fn find(name: &str, packages: &str) -> Option<PathBuf> {
    match archive().and_then(|(suite, mirror)| make(name, packages, &suite, &mirror)) {
        Ok(base) => Some(base),
        Err(missing) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
            eprintln!("NOT RUN: {missing}");
            None
        }
    }
}

fn make(name: &str, packages: &str, suite: &str, mirror: &str) -> Result<PathBuf, String> {
    if !rustix::process::geteuid().is_root() {
        return Err("a machine takes root to boot".to_owned());
    }
    let version = Command::new("debootstrap").arg("--version").output();
    version.map_err(|_| "debootstrap is not installed (apt-get install -y debootstrap)".to_owned())?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("machines");
    fs::create_dir_all(&folder).unwrap();
    let lock = File::open(&folder).unwrap();
    lock.lock().unwrap();
    let base = folder.join(format!("{suite}-{name}-1"));
    if !base.exists() {
        let new = folder.join("new");
        if new.exists() {
            fs::remove_dir_all(&new).unwrap();
        }
        let mut command = Command::new("debootstrap");
        command.args(["--variant=minbase", packages, suite]).arg(&new).arg(mirror);
        run(&mut command, DEADLINE).expect_success();
        // What was downloaded is unpacked already, and would be copied for every machine.
        for waste in ["var/cache/apt/archives", "var/lib/apt/lists"] {
            fs::remove_dir_all(new.join(waste)).unwrap();
        }
        fs::rename(&new, &base).unwrap();
    }
    Ok(base)
}

/// This machine's release and the archive that it is installed from.
fn archive() -> Result<(String, String), String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let suite = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let suite = suite.ok_or("this machine is no Debian: /etc/os-release has no VERSION_CODENAME")?;
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(entries) = fs::read_dir("/etc/apt/sources.list.d") {
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    files.sort();
    let texts: Vec<String> = files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    let found = texts.iter().find_map(|text| one_line(text, suite).or_else(|| stanza(text, suite)));
    let mirror =
        found.ok_or_else(|| format!("apt has no source of `{suite} main` (/etc/apt/sources.list)"))?;
    Ok((suite.to_owned(), mirror))
}

/// The address in a line `deb [options] ADDRESS SUITE main…`.
fn one_line(text: &str, suite: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("deb ")?.trim_start();
        let rest = if rest.starts_with('[') { rest.split_once(']')?.1 } else { rest };
        let words: Vec<&str> = rest.split_whitespace().collect();
        (words.len() > 2 && words[1] == suite && words[2..].contains(&"main")).then(|| words[0].to_owned())
    })
}

/// The same in a paragraph of `Key: words`.
fn stanza(text: &str, suite: &str) -> Option<String> {
    text.split("\n\n").find_map(|paragraph| {
        let words = |key: &str| -> Vec<&str> {
            let value = paragraph.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            value.unwrap_or_default().split_whitespace().collect()
        };
        let right = words("Types").contains(&"deb")
            && words("Suites").contains(&suite)
            && words("Components").contains(&"main");
        if right { words("URIs").first().map(|&uri| uri.to_owned()) } else { None }
    })
}
