use std::{fs, time::Duration};

use slimcol_testing::{Asked, Reply, Sink, Site, assert_metadata, json, receiver_from_yaml};

use super::*;

#[test]
fn metadata_says_what_the_component_says() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

fn yaml(job: &str) -> String {
    format!(
        "config: {{scrape_configs: [{{job_name: demo, scrape_interval: 200ms, scrape_timeout: 150ms, {job}}}]}}"
    )
}

fn place(site: &Site) -> String {
    site.url().trim_start_matches("http://").to_owned()
}

#[tokio::test]
async fn targets_are_scraped_at_intervals() {
    let mut scrapes = 0;
    let site = Site::start(move |_: &Asked| -> Reply {
        scrapes += 1;
        (200, TEXT, format!("# TYPE a counter\na{{x=\"y\"}} {scrapes}\n"))
    })
    .await;
    let sink = Sink::new();
    let keys = format!(
        "basic_auth: {{username: u, password: p}}, params: {{m: [x]}}, static_configs: [{{targets: [\"{}\"], labels: {{env: test}}}}]",
        place(&site)
    );
    let source = receiver_from_yaml(&FACTORY, &yaml(&keys), sink.outputs()).await.unwrap();
    sink.wait_items(12).await;
    source.stop().await.unwrap();
    let (first, second) = (json(&sink.data()[0]), json(&sink.data()[1]));
    for part in [
        r#"{"key":"service.name","value":{"stringValue":"demo"}}"#,
        r#"{"key":"env","value":{"stringValue":"test"}}"#,
        r#""name":"up","description":"The scraping was successful","gauge":{"dataPoints":[{"attributes":[{"key":"env","value":{"stringValue":"test"}}],"timeUnixNano":""#,
        r#""name":"scrape_duration_seconds","description":"Duration of the scrape","unit":"s""#,
        "scrape_samples_scraped",
        "scrape_samples_post_metric_relabeling",
        "scrape_series_added",
    ] {
        assert!(first.contains(part), "{part}: {first}");
    }
    assert!(first.contains("\"asDouble\":1}") && second.contains("\"asDouble\":2}"), "{second}");
    let asked = site.asked()[0].head.clone();
    let lower = asked.to_lowercase();
    assert!(asked.starts_with("GET /metrics?m=x HTTP/1.1"), "{asked}");
    for header in [
        "authorization: basic dtpw",
        "accept: application/openmetrics-text;version=1.0.0",
        "accept-encoding: gzip",
        "x-prometheus-scrape-timeout-seconds: 0.15",
    ] {
        assert!(lower.contains(header), "{header}: {asked}");
    }
}

#[tokio::test]
async fn a_scrape_that_fails_is_told_and_ends_all_series() {
    let mut scrapes = 0;
    let site = Site::start(move |_: &Asked| -> Reply {
        scrapes += 1;
        if scrapes == 2 { (503, TEXT, String::new()) } else { (200, TEXT, "a 1\n".to_owned()) }
    })
    .await;
    let sink = Sink::new();
    let keys = format!("static_configs: [{{targets: [\"{}\"]}}]", place(&site));
    let source = receiver_from_yaml(&FACTORY, &yaml(&keys), sink.outputs()).await.unwrap();
    sink.wait_items(18).await;
    let lines = source.log().all();
    source.stop().await.unwrap();
    let failed = json(&sink.data()[1]);
    assert!(failed.contains(r#""name":"a","gauge":{"dataPoints":[{"timeUnixNano":""#), "{failed}");
    assert!(failed.contains(r#""flags":1"#), "{failed}");
    let line = lines.iter().find(|line| line.starts_with("warn")).unwrap();
    for part in [
        "Failed to scrape Prometheus endpoint",
        "server returned HTTP status 503 Service Unavailable",
        "scrape_timestamp",
        r#"__name__=\"up\""#,
    ] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn targets_come_from_files_and_servers_and_go() {
    let page = |_: &Asked| -> Reply { (200, TEXT, "a 1\n".to_owned()) };
    let (one, two) = (Site::start(page).await, Site::start(page).await);
    let listed = format!("[{{\"targets\": [\"{}\"], \"labels\": {{\"from\": \"http\"}}}}]", place(&two));
    let list = Site::start(move |_: &Asked| -> Reply { (200, "application/json", listed.clone()) }).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("targets.yml");
    fs::write(&file, format!("- targets: ['{}']\n  labels: {{from: file}}\n", place(&one))).unwrap();
    let sink = Sink::new();
    let keys = format!(
        "file_sd_configs: [{{files: ['{}/*.yml'], refresh_interval: 100ms}}], http_sd_configs: [{{url: '{}', refresh_interval: 100ms}}]",
        folder.path().display(),
        list.url()
    );
    let source = receiver_from_yaml(&FACTORY, &yaml(&keys), sink.outputs()).await.unwrap();
    let all = || sink.data().iter().map(json).collect::<String>();
    let until = async |done: &(dyn Fn() -> bool + Sync)| {
        for _ in 0..1000 {
            if done() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came: {}", all());
    };
    until(&|| all().contains(r#"{"stringValue":"file"}"#) && all().contains(r#"{"stringValue":"http"}"#))
        .await;
    // What is wrong changes nothing, what is empty does.
    fs::write(&file, "- targets: 5\n").unwrap();
    until(&|| source.log().count("Error reading file") > 0).await;
    assert!(!all().contains("\"flags\":1"));
    fs::write(&file, "[]\n").unwrap();
    until(&|| all().contains("\"flags\":1")).await;
    source.stop().await.unwrap();
}
