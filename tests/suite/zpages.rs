//! The pages of `zpages`, in a browser: what they say, on a screen of any width, by day and by night.

use std::{
    fs,
    net::SocketAddr,
    time::{Duration, Instant},
};

use slimcol_testing::generate;

use crate::kit::{
    chromium::{Chromium, Visit},
    collector::Collector,
    distros, http,
};

const PATIENCE: Duration = Duration::from_secs(20);
const YAML: &str = "
receivers:
  otlp: {protocols: {http: {endpoint: 127.0.0.1:0}}}
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 2000}
  batch/a-rather-long-name-of-a-processor-that-somebody-chose: {timeout: 10ms}
exporters:
  debug:
  nop:
connectors:
  forward/to-everything-else:
extensions:
  zpages: {endpoint: '127.0.0.1:0', expvar: {enabled: true}}
  health_check: {endpoint: '127.0.0.1:0'}
service:
  extensions: [zpages, health_check]
  telemetry: {metrics: {readers: [{periodic: {interval: 3600000, exporter: {console: {}}}}]}}
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, batch/a-rather-long-name-of-a-processor-that-somebody-chose]
      exporters: [forward/to-everything-else]
    traces/out: {receivers: [forward/to-everything-else], exporters: [debug, nop]}
    logs/with-a-long-name: {receivers: [otlp], exporters: [nop]}
";

/// Shows a page in a frame of a phone's width and says what its reader sees, and by how much it is too wide.
const MEASURE: &str = r#"<pre id="out"></pre><script>
const frame = document.querySelector("iframe"), out = document.getElementById("out");
frame.onload = () => {
  const page = frame.contentDocument, root = page.documentElement;
  out.textContent = "over: " + (root.scrollWidth - root.clientWidth) + " width: " + root.clientWidth
    + "\nground: " + frame.contentWindow.getComputedStyle(page.body).backgroundColor + "\n" + page.body.innerText;
};
</script>"#;

/// What one reads on `page` at a width of 400 pixels.
fn on_a_phone(chromium: &Chromium, page: &str, dark: bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("frame.html");
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    let frame = format!(
        "<!doctype html><meta charset=utf-8><iframe width=400 height=800 style=border:0 srcdoc=\"{page}\"></iframe>"
    );
    fs::write(&file, frame + MEASURE).unwrap();
    let Visit { document, .. } = chromium.visit(&format!("file://{}", file.display()), dark);
    let text = document.rsplit_once("<pre id=\"out\">").unwrap().1.split_once("</pre>").unwrap().0.to_owned();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn endpoint(collector: &Collector) -> SocketAddr {
    let line = collector.line("Starting zPages extension");
    line.split("\"endpoint\": \"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
}

/// Panics unless a page that complains and is too wide is seen to be both.
fn expect_complaints_to_be_heard(chromium: &Chromium) {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.html");
    fs::write(&broken, "<!doctype html><script>console.error('oh dear')</script><p style=width:900px>x")
        .unwrap();
    let visit = chromium.visit(&format!("file://{}", broken.display()), false);
    assert!(visit.console.iter().any(|line| line.contains("oh dear")), "{visit:?}");
    let wide = on_a_phone(chromium, &fs::read_to_string(&broken).unwrap(), false);
    assert!(wide.starts_with("over: 5") && wide.contains("width: 400"), "{wide}");
}

#[test]
fn pages_can_be_read_in_a_browser() {
    let Some(chromium) = Chromium::find() else { return };
    expect_complaints_to_be_heard(&chromium);
    let collector = Collector::start(&distros::core().binary, YAML);
    http::export(collector.http(), "/v1/traces", &generate::traces(0, 100));
    http::export(collector.http(), "/v1/logs", &generate::logs(0, 7));
    let at = endpoint(&collector);
    // Behind the batch processor it takes its time.
    let begun = Instant::now();
    while !http::get(at, "/debug/tracez").text().contains("exporter/debug/traces") {
        assert!(begun.elapsed() < PATIENCE, "{}", http::get(at, "/debug/tracez").text());
        std::thread::sleep(Duration::from_millis(20));
    }
    let of_the_receiver = "/debug/pipelinez?pipelinenamez=traces&componentnamez=otlp&componentkindz=receiver";
    for (path, texts) in [
        (
            "/debug/servicez",
            &[
                "Build Info",
                "Command\notelcol\n",
                "Runtime Info",
                "Arch\n",
                "State\nReady",
                "Pipelines\n3\n",
                "Extensions\n2",
            ][..],
        ),
        (
            "/debug/pipelinez",
            &[
                "traces/out",
                "FullName\tInputType\tMutatesData\tReceivers\tProcessors\tExporters",
                "true",
                "batch/a-rather-long-name-of-a-processor-that-somebody-chose",
                "forward/to-everything-else (connector)",
                "logs/with-a-long-name",
            ],
        ),
        (
            of_the_receiver,
            &[
                "receiver: otlp\n",
                "otelcol_receiver_accepted_spans",
                "transport=http",
                "\n100\n",
                "\n7\n",
                "\nOK\n",
            ],
        ),
        (
            "/debug/tracez",
            &[
                "receiver/otlp/TraceDataReceived",
                "receiver/otlp/LogsReceived",
                "exporter/debug/traces",
                ">100ms",
            ],
        ),
        ("/debug/extensionz", &["zpages\n", "health_check\n", "true\nOK"]),
        (
            "/debug/featurez",
            &[
                "service.profilesSupport",
                "Alpha",
                "v0.112.0",
                "Controls whether profiles support can be enabled",
            ],
        ),
    ] {
        let visit = chromium.visit(&format!("http://{at}{path}"), false);
        assert_eq!(visit.console, Vec::<String>::new(), "{path}");
        assert!(
            visit.document.contains("<main>") && visit.document.contains("aria-current"),
            "{}",
            visit.document
        );
        let page = http::get(at, path);
        assert_eq!(page.status, 200, "{}", page.head);
        let read = on_a_phone(&chromium, &page.text(), true);
        assert!(read.starts_with("over: 0 width: 400\nground: rgb(18, 22, 28)\n"), "{path}:\n{read}");
        let lines = format!("{read}\n");
        for text in texts {
            assert!(lines.contains(text), "{path}: no {text:?} in\n{read}");
        }
        // Every page leads to every other.
        for name in ["Service", "Pipelines", "Extensions", "Feature gates", "Traces", "Variables"] {
            assert!(read.contains(name), "{path}: {read}");
        }
    }
    let by_day = on_a_phone(&chromium, &http::get(at, "/debug/featurez").text(), false);
    assert!(by_day.contains("ground: rgb(246, 247, 249)"), "{by_day}");

    let variables: serde_json::Value = serde_json::from_str(&http::get(at, "/debug/expvarz").text()).unwrap();
    assert!(variables["cmdline"][0].as_str().unwrap().ends_with("/otelcol"), "{variables}");
    assert!(variables["memstats"]["HeapAlloc"].as_f64().unwrap() > 100_000.0, "{variables}");
    let spans = "otelcol_receiver_accepted_spans{receiver=otlp, transport=http}";
    assert_eq!(variables["metrics"][spans], 100, "{variables}");
    collector.stop().expect_clean();
}
