//! A web site in a test: one answer to each request.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `POST /token HTTP/1.1` and the headers, as they came.
    pub head: String,
    /// The body.
    pub body: String,
}

/// Status, content type, body.
pub type Reply = (u16, &'static str, String);

/// A server on the loopback, which ends when it is dropped.
#[derive(Debug)]
pub struct Site {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: JoinHandle<()>,
}

impl Site {
    /// Starts on a free port. `reply` is called for one request after the other.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start(reply: impl FnMut(&Asked) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let (kept, reply) = (asked.clone(), Arc::new(Mutex::new(reply)));
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, reply) = (kept.clone(), reply.clone());
                tokio::spawn(serve(stream, move |request: Asked| {
                    let answer = (reply.lock().unwrap_or_else(PoisonError::into_inner))(&request);
                    kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                    answer
                }));
            }
        });
        Self { address, asked, serving }
    }

    /// `http://127.0.0.1:1234`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers the one request of a connection.
async fn serve(mut stream: TcpStream, mut reply: impl FnMut(Asked) -> Reply) {
    let mut read = Vec::new();
    let (head, length) = loop {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => read.extend_from_slice(&buffer[..count]),
            _ => return,
        }
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let line = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            break (head.to_owned(), line.unwrap_or(0));
        }
    };
    let mut body = read.split_off(head.len() + 4);
    while body.len() < length {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => body.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    let (status, kind, text) = reply(Asked { head, body });
    let answer = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    // A client that is gone wants no answer.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}
