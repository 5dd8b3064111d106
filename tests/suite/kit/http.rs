//! The least HTTP client that can send what no proper client would.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A server that does not answer within this has hung.
const DEADLINE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and headers, as they came.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as text, with what is not UTF-8 replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Posts a protobuf body, and panics unless it is accepted.
pub(crate) fn export(to: SocketAddr, path: &str, body: &[u8]) {
    let answer = post(to, path, &[("Content-Type", "application/x-protobuf")], body);
    assert_eq!(answer.status, 200, "{}\n{}", answer.head, answer.text());
}

/// Posts a body on a connection of its own.
pub(crate) fn post(to: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    request(to, "POST", path, headers, Some(body))
}

/// Gets a path on a connection of its own.
pub(crate) fn get(to: SocketAddr, path: &str) -> Answer {
    request(to, "GET", path, &[], None)
}

/// Makes a request on a connection of its own.
pub(crate) fn request(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Answer {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head = format!("{head}{name}: {value}\r\n");
    }
    if let Some(body) = body {
        head = format!("{head}Content-Length: {}\r\n", body.len());
    }
    send(to, format!("{head}\r\n").as_bytes(), body.unwrap_or_default())
}

fn send(to: SocketAddr, head: &[u8], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.set_write_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(head).unwrap();
    let mut writer = stream.try_clone().unwrap();
    std::thread::scope(|scope| {
        // A server may answer and hang up before it has read a body it refuses, so a failed write is no failure.
        scope.spawn(move || writer.write_all(body));
        let mut answer = Vec::new();
        let end = stream.read_to_end(&mut answer);
        parse(&answer).unwrap_or_else(|| panic!("no answer: {end:?} {:?}", String::from_utf8_lossy(&answer)))
    })
}

/// An answer whose body is as long as it says, in chunks, or up to the end of the connection.
fn parse(answer: &[u8]) -> Option<Answer> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8(answer[..end].to_vec()).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let rest = &answer[end + 4..];
    let chunked = head.to_ascii_lowercase().contains("\r\ntransfer-encoding: chunked");
    Some(Answer { status, head, body: if chunked { joined(rest)? } else { rest.to_vec() } })
}

/// What chunks carry.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        rest = &rest[line + 2..];
        whole.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length + 2..)?;
    }
}
