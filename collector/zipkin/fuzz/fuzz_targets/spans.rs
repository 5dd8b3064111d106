//! Any bytes in any of the four encodings: what is taken can be written, if its times can, and reads as the same then.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slimcol_pdata::Traces;
use slimcol_zipkin::{v1, v2};

fn shown(traces: &Traces) -> Vec<u8> {
    let mut json = Vec::new();
    traces.write_json(&mut json);
    json
}

fuzz_target!(|input: &[u8]| {
    let Some((first, body)) = input.split_first() else { return };
    let parse = first & 4 != 0;
    let read = match first % 4 {
        0 => v1::from_thrift(body),
        1 => v1::from_json(body, parse),
        2 => v2::from_json(body, parse),
        _ => v2::from_proto(body, parse),
    };
    let Ok(traces) = read else { return };
    let Ok(json) = v2::to_json(&traces) else { return };
    // An annotation or a tag may look like an event's or a link's text without being one.
    let Ok(again) = v2::from_json(&json, false) else { return };
    assert_eq!(again.items(), traces.items());
    let Ok(json) = v2::to_json(&again) else { return };
    let Ok(third) = v2::from_json(&json, false) else { return };
    assert_eq!(third.items(), again.items());
    let _ = shown(&third);
});
