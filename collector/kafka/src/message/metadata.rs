//! Who the brokers are and what they lead.

use super::Request;
use crate::wire::{Malformed, Reader, Writer};

#[derive(Debug)]
pub(crate) struct Metadata<'a> {
    /// `None` asks for all topics.
    pub(crate) topics: Option<&'a [String]>,
    /// Whether topics that are not there are made.
    pub(crate) create: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) brokers: Vec<Broker>,
    pub(crate) topics: Vec<Topic>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broker {
    pub(crate) id: i32,
    pub(crate) host: String,
    pub(crate) port: i32,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Topic {
    pub(crate) error: i16,
    pub(crate) name: String,
    pub(crate) internal: bool,
    pub(crate) partitions: Vec<Partition>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    pub(crate) index: i32,
    /// Negative: none.
    pub(crate) leader: i32,
}

impl Request for Metadata<'_> {
    const KEY: i16 = 3;
    const NAME: &'static str = "Metadata";
    const VERSIONS: (i16, i16) = (4, 4);
    type Answer = Answer;

    fn write(&self, _: i16, to: &mut Writer) {
        match self.topics {
            Some(topics) => to.list(topics, |to, topic| to.string(topic)),
            None => to.i32(-1),
        }
        to.bool(self.create);
    }

    fn read(_: i16, from: &mut Reader) -> Result<Answer, Malformed> {
        from.throttle()?;
        let brokers = from.list(12, |from| {
            let broker = Broker { id: from.i32()?, host: from.string()?, port: from.i32()? };
            let _rack = from.nullable_string()?;
            Ok(broker)
        })?;
        let _cluster = from.nullable_string()?;
        let _controller = from.i32()?;
        let topics = from.list(9, |from| {
            Ok(Topic {
                error: from.i16()?,
                name: from.string()?,
                internal: from.bool()?,
                partitions: from.list(18, |from| {
                    let _error = from.i16()?;
                    let partition = Partition { index: from.i32()?, leader: from.i32()? };
                    let _replicas = from.list(4, Reader::i32)?;
                    let _in_sync = from.list(4, Reader::i32)?;
                    Ok(partition)
                })?,
            })
        })?;
        Ok(Answer { brokers, topics })
    }
}
