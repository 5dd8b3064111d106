//! What the collector reports on itself and is not sent yet.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;

use crate::context::locked;

/// How many bytes wait at most. Lines of a log can be long.
const ROOM: usize = 16 << 20;
/// With so many bytes a request is full: servers take four times as much.
const REQUEST: usize = 1 << 20;

/// A span, a line of the log or a metric, as OTLP has it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The instrumentation scope that it belongs to.
    pub scope: Vec<u8>,
    /// The record itself.
    pub encoded: Vec<u8>,
}

/// Records that wait to be sent. Who has one to add never waits: if too many wait the oldest are dropped.
pub struct Waiting {
    kept: Mutex<Kept>,
    most: usize,
    batch: usize,
    full: Notify,
}

#[derive(Default)]
struct Kept {
    records: VecDeque<Record>,
    bytes: usize,
    dropped: usize,
}

impl Record {
    fn len(&self) -> usize {
        self.scope.len() + self.encoded.len()
    }
}

impl Waiting {
    /// Room for `most` records, of which `batch` are sent at a time.
    pub fn new(most: usize, batch: usize) -> Arc<Self> {
        Arc::new(Self { kept: Mutex::default(), most, batch, full: Notify::new() })
    }

    /// Adds a record.
    pub fn push(&self, record: Record) {
        let mut kept = locked(&self.kept);
        kept.bytes += record.len();
        kept.records.push_back(record);
        while kept.records.len() > self.most || kept.bytes > ROOM {
            let Some(oldest) = kept.records.pop_front() else { break };
            kept.bytes -= oldest.len();
            kept.dropped += 1;
        }
        if self.fills(&kept) {
            self.full.notify_one();
        }
    }

    /// Returns once there is enough for a request.
    pub async fn full(&self) {
        self.full.notified().await;
    }

    /// Whether there is enough for a request.
    pub fn is_full(&self) -> bool {
        self.fills(&locked(&self.kept))
    }

    /// Takes out what goes into one request, the oldest first.
    pub fn take(&self) -> Vec<Record> {
        let mut kept = locked(&self.kept);
        let (mut records, mut bytes) = (Vec::new(), 0);
        while records.len() < self.batch && bytes < REQUEST {
            let Some(record) = kept.records.pop_front() else { break };
            bytes += record.len();
            records.push(record);
        }
        kept.bytes -= bytes;
        records
    }

    /// How many were dropped so far.
    pub fn dropped(&self) -> usize {
        locked(&self.kept).dropped
    }

    fn fills(&self, kept: &Kept) -> bool {
        kept.records.len() >= self.batch || kept.bytes >= REQUEST
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("most", &self.most).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(bytes: usize) -> Record {
        Record { scope: Vec::new(), encoded: vec![0; bytes] }
    }

    fn lens(records: &[Record]) -> Vec<usize> {
        records.iter().map(Record::len).collect()
    }

    #[tokio::test]
    async fn batches_are_taken_in_order_and_the_oldest_go_first() {
        let waiting = Waiting::new(5, 3);
        for bytes in 1..=2 {
            waiting.push(record(bytes));
        }
        assert!(!waiting.is_full());
        for bytes in 3..=7 {
            waiting.push(record(bytes));
        }
        waiting.full().await;
        assert!(waiting.is_full());
        assert_eq!((lens(&waiting.take()), waiting.dropped()), (vec![3, 4, 5], 2));
        assert!(!waiting.is_full());
        assert_eq!(lens(&waiting.take()), [6, 7]);
        assert!(waiting.take().is_empty());
    }

    #[tokio::test]
    async fn long_records_fill_requests_and_the_room() {
        let waiting = Waiting::new(1000, 500);
        for _ in 0..3 {
            waiting.push(record(REQUEST / 2));
        }
        waiting.full().await;
        assert_eq!((waiting.take().len(), waiting.take().len()), (2, 1));
        for _ in 0..20 {
            waiting.push(record(1 << 20));
        }
        assert_eq!(waiting.dropped(), 4);
        waiting.push(record(ROOM + 1));
        assert_eq!(waiting.dropped(), 21);
        assert!(waiting.take().is_empty());
        waiting.push(record(ROOM));
        assert_eq!(lens(&waiting.take()), [ROOM]);
    }
}
