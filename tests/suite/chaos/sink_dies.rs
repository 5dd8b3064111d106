//! The far end's process ends, and another one listens where it did.

use std::time::Duration;

use crate::kit::numbers::{Fault, PER_REQUEST, Rig, Senders, Times};

/// What a collector needs anyway (10 MiB), and as much again for what waits: some hundred requests of 10 numbers.
const MIB: u64 = 20;

#[test]
fn what_a_dead_sink_missed_arrives_when_it_is_back() {
    const DEATHS: u64 = 3;
    let mut rig = Rig::start(Times::default());
    for _ in 0..DEATHS {
        rig.send(5);
        rig.expect();
        rig.fault(Fault::Dead);
        rig.send(5);
        rig.fails(3);
        rig.fault(Fault::None);
        rig.expect();
    }
    // Nothing was under way when it died, but maybe an answer.
    rig.finish(MIB, |_, _| DEATHS * PER_REQUEST);
}

#[test]
fn deaths_under_load_lose_nothing() {
    const DEATHS: u64 = 8;
    let rig = Rig::start(Times::default());
    let [grpc, http] = rig.ends.each_ref().map(|end| end.sink.clone());
    // They wait for the slower of both.
    let senders = Senders::start(2, PER_REQUEST, &grpc);
    senders.aim(rig.collector.http());
    for _ in 0..DEATHS {
        let (before, behind) = (senders.acknowledged(), [&grpc, &http].map(|sink| sink.asked().len()));
        while senders.acknowledged() < before + 200
            || grpc.asked().len() < behind[0] + 10
            || http.asked().len() < behind[1] + 10
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        rig.fault(Fault::Dead);
        // The one that senders wait for has always something to send.
        rig.end_fails(&rig.ends[0], 2);
        rig.fault(Fault::None);
    }
    let acknowledged = senders.finish();
    for sink in [&grpc, &http] {
        let lost = sink.missing(&acknowledged, Duration::from_secs(30));
        assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), acknowledged.len());
    }
    eprintln!("{DEATHS} deaths, {} acknowledged", acknowledged.len());
    // What was under way each time: a request.
    rig.finish(MIB, |_, _| DEATHS * PER_REQUEST);
}
