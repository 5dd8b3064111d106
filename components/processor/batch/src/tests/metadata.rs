use slimcol_service::{Client, ClientInfo, Next, Payload, Refused};

use super::*;

fn from(values: &[(&str, &[&str])], numbers: std::ops::Range<u64>) -> Payload {
    let metadata = values
        .iter()
        .map(|(key, values)| ((*key).to_owned(), values.iter().map(|v| (*v).to_owned()).collect()))
        .collect();
    Payload { data: numbered(numbers), client: Client::new(ClientInfo { metadata, ..ClientInfo::default() }) }
}

async fn send(next: &Next, payload: Payload) -> Result<(), Refused> {
    next.consume(payload).await
}

#[tokio::test(start_paused = true)]
async fn requests_share_a_batch_if_they_agree_in_the_metadata_keys() {
    let (batch, sink) = batch("{timeout: 1h, metadata_keys: [Tenant, region]}").await;
    let next = batch.next();
    send(&next, from(&[("tenant", &["a"]), ("other", &["1"])], 0..1)).await.unwrap();
    send(&next, from(&[("tenant", &["b"])], 1..2)).await.unwrap();
    send(&next, from(&[("tenant", &["a"]), ("other", &["2"])], 2..3)).await.unwrap();
    send(&next, from(&[("tenant", &[""])], 3..4)).await.unwrap();
    send(&next, from(&[], 4..5)).await.unwrap();
    batch.stop().await;
    let mut batches: Vec<_> = sink
        .payloads()
        .iter()
        .map(|p| (numbers(&p.data), p.client.metadata("tenant").to_vec(), p.client.metadata("other").len()))
        .collect();
    batches.sort();
    let tenant = |name: &str| vec![name.to_owned()];
    assert_eq!(
        batches,
        [
            (vec![0, 2], tenant("a"), 0),
            (vec![1], tenant("b"), 0),
            (vec![3], tenant(""), 0),
            (vec![4], Vec::new(), 0)
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn there_is_a_limit_to_combinations() {
    let (batch, sink) = batch("{timeout: 1h, metadata_keys: [tenant], metadata_cardinality_limit: 2}").await;
    let next = batch.next();
    send(&next, from(&[("tenant", &["a"])], 0..1)).await.unwrap();
    send(&next, from(&[("tenant", &["b"])], 1..2)).await.unwrap();
    let refused = send(&next, from(&[("tenant", &["c"])], 2..3)).await.unwrap_err();
    assert!(refused.is_permanent());
    assert_eq!(refused.to_string(), "Permanent error: too many batcher metadata-value combinations");
    send(&next, from(&[("tenant", &["a"])], 3..4)).await.unwrap();
    batch.stop().await;
    assert_eq!(sink.items(), 3);
}

#[tokio::test(start_paused = true)]
async fn without_keys_the_client_is_forgotten() {
    let (batch, sink) = batch("{timeout: 0}").await;
    send(&batch.next(), from(&[("tenant", &["a"])], 0..1)).await.unwrap();
    batch.stop().await;
    assert!(sink.payloads()[0].client.metadata("tenant").is_empty());
}
