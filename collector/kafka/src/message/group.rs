//! Membership of a consumer group.

use bytes::Bytes;

use super::Request;
use crate::wire::{Malformed, Reader, Writer};

/// Asks which broker coordinates a group.
#[derive(Debug)]
pub(crate) struct FindCoordinator<'a>(pub(crate) &'a str);

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Coordinator {
    pub(crate) error: i16,
    pub(crate) id: i32,
    pub(crate) host: String,
    pub(crate) port: i32,
}

impl Request for FindCoordinator<'_> {
    const KEY: i16 = 10;
    const NAME: &'static str = "FindCoordinator";
    const VERSIONS: (i16, i16) = (1, 1);
    type Answer = Coordinator;

    fn write(&self, _: i16, to: &mut Writer) {
        to.string(self.0);
        to.i8(0);
    }

    fn read(_: i16, from: &mut Reader) -> Result<Coordinator, Malformed> {
        from.throttle()?;
        let error = from.i16()?;
        let _message = from.nullable_string()?;
        Ok(Coordinator { error, id: from.i32()?, host: from.string()?, port: from.i32()? })
    }
}

/// Joins a group; answered when all of its members have.
#[derive(Debug)]
pub(crate) struct JoinGroup<'a> {
    pub(crate) group: &'a str,
    pub(crate) session_timeout_ms: i32,
    pub(crate) rebalance_timeout_ms: i32,
    pub(crate) member: &'a str,
    pub(crate) instance: Option<&'a str>,
    /// Ways to share partitions out, the preferred first, each with what this member says of itself.
    pub(crate) protocols: &'a [(&'static str, Vec<u8>)],
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Joined {
    pub(crate) error: i16,
    pub(crate) generation: i32,
    pub(crate) protocol: String,
    pub(crate) leader: String,
    pub(crate) member: String,
    /// For the leader: ids of all members and what they say of themselves.
    pub(crate) members: Vec<(String, Bytes)>,
}

impl Request for JoinGroup<'_> {
    const KEY: i16 = 11;
    const NAME: &'static str = "JoinGroup";
    const VERSIONS: (i16, i16) = (2, 5);
    type Answer = Joined;

    fn write(&self, version: i16, to: &mut Writer) {
        to.string(self.group);
        to.i32(self.session_timeout_ms);
        to.i32(self.rebalance_timeout_ms);
        to.string(self.member);
        if version >= 5 {
            to.nullable_string(self.instance);
        }
        to.string("consumer");
        to.list(self.protocols, |to, (name, about)| {
            to.string(name);
            to.bytes(about);
        });
    }

    fn read(version: i16, from: &mut Reader) -> Result<Joined, Malformed> {
        from.throttle()?;
        Ok(Joined {
            error: from.i16()?,
            generation: from.i32()?,
            protocol: from.string()?,
            leader: from.string()?,
            member: from.string()?,
            members: from.list(6, |from| {
                let id = from.string()?;
                if version >= 5 {
                    let _instance = from.nullable_string()?;
                }
                Ok((id, from.bytes()?))
            })?,
        })
    }
}

/// Who asks: a member in a generation of its group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Membership<'a> {
    pub(crate) group: &'a str,
    pub(crate) generation: i32,
    pub(crate) member: &'a str,
    /// The member's own name, if it has one, which outlasts its restarts.
    pub(crate) instance: Option<&'a str>,
}

impl Membership<'_> {
    /// Writes it, with the member's own name where the message's version has a place for that.
    pub(super) fn write(&self, with_instance: bool, to: &mut Writer) {
        to.string(self.group);
        to.i32(self.generation);
        to.string(self.member);
        if with_instance {
            to.nullable_string(self.instance);
        }
    }
}

/// Asks for this member's share, or says, from the leader, what everybody's is.
#[derive(Debug)]
pub(crate) struct SyncGroup<'a> {
    pub(crate) by: Membership<'a>,
    pub(crate) shares: &'a [(String, Vec<u8>)],
}

impl Request for SyncGroup<'_> {
    const KEY: i16 = 14;
    const NAME: &'static str = "SyncGroup";
    const VERSIONS: (i16, i16) = (1, 3);
    type Answer = (i16, Bytes);

    fn write(&self, version: i16, to: &mut Writer) {
        self.by.write(version >= 3, to);
        to.list(self.shares, |to, (member, share)| {
            to.string(member);
            to.bytes(share);
        });
    }

    fn read(_: i16, from: &mut Reader) -> Result<Self::Answer, Malformed> {
        from.throttle()?;
        Ok((from.i16()?, from.bytes()?))
    }
}

/// Says that this member is there.
#[derive(Debug)]
pub(crate) struct Heartbeat<'a>(pub(crate) Membership<'a>);

impl Request for Heartbeat<'_> {
    const KEY: i16 = 12;
    const NAME: &'static str = "Heartbeat";
    const VERSIONS: (i16, i16) = (1, 3);
    type Answer = i16;

    fn write(&self, version: i16, to: &mut Writer) {
        self.0.write(version >= 3, to);
    }

    fn read(_: i16, from: &mut Reader) -> Result<i16, Malformed> {
        from.throttle()?;
        from.i16()
    }
}

/// Says that this member goes.
#[derive(Debug)]
pub(crate) struct LeaveGroup<'a> {
    pub(crate) group: &'a str,
    pub(crate) member: &'a str,
}

impl Request for LeaveGroup<'_> {
    const KEY: i16 = 13;
    const NAME: &'static str = "LeaveGroup";
    const VERSIONS: (i16, i16) = (1, 2);
    type Answer = i16;

    fn write(&self, _: i16, to: &mut Writer) {
        to.string(self.group);
        to.string(self.member);
    }

    fn read(_: i16, from: &mut Reader) -> Result<i16, Malformed> {
        from.throttle()?;
        from.i16()
    }
}
