mod delivery;
mod metadata;

use std::time::Duration;

use slimcol_pdata::Data;
use slimcol_service::Refused;
use slimcol_testing::{Part, Sink, assert_metadata, numbered, numbers, processor_from_yaml};
use tokio::time::{Instant, advance, sleep};

use crate::FACTORY;

/// A processor in front of a sink.
async fn batch(yaml: &str) -> (Part, Sink) {
    let sink = Sink::new();
    let part = processor_from_yaml(&FACTORY, yaml, sink.next()).await.unwrap();
    (part, sink)
}

/// How many items each batch has.
fn sizes(sink: &Sink) -> Vec<usize> {
    sink.data().iter().map(Data::items).collect()
}

fn all_numbers(sink: &Sink) -> Vec<u64> {
    sink.data().iter().flat_map(numbers).collect()
}

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_is_sent_at_once() {
    let (batch, sink) = batch("{send_batch_size: 10, timeout: 1h}").await;
    for i in 0..4 {
        batch.push(numbered(i * 3..i * 3 + 3)).await.unwrap();
    }
    sink.wait_items(12).await;
    assert_eq!(sizes(&sink), [12]);
    assert_eq!(all_numbers(&sink), (0..12).collect::<Vec<_>>());
    batch.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fill_a_batch_waits_for_the_timer() {
    let (batch, sink) = batch("{send_batch_size: 10, timeout: 200ms}").await;
    // The timer begins with the first data, however long that takes to come.
    sleep(Duration::from_secs(5)).await;
    let begun = Instant::now();
    batch.push(numbered(0..3)).await.unwrap();
    sleep(Duration::from_millis(150)).await;
    batch.push(numbered(3..6)).await.unwrap();
    assert_eq!(sink.items(), 0);
    sink.wait_items(6).await;
    assert!((200..=201).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    assert_eq!(sizes(&sink), [6]);
    // And again after a quiet time.
    sleep(Duration::from_secs(5)).await;
    batch.push(numbered(6..7)).await.unwrap();
    sink.wait_items(7).await;
    batch.stop().await;
}

#[tokio::test(start_paused = true)]
async fn without_a_timer_or_a_size_each_request_is_sent_on() {
    for yaml in
        ["{timeout: 0}", "{send_batch_size: 0}", "{timeout: 0, send_batch_size: 4, send_batch_max_size: 4}"]
    {
        let (batch, sink) = batch(yaml).await;
        for i in 0..5 {
            batch.push(numbered(i * 2..i * 2 + 2)).await.unwrap();
        }
        sink.wait_items(10).await;
        assert_eq!(sizes(&sink), [2; 5], "{yaml}");
        batch.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn large_batches_are_cut_and_the_rest_waits() {
    let (batch, sink) = batch("{send_batch_size: 10, send_batch_max_size: 10, timeout: 1s}").await;
    batch.push(numbered(0..25)).await.unwrap();
    sink.wait_items(20).await;
    assert_eq!(sizes(&sink), [10, 10]);
    batch.push(numbered(25..30)).await.unwrap();
    sink.wait_items(30).await;
    batch.push(numbered(30..33)).await.unwrap();
    sink.wait_items(33).await;
    assert_eq!(sizes(&sink), [10, 10, 10, 3]);
    assert_eq!(all_numbers(&sink), (0..33).collect::<Vec<_>>());
    batch.stop().await;
}

#[tokio::test(start_paused = true)]
async fn stopping_sends_what_is_held_and_takes_nothing_more() {
    let (batch, sink) = batch("{send_batch_size: 100, timeout: 1h}").await;
    batch.push(numbered(0..7)).await.unwrap();
    batch.stop().await;
    assert_eq!(sizes(&sink), [7]);
    let refused = batch.push(numbered(7..8)).await.unwrap_err();
    assert!(!refused.is_permanent());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_nothing() {
    let (batch, sink) = batch("{timeout: 0}").await;
    batch.push(numbered(0..0)).await.unwrap();
    advance(Duration::from_secs(1)).await;
    batch.stop().await;
    assert!(sink.payloads().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_failed_batch_is_lost_and_logged() {
    let (batch, sink) = batch("{send_batch_size: 1, timeout: 1s}").await;
    sink.refuse_with(|| Refused::retryable("sending queue is full"));
    batch.push(numbered(0..3)).await.unwrap();
    while sink.refused() == 0 {
        sleep(Duration::from_millis(1)).await;
    }
    sink.accept();
    batch.push(numbered(3..4)).await.unwrap();
    batch.stop().await;
    assert_eq!(all_numbers(&sink), [3]);
    assert_eq!(batch.log().count("warn\tSender failed\t{\"error\": \"sending queue is full\"}"), 1);
}
