//! `dist`: what the distribution is called and where it goes. Each topic's keys are read in a room of their own.

mod image;
mod licenses;
mod naming;
mod package;
mod places;
mod profile;

use std::path::{Path, PathBuf};

use slimcol_config::{Entry, Node, Place};

use self::package::Package;
pub(crate) use self::{
    image::DistImage,
    licenses::Licenses,
    naming::check as check_name,
    package::is_account,
    profile::{Lto, Panic},
};
use super::{Findings, go_only, keys, overrides};
use crate::size::Size;

/// What a manifest says of the distribution as a whole.
#[derive(Debug, Default)]
pub(crate) struct Dist {
    /// The binary's name, which is also the collector's command.
    pub(crate) name: String,
    /// The distribution's version; may be empty.
    pub(crate) version: String,
    /// What the distribution is for, in a line; may be empty.
    pub(crate) description: String,
    /// Where the binary goes.
    pub(crate) output_path: Option<PathBuf>,
    /// The configuration that images start with.
    pub(crate) config: Option<PathBuf>,
    /// What images of it are called and have in them.
    pub(crate) image: DistImage,
    /// Whether symbols and line numbers stay in the binary.
    pub(crate) debug: bool,
    /// What a panic does.
    pub(crate) panic: Panic,
    /// How much is optimised across crates.
    pub(crate) lto: Lto,
    /// The licences that linked crates may have; nothing means any.
    pub(crate) licenses: Option<Licenses>,
    /// How many bytes the binary may have.
    pub(crate) max_size: Option<Size>,
    /// What packages say besides.
    pub(crate) package: Package,
}

impl Dist {
    /// The `dist` of a manifest that nobody wrote: `defaults`, unless `SLIMCOL_DIST_…` says otherwise.
    pub(crate) fn unwritten(defaults: &[(&str, &str)], base: &Path, findings: &mut Findings) -> Self {
        let place = Place::named("the derived manifest");
        let mut root = Node::empty(place.clone());
        for (key, value) in defaults {
            root.put(&["dist", key], Node::text(*value, place.clone()));
        }
        overrides::apply(&mut root, findings);
        let top = keys::Keys::open(&root, "", findings);
        Self::read(&top, &root, base, findings)
    }

    /// Reads `dist`. Relative paths start from `base`.
    pub(super) fn read(top: &keys::Keys<'_>, root: &Node, base: &Path, findings: &mut Findings) -> Self {
        let entry = top.get("dist");
        let Some(entry) = entry.filter(|entry| !entry.value().is_null()) else {
            if top.complete() {
                let place = entry.map_or_else(|| root.place(), Entry::place);
                findings.issue(naming::missing().at(place.clone()));
            }
            return Self::default();
        };
        let keys = keys::Keys::within(entry, "dist", findings);
        let version = naming::version(&keys, findings);
        let dist = Self {
            name: naming::name(&keys, entry, findings),
            image: image::read(&keys, &version, findings),
            version,
            description: naming::description(&keys, findings),
            output_path: places::output_path(&keys, base, findings),
            config: places::config(&keys, base, findings),
            debug: profile::debug(&keys, findings),
            panic: profile::panic(&keys, findings),
            lto: profile::lto(&keys, findings),
            licenses: licenses::licenses(&keys, findings),
            max_size: profile::max_size(&keys, findings),
            package: package::read(&keys, entry, findings),
        };
        go_only::read_dist(&keys, base, findings);
        dist
    }
}
