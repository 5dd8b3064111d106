use slimcol_pdata::Data;

use super::*;

fn later() -> Refused {
    Refused::retryable("busy")
}

#[tokio::test(start_paused = true)]
async fn a_caller_does_not_wait_for_the_exporter() {
    let rig = Rig::start("{}").await;
    rig.answers([Answer::Slow(3)]);
    let begun = Instant::now();
    rig.exporter.export(numbered(0..3).into()).await.unwrap();
    assert_eq!(begun.elapsed(), Duration::ZERO);
    rig.exporter.stop().await;
    assert_eq!(rig.taken(), [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn what_is_being_sent_counts() {
    let rig = Rig::start("sending_queue: {queue_size: 2, num_consumers: 1}").await;
    rig.answers([Answer::Slow(1); 3]);
    rig.exporter.export(numbered(0..1).into()).await.unwrap();
    sleep(Duration::from_millis(10)).await;
    rig.exporter.export(numbered(1..2).into()).await.unwrap();
    let refused = rig.exporter.export(numbered(2..5).into()).await.unwrap_err();
    assert_eq!(refused.to_string(), "sending queue is full");
    assert_eq!((refused.retry, refused.status()), (Retry::Later, Code::Unavailable));
    assert_eq!(
        rig.logged(),
        [
            "error\tExporting failed. Rejecting data.\t{\"otelcol.signal\": \"logs\", \"error\": \"sending queue is \
          full\", \"rejected_items\": 3}"
        ]
    );
    sleep(Duration::from_secs(1)).await;
    rig.exporter.export(numbered(5..6).into()).await.unwrap();
    rig.exporter.stop().await;
    assert_eq!(rig.taken(), [0, 1, 5]);
}

#[tokio::test(start_paused = true)]
async fn sizes_count_what_they_are_told_to() {
    let bytes = numbered(0..3).byte_len();
    for (queue, fits, does_not) in [
        ("{sizer: items, queue_size: 3}".to_owned(), 3, 4),
        (format!("{{sizer: bytes, queue_size: {bytes}}}"), 3, 4),
    ] {
        let rig = Rig::start(&format!("sending_queue: {queue}")).await;
        rig.exporter.export(numbered(0..fits).into()).await.unwrap();
        let refused = rig.exporter.export(numbered(0..does_not).into()).await.unwrap_err();
        assert_eq!(refused.to_string(), "element size too large", "{queue}");
        // Nothing has no size, and is dropped without a word.
        let nothing = Data::from_bytes(Signal::Logs, [][..].into()).unwrap();
        rig.exporter.export(nothing.into()).await.unwrap();
        rig.exporter.stop().await;
        assert_eq!(rig.attempts().len(), 1, "{queue}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_may_wait_for_room() {
    let rig =
        Rig::start("sending_queue: {sizer: items, queue_size: 4, num_consumers: 1, block_on_overflow: true}")
            .await;
    rig.answers([Answer::Slow(1); 10]);
    let begun = Instant::now();
    let callers: Vec<_> = [0..2, 2..4, 4..8, 8..9, 9..10, 10..11]
        .into_iter()
        .map(|numbers| {
            let exporter = rig.exporter.clone();
            tokio::spawn(async move { exporter.export(numbered(numbers).into()).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    rig.exporter.stop().await;
    let mut taken = rig.taken();
    taken.sort_unstable();
    assert_eq!(taken, (0..11).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_waiting_leaves_the_room_to_others() {
    let rig = Rig::start("sending_queue: {queue_size: 1, num_consumers: 1, block_on_overflow: true}").await;
    rig.answers([Answer::Slow(2), Answer::Slow(1)]);
    rig.exporter.export(numbered(0..1).into()).await.unwrap();
    let impatient = rig.exporter.export(numbered(1..2).into());
    assert!(timeout(Duration::from_secs(1), impatient).await.is_err());
    rig.exporter.export(numbered(2..3).into()).await.unwrap();
    rig.exporter.stop().await;
    assert_eq!(rig.taken(), [0, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_may_wait_for_the_outcome() {
    let rig =
        Rig::start("{sending_queue: {wait_for_result: true}, retry_on_failure: {enabled: false}}").await;
    rig.answers([Answer::Slow(1), Answer::Refuse(later)]);
    let begun = Instant::now();
    rig.exporter.export(numbered(0..1).into()).await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 1);
    let refused = rig.exporter.export(numbered(1..2).into()).await.unwrap_err();
    assert_eq!((refused.to_string().as_str(), refused.retry), ("busy", Retry::Later));
    let logged = rig.logged();
    assert!(logged[0].starts_with("error\tExporting failed. Dropping data."), "{logged:?}");
    assert!(logged[1].starts_with("error\tExporting failed. Rejecting data."), "{logged:?}");
}

#[tokio::test(start_paused = true)]
async fn after_the_stop_each_payload_has_one_attempt() {
    let rig = Rig::start("sending_queue: {num_consumers: 1}").await;
    rig.answers([Answer::Refuse(later), Answer::Refuse(later), Answer::Take, Answer::Refuse(later)]);
    for i in 0..5 {
        rig.exporter.export(numbered(i..i + 1).into()).await.unwrap();
    }
    // The first one fails and waits, the others stand behind it.
    sleep(Duration::from_millis(100)).await;
    assert_eq!(rig.attempts().len(), 1);
    rig.exporter.stop().await;
    assert_eq!(rig.attempts(), [[0], [1], [2], [3], [4]]);
    assert_eq!(rig.taken(), [2, 4]);
    let dropped: Vec<_> = rig.logged().into_iter().filter(|line| line.contains("Dropping data.")).collect();
    assert_eq!(dropped.len(), 3);
    assert!(
        dropped[0].contains("\"interrupted due to shutdown: busy\", \"dropped_items\": 1"),
        "{dropped:?}"
    );
    let refused = rig.exporter.export(numbered(9..10).into()).await.unwrap_err();
    assert!(!refused.is_permanent());
}

#[tokio::test(start_paused = true)]
async fn as_many_are_sent_at_a_time_as_there_are_consumers() {
    let rig = Rig::start("sending_queue: {num_consumers: 3}").await;
    rig.answers([Answer::Slow(1); 9]);
    let begun = Instant::now();
    for i in 0..9 {
        rig.exporter.export(numbered(i..i + 1).into()).await.unwrap();
    }
    rig.exporter.stop().await;
    assert_eq!(begun.elapsed().as_secs(), 3);
    assert_eq!(rig.taken().len(), 9);
}
