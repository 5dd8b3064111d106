use std::{env, fs, os::unix::fs::PermissionsExt as _, process::Command};

use object::{Object as _, ObjectSection as _};

use super::*;

/// This test as a file: a binary with symbols and debugging information.
fn myself() -> Vec<u8> {
    fs::read(env::current_exe().unwrap()).unwrap()
}

/// What the test binary in `data` prints when it is asked for its tests.
fn listed(data: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it");
    fs::write(&path, data).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new(&path).arg("--list").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_finished_binary_runs_and_has_nothing_but_what_runs_and_the_audit_data() {
    let me = myself();
    let finished = finish(&me, Some(b"the crates"), Rest::Dropped).unwrap();
    assert!(finished.len() < me.len() / 2, "{} of {}", finished.len(), me.len());
    assert_eq!(listed(&finished), listed(&me));
    let file = object::File::parse(&*finished).unwrap();
    assert_eq!(file.section_by_name(".dep-v0").unwrap().data().unwrap(), b"the crates");
    let names: Vec<_> = file.sections().map(|section| section.name().unwrap().to_owned()).collect();
    assert!(!names.iter().any(|name| [".comment", ".debug_info", ".symtab"].contains(&&**name)), "{names:?}");
    assert!(file.symbols().next().is_none());
    let before = object::File::parse(&*me).unwrap();
    for name in [".text", ".rodata", ".data.rel.ro"] {
        let [one, other] = [&file, &before].map(|file| file.section_by_name(name).unwrap());
        assert_eq!((one.address(), one.size()), (other.address(), other.size()), "{name}");
    }
}

#[test]
fn finishing_depends_on_what_is_loaded_alone() {
    let me = myself();
    let audited = finish(&me, Some(b"the crates"), Rest::Dropped).unwrap();
    let plain = finish(&me, None, Rest::Dropped).unwrap();
    assert!(audited == finish(&audited, Some(b"the crates"), Rest::Dropped).unwrap());
    assert!(plain == finish(&audited, None, Rest::Dropped).unwrap());
    assert!(object::File::parse(&*plain).unwrap().section_by_name(".dep-v0").is_none());
}

#[test]
fn a_binary_for_debuggers_keeps_everything() {
    let me = myself();
    let finished = finish(&me, Some(b"the crates"), Rest::Kept).unwrap();
    assert_eq!(listed(&finished), listed(&me));
    let [file, before] = [&finished, &me].map(|data| object::File::parse(&**data).unwrap());
    assert_eq!(file.section_by_name(".dep-v0").unwrap().data().unwrap(), b"the crates");
    assert_eq!(file.symbols().count(), before.symbols().count());
    assert!(before.section_by_name(".debug_info").is_some() && file.section_by_name(".debug_info").is_some());
}

#[test]
fn what_cannot_be_finished_is_refused() {
    let me = myself();
    assert_eq!(finish(b"#!/bin/sh", None, Rest::Dropped).unwrap_err(), "it is not an ELF file");
    assert!(finish(&me[..100], None, Rest::Dropped).unwrap_err().starts_with("it cannot be read: "));
    // The table of sections comes last, and what is loaded first: without the end the table is missing.
    assert!(finish(&me[..me.len() / 2], None, Rest::Dropped).is_err());
}
