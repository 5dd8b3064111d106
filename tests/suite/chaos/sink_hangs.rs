//! The far end takes connections and does not answer.

use std::time::Duration;

use crate::kit::numbers::{Fault, PER_REQUEST, Protocol, Rig, Times, send};

/// What a collector needs anyway (10 MiB), and as much again for what waits: some requests of 10 numbers.
const MIB: u64 = 20;

const IMPATIENT: Times = Times { timeout: "150ms", give_up: "0" };

/// What comes of an answer that is too late.
const LATE: &str = "deadline exceeded";

#[test]
fn hanging_sinks_lose_nothing() {
    let mut rig = Rig::start(IMPATIENT);
    for fault in [Fault::Deaf, Fault::Mute, Fault::Frozen] {
        rig.send(2);
        rig.expect();
        rig.fault(fault);
        rig.send(5);
        rig.fails(3);
        rig.fault(Fault::None);
        rig.expect();
    }
    // A request may have been taken each time that its answer did not come, and the one that a cut came upon.
    rig.finish(MIB, |rig, end| (rig.retries(end, LATE) + 3) * PER_REQUEST);
}

/// Forty megabytes, given up one after the other, of which none must stay.
#[test]
fn what_was_given_up_does_not_stay_in_a_frozen_connection() {
    const NUMBERS: u64 = 80_000;
    const REQUESTS: u64 = 40;
    let rig = Rig::start(Times { timeout: "40ms", give_up: "30ms" });
    let log = rig.collector.log();
    let items = format!("\"dropped_items\": {NUMBERS}");
    let dropped = |line: &str| line.contains("Dropping data.") && line.contains(&items);
    let mut sent = 0;
    let mut offer = |numbers: u64| {
        let (status, answer) = send(rig.collector.http(), sent..sent + numbers).unwrap();
        assert_eq!(status, 200, "{answer}");
        sent += numbers;
    };
    // Until both have a connection, with all the room that the far end gives; on a busy machine the first may come too late.
    for turn in 0.. {
        offer(PER_REQUEST);
        if rig
            .ends
            .iter()
            .all(|end| end.sink.missing(&[turn * PER_REQUEST], Duration::from_secs(1)).is_empty())
        {
            break;
        }
        assert!(turn < 20, "nothing arrives");
    }
    rig.fault(Fault::Frozen);
    for request in 0..REQUESTS {
        offer(NUMBERS);
        log.until(2 * (usize::try_from(request).unwrap() + 1), dropped);
    }
    rig.fault(Fault::Deaf);
    let peak = rig.collector.peak_mib();
    eprintln!("{peak} MiB at most");
    // What a collector needs anyway, what of a connection to a far end that shows no sign of life may be left (8 MiB for the
    // one that speaks gRPC), a request in the making on each side.
    assert!(peak <= 10 + 8 + 8, "{peak} MiB");
    let [grpc, http] = &rig.ends;
    assert_eq!((grpc.protocol, http.protocol), (Protocol::Grpc, Protocol::Http));
    // Too late, or cut with the connection: each was given up, and said so.
    let stopped = rig.collector.stop();
    assert_eq!(stopped.code, Some(0));
    let dropped = stopped.log.iter().filter(|line| dropped(line)).count();
    assert_eq!(dropped as u64, 2 * REQUESTS);
}
