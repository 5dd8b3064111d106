//! The stages together, around an exporter that does what a test tells it to.

mod batching;
mod fake;
mod persistence;
mod queueing;
mod retrying;
mod storage;

use std::time::Duration;

use slimcol_pdata::Signal;
use slimcol_service::{Code, Exporter, Refused, Retry};
use slimcol_testing::numbered;
use tokio::time::{Instant, sleep, timeout};

use self::fake::{Answer, Rig};

const DIRECT: &str = "{sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}";

#[tokio::test(start_paused = true)]
async fn without_stages_the_caller_gets_the_outcome() {
    let rig = Rig::start(DIRECT).await;
    rig.answers([Answer::Refuse(|| Refused::permanent("no")), Answer::Take]);
    let refused = rig.exporter.export(numbered(0..2).into()).await.unwrap_err();
    assert!(refused.is_permanent());
    assert_eq!(
        rig.logged(),
        [
            "error\tExporting failed. Rejecting data. Try enabling retry_on_failure config option to retry on retryable \
          errors. Try enabling sending_queue to survive temporary failures.\t{\"otelcol.signal\": \"logs\", \"error\": \
          \"no\", \"rejected_items\": 2}"
        ]
    );
    rig.exporter.export(numbered(2..3).into()).await.unwrap();
    assert_eq!(rig.taken(), [2]);
    rig.exporter.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_has_a_time_limit() {
    let rig =
        Rig::start("{timeout: 2s, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}")
            .await;
    rig.answers([Answer::Hang]);
    let begun = Instant::now();
    let refused = rig.exporter.export(numbered(0..1).into()).await.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), 2);
    assert_eq!((refused.retry, refused.status()), (Retry::Later, Code::DeadlineExceeded));
    assert_eq!(refused.to_string(), "context deadline exceeded");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_zero_is_none() {
    let rig = Rig::start("{timeout: 0, sending_queue: {enabled: false}}").await;
    rig.answers([Answer::Hang]);
    assert!(timeout(Duration::from_hours(1), rig.exporter.export(numbered(0..1).into())).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure_that_is_not_retried() {
    let rig = Rig::start("{}").await;
    rig.answers([Answer::Panic, Answer::Take]);
    rig.exporter.export(numbered(0..4).into()).await.unwrap();
    rig.exporter.export(numbered(4..5).into()).await.unwrap();
    rig.exporter.stop().await;
    assert_eq!(rig.taken(), [4]);
    assert_eq!(
        rig.logged(),
        [
            "error\tExporting failed. Dropping data.\t{\"otelcol.signal\": \"logs\", \"error\": \"not retryable error: \
          internal error: told to panic\", \"dropped_items\": 4}"
        ]
    );
}
