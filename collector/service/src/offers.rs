//! What extensions do for other components, which name them by id: storage, authentication.

use std::{fmt, sync::Arc};

use bytes::Bytes;

use crate::{BoxError, BoxFuture, Client};

/// What one extension offers. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Offers {
    storage: Option<Arc<dyn Storage>>,
    server_auth: Option<Arc<dyn ServerAuth>>,
    client_auth: Option<Arc<dyn ClientAuth>>,
}

impl Offers {
    /// The same and storage.
    #[must_use]
    pub fn with_storage(self, storage: Arc<dyn Storage>) -> Self {
        Self { storage: Some(storage), ..self }
    }

    /// The same and a check of who sends requests.
    #[must_use]
    pub fn with_server_auth(self, auth: Arc<dyn ServerAuth>) -> Self {
        Self { server_auth: Some(auth), ..self }
    }

    /// The same and proof of who sends requests.
    #[must_use]
    pub fn with_client_auth(self, auth: Arc<dyn ClientAuth>) -> Self {
        Self { client_auth: Some(auth), ..self }
    }

    /// Places where things outlive the process.
    pub fn storage(&self) -> Option<&Arc<dyn Storage>> {
        self.storage.as_ref()
    }

    /// The check of who sends requests.
    pub fn server_auth(&self) -> Option<&Arc<dyn ServerAuth>> {
        self.server_auth.as_ref()
    }

    /// Proof of who sends requests.
    pub fn client_auth(&self) -> Option<&Arc<dyn ClientAuth>> {
        self.client_auth.as_ref()
    }
}

impl fmt::Debug for Offers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offers")
            .field("storage", &self.storage.is_some())
            .field("server_auth", &self.server_auth.is_some())
            .field("client_auth", &self.client_auth.is_some())
            .finish()
    }
}

/// Opens stores: what a storage extension offers (Go's `extension/xextension/storage.Extension`).
pub trait Storage: Send + Sync {
    /// The store of one owner, which is the only one who has it open. Things kept in an earlier life of the process are in it.
    ///
    /// # Errors
    /// What cannot be read or made, and where.
    fn open(&self, owner: Owner) -> BoxFuture<'_, Result<Arc<dyn Store>, BoxError>>;
}

/// Whose store it is. Its parts name the store's files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// The component's kind (`exporter`).
    pub kind: &'static str,
    /// The component's id as the user wrote it (`otlp/backend`).
    pub id: String,
    /// What of it the store is for, if it has several (`traces`).
    pub part: String,
}

/// A place for things by key that outlive the process.
///
/// Changes that are given in one call come in together or not at all, whatever happens to the process, and survive it once the
/// call has returned; whether they survive the machine is the extension's configuration (`fsync`).
pub trait Store: Send + Sync {
    /// All keys with the length of what is kept under each, in bytes, sorted by key.
    ///
    /// # Errors
    /// What cannot be read.
    fn keys(&self) -> BoxFuture<'_, Result<Vec<(Bytes, u64)>, BoxError>>;

    /// What is kept under `key`.
    ///
    /// # Errors
    /// What cannot be read, also because it was damaged.
    fn get<'a>(&'a self, key: &'a [u8]) -> BoxFuture<'a, Result<Option<Bytes>, BoxError>>;

    /// Makes all changes, in their order.
    ///
    /// # Errors
    /// What cannot be written; then none was made.
    fn apply(&self, changes: Vec<Change>) -> BoxFuture<'_, Result<(), BoxError>>;

    /// Ends the use of the store, whose owner may open it again later.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// A change to a [`Store`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Keeps a value, given in pieces that are written one after the other, under a key.
    Set(Bytes, Vec<Bytes>),
    /// Forgets a key; one that is not there is no error.
    Delete(Bytes),
}

/// The headers of a request: lower-case names, each with a value. A name may come several times.
pub type RequestHeaders = [(String, String)];

/// Says whether a request may come in: what an authentication extension offers to servers (Go's `extensionauth.Server`).
pub trait ServerAuth: Send + Sync {
    /// Looks at a request's headers. What it learns of the sender goes with the data, as attributes.
    ///
    /// # Errors
    /// Why not. It is answered with 401 or Unauthenticated; the text must not repeat the request's secrets. A
    /// [`Refused`](crate::Refused) that is not permanent says that nobody can tell now: 503 or Unavailable.
    fn authenticate<'a>(
        &'a self,
        headers: &'a RequestHeaders,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, BoxError>>;
}

/// Gives requests what proves who sends them: what an authentication extension offers to clients (Go's
/// `extensionauth.HTTPClient` and `GRPCClient`).
pub trait ClientAuth: Send + Sync {
    /// What to do to the headers of the next request, which sends on what `client` sent.
    ///
    /// # Errors
    /// Why there is no proof now; the request is not sent and may be tried again.
    fn headers<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Vec<HeaderChange>, BoxError>>;

    /// Told when a far end answered 401 or Unauthenticated: what was cached may have been revoked.
    fn refused(&self) {}

    /// Whether the proof must not be sent without TLS (Go's `RequireTransportSecurity`, for gRPC).
    fn wants_tls(&self) -> bool {
        false
    }
}

/// What is done to a request's headers. Values are secret.
#[derive(Clone, PartialEq, Eq)]
pub enum HeaderChange {
    /// Replaces every value of the name by this one.
    Set(String, String),
    /// Gives the name this value where it has none.
    Insert(String, String),
    /// Replaces the value of the name where it has one.
    Update(String, String),
    /// Takes all values of the name away.
    Remove(String),
}

impl fmt::Debug for HeaderChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(name, _) => write!(f, "Set({name}: [REDACTED])"),
            Self::Insert(name, _) => write!(f, "Insert({name}: [REDACTED])"),
            Self::Update(name, _) => write!(f, "Update({name}: [REDACTED])"),
            Self::Remove(name) => write!(f, "Remove({name})"),
        }
    }
}
