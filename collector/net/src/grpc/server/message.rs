//! Reading the one message of a unary request.

use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use slimcol_service::{BoxFuture, Code, Held, MEMORY_IS_SHORT};

use slimcol_compression::{Compression, DecompressError, UNPACKED};

use crate::{exchange::Inbound, grpc::client::GrpcStatus};

/// A message's length is only a promise; this much of it is believed before any of it has come.
const BELIEVED: usize = 1 << 20;

/// The shortest header of gzip, in bytes.
const GZIP_HEADER: usize = 10;

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
pub(super) fn read<'a>(
    body: &'a mut Inbound,
    encoding: Encoding,
    max: usize,
    mut held: Held<'a>,
) -> BoxFuture<'a, Result<Bytes, GrpcStatus>> {
    Box::pin(async move {
        let mut prefix = [0; 5];
        let mut known = 0;
        let mut part = Bytes::new();
        while known < prefix.len() {
            part = next(body, &mut held).await?.ok_or_else(|| if known == 0 { absent() } else { cut() })?;
            let more = part.len().min(prefix.len() - known);
            prefix[known..known + more].copy_from_slice(&part[..more]);
            part.advance(more);
            known += more;
        }
        let [flag, length @ ..] = prefix;
        let length = u32::from_be_bytes(length) as usize;
        if length > max {
            let message = format!("grpc: received message larger than max ({length} vs. {max})");
            return Err(GrpcStatus::new(Code::ResourceExhausted, message));
        }
        let message = whole(body, &mut held, part, length).await?;
        match (flag, encoding.0) {
            (0, _) => Ok(message),
            (1, Compression::None) => Err(GrpcStatus::new(
                Code::Internal,
                "grpc: compressed flag set with identity or empty encoding",
            )),
            (1, _) if !held.add(message.len() * UNPACKED) => Err(short()),
            (1, compression) => {
                compression.decompress(&message, max).map(Bytes::from).map_err(|error| match error {
                    DecompressError::TooLarge => {
                        let message =
                            format!("grpc: received message after decompression larger than max {max}");
                        GrpcStatus::new(Code::ResourceExhausted, message)
                    }
                    DecompressError::Corrupt(why) => {
                        // Go reads gzip's header, and nothing else, before it reads what comes out.
                        let headless = compression == Compression::Gzip && message.len() < GZIP_HEADER;
                        let doing = if headless || matches!(why, "EOF" | "gzip: invalid header") {
                            "decompress the message"
                        } else {
                            "read decompressed data"
                        };
                        GrpcStatus::new(Code::Internal, format!("grpc: failed to {doing}: {why}"))
                    }
                })
            }
            (other, _) => Err(GrpcStatus::new(
                Code::Internal,
                format!("grpc: received unexpected payload format {other}"),
            )),
        }
    })
}

/// The message of which `part` is the beginning, and which must be the last.
async fn whole(
    body: &mut Inbound,
    held: &mut Held<'_>,
    part: Bytes,
    length: usize,
) -> Result<Bytes, GrpcStatus> {
    let message = if part.len() >= length {
        part
    } else {
        let mut message = BytesMut::with_capacity(length.min(BELIEVED));
        message.extend_from_slice(&part);
        while message.len() < length {
            let part = next(body, held).await?.ok_or_else(cut)?;
            // Now that much has come, the rest is believed too: growing in steps would take twice the memory.
            if part.len() > message.capacity() - message.len() {
                message.reserve(part.len().max(length - message.len()));
            }
            message.extend_from_slice(&part);
        }
        message.freeze()
    };
    if message.len() > length || next(body, held).await?.is_some() {
        let message =
            "cardinality violation: received multiple request messages for non-client-streaming RPC";
        return Err(GrpcStatus::new(Code::Internal, message));
    }
    Ok(message)
}

async fn next(body: &mut Inbound, held: &mut Held<'_>) -> Result<Option<Bytes>, GrpcStatus> {
    let part = body.next().await.map_err(|_| GrpcStatus::new(Code::Canceled, "context canceled"))?;
    if part.as_ref().is_none_or(|part| held.add(part.len())) { Ok(part) } else { Err(short()) }
}

fn short() -> GrpcStatus {
    GrpcStatus::new(Code::Unavailable, MEMORY_IS_SHORT)
}

fn absent() -> GrpcStatus {
    let message = "cardinality violation: received no request message from non-client-streaming RPC";
    GrpcStatus::new(Code::Internal, message)
}

fn cut() -> GrpcStatus {
    GrpcStatus::new(Code::Internal, "unexpected EOF")
}
