//! Records through the real Kafka, from one collector to others: across restarts of the broker and rebalances of the group, as
//! somebody, and as Kafka's own programs read and write them.

use std::{
    collections::BTreeSet,
    io::{BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::Stdio,
    thread::{sleep, spawn},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use rustix::process::Signal;

use crate::{
    kit::{
        collector::{Collector, Stopped},
        command::run,
        distros, http,
        kafka::{Kafka, USER},
        numbers::{Senders, Sink, send},
        served::Request,
    },
    metrics::free_port,
};

/// Far longer than a group takes to find itself again, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Numbers in a request.
const PER_REQUEST: u64 = 10;

/// Takes numbers over HTTP and sends them to Kafka.
fn producing(kafka: &Kafka) -> String {
    format!(
        "
receivers: {{otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}}}
exporters:
  kafka:
    brokers: ['{}']
    sending_queue: {{block_on_overflow: true}}
    retry_on_failure: {{initial_interval: 200ms, max_interval: 1s, max_elapsed_time: 0}}
    producer: {{compression: zstd}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{logs: {{receivers: [otlp], exporters: [kafka]}}}}
",
        kafka.address()
    )
}

/// Reads numbers from Kafka and sends them to `to`, without a queue in between.
fn consuming(kafka: &Kafka, to: SocketAddr) -> String {
    format!(
        "
receivers:
  kafka:
    brokers: ['{}']
    initial_offset: earliest
    session_timeout: 6s
    heartbeat_interval: 500ms
    autocommit: {{interval: 100ms}}
    max_partition_fetch_size: 1000
exporters:
  otlp_http:
    endpoint: 'http://{to}'
    compression: none
    sending_queue: {{enabled: false}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{logs: {{receivers: [kafka], exporters: [otlp_http]}}}}
",
        kafka.address()
    )
}

fn reader(kafka: &Kafka, sink: &Sink) -> Collector {
    Collector::start(&distros::core().binary, &consuming(kafka, sink.address()))
}

/// Waits until so many more numbers have come.
fn more(sink: &Sink, numbers: usize) {
    let (before, end) = (sink.numbers().len(), Instant::now() + PATIENCE);
    while sink.numbers().len() < before + numbers {
        assert!(Instant::now() < end, "only {} more came", sink.numbers().len() - before);
        sleep(Duration::from_millis(20));
    }
}

fn lines(stopped: &Stopped, text: &str) -> usize {
    stopped.log.iter().filter(|line| line.contains(text)).count()
}

#[test]
fn nothing_is_lost_across_restarts_of_the_broker_and_rebalances() {
    let Some(mut kafka) = Kafka::start() else { return };
    let sink = Sink::start();
    let agent = Collector::start(&distros::core().binary, &producing(&kafka));
    let begun = Instant::now();
    let senders = Senders::start(4, PER_REQUEST, &sink);
    senders.aim(agent.http());

    let first = reader(&kafka, &sink);
    more(&sink, 2000);
    // Another member gets its share, and gives it back.
    let second = reader(&kafka, &sink);
    second.line("partition assigned");
    more(&sink, 2000);
    let second = second.stop();
    second.expect_clean();
    assert_eq!(sink.repeated(), 0, "what is given up in order comes once");
    more(&sink, 2000);
    // The broker goes in order, and then as it would with the power.
    let third = reader(&kafka, &sink);
    third.line("partition assigned");
    for signal in [Signal::TERM, Signal::KILL] {
        kafka.stop(signal);
        sleep(Duration::from_secs(2));
        kafka.start_again();
        more(&sink, 2000);
    }
    let sent = senders.finish();
    assert_eq!(sink.missing(&sent, PATIENCE), Vec::<u64>::new());
    let (agent, first, third) = (agent.stop(), first.stop(), third.stop());
    for stopped in [&agent, &first, &third] {
        assert_eq!(stopped.code, Some(0), "{:#?}", stopped.log);
    }
    assert_eq!(lines(&second, "partition assigned"), lines(&second, "partition given up"));
    // Twice comes what was under way when a broker went: of each sending task a request, of each partition a fetch, which is kept
    // to a batch above, and what was read since offsets were last committed, which is every 100 ms. Numbers come in bursts, so
    // this is more than a tenth of a second's on the average.
    let a_second = sent.len() as u64 / begun.elapsed().as_secs();
    let at_most = 2 * ((10 + 4) * PER_REQUEST + 2 * a_second);
    assert!(sink.repeated() <= at_most, "{} came twice, {at_most} may", sink.repeated());
    eprintln!("{} numbers, {} of them twice", sent.len(), sink.repeated());
}

#[test]
fn kafkas_own_programs_and_collectors_understand_each_other() {
    const CODECS: [&str; 5] = ["none", "gzip", "snappy", "lz4", "zstd"];
    let Some(kafka) = Kafka::start() else { return };
    let (user, password) = USER;
    let mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN", "SCRAM-SHA-256"];
    let sasl = |mechanism: &str| {
        format!("auth: {{sasl: {{mechanism: {mechanism}, username: {user}, password: {password}}}}}")
    };
    let exporter = |codec: &str, mechanism: &str| {
        format!(
            "  kafka/{codec}: {{brokers: ['{}'], {}, metadata: {{retry: {{max: 20}}}}, logs: {{topic: out, encoding: otlp_json}}, producer: {{compression: {codec}}}}}",
            kafka.sasl(),
            sasl(mechanism)
        )
    };
    let exporters: Vec<String> =
        CODECS.iter().zip(mechanisms).map(|(codec, mechanism)| exporter(codec, mechanism)).collect();
    let exporters = exporters.join("\n");
    let names = CODECS.map(|codec| format!("kafka/{codec}")).join(", ");
    let yaml = format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
  kafka:
    brokers: ['{}']
    {}
    initial_offset: earliest
    group_rebalance_strategies: [range]
    metadata: {{refresh_interval: 1s}}
    logs: {{topics: ['^in-'], encoding: text}}
exporters:
{exporters}
  file: {{path: '${{env:DIR}}/in.jsonl'}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs/out: {{receivers: [otlp], exporters: [{names}]}}
    logs/in: {{receivers: [kafka], exporters: [file]}}
",
        kafka.sasl(),
        sasl("SCRAM-SHA-512")
    );
    let collector = Collector::start(&distros::core().binary, &yaml);
    assert_eq!(send(collector.http(), 0..100).unwrap().0, 200);

    let mut consumer = kafka.tool("org.apache.kafka.tools.consumer.ConsoleConsumer");
    consumer.args(["--topic", "out", "--from-beginning", "--max-messages", "5", "--timeout-ms", "60000"]);
    let read = run(&mut consumer, PATIENCE);
    let records: Vec<&str> = read.stdout.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(records.len(), 5, "{read:?}");
    let same: BTreeSet<&str> = records.into_iter().collect();
    assert_eq!(same.len(), 1, "one request, whatever the compression: {same:#?}");
    assert!(same.iter().all(|record| record.matches("\"timeUnixNano\"").count() >= 99), "{same:#?}");

    // Java's ways to write these are its own.
    let theirs = ["snappy", "lz4", "zstd"];
    let writers: Vec<_> = theirs
        .iter()
        .map(|codec| {
            let mut producer = kafka.tool("org.apache.kafka.tools.ConsoleProducer");
            producer.args(["--topic", &format!("in-{codec}"), "--compression-codec", codec]);
            let producer = producer.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = producer.spawn().unwrap();
            let mut lines = child.stdin.take().unwrap();
            for line in 0..200 {
                writeln!(lines, "{codec} {line}").unwrap();
            }
            child
        })
        .collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    let expected: BTreeSet<String> =
        theirs.iter().flat_map(|codec| (0..200).map(move |line| format!("{codec} {line}"))).collect();
    let end = Instant::now() + PATIENCE;
    let found = loop {
        let text = std::fs::read_to_string(collector.file("in.jsonl")).unwrap_or_default();
        let found: Vec<String> = text
            .split("\"body\":{\"stringValue\":\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        if found.len() >= expected.len() || Instant::now() > end {
            break found;
        }
        sleep(Duration::from_millis(100));
    };
    assert_eq!(found.len(), expected.len(), "each line once");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    collector.stop().expect_clean();
}

/// What the lines of a page with this name and these labels add up to.
fn total(page: &str, name: &str, labels: &[&str]) -> f64 {
    let named = page.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('{'));
    let lines = named.filter(|line| labels.iter().all(|label| line.contains(label)));
    lines.map(|line| line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap()).sum()
}

#[test]
fn what_collectors_count_of_brokers_shows() {
    let Some(mut kafka) = Kafka::start() else { return };
    // Whatever is sent is too much.
    let mut quota = kafka.tool("kafka.admin.ConfigCommand");
    quota.args(["--alter", "--add-config", "producer_byte_rate=1", "--entity-type", "clients"]);
    run(quota.arg("--entity-default"), PATIENCE).expect_success();
    let (port, address) = (free_port(), kafka.address());
    let yaml = format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
  kafka:
    brokers: ['{address}']
    initial_offset: earliest
    telemetry: {{metrics: {{kafka_receiver_records_delay: {{enabled: true}}}}}}
exporters:
  nop:
  kafka: {{brokers: ['{address}'], sending_queue: {{enabled: false}}, producer: {{compression: zstd}}}}
service:
  telemetry:
    metrics:
      level: basic
      readers: [{{pull: {{exporter: {{prometheus: {{host: 127.0.0.1, port: {port}}}}}}}}}]
  pipelines:
    logs/out: {{receivers: [otlp], exporters: [kafka]}}
    logs/in: {{receivers: [kafka], exporters: [nop]}}
"
    );
    let collector = Collector::start(&distros::core().binary, &yaml);
    assert_eq!(send(collector.http(), 0..100).unwrap().0, 200);
    let until = |name: &str, labels: &[&str]| {
        let end = Instant::now() + PATIENCE;
        loop {
            let page = http::get(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), "/metrics").text();
            if total(&page, name, labels) > 0.0 {
                return page;
            }
            assert!(Instant::now() < end, "no {name} in\n{page}");
            sleep(Duration::from_millis(100));
        }
    };
    let page = until("otelcol_kafka_receiver_records", &[]);
    let (node, sink) = ("node_id=\"1\"", "server_address=\"127.0.0.1\"");
    let (fine, topic) = ("outcome=\"success\"", "topic=\"otlp_logs\"");
    let mut bytes = Vec::new();
    for (side, labels) in [
        ("exporter", &[node, fine, topic, "compression_codec=\"zstd\"", sink][..]),
        ("receiver", &[node, fine, topic, "compression_codec=\"zstd\""]),
    ] {
        let sum = |name: &str| total(&page, &format!("otelcol_kafka_{side}_{name}"), labels);
        assert_eq!((sum("records"), sum("messages")), (1.0, 1.0), "{side}\n{page}");
        bytes.push((sum("bytes"), sum("bytes_uncompressed")));
    }
    assert_eq!(bytes[0], bytes[1], "what was sent is what came\n{page}");
    assert!(bytes[0].0 > 0.0 && bytes[0].1 > bytes[0].0, "{page}");
    for (name, labels) in [
        ("otelcol_kafka_exporter_latency_count", &[node, fine, sink][..]),
        ("otelcol_kafka_exporter_write_latency_count", &[node, fine, sink]),
        ("otelcol_kafka_receiver_latency_count", &[node, fine]),
        ("otelcol_kafka_receiver_read_latency_count", &[node, fine]),
        ("otelcol_kafka_receiver_records_delay_count", &[topic]),
        ("otelcol_kafka_broker_connects", &[node, fine, sink]),
        ("otelcol_kafka_broker_connects", &["node_id=\"seed_0\"", fine, "receiver=\"kafka\""]),
        ("otelcol_kafka_broker_throttling_duration_count", &[node, sink]),
        ("otelcol_kafka_broker_throttling_latency_sum", &[node, sink]),
    ] {
        assert!(total(&page, name, labels) > 0.0, "{name} {labels:?}\n{page}");
    }
    assert_eq!(page.matches("# TYPE otelcol_kafka_broker_connects counter\n").count(), 1, "{page}");
    kafka.stop(Signal::TERM);
    until("otelcol_kafka_broker_closed", &[node]);
    until("otelcol_kafka_broker_connects", &["outcome=\"failure\""]);
    assert_eq!(collector.stop().code, Some(0));
}

/// A token that says of itself when it ends, as Kafka takes them in trials.
fn token(ends: i64) -> String {
    let part = |json: String| base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, json);
    let claims = format!("{{\"sub\":\"jane\",\"exp\":{ends}}}");
    format!("{}.{}.", part("{\"alg\":\"none\"}".to_owned()), part(claims))
}

/// Gives out these tokens, one after the other.
fn issue(tokens: Vec<String>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    spawn(move || {
        for token in tokens {
            let (mut stream, _) = listener.accept().unwrap();
            Request::read(&mut BufReader::new(&stream)).unwrap();
            let body =
                format!("{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\",\"expires_in\":3600}}");
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    address
}

#[test]
fn tokens_open_brokers() {
    let Some(kafka) = Kafka::start() else { return };
    let sink = Sink::start();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed();
    let (old, good) = (token(now - 3600), token(now + 3600));
    let with = |yaml: String, id: &str, extension: &str| {
        let sasl = format!("auth: {{sasl: {{mechanism: OAUTHBEARER, oauthbearer_token_source: {id}}}}}");
        let sasl = format!("brokers: ['{}']\n    {sasl}", kafka.sasl());
        let yaml = yaml.replace(&format!("brokers: ['{}']", kafka.address()), &sasl);
        let service = format!("extensions: {{{id}: {extension}}}\nservice:\n  extensions: [{id}]\n");
        yaml.replace("service:\n", &service)
    };
    let start = |yaml: &str| Collector::start(&distros::contrib().binary, yaml);
    // The broker does not take the first token. The next one is asked for when that is five seconds old.
    let issuer = issue(vec![old.clone(), good.clone()]);
    let client = format!("{{token_url: 'http://{issuer}/token', client_id: me, client_secret: hush-hush}}");
    let agent = start(&with(producing(&kafka), "oauth2client", &client));
    assert_eq!(send(agent.http(), 0..100).unwrap().0, 200);
    let refused = agent.line("Exporting failed. Will retry the request after interval.");
    assert!(
        refused.contains("the broker does not take the token: {\\\"status\\\":\\\"invalid_token\\\"}"),
        "{refused}"
    );
    let bearer = format!("{{token: '{good}'}}");
    let reader = start(&with(consuming(&kafka, sink.address()), "bearertokenauth", &bearer));
    more(&sink, 100);
    assert_eq!(sink.missing(&(0..100).collect::<Vec<_>>(), PATIENCE), Vec::<u64>::new());
    for stopped in [agent.stop(), reader.stop()] {
        assert_eq!(stopped.code, Some(0), "{:#?}", stopped.log);
        let told = |line: &&String| [&*old, &good, "hush-hush"].iter().any(|secret| line.contains(secret));
        assert_eq!(stopped.log.iter().find(told), None);
    }
}

/// The broker asks for a certificate, and who has none, or does not know the broker's authority, is told so.
#[test]
fn brokers_and_collectors_know_each_other_by_certificates() {
    let Some(kafka) = Kafka::start() else { return };
    let sink = Sink::start();
    let known = format!(
        "tls: {{ca_file: '{}', cert_file: '{}', key_file: '{}'}}",
        kafka.file("authority.pem"),
        kafka.file("client.pem"),
        kafka.file("client.key")
    );
    let secure = |yaml: String, tls: &str| {
        yaml.replace(
            &format!("brokers: ['{}']", kafka.address()),
            &format!("brokers: ['{}']\n    {tls}", kafka.tls()),
        )
    };
    let start = |yaml: &str| Collector::start(&distros::core().binary, yaml);
    let agent = start(&secure(producing(&kafka), &known));
    assert_eq!(send(agent.http(), 0..100).unwrap().0, 200);
    let reader = start(&secure(consuming(&kafka, sink.address()), &known));
    more(&sink, 100);
    assert_eq!(sink.missing(&(0..100).collect::<Vec<_>>(), PATIENCE), Vec::<u64>::new());
    reader.stop().expect_clean();
    agent.stop().expect_clean();

    // Java says of a certificate that is missing that it is bad, or required, by its version.
    for (tls, want, what) in [
        (
            "tls: {}".to_owned(),
            "tls: failed to verify certificate: ",
            "x509: certificate signed by unknown authority",
        ),
        (
            format!("tls: {{ca_file: '{}'}}", kafka.file("authority.pem")),
            "remote error: tls: ",
            "certificate",
        ),
    ] {
        let stranger = start(&secure(producing(&kafka), &tls));
        assert_eq!(send(stranger.http(), 0..1).unwrap().0, 200);
        let line = stranger.line("Exporting failed. Will retry the request after interval.");
        assert!(line.contains(want) && line.contains(what), "{line}");
        stranger.stop();
    }
}
