//! Records on their way from the brokers that lead their partitions.

use bytes::Bytes;

use super::Request;
use crate::wire::{Malformed, Reader, Writer};

#[derive(Debug)]
pub(crate) struct Fetch<'a> {
    pub(crate) max_wait_ms: i32,
    pub(crate) min_bytes: i32,
    pub(crate) max_bytes: i32,
    pub(crate) rack: &'a str,
    pub(crate) partitions: &'a [Wanted],
}

/// What is wanted of one partition.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    pub(crate) max_bytes: i32,
}

/// What came of one partition.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fetched {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) error: i16,
    /// Where the records end that may be read.
    pub(crate) high_watermark: i64,
    /// Encoded batches, of which the last may be cut off.
    pub(crate) records: Bytes,
}

impl Request for Fetch<'_> {
    const KEY: i16 = 1;
    const NAME: &'static str = "Fetch";
    const VERSIONS: (i16, i16) = (4, 11);
    type Answer = (i16, Vec<Fetched>);

    fn write(&self, version: i16, to: &mut Writer) {
        to.i32(-1);
        to.i32(self.max_wait_ms);
        to.i32(self.min_bytes);
        to.i32(self.max_bytes);
        // All that is there, also of transactions that are not committed, as Go's client has it.
        to.i8(0);
        if version >= 7 {
            // No session: each request says all it wants.
            to.i32(0);
            to.i32(-1);
        }
        to.list(self.partitions, |to, wanted| {
            to.string(&wanted.topic);
            to.i32(1);
            to.i32(wanted.partition);
            if version >= 9 {
                to.i32(-1);
            }
            to.i64(wanted.offset);
            if version >= 5 {
                to.i64(-1);
            }
            to.i32(wanted.max_bytes);
        });
        if version >= 7 {
            to.i32(0);
        }
        if version >= 11 {
            to.string(self.rack);
        }
    }

    fn read(version: i16, from: &mut Reader) -> Result<Self::Answer, Malformed> {
        from.throttle()?;
        let mut error = 0;
        if version >= 7 {
            error = from.i16()?;
            let _session = from.i32()?;
        }
        let mut all = Vec::new();
        from.list(6, |from| {
            let topic = from.string()?;
            let partitions = from.list(30, |from| {
                let (partition, error) = (from.i32()?, from.i16()?);
                let high_watermark = from.i64()?;
                let _last_stable = from.i64()?;
                if version >= 5 {
                    let _start = from.i64()?;
                }
                let _aborted = from.list(16, |from| Ok((from.i64()?, from.i64()?)))?;
                if version >= 11 {
                    let _nearer = from.i32()?;
                }
                let records = from.bytes()?;
                Ok(Fetched { topic: topic.clone(), partition, error, high_watermark, records })
            })?;
            all.extend(partitions);
            Ok(())
        })?;
        Ok((error, all))
    }
}
