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
    let files = folder.path().join("jobs.yaml");
    let job = format!(
        "scrape_configs: [{{job_name: filed, scrape_interval: 200ms, scrape_timeout: 150ms, static_configs: [{{targets: ['{}']}}]}}]",
        place(&one)
    );
    fs::write(&files, job).unwrap();
    let keys = format!(
        "file_sd_configs: [{{files: ['{}/*.yml'], refresh_interval: 100ms}}], http_sd_configs: [{{url: '{}', refresh_interval: 100ms}}]",
        folder.path().display(),
        list.url()
    );
    let yaml = yaml(&keys)
        .replace("scrape_configs", &format!("scrape_config_files: ['{}'], scrape_configs", files.display()));
    let source = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
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
    until(&|| all().contains(r#"{"key":"service.name","value":{"stringValue":"filed"}}"#)).await;
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

#[tokio::test]
async fn tokens_are_fetched_and_shown_for_as_long_as_they_are_good() {
    let mut given = 0;
    let issuer = Site::start(move |_: &Asked| -> Reply {
        given += 1;
        if given == 1 {
            return (401, "application/json", "{\"error\": \"invalid_client\"}".to_owned());
        }
        let answer =
            format!("{{\"access_token\": \"t{given}\", \"token_type\": \"bearer\", \"expires_in\": 2}}");
        (200, "application/json", answer)
    })
    .await;
    let page = |asked: &Asked| -> Reply {
        let known = asked.head.to_lowercase().contains("authorization: bearer t");
        (if known { 200 } else { 401 }, TEXT, "a 1\n".to_owned())
    };
    let site = Site::start(page).await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    fs::write(&secret, "hush\n").unwrap();
    let sink = Sink::new();
    let keys = format!(
        "oauth2: {{client_id: me, client_secret_file: '{}', token_url: '{}/token', scopes: [a, b], endpoint_params: {{audience: x}}}}, \
         static_configs: [{{targets: [\"{}\"]}}]",
        secret.display(),
        issuer.url(),
        place(&site)
    );
    let source = receiver_from_yaml(&FACTORY, &yaml(&keys), sink.outputs()).await.unwrap();
    // More scrapes than a token is good for.
    sink.wait_items(72).await;
    source.stop().await.unwrap();
    let asked = issuer.asked();
    // Once in the header, which the server did not take, once in the body, and once more when the token was about to end.
    assert!((3..6).contains(&asked.len()), "{}", asked.len());
    assert!(asked[0].head.starts_with("POST /token HTTP/1.1"), "{}", asked[0].head);
    assert!(asked[0].head.to_lowercase().contains("authorization: basic bwu6ahvzaa=="), "{}", asked[0].head);
    assert_eq!(asked[0].body, "audience=x&grant_type=client_credentials&scope=a+b");
    assert_eq!(
        asked[1].body,
        "audience=x&client_id=me&client_secret=hush&grant_type=client_credentials&scope=a+b"
    );
    let shown: Vec<String> = site.asked().iter().map(|asked| asked.head.to_lowercase()).collect();
    let with = |token: &str| shown.iter().filter(|head| head.contains(token)).count();
    assert!(with("authorization: bearer t2\r") > 5 && with("authorization: bearer t3\r") > 0, "{shown:?}");
    assert_eq!(with("authorization: bearer "), shown.len());
}

#[tokio::test]
async fn a_scrape_without_a_token_says_why() {
    let issuer = Site::start(|_: &Asked| -> Reply {
        let answer = "{\"error\": \"invalid_client\", \"error_description\": \"not hush\"}";
        (401, "application/json", answer.to_owned())
    })
    .await;
    let site = Site::start(|_: &Asked| -> Reply { (200, TEXT, "a 1\n".to_owned()) }).await;
    let sink = Sink::new();
    let keys = format!(
        "oauth2: {{client_id: me, client_secret: hush, token_url: '{}/token'}}, static_configs: [{{targets: [\"{}\"]}}]",
        issuer.url(),
        place(&site)
    );
    let source = receiver_from_yaml(&FACTORY, &yaml(&keys), sink.outputs()).await.unwrap();
    sink.wait_items(5).await;
    let lines = source.log().all();
    source.stop().await.unwrap();
    assert!(site.asked().is_empty());
    let line = lines.iter().find(|line| line.starts_with("warn")).unwrap();
    assert!(
        line.contains("/token") && line.contains("oauth2: \\\"invalid_client\\\" \\\"[REDACTED]\\\""),
        "{line}"
    );
    assert!(!lines.iter().any(|line| line.contains("hush")), "{lines:?}");
}

#[tokio::test]
async fn jobs_come_from_an_allocator_and_go() {
    let site = Site::start(|_: &Asked| -> Reply { (200, TEXT, "a 1\n".to_owned()) }).await;
    let job = |name: &str, more: &str| {
        format!(
            "\"{name}\": {{\"job_name\": \"{name}\", \"scrape_interval\": \"200ms\", \"scrape_timeout\": \"150ms\", \
             \"kubernetes_sd_configs\": [{{\"role\": \"pod\"}}], \"not_known_yet\": 1, {more}}}"
        )
    };
    let first = format!(
        "{{{}, {}}}",
        job("one", "\"params\": {\"shard\": [\"$(SHARD)\"]}"),
        job("b c", "\"honor_labels\": true")
    );
    let list = std::sync::Arc::new(std::sync::Mutex::new(first));
    let (shared, target) = (std::sync::Arc::clone(&list), place(&site));
    let allocator = Site::start(move |asked: &Asked| -> Reply {
        let answer = if asked.head.starts_with("GET /scrape_configs ") {
            shared.lock().unwrap().clone()
        } else {
            format!("[{{\"targets\": [\"{target}\"]}}]")
        };
        (200, "application/json", answer)
    })
    .await;
    let sink = Sink::new();
    let keys = format!(
        "target_allocator: {{endpoint: '{}', collector_id: c1, interval: 100ms, http_sd_config: {{refresh_interval: 100ms, \
         http_headers: {{X-Own: {{values: [sd]}}}}}}, http_scrape_config: {{bearer_token: hush}}, headers: {{X-Own: list}}}}",
        allocator.url()
    );
    let source = receiver_from_yaml(&FACTORY, &keys, sink.outputs()).await.unwrap();
    let all = || sink.data().iter().map(json).collect::<String>();
    let of = |name: &str| {
        let resource = format!("{{\"key\":\"service.name\",\"value\":{{\"stringValue\":\"{name}\"}}}}");
        sink.data().iter().map(json).filter(|json| json.contains(&resource)).collect::<String>()
    };
    let until = async |done: &(dyn Fn() -> bool + Sync)| {
        for _ in 0..1000 {
            if done() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came: {} {:?}", all(), source.log().all());
    };
    until(&|| of("one").contains("\"name\":\"a\"") && of("b c").contains("\"name\":\"a\"")).await;
    let heads = |site: &Site| site.asked().iter().map(|asked| asked.head.to_lowercase()).collect::<Vec<_>>();
    let asked = heads(&allocator);
    let find = |start: &str| asked.iter().find(|head| head.starts_with(start)).unwrap();
    assert!(find("get /scrape_configs http").contains("x-own: list"));
    assert!(find("get /jobs/b+c/targets?collector_id=c1 http").contains("x-own: sd"));
    assert!(find("get /jobs/one/targets?collector_id=c1 http").contains("accept: application/json"));
    let asked = heads(&site);
    assert!(asked.iter().all(|head| head.contains("authorization: bearer hush")), "{asked:?}");
    assert!(asked.iter().any(|head| head.starts_with("get /metrics?shard=0 http")), "{asked:?}");
    // A list that is wrong changes nothing.
    *list.lock().unwrap() = "{\"one\": {\"job_name\": \"one\", \"scrape_timeout\": \"2h\"}}".to_owned();
    until(&|| source.log().count("Failed to retrieve job list") > 1).await;
    assert!(
        source.log().all().iter().any(|line| line.contains("scrape timeout greater than scrape interval"))
    );
    assert_eq!(source.log().count("Scrape job added"), 2);
    assert!(!all().contains("\"flags\":1"));
    // One job goes, the other one changes.
    *list.lock().unwrap() = format!("{{{}}}", job("b c", "\"metrics_path\": \"/other\""));
    until(&|| {
        of("one").contains("\"flags\":1") && heads(&site).iter().any(|head| head.starts_with("get /other "))
    })
    .await;
    let scrapes = heads(&site).iter().filter(|head| head.contains("shard=0")).count();
    let items = sink.items();
    sink.wait_items(items + 12).await;
    assert_eq!(source.log().count("Scrape job added"), 3);
    source.stop().await.unwrap();
    assert_eq!(heads(&site).iter().filter(|head| head.contains("shard=0")).count(), scrapes);
    assert!(!of("b c").contains("\"flags\":1"));
}
