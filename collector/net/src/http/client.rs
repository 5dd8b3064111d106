//! An HTTP client.
pub(crate) mod proxy;
