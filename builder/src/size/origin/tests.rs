use super::*;
use crate::graph::Linked;

fn package(name: &str, id: &str) -> Linked {
    Linked { name: name.to_owned(), version: "1.0.0".to_owned(), id: id.to_owned(), ..Linked::default() }
}

/// Two packages of one name, one of C, and the generated one. `h2` of the first is `Csab_2h2`, of the second `Cscd_2h2`.
fn origins(folder: &Path) -> Origins {
    let graph = Graph {
        packages: vec![
            package("otelcol-x-12ab", "root"),
            package("h2", "h2-1"),
            package("h2", "h2-2"),
            package("silent-one", "silent"),
            package("hashbrown", "hashbrown"),
            package("zstd-sys", "zstd"),
        ],
    };
    let unit = |package: &str, name: &str, content: &[u8]| {
        let file = folder.join(format!("{package}.rlib"));
        fs::write(&file, content).unwrap();
        Unit::Rust { package: package.to_owned(), name: name.to_owned(), file }
    };
    fs::write(folder.join("libhashbrown-0123.rlib"), "").unwrap();
    fs::write(folder.join("notes.txt"), "").unwrap();
    let native = Unit::Native { package: "zstd".to_owned(), folders: vec![folder.join("nowhere")] };
    let units = [
        unit("h2-1", "h2", b".Csab_2h2."),
        unit("h2-2", "h2", b".Cscd_2h2."),
        unit("silent", "silent_one", b"nothing"),
        unit("hashbrown", "hashbrown", b"nothing"),
        unit("unknown", "unknown", b"nothing"),
        native,
    ];
    let mut origins = Origins::read(&graph, &units, folder).unwrap();
    let library = &mut origins.native[0].1;
    library.public.insert("ZSTD_compress".to_owned());
    library.private.insert("compress_block".to_owned());
    library.files.insert("zstd_compress.c".to_owned());
    origins
}

#[test]
fn a_symbol_is_the_package_whose_hash_it_carries() {
    let folder = tempfile::tempdir().unwrap();
    let origins = origins(folder.path());
    let owner = |name: &str, file: Option<&str>| origins.owner(&Symbol { name, file });
    let standard = |name: &str| Owner::Standard(name.to_owned());
    for (name, expected) in [
        ("_RNvCsab_2h23foo", Owner::Package(1)),
        ("_RNvCscd_2h23foo", Owner::Package(2)),
        // A hash of nobody's library: some h2 that is linked into the standard library.
        ("_RNvCsef_2h23foo", standard("h2")),
        ("_RNvCsef_10silent_one3foo", Owner::Package(3)),
        ("_RNvCsef_14otelcol_x_12ab4main", Owner::Package(0)),
        // The standard library has one of its own, so the name alone says nothing.
        ("_RNvCsef_9hashbrown3foo", standard("hashbrown")),
        ("_RINvCsef_4core4dropCscd_2h2E", Owner::Package(2)),
        ("rust_eh_personality", standard("std")),
    ] {
        assert_eq!(owner(name, None), expected, "{name}");
    }
}

#[test]
fn symbols_of_c_are_their_packages_or_the_systems() {
    let folder = tempfile::tempdir().unwrap();
    let origins = origins(folder.path());
    for (name, file, expected) in [
        ("ZSTD_compress", None, Owner::Package(5)),
        ("compress_block", Some("zstd_compress.c"), Owner::Package(5)),
        // Assembly tells no file, and stands behind what came before it.
        ("compress_block", Some("otelcol_x_12ab.0123-cgu.0"), Owner::Package(5)),
        ("compress_block", None, Owner::Package(5)),
        // The C library's own, which happens to be called the same.
        ("compress_block", Some("vfprintf-internal.c"), Owner::System),
        ("memcpy", None, Owner::System),
    ] {
        assert_eq!(origins.owner(&Symbol { name, file }), expected, "{name} of {file:?}");
    }
}
