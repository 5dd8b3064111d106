//! Record batches on their way to the brokers that lead their partitions.

use std::sync::Arc;

use bytes::Bytes;

use super::Request;
use crate::{
    counts::Counts,
    records::Size,
    wire::{Malformed, Reader, Writer},
};

#[derive(Debug)]
pub(crate) struct Produce<'a> {
    /// -1: all that are in sync, 1: the leader, 0: nobody.
    pub(crate) acks: i16,
    pub(crate) timeout_ms: i32,
    pub(crate) batches: &'a [Batch],
}

/// One partition's batch. It counts as given up if it is dropped before a broker has it.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    /// The encoded batch, in pieces.
    pub(crate) records: Vec<Bytes>,
    pub(crate) size: Size,
    /// Who counts it; `None` once a broker has it.
    pub(crate) counts: Option<Arc<Counts>>,
}

impl Drop for Batch {
    fn drop(&mut self) {
        if let Some(counts) = &self.counts {
            counts.unsent(&self.topic, self.partition, self.size.records);
        }
    }
}

/// How one partition's batch fared.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) error: i16,
}

impl Request for Produce<'_> {
    const KEY: i16 = 0;
    const NAME: &'static str = "Produce";
    const VERSIONS: (i16, i16) = (3, 7);
    type Answer = Vec<Outcome>;

    fn write(&self, _: i16, to: &mut Writer) {
        to.nullable_string(None);
        to.i16(self.acks);
        to.i32(self.timeout_ms);
        // A topic may be listed more than once.
        to.list(self.batches, |to, batch| {
            to.string(&batch.topic);
            to.i32(1);
            to.i32(batch.partition);
            to.len_of(batch.records.iter().map(Bytes::len).sum());
            for piece in &batch.records {
                to.piece(piece);
            }
        });
    }

    fn read(version: i16, from: &mut Reader) -> Result<Vec<Outcome>, Malformed> {
        let mut outcomes = Vec::new();
        from.list(6, |from| {
            let topic = from.string()?;
            let partitions = from.list(22, |from| {
                let outcome = Outcome { topic: topic.clone(), partition: from.i32()?, error: from.i16()? };
                let _offset = from.i64()?;
                let _time = from.i64()?;
                if version >= 5 {
                    let _start = from.i64()?;
                }
                Ok(outcome)
            })?;
            outcomes.extend(partitions);
            Ok(())
        })?;
        from.throttle()?;
        Ok(outcomes)
    }
}
