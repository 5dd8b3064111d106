//! What a binary carries so that scanners know its crates: cargo-auditable's format
//! (<https://github.com/rust-secure-code/cargo-auditable>), for the section `.dep-v0`.

use std::io::Write as _;

use cargo_metadata::semver::Version;
use flate2::{Compression, write::ZlibEncoder};
use serde::Serialize;

use super::bill::Origin;
use crate::{graph::Graph, resolve::Plan};

#[derive(Serialize)]
struct Document<'a> {
    packages: Vec<Package<'a>>,
    /// 1: procedural macros and what they need are told apart from what is linked. Here they are left out.
    format: u8,
}

#[derive(Serialize)]
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    source: &'static str,
    #[serde(skip_serializing_if = "<[usize]>::is_empty")]
    dependencies: &'a [usize],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    root: bool,
}

/// The section's bytes: compressed JSON. The format knows crates only, so neither std nor the C library is in it. The
/// root is the distribution; its version is 0.0.0 if it has none that cargo would take, as the format demands one.
pub(crate) fn audit(graph: &Graph, plan: &Plan) -> Vec<u8> {
    let version = Some(&*plan.version).filter(|version| Version::parse(version).is_ok()).unwrap_or("0.0.0");
    let packages = graph.packages.iter().enumerate().map(|(position, linked)| {
        let root = position == 0;
        let (name, version) = if root { (&plan.name, version) } else { (&linked.name, &*linked.version) };
        let source = Origin::of(linked, graph).word();
        Package { name, version, source, dependencies: &linked.dependencies, root }
    });
    let document = Document { packages: packages.collect(), format: 1 };
    let json = serde_json::to_vec(&document).expect("structs of texts and numbers are JSON");
    let mut compressed = ZlibEncoder::new(Vec::new(), Compression::best());
    let written = compressed.write_all(&json).and_then(|()| compressed.finish());
    written.expect("a vector takes whatever is written to it")
}
