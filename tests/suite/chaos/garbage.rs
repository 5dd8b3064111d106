//! Something listens that does not speak the protocol, or speaks it and says nonsense.

use crate::kit::numbers::{Answer, Fault, PER_REQUEST, Protocol, Rig, Times};

/// What a collector needs anyway, and a head of a response that does not end (256 KiB at most are read of one).
const MIB: u64 = 20;

/// What another kind of server says.
const FOREIGN: [&[u8]; 5] = [
    b"",
    b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
    b"220 mail.example.com ESMTP Postfix\r\n",
    // A TLS alert: unexpected_message.
    b"\x15\x03\x01\x00\x02\x02\x0a",
    &[0xff; 70_000],
];

/// What HTTP/2 says where HTTP/1.1 is meant, broken HTTP/1.1, and a head without an end.
const FOR_HTTP: [&[u8]; 4] = [
    b"\0\0\0\x04\0\0\0\0\0",
    b"HTTP/1.1 two hundred\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    &[b'H'; 3_000_000],
];

/// What HTTP/1.1 says where HTTP/2 is meant, a frame larger than allowed, HEADERS on a stream that nobody opened, HPACK that is
/// none, and a GOAWAY.
const FOR_GRPC: [&[u8]; 5] = [
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    b"\0\0\0\x04\0\0\0\0\0\xff\xff\xff\0\0\0\0\0\0",
    b"\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\x05\0\0\0\x09\x88",
    b"\0\0\0\x04\0\0\0\0\0\0\0\x03\x01\x05\0\0\0\x01\xff\xff\xff",
    b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0b",
];

#[test]
fn what_met_a_foreign_server_arrives_later() {
    let mut rig = Rig::start(Times { timeout: "2s", ..Times::default() });
    let turns = FOREIGN.len() + FOR_GRPC.len();
    for turn in 0..turns {
        for end in &rig.ends {
            let own: &[&[u8]] = if end.protocol == Protocol::Grpc { &FOR_GRPC } else { &FOR_HTTP };
            let words = FOREIGN.get(turn).unwrap_or_else(|| &own[(turn - FOREIGN.len()) % own.len()]);
            end.wire.fault(if turn % 2 == 0 || words.is_empty() {
                Fault::Says(words)
            } else {
                Fault::SaysAndStays(words)
            });
        }
        rig.send(2);
        rig.fails(2);
        rig.fault(Fault::None);
        rig.expect();
    }
    // The answer to the last request may be on its way when the next server is put in the place of the last.
    rig.finish(MIB, |_, _| turns as u64 * PER_REQUEST);
}

/// Whoever says that it has taken something has, whatever else it says.
#[test]
fn nonsense_in_an_answer_does_not_send_twice() {
    let mut rig = Rig::start(Times::default());
    for body in [vec![0xff; 10], vec![0x0a, 0x7f], vec![0; 100_000]] {
        for end in &rig.ends {
            let headers = vec![("content-type", "application/x-protobuf".to_owned())];
            end.sink.answer(Answer { headers, body: body.clone(), ..Answer::default() });
        }
        rig.send(3);
        rig.expect();
    }
    let stopped = rig.finish_with_errors(MIB, |_, _| 0);
    stopped.line("error parsing protobuf response");
}
