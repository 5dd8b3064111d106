//! Ready-made export requests, so that sending one costs no more than writing it to the socket.

use std::io::Write;

use bytes::{BufMut, Bytes, BytesMut};
use flate2::{Compression, write::GzEncoder};
use slimcol_pdata::Signal;
use slimcol_testing::generate;

/// Distinct requests, so that neither side of a collector sees the same bytes all the time.
const DISTINCT: u64 = 16;

/// A set of gRPC messages of one signal, taken in turn.
#[derive(Clone, Debug)]
pub struct Requests {
    messages: Vec<Bytes>,
    /// Items in each of them.
    pub items: usize,
    /// The signal they carry.
    pub signal: Signal,
    /// Whether they are compressed.
    pub gzip: bool,
}

impl Requests {
    /// Generates requests of `items` items each, gRPC-framed and compressed as clients do it.
    pub fn generate(signal: Signal, items: usize, gzip: bool) -> std::io::Result<Self> {
        let messages = (0..DISTINCT)
            .map(|seed| {
                let request = match signal {
                    Signal::Traces => generate::traces(seed, items),
                    Signal::Logs => generate::logs(seed, items),
                    Signal::Metrics => generate::metrics(seed, items),
                };
                frame(&request, gzip)
            })
            .collect::<std::io::Result<_>>()?;
        Ok(Self { messages, items, signal, gzip })
    }

    /// The message to send as the `turn`th.
    pub(crate) fn message(&self, turn: usize) -> Bytes {
        self.messages[turn % self.messages.len()].clone()
    }
}

/// The gRPC method that takes a signal's export requests.
pub(crate) fn method(signal: Signal) -> &'static str {
    match signal {
        Signal::Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        Signal::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        Signal::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    }
}

fn frame(request: &[u8], gzip: bool) -> std::io::Result<Bytes> {
    let compressed;
    let body = if gzip {
        // SDKs compress at their library's default, which is 6 in all of them.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(request)?;
        compressed = encoder.finish()?;
        &compressed[..]
    } else {
        request
    };
    let length = u32::try_from(body.len()).map_err(|_| std::io::Error::other("a request exceeds 4 GiB"))?;
    let mut message = BytesMut::with_capacity(5 + body.len());
    message.put_u8(gzip.into());
    message.put_u32(length);
    message.put_slice(body);
    Ok(message.freeze())
}
