use slimcol_service::Status;

use super::*;

const NO_JITTER: &str = "retry_on_failure: {randomization_factor: 0, initial_interval: 1s, multiplier: 2, max_interval: \
                         3s, max_elapsed_time: 20s}, sending_queue: {enabled: false}";

fn later() -> Refused {
    Refused::retryable("busy")
}

async fn rig() -> Rig {
    Rig::start(&format!("{{{NO_JITTER}}}")).await
}

#[tokio::test(start_paused = true)]
async fn waits_grow_until_it_is_taken() {
    let rig = rig().await;
    rig.answers([Answer::Refuse(later); 4]);
    rig.exporter.export(numbered(0..1).into()).await.unwrap();
    assert_eq!(rig.taken(), [0]);
    let waits: Vec<_> = rig.waits().iter().map(|ms| ms / 1000).collect();
    assert_eq!(waits, [1, 2, 3, 3]);
    assert_eq!(
        rig.logged()[1],
        "info\tExporting failed. Will retry the request after interval.\t{\"otelcol.signal\": \"logs\", \"error\": \
         \"busy\", \"interval\": \"2s\"}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_budget_is_not_begun() {
    let rig = rig().await;
    rig.answers([Answer::Refuse(later); 100]);
    let begun = Instant::now();
    let refused = rig.exporter.export(numbered(0..1).into()).await.unwrap_err();
    assert!(begun.elapsed() <= Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(refused.to_string(), "no more retries left: busy");
    assert!(!refused.is_permanent());
    // 1 + 2 + 3 · 5 = 18 seconds; three more would be too many.
    assert_eq!(rig.attempts().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_budget_of_zero_has_no_end() {
    let rig = Rig::start("{retry_on_failure: {max_elapsed_time: 0}, sending_queue: {enabled: false}}").await;
    rig.answers([Answer::Refuse(later); 200]);
    rig.exporter.export(numbered(0..1).into()).await.unwrap();
    assert_eq!(rig.attempts().len(), 201);
}

#[tokio::test(start_paused = true)]
async fn what_is_permanent_is_not_tried_again() {
    let rig = rig().await;
    rig.answers([Answer::Refuse(|| Refused::permanent("bad data").with_code(Code::InvalidArgument))]);
    let refused = rig.exporter.export(numbered(0..1).into()).await.unwrap_err();
    assert_eq!(refused.to_string(), "not retryable error: bad data");
    assert!(refused.is_permanent());
    assert_eq!(refused.status(), Code::InvalidArgument);
    assert_eq!(rig.attempts().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_far_end_may_ask_for_a_longer_wait_but_not_for_a_shorter() {
    let rig = rig().await;
    rig.answers([
        Answer::Refuse(|| later().with_retry(Retry::After(Duration::from_secs(7)))),
        Answer::Refuse(|| later().with_retry(Retry::After(Duration::from_millis(1)))),
    ]);
    rig.exporter.export(numbered(0..1).into()).await.unwrap();
    let waits: Vec<_> = rig.waits().iter().map(|ms| ms / 1000).collect();
    assert_eq!(waits, [7, 2]);
}

#[tokio::test(start_paused = true)]
async fn an_absurd_wait_is_beyond_any_budget() {
    let rig = rig().await;
    rig.answers([Answer::Refuse(|| later().with_retry(Retry::After(Duration::MAX)))]);
    let refused = rig.exporter.export(numbered(0..1).into()).await.unwrap_err();
    assert_eq!(refused.to_string(), "no more retries left: busy");
}

#[tokio::test(start_paused = true)]
async fn stopping_ends_the_wait() {
    let rig = rig().await;
    rig.answers([Answer::Refuse(later); 100]);
    let exporter = rig.exporter.clone();
    let waiting = tokio::spawn(async move { exporter.export(numbered(0..1).into()).await });
    sleep(Duration::from_millis(500)).await;
    rig.exporter.stop().await;
    let refused = waiting.await.unwrap().unwrap_err();
    assert_eq!(refused.to_string(), "interrupted due to shutdown: busy");
    assert_eq!(rig.attempts().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_said_until_something_is_sent_again() {
    let rig = rig().await;
    assert_eq!(rig.status(), (Status::Ok, None));
    rig.answers([Answer::Refuse(later)]);
    let exporter = rig.exporter.clone();
    let sending = tokio::spawn(async move { exporter.export(numbered(0..1).into()).await });
    sleep(Duration::from_millis(500)).await;
    assert_eq!(rig.status(), (Status::RecoverableError, Some("busy".into())), "between two attempts");
    sending.await.unwrap().unwrap();
    assert_eq!(rig.status(), (Status::Ok, None));

    rig.answers([Answer::Refuse(|| Refused::permanent("bad data"))]);
    rig.exporter.export(numbered(1..2).into()).await.unwrap_err();
    let bad = Some("not retryable error: bad data".into());
    assert_eq!(rig.status(), (Status::RecoverableError, bad), "other data may well be taken");
    rig.exporter.export(numbered(2..3).into()).await.unwrap();
    assert_eq!(rig.status(), (Status::Ok, None));

    rig.exporter.stop().await;
    rig.answers([Answer::Refuse(later)]);
    rig.exporter.export(numbered(3..4).into()).await.unwrap_err();
    assert_eq!(rig.status(), (Status::Ok, None), "what fails at the end is not what the exporter is like");
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_goes_away_leaves_a_line() {
    let rig = rig().await;
    rig.answers([Answer::Refuse(later)]);
    let early = timeout(Duration::from_millis(500), rig.exporter.export(numbered(0..3).into())).await;
    assert!(early.is_err());
    assert_eq!(
        rig.logged()[1],
        "error\tExporting failed. Rejecting data. Try enabling sending_queue to survive temporary failures.\t\
         {\"otelcol.signal\": \"logs\", \"error\": \"request is cancelled or timed out: context canceled\", \
         \"rejected_items\": 3}"
    );
    rig.exporter.export(numbered(3..4).into()).await.unwrap();
    assert_eq!(rig.logged().len(), 2);
}
