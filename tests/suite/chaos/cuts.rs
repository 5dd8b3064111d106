//! Connections end in the middle: of a request, of an answer, with a FIN and with an RST.

use crate::kit::numbers::{Cut, PER_REQUEST, Rig, Times};

/// What a collector needs anyway.
const MIB: u64 = 20;

/// More than it takes until every cut has come.
const MOST: u64 = 500;

/// Cuts one connection after the other; how many.
fn cut(rig: &mut Rig, answers: bool, after: impl Iterator<Item = usize> + Clone) -> u64 {
    let cuts = after.flat_map(|after| [false, true].map(|reset| Cut { answers, after, reset }));
    for end in &rig.ends {
        end.wire.cut(cuts.clone());
    }
    for _ in 0..MOST {
        if rig.ends.iter().all(|end| end.wire.left() == 0) {
            // Exporters send one request after the other: when this one has come, none that was cut is under way any more.
            rig.send(1);
            rig.expect();
            return cuts.count() as u64;
        }
        rig.send(1);
        rig.expect();
    }
    panic!("{:?} cuts are left", rig.ends.each_ref().map(|end| end.wire.left()));
}

/// No request of 130 bytes and its head gets through in so few, so that nothing can come twice but what was answered when the
/// wire was changed.
#[test]
fn what_is_cut_in_a_request_comes_once() {
    let mut rig = Rig::start(Times::default());
    rig.send(1);
    rig.expect();
    let cuts = cut(&mut rig, false, (1..260).step_by(13));
    eprintln!("{cuts} cuts");
    rig.finish(MIB, |_, _| PER_REQUEST);
}

/// The request under way has been taken already, or not: it is sent again.
#[test]
fn what_is_cut_in_an_answer_comes_at_most_twice() {
    let mut rig = Rig::start(Times::default());
    rig.send(1);
    rig.expect();
    let cuts = cut(&mut rig, true, (1..150).step_by(9));
    eprintln!("{cuts} cuts");
    rig.finish(MIB, |_, _| cuts * PER_REQUEST);
}
