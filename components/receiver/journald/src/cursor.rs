//! How far the journal was read.

use std::sync::Arc;

use bytes::Bytes;
use slimcol_service::{BoxError, Change, Store};

/// The place in the journal behind what was taken, and where that is kept, if it is.
pub(crate) struct Cursor {
    last: Option<String>,
    store: Option<(Arc<dyn Store>, Bytes)>,
}

impl Cursor {
    /// What is kept under the name of an operator, as the Go collector keeps it.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) async fn load(store: Option<Arc<dyn Store>>, operator: &str) -> Result<Self, BoxError> {
        let Some(store) = store else { return Ok(Self { last: None, store: None }) };
        let key = Bytes::from(format!("{operator}.lastReadCursor"));
        let kept = store.get(&key).await.map_err(|why| format!("failed to get journalctl state: {why}"))?;
        let last = kept.map(|kept| String::from_utf8_lossy(&kept).trim().to_owned());
        Ok(Self { last: last.filter(|last| !last.is_empty()), store: Some((store, key)) })
    }

    /// The place, if something was taken.
    pub(crate) fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Something was taken.
    ///
    /// # Errors
    /// It cannot be kept.
    pub(crate) async fn set(&mut self, place: &str) -> Result<(), BoxError> {
        self.last = Some(place.to_owned());
        let Some((store, key)) = &self.store else { return Ok(()) };
        let place = Bytes::copy_from_slice(place.as_bytes());
        store.apply(vec![Change::Set(key.clone(), vec![place])]).await
    }

    /// Ends the use of where it is kept.
    pub(crate) async fn close(self) {
        if let Some((store, _)) = self.store {
            store.close().await;
        }
    }
}
