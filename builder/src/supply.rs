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
mod purl;
mod runtime;
mod serial;
mod spdx23;

pub(crate) use self::{
    allowed::check, audit::audit, bill::Bill, format::Format, inventory::Inventory, license::License,
    license_files::is_license, notices::notices, runtime::Runtime,
};

/// `value` as indented JSON with a line end.
fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("structs of texts and numbers are always JSON");
    text + "\n"
}
