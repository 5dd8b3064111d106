//! Any bytes in any of the encodings: what is taken holds no more spans than bytes came, and what can be read can be skipped.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slimcol_jaeger::{from_agent, from_proto, from_thrift};
use slimcol_thrift::{Kind, Protocol, Reader};

fuzz_target!(|input: &[u8]| {
    let Some((first, body)) = input.split_first() else { return };
    let protocol = if first & 1 == 0 { Protocol::Binary } else { Protocol::Compact };
    let read = match first >> 1 & 3 {
        0 => from_proto(body),
        1 => from_agent(protocol, body),
        _ => {
            let read = from_thrift(protocol, body);
            if read.is_ok() {
                let skipped = Reader::new(protocol, body).skip(Kind::Struct);
                assert_eq!(skipped, Ok(()), "what is a batch is a struct");
            }
            read
        }
    };
    if let Ok(traces) = read {
        assert!(traces.items() <= body.len());
    }
});
