//! What collectors relay to: answers everything with what the case says, over HTTP and over gRPC, and over HTTP with 400
//! whatever comes below `/refused`.

use std::{
    io::{BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, Response};

use super::case::Reply;
use crate::kit::served::Request;

/// Both servers; they listen until the process ends.
pub(super) struct Backend {
    pub(super) http: SocketAddr,
    pub(super) grpc: SocketAddr,
    reply: Arc<Mutex<Reply>>,
}

impl Backend {
    pub(super) fn start() -> Self {
        let reply = Arc::<Mutex<Reply>>::default();
        let [http, grpc] = [(); 2].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
        let backend =
            Self { http: http.local_addr().unwrap(), grpc: grpc.local_addr().unwrap(), reply: reply.clone() };
        let to_http = reply.clone();
        thread::spawn(move || {
            for stream in http.incoming() {
                let reply = to_http.clone();
                thread::spawn(move || over_http(&stream.unwrap(), &reply));
            }
        });
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                grpc.set_nonblocking(true).unwrap();
                let listener = tokio::net::TcpListener::from_std(grpc).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(over_grpc(stream, reply.clone()));
                }
            });
        });
        backend
    }

    /// From now on everything is answered like this.
    pub(super) fn answer(&self, reply: &Reply) {
        *self.reply.lock().unwrap() = reply.clone();
    }
}

/// One request; `None` if it is none.
fn over_http(mut stream: &TcpStream, reply: &Mutex<Reply>) -> Option<()> {
    let request = Request::read(&mut BufReader::new(stream))?;
    let reply = reply.lock().unwrap().clone();
    let status = match reply.status {
        _ if request.target().starts_with("/refused/") => 400,
        0 => 200,
        status => status,
    };
    let mut head = format!("HTTP/1.1 {status} As told\r\nConnection: close\r\n");
    for (name, value) in &reply.headers {
        head = format!("{head}{name}: {value}\r\n");
    }
    let head = format!("{head}Content-Length: {}\r\n\r\n", reply.body.len());
    stream.write_all(&[head.as_bytes(), &reply.body].concat()).ok()
}

/// All calls of a connection; an error is that it has ended.
async fn over_grpc(stream: tokio::net::TcpStream, reply: Arc<Mutex<Reply>>) -> Result<(), h2::Error> {
    let mut connection = h2::server::handshake(stream).await?;
    while let Some(call) = connection.accept().await {
        let (request, mut respond) = call?;
        let reply = reply.lock().unwrap().clone();
        tokio::spawn(async move {
            let mut body = request.into_body();
            while let Some(data) = body.data().await {
                body.flow_control().release_capacity(data?.len())?;
            }
            let mut head = Response::new(());
            head.headers_mut().insert("content-type", "application/grpc".parse().unwrap());
            if reply.code > 0 {
                head.headers_mut().extend(status(&reply));
                return respond.send_response(head, true).map(drop);
            }
            let mut stream = respond.send_response(head, false)?;
            // A message of no bytes.
            stream.send_data(Bytes::from_static(&[0; 5]), false)?;
            stream.send_trailers(status(&reply))
        });
    }
    Ok(())
}

fn status(reply: &Reply) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("grpc-status", reply.code.into());
    headers.insert("grpc-message", reply.message.parse().unwrap());
    if let Some(seconds) = reply.retry {
        let details = STANDARD_NO_PAD.encode(details(reply, seconds));
        headers.insert("grpc-status-details-bin", details.parse().unwrap());
    }
    headers
}

/// A `google.rpc.Status` with a `RetryInfo`.
fn details(reply: &Reply, seconds: u8) -> Vec<u8> {
    let field =
        |number: u8, bytes: &[u8]| [&[number << 3 | 2, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let info = field(1, &[0x08, seconds]);
    let any = [field(1, b"type.googleapis.com/google.rpc.RetryInfo"), field(2, &info)].concat();
    let code = u8::try_from(reply.code).unwrap();
    [vec![0x08, code], field(2, reply.message.as_bytes()), field(3, &any)].concat()
}
