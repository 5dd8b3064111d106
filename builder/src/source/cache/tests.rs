use std::{os::unix::fs::PermissionsExt as _, thread};

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::source::is_source_tree;

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Sources as the program has them, but few.
fn archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for path in [
        "Cargo.toml",
        "collector/service/Cargo.toml",
        "collector/service/src/lib.rs",
        "components/receiver/otlp/Cargo.toml",
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(path.len() as u64);
        archive.append_data(&mut header, path, path.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

#[test]
fn sources_are_unpacked_once_and_mended_when_damaged() {
    let cache = tempfile::tempdir().unwrap();
    let unpacked = || unpacked(&archive(), cache.path()).unwrap().root;
    let root = unpacked();
    assert!(is_source_tree(&root), "{}", root.display());
    let library = root.join("collector/service/src/lib.rs");
    let (good, made) = (fs::read(&library).unwrap(), fs::metadata(&library).unwrap().modified().unwrap());
    assert_eq!(unpacked(), root);
    assert_eq!(fs::metadata(&library).unwrap().modified().unwrap(), made, "unpacked again without need");

    let stray = root.join("collector/service/src/stray.rs");
    let damages: [&dyn Fn(); 5] = [
        &|| fs::write(&library, "").unwrap(),
        &|| fs::remove_file(&library).unwrap(),
        &|| fs::write(&stray, "").unwrap(),
        &|| fs::remove_dir_all(root.join("components")).unwrap(),
        &|| {
            fs::remove_dir_all(&root).unwrap();
            fs::write(&root, "a file").unwrap();
        },
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        damage();
        assert_eq!(unpacked(), root, "{number}");
        assert!(fs::read(&library).unwrap() == good && !stray.exists(), "{number}");
        assert!(root.join("components/receiver/otlp/Cargo.toml").is_file(), "{number}");
        assert_eq!(entries(&cache.path().join("sources")).len(), 1, "{number}");
    }
}

#[test]
fn many_at_once_unpack_one() {
    let cache = tempfile::tempdir().unwrap();
    let unpack = || unpacked(&archive(), cache.path()).unwrap().root;
    let roots: Vec<PathBuf> = thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(unpack)).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(roots.iter().all(|root| *root == roots[0]));
    assert_eq!(entries(&cache.path().join("sources")).len(), 1);
}

#[test]
fn what_was_left_or_long_unused_goes_and_what_is_in_use_stays() {
    let cache = tempfile::tempdir().unwrap();
    let sources = cache.path().join("sources");
    let long_ago = SystemTime::now() - KEPT - Duration::from_hours(1);
    for (name, used) in
        [("old", long_ago), ("young", SystemTime::now()), (".slimcol-killed", SystemTime::now())]
    {
        fs::create_dir_all(sources.join(name).join("collector")).unwrap();
        fs::File::open(sources.join(name)).unwrap().set_modified(used).unwrap();
    }
    let root = unpacked(&archive(), cache.path()).unwrap().root;
    let mut expected = [root.file_name().unwrap().to_str().unwrap(), "young"];
    expected.sort_unstable();
    assert_eq!(entries(&sources), expected);
}

#[test]
fn a_cache_that_cannot_be_written_says_how_to_name_another() {
    let cache = tempfile::tempdir().unwrap();
    let taken = cache.path().join("file");
    fs::write(&taken, "").unwrap();
    let error = unpacked(&archive(), &taken).unwrap_err().chain();
    let expected = format!("cannot keep Slimcol's sources in `{}/sources`: cannot create `", taken.display());
    assert!(error.starts_with(&expected), "{error}");
    assert!(error.ends_with("; name a folder that can be written to with SLIMCOL_CACHE_DIR"), "{error}");

    // Once there, nothing needs to be written.
    let full = cache.path().join("full");
    let root = unpacked(&archive(), &full).unwrap().root;
    fs::set_permissions(full.join("sources"), fs::Permissions::from_mode(0o555)).unwrap();
    assert_eq!(unpacked(&archive(), &full).unwrap().root, root);
}
