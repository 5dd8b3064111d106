//! Evenly, with as few moves as can be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Share, Subscription, readers};

type Members = BTreeMap<String, Subscription>;
type Shares = BTreeMap<String, Share>;

/// Members keep what they have, as far as that leaves the others their part.
pub(super) fn share_out(members: &Members, counts: &BTreeMap<String, i32>, shares: &mut Shares) {
    let owners = owners(members);
    let mut own: BTreeMap<&str, BTreeSet<(&str, i32)>> =
        slimcol_order::map(members.keys().map(|id| (id.as_str(), BTreeSet::new())));
    let mut free = Vec::new();
    for (topic, count) in counts {
        for partition in 0..*count {
            let owner =
                owners.get(&(topic.as_str(), partition)).filter(|id| members[**id].topics.contains(topic));
            match owner.and_then(|id| own.get_mut(*id)) {
                Some(own) => drop(own.insert((topic, partition))),
                None => free.push((topic, partition)),
            }
        }
    }
    for (topic, partition) in free {
        let least = readers(members, topic).min_by_key(|id| own[id.as_str()].len());
        if let Some(own) = least.and_then(|id| own.get_mut(id.as_str())) {
            own.insert((topic, partition));
        }
    }
    level(members, &mut own);
    for (id, own) in own {
        let share = shares.entry(id.to_owned()).or_default();
        for (topic, partition) in own {
            share.entry(topic.to_owned()).or_default().push(partition);
        }
    }
}

/// Moves partitions from who has more to who has at least two fewer, until nobody does.
fn level(members: &Members, own: &mut BTreeMap<&str, BTreeSet<(&str, i32)>>) {
    loop {
        let mut by_size: Vec<(usize, &str)> = own.iter().map(|(id, own)| (own.len(), *id)).collect();
        slimcol_order::sort(&mut by_size);
        let mut found = None;
        'search: for (most, rich) in by_size.iter().rev() {
            for (least, poor) in by_size.iter().take_while(|(least, _)| least + 1 < *most) {
                debug_assert!(least < most, "sorted by size");
                let reads = |topic: &str| members[*poor].topics.iter().any(|own| own == topic);
                if let Some(moved) = own[rich].iter().rev().find(|(topic, _)| reads(topic)) {
                    found = Some((*rich, *poor, *moved));
                    break 'search;
                }
            }
        }
        // Each move makes the sum of squares smaller, so there is an end.
        let Some((rich, poor, moved)) = found else { return };
        own.entry(rich).or_default().remove(&moved);
        own.entry(poor).or_default().insert(moved);
    }
}

/// Takes out of the shares what another member still has: it gets it when that one has given it up.
pub(super) fn withhold(members: &Members, shares: &mut Shares) {
    let owners = owners(members);
    for (id, share) in shares {
        for (topic, partitions) in &mut *share {
            partitions.retain(|partition| {
                owners.get(&(topic.as_str(), *partition)).is_none_or(|owner| owner == id)
            });
        }
        share.retain(|_, partitions| !partitions.is_empty());
    }
}

/// Who has what. Of two who say so, it is who got it later.
fn owners(members: &Members) -> HashMap<(&str, i32), &str> {
    let mut owners: HashMap<(&str, i32), &str> = HashMap::new();
    for (id, member) in members {
        for (topic, partitions) in &member.owned {
            for partition in partitions {
                let key = (topic.as_str(), *partition);
                let later =
                    owners.get(&key).is_none_or(|other| members[*other].generation < member.generation);
                if later {
                    owners.insert(key, id);
                }
            }
        }
    }
    owners
}
