//! Where partitions begin and end, and how far a group has come in them.

use super::{Request, group::Membership};
use crate::wire::{Malformed, Reader, Writer};

/// One partition and an offset or an error in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    pub(crate) error: i16,
}

/// Asks for the first offsets of partitions (-2 as the time) or for those behind the last record (-1).
#[derive(Debug)]
pub(crate) struct ListOffsets<'a> {
    pub(crate) time: i64,
    pub(crate) partitions: &'a [(String, i32)],
}

impl Request for ListOffsets<'_> {
    const KEY: i16 = 2;
    const NAME: &'static str = "ListOffsets";
    const VERSIONS: (i16, i16) = (2, 2);
    type Answer = Vec<At>;

    fn write(&self, _: i16, to: &mut Writer) {
        to.i32(-1);
        to.i8(0);
        to.list(self.partitions, |to, (topic, partition)| {
            to.string(topic);
            to.i32(1);
            to.i32(*partition);
            to.i64(self.time);
        });
    }

    fn read(_: i16, from: &mut Reader) -> Result<Vec<At>, Malformed> {
        from.throttle()?;
        each(from, 22, |from, topic| {
            let (partition, error) = (from.i32()?, from.i16()?);
            let _time = from.i64()?;
            Ok(At { topic, partition, error, offset: from.i64()? })
        })
    }
}

/// Asks how far a group has come. What was never committed has the offset -1.
#[derive(Debug)]
pub(crate) struct OffsetFetch<'a> {
    pub(crate) group: &'a str,
    pub(crate) partitions: &'a [(String, i32)],
}

impl Request for OffsetFetch<'_> {
    const KEY: i16 = 9;
    const NAME: &'static str = "OffsetFetch";
    const VERSIONS: (i16, i16) = (3, 3);
    type Answer = (i16, Vec<At>);

    fn write(&self, _: i16, to: &mut Writer) {
        to.string(self.group);
        to.list(self.partitions, |to, (topic, partition)| {
            to.string(topic);
            to.list(&[*partition], |to, partition| to.i32(*partition));
        });
    }

    fn read(_: i16, from: &mut Reader) -> Result<Self::Answer, Malformed> {
        from.throttle()?;
        let all = each(from, 16, |from, topic| {
            let (partition, offset) = (from.i32()?, from.i64()?);
            let _note = from.nullable_string()?;
            Ok(At { topic, partition, offset, error: from.i16()? })
        })?;
        Ok((from.i16()?, all))
    }
}

/// Says how far a group has come.
#[derive(Debug)]
pub(crate) struct OffsetCommit<'a> {
    pub(crate) by: Membership<'a>,
    /// The offsets of the records to read next.
    pub(crate) partitions: &'a [(String, i32, i64)],
}

impl Request for OffsetCommit<'_> {
    const KEY: i16 = 8;
    const NAME: &'static str = "OffsetCommit";
    const VERSIONS: (i16, i16) = (3, 7);
    type Answer = Vec<At>;

    fn write(&self, version: i16, to: &mut Writer) {
        self.by.write(version >= 7, to);
        if version < 5 {
            // As long as the broker keeps offsets.
            to.i64(-1);
        }
        to.list(self.partitions, |to, (topic, partition, offset)| {
            to.string(topic);
            to.i32(1);
            to.i32(*partition);
            to.i64(*offset);
            if version >= 6 {
                to.i32(-1);
            }
            to.nullable_string(None);
        });
    }

    fn read(_: i16, from: &mut Reader) -> Result<Vec<At>, Malformed> {
        from.throttle()?;
        each(from, 6, |from, topic| Ok(At { topic, partition: from.i32()?, error: from.i16()?, offset: -1 }))
    }
}

/// Topics with partitions of at least `least` bytes each.
fn each(
    from: &mut Reader,
    least: usize,
    mut partition: impl FnMut(&mut Reader, String) -> Result<At, Malformed>,
) -> Result<Vec<At>, Malformed> {
    let mut all = Vec::new();
    from.list(6, |from| {
        let topic = from.string()?;
        all.extend(from.list(least, |from| partition(from, topic.clone()))?);
        Ok(())
    })?;
    Ok(all)
}
