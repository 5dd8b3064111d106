//! A small DNS server.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UdpSocket},
    task::JoinSet,
};

/// What it says about a name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Say {
    Has(Ipv4Addr, Option<Ipv6Addr>),
    /// Another name and its address.
    Alias(&'static str, Ipv4Addr),
    /// The address only over TCP.
    Long(Ipv4Addr),
    /// The code of the answer.
    Code(u8),
    /// The address, after answers that others would forge.
    Forged(Ipv4Addr),
    Nothing,
    /// Records, each by its kind and its data.
    Records(&'static [(u8, &'static [u8])]),
}

/// It ends when dropped.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) addr: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    _serving: JoinSet<()>,
}

impl Server {
    pub(super) async fn start(names: &'static [(&'static str, Say)]) -> Self {
        let (udp, tcp) = sockets().await;
        let addr = udp.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut serving = JoinSet::new();
        let (by_udp, by_tcp) = (Arc::clone(&asked), Arc::clone(&asked));
        serving.spawn(async move {
            let mut packet = [0; 512];
            loop {
                let (length, from) = udp.recv_from(&mut packet).await.unwrap();
                for answer in answers(names, &packet[..length], &by_udp, false) {
                    udp.send_to(&answer, from).await.unwrap();
                }
            }
        });
        serving.spawn(async move {
            loop {
                let (mut stream, _) = tcp.accept().await.unwrap();
                let mut packet = vec![0; stream.read_u16().await.unwrap().into()];
                stream.read_exact(&mut packet).await.unwrap();
                for answer in answers(names, &packet, &by_tcp, true) {
                    stream.write_u16(answer.len().try_into().unwrap()).await.unwrap();
                    stream.write_all(&answer).await.unwrap();
                }
            }
        });
        Self { addr, asked, _serving: serving }
    }

    /// What was asked for so far, sorted, each once: `udp A web.example`.
    pub(super) fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort();
        asked.dedup();
        asked
    }
}

/// Both on the same free port.
async fn sockets() -> (UdpSocket, TcpListener) {
    for _ in 0..100 {
        let udp = UdpSocket::bind("127.0.0.1:0".parse::<SocketAddr>().unwrap()).await.unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
            return (udp, tcp);
        }
    }
    panic!("no port is free for both");
}

fn answers(names: &[(&str, Say)], packet: &[u8], asked: &Mutex<Vec<String>>, over_tcp: bool) -> Vec<Vec<u8>> {
    let (mut labels, mut at) = (Vec::new(), 12);
    while packet[at] != 0 {
        let end = at + 1 + usize::from(packet[at]);
        labels.push(std::str::from_utf8(&packet[at + 1..end]).unwrap());
        at = end;
    }
    let (name, question) = (labels.join("."), &packet[12..at + 5]);
    let kind = packet[at + 2];
    let over = if over_tcp { "tcp" } else { "udp" };
    let letters = match kind {
        1 => "A",
        2 => "NS",
        15 => "MX",
        28 => "AAAA",
        33 => "SRV",
        other => panic!("kind {other}"),
    };
    asked.lock().unwrap().push(format!("{over} {letters} {name}"));
    let say = names.iter().find(|(known, _)| *known == name).map_or(Say::Code(3), |(_, say)| *say);
    let answer = |flags: [u8; 2], records: &[Vec<u8>]| {
        let counts = [0, 1, 0, records.len().try_into().unwrap(), 0, 0, 0, 0];
        [&packet[..2], &flags, &counts, question, &records.concat()].concat()
    };
    let four = |owner: &[u8], ip: Ipv4Addr| [owner, &[0, 1, 0, 1, 0, 0, 0, 9, 0, 4], &ip.octets()].concat();
    let six = |ip: Ipv6Addr| [&[0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 9, 0, 16][..], &ip.octets()].concat();
    let only_four = |ip| Vec::from_iter((kind == 1).then(|| four(&[0xc0, 12], ip)));
    let good = [0x81, 0x80];
    match say {
        Say::Has(_, Some(ip)) if kind == 28 => vec![answer(good, &[six(ip)])],
        Say::Has(ip, _) => vec![answer(good, &only_four(ip))],
        Say::Alias(other, ip) => {
            let labels =
                other.split('.').map(|label| [&[label.len().try_into().unwrap()], label.as_bytes()].concat());
            let owner = [labels.collect::<Vec<_>>().concat(), vec![0]].concat();
            let length = owner.len().try_into().unwrap();
            let alias = [&[0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, length][..], &owner].concat();
            let address = (kind == 1).then(|| four(&owner, ip));
            vec![answer(good, &[alias].into_iter().chain(address).collect::<Vec<_>>())]
        }
        Say::Long(ip) if over_tcp => vec![answer(good, &only_four(ip))],
        Say::Long(_) => vec![answer([0x83, 0x80], &[])],
        Say::Code(code) => vec![answer([0x81, 0x80 | code], &[])],
        Say::Forged(ip) => {
            let real = answer(good, &only_four(ip));
            let mut other_id = answer(good, &only_four(Ipv4Addr::new(6, 6, 6, 6)));
            other_id[0] ^= 1;
            vec![vec![0; 3], other_id, packet.to_vec(), real]
        }
        Say::Nothing => Vec::new(),
        Say::Records(all) => {
            let record = |(kind, data): &(u8, &[u8])| {
                let length = data.len().try_into().unwrap();
                [&[0xc0, 12, 0, *kind, 0, 1, 0, 0, 0, 9, 0, length], *data].concat()
            };
            vec![answer(good, &all.iter().map(record).collect::<Vec<_>>())]
        }
    }
}
