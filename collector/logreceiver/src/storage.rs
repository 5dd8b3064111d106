//! Where receivers keep how far they have come.

use std::sync::Arc;

use slimcol_config::{ComponentId, Section};
use slimcol_service::{BoxError, Context, Owner, Store};

/// Reads the key `storage`: the extension in which the receiver keeps how far it has come.
pub fn read_storage(from: &mut Section<'_>) -> Option<ComponentId> {
    let storage = from.find("storage");
    if let Some(id) = &storage {
        from.wants_extension("storage", id, missing(id));
    }
    storage
}

fn missing(id: &ComponentId) -> String {
    format!("storage extension '{id}' not found")
}

/// The store of the receiver `cx` in an extension; `kind` is the receiver's type without underscores, by which the Go
/// collector names the store, so that a receiver keeps it under its older name and its newer one.
///
/// # Errors
/// There is no such extension, it stores nothing, or the store cannot be opened.
pub async fn store(id: &ComponentId, kind: &str, cx: &Context) -> Result<Arc<dyn Store>, BoxError> {
    let offers = cx.extension(&id.to_string()).ok_or_else(|| missing(id))?;
    let storage = offers.storage().ok_or_else(|| format!("non-storage extension '{id}' found"))?;
    let own = match cx.id().split_once('/') {
        Some((_, name)) => format!("{kind}/{name}"),
        None => kind.to_owned(),
    };
    storage.open(Owner { kind: "receiver", id: own, part: String::new() }).await
}
