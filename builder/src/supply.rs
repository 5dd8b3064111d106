//! What a build says about itself: what is in it, under which licences, from where, and that it is what was built.
//!
//! Nothing here reads a clock or names the machine: the same build gives the same documents.

mod audit;
mod bill;
mod cyclonedx;
mod format;
mod license;
mod purl;
mod runtime;
mod serial;
mod spdx23;

pub(crate) use self::{audit::audit, bill::Bill, format::Format, license::License, runtime::Runtime};

/// `value` as indented JSON with a line end.
fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("structs of texts and numbers are always JSON");
    text + "\n"
}
