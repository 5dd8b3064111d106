//! Folders that were made to hurt.

use std::{fs, os::unix::fs::symlink};

use super::{MANIFEST, component, generate};
use crate::{files_in, manifest, tree::FACTORY};

#[test]
fn loops_pipes_and_dead_links_are_left_out() {
    let folder = manifest(&format!("{MANIFEST}  - {{crate: mine, path: third/mine}}\n"));
    component(&folder.path().join("third"), "exporter", FACTORY);
    let mine = folder.path().join("third/mine");
    fs::create_dir_all(mine.join("data/deep")).unwrap();
    fs::write(mine.join("data/kept"), "x").unwrap();
    // Followed without end they would be 10^32 folders.
    for n in 0..10 {
        symlink("..", mine.join(format!("data/deep/up{n}"))).unwrap();
        symlink("/", mine.join(format!("data/root{n}"))).unwrap();
        fs::remove_file(mine.join(format!("data/root{n}"))).unwrap();
    }
    symlink("nowhere", mine.join("data/dead")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(mine.join("data/pipe")).status().unwrap();
    assert!(pipe.success());
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!((code, &*said), (Some(0), ""));
    let crates = files_in(&folder.path().join("out/_build/crates"));
    let names: Vec<&str> = crates.iter().filter_map(|(name, _)| Some(name.split_once("/mine/")?.1)).collect();
    assert_eq!(names, ["Cargo.toml", "data/kept", "src/lib.rs"]);
}

#[test]
fn a_crate_beyond_measure_is_refused() {
    let folder = manifest(&format!("{MANIFEST}  - {{crate: mine, path: third/mine}}\n"));
    component(&folder.path().join("third"), "exporter", FACTORY);
    let large = folder.path().join("third/mine/large");
    fs::File::create(&large).unwrap().set_len(600 << 20).unwrap();
    let (code, said, toml) = generate(folder.path(), &[]);
    let expected = "error: crate `[dir]/third/mine` has more than 512 MiB, which no crate needs to be built (seen at \
                    `[dir]/third/mine/large`)\n";
    assert_eq!((code, &*said, &*toml), (Some(3), expected, ""));

    fs::remove_file(&large).unwrap();
    symlink("/dev/zero", folder.path().join("third/mine/zero")).unwrap();
    fs::remove_file(folder.path().join("third/mine/Cargo.toml")).unwrap();
    symlink("/dev/zero", folder.path().join("third/mine/Cargo.toml")).unwrap();
    let (code, said, _) = generate(folder.path(), &[]);
    let expected =
        "error: there is no crate in `[dir]/third/mine`: cannot read its Cargo.toml: it is not a file\n";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(code, Some(2));
}
