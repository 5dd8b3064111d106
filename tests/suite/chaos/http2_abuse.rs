//! HTTP/2 as attackers speak it: memory stays within bounds, and everybody else is served.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use crate::kit::{
    frames::{
        CONTINUATION, DATA, END_HEADERS, END_STREAM, Frames, HEADERS, INITIAL_WINDOW_SIZE, PING, RST_STREAM,
        SETTINGS, WINDOW_UPDATE, call_header, field, frame,
    },
    grpc::LOGS,
    numbers::Front,
};

/// Codes with which connections and streams end: `FLOW_CONTROL_ERROR`, `REFUSED_STREAM`.
const FLOW_CONTROL: u32 = 3;
const REFUSED: u32 = 7;

/// How many attackers there are at a time.
const ATTACKERS: usize = 3;

/// Far longer than anything that is waited for, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a collector needs anyway.
const BASE: u64 = 10;

/// A text of a header that is longer than 127 bytes, and shorter than 16 KiB.
fn text(of: &[u8]) -> Vec<u8> {
    let rest = of.len() - 0x7f;
    let length = [0x7f, u8::try_from(rest % 0x80).unwrap() | 0x80, u8::try_from(rest / 0x80).unwrap()];
    [&length[..], of].concat()
}

/// A field of 3 KB that a table is to keep, and whose name is new; it is the table's first then.
fn kept() -> Vec<u8> {
    [&[0x40, 1, b'a'][..], &text(&[b'x'; 3000])].concat()
}

/// Has each of several threads attack once while others are served; what they came back with.
fn attack<T: Send>(front: &mut Front, how: impl Fn(SocketAddr) -> T + Sync) -> Vec<T> {
    let to = front.collector.grpc();
    thread::scope(|scope| {
        let attackers: Vec<_> = (0..ATTACKERS).map(|_| scope.spawn(|| how(to))).collect();
        front.serves(5);
        attackers.into_iter().map(|attacker| attacker.join().unwrap()).collect()
    })
}

/// CVE-2023-44487: requests that are taken back at once, so that they never count as open.
#[test]
fn rapid_resets() {
    let mut front = Front::start("", "");
    let header = call_header(LOGS);
    let sent = attack(&mut front, |to| {
        let mut frames = Frames::connect(to, &[]);
        for round in 0..500 {
            let streams = (0..100).map(|stream| (round * 100 + stream) * 2 + 1);
            let pair = |stream| {
                [frame(HEADERS, END_HEADERS, stream, &header), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])]
                    .concat()
            };
            if frames.write(&streams.flat_map(pair).collect::<Vec<_>>()).is_err() {
                return round * 100;
            }
        }
        50_000
    });
    eprintln!("hung up after {sent:?} requests");
    assert!(sent.iter().all(|sent| *sent < 50_000), "{sent:?}");
    front.finish(BASE + 10);
}

/// CVE-2024-27316: a header that does not end.
#[test]
fn continuation_floods() {
    let mut front = Front::start("", "");
    let sent = attack(&mut front, |to| {
        let mut frames = Frames::connect(to, &[]);
        let filler: Vec<u8> =
            std::iter::repeat_with(|| field("x-filler", &"x".repeat(100))).take(100).flatten().collect();
        frames.write(&frame(HEADERS, 0, 1, &call_header(LOGS))).unwrap();
        let mut sent = 0;
        while sent < 100_000_000 && frames.write(&frame(CONTINUATION, 0, 1, &filler)).is_ok() {
            sent += filler.len();
        }
        sent
    });
    eprintln!("hung up after {sent:?} bytes");
    // What the kernel holds between two processes (some MB) is written before anybody sees it.
    assert!(sent.iter().all(|sent| *sent < 30_000_000), "{sent:?}");
    front.finish(BASE + 10);
}

/// One field of 4 KiB that a table keeps, and a header that names it sixty thousand times: 240 MB out of 64 KB.
#[test]
fn header_bombs() {
    let mut front = Front::start("", "");
    let ends = attack(&mut front, |to| {
        let mut frames = Frames::connect(to, &[]);
        let bomb = vec![0x80 | 0x3e; 16_000];
        frames
            .write(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &[call_header(LOGS), kept()].concat()))
            .unwrap();
        for stream in 1..50 {
            let header = [call_header(LOGS), bomb.clone()].concat();
            if frames.write(&frame(HEADERS, END_HEADERS | END_STREAM, stream * 2 + 1, &header)).is_err() {
                break;
            }
        }
        frames.half_close();
        frames.goodbye()
    });
    eprintln!("ended with {ends:?}");
    // 64 KiB of each header are kept at most.
    front.finish(BASE + 10);
}

/// The same in calls that do not end, where what receives them wants to know their metadata: 60 MB out of 100 KB.
#[test]
fn header_bombs_of_calls_that_do_not_end() {
    let mut front = Front::start(", include_metadata: true", "");
    let _open = attack(&mut front, |to| {
        let mut frames = Frames::connect(to, &[]);
        let first = [call_header(LOGS), kept()].concat();
        frames.write(&frame(HEADERS, END_HEADERS, 1, &first)).unwrap();
        let bomb = [call_header(LOGS), vec![0x80 | 0x3e; 20]].concat();
        for stream in 1..1000 {
            frames.write(&frame(HEADERS, END_HEADERS, stream * 2 + 1, &bomb)).unwrap();
        }
        // Once this is answered all of them have been seen.
        frames.write(&frame(PING, 0, 0, &[1; 8])).unwrap();
        while frames.read().unwrap().0 != PING {}
        frames
    });
    // A thousand calls on each connection, at 10 KiB each.
    front.finish(BASE + ATTACKERS as u64 * 10 + 10);
}

/// Calls of methods that do not exist, whose names the answers repeat. Nobody reads these.
#[test]
fn answers_that_nobody_reads() {
    let mut front = Front::start("", "");
    // Longer than what the answers' table keeps. The name of the field is in the table that everybody knows.
    let path = [&[0x04][..], &text(format!("/{}/x", "x".repeat(5000)).as_bytes())].concat();
    let fields = [("te", "trailers"), ("content-type", "application/grpc")];
    let header =
        [&[0x83, 0x86][..], &path, &fields.map(|(name, value)| field(name, value)).concat()].concat();
    let sent = attack(&mut front, |to| {
        let mut frames = Frames::connect(to, &[]);
        let call = |stream| frame(HEADERS, END_HEADERS | END_STREAM, stream, &header);
        // 125 MB of them, unless nobody reads any more.
        (0..250)
            .take_while(|round| {
                let streams = (0..100).map(|stream| (round * 100 + stream) * 2 + 1);
                frames.write(&streams.flat_map(call).collect::<Vec<_>>()).is_ok()
            })
            .count()
    });
    eprintln!("nobody read any more after so many hundreds of calls: {sent:?}");
    assert!(sent.iter().all(|sent| *sent < 200), "{sent:?}");
    front.finish(BASE + ATTACKERS as u64 * 2 + 10);
}

/// Each wants an answer, and none is read.
#[test]
fn floods_of_pings_and_settings() {
    let mut front = Front::start("", "");
    for flood in [frame(PING, 0, 0, &[1; 8]), frame(SETTINGS, 0, 0, &[])] {
        let flood = flood.repeat(5000);
        let stuck = attack(&mut front, |to| {
            let mut frames = Frames::connect(to, &[]);
            // 2 M of them, unless nobody reads any more.
            (0..400).any(|_| frames.write(&flood).is_err())
        });
        eprintln!("nobody read any more: {stuck:?}");
        assert!(stuck.iter().all(|stuck| *stuck), "{stuck:?}");
    }
    front.finish(BASE + 10);
}

/// Answers that may not be sent, or only a byte at a time, and windows that are too large.
#[test]
fn games_with_windows() {
    let mut front = Front::start("", "");
    let answered = attack(&mut front, |to| {
        let mut frames = Frames::connect(to, &[(INITIAL_WINDOW_SIZE, 0)]);
        // As many as may be open. An empty request is answered, with five bytes of a message and the trailers.
        for stream in 0..1024 {
            let call = [
                frame(HEADERS, END_HEADERS, stream * 2 + 1, &call_header(LOGS)),
                frame(DATA, END_STREAM, stream * 2 + 1, &[0; 5]),
            ];
            frames.write(&call.concat()).unwrap();
        }
        for _ in 0..5 {
            frames.write(&frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1])).unwrap();
        }
        // All of the first answer comes, in five frames; of the others nothing but the heads.
        let mut data = 0;
        while data < 5 {
            let (kind, payload) = frames.read().unwrap();
            data += if kind == DATA { payload.len() } else { 0 };
        }
        let most = frame(WINDOW_UPDATE, 0, 3, &[0x7f, 0xff, 0xff, 0xff]);
        frames.write(&[most.clone(), most].concat()).unwrap();
        let whole = frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff]);
        frames.write(&whole).unwrap();
        frames.goodbye()
    });
    assert_eq!(answered, vec![Some(FLOW_CONTROL); ATTACKERS]);
    // A thousand answers that wait on each connection, at 2 KiB each.
    front.finish(BASE + ATTACKERS as u64 * 2 + 10);
}

/// Messages of which nearly all has come: as many as a connection may have open, of the largest size.
#[test]
fn messages_that_do_not_end() {
    const STREAMS: u32 = 4;
    const SIZE: usize = 1 << 20;
    let mut front =
        Front::start(&format!(", max_concurrent_streams: {STREAMS}, max_recv_msg_size_mib: 1"), "");
    let refused = attack(&mut front, |to| {
        let mut frames = Frames::connect(to, &[]);
        // Room for all of it.
        while frames.read().unwrap().0 != WINDOW_UPDATE {}
        let prefix = [&[0][..], &u32::try_from(SIZE).unwrap().to_be_bytes()].concat();
        // The last one is more than may be open.
        for stream in (0..=STREAMS).map(|number| number * 2 + 1) {
            frames.write(&frame(HEADERS, END_HEADERS, stream, &call_header(LOGS))).unwrap();
            frames.write(&frame(DATA, 0, stream, &prefix)).unwrap();
        }
        for chunk in vec![0; 900 << 10].chunks(16 << 10) {
            for stream in (0..STREAMS).map(|number| number * 2 + 1) {
                frames.write(&frame(DATA, 0, stream, chunk)).unwrap();
            }
        }
        loop {
            let (kind, payload) = frames.read().unwrap();
            if kind == RST_STREAM {
                break (u32::from_be_bytes(payload.try_into().unwrap()), frames);
            }
        }
    });
    assert!(refused.iter().all(|(code, _)| *code == REFUSED));
    // All of it is held indeed.
    let (held, end) = (ATTACKERS as u64 * u64::from(STREAMS) * 900 / 1024, Instant::now() + PATIENCE);
    while front.mib() < held {
        assert!(Instant::now() < end, "{} of {held} MiB", front.mib());
        thread::sleep(Duration::from_millis(5));
    }
    // The messages, twice where one is moved into a larger place, and what a connection buffers.
    front.finish(BASE + ((ATTACKERS * STREAMS as usize * SIZE) >> 20) as u64 * 2 + 10);
}
