use slimcol_pdata::Signal;
use slimcol_testing::{Sink, assert_metadata, generate, processor_from_yaml};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn every_resource_of_every_signal_has_the_attribute() {
    let sink = Sink::new();
    let processor = processor_from_yaml(&FACTORY, "{key: host.name, value: here}", sink.next()).await.unwrap();
    for (signal, request) in [
        (Signal::Traces, generate::traces(1, 10)),
        (Signal::Metrics, generate::metrics(1, 10)),
        (Signal::Logs, generate::logs(1, 10)),
    ] {
        processor.push(Data::from_bytes(signal, request).unwrap()).await.unwrap();
    }
    assert_eq!(sink.items(), 30);
    for data in sink.data() {
        for resource in data.resources() {
            let value = resource.attributes().get("host.name").map(|value| value.to_text().into_owned());
            assert_eq!(value.as_deref(), Some("here"));
        }
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let refused = processor_from_yaml(&FACTORY, "key: ''", Sink::new().next()).await.unwrap_err();
    assert_eq!(refused, "key must not be empty");
}
