use slimcol_testing::{Sink, assert_metadata, connector_from_yaml, generate};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn each_request_gives_its_count() {
    let sink = Sink::new();
    let connector = connector_from_yaml(&FACTORY, "metric: seen", sink.routes()).await.unwrap();
    connector.push(Data::from_bytes(Traces, generate::traces(1, 20)).unwrap()).await.unwrap();
    connector.push(Data::from_bytes(Logs, generate::logs(1, 7)).unwrap()).await.unwrap();
    let mut json = Vec::new();
    for data in sink.data() {
        assert_eq!((data.signal(), data.items()), (Points, 1));
        data.write_json(&mut json);
    }
    let json = String::from_utf8(json).unwrap();
    for text in [r#""name":"seen""#, r#""asInt":"20""#, r#""asInt":"7""#, r#""stringValue":"traces""#] {
        assert!(json.contains(text), "{text} in {json}");
    }
}

#[tokio::test]
async fn a_refusal_comes_back() {
    let sink = Sink::new();
    sink.refuse_with(|| Refused::retryable("full"));
    let connector = connector_from_yaml(&FACTORY, "", sink.routes()).await.unwrap();
    let refused = connector.push(Data::from_bytes(Logs, generate::logs(1, 7)).unwrap()).await.unwrap_err();
    assert_eq!((refused.to_string().as_str(), refused.is_permanent()), ("full", false));
}
