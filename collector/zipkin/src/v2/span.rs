//! A span as version 2 has it, borrowed from where it stands.

use std::{borrow::Cow, net::IpAddr};

use super::tags::Tags;
use crate::names;

/// A span. What Zipkin says of sampling and sharing has no place in OTLP, and is not here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Span<'a> {
    pub(crate) trace_id: [u8; 16],
    pub(crate) id: [u8; 8],
    pub(crate) parent_id: Option<[u8; 8]>,
    pub(crate) name: Cow<'a, str>,
    pub(crate) kind: Kind,
    /// Nanoseconds since 1970.
    pub(crate) start: Option<u64>,
    /// Nanoseconds.
    pub(crate) duration: u64,
    pub(crate) local: Endpoint<'a>,
    pub(crate) remote: Endpoint<'a>,
    pub(crate) annotations: Vec<Annotation<'a>>,
    pub(crate) tags: Tags<'a>,
}

/// Which side of a call or a message it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Unspecified,
    Client,
    Server,
    Producer,
    Consumer,
}

/// A place in the network. One without anything is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Endpoint<'a> {
    pub(crate) service: Cow<'a, str>,
    pub(crate) ipv4: Option<IpAddr>,
    pub(crate) ipv6: Option<IpAddr>,
    pub(crate) port: u16,
}

/// Something that happened in the span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Annotation<'a> {
    /// Nanoseconds since 1970.
    pub(crate) time: u64,
    pub(crate) value: Cow<'a, str>,
}

impl Span<'_> {
    /// The name of the service that made it, which decides over its resource.
    pub(crate) fn service(&self) -> &str {
        if self.local.service.is_empty() { names::NO_SERVICE } else { &self.local.service }
    }

    /// The name of its scope.
    pub(crate) fn scope(&self) -> &str {
        self.tags.get(names::SCOPE_NAME).or_else(|| self.tags.get(names::LIBRARY_NAME)).unwrap_or_default()
    }
}

impl Endpoint<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.service.is_empty() && self.ipv4.is_none() && self.ipv6.is_none() && self.port == 0
    }
}

/// An address as Go prints it: what is an IPv4 address in IPv6's form is printed as the former.
pub(crate) fn shown(address: IpAddr) -> String {
    address.to_canonical().to_string()
}
