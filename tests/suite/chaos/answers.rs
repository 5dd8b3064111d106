//! The far end refuses: what may be tried again arrives, what may not is dropped once, and said.

use std::time::Duration;

use crate::kit::numbers::{Answer, PER_REQUEST, Protocol, Rig, Times};

/// What a collector needs anyway.
const MIB: u64 = 20;

/// Refusals after which to come again, with and without a time to wait.
fn passing(protocol: Protocol) -> Vec<Answer> {
    let http = [429, 502, 503, 504].map(Answer::refusal).into_iter();
    match protocol {
        Protocol::Http => http.collect(),
        // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS
        Protocol::Grpc => http.chain([1, 4, 10, 11, 14, 15].map(Answer::grpc)).collect(),
    }
}

#[test]
fn what_is_refused_for_now_arrives_later() {
    let mut rig = Rig::start(Times::default());
    for turn in 0..10 {
        for end in &rig.ends {
            let answers = passing(end.protocol);
            end.sink.answer(answers[turn % answers.len()].clone());
        }
        rig.send(2);
        rig.fails(2);
        for end in &rig.ends {
            end.sink.answer(Answer::default());
        }
        rig.expect();
    }
    rig.finish(MIB, |_, _| 0);
}

#[test]
fn who_says_when_is_not_asked_before() {
    let mut rig = Rig::start(Times::default());
    for (http, grpc) in [(429, 8), (503, 14)] {
        let asked = rig.ends.each_ref().map(|end| end.sink.asked().len());
        for end in &rig.ends {
            end.sink.answer(match end.protocol {
                Protocol::Grpc => Answer::grpc(grpc).after(1),
                Protocol::Http => Answer::refusal(http).after(1),
            });
        }
        rig.send(1);
        rig.fails(1);
        for end in &rig.ends {
            end.sink.answer(Answer::default());
        }
        rig.expect();
        for (end, before) in rig.ends.iter().zip(asked) {
            let asked = end.sink.asked();
            let waited = asked[before + 1] - asked[before];
            assert!(waited >= Duration::from_secs(1), "{:?} came again after {waited:?}", end.protocol);
        }
    }
    rig.finish(MIB, |_, _| 0);
}

#[test]
fn what_is_refused_for_good_is_dropped_once_and_counted() {
    let mut rig = Rig::start(Times::default());
    // INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL, UNAUTHENTICATED
    let grpc = [3, 5, 7, 8, 12, 13, 16];
    let http = [400, 401, 403, 404, 413, 500, 501];
    for (turn, (grpc, http)) in grpc.into_iter().zip(http).enumerate() {
        rig.ends[0].sink.answer(Answer::grpc(grpc));
        rig.ends[1].sink.answer(Answer::refusal(http));
        rig.send(1);
        let items = format!("\"dropped_items\": {PER_REQUEST}");
        rig.collector
            .log()
            .until(2 * (turn + 1), |line| line.contains("Dropping data.") && line.contains(&items));
    }
    for end in &rig.ends {
        assert_eq!((end.sink.asked().len(), end.sink.numbers().len()), (grpc.len(), 0), "{:?}", end.protocol);
    }
    assert_eq!(rig.collector.stop().code, Some(0));
}
