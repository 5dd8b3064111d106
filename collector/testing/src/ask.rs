//! A request to a server in a test.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The status line and the headers, as they came.
    pub head: String,
    /// The body, as it came.
    pub body: Vec<u8>,
}

impl Answered {
    /// Head and body.
    ///
    /// # Panics
    /// The body is no text.
    pub fn text(self) -> (String, String) {
        (self.head, String::from_utf8(self.body).expect("the body is text"))
    }
}

/// Asks over HTTP/1.1, on a connection of its own. A request is a method and a target (`GET /metrics`), and each header
/// ends with `\r\n`.
///
/// # Panics
/// There is no answer.
pub async fn ask(endpoint: &str, request: &str, headers: &str, body: &[u8]) -> Answered {
    let mut stream = TcpStream::connect(endpoint).await.expect("somebody listens");
    let length = body.len();
    let head = format!(
        "{request} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).await.expect("the request is read");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the answer is whole");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    let body = answer.split_off(end + 4);
    answer.truncate(end);
    let head = String::from_utf8(answer).expect("a head is text");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answered { status, head, body }
}
