//! Anything comes in, and what was taken goes both ways without a loss.

use proptest::prelude::*;
use slimcol_pdata::Traces;
use slimcol_testing::generate;

use super::*;

proptest! {
    #[test]
    fn anything_is_taken_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = from_json(&bytes, true);
        let _ = from_proto(&bytes, true);
    }

    /// Mutations of a real request come deeper than noise does.
    #[test]
    fn a_damaged_request_is_taken_or_refused(at in 0..10_000_usize, byte: u8, proto: bool) {
        let traces = from_json(EXAMPLE.as_bytes(), false).unwrap();
        let mut bytes = if proto { to_proto_of(&traces, None).unwrap() } else { EXAMPLE.as_bytes().to_vec() };
        let at = at % bytes.len();
        bytes[at] = byte;
        let read = if proto { from_proto(&bytes, false) } else { from_json(&bytes, false) };
        if let Ok(traces) = read {
            prop_assert!(traces.items() <= 1);
        }
    }

    #[test]
    fn what_goes_out_comes_back(seed: u64) {
        let traces = Traces::from_bytes(generate::traces(seed, 5)).unwrap();
        let json = from_json(&to_json(&traces).unwrap(), false).unwrap();
        prop_assert_eq!(json.items(), 5);
        // Lower case is all that JSON changes besides the times' last digits, so a second time nothing changes.
        let again = from_json(&to_json(&json).unwrap(), false).unwrap();
        prop_assert_eq!(shown(&json), shown(&again));
        let proto = from_proto(&to_proto_of(&json, None).unwrap(), false).unwrap();
        prop_assert_eq!(shown(&json), shown(&proto));
    }
}
