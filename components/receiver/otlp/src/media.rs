//! The two encodings of OTLP over HTTP.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use slimcol_net::{grpc::client::GrpcStatus, http::server::HttpResponse};
use slimcol_pdata::{Data, Invalid, Signal};

use crate::intake::RESPONSE;

/// How a request is encoded, and its answer too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    Protobuf,
}

impl Media {
    /// What the request's `Content-Type` says, whatever its parameters are.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let name = value.split(';').next().unwrap_or_default().trim();
        [Self::Json, Self::Protobuf].into_iter().find(|media| name.eq_ignore_ascii_case(media.name()))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Protobuf => "application/x-protobuf",
        }
    }

    /// Checks a request.
    pub(crate) fn read(self, signal: Signal, body: Bytes) -> Result<Data, Invalid> {
        match self {
            Self::Json => Data::from_json(signal, &body),
            Self::Protobuf => Data::from_bytes(signal, body),
        }
    }

    /// The answer to a request that was taken.
    pub(crate) fn success(self) -> HttpResponse {
        match self {
            Self::Json => self.response(StatusCode::OK, Bytes::from_static(br#"{"partialSuccess":{}}"#)),
            Self::Protobuf => self.response(StatusCode::OK, Bytes::from_static(RESPONSE)),
        }
    }

    /// The answer to a request that was not taken: the status as the body.
    pub(crate) fn failure(self, http: StatusCode, status: &GrpcStatus) -> HttpResponse {
        match self {
            Self::Json => self.response(http, status.to_json().into()),
            Self::Protobuf => self.response(http, status.to_proto().into()),
        }
    }

    fn response(self, status: StatusCode, body: Bytes) -> HttpResponse {
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.name()));
        response
    }
}
