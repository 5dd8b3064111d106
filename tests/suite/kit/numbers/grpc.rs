//! A sink that speaks gRPC.

use std::{net::TcpListener, thread};

use bytes::{BufMut, Bytes, BytesMut};
use h2::{RecvStream, server::SendResponse};
use http::{HeaderMap, HeaderValue, Response};

use super::{Answer, Sink};

/// As large as they get: a far end that reads nothing holds nobody up before the kernel's buffers are full.
const WINDOW: u32 = (1 << 31) - 1;

pub(super) fn serve(listener: TcpListener, sink: Sink) {
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let sink = sink.clone();
                // Whoever cuts the connection ends this.
                tokio::spawn(async move { connection(stream, sink).await.unwrap_or_default() });
            }
        });
    });
}

async fn connection(stream: tokio::net::TcpStream, sink: Sink) -> Result<(), h2::Error> {
    let mut builder = h2::server::Builder::new();
    builder.initial_window_size(WINDOW).initial_connection_window_size(WINDOW);
    let mut connection = builder.handshake(stream).await?;
    while let Some(exchange) = connection.accept().await {
        let (request, respond) = exchange?;
        let sink = sink.clone();
        tokio::spawn(
            async move { exchange_one(request.into_body(), respond, &sink).await.unwrap_or_default() },
        );
    }
    Ok(())
}

async fn exchange_one(
    mut body: RecvStream,
    mut respond: SendResponse<Bytes>,
    sink: &Sink,
) -> Result<(), h2::Error> {
    let mut request = Vec::new();
    while let Some(data) = body.data().await {
        let data = data?;
        body.flow_control().release_capacity(data.len())?;
        request.extend_from_slice(&data);
    }
    let (prefix, message) = request.split_at(5);
    assert_eq!(prefix, [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes()].concat());
    let answer = sink.judge(message);
    send(&answer, &mut respond)
}

fn send(answer: &Answer, respond: &mut SendResponse<Bytes>) -> Result<(), h2::Error> {
    let mut head = Response::new(());
    *head.status_mut() = answer.status.try_into().unwrap();
    for (name, value) in &answer.headers {
        head.headers_mut().insert(*name, value.parse().unwrap());
    }
    if !answer.takes {
        return respond.send_response(head, true).map(drop);
    }
    head.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    let mut message = BytesMut::new();
    message.put_u8(0);
    message.put_u32(answer.body.len().try_into().unwrap());
    message.put_slice(&answer.body);
    let mut stream = respond.send_response(head, false)?;
    stream.send_data(message.freeze(), false)?;
    stream.send_trailers(HeaderMap::from_iter([("grpc-status".parse().unwrap(), 0.into())]))
}
