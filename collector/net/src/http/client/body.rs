//! The body of a response while it comes in.

use bytes::{Bytes, BytesMut};
use h2::RecvStream;
use http_body::Body as _;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::{
    http::client::connection::{http2_reason, reason},
    http2::Call,
};

/// A body by the protocol that brings it.
#[derive(Debug)]
pub(crate) enum Body {
    Http1(Incoming),
    /// The call counts as under way until its body has been read.
    Http2(RecvStream, #[allow(dead_code, reason = "held, not read")] Call),
}

/// How much room a body is given before it has come, bytes: whoever says how long it will be need not be right.
const MOST_ANNOUNCED: usize = 1 << 20;

impl Body {
    /// How long it is said to be, or nothing.
    fn announced(&self) -> usize {
        let length = match self {
            Self::Http1(body) => body.size_hint().lower(),
            Self::Http2(..) => 0,
        };
        length.try_into().unwrap_or(usize::MAX)
    }

    /// The next piece; `None` at the end.
    async fn next(&mut self) -> Option<Result<Bytes, String>> {
        match self {
            Self::Http1(body) => loop {
                match body.frame().await?.map(http_body::Frame::into_data) {
                    Ok(Ok(data)) => return Some(Ok(data)),
                    // Trailers.
                    Ok(Err(_)) => {}
                    Err(error) => return Some(Err(reason(&error))),
                }
            },
            Self::Http2(body, _) => {
                let data = body.data().await?;
                if let Ok(data) = &data {
                    // An error here says that the stream is gone, which the next read says too.
                    let _ = body.flow_control().release_capacity(data.len());
                }
                Some(data.map_err(|error| http2_reason(&error)))
            }
        }
    }

    /// At most `limit` bytes, and whether that is all.
    pub(crate) async fn read(&mut self, limit: usize) -> Result<(Bytes, bool), String> {
        let announced = self.announced();
        let mut whole = BytesMut::new();
        while let Some(data) = self.next().await {
            let data = data.map_err(|reason| match &*reason {
                "EOF" => "unexpected EOF".to_owned(),
                _ => reason,
            })?;
            if whole.is_empty() {
                // Perhaps all of it came at once.
                if data.len() == announced && announced <= limit {
                    return Ok((data, true));
                }
                whole.reserve(announced.min(limit).min(MOST_ANNOUNCED));
            }
            let room = limit - whole.len();
            whole.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() > room {
                return Ok((whole.freeze(), false));
            }
        }
        Ok((whole.freeze(), true))
    }
}
