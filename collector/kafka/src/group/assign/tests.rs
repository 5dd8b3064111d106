//! Everything has one reader, evenly; and who has something keeps it.

use proptest::prelude::*;

use super::*;
use crate::config::Strategy;

const ALL: [Strategy; 4] =
    [Strategy::Range, Strategy::RoundRobin, Strategy::Sticky, Strategy::CooperativeSticky];

fn member(topics: &[&str], owned: &[(&str, &[i32])], generation: i32) -> Subscription {
    Subscription {
        topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        owned: owned.iter().map(|(topic, partitions)| ((*topic).to_owned(), partitions.to_vec())).collect(),
        generation,
    }
}

fn group(members: &[(&str, Subscription)]) -> BTreeMap<String, Subscription> {
    members.iter().map(|(id, member)| ((*id).to_owned(), member.clone())).collect()
}

fn counts(topics: &[(&str, i32)]) -> BTreeMap<String, i32> {
    topics.iter().map(|(topic, count)| ((*topic).to_owned(), *count)).collect()
}

/// `a: t[0 1]; b: t[2]`
fn shown(shares: &BTreeMap<String, Share>) -> String {
    let share = |share: &Share| {
        share.iter().map(|(topic, all)| format!("{topic}{all:?}")).collect::<Vec<_>>().join(" ")
    };
    shares.iter().map(|(id, all)| format!("{id}: {}", share(all))).collect::<Vec<_>>().join("; ")
}

#[test]
fn each_in_its_way() {
    let members = group(&[("a", member(&["t", "u"], &[], -1)), ("b", member(&["t"], &[], -1))]);
    let counts = counts(&[("t", 3), ("u", 2), ("nobodys", 1)]);
    for (strategy, outcome) in [
        (Strategy::Range, "a: t[0, 1] u[0, 1]; b: t[2]"),
        (Strategy::RoundRobin, "a: t[0, 2] u[0, 1]; b: t[1]"),
        (Strategy::Sticky, "a: t[0] u[0, 1]; b: t[1, 2]"),
        (Strategy::CooperativeSticky, "a: t[0] u[0, 1]; b: t[1, 2]"),
    ] {
        assert_eq!(shown(&assign(strategy, &members, &counts)), outcome, "{strategy:?}");
    }
}

#[test]
fn what_moves_is_given_up_first() {
    let counts = counts(&[("t", 4)]);
    let mut members =
        group(&[("a", member(&["t"], &[("t", &[0, 1, 2, 3])], 1)), ("b", member(&["t"], &[], -1))]);
    let first = assign(Strategy::CooperativeSticky, &members, &counts);
    assert_eq!(shown(&first), "a: t[0, 1]; b: ");
    assert_eq!(shown(&assign(Strategy::Sticky, &members, &counts)), "a: t[0, 1]; b: t[2, 3]");
    for (id, share) in first {
        members.get_mut(&id).unwrap().owned = share;
    }
    assert_eq!(shown(&assign(Strategy::CooperativeSticky, &members, &counts)), "a: t[0, 1]; b: t[2, 3]");
}

#[test]
fn of_two_owners_the_later_one_counts() {
    let counts = counts(&[("t", 2)]);
    let members =
        group(&[("a", member(&["t"], &[("t", &[0, 1])], 3)), ("b", member(&["t"], &[("t", &[1, 9])], 4))]);
    assert_eq!(shown(&assign(Strategy::CooperativeSticky, &members, &counts)), "a: t[0]; b: t[1]");
}

proptest! {
    #[test]
    fn everything_has_one_reader(
        members in proptest::collection::btree_map(
            "[a-f]",
            (proptest::collection::btree_set("[t-w]", 1..4), proptest::collection::btree_map("[t-w]", proptest::collection::vec(0..9, 0..9), 0..3)),
            1..6,
        ),
        counts in proptest::collection::btree_map("[t-w]", 0..9, 0..4),
    ) {
        let members: BTreeMap<String, Subscription> = members
            .into_iter()
            .map(|(id, (topics, owned))| (id, Subscription { topics: topics.into_iter().collect(), owned, generation: 1 }))
            .collect();
        for strategy in ALL {
            let shares = assign(strategy, &members, &counts);
            prop_assert_eq!(shares.len(), members.len());
            let mut given = std::collections::BTreeSet::new();
            for (id, share) in &shares {
                for (topic, partitions) in share {
                    prop_assert!(members[id].topics.contains(topic));
                    for partition in partitions {
                        prop_assert!((0..counts[topic]).contains(partition));
                        prop_assert!(given.insert((topic.clone(), *partition)), "{strategy:?} gives one twice");
                    }
                }
            }
            let read = |topic: &String| members.values().any(|member| member.topics.contains(topic));
            let all: i32 = counts.iter().filter(|(topic, _)| read(topic)).map(|(_, count)| count).sum();
            if strategy != Strategy::CooperativeSticky {
                prop_assert_eq!(i32::try_from(given.len()).unwrap(), all);
            }
        }
    }
}
