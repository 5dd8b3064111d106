//! The least gRPC client that can send what no proper client would.

use std::{net::SocketAddr, time::Duration};

use bytes::{BufMut, Bytes, BytesMut};
use h2::client::SendRequest;
use http::{HeaderMap, Request};
use tokio::net::TcpStream;

/// A server that does not answer within this has hung.
const DEADLINE: Duration = Duration::from_secs(30);

/// The method that takes spans.
pub(crate) const TRACES: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/// The method that takes log records.
pub(crate) const LOGS: &str = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

/// The method that takes data points.
pub(crate) const METRICS: &str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

/// What a call came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) code: u16,
    pub(crate) message: String,
}

/// A message with its five-byte prefix.
pub(crate) fn frame(compressed: bool, message: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(5 + message.len());
    frame.put_u8(compressed.into());
    frame.put_u32(message.len().try_into().unwrap());
    frame.put_slice(message);
    frame.freeze()
}

/// One unary call on a connection of its own; `body` is sent as it is, prefix and all.
pub(crate) fn call(to: SocketAddr, method: &str, encoding: Option<&str>, body: Bytes) -> Status {
    let metadata: Vec<_> = encoding.map(|encoding| ("grpc-encoding", encoding)).into_iter().collect();
    call_with(to, method, &metadata, body)
}

/// The same with metadata.
pub(crate) fn call_with(to: SocketAddr, method: &str, metadata: &[(&str, &str)], body: Bytes) -> Status {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let exchange = exchange(to, method, metadata, body);
    runtime
        .block_on(async { tokio::time::timeout(DEADLINE, exchange).await })
        .unwrap_or_else(|_| panic!("no answer within {DEADLINE:?}"))
        .unwrap()
}

async fn exchange(
    to: SocketAddr,
    method: &str,
    metadata: &[(&str, &str)],
    body: Bytes,
) -> Result<Status, h2::Error> {
    let client = connect(to).await?;
    exchange_over(client, to, method, metadata, body).await
}

/// A connection that calls share.
pub(crate) async fn connect(to: SocketAddr) -> Result<SendRequest<Bytes>, h2::Error> {
    let stream = TcpStream::connect(to).await.map_err(|_| h2::Reason::REFUSED_STREAM)?;
    let (client, connection) = h2::client::handshake(stream).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// One unary call on it.
pub(crate) async fn exchange_over(
    client: SendRequest<Bytes>,
    to: SocketAddr,
    method: &str,
    metadata: &[(&str, &str)],
    body: Bytes,
) -> Result<Status, h2::Error> {
    let mut request = Request::post(format!("http://{to}{method}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    for (name, value) in metadata {
        request = request.header(*name, *value);
    }
    let (response, mut send) = client.ready().await?.send_request(request.body(()).unwrap(), false)?;
    send.send_data(body, true)?;
    let (head, mut body) = response.await?.into_parts();
    if head.headers.contains_key("grpc-status") {
        return Ok(status(&head.headers));
    }
    while let Some(data) = body.data().await {
        body.flow_control().release_capacity(data?.len())?;
    }
    Ok(status(&body.trailers().await?.unwrap_or_default()))
}

fn status(trailers: &HeaderMap) -> Status {
    let text = |name| trailers.get(name).map_or("", |value| value.to_str().unwrap());
    let code = text("grpc-status").parse().unwrap_or_else(|_| panic!("no status in {trailers:?}"));
    Status { code, message: percent_decoded(text("grpc-message")) }
}

/// gRPC sends what is not printable ASCII, and the per cent sign, as `%XX`.
fn percent_decoded(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        let digits = if byte == b'%' { Option::zip(bytes.next(), bytes.next()) } else { None };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        match digits.and_then(|(high, low)| digit(high)?.checked_mul(16)?.checked_add(digit(low)?)) {
            Some(value) => decoded.push(value.try_into().unwrap()),
            None => decoded.push(byte),
        }
    }
    String::from_utf8(decoded).unwrap()
}
