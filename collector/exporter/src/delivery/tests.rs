use slimcol_config::from_yaml;

use super::*;

/// An exporter's section that holds nothing but the helper's keys.
struct All(Delivery);

impl Settings for All {
    fn read(from: &mut Section<'_>) -> Self {
        Self(Delivery::read(from, Duration::secs(5)))
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        self.0.validate(problems);
    }
}

struct QueueOnly(Delivery);

impl Settings for QueueOnly {
    fn read(from: &mut Section<'_>) -> Self {
        Self(Delivery::queue_only(from))
    }
}

fn read(yaml: &str) -> Delivery {
    from_yaml::<All>(yaml).unwrap().0
}

fn batch_sizer(yaml: &str) -> Option<Sizer> {
    read(yaml).queue()?.batch.as_ref().map(|batch| batch.sizer)
}

#[test]
fn defaults_are_gos() {
    let delivery = read("{}");
    assert_eq!(delivery.timeout, Duration::secs(5));
    let retry = delivery.retry().unwrap();
    assert_eq!(retry.initial_interval, Duration::secs(5));
    assert_eq!(retry.max_interval, Duration::secs(30));
    assert_eq!(retry.max_elapsed_time, Duration::secs(300));
    let usual = slimcol_service::Backoff::new(retry.initial_interval, retry.max_interval);
    assert_eq!(format!("{:?}", retry.backoff()), format!("{usual:?}"));
    let queue = delivery.queue().unwrap();
    assert_eq!((queue.num_consumers, queue.queue_size, queue.sizer), (10, 1000, Sizer::Requests));
    assert!(!queue.block_on_overflow && !queue.wait_for_result && !queue.batch.is_on());
    assert_eq!(delivery.hint(), "");
}

#[test]
fn stages_can_be_switched_off_and_the_hints_say_so() {
    let off = read(
        "{timeout: 0, retry_on_failure: {enabled: false}, sending_queue: {enabled: false, queue_size: 0}}",
    );
    assert!(off.retry().is_none() && off.queue().is_none());
    assert_eq!(
        off.hint(),
        " Try enabling retry_on_failure config option to retry on retryable errors. Try enabling sending_queue to \
         survive temporary failures."
    );
}

#[test]
fn an_exporter_may_have_only_a_queue() {
    assert!(from_yaml::<QueueOnly>("{}").unwrap().0.queue().is_none());
    assert!(from_yaml::<QueueOnly>("sending_queue:").unwrap().0.queue().is_some());
    let error = from_yaml::<QueueOnly>("timeout: 1s").err().unwrap();
    assert!(error.contains("timeout"), "{error}");
}

#[test]
fn a_batch_inherits_the_queues_sizer_if_anything_stands_in_it() {
    let cases = [
        ("sending_queue: {}", None),
        ("sending_queue: {batch: }", Some(Sizer::Items)),
        ("sending_queue: {sizer: bytes, batch: }", Some(Sizer::Items)),
        ("sending_queue: {sizer: bytes, queue_size: 9000, batch: {min_size: 100}}", Some(Sizer::Bytes)),
        ("sending_queue: {sizer: bytes, batch: {sizer: items}}", Some(Sizer::Items)),
        ("sending_queue: {batch: {min_size: 100}}", Some(Sizer::Items)),
        ("sending_queue: {sizer: requests, batch: {enabled: false}}", None),
    ];
    for (yaml, expected) in cases {
        assert_eq!(batch_sizer(yaml), expected, "{yaml}");
    }
}

#[test]
fn what_is_wrong_is_said_in_gos_words() {
    let cases = [
        ("timeout: -1s", "timeoutconfig: timeout value must be greater than or equal to 0"),
        (
            "retry_on_failure: {max_elapsed_time: 1s}",
            "'max_elapsed_time' must not be less than 'initial_interval'",
        ),
        (
            "retry_on_failure: {max_elapsed_time: 10s}",
            "retry_on_failure: 'max_elapsed_time' must not be less than 'max_interval'",
        ),
        ("retry_on_failure: {multiplier: -1}", "multiplier value must be greater than or equal to 0"),
        (
            "retry_on_failure: {randomization_factor: 1.5}",
            "randomization_factor value must be less than or equal to 1",
        ),
        ("retry_on_failure: {max_interval: -1s}", "max_interval value must be greater than or equal to 0"),
        ("sending_queue: {num_consumers: 0}", "sending_queue: `num_consumers` must be positive"),
        (
            "sending_queue: {num_consumers: 1000000000}",
            "sending_queue: `num_consumers` must be at most 10000",
        ),
        ("sending_queue: {queue_size: -5}", "sending_queue: `queue_size` must be positive"),
        (
            "sending_queue: {storage: file_storage, wait_for_result: true}",
            "`wait_for_result` is not supported with a persistent queue configured with `storage`",
        ),
        ("sending_queue: {sizer: items, batch: {}}", "`min_size` must be less than or equal to `queue_size`"),
        ("sending_queue: {sizer: foo}", "invalid sizer: \"foo\""),
        (
            "sending_queue: {batch: {flush_timeout: 0}}",
            "sending_queue: batch: `flush_timeout` must be positive, found 0",
        ),
        (
            "sending_queue: {batch: {sizer: requests}}",
            "batch: `batch` supports only `items` or `bytes` sizer, found \"requests\"",
        ),
        ("sending_queue: {batch: {min_size: -1}}", "`min_size` must be non-negative, found -1"),
        ("sending_queue: {batch: {max_size: -1}}", "`max_size` must be non-negative, found -1"),
        (
            "sending_queue: {batch: {max_size: 10, min_size: 20}}",
            "`max_size` (10) must be greater or equal to `min_size` (20)",
        ),
        (
            "sending_queue: {batch: {partition: {metadata_keys: [a, A]}}}",
            "duplicate entry in metadata_keys: \"a\" (case-insensitive)",
        ),
        ("sending_queue: {batch: {partition: {cache_size: 0}}}", "`cache_size` must be positive, found 0"),
        (
            "sending_queue: {batch: {partition: {idle_timeout: -1s}}}",
            "`idle_timeout` must be positive, found -1s",
        ),
        ("sending_queue: {queue_sizes: 1}", "queue_sizes"),
    ];
    for (yaml, expected) in cases {
        let error = from_yaml::<All>(yaml).err().unwrap_or_default();
        assert!(error.contains(expected), "{yaml}: {error}");
    }
}
