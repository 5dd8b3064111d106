//! What a build says about itself: what is in it, under which licences, from where, and that it is what was built.
//!
//! Nothing here reads a clock or names the machine: the same build gives the same documents.

mod allowed;
mod audit;
mod bill;
mod chain;
mod cyclonedx;
mod format;
mod inventory;
mod license;
mod license_files;
mod notices;
mod papers;
mod provenance;
mod purl;
mod runtime;
mod serial;
mod sign;
mod spdx23;
mod sums;

use std::path::Path;

pub(crate) use self::{
    allowed::check, audit::audit, bill::Bill, format::Format, inventory::Inventory, license::License,
    license_files::is_license, notices::notices, papers::Papers, runtime::Runtime, sign::Key,
};

/// `value` as indented JSON with a line end.
fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("structs of texts and numbers are always JSON");
    text + "\n"
}

/// A path from `folder`, as papers name files: with `/` on every system.
fn inside(folder: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).components();
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
