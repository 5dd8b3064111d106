//! What a hangup does.

use super::*;

#[tokio::test]
async fn a_hangup_restarts_from_the_configuration_as_it_is_then() {
    let bed = Bed::new(PLAIN).and_then(&PLAIN.replace("fake/x", "fake/y"));
    live(&bed, &[Order::Hangup, Order::Terminate]).await.unwrap();
    let log = bed.log();
    let at = |line: &str| log.iter().position(|l| l == line).unwrap_or_else(|| panic!("{line} in {log:?}"));
    assert!(at("Config updated, restart service") < at("Starting shutdown..."));
    assert!(at("exporter fake/x: stop") < at("exporter fake/y: start"));
    assert_eq!(log.iter().filter(|line| *line == "Shutdown complete.").count(), 2);
}

#[tokio::test]
async fn a_hangup_to_a_bad_configuration_is_the_end() {
    let bed = Bed::new(PLAIN).and_then("receivers: {fake: {nope: 1}}\nservice:\n  pipelines: {}\n");
    let error = live(&bed, &[Order::Hangup, Order::Terminate]).await.unwrap_err();
    let start = "failed to setup configuration components: failed to get config: cannot unmarshal the configuration: ";
    assert!(error.starts_with(start), "{error}");
    assert!(error.contains("has invalid keys: nope"), "{error}");
    assert_eq!(bed.log().last().map(String::as_str), Some("Shutdown complete."));
}
