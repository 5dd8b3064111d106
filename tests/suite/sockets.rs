//! Logs over TCP and UDP, from those who send them: util-linux' `logger`, and rsyslog.

use std::{
    cell::RefCell,
    fs,
    io::Write as _,
    net::{SocketAddr, TcpStream, UdpSocket},
    path::Path,
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::kit::{collector::Collector, distros, programs, records};

const CONFIG: &str = "
receivers:
  syslog/stream: {protocol: rfc5424, tcp: {listen_address: '127.0.0.1:0'}}
  syslog/counted: {protocol: rfc5424, enable_octet_counting: true, tcp: {listen_address: '127.0.0.1:0'}}
  syslog/packets: {protocol: rfc3164, udp: {listen_address: '127.0.0.1:0'}}
  tcp_log: {listen_address: '127.0.0.1:0', add_attributes: true}
  udp_log: {listen_address: '127.0.0.1:0'}
exporters:
  file: {path: '${env:DIR}/out.json', flush_interval: 50ms}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    logs: {receivers: [syslog/stream, syslog/counted, syslog/packets, tcp_log, udp_log], exporters: [file]}
";

/// Where a receiver listens.
fn address(collector: &Collector, receiver: &str) -> SocketAddr {
    let id = format!("\"{receiver}\"");
    let found = RefCell::new(None);
    let such = |line: &str| line.contains("Starting stanza receiver") && line.contains(&id);
    collector.log().until(1, such);
    collector.log().count(|line| {
        if such(line) {
            let endpoint = line.split("\"endpoint\": \"").nth(1).and_then(|rest| rest.split('"').next());
            *found.borrow_mut() = endpoint.and_then(|endpoint| endpoint.parse().ok());
        }
        false
    });
    found.into_inner().unwrap_or_else(|| panic!("no endpoint of {receiver}"))
}

/// All records once there are so many, by what they say.
fn written(collector: &Collector, count: usize) -> Vec<Value> {
    let path = collector.file("out.json");
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let text = fs::read_to_string(&path).unwrap_or_default();
        // The last line may be half written.
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let records = records::of_lines(whole);
        if records.len() >= count {
            return records;
        }
        assert!(Instant::now() < end, "{} of {count} records: {records:#?}", records.len());
        sleep(Duration::from_millis(20));
    }
}

/// The record whose body or message has a text in it.
fn about<'r>(records: &'r [Value], text: &str) -> &'r Value {
    let found = records.iter().find(|record| record.to_string().contains(text));
    &found.unwrap_or_else(|| panic!("no {text:?} in {records:#?}"))["logRecords"]
}

fn attribute(record: &Value, key: &str) -> String {
    let of_key = |pair: &&Value| pair["key"] == key;
    let value = record["attributes"].as_array().unwrap().iter().find(of_key).map(|pair| &pair["value"]);
    let value = value.and_then(Value::as_object).and_then(|value| value.values().next());
    value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
}

fn logger(arguments: &[&str]) {
    let mut command = programs::find("logger", "bsdutils").expect("it is essential in Debian");
    assert!(command.args(arguments).status().unwrap().success(), "{arguments:?}");
}

#[test]
fn logger_and_plain_senders() {
    let collector = Collector::start(&distros::contrib().binary, CONFIG);
    let port = |receiver: &str| address(&collector, receiver).port().to_string();
    let common = ["-n", "127.0.0.1", "-t", "tagged", "-p", "local3.warning"];
    let send = |more: &[&str]| logger(&[&common[..], more].concat());
    send(&["-P", &port("syslog/stream"), "-T", "--rfc5424", "--", "over a stream"]);
    send(&["-P", &port("syslog/counted"), "-T", "--rfc5424", "--octet-count", "--", "counted by logger"]);
    send(&["-P", &port("syslog/packets"), "-d", "--rfc3164", "-i", "--", "in a packet"]);
    let mut stream = TcpStream::connect(address(&collector, "tcp_log")).unwrap();
    stream.write_all(b"a line\r\nanother\n").unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send_to(b"a datagram\n", address(&collector, "udp_log")).unwrap();

    let records = written(&collector, 6);
    for text in ["over a stream", "counted by logger", "in a packet"] {
        let record = about(&records, text);
        assert_eq!(attribute(record, "message").trim(), text);
        assert_eq!(attribute(record, "appname"), "tagged");
        assert_eq!(attribute(record, "facility_text"), "local3");
        assert_eq!(
            (&record["severityText"], record["severityNumber"].as_f64()),
            (&"warning".into(), Some(13.0))
        );
        let time: u64 = record["timeUnixNano"].as_str().unwrap().parse().unwrap();
        let observed: u64 = record["observedTimeUnixNano"].as_str().unwrap().parse().unwrap();
        // RFC 3164 has neither zone nor year; `location` is UTC, and so is this machine or it is within a day of it.
        assert!(time.abs_diff(observed) < 86_400_000_000_000, "{time} {observed}");
    }
    assert_eq!(attribute(about(&records, "a line"), "net.transport"), "IP.TCP");
    assert_eq!(about(&records, "another")["body"]["stringValue"], "another");
    assert_eq!(about(&records, "a datagram")["body"]["stringValue"], "a datagram");
    drop(stream);
    collector.stop().expect_clean();
}

/// rsyslog, killed when dropped.
struct Rsyslog(Child);

impl Drop for Rsyslog {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Rsyslog {
    /// Takes messages from a socket in a folder and sends them on, counted.
    fn start(mut command: Command, dir: &Path, to: SocketAddr) -> Self {
        let config = format!(
            r#"
global(workDirectory="{dir}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{dir}/log" CreatePath="on" RateLimit.Interval="0")
*.* action(type="omfwd" Target="{ip}" Port="{port}" Protocol="tcp" TCP_Framing="octet-counted" Template="RSYSLOG_SyslogProtocol23Format")
"#,
            dir = dir.display(),
            ip = to.ip(),
            port = to.port()
        );
        fs::write(dir.join("rsyslog.conf"), config).unwrap();
        let (config, pid) = (dir.join("rsyslog.conf"), dir.join("rsyslog.pid"));
        let child = command.arg("-n").arg("-f").arg(config).arg("-i").arg(pid).spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(30);
        while !dir.join("log").exists() {
            assert!(Instant::now() < end, "rsyslog does not listen");
            sleep(Duration::from_millis(20));
        }
        Self(child)
    }
}

#[test]
fn rsyslog_forwards_counted_messages() {
    let Some(rsyslogd) = programs::find("rsyslogd", "rsyslog") else { return };
    let collector = Collector::start(&distros::contrib().binary, CONFIG);
    let dir = tempfile::tempdir().unwrap();
    let _rsyslog = Rsyslog::start(rsyslogd, dir.path(), address(&collector, "syslog/counted"));
    let socket = dir.path().join("log").display().to_string();
    let texts: Vec<_> = (0..200).map(|number| format!("message {number} of many")).collect();
    for text in &texts {
        logger(&["-u", &socket, "-t", "many", "-p", "daemon.err", "-i", "--", text]);
    }
    let records = written(&collector, texts.len());
    assert_eq!(records.len(), texts.len());
    for text in &texts {
        let record = about(&records, &format!("{text}\\n\""));
        assert_eq!(attribute(record, "message").trim(), text);
        assert_eq!(
            (attribute(record, "appname"), attribute(record, "facility_text")),
            ("many".into(), "daemon".into())
        );
        assert_eq!(record["severityText"], "err");
    }
    collector.stop().expect_clean();
}
