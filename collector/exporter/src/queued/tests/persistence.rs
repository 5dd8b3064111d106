use slimcol_service::{Client, ClientInfo, Offers, Owner, Payload};

use super::{storage::Disk, *};

/// An exporter that has not started, with `disk` as the storage `disk/one`.
fn on(disk: &Disk, yaml: &str) -> Rig {
    let offers = Offers::default().with_storage(std::sync::Arc::new(disk.clone()));
    Rig::with(yaml, |cx| cx.with_extension("disk/one", offers).with_extension("plain", Offers::default()))
}

async fn start(disk: &Disk, queue: &str) -> Rig {
    let rig = on(disk, &format!("sending_queue: {{storage: disk/one, {queue}}}"));
    rig.exporter.start().await.unwrap();
    rig
}

fn later() -> Refused {
    Refused::retryable("busy")
}

/// Lets everything run that can.
async fn settle() {
    sleep(Duration::from_millis(10)).await;
}

#[tokio::test(start_paused = true)]
async fn a_storage_has_to_be_there_and_to_be_one() {
    for (storage, text) in [
        ("file_storage", "no storage client extension found"),
        ("plain", "requested extension is not a storage extension"),
    ] {
        let rig = on(&Disk::default(), &format!("sending_queue: {{storage: {storage}}}"));
        assert_eq!(rig.exporter.start().await.unwrap_err().to_string(), text);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_is_forgotten() {
    let disk = Disk::default();
    let rig = start(&disk, "").await;
    assert_eq!(rig.logged(), ["info\tInitializing new persistent queue\t{\"otelcol.signal\": \"logs\"}"]);
    rig.answers([Answer::Slow(1), Answer::Refuse(|| Refused::permanent("no"))]);
    for i in 0..3 {
        rig.exporter.export(numbered(i..i + 1).into()).await.unwrap();
    }
    settle().await;
    // One is on its way, one was given up, one was taken.
    assert_eq!((disk.len(), rig.taken()), (1, vec![2]));
    assert_eq!(rig.logged().iter().filter(|line| line.contains("Dropping data.")).count(), 1);
    rig.exporter.stop().await;
    assert_eq!((disk.len(), rig.taken(), disk.is_open()), (0, vec![2, 0], false));
    let owner = Owner { kind: "exporter", id: "fake".to_owned(), part: "logs".to_owned() };
    assert_eq!(disk.owners(), [owner]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_leaves_everything_to_the_next_start() {
    let disk = Disk::default();
    let rig = start(&disk, "num_consumers: 1").await;
    rig.answers([Answer::Refuse(later)]);
    for i in 0..5 {
        rig.exporter.export(numbered(i..i + 1).into()).await.unwrap();
    }
    settle().await;
    let begun = Instant::now();
    rig.exporter.stop().await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!((rig.attempts(), disk.len()), (vec![vec![0]], 5));
    let logged = rig.logged();
    let kept = "info\tExporting failed. Keeping data for the next start.\t{\"otelcol.signal\": \"logs\", \"error\": \
                \"interrupted due to shutdown: busy\", \"kept_items\": 1}";
    assert!(logged.iter().any(|line| line == kept), "{logged:#?}");

    let rig = start(&disk, "num_consumers: 1").await;
    assert_eq!(
        rig.logged(),
        ["info\tLoaded queue metadata\t{\"otelcol.signal\": \"logs\", \"requests\": 5}"]
    );
    rig.exporter.export(numbered(5..6).into()).await.unwrap();
    settle().await;
    assert_eq!(rig.taken(), [0, 1, 2, 3, 4, 5]);
    rig.exporter.stop().await;
    assert_eq!(disk.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn room_is_refused_to_new_data_only() {
    let disk = Disk::default();
    for (sizer, fits) in [("requests", 3), ("items", 30)] {
        let queue = |size| format!("num_consumers: 1, sizer: {sizer}, queue_size: {size}");
        let rig = start(&disk, &queue(fits)).await;
        rig.answers([Answer::Refuse(later)]);
        for i in 0..3 {
            rig.exporter.export(numbered(i * 10..i * 10 + 10).into()).await.unwrap();
        }
        let refused = rig.exporter.export(numbered(30..40).into()).await.unwrap_err();
        assert_eq!(refused.to_string(), "sending queue is full", "{sizer}");
        rig.exporter.stop().await;
        // It starts with more than it takes.
        let rig = start(&disk, &queue(fits / 3 * 2)).await;
        rig.answers([Answer::Slow(1); 2]);
        settle().await;
        let refused = rig.exporter.export(numbered(30..40).into()).await.unwrap_err();
        assert_eq!(refused.to_string(), "sending queue is full", "{sizer}");
        sleep(Duration::from_secs(3)).await;
        rig.exporter.export(numbered(30..40).into()).await.unwrap();
        settle().await;
        assert_eq!(rig.taken(), (0..40).collect::<Vec<_>>(), "{sizer}");
        rig.exporter.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn senders_come_along() {
    let disk = Disk::default();
    let rig = start(&disk, "num_consumers: 1").await;
    rig.answers([Answer::Refuse(later)]);
    let metadata = vec![("tenant".to_owned(), vec!["a".to_owned()])];
    let client =
        Client::new(ClientInfo { addr: "1.2.3.4:5".parse().ok(), metadata, ..ClientInfo::default() });
    rig.exporter.export(Payload { data: numbered(0..1), client }).await.unwrap();
    settle().await;
    rig.exporter.stop().await;
    let rig = start(&disk, "").await;
    settle().await;
    let client = &rig.payloads()[0].client;
    assert_eq!((client.metadata("tenant"), client.addr()), (&["a".to_owned()][..], "1.2.3.4:5".parse().ok()));
    rig.exporter.stop().await;
}

#[tokio::test(start_paused = true)]
async fn batches_are_forgotten_once_all_of_them_was_sent() {
    let disk = Disk::default();
    let queue = "batch: {min_size: 4, max_size: 5, flush_timeout: 1h}";
    let rig = start(&disk, queue).await;
    rig.exporter.export(numbered(0..3).into()).await.unwrap();
    settle().await;
    assert_eq!((disk.len(), rig.attempts().len()), (1, 0));
    rig.exporter.export(numbered(3..12).into()).await.unwrap();
    settle().await;
    // The last two of the second payload wait for others, so it stays.
    assert_eq!((disk.len(), rig.taken().len()), (1, 10));
    rig.exporter.stop().await;
    assert_eq!((disk.len(), rig.taken().len()), (1, 10));

    let rig = start(&disk, queue).await;
    settle().await;
    assert_eq!(rig.taken().len(), 9);
    assert_eq!(disk.len(), 0);
    rig.exporter.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_full_storage_refuses_and_goes_on_later() {
    let disk = Disk::default();
    let rig = start(&disk, "queue_size: 2").await;
    disk.full(true);
    for _ in 0..5 {
        let refused = rig.exporter.export(numbered(0..1).into()).await.unwrap_err();
        assert_eq!((refused.retry, refused.to_string().as_str()), (Retry::Later, "no space left on device"));
    }
    disk.full(false);
    rig.exporter.export(numbered(1..2).into()).await.unwrap();
    rig.exporter.export(numbered(2..3).into()).await.unwrap();
    settle().await;
    assert_eq!(rig.taken(), [1, 2]);
    rig.exporter.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_skipped() {
    let disk = Disk::default();
    let rig = start(&disk, "num_consumers: 1").await;
    rig.answers([Answer::Refuse(later)]);
    for i in 0..4 {
        rig.exporter.export(numbered(i..i + 1).into()).await.unwrap();
    }
    settle().await;
    rig.exporter.stop().await;
    disk.spoil(1, |bytes| bytes.truncate(bytes.len() - 1));
    disk.spoil(2, |bytes| bytes[0] = 9);
    let rig = start(&disk, "").await;
    settle().await;
    assert_eq!(rig.taken(), [0, 3]);
    let skipped: Vec<_> = rig.logged().into_iter().filter(|line| line.contains("It was skipped.")).collect();
    assert_eq!(skipped.len(), 2, "{skipped:?}");
    assert!(skipped[1].contains("its format is not known") && skipped[1].contains("\"skipped_items\": 1"));
    rig.exporter.stop().await;
    // A later version may know the format.
    assert_eq!(disk.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn memory_holds_only_a_few_megabytes() {
    let disk = Disk::default();
    let rig = start(&disk, "num_consumers: 1").await;
    rig.answers([Answer::Refuse(later)]);
    let large = slimcol_testing::generate::logs(1, 10_000);
    let large = slimcol_pdata::Data::from_bytes(Signal::Logs, large).unwrap();
    let fits = (8 << 20) / large.byte_len() + 2;
    for _ in 0..fits + 20 {
        rig.exporter.export(large.clone().into()).await.unwrap();
    }
    let refs = rig.exporter.stages.queueing.as_ref().unwrap().queues[Signal::Logs as usize]
        .as_ref()
        .unwrap()
        .in_memory();
    assert!((1..=fits).contains(&refs), "{refs}");
    // What is only in the storage comes in its turn, and what follows behind it.
    rig.exporter.export(numbered(0..1).into()).await.unwrap();
    sleep(Duration::from_secs(10)).await;
    assert_eq!((rig.attempts().len(), disk.len()), (fits + 22, 0));
    assert_eq!(rig.attempts().last().unwrap(), &[0]);
    rig.exporter.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_goes_away_leaves_no_trace_or_all_of_it() {
    let disk = Disk::default();
    let rig = start(&disk, "queue_size: 1").await;
    rig.answers([Answer::Slow(1)]);
    let impatient = rig.exporter.export(numbered(0..1).into());
    assert!(timeout(Duration::ZERO, impatient).await.is_err());
    sleep(Duration::from_secs(2)).await;
    assert_eq!((rig.taken(), disk.len()), (vec![0], 0));
    rig.exporter.export(numbered(1..2).into()).await.unwrap();
    rig.exporter.stop().await;
    assert_eq!(rig.taken(), [0, 1]);
}
