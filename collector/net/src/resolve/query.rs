//! Asking the servers for one name and one kind of record (Go's `tryOneName` and `exchange`).

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use rustls::crypto::ring;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UdpSocket,
    time::timeout,
};

use super::{
    conf::Conf,
    error::Why,
    message::{Kind, LONGEST_PACKET, Question, is_truncated},
};
use crate::dial::{reason, tcp_addr};

/// Why no server told an address, and which one said so.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) server: Option<SocketAddr>,
    pub(crate) why: Why,
}

/// The addresses of `name`, which is complete, never none. The first server that knows the name, or knows that there is no
/// such name, is believed.
pub(crate) async fn ask(name: &str, kind: Kind, conf: &Conf) -> Result<Vec<IpAddr>, Failure> {
    ask_for(name, kind, conf, Question::addresses).await
}

/// What `read` finds in the answer of that server.
pub(crate) async fn ask_for<T>(
    name: &str,
    kind: Kind,
    conf: &Conf,
    read: impl Fn(&Question, &[u8]) -> Result<T, Why> + Copy,
) -> Result<T, Failure> {
    let mut last = Failure { server: None, why: Why::NoSuchHost };
    for server in conf.turns() {
        match ask_one(server, (name, kind), conf, read).await {
            Ok(found) => return Ok(found),
            Err(why) => last = Failure { server: Some(server), why },
        }
        if last.why == Why::NoSuchHost {
            break;
        }
    }
    Err(last)
}

async fn ask_one<T>(
    server: SocketAddr,
    (name, kind): (&str, Kind),
    conf: &Conf,
    read: impl Fn(&Question, &[u8]) -> Result<T, Why>,
) -> Result<T, Why> {
    let question = Question::new(random()?, name, kind)
        .ok_or_else(|| Why::Other("cannot marshal DNS message".into()))?;
    if !conf.use_tcp {
        let answer = over_udp(server, &question, conf.timeout).await?;
        if !is_truncated(&answer) {
            return read(&question, &answer);
        }
    }
    read(&question, &over_tcp(server, &question, conf.timeout).await?)
}

/// An id that nobody who would forge an answer can guess; the kernel adds a source port of the same quality.
fn random() -> Result<u16, Why> {
    let mut id = [0; 2];
    let filled = ring::default_provider().secure_random.fill(&mut id);
    filled.map_err(|_| Why::Other("no random number for a question".into()))?;
    Ok(u16::from_ne_bytes(id))
}

async fn over_udp(server: SocketAddr, question: &Question, limit: Duration) -> Result<Vec<u8>, Why> {
    let any: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let open = async {
        let socket = UdpSocket::bind(SocketAddr::new(any, 0)).await?;
        // Connected, the kernel drops what comes from anyone else and tells when nobody listens.
        socket.connect(server).await?;
        let local = socket.local_addr()?;
        io::Result::Ok((socket, local))
    };
    let dialing = |e: io::Error| Why::Other(format!("dial udp {server}: connect: {}", reason(&e)).into());
    let (socket, local) = open.await.map_err(dialing)?;
    let exchange = async {
        socket.send(&question.packet()).await?;
        let mut answer = vec![0; usize::from(LONGEST_PACKET)];
        loop {
            let length = socket.recv(&mut answer).await?;
            if answer.get(..length).is_some_and(|answer| question.is_answered_by(answer)) {
                answer.truncate(length);
                return io::Result::Ok(answer);
            }
        }
    };
    let why = match timeout(limit, exchange).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => format!("read: {}", reason(&error)),
        Err(_) => "i/o timeout".to_owned(),
    };
    Err(Why::Other(format!("read udp {local}->{server}: {why}").into()))
}

async fn over_tcp(server: SocketAddr, question: &Question, limit: Duration) -> Result<Vec<u8>, Why> {
    let exchange = async {
        let mut stream = tcp_addr(server).await.map_err(|error| Why::Other(error.0.into()))?;
        let reading = |e: io::Error| Why::Other(format!("read tcp {server}: read: {}", reason(&e)).into());
        let packet = question.packet();
        let length = u16::try_from(packet.len())
            .map_err(|_| Why::Other("cannot marshal DNS message".into()))?
            .to_be_bytes();
        stream.write_all(&[&length, &packet[..]].concat()).await.map_err(reading)?;
        let mut answer = vec![0; usize::from(stream.read_u16().await.map_err(reading)?)];
        stream.read_exact(&mut answer).await.map_err(reading)?;
        if question.is_answered_by(&answer) {
            Ok(answer)
        } else {
            Err(Why::Other("invalid DNS response".into()))
        }
    };
    let late = || Why::Other(format!("read tcp {server}: i/o timeout").into());
    timeout(limit, exchange).await.unwrap_or_else(|_| Err(late()))
}
