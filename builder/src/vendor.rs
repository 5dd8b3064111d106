//! Building where nothing can be fetched: one folder with everything that the builds of a manifest read besides a compiler.
//!
//! `slimcol vendor` makes it ([`bundle`]), and a build that is given it, or whose manifest lies in it, reads nothing else
//! ([`Vendored`]).

mod bundle;
mod components;
mod crates;
mod manifest;
mod pack;
mod vendored;

pub(crate) use self::{
    bundle::fill,
    pack::{Form, pack},
    vendored::Vendored,
};

/// The file that makes a folder one of these.
const MARK: &str = "slimcol-vendor.toml";
/// The manifest's name in it.
const MANIFEST: &str = "manifest.yaml";
/// The folder of Slimcol's sources.
const SOURCES: &str = "slimcol";
/// The folder of the registries' crates.
const CRATES: &str = "crates";
/// The folder of the components that are not Slimcol's.
const COMPONENTS: &str = "components";
/// What cargo has to be told to find the crates.
const CARGO_CONFIG: &str = "cargo-config.toml";
/// The version of the form.
const VERSION: i64 = 1;
