//! How spans come: two versions in two encodings each.

use http::{HeaderMap, header::CONTENT_TYPE};
use slimcol_pdata::Traces;
use slimcol_zipkin::{Error, v1, v2};

/// A version and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    V1Thrift,
    V1Json,
    V2Json,
    V2Proto,
}

impl Encoding {
    pub(crate) const ALL: [Self; 4] = [Self::V1Thrift, Self::V1Json, Self::V2Json, Self::V2Proto];

    /// What a path and a `Content-Type` say. All that is not said is version 2 and JSON, as in Go.
    pub(crate) fn of(path: &str, headers: &HeaderMap) -> Self {
        let media = headers.get(CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
        match (path.contains("api/v1/spans"), media) {
            (true, b"application/x-thrift") => Self::V1Thrift,
            (true, _) => Self::V1Json,
            (false, b"application/x-protobuf") => Self::V2Proto,
            (false, _) => Self::V2Json,
        }
    }

    /// Its name in the own metrics.
    pub(crate) const fn transport(self) -> &'static str {
        match self {
            Self::V1Thrift => "http_v1_thrift",
            Self::V1Json => "http_v1_json",
            Self::V2Json => "http_v2_json",
            Self::V2Proto => "http_v2_proto",
        }
    }

    /// Reads spans. With `parse`, tags that are written as numbers or booleans become such.
    pub(crate) fn read(self, body: &[u8], parse: bool) -> Result<Traces, Error> {
        match self {
            Self::V1Thrift => v1::from_thrift(body),
            Self::V1Json => v1::from_json(body, parse),
            Self::V2Json => v2::from_json(body, parse),
            Self::V2Proto => v2::from_proto(body, parse),
        }
    }
}
