//! What a sink answers.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

/// An answer over HTTP or, with a status of gRPC among its headers, over gRPC.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Whether the request's numbers count as taken.
    pub(crate) takes: bool,
    /// HTTP's status.
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Of HTTP; of gRPC the message, without what stands before it.
    pub(crate) body: Vec<u8>,
}

impl Default for Answer {
    /// Takes everything.
    fn default() -> Self {
        Self { takes: true, status: 200, headers: Vec::new(), body: Vec::new() }
    }
}

impl Answer {
    /// A refusal with this status of HTTP.
    pub(crate) fn refusal(status: u16) -> Self {
        Self { takes: false, status, ..Self::default() }
    }

    /// The same, of gRPC.
    pub(crate) fn grpc(code: u16) -> Self {
        let headers =
            vec![("content-type", "application/grpc".to_owned()), ("grpc-status", code.to_string())];
        Self { headers, ..Self::refusal(200) }
    }

    /// Says in both ways after how many seconds to come again: `Retry-After`, and a `RetryInfo` in the details.
    pub(crate) fn after(mut self, seconds: u8) -> Self {
        self.headers.push(("retry-after", seconds.to_string()));
        let name = b"type.googleapis.com/google.rpc.RetryInfo";
        let delay = [10, 2, 8, seconds];
        let any = [&[10, 40], &name[..], &[18, 4], &delay].concat();
        let status = [&[8, 8, 26, u8::try_from(any.len()).unwrap()], &any[..]].concat();
        self.headers.push(("grpc-status-details-bin", STANDARD_NO_PAD.encode(status)));
        self
    }
}
