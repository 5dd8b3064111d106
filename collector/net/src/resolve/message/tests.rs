use proptest::{collection::vec, prelude::*};

use super::*;

const ID: u16 = 0x1234;

fn question(kind: Kind) -> Question {
    Question::new(ID, "Web.Example.", kind).unwrap()
}

/// An answer of so many records in each section, these being `records`.
fn answer(flags: u16, counts: [u16; 3], records: &[u8]) -> Vec<u8> {
    let [answers, authorities, additional] = counts;
    let header = [ID, RESPONSE | flags, 1, answers, authorities, additional];
    let mut packet: Vec<u8> = header.into_iter().flat_map(u16::to_be_bytes).collect();
    packet.extend_from_slice(b"\x03web\x07example\x00");
    packet.extend_from_slice(&[0, 1, 0, 1]);
    packet.extend_from_slice(records);
    packet
}

fn record(owner: &[u8], kind: u16, data: &[u8]) -> Vec<u8> {
    let mut record = owner.to_vec();
    record.extend([kind, INTERNET, 0, 60, u16::try_from(data.len()).unwrap()].map(u16::to_be_bytes).concat());
    record.extend_from_slice(data);
    record
}

fn found(packet: &[u8]) -> Result<Vec<String>, Why> {
    Ok(question(Kind::A).addresses(packet)?.iter().map(ToString::to_string).collect())
}

/// Where the name of the question is.
const ASKED: &[u8] = b"\xc0\x0c";
const KNOWS: u16 = RECURSION_AVAILABLE;

#[test]
fn a_question_is_written_as_others_write_it() {
    let packet = question(Kind::Aaaa).packet();
    let expected = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\
        \x03Web\x07Example\x00\x00\x1c\x00\x01\
        \x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00";
    assert_eq!(packet, expected);
    let label = "a".repeat(63);
    for bad in ["web", ".", "a..", &format!("{label}a."), &format!("{}.", [label.as_str(); 4].join("."))] {
        assert!(Question::new(ID, bad, Kind::A).is_none(), "{bad}");
    }
}

#[test]
fn only_the_answer_to_the_question_is_one() {
    let good = answer(KNOWS, [0; 3], &[]);
    assert!(question(Kind::A).is_answered_by(&good));
    let upper: Vec<u8> =
        good.iter().enumerate().map(|(i, c)| if i < 12 { *c } else { c.to_ascii_uppercase() }).collect();
    assert!(question(Kind::A).is_answered_by(&upper));
    // Another kind, another id, no answer, two questions, another name, another class, cut.
    assert!(!question(Kind::Aaaa).is_answered_by(&good));
    for (at, with) in [(1, 0), (2, 0), (5, 2), (13, b'x'), (28, 3)] {
        let mut bad = good.clone();
        bad[at] = with;
        assert!(!question(Kind::A).is_answered_by(&bad), "{at}");
    }
    for length in 0..good.len() {
        assert!(!question(Kind::A).is_answered_by(&good[..length]), "{length}");
    }
}

#[test]
fn addresses_are_those_of_the_name_or_its_alias() {
    let alias = record(b"\x02lb\xc0\x10", 5, b"\x02gw\xc0\x10");
    let asked_alias = record(ASKED, 5, b"\x02LB\xc0\x10");
    let address = |owner: &[u8], last: u8| record(owner, 1, &[10, 0, 0, last]);
    let of_gateway = address(b"\x02gw\x07example\x00", 3);
    for (records, addresses) in [
        (vec![address(ASKED, 1), address(ASKED, 2)], &["10.0.0.1", "10.0.0.2"][..]),
        (vec![asked_alias.clone(), alias.clone(), of_gateway.clone()], &["10.0.0.3"]),
        // Whatever their order.
        (vec![of_gateway.clone(), alias.clone(), asked_alias.clone()], &["10.0.0.3"]),
        // What nobody asked for is not taken.
        (vec![address(b"\x05other\x00", 9), address(ASKED, 1)], &["10.0.0.1"]),
        (vec![record(ASKED, 28, &[0; 16]), record(ASKED, 16, b"\x03txt"), address(ASKED, 1)], &["10.0.0.1"]),
    ] {
        let count = u16::try_from(records.len()).unwrap();
        assert_eq!(found(&answer(KNOWS, [count, 0, 0], &records.concat())).unwrap(), addresses);
    }
    let six = record(ASKED, 28, &[0x2a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    let six = question(Kind::Aaaa).addresses(&answer(KNOWS, [1, 0, 0], &six)).unwrap();
    assert_eq!(six, ["2a00::1".parse::<IpAddr>().unwrap()]);
}

#[test]
fn failures_are_told_apart_as_in_go() {
    let other = |why: &'static str| Why::Other(why.into());
    let options = |code: u8| [&[0, 0, 41, 4, 0xd0, code, 0, 0, 0, 0, 0][..]].concat();
    let loops = record(ASKED, 5, ASKED);
    for (packet, why) in [
        (answer(KNOWS | 3, [0; 3], &[]), Why::NoSuchHost),
        (answer(KNOWS, [0; 3], &[]), Why::NoSuchHost),
        (answer(KNOWS, [1, 0, 0], &record(ASKED, 28, &[0; 16])), Why::NoSuchHost),
        (answer(KNOWS, [1, 0, 0], &loops), Why::NoSuchHost),
        (answer(KNOWS | 2, [0; 3], &[]), other("server misbehaving")),
        (answer(KNOWS | 5, [0; 3], &[]), other("server misbehaving")),
        // An extended code (BADVERS), behind an authority.
        (
            answer(KNOWS, [0, 1, 1], &[record(ASKED, 2, ASKED), options(1)].concat()),
            other("server misbehaving"),
        ),
        (answer(KNOWS, [0, 0, 1], &options(0)), Why::NoSuchHost),
        (answer(0, [0; 3], &[]), other("lame referral")),
        (answer(0, [0, 0, 1], &options(0)), Why::NoSuchHost),
        (answer(AUTHORITATIVE, [0; 3], &[]), Why::NoSuchHost),
        // Fewer records than announced, an address of three bytes, a name that points at itself, a kind of label unknown.
        (answer(KNOWS, [1, 0, 0], &[]), other("cannot unmarshal DNS message")),
        (answer(KNOWS, [1, 0, 0], &record(ASKED, 1, &[1, 2, 3])), other("cannot unmarshal DNS message")),
        (answer(KNOWS, [1, 0, 0], &record(b"\xc0\x1d", 1, &[0; 4])), other("cannot unmarshal DNS message")),
        (answer(KNOWS, [1, 0, 0], &record(b"\x80", 1, &[0; 4])), other("cannot unmarshal DNS message")),
    ] {
        assert_eq!(found(&packet), Err(why), "{packet:x?}");
    }
}

#[test]
fn aliases_that_go_round_come_to_an_end() {
    let there = record(ASKED, 5, b"\x02lb\x00");
    let back = record(b"\x02lb\x00", 5, ASKED);
    assert_eq!(found(&answer(KNOWS, [2, 0, 0], &[there, back].concat())), Err(Why::NoSuchHost));
}

#[test]
fn a_name_has_so_many_addresses_and_no_more() {
    let records = record(ASKED, 1, &[10, 0, 0, 1]).repeat(4000);
    let found = question(Kind::A).addresses(&answer(KNOWS, [4000, 0, 0], &records)).unwrap();
    assert_eq!(found.len(), MOST_ADDRESSES);
}

#[test]
fn the_rest_that_did_not_fit_is_asked_for() {
    assert!(is_truncated(&answer(TRUNCATED, [0; 3], &[])));
    assert!(!is_truncated(&answer(KNOWS, [0; 3], &[])));
    assert!(!is_truncated(&[]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_panics(bytes in vec(any::<u8>(), 0..400)) {
        for kind in [Kind::A, Kind::Aaaa, Kind::Mx, Kind::Ns, Kind::Srv] {
            let _ = question(kind).is_answered_by(&bytes);
            let _ = question(kind).addresses(&bytes);
            let _ = question(kind).records(&bytes);
        }
        let _ = is_truncated(&bytes);
    }

    /// What bytes at random rarely come to: a good header and question, records of known kinds, pointers.
    #[test]
    fn no_record_panics(
        counts in any::<[u8; 3]>(),
        flags in any::<u16>(),
        pieces in vec(prop_oneof![
            vec(any::<u8>(), 0..12),
            (0_u8..60).prop_map(|at| vec![0xc0, at]),
            prop::sample::select(vec![1, 2, 5, 15, 28, 33, 41]).prop_map(|kind| vec![0, kind, 0, 1, 0, 0, 0, 60, 0, 4]),
            Just(record(ASKED, 1, &[10, 0, 0, 1])),
        ], 0..40),
    ) {
        let packet = answer(flags, counts.map(u16::from), &pieces.concat());
        if let Ok(addresses) = question(Kind::A).addresses(&packet) {
            prop_assert!(!addresses.is_empty() && addresses.iter().all(IpAddr::is_ipv4));
        }
        for kind in [Kind::Mx, Kind::Ns, Kind::Srv] {
            let read = question(kind).records(&packet);
            prop_assert!(read.is_err() || read.is_ok_and(|records| records.len() <= pieces.len()));
        }
    }
}
