use super::*;

/// A request with a resource for each of `segments`.
fn grouped(segments: &[Option<&str>]) -> Data {
    let resources: Vec<String> = segments
        .iter()
        .enumerate()
        .map(|(i, segment)| {
            let attribute = segment.map_or(String::new(), |value| {
                format!("{{\"key\":\"fileexporter.path_segment\",\"value\":{{\"stringValue\":\"{value}\"}}}}")
            });
            format!(
                "{{\"resource\":{{\"attributes\":[{attribute}]}},\"scopeLogs\":[{{\"logRecords\":[{{\"body\":{{\"intValue\":\
                 \"{i}\"}}}}]}}]}}"
            )
        })
        .collect();
    let json = format!("{{\"resourceLogs\":[{}]}}", resources.join(","));
    Data::from_json(Signal::Logs, json.as_bytes()).unwrap()
}

async fn start(dir: &TempDir, keys: &str) -> Part {
    let pattern = dir.path().join("out/*.json");
    let yaml = format!("{{path: '{}', group_by: {{enabled: true}}, {keys}}}", pattern.display());
    exporter_from_yaml(&FACTORY, &yaml).await.unwrap()
}

/// How many records a file has.
fn records(dir: &TempDir, name: &str) -> usize {
    let text = fs::read_to_string(dir.path().join("out").join(name)).unwrap();
    text.lines().map(|line| Data::from_json(Signal::Logs, line.as_bytes()).unwrap().items()).sum()
}

#[tokio::test]
async fn each_value_has_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let part = start(&dir, "").await;
    part.push(grouped(&[Some("a"), Some("sub/b"), None, Some("a"), Some("../../../escaped")])).await.unwrap();
    part.push(grouped(&[Some("a")])).await.unwrap();
    part.stop().await;
    assert_eq!(records(&dir, "a.json"), 3);
    assert_eq!(records(&dir, "sub/b.json"), 1);
    assert_eq!(records(&dir, "escaped.json"), 1);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing outside");
    assert_eq!(
        part.log().count("Resource does not contain fileexporter.path_segment attribute, dropping it"),
        1
    );
}

#[tokio::test]
async fn files_closed_for_others_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("out")).unwrap();
    let old = dir.path().join("out/a.json");
    fs::write(&old, "left over\n").unwrap();
    fs::File::options().append(true).open(&old).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    let pattern = dir.path().join("out/*.json");
    let yaml = format!("{{path: '{}', group_by: {{enabled: true, max_open_files: 2}}}}", pattern.display());
    let part = exporter_from_yaml(&FACTORY, &yaml).await.unwrap();
    for _ in 0..5 {
        part.push(grouped(&[Some("a"), Some("b"), Some("c"), Some("d")])).await.unwrap();
    }
    part.stop().await;
    for name in ["a.json", "b.json", "c.json", "d.json"] {
        assert_eq!(records(&dir, name), 5, "{name}");
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_told_and_the_rest_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let part = start(&dir, "").await;
    let long = "x".repeat(300);
    let refused = part.push(grouped(&[Some(&long), Some("nul\\u0000"), Some("fine")])).await.unwrap_err();
    assert!(refused.is_permanent(), "again would write the good part twice");
    assert!(refused.to_string().contains("file name too long"), "{refused}");
    part.stop().await;
    assert_eq!(records(&dir, "fine.json"), 1);
}

#[tokio::test]
async fn some_file_must_be_allowed_to_be_open() {
    let yaml = "{path: 'a/*', group_by: {enabled: true, max_open_files: 0}}";
    let error = exporter_from_yaml(&FACTORY, yaml).await.unwrap_err();
    assert_eq!(error, "must provide a positive size");
}
