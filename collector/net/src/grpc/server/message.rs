//! Reading the one message of a unary request.

use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use slimcol_service::Code;

use crate::{
    compression::{Compression, DecompressError},
    exchange::Inbound,
    grpc::client::GrpcStatus,
};

/// A message's length is only a promise; this much of it is believed before any of it has come.
const BELIEVED: usize = 1 << 20;

/// How messages of a request are compressed, if they say that they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoding(Compression);

impl Encoding {
    /// What `grpc-encoding` says.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, GrpcStatus> {
        let name = headers.get("grpc-encoding").map_or(&b""[..], |value| value.as_bytes());
        Ok(Self(match name {
            b"" | b"identity" => Compression::None,
            b"gzip" => Compression::Gzip,
            // gRPC's snappy is the stream format.
            b"snappy" => Compression::SnappyFramed,
            b"zstd" => Compression::Zstd,
            other => {
                let name = String::from_utf8_lossy(other);
                let message = format!("grpc: Decompressor is not installed for grpc-encoding {name:?}");
                return Err(GrpcStatus::new(Code::Unimplemented, message));
            }
        }))
    }
}

/// Reads the message, of at most `max` bytes as sent and decompressed. It is copied only if it comes in several frames.
/// Errors have the texts of Go's gRPC.
pub(super) async fn read(body: &mut Inbound, encoding: Encoding, max: usize) -> Result<Bytes, GrpcStatus> {
    let mut head = [0; 5];
    let mut known = 0;
    let mut part = Bytes::new();
    while known < head.len() {
        part = next(body).await?.ok_or_else(cut)?;
        let more = part.len().min(head.len() - known);
        head[known..known + more].copy_from_slice(&part[..more]);
        part.advance(more);
        known += more;
    }
    let [flag, length @ ..] = head;
    let length = u32::from_be_bytes(length) as usize;
    if length > max {
        let message = format!("grpc: received message larger than max ({length} vs. {max})");
        return Err(GrpcStatus::new(Code::ResourceExhausted, message));
    }
    let message = whole(body, part, length).await?;
    match (flag, encoding.0) {
        (0, _) => Ok(message),
        (1, Compression::None) => {
            Err(GrpcStatus::new(Code::Internal, "grpc: compressed flag set with identity or empty encoding"))
        }
        (1, compression) => {
            compression.decompress(&message, max).map(Bytes::from).map_err(|error| match error {
                DecompressError::TooLarge => {
                    let message = format!("grpc: received message after decompression larger than max {max}");
                    GrpcStatus::new(Code::ResourceExhausted, message)
                }
                DecompressError::Corrupt(why) => {
                    GrpcStatus::new(Code::Internal, format!("grpc: failed to decompress the message: {why}"))
                }
            })
        }
        (other, _) => {
            Err(GrpcStatus::new(Code::Internal, format!("grpc: received unexpected payload format {other}")))
        }
    }
}

/// The message of which `part` is the beginning, and which must be the last.
async fn whole(body: &mut Inbound, part: Bytes, length: usize) -> Result<Bytes, GrpcStatus> {
    let message = if part.len() >= length {
        part
    } else {
        let mut message = BytesMut::with_capacity(length.min(BELIEVED));
        message.extend_from_slice(&part);
        while message.len() < length {
            message.extend_from_slice(&next(body).await?.ok_or_else(cut)?);
        }
        message.freeze()
    };
    if message.len() > length || next(body).await?.is_some() {
        let message =
            "cardinality violation: received multiple request messages for non-client-streaming RPC";
        return Err(GrpcStatus::new(Code::Internal, message));
    }
    Ok(message)
}

async fn next(body: &mut Inbound) -> Result<Option<Bytes>, GrpcStatus> {
    body.next().await.map_err(|_| GrpcStatus::new(Code::Canceled, "context canceled"))
}

fn cut() -> GrpcStatus {
    GrpcStatus::new(Code::Internal, "unexpected EOF")
}
