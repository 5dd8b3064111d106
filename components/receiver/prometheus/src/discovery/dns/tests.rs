use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use slimcol_config::from_yaml;
use slimcol_service::Log;
use tokio::{net::UdpSocket, sync::mpsc, task::JoinHandle};

use super::*;

const SRV: &[u8] = b"\0\0\0\0\x23\x82\x03web\x04shop\0";
const SRV_TOO: &[u8] = b"\0\0\0\0\x23\x83\x04WEB2\x04shop\0";

/// What a name server has: names with the kind and the data of their records. What it does not have is no name, and a record
/// of no kind is a failure.
type Zone = Arc<Mutex<Vec<(&'static str, u8, &'static [u8])>>>;

/// A name server, which ends with the test.
async fn serve(zone: Zone) -> (SocketAddr, JoinHandle<()>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        let mut packet = [0; 512];
        loop {
            let (length, from) = socket.recv_from(&mut packet).await.unwrap();
            let answer = answer(&zone.lock().unwrap(), &packet[..length]);
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    (address, serving)
}

fn answer(zone: &[(&str, u8, &[u8])], packet: &[u8]) -> Vec<u8> {
    let (mut name, mut at) = (String::new(), 12);
    while packet[at] != 0 {
        let end = at + 1 + usize::from(packet[at]);
        name += std::str::from_utf8(&packet[at + 1..end]).unwrap();
        name.push('.');
        at = end;
    }
    let (question, kind) = (&packet[12..at + 5], packet[at + 2]);
    let known: Vec<_> = zone.iter().filter(|(known, ..)| *known == name).collect();
    let code = if known.is_empty() {
        3
    } else if known.iter().any(|(_, kind, _)| *kind == 0) {
        2
    } else {
        0
    };
    let found = known.iter().filter(|(_, of, _)| *of == kind);
    let records: Vec<Vec<u8>> = found
        .map(|(_, kind, data)| {
            let length = u8::try_from(data.len()).unwrap();
            [&[0xc0, 12, 0, *kind, 0, 1, 0, 0, 0, 9, 0, length][..], data].concat()
        })
        .collect();
    let count = u8::try_from(records.len()).unwrap();
    let head = [&packet[..2], &[0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0]].concat();
    [&head, question, &records.concat()].concat()
}

fn names(yaml: &str) -> Result<Records, String> {
    from_yaml::<Records>(yaml)
}

/// What is found with `yaml`, whenever it changes.
fn found(yaml: &str, server: SocketAddr) -> (mpsc::Receiver<(usize, Vec<Group>)>, JoinHandle<()>) {
    let (to, found) = mpsc::channel(1);
    let poll = Poll::new(names(yaml).unwrap(), Resolver::of(&[server]));
    let finder = Finder { number: 0, to, log: Log::none() };
    (found, tokio::spawn(Box::new(poll).run(finder)))
}

fn texts(groups: &[Group]) -> Vec<String> {
    groups.iter().flat_map(|group| &group.targets).map(ToString::to_string).collect()
}

#[tokio::test]
async fn records_are_targets() {
    let zone: Zone = Arc::new(Mutex::new(vec![
        ("a.shop.", 1, &[10, 0, 0, 1]),
        ("a.shop.", 1, &[10, 0, 0, 2]),
        ("a.shop.", 28, &[0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ("a.shop.", 2, b"\x02ns\xc0\x0c"),
        ("a.shop.", 15, b"\0\x05\x02mx\xc0\x0c"),
        ("_web._tcp.shop.", 33, SRV),
        ("_web._tcp.shop.", 33, SRV_TOO),
    ]));
    let (server, _serving) = serve(zone).await;
    let a = "__meta_dns_name=\"a.shop\"";
    for (yaml, targets) in [
        (
            "{names: [a.shop], type: A, port: 9}",
            vec![format!("{{__address__=\"10.0.0.1:9\", {a}}}"), format!("{{__address__=\"10.0.0.2:9\", {a}}}")],
        ),
        ("{names: [a.shop], type: aaaa, port: 9}", vec![format!("{{__address__=\"[fd00::1]:9\", {a}}}")]),
        (
            "{names: [a.shop], type: NS, port: 9}",
            vec![format!("{{__address__=\"ns.a.shop:9\", {a}, __meta_dns_ns_record_target=\"ns.a.shop.\"}}")],
        ),
        (
            "{names: [a.shop], type: MX, port: 9}",
            vec![format!("{{__address__=\"mx.a.shop:9\", __meta_dns_mx_record_target=\"mx.a.shop.\", {a}}}")],
        ),
        (
            "{names: [nope.shop, _web._tcp.shop.], port: 9}",
            [("web", 9090), ("WEB2", 9091)]
                .map(|(host, port)| {
                    format!(
                        "{{__address__=\"{host}.shop:{port}\", __meta_dns_name=\"_web._tcp.shop.\", \
                         __meta_dns_srv_record_port=\"{port}\", __meta_dns_srv_record_target=\"{host}.shop.\"}}"
                    )
                })
                .to_vec(),
        ),
    ] {
        let (mut found, polling) = found(yaml, server);
        let (_, groups) = found.recv().await.unwrap();
        assert_eq!(texts(&groups), targets, "{yaml}");
        assert_eq!(groups[0].source, names(yaml).unwrap().names[0]);
        polling.abort();
    }
}

#[tokio::test]
async fn changes_are_told_and_failures_are_not_changes() {
    let zone: Zone = Arc::new(Mutex::new(vec![("a.shop.", 1, &[10, 0, 0, 1])]));
    let (server, _serving) = serve(Arc::clone(&zone)).await;
    let (mut found, polling) =
        found("{names: [a.shop, b.shop], type: A, port: 9, refresh_interval: 100ms}", server);
    let first = texts(&found.recv().await.unwrap().1);
    assert_eq!(first, ["{__address__=\"10.0.0.1:9\", __meta_dns_name=\"a.shop\"}"]);
    // While nobody can tell of the one, the other becomes known.
    *zone.lock().unwrap() = vec![("a.shop.", 0, &[]), ("b.shop.", 1, &[10, 0, 0, 2])];
    let second = texts(&found.recv().await.unwrap().1);
    assert_eq!(second, [&*first[0], "{__address__=\"10.0.0.2:9\", __meta_dns_name=\"b.shop\"}"]);
    // A name that is no more has no targets.
    zone.lock().unwrap().clear();
    assert_eq!(texts(&found.recv().await.unwrap().1), [""; 0]);
    polling.abort();
}

#[test]
fn mistakes_are_told_in_prometheus_words() {
    for (yaml, text) in [
        ("{}", "DNS-SD config must contain at least one SRV record name"),
        ("{names: [a], type: A}", "a port is required in DNS-SD configs for all record types except SRV"),
        ("{names: [a], type: TXT}", "invalid DNS-SD records type TXT"),
        ("{names: [a], refresh_interval: 5}", "not a valid duration string"),
        ("{names: [a], prot: 5}", "has invalid keys: prot"),
    ] {
        let error = names(yaml).unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}
