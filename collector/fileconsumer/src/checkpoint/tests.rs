use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::fingerprint::Fingerprint;

#[test]
fn what_was_written_is_read() {
    let attributes = json!({"log.file.name": "a.log", "n": 1}).as_object().unwrap().clone();
    let whole = Meta {
        fingerprint: Fingerprint::new(b"\x00first\xff".to_vec()),
        offset: 1 << 40,
        record: 300,
        attributes: Arc::new(attributes),
        header_done: true,
        grew: 7,
        rest: 130,
        gzip: true,
        ..Meta::default()
    };
    let files = [whole, Meta { grew: 7, ..Meta::default() }];
    assert_eq!(decode(&encode(files.iter()), 7).unwrap(), files);
    assert_eq!(decode(b"", 7).unwrap(), []);
}

#[test]
fn go_s_protobuf_is_read() {
    // Made by hand from the message's definition: fields 1 to 8 in order.
    let file = b"\x0a\x05\x0a\x03abc\x10\x07\x18\x02\x22\x0c{\"a\":\"b\"}   \x28\x01\x32\x04\x08\x05\x10\x03\x3a\x02\x08\x03\x42\x03.gz";
    let mut list = vec![0x0a, u8::try_from(file.len()).unwrap()];
    list.extend_from_slice(file);
    let read = &decode(&list, 9).unwrap()[0];
    assert_eq!(read.fingerprint.bytes(), b"abc");
    assert_eq!((read.offset, read.record, read.rest, read.grew), (7, 2, 3, 9));
    assert_eq!((read.header_done, read.gzip, read.attributes["a"].as_str()), (true, true, Some("b")));
}

#[test]
fn go_s_json_is_read() {
    let kept = concat!(
        "2\n",
        r#"{"Fingerprint":{"first_bytes":"YWJj"},"Offset":7,"RecordNum":2,"FileAttributes":{"log.file.name":"a"},"#,
        r#""HeaderFinalized":true,"FlushState":{"LastDataChange":"2026-01-02T03:04:05.6Z","LastDataLength":3},"#,
        r#""TokenLenState":{"MinimumLength":3},"FileType":".gz","TruncateSkipping":true}"#,
        "\n",
        r#"{"Fingerprint":{"first_bytes":"eA=="},"Offset":1,"FileAttributes":{"HeaderAttributes":{"k":"v"}}}"#,
        "\n",
    );
    let files = decode(kept.as_bytes(), 9).unwrap();
    assert_eq!(files[0].fingerprint.bytes(), b"abc");
    assert_eq!((files[0].offset, files[0].record, files[0].rest, files[0].grew), (7, 2, 3, 9));
    assert!(files[0].header_done && files[0].gzip && files[0].skipping);
    assert_eq!(files[0].attributes["log.file.name"], "a");
    assert_eq!((files[1].offset, &files[1].attributes["k"]), (1, &json!("v")));
    assert_eq!(decode(b"0\n", 9).unwrap(), []);
}

#[test]
fn what_is_neither_is_refused() {
    let cases: [(&[u8], &str); 6] = [
        (b"1\n", "decode offset: EOF"),
        (b"1\n{", "decode offset: EOF while parsing an object at line 2 column 1"),
        (b"1.5\n", "decode number of offsets: not a number"),
        (b"1\n{\"Fingerprint\":{\"first_bytes\":\"?\"}}", "decode offset: Invalid symbol 63, offset 0."),
        (b"\x0a\x05abc", "the offsets are neither protobuf nor JSON"),
        (b"{}", "the offsets are neither protobuf nor JSON"),
    ];
    for (kept, expected) in cases {
        assert_eq!(decode(kept, 0).unwrap_err(), expected, "{kept:?}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(kept: Vec<u8>, digit in 0_u8..10) {
        let _ = decode(&kept, 0);
        let mut json = vec![b'0' + digit, b'\n'];
        json.extend(&kept);
        let _ = decode(&json, 0);
    }
}
