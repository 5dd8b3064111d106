//! What `set` says of values that are not there, which it says once in a process: hence a test program of its own.

use slimcol_pdata::{Data, Signal};
use slimcol_processor_transform::FACTORY;
use slimcol_service::{Routes, Signals};
use slimcol_testing::{Sink, part_from_yaml};

const LOGS: &str = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[
    {"body":{"stringValue":"a"},"attributes":[{"key":"k","value":{"stringValue":"v"}}]},
    {"body":{"stringValue":"b"},"attributes":[{"key":"k","value":{"stringValue":"v"}}]}]}]}]}"#;

#[tokio::test]
async fn it_is_said_once_that_no_value_was_set() {
    let mut said = 0;
    for (statement, expected) in [
        ("set(log.attributes[\"to\"], log.attributes[\"k\"])", 0),
        ("set(log.attributes[\"to\"], log.attributes[\"missing\"])", 1),
        ("set(log.attributes[\"to\"], resource.attributes[\"missing\"])", 1),
        ("set(log.attributes[\"to\"], nil)", 1),
    ] {
        let sink = Sink::new();
        let routes = Routes::new(vec![(Signal::Logs, "logs".to_owned(), sink.next())]);
        let yaml = format!("log_statements: ['{statement}']");
        let part = part_from_yaml(&FACTORY, &yaml, "transform", Signals::only(Signal::Logs), routes);
        let part = part.await.unwrap();
        for _ in 0..3 {
            part.push(Data::from_json(Signal::Logs, LOGS.as_bytes()).unwrap()).await.unwrap();
        }
        said += part
            .log()
            .count("warn\tThe OTTL 'set' function silently ignored a nil value. This behavior is deprecated");
        part.stop().await;
        assert_eq!(said, expected, "{statement}");
    }
}
