//! Answers cut off at every byte, and made of any bytes, are errors, not panics.

use proptest::prelude::*;

use super::{
    Asked, Request, api_versions::ApiVersions, fetch::Fetch, frame, group::*, metadata::Metadata, offsets::*,
    produce::Produce, sasl::*,
};
use crate::wire::{Reader, Writer};

fn bytes(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut to = Writer::default();
    write(&mut to);
    to.finish().concat()
}

/// Reads `answer` whole, then cut off before each byte.
fn cut<R: Request>(version: i16, answer: &[u8]) -> R::Answer
where
    R::Answer: std::fmt::Debug,
{
    for end in 0..answer.len() {
        let part = answer[..end].to_vec();
        assert!(R::read(version, &mut Reader::new(part.into())).is_err(), "{} {end}", R::NAME);
    }
    let mut from = Reader::new(answer.to_vec().into());
    let read = R::read(version, &mut from).unwrap();
    assert!(from.is_empty(), "{}: {} bytes left", R::NAME, from.left());
    read
}

#[test]
fn answers_are_read_whole_or_not_at_all() {
    let metadata = cut::<Metadata<'_>>(
        4,
        &bytes(|to| {
            to.i32(0);
            to.list(&[1, 2], |to, id| {
                to.i32(*id);
                to.string("kafka");
                to.i32(9092);
                to.nullable_string(Some("rack"));
            });
            to.nullable_string(Some("cluster"));
            to.i32(1);
            to.list(&["a", "b"], |to, topic| {
                to.i16(0);
                to.string(topic);
                to.bool(false);
                to.list(&[0, 1], |to, index| {
                    to.i16(0);
                    to.i32(*index);
                    to.i32(2);
                    to.list(&[1, 2], |to, id| to.i32(*id));
                    to.list(&[2], |to, id| to.i32(*id));
                });
            });
        }),
    );
    assert_eq!(metadata.brokers.len(), 2);
    assert_eq!((metadata.topics[1].name.as_str(), metadata.topics[1].partitions[1].leader), ("b", 2));

    for version in [3, 5, 7] {
        let outcomes = cut::<Produce<'_>>(
            version,
            &bytes(|to| {
                to.list(&["t"], |to, topic| {
                    to.string(topic);
                    to.list(&[4], |to, index| {
                        to.i32(*index);
                        to.i16(6);
                        to.i64(9);
                        to.i64(-1);
                        if version >= 5 {
                            to.i64(0);
                        }
                    });
                });
                to.i32(0);
            })[..],
        );
        assert_eq!((outcomes[0].partition, outcomes[0].error), (4, 6));
    }
}

#[test]
fn records_are_read_whole_or_not_at_all() {
    for version in [4, 7, 11] {
        let (error, fetched) = cut::<Fetch<'_>>(
            version,
            &bytes(|to| {
                to.i32(0);
                if version >= 7 {
                    to.i16(0);
                    to.i32(0);
                }
                to.list(&["t"], |to, topic| {
                    to.string(topic);
                    to.list(&[4], |to, index| {
                        to.i32(*index);
                        to.i16(0);
                        to.i64(9);
                        to.i64(9);
                        if version >= 5 {
                            to.i64(0);
                        }
                        to.i32(-1);
                        if version >= 11 {
                            to.i32(-1);
                        }
                        to.bytes(b"records");
                    });
                });
            }),
        );
        assert_eq!((error, &fetched[0].records[..], fetched[0].high_watermark), (0, &b"records"[..], 9));
    }
}

#[test]
fn memberships_are_read_whole_or_not_at_all() {
    let joined = cut::<JoinGroup<'_>>(
        5,
        &bytes(|to| {
            to.i32(0);
            to.i16(0);
            to.i32(3);
            for text in ["range", "m1", "m1"] {
                to.string(text);
            }
            to.list(&["m1"], |to, id| {
                to.string(id);
                to.nullable_string(None);
                to.bytes(b"about");
            });
        }),
    );
    assert_eq!((joined.generation, &joined.members[0].1[..]), (3, &b"about"[..]));

    let step = cut::<Authenticate<'_>>(
        1,
        &bytes(|to| {
            to.i16(0);
            to.nullable_string(None);
            to.bytes(b"v=");
            to.i64(1000);
        }),
    );
    assert_eq!(step.lifetime_ms, 1000);
}

#[test]
fn requests_have_their_length_and_header() {
    let parts = frame(&Asked::new(&FindCoordinator("group")), 1, 7, "me");
    let all = parts.concat();
    assert_eq!(all[..4], u32::try_from(all.len() - 4).unwrap().to_be_bytes());
    assert_eq!(&all[4..16], b"\0\x0a\0\x01\0\0\0\x07\0\x02me");
    assert_eq!(&all[16..], b"\0\x05group\0");
}

fn any<R: Request>(bytes: &[u8]) {
    for version in R::VERSIONS.0..=R::VERSIONS.1 {
        let _ = R::read(version, &mut Reader::new(bytes.to_vec().into()));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(mut bytes: Vec<u8>) {
        for _ in 0..2 {
            any::<ApiVersions>(&bytes);
            any::<Metadata<'_>>(&bytes);
            any::<Produce<'_>>(&bytes);
            any::<Fetch<'_>>(&bytes);
            any::<ListOffsets<'_>>(&bytes);
            any::<OffsetFetch<'_>>(&bytes);
            any::<OffsetCommit<'_>>(&bytes);
            any::<FindCoordinator<'_>>(&bytes);
            any::<JoinGroup<'_>>(&bytes);
            any::<SyncGroup<'_>>(&bytes);
            any::<Heartbeat<'_>>(&bytes);
            any::<LeaveGroup<'_>>(&bytes);
            any::<Handshake>(&bytes);
            any::<Authenticate<'_>>(&bytes);
            // Small numbers are lengths that there is something behind.
            for byte in &mut bytes {
                *byte &= 1;
            }
        }
    }
}

/// The bytes are those of Kafka's message definitions (`OffsetCommitRequest.json` and the like).
#[test]
fn members_say_who_they_are_as_the_version_has_it() {
    let by = Membership { group: "g", generation: 7, member: "m", instance: Some("i") };
    let who = b"\0\x01g\0\0\0\x07\0\x01m";
    let named = [&who[..], b"\0\x01i"].concat();

    let heartbeat = |version| bytes(|to| Heartbeat(by).write(version, to));
    assert_eq!(heartbeat(2), who);
    assert_eq!(heartbeat(3), named);
    let nameless = Heartbeat(Membership { instance: None, ..by });
    assert_eq!(bytes(|to| nameless.write(3, to)), [&who[..], b"\xff\xff"].concat());

    let shares = [("m".to_owned(), vec![9])];
    let sync = |version| bytes(|to| SyncGroup { by, shares: &shares }.write(version, to));
    let share = b"\0\0\0\x01\0\x01m\0\0\0\x01\x09";
    assert_eq!(sync(1), [&who[..], share].concat());
    assert_eq!(sync(3), [&named[..], share].concat());

    let partitions = [("t".to_owned(), 2, 5)];
    let commit = |version| bytes(|to| OffsetCommit { by, partitions: &partitions }.write(version, to));
    let forever = &[0xff; 8][..];
    let topic = b"\0\0\0\x01\0\x01t\0\0\0\x01\0\0\0\x02\0\0\0\0\0\0\0\x05";
    let (no_epoch, no_note) = (&[0xff; 4][..], &[0xff; 2][..]);
    assert_eq!(commit(3), [&who[..], forever, topic, no_note].concat());
    assert_eq!(commit(5), [&who[..], topic, no_note].concat());
    assert_eq!(commit(6), [&who[..], topic, no_epoch, no_note].concat());
    assert_eq!(commit(7), [&named[..], topic, no_epoch, no_note].concat());
}
