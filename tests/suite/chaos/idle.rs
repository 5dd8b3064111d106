//! Two thousand connections that do nothing, while others work.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::kit::{
    frames::{Frames, SETTINGS},
    numbers::Front,
};

const EACH: usize = 1000;

/// What a collector needs anyway (10 MiB), and 24 KiB for each connection: buffers of 16 and 8 KiB with HTTP/2, of 8 KiB with
/// HTTP/1.1, and the task.
const MIB: u64 = 10 + 2 * EACH as u64 * 24 / 1024;

#[test]
fn two_thousand_idle_connections_disturb_nobody() {
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    setrlimit(Resource::Nofile, files).unwrap();
    // As few as systemd gives: the collector has to ask for more.
    let mut front = Front::start_with_files(1024, "", "");
    front.serves(5);
    let (before, begun) = (front.files(), Instant::now());
    let mut idle: Vec<Box<dyn std::any::Any>> = Vec::new();
    for number in 0..EACH {
        let mut grpc = Frames::connect(front.collector.grpc(), &[]);
        assert_eq!(grpc.read().unwrap().0, SETTINGS);
        idle.push(Box::new(grpc));
        let mut http = TcpStream::connect(front.collector.http()).unwrap();
        // Half of them have never said a word.
        if number % 2 == 0 {
            http.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            http.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut answer = [0; 12];
            http.read_exact(&mut answer).unwrap();
            assert_eq!(&answer, b"HTTP/1.1 404");
        }
        idle.push(Box::new(http));
    }
    front.serves(20);
    assert!(front.files() >= 2 * EACH, "{} files", front.files());
    eprintln!("{} connections in {:?}: {} MiB", idle.len(), begun.elapsed(), front.mib());
    drop(idle);
    let end = Instant::now() + Duration::from_secs(30);
    while front.files() > before + 10 {
        assert!(Instant::now() < end, "{} files are still open", front.files());
        std::thread::sleep(Duration::from_millis(5));
    }
    front.finish(MIB);
}
