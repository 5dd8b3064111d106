//! What `slimcol build` leaves behind is as small and as self-sufficient as promised.

use object::{Object, ObjectSection};

use crate::kit::distros;

const MAX_BINARY: u64 = 4_000_000;
const MAX_AGENT: u64 = 5_000_000;
const MAX_IMAGE: u64 = 3_000_000;

#[test]
fn the_otlp_binary_is_small() {
    let size = distros::otlp().binary.metadata().unwrap().len();
    assert!(size <= MAX_BINARY, "{size} bytes");
}

#[test]
fn the_agents_binary_is_small() {
    let size = distros::agent().binary.metadata().unwrap().len();
    assert!(size <= MAX_AGENT, "{size} bytes");
}

#[test]
fn the_otlp_image_is_small() {
    let size = distros::otlp().image.metadata().unwrap().len();
    assert!(size <= MAX_IMAGE, "{size} bytes");
}

#[test]
fn binaries_are_static_and_stripped() {
    for distro in [distros::otlp(), distros::agent(), distros::core()] {
        let bytes = std::fs::read(&distro.binary).unwrap();
        let elf = object::File::parse(&*bytes).unwrap();
        assert!(elf.section_by_name(".interp").is_none(), "wants an interpreter");
        assert!(elf.imports().unwrap().next().is_none(), "wants shared libraries");
        let names: Vec<_> = elf.sections().map(|section| section.name().unwrap().to_owned()).collect();
        assert!(!names.iter().any(|name| name == ".symtab" || name.starts_with(".debug")), "{names:?}");
    }
}

#[test]
fn binaries_tell_nothing_of_the_machine_that_built_them() {
    let bytes = std::fs::read(&distros::otlp().binary).unwrap();
    let home = std::env::var("HOME").unwrap();
    let root = distros::root().canonicalize().unwrap();
    for place in [format!("{home}/.cargo"), root.to_str().unwrap().to_owned()] {
        assert!(!bytes.windows(place.len()).any(|window| window == place.as_bytes()), "{place} is in it");
    }
}
