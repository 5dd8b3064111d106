//! Whole lives of collectors made of fakes.

mod extensions;
mod failures;
mod hangup;
mod order;
mod shutdown;
mod start;
mod statuses;

use super::*;
use crate::fakes::{Bed, asked};

/// Runs the configuration of `bed`, giving it `orders` as soon as it is ready for each.
async fn live(bed: &Bed, orders: &[Order]) -> Result<(), String> {
    live_within(bed, orders, None).await
}

/// The same, stopping within a time.
async fn live_within(bed: &Bed, orders: &[Order], shutdown_timeout: Option<Duration>) -> Result<(), String> {
    let configs = [bed.config()];
    let asked = Asked { shutdown_timeout, ..asked(&configs) };
    let (tx, rx) = mpsc::channel(8);
    for order in orders {
        tx.send(*order).await.unwrap();
    }
    let outcome = serve(asked, || Ok(rx)).await;
    drop(tx);
    outcome
}

/// The lines of the log from the start of the service on, without those that only say what was made.
fn story(bed: &Bed) -> Vec<String> {
    let log = bed.log();
    let start = log.iter().position(|line| line.starts_with("Starting otelcol-fake")).unwrap();
    log[start..].to_vec()
}

const PLAIN: &str = "
receivers: {fake: {send: true}}
processors: {fake/a: , fake/b: }
exporters: {fake: , fake/x: }
extensions: {fake/one: , fake/two: }
service:
  extensions: [fake/two, fake/one]
  pipelines:
    traces: {receivers: [fake], processors: [fake/b, fake/a], exporters: [fake]}
    logs: {receivers: [fake], processors: [fake/a], exporters: [fake, fake/x]}
";
