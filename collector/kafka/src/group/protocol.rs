//! What members of a group tell each other through the coordinator: which topics they read and what they have, and what each
//! of them gets.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::wire::{Malformed, Reader, Writer};

/// Partitions by topic.
pub(crate) type Share = BTreeMap<String, Vec<i32>>;

/// What a member says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) topics: Vec<String>,
    pub(crate) owned: Share,
    /// When it got what it has; -1 if it does not say.
    pub(crate) generation: i32,
}

impl Subscription {
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.i16(2);
        to.list(&self.topics, |to, topic| to.string(topic));
        to.bytes(&[]);
        share(&self.owned, &mut to);
        to.i32(self.generation);
        to.finish().concat()
    }

    pub(crate) fn read(bytes: Bytes) -> Result<Self, Malformed> {
        let mut from = Reader::new(bytes);
        let version = from.i16()?;
        let topics = from.list(2, Reader::string)?;
        let _user = from.bytes()?;
        let owned = if version >= 1 { read_share(&mut from)? } else { Share::new() };
        let generation = if version >= 2 { from.i32()? } else { -1 };
        Ok(Self { topics, owned, generation })
    }
}

/// What a member gets, as the leader writes it.
pub(crate) fn assignment(of: &Share) -> Vec<u8> {
    let mut to = Writer::default();
    to.i16(0);
    share(of, &mut to);
    to.bytes(&[]);
    to.finish().concat()
}

/// What this member gets. Nothing at all is nothing to read.
pub(crate) fn read_assignment(bytes: Bytes) -> Result<Share, Malformed> {
    if bytes.is_empty() {
        return Ok(Share::new());
    }
    let mut from = Reader::new(bytes);
    let _version = from.i16()?;
    read_share(&mut from)
}

fn share(share: &Share, to: &mut Writer) {
    to.len_of(share.len());
    for (topic, partitions) in share {
        to.string(topic);
        to.list(partitions, |to, partition| to.i32(*partition));
    }
}

fn read_share(from: &mut Reader) -> Result<Share, Malformed> {
    let topics = from.list(6, |from| Ok((from.string()?, from.list(4, Reader::i32)?)))?;
    let mut share = Share::new();
    for (topic, partitions) in topics {
        share.entry(topic).or_default().extend(partitions);
    }
    Ok(share)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_said_is_understood(
            topics: Vec<String>,
            owned in proptest::collection::btree_map("[a-z]{1,8}", proptest::collection::vec(0..100, 0..5), 0..4),
            generation: i32,
        ) {
            let said = Subscription { topics, owned: owned.clone(), generation };
            prop_assert_eq!(Subscription::read(said.write().into()), Ok(said.clone()));
            prop_assert_eq!(read_assignment(assignment(&owned).into()), Ok(owned));
            // Other members may speak a newer version, or one from before.
            let mut newer = said.write();
            newer[1] = 9;
            newer.push(1);
            prop_assert_eq!(Subscription::read(newer.into()), Ok(said.clone()));
            let mut older = said.write();
            older[1] = 0;
            prop_assert_eq!(Subscription::read(older.into()).unwrap().topics, said.topics);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = Subscription::read(bytes.clone().into());
            let _ = read_assignment(bytes.into());
        }
    }
}
