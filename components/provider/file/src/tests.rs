use super::*;

async fn retrieve(location: &str) -> Result<(String, String), String> {
    File::retrieve(location).await.map(|r| (r.text, r.name)).map_err(|e| e.to_string())
}

#[tokio::test(flavor = "current_thread")]
async fn files_are_read_whole_and_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml").display().to_string();
    std::fs::write(&path, "a: 1\n").unwrap();
    assert_eq!(retrieve(&path).await, Ok(("a: 1\n".into(), path.clone())));
    std::fs::write(&path, b"a: \xff\n").unwrap();
    assert_eq!(retrieve(&path).await, Ok(("a: \u{fffd}\n".into(), path)));
}

#[tokio::test(flavor = "current_thread")]
async fn failures_are_told_in_the_go_collectors_words() {
    for (location, expected) in [
        ("/nope.yaml", "unable to read the file file:/nope.yaml: open /nope.yaml: no such file or directory"),
        ("", "unable to read the file file:: read .: is a directory"),
        ("/dev/zero", "unable to read the file file:/dev/zero: read /dev/zero: file is larger than 64 MiB"),
    ] {
        assert_eq!(retrieve(location).await, Err(expected.into()));
    }
}
