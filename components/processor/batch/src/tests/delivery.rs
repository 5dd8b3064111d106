use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use proptest::{collection::vec, prelude::*, test_runner::TestCaseError};
use slimcol_service::Next;
use tokio::{sync::Semaphore, task::JoinSet, time::timeout};

use super::*;

proptest! {
    /// Whatever the sizes: all that was accepted arrives once, and no batch is larger than it may be.
    #[test]
    fn what_is_accepted_arrives_once(
        requests in vec(0_u64..40, 1..30),
        size in 0_u32..60,
        above in proptest::option::of(0_u32..20),
        timer in any::<bool>(),
        pauses in vec(0_u64..3, 30),
    ) {
        let max = above.map_or(0, |above| (size + above).max(1));
        let timeout = if timer { "2ms" } else { "0" };
        let yaml = format!("{{send_batch_size: {size}, send_batch_max_size: {max}, timeout: {timeout}}}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
        runtime.block_on(async {
            let (batch, sink) = batch(&yaml).await;
            let mut next = 0;
            for (items, pause) in requests.iter().zip(&pauses) {
                batch.push(numbered(next..next + items)).await.map_err(|e| TestCaseError::fail(e.to_string()))?;
                next += items;
                sleep(Duration::from_millis(*pause)).await;
            }
            batch.stop().await;
            prop_assert_eq!(all_numbers(&sink), (0..next).collect::<Vec<_>>());
            let largest = sizes(&sink).into_iter().max().unwrap_or_default();
            prop_assert!(max == 0 || largest <= max as usize, "{} > {}", largest, max);
            Ok(())
        })?;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_senders_at_once_lose_nothing() {
    const SENDERS: u64 = 8;
    const REQUESTS: u64 = 500;
    let (batch, sink) = batch("{send_batch_size: 64, timeout: 1ms, send_batch_max_size: 100}").await;
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let next = batch.next();
        senders.spawn(async move {
            for request in 0..REQUESTS {
                let first = (sender * REQUESTS + request) * 3;
                next.consume(numbered(first..first + 3).into()).await.unwrap();
            }
        });
    }
    senders.join_all().await;
    batch.stop().await;
    let mut arrived = all_numbers(&sink);
    arrived.sort_unstable();
    assert_eq!(arrived, (0..SENDERS * REQUESTS * 3).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn senders_wait_while_what_is_behind_is_slow() {
    let gate = Arc::new(Semaphore::new(0));
    let arrived = Arc::new(AtomicUsize::new(0));
    let next = {
        let (gate, arrived) = (gate.clone(), arrived.clone());
        Next::from_fn(move |payload| {
            let (gate, arrived) = (gate.clone(), arrived.clone());
            async move {
                gate.acquire().await.unwrap().forget();
                arrived.fetch_add(payload.data.items(), Ordering::Relaxed);
                Ok(())
            }
        })
    };
    let batch = processor_from_yaml(&FACTORY, "{send_batch_size: 10, timeout: 1h}", next).await.unwrap();
    let mut taken = 0;
    // One batch on its way, one full, one that fills.
    while timeout(Duration::from_secs(1), batch.push(numbered(taken..taken + 5))).await.is_ok() {
        taken += 5;
        assert!(taken <= 30, "{taken} items are held");
    }
    assert_eq!(taken, 30);
    gate.add_permits(1);
    batch.push(numbered(30..35)).await.unwrap();
    gate.add_permits(10);
    batch.stop().await;
    assert_eq!(arrived.load(Ordering::Relaxed), 35);
}

#[tokio::test(start_paused = true)]
async fn a_panic_behind_it_costs_one_batch() {
    let sink = Sink::new();
    let behind = sink.next();
    let next = Next::from_fn(move |payload| {
        let behind = behind.clone();
        async move {
            assert!(payload.data.items() != 13, "an unlucky batch");
            behind.consume(payload).await
        }
    });
    let batch = processor_from_yaml(&FACTORY, "{timeout: 0}", next).await.unwrap();
    batch.push(numbered(0..13)).await.unwrap();
    batch.push(numbered(13..14)).await.unwrap();
    batch.stop().await;
    assert_eq!(sink.items(), 1);
    assert_eq!(batch.log().count("Sender failed"), 1);
}
