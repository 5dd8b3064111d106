use proptest::{collection::vec, prelude::*};
use slimcol_service::{Client, ClientInfo, Payload};

use super::*;

fn from(tenant: &str, data: slimcol_pdata::Data) -> Payload {
    let metadata =
        vec![("tenant".to_owned(), vec![tenant.to_owned()]), ("x".to_owned(), vec!["y".to_owned()])];
    Payload { data, client: Client::new(ClientInfo { metadata, ..ClientInfo::default() }) }
}

fn sorted(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.sort_unstable();
    numbers
}

#[tokio::test(start_paused = true)]
async fn payloads_are_joined_until_there_are_enough() {
    let rig = Rig::start("sending_queue: {batch: {min_size: 5, flush_timeout: 1s}}").await;
    for i in 0..4 {
        rig.exporter.export(numbered(i * 2..i * 2 + 2).into()).await.unwrap();
    }
    sleep(Duration::from_millis(10)).await;
    assert_eq!(rig.attempts(), [[0, 1, 2, 3, 4, 5]]);
    // The rest goes when its time has come.
    sleep(Duration::from_secs(1)).await;
    assert_eq!(rig.attempts()[1], [6, 7]);
    rig.exporter.stop().await;
    assert_eq!(rig.attempts().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn large_batches_are_cut_and_the_rest_waits() {
    let rig = Rig::start("sending_queue: {batch: {min_size: 4, max_size: 5, flush_timeout: 1h}}").await;
    rig.exporter.export(numbered(0..3).into()).await.unwrap();
    rig.exporter.export(numbered(3..12).into()).await.unwrap();
    sleep(Duration::from_millis(10)).await;
    let mut sizes: Vec<_> = rig.attempts().iter().map(Vec::len).collect();
    assert_eq!(sizes, [5, 5]);
    rig.exporter.stop().await;
    sizes = rig.attempts().iter().map(Vec::len).collect();
    assert_eq!(sizes, [5, 5, 2]);
    assert_eq!(sorted(rig.taken()), (0..12).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn callers_hear_of_all_the_batches_that_their_data_went_to() {
    let yaml = "{retry_on_failure: {enabled: false}, sending_queue: {wait_for_result: true, batch: {min_size: 4, max_size: \
                5, flush_timeout: 2s}}}";
    let rig = Rig::start(yaml).await;
    rig.answers([Answer::Take, Answer::Refuse(|| Refused::permanent("no"))]);
    let small = {
        let exporter = rig.exporter.clone();
        tokio::spawn(async move { exporter.export(numbered(0..3).into()).await })
    };
    sleep(Duration::from_millis(10)).await;
    let begun = Instant::now();
    // Two of these fill the first batch, the last two wait for the timer and are refused.
    let refused = rig.exporter.export(numbered(3..7).into()).await.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), 2);
    assert!(refused.is_permanent());
    small.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn partitions_do_not_mix_and_keep_their_keys_only() {
    let yaml =
        "sending_queue: {batch: {min_size: 4, flush_timeout: 1s, partition: {metadata_keys: [Tenant]}}}";
    let rig = Rig::start(yaml).await;
    for i in 0..3 {
        rig.exporter.export(from("a", numbered(i..i + 1))).await.unwrap();
        rig.exporter.export(from("b", numbered(10 + i..11 + i))).await.unwrap();
    }
    rig.exporter.stop().await;
    let mut batches: Vec<_> = rig
        .payloads()
        .iter()
        .map(|p| {
            (
                p.client.metadata("tenant")[0].clone(),
                slimcol_testing::numbers(&p.data),
                p.client.metadata("x").len(),
            )
        })
        .collect();
    batches.sort();
    assert_eq!(batches, [("a".to_owned(), vec![0, 1, 2], 0), ("b".to_owned(), vec![10, 11, 12], 0)]);
}

#[tokio::test(start_paused = true)]
async fn of_too_many_partitions_the_oldest_is_sent() {
    let yaml =
        "sending_queue: {batch: {flush_timeout: 1h, partition: {metadata_keys: [tenant], cache_size: 2}}}";
    let rig = Rig::start(yaml).await;
    for (i, tenant) in ["a", "b", "c"].iter().enumerate() {
        rig.exporter.export(from(tenant, numbered(i as u64..i as u64 + 1))).await.unwrap();
    }
    sleep(Duration::from_millis(10)).await;
    assert_eq!(rig.attempts(), [[0]]);
    rig.exporter.stop().await;
    assert_eq!(sorted(rig.taken()), [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_busy_partition_does_not_starve_another() {
    let yaml =
        "sending_queue: {batch: {min_size: 2, flush_timeout: 50ms, partition: {metadata_keys: [tenant]}}}";
    let rig = Rig::start(yaml).await;
    rig.exporter.export(from("quiet", numbered(1000..1001))).await.unwrap();
    for i in 0..100 {
        rig.exporter.export(from("busy", numbered(i..i + 1))).await.unwrap();
        sleep(Duration::from_millis(1)).await;
    }
    assert!(rig.taken().contains(&1000));
    rig.exporter.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_in_a_batch_counts_against_the_queue() {
    let rig = Rig::start("sending_queue: {queue_size: 2, batch: {flush_timeout: 1s}}").await;
    rig.exporter.export(numbered(0..1).into()).await.unwrap();
    rig.exporter.export(numbered(1..2).into()).await.unwrap();
    sleep(Duration::from_millis(10)).await;
    let refused = rig.exporter.export(numbered(2..3).into()).await.unwrap_err();
    assert_eq!(refused.to_string(), "sending queue is full");
    sleep(Duration::from_secs(1)).await;
    rig.exporter.export(numbered(2..3).into()).await.unwrap();
    rig.exporter.stop().await;
    assert_eq!(rig.taken(), [0, 1, 2]);
}

proptest! {
    /// Whatever the sizes and the failures: all that was accepted is sent once, and room is free again at the end.
    #[test]
    fn what_is_accepted_is_sent_once(
        requests in vec(0_u64..40, 1..25),
        min in 0_u64..60,
        above in proptest::option::of(0_u64..20),
        bytes in any::<bool>(),
        consumers in 1_u64..4,
        failures in vec(any::<bool>(), 40),
        pauses in vec(0_u64..3, 25),
    ) {
        let unit = if bytes { 12 } else { 1 };
        let max = above.map_or(0, |above| (min + above).max(1) * unit);
        let sizer = if bytes { "bytes" } else { "items" };
        let yaml = format!(
            "{{retry_on_failure: {{initial_interval: 1ms, max_elapsed_time: 0}}, sending_queue: {{num_consumers: \
             {consumers}, block_on_overflow: true, queue_size: 30, batch: {{min_size: {}, max_size: {max}, sizer: \
             {sizer}, flush_timeout: 2ms}}}}}}",
            min * unit,
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
        runtime.block_on(async {
            let rig = Rig::start(&yaml).await;
            rig.answers(failures.iter().map(|fails| match fails {
                true => Answer::Refuse(|| Refused::retryable("busy")),
                false => Answer::Take,
            }));
            let mut next = 0;
            for (items, pause) in requests.iter().zip(&pauses) {
                prop_assert!(rig.exporter.export(numbered(next..next + items).into()).await.is_ok());
                next += items;
                sleep(Duration::from_millis(*pause)).await;
            }
            // Past all failures, so that the one attempt of the shutdown succeeds.
            sleep(Duration::from_hours(1)).await;
            rig.exporter.stop().await;
            prop_assert_eq!(sorted(rig.taken()), (0..next).collect::<Vec<_>>());
            let largest = rig.attempts().iter().map(Vec::len).max().unwrap_or_default();
            prop_assert!(max == 0 || bytes || largest as u64 <= max, "{} > {}", largest, max);
            Ok(())
        })?;
    }
}
