use std::collections::BTreeMap;

use super::*;

fn package(name: &str, version: &str, source: Option<&str>, dependencies: &[&str]) -> Package {
    let text = |text: &str| text.to_owned();
    Package {
        name: text(name),
        version: text(version),
        source: source.map(text),
        checksum: source.map(|_| "00ff".to_owned()),
        dependencies: dependencies.iter().map(|name| text(name)).collect(),
    }
}

const REGISTRY: Option<&str> = Some("registry+https://github.com/rust-lang/crates.io-index");

fn distribution() -> Distribution {
    Distribution {
        slimcol: "0.1.0".to_owned(),
        rustc: "1.95.0 (59807616e 2026-04-14)".to_owned(),
        sources: "sha256:12".to_owned(),
        pins: vec![Pin {
            name: "mine".to_owned(),
            wanted: "git https://example.com/\"x\", tag v1".to_owned(),
            version: "0.3.0".to_owned(),
            source: "git+https://example.com/x?tag=v1#0123abc".to_owned(),
            checksum: None,
        }],
        packages: vec![
            package("bytes", "1.10.0", REGISTRY, &[]),
            package("mine", "0.3.0", None, &["bytes 1.10.0", "rand 0.8.5"]),
            package("rand", "0.8.5", REGISTRY, &[]),
        ],
    }
}

#[test]
fn what_is_written_is_read_back_and_has_cargos_form() {
    let all: BTreeMap<_, _> =
        [("edge.yaml".to_owned(), distribution()), ("a \"b\".yaml".to_owned(), distribution())].into();
    let text = toml::render(&all);
    assert_eq!(toml::parse(&text).unwrap(), all);
    assert_eq!(toml::render(&toml::parse(&text).unwrap()), text);
    let expected = "\n[[distribution]]\nmanifest = \"edge.yaml\"\nslimcol = \"0.1.0\"\nrustc = \"1.95.0 (59807616e \
                    2026-04-14)\"\nsources = \"sha256:12\"\n\n[[distribution.component]]\ncrate = \"mine\"\nwanted = 'git \
                    https://example.com/\"x\", tag v1'\nversion = \"0.3.0\"\nsource = \
                    \"git+https://example.com/x?tag=v1#0123abc\"\n\n[[distribution.package]]\nname = \"bytes\"\nversion = \
                    \"1.10.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"00ff\"\n\n\
                    [[distribution.package]]\nname = \"mine\"\nversion = \"0.3.0\"\ndependencies = [\n \"bytes 1.10.0\",\n \
                    \"rand 0.8.5\",\n]\n";
    assert!(text.starts_with("# What each manifest") && text.contains("\nversion = 1\n"), "{text}");
    assert!(text.contains(expected), "{text}");
    assert_eq!(distribution().pins[0].commit(), Some("0123abc"));
}

#[test]
fn what_is_no_lock_file_is_refused() {
    for (text, expected) in [
        ("version = 2\n", "its version is 2, and this slimcol knows 1"),
        ("", "it has no `version`"),
        ("version = 1\ndistribution = 3\n", "`distribution` is not a list of tables"),
        ("version = 1\n[[distribution]]\nslimcol = \"1\"\nrustc = \"1\"\n", "`sources` is missing"),
    ] {
        assert_eq!(toml::parse(text).unwrap_err(), expected);
    }
    assert!(toml::parse("<<<<<<< HEAD\n").is_err());
}

#[test]
fn compatible_versions_are_one_series() {
    for (version, series) in [
        ("1.2.3", "1"),
        ("12.0.0", "12"),
        ("0.8.5", "0.8"),
        ("0.0.3", "0.0.3"),
        ("0.0.3+b", "0.0.3"),
        ("2.0.0-a.1", "2"),
    ] {
        assert_eq!(package("x", version, None, &[]).series(), ("x", series));
    }
}

#[test]
fn the_sources_lock_file_wins_and_only_what_it_lacks_is_added() {
    let own = "version = 4\n\n[[package]]\nname = \"bytes\"\nversion = \"1.11.0\"\n\n[[package]]\nname = \"rand\"\nversion = \
               \"0.9.0\"\n\n[[package]]\nname = \"user\"\nversion = \"1.0.0\"\ndependencies = [\n \"rand\",\n]\n";
    let text = seeded(own.to_owned(), Some(&distribution())).unwrap();
    let packages = toml::cargo_lock(&text).unwrap();
    let named: Vec<_> = packages.iter().map(|p| format!("{} {}", p.name, p.version)).collect();
    assert_eq!(named, ["bytes 1.11.0", "mine 0.3.0", "rand 0.8.5", "rand 0.9.0", "user 1.0.0"]);
    assert_eq!(packages[4].dependencies, ["rand 0.9.0"]);
    assert!(text.starts_with("version = 4\n"), "{text}");
}

type Change<'a> = &'a dyn Fn(&mut Distribution);

#[test]
fn differences_are_said_in_words() {
    let old = distribution();
    let changed = |change: &dyn Fn(&mut Distribution)| {
        let mut new = old.clone();
        change(&mut new);
        difference::between(&old, &new)
    };
    assert!(changed(&|_| ()).is_empty());
    let cases: [(Change<'_>, &[&str]); 9] = [
        (&|new| new.slimcol = "0.2.0".to_owned(), &["slimcol is 0.2.0, not 0.1.0"]),
        (&|new| new.rustc = "1.96.0".to_owned(), &["rustc is 1.96.0, not 1.95.0 (59807616e 2026-04-14)"]),
        (&|new| new.packages[2].version = "0.8.6".to_owned(), &["`rand` is 0.8.6, not 0.8.5"]),
        (&|new| new.packages[2].checksum = None, &["`rand` 0.8.5 is another than in it"]),
        (&|new| _ = new.packages.pop(), &["`rand` 0.8.5 in it is not needed"]),
        (&|new| new.packages.push(package("z", "1.0.0", REGISTRY, &[])), &["`z` 1.0.0 is not in it"]),
        (
            &|new| new.pins[0].source = "git+https://example.com/x?tag=v1#4567".to_owned(),
            &[
                "`mine` is git+https://example.com/x?tag=v1#4567, not git+https://example.com/x?tag=v1#0123abc",
            ],
        ),
        (
            &|new| new.sources = "sha256:13".to_owned(),
            &["the sources of crates that are Slimcol's or in folders have changed"],
        ),
        (&|new| new.pins.clear(), &["it lists more components than are wanted"]),
    ];
    for (change, expected) in cases {
        assert_eq!(changed(change), expected);
    }
}
