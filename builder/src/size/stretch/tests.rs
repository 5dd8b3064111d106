use std::{collections::BTreeSet, env, fs, process::Command};

use super::*;

const SOURCE: &str = "\
#[inline(never)] #[unsafe(no_mangle)] pub fn doubled(x: u64) -> u64 { std::hint::black_box(x) * 2 }\n\
#[inline(never)] pub fn listed(n: u64) -> Vec<String> { (0..n).map(|n| n.to_string()).collect() }\n\
#[unsafe(no_mangle)] pub static TABLE: [u64; 512] = { let mut t = [0; 512]; let mut i = 0; while i < 512 { t[i] = (i * i) as u64; i += 1; } t };\n\
fn main() { let n = std::env::args().count() as u64; println!(\"{:?} {} {}\", listed(n), doubled(n), TABLE[n as usize]); }\n";

/// A small program that the compiler makes, with symbols.
fn linked() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("probe.rs"), folder.path().join("probe"));
    fs::write(&source, SOURCE).unwrap();
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let flags = ["-O", "--edition=2024", "-C", "symbol-mangling-version=v0", "-C", "strip=debuginfo"];
    let output = Command::new(rustc).args(flags).arg(&source).arg("-o").arg(&out).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read(&out).unwrap()
}

#[test]
fn every_byte_is_in_one_stretch_and_symbols_have_theirs() {
    let linked = linked();
    let shipped = crate::compile::finish(&linked, Some(b"crates"), crate::compile::Rest::Dropped).unwrap();
    let stretches = all(&shipped, &linked).unwrap();
    assert_eq!(stretches.iter().map(|stretch| stretch.bytes).sum::<u64>(), shipped.len() as u64);

    // The sections with instructions, as another reader has them.
    let file = object::File::parse(&*shipped).unwrap();
    let text = file.sections().filter(|section| section.kind() == SectionKind::Text);
    let text: u64 = text.map(|section| section.size()).sum();
    let in_code = stretches.iter().filter(|stretch| stretch.part == Part::Code);
    assert_eq!(in_code.map(|stretch| stretch.bytes).sum::<u64>(), text);
    assert_eq!(code(&shipped).unwrap(), text);

    let named = |wanted: &str| {
        let all =
            stretches.iter().filter(|stretch| stretch.symbol.is_some_and(|symbol| symbol.name == wanted));
        all.map(|stretch| (stretch.part, stretch.bytes)).collect::<Vec<_>>()
    };
    assert_eq!(named("TABLE"), [(Part::Constants, 4096)]);
    let size = |wanted: &str| {
        let file = object::File::parse(&*linked).unwrap();
        file.symbols().find(|symbol| symbol.name() == Ok(wanted)).unwrap().size()
    };
    assert_eq!(named("doubled"), [(Part::Code, size("doubled"))]);
    let parts: BTreeSet<Part> = stretches.iter().map(|stretch| stretch.part).collect();
    assert!(
        parts.contains(&Part::Audit) && parts.contains(&Part::Unwinding) && !parts.contains(&Part::Debugging)
    );
    let unnamed = stretches.iter().filter(|s| s.part == Part::Code && s.symbol.is_none());
    let unnamed = unnamed.map(|stretch| stretch.bytes).sum::<u64>();
    assert!(unnamed * 20 < text, "{unnamed} of {text} bytes of code have no name");
}

#[test]
fn a_binary_with_its_symbols_is_covered_too() {
    let linked = linked();
    let stretches = all(&linked, &linked).unwrap();
    assert_eq!(stretches.iter().map(|stretch| stretch.bytes).sum::<u64>(), linked.len() as u64);
    assert!(stretches.iter().any(|stretch| stretch.part == Part::Debugging && stretch.bytes > 1_000));
}

#[test]
fn symbols_inside_of_others_and_without_a_size_do_not_count_twice() {
    let symbol = |name| Symbol { name, file: None };
    let named = BTreeMap::from([
        (10, (20, symbol("outer"))),
        (15, (5, symbol("inner"))),
        (18, (0, symbol("label"))),
        (40, (0, symbol("assembly"))),
        (50, (4, symbol("last"))),
    ]);
    let section = Section { address: 8, offset: 0, bytes: 52, part: Part::Code };
    let mut stretches = Vec::new();
    cut(&section, &named, &mut stretches);
    let cut: Vec<(&str, u64)> = stretches
        .iter()
        .filter(|stretch| stretch.bytes > 0)
        .map(|stretch| (stretch.symbol.map_or("", |symbol| symbol.name), stretch.bytes))
        .collect();
    assert_eq!(cut, [("", 2), ("outer", 20), ("", 10), ("assembly", 10), ("last", 4), ("", 6)]);
}

#[test]
fn what_is_no_elf_file_is_refused() {
    assert!(all(b"MZ not a program", b"").is_err());
}
