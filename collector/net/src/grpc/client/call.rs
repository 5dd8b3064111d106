//! One unary call on one connection: framing, response, and what failures mean.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use h2::{Reason, RecvStream};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use slimcol_service::Code;
use std::time::Duration;

use slimcol_compression::{Compression, DecompressError};

use crate::{grpc::client::status::GrpcStatus, http2::Connection, pieces::Pieces};

/// What stands before each message: a flag for compression and the length.
const PREFIX: usize = 5;

/// A call that did not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: GrpcStatus,
    /// The server certainly has not begun with it, so that it can be sent again without a risk of doing it twice.
    pub(crate) unseen: bool,
    /// The connection takes no more calls.
    pub(crate) gone: bool,
}

impl From<GrpcStatus> for Failure {
    fn from(status: GrpcStatus) -> Self {
        Self { status, unseen: false, gone: false }
    }
}

/// The message as it goes over the wire: prefixed and, if so configured, compressed.
pub(crate) fn frame(message: &[Bytes], compression: Compression) -> Result<Pieces, GrpcStatus> {
    let mut pieces: Pieces = if compression.is_on() {
        let packed = on_wire(compression).compress(0, message);
        Bytes::from(packed).into()
    } else {
        message.to_vec().into()
    };
    let Ok(len) =
        u32::try_from(pieces.len()).map_err(|_| ()).and_then(|n| if n >> 31 == 0 { Ok(n) } else { Err(()) })
    else {
        let text = format!("trying to send message larger than max ({} vs. {})", pieces.len(), i32::MAX);
        return Err(GrpcStatus::new(Code::ResourceExhausted, text));
    };
    let mut prefix = BytesMut::with_capacity(PREFIX);
    prefix.put_u8(compression.is_on().into());
    prefix.put_u32(len);
    pieces.push_front(prefix.freeze());
    Ok(pieces)
}

/// What gRPC calls snappy is its stream format.
fn on_wire(compression: Compression) -> Compression {
    if compression == Compression::Snappy { Compression::SnappyFramed } else { compression }
}

/// The value of `grpc-timeout`: at most eight digits and a unit, never shorter than what is left.
pub(crate) fn timeout_value(left: Duration) -> HeaderValue {
    const UNITS: [(u128, &str); 6] = [
        (1, "n"),
        (1_000, "u"),
        (1_000_000, "m"),
        (1_000_000_000, "S"),
        (60_000_000_000, "M"),
        (3_600_000_000_000, "H"),
    ];
    let nanos = left.as_nanos();
    let fits = |(size, unit): &(u128, &'static str)| {
        let count = nanos.div_ceil(*size);
        (count < 100_000_000).then_some((count, *unit))
    };
    let (count, unit) = UNITS.iter().find_map(fits).unwrap_or((99_999_999, "H"));
    // Digits and a letter are always a valid value.
    HeaderValue::try_from(format!("{count}{unit}")).unwrap_or_else(|_| HeaderValue::from_static("99999999H"))
}

/// Sends the request and reads the response to its end.
pub(crate) async fn unary(
    connection: &Connection,
    request: Request<()>,
    frame: Pieces,
    limit: usize,
) -> Result<Bytes, Failure> {
    let mut call = match connection.send(request, frame).await {
        Ok(call) => call,
        Err(error) => return Err(Failure { unseen: true, gone: true, ..failure(&error) }),
    };
    let response = call.response().await.map_err(|error| failure(&error))?;
    let (head, mut body) = response.into_parts();
    let content_type = head.headers.get(http::header::CONTENT_TYPE).map_or(&[][..], HeaderValue::as_bytes);
    if head.status != StatusCode::OK || !content_type.starts_with(b"application/grpc") {
        let found = GrpcStatus::from_headers(&head.headers);
        let content_type = String::from_utf8_lossy(content_type);
        return Err(found.unwrap_or_else(|| GrpcStatus::from_http(head.status, &content_type)).into());
    }
    let message = read(&mut body, limit).await?;
    let trailers = body.trailers().await.map_err(|error| failure(&error))?;
    let status = trailers
        .as_ref()
        .and_then(GrpcStatus::from_headers)
        .or_else(|| GrpcStatus::from_headers(&head.headers))
        .ok_or_else(|| {
            GrpcStatus::new(Code::Internal, "server closed the stream without sending trailers")
        })?;
    if status.code != Code::Ok {
        return Err(status.into());
    }
    Ok(unpacked(message, &head.headers, limit)?)
}

async fn read(body: &mut RecvStream, limit: usize) -> Result<Bytes, Failure> {
    let mut whole = Bytes::new();
    while let Some(data) = body.data().await {
        let data = data.map_err(|error| failure(&error))?;
        // An error here says that the stream is gone, which the next read says too.
        let _ = body.flow_control().release_capacity(data.len());
        let len = whole.len() + data.len();
        if len > limit + PREFIX {
            return Err(too_large(len - PREFIX, limit).into());
        }
        whole = if whole.is_empty() { data } else { [whole, data].concat().into() };
    }
    Ok(whole)
}

/// The message in a response's body.
fn unpacked(mut body: Bytes, headers: &HeaderMap, limit: usize) -> Result<Bytes, GrpcStatus> {
    let internal = |text: String| GrpcStatus::new(Code::Internal, text);
    if body.len() < PREFIX {
        return Err(internal(
            "cardinality violation: received no response message from non-server-streaming RPC".to_owned(),
        ));
    }
    let compressed = body.get_u8();
    let len = body.get_u32() as usize;
    if len != body.len() {
        return Err(internal("unexpected EOF".to_owned()));
    }
    if compressed == 0 {
        return Ok(body);
    }
    let name = headers.get("grpc-encoding").map_or("", |name| name.to_str().unwrap_or_default());
    let compression = match name {
        "gzip" | "snappy" | "zstd" => Compression::from_name(name).unwrap_or_default(),
        "" | "identity" => {
            return Err(internal("grpc: compressed flag set with identity or empty encoding".to_owned()));
        }
        other => {
            let text = format!("grpc: Decompressor is not installed for grpc-encoding {other:?}");
            return Err(GrpcStatus::new(Code::Unimplemented, text));
        }
    };
    match on_wire(compression).decompress(&body, limit) {
        Ok(message) => Ok(message.into()),
        Err(DecompressError::TooLarge) => Err(too_large(limit + 1, limit)),
        Err(error) => Err(internal(format!("grpc: failed to decompress the message: {error}"))),
    }
}

fn too_large(size: usize, limit: usize) -> GrpcStatus {
    GrpcStatus::new(
        Code::ResourceExhausted,
        format!("grpc: received message larger than max ({size} vs. {limit})"),
    )
}

/// What the HTTP/2 layer's failure means for a call that has been sent.
fn failure(error: &h2::Error) -> Failure {
    let reason = error.reason();
    if error.is_go_away() && error.is_remote() {
        // Streams that the server still answers do not end with this error.
        let unseen = reason == Some(Reason::NO_ERROR);
        let text = "the connection is draining".to_owned();
        return Failure { status: GrpcStatus::new(Code::Unavailable, text), unseen, gone: true };
    }
    if let (true, Some(reason)) = (error.is_reset(), reason) {
        let text = format!("stream terminated by RST_STREAM with error code: {}", reset_name(reason));
        let unseen = reason == Reason::REFUSED_STREAM;
        return Failure { status: GrpcStatus::new(reset_code(reason), text), unseen, gone: false };
    }
    let text = match error.get_io() {
        Some(io) => crate::handshake::broken(io),
        None => error.to_string(),
    };
    GrpcStatus::new(Code::Unavailable, format!("error reading from server: {text}")).into()
}

/// The code for each HTTP/2 error (gRPC over HTTP/2, section "Errors").
fn reset_code(reason: Reason) -> Code {
    match reason {
        Reason::REFUSED_STREAM => Code::Unavailable,
        Reason::CANCEL => Code::Canceled,
        Reason::ENHANCE_YOUR_CALM | Reason::FLOW_CONTROL_ERROR => Code::ResourceExhausted,
        Reason::INADEQUATE_SECURITY => Code::PermissionDenied,
        _ => Code::Internal,
    }
}

fn reset_name(reason: Reason) -> String {
    // The HTTP/2 layer prints constants as `REFUSED_STREAM`, the others as numbers.
    format!("{reason:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_have_at_most_eight_digits() {
        for (left, text) in [
            (Duration::ZERO, "0n"),
            (Duration::from_nanos(99_999_999), "99999999n"),
            (Duration::from_nanos(100_000_001), "100001u"),
            (Duration::from_secs(5), "5000000u"),
            (Duration::from_secs(100), "100000m"),
            (Duration::from_secs(1_000_000), "1000000S"),
            (Duration::MAX, "99999999H"),
        ] {
            assert_eq!(timeout_value(left), text, "{left:?}");
        }
    }

    #[test]
    fn frames_pieces_without_joining_them() {
        let pieces = [Bytes::from_static(b"ab"), Bytes::from_static(b"c")];
        let framed = frame(&pieces, Compression::None).unwrap();
        let parts: Vec<&[u8]> = framed.iter().map(|piece| &piece[..]).collect();
        assert_eq!(parts, [&[0, 0, 0, 0, 3][..], b"ab", b"c"]);
    }

    #[test]
    fn unpacks_what_it_packs() {
        let message = Bytes::from(vec![7; 1000]);
        for name in ["gzip", "snappy", "zstd"] {
            let framed =
                frame(std::slice::from_ref(&message), Compression::from_name(name).unwrap()).unwrap();
            let body = framed.iter().flatten().copied().collect::<Vec<u8>>();
            let headers = HeaderMap::from_iter([("grpc-encoding".parse().unwrap(), name.parse().unwrap())]);
            assert_eq!(unpacked(body.clone().into(), &headers, 1000).unwrap(), message, "{name}");
            assert_eq!(
                unpacked(body.into(), &headers, 999).unwrap_err().code,
                Code::ResourceExhausted,
                "{name}"
            );
        }
    }

    #[test]
    fn refuses_responses_that_are_none() {
        let none = HeaderMap::new();
        let brotli = HeaderMap::from_iter([("grpc-encoding".parse().unwrap(), "br".parse().unwrap())]);
        for (body, headers, text) in [
            (
                &[][..],
                &none,
                "rpc error: code = Internal desc = cardinality violation: received no response message from non-server-streaming RPC",
            ),
            (&[0, 0, 0, 0, 9, 1], &none, "rpc error: code = Internal desc = unexpected EOF"),
            (
                &[1, 0, 0, 0, 0],
                &none,
                "rpc error: code = Internal desc = grpc: compressed flag set with identity or empty encoding",
            ),
            (
                &[1, 0, 0, 0, 0],
                &brotli,
                "rpc error: code = Unimplemented desc = grpc: Decompressor is not installed for grpc-encoding \"br\"",
            ),
        ] {
            assert_eq!(unpacked(body.into(), headers, 10).unwrap_err().to_string(), text);
        }
    }
}
