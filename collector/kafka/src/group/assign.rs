//! How a leader shares partitions out among the members of its group.

mod sticky;

use std::collections::BTreeMap;

use super::protocol::{Share, Subscription};
use crate::config::Strategy;

/// Every member's share, by its id. `counts` says how many partitions each topic has that there is.
pub(super) fn assign(
    strategy: Strategy,
    members: &BTreeMap<String, Subscription>,
    counts: &BTreeMap<String, i32>,
) -> BTreeMap<String, Share> {
    let mut shares = slimcol_order::map(members.keys().map(|id| (id.clone(), Share::new())));
    match strategy {
        Strategy::Range => range(members, counts, &mut shares),
        Strategy::RoundRobin => round_robin(members, counts, &mut shares),
        Strategy::Sticky => sticky::share_out(members, counts, &mut shares),
        Strategy::CooperativeSticky => {
            sticky::share_out(members, counts, &mut shares);
            sticky::withhold(members, &mut shares);
        }
    }
    shares
}

/// Each topic in stretches, the first members' one longer where it does not come out even.
fn range(
    members: &BTreeMap<String, Subscription>,
    counts: &BTreeMap<String, i32>,
    shares: &mut BTreeMap<String, Share>,
) {
    for (topic, count) in counts {
        let readers: Vec<&String> = readers(members, topic).collect();
        let len = i32::try_from(readers.len()).unwrap_or(i32::MAX).max(1);
        let (each, more) = (count / len, count % len);
        let mut begin = 0;
        for (reader, at) in readers.into_iter().zip(0..) {
            let end = begin + each + i32::from(at < more);
            if end > begin {
                give(shares, reader, topic, begin..end);
            }
            begin = end;
        }
    }
}

/// One partition after the other to one member after the other, of those that read its topic.
fn round_robin(
    members: &BTreeMap<String, Subscription>,
    counts: &BTreeMap<String, i32>,
    shares: &mut BTreeMap<String, Share>,
) {
    let mut turns = members.keys().cycle();
    for (topic, count) in counts {
        if readers(members, topic).next().is_none() {
            continue;
        }
        for partition in 0..*count {
            let reader = turns.by_ref().find(|id| members[*id].topics.contains(topic));
            if let Some(reader) = reader {
                give(shares, reader, topic, [partition]);
            }
        }
    }
}

fn readers<'a>(
    members: &'a BTreeMap<String, Subscription>,
    topic: &'a String,
) -> impl Iterator<Item = &'a String> {
    members.iter().filter(move |(_, member)| member.topics.contains(topic)).map(|(id, _)| id)
}

fn give(
    shares: &mut BTreeMap<String, Share>,
    member: &String,
    topic: &str,
    partitions: impl IntoIterator<Item = i32>,
) {
    if let Some(share) = shares.get_mut(member) {
        share.entry(topic.to_owned()).or_default().extend(partitions);
    }
}

#[cfg(test)]
mod tests;
