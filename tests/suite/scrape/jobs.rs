//! Jobs that the configuration does not have: a file names one, whose target wants a token, and an allocator gives another.

use std::{
    fs,
    io::{BufReader, Write},
    net::{SocketAddr, TcpListener},
    process::Command,
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    families::protobuf,
    kit::{collector::Collector, distros, served::Request},
};

const PATIENCE: Duration = Duration::from_secs(30);
const PROTO: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// Status, content type, body.
type Reply = (u16, &'static str, Vec<u8>);

/// A server that remembers what it was asked, until the tests end.
struct Site {
    address: SocketAddr,
    asked: Arc<(Mutex<Vec<Request>>, Condvar)>,
}

impl Site {
    fn start(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Self { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let (asked, reply) = (site.asked.clone(), Arc::new(reply));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (asked, reply) = (asked.clone(), reply.clone());
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream);
                    while let Some(request) = Request::read(&mut reader) {
                        let (status, kind, body) = reply(&request);
                        asked.0.lock().unwrap().push(request);
                        asked.1.notify_all();
                        let head = format!(
                            "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
                            body.len()
                        );
                        if reader.get_mut().write_all(&[head.as_bytes(), &body].concat()).is_err() {
                            break;
                        }
                    }
                });
            }
        });
        site
    }

    /// One that takes metrics.
    fn sink() -> Self {
        Self::start(|_| (200, "application/json", b"{}".to_vec()))
    }

    /// What `find` finds among all that was asked, as soon as it does.
    fn find<T>(&self, find: impl Fn(&[Request]) -> Option<T>) -> T {
        let asked = self.asked.0.lock().unwrap();
        let (asked, _) =
            self.asked.1.wait_timeout_while(asked, PATIENCE, |asked| find(asked).is_none()).unwrap();
        find(&asked).unwrap_or_else(|| panic!("it was not asked: {asked:#?}"))
    }

    /// The metrics of the first scrape of `job` that has one called `name`.
    fn metrics(&self, job: &str, name: &str) -> Vec<Value> {
        self.find(|asked| {
            let resources = asked.iter().flat_map(|request| {
                let sent: Value = serde_json::from_slice(&request.body).unwrap();
                sent["resourceMetrics"].as_array().unwrap().clone()
            });
            let service = json!({"key": "service.name", "value": {"stringValue": job}});
            resources
                .filter(|one| one["resource"]["attributes"].as_array().unwrap().contains(&service))
                .map(|one| one["scopeMetrics"][0]["metrics"].as_array().unwrap().clone())
                .find(|metrics| metrics.iter().any(|metric| metric["name"] == name))
        })
    }
}

/// The data of each metric called `name`, by its kind.
fn data<'m>(metrics: &'m [Value], name: &str) -> Vec<(&'m str, &'m Value)> {
    let named = metrics.iter().filter(|metric| metric["name"] == name);
    let kinds = ["exponentialHistogram", "gauge", "histogram", "sum"];
    named
        .flat_map(|metric| kinds.map(|kind| (kind, &metric[kind]["dataPoints"][0])))
        .filter(|(_, point)| !point.is_null())
        .collect()
}

/// A collector whose receiver has these keys, in a folder with these files.
fn start(receiver: &str, sink: &Site, files: &[(&str, &str)]) -> Collector {
    let yaml = format!(
        "
receivers:
  prometheus: {{{receiver}}}
exporters:
  otlp_http: {{endpoint: 'http://{}', encoding: json, compression: none}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    metrics: {{receivers: [prometheus], exporters: [otlp_http]}}
",
        sink.address
    );
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config.yaml");
    fs::write(&config, yaml).unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    Collector::run(Command::new(&distros::core().binary).arg("--config").arg(&config), dir)
}

#[test]
fn a_file_names_a_target_that_wants_a_token() {
    // `me:hush`
    let known = |request: &Request| request.header("authorization") == Some("Basic bWU6aHVzaA==");
    let issuer = Site::start(move |request| {
        let answer = json!({"access_token": "t1", "token_type": "Bearer", "expires_in": 3600});
        (if known(request) { 200 } else { 401 }, "application/json", answer.to_string().into_bytes())
    });
    let shown = |request: &Request| request.header("authorization") == Some("Bearer t1");
    let target = Site::start(move |request| {
        if shown(request) { (200, PROTO, protobuf::page()) } else { (401, "text/plain", Vec::new()) }
    });
    let sink = Site::sink();
    // The secret's path leads from the file that names it.
    let jobs = format!(
        "scrape_configs:
  - job_name: filed
    scrape_interval: 200ms
    scrape_native_histograms: true
    always_scrape_classic_histograms: true
    oauth2: {{client_id: me, client_secret_file: secret, token_url: 'http://{}/token', scopes: [a, b], endpoint_params: {{audience: x}}}}
    static_configs: [{{targets: ['{}']}}]
",
        issuer.address, target.address
    );
    let files = [("jobs-1.yaml", jobs.as_str()), ("secret", "hush\n")];
    let collector = start("config: {scrape_config_files: ['${env:DIR}/jobs-*.yaml']}", &sink, &files);
    let metrics = sink.metrics("filed", "p_both_seconds");
    assert_eq!(data(&metrics, "up")[0].1["asDouble"], 1.0, "{metrics:?}");
    // What has buckets of both kinds is both.
    let both = data(&metrics, "p_both_seconds");
    let mut kinds: Vec<&str> = both.iter().map(|(kind, _)| *kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["exponentialHistogram", "histogram"], "{metrics:?}");
    assert!(both.iter().all(|(_, point)| point["count"] == "4"), "{both:?}");
    // More scrapes, and no token more.
    target.find(|asked| (asked.len() > 3).then_some(()));
    collector.stop().expect_clean();
    let asked = issuer.asked.0.lock().unwrap();
    let [grant] = &asked[..] else { panic!("one token is enough: {asked:#?}") };
    assert_eq!((grant.method(), grant.target()), ("POST", "/token"));
    assert_eq!(grant.header("content-type"), Some("application/x-www-form-urlencoded"));
    let body = String::from_utf8_lossy(&grant.body);
    assert_eq!(body, "audience=x&grant_type=client_credentials&scope=a+b");
    assert!(target.asked.0.lock().unwrap().iter().all(shown));
}

#[test]
fn an_allocator_gives_a_job_and_its_targets() {
    let target = Site::start(|_| (200, "text/plain; version=0.0.4", b"# TYPE a counter\na 7\n".to_vec()));
    let list = json!([{"targets": [target.address.to_string()], "labels": {"env": "test"}}]);
    let job = json!({"shop": {"job_name": "shop", "scrape_interval": "200ms", "metrics_path": "/own",
        "kubernetes_sd_configs": [{"role": "pod"}]}});
    let allocator = Site::start(move |request| {
        let answer = match request.target() {
            "/scrape_configs" => &job,
            "/jobs/shop/targets?collector_id=c1" => &list,
            _ => return (404, "text/plain", Vec::new()),
        };
        (200, "application/json", answer.to_string().into_bytes())
    });
    let sink = Site::sink();
    let keys = format!(
        "target_allocator: {{endpoint: 'http://{}', interval: 1s, collector_id: c1}}",
        allocator.address
    );
    let collector = start(&keys, &sink, &[]);
    let metrics = sink.metrics("shop", "a");
    let [("sum", point)] = data(&metrics, "a")[..] else { panic!("no sum: {metrics:?}") };
    assert_eq!(point["asDouble"], 7.0, "{metrics:?}");
    assert_eq!(point["attributes"], json!([{"key": "env", "value": {"stringValue": "test"}}]), "{metrics:?}");
    target.find(|asked| asked.iter().all(|request| request.target() == "/own").then_some(()));
    collector.stop().expect_clean();
    let asked = allocator.asked.0.lock().unwrap();
    let order: Vec<&str> = asked.iter().map(Request::target).take(2).collect();
    assert_eq!(order, ["/scrape_configs", "/jobs/shop/targets?collector_id=c1"]);
}
