use slimcol_testing::{Sink, assert_metadata, receiver_from_yaml};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test(start_paused = true)]
async fn a_record_comes_at_every_interval() {
    let sink = Sink::new();
    let receiver = receiver_from_yaml(&FACTORY, "{interval: 1s, message: hello}", sink.outputs()).await.unwrap();
    sink.wait_items(3).await;
    receiver.stop().await.unwrap();
    for data in sink.data() {
        let mut json = Vec::new();
        data.write_json(&mut json);
        assert!(String::from_utf8(json).unwrap().contains(r#""body":{"stringValue":"hello"}"#));
    }
}

#[tokio::test]
async fn an_interval_of_nothing_is_refused() {
    let refused = receiver_from_yaml(&FACTORY, "interval: 0s", Outputs::default()).await.unwrap_err();
    assert_eq!(refused, "interval must be greater than 0");
    let refused = receiver_from_yaml(&FACTORY, "intervall: 1s", Outputs::default()).await.unwrap_err();
    assert_eq!(refused, "has invalid keys: intervall");
}
