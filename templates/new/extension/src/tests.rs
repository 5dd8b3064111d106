use std::path::Path;

use slimcol_testing::{assert_metadata, extension_from_yaml};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn the_file_is_there_while_the_collector_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ready");
    // A collector in a test is ready from the start.
    let extension = extension_from_yaml(&FACTORY, &format!("file: {}", file.display())).await.unwrap();
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{}\n", std::process::id()));
    extension.stop().await.unwrap();
    assert!(!Path::new(&file).exists());
}

#[tokio::test]
async fn a_file_is_required() {
    assert_eq!(extension_from_yaml(&FACTORY, "").await.unwrap_err(), "file must be specified");
}
