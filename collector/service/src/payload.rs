//! What passes from component to component.

use std::{fmt, net::SocketAddr, sync::Arc};

use slimcol_pdata::Data;

/// One request's telemetry and what is known of who sent it.
#[derive(Clone, Debug)]
pub struct Payload {
    /// The telemetry.
    pub data: Data,
    /// Who sent it; unknown for data that the collector made itself or that was joined from several senders.
    pub client: Client,
}

impl From<Data> for Payload {
    fn from(data: Data) -> Self {
        Self { data, client: Client::default() }
    }
}

/// Who sent a request. Cloning is one reference count.
#[derive(Clone, Debug, Default)]
pub struct Client(Option<Arc<ClientInfo>>);

/// What a receiver knows of a sender.
#[derive(Default)]
pub struct ClientInfo {
    /// The address that the request came from.
    pub addr: Option<SocketAddr>,
    /// The request's headers by lower-case name, if the receiver was configured with `include_metadata`.
    pub metadata: Vec<(String, Vec<String>)>,
    /// Whether the request came by gRPC.
    pub grpc: bool,
    /// What the receiver's authenticator learned, by the attribute's name. Can hold secrets, so it is neither shown nor stored.
    pub auth: Vec<(String, String)>,
}

impl fmt::Debug for ClientInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientInfo")
            .field("addr", &self.addr)
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A known client.
    pub fn new(info: ClientInfo) -> Self {
        Self(Some(Arc::new(info)))
    }

    /// All that is known.
    pub fn info(&self) -> Option<&ClientInfo> {
        self.0.as_deref()
    }

    /// The address that the request came from.
    pub fn addr(&self) -> Option<SocketAddr> {
        self.0.as_ref()?.addr
    }

    /// Whether the request came by gRPC.
    pub fn grpc(&self) -> bool {
        self.0.as_ref().is_some_and(|info| info.grpc)
    }

    /// The values of the request header `name`, whatever the case of its letters; empty if there is none.
    pub fn metadata(&self, name: &str) -> &[String] {
        let Some(info) = &self.0 else { return &[] };
        info.metadata.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or(&[], |(_, values)| values)
    }

    /// What the receiver's authenticator learned under `name`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.0.as_ref()?.auth.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
