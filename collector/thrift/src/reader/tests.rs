//! Both protocols against messages written by hand as the specification has them, and against anything.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

/// What a struct says, as text.
fn told(protocol: Protocol, bytes: &[u8]) -> Result<String, Error> {
    let mut reader = Reader::new(protocol, bytes);
    structure(&mut reader)
}

fn structure(reader: &mut Reader<'_>) -> Result<String, Error> {
    let mut told = String::from("{");
    reader.structure(|reader, field| {
        let value = value(reader, field.kind)?;
        write!(told, "{}:{value} ", field.id).unwrap();
        Ok(())
    })?;
    Ok(told.trim_end().to_owned() + "}")
}

fn value(reader: &mut Reader<'_>, kind: Kind) -> Result<String, Error> {
    Ok(match kind {
        Kind::Bool => reader.bool(kind)?.to_string(),
        Kind::Byte | Kind::I16 | Kind::I32 | Kind::I64 => reader.int(kind)?.to_string(),
        Kind::Double => reader.double(kind)?.to_string(),
        Kind::Bytes => format!("{:?}", reader.text(kind)?),
        Kind::Struct => structure(reader)?,
        Kind::Map => {
            reader.skip(kind)?;
            "map".to_owned()
        }
        Kind::Set | Kind::List => {
            let (kind, len) = reader.list()?;
            let items: Result<Vec<_>, _> = (0..len).map(|_| value(reader, kind)).collect();
            format!("[{}]", items?.join(","))
        }
    })
}

#[test]
fn the_same_struct_in_both() {
    let binary = [
        &b"\x02\x00\x01\x01"[..],                                                 // 1: true
        b"\x08\x00\x02\xff\xff\xff\xfe",                                          // 2: -2
        b"\x0b\x00\x03\x00\x00\x00\x02hi",                                        // 3: "hi"
        b"\x0a\x00\x14\x00\x00\x00\x00\x00\x01\x00\x00",                          // 20: 65536
        b"\x04\x00\x15\x3f\xf8\x00\x00\x00\x00\x00\x00",                          // 21: 1.5
        b"\x0f\x00\x16\x02\x00\x00\x00\x02\x01\x00",                              // 22: [true, false]
        b"\x0c\x00\x17\x06\x00\x01\x00\x07\x00",                                  // 23: {1: 7}
        b"\x0d\x00\x18\x0b\x08\x00\x00\x00\x01\x00\x00\x00\x01k\x00\x00\x00\x05", // 24: {"k": 5}
        b"\x03\x00\x19\xff\x00",                                                  // 25: -1
    ]
    .concat();
    let compact = [
        &b"\x11"[..],
        b"\x15\x03",
        b"\x18\x02hi",
        b"\x06\x28\x80\x80\x08",
        b"\x17\x00\x00\x00\x00\x00\x00\xf8\x3f",
        b"\x19\x21\x01\x02",
        b"\x1c\x14\x0e\x00",
        b"\x1b\x01\x85\x01k\x0a",
        b"\x13\xff\x00",
    ]
    .concat();
    let said = r#"{1:true 2:-2 3:"hi" 20:65536 21:1.5 22:[true,false] 23:{1:7} 24:map 25:-1}"#;
    assert_eq!(told(Protocol::Binary, &binary).unwrap(), said);
    assert_eq!(told(Protocol::Compact, &compact).unwrap(), said);
    for (protocol, whole) in [(Protocol::Binary, binary), (Protocol::Compact, compact)] {
        for end in 0..whole.len() {
            assert_eq!(told(protocol, &whole[..end]), Err(Error::Short), "{protocol:?} cut at {end}");
        }
        let mut skipped = Reader::new(protocol, &whole);
        skipped.skip(Kind::Struct).unwrap();
        assert!(skipped.rest().is_empty());
    }
}

#[test]
fn heads_of_calls() {
    let call = |name, kind, sequence| Message { name: Cow::Borrowed(name), kind, sequence };
    for (protocol, bytes, message) in [
        (
            Protocol::Binary,
            &b"\x80\x01\x00\x04\x00\x00\x00\x09emitBatch\x00\x00\x00\x07"[..],
            call("emitBatch", MessageType::Oneway, 7),
        ),
        (Protocol::Binary, b"\x00\x00\x00\x01a\x01\x00\x00\x00\x02", call("a", MessageType::Call, 2)),
        (Protocol::Compact, b"\x82\x81\x07\x09emitBatch", call("emitBatch", MessageType::Oneway, 7)),
    ] {
        assert_eq!(Reader::new(protocol, bytes).message(), Ok(message));
    }
    for (protocol, bytes, error) in [
        (Protocol::Binary, &b"\x81\x01\x00\x04\x00\x00\x00\x00"[..], Error::Version),
        (Protocol::Compact, b"\x80\x81\x07\x00", Error::Version),
        (Protocol::Compact, b"\x82\x82\x07\x00", Error::Version),
        (Protocol::Binary, b"\x80\x01\x00\x09\x00\x00\x00\x00\x00\x00\x00\x00", Error::Kind(9)),
    ] {
        assert_eq!(Reader::new(protocol, bytes).message(), Err(error));
    }
}

#[test]
fn what_is_announced_must_be_there() {
    for (protocol, bytes, error) in [
        (Protocol::Binary, &b"\x0f\x00\x01\x0c\x7f\xff\xff\xff"[..], Error::Short),
        (Protocol::Binary, b"\x0f\x00\x01\x0c\xff\xff\xff\xff", Error::Length),
        (Protocol::Binary, b"\x0b\x00\x01\xff\xff\xff\xff", Error::Length),
        (Protocol::Binary, b"\x05\x00\x01", Error::Kind(5)),
        (Protocol::Compact, b"\x19\xfc\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", Error::Short),
        (Protocol::Compact, b"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", Error::Varint),
        (Protocol::Compact, b"\x1f", Error::Kind(15)),
    ] {
        assert_eq!(told(protocol, bytes), Err(error), "{bytes:x?}");
    }
}

#[test]
fn nesting_has_a_limit() {
    let deep = b"\x0c\x00\x01".repeat(100_000);
    assert_eq!(Reader::new(Protocol::Binary, &deep).skip(Kind::Struct), Err(Error::Depth));
    let lists = [&b"\x19"[..], &b"\x19".repeat(100_000)].concat();
    assert_eq!(Reader::new(Protocol::Compact, &lists).skip(Kind::Struct), Err(Error::Depth));
}

#[test]
fn lists_of_structs_that_say_nothing_have_a_limit() {
    let walked = |protocol, head: &[u8], len: usize| {
        let message = [head, &vec![0; len]].concat();
        let mut seen = 0;
        let read = Reader::new(protocol, &message).structures(Kind::List, |reader| {
            seen += 1;
            reader.structure(|reader, field| reader.skip(field.kind))
        });
        (read, seen)
    };
    for (protocol, few, many) in [
        (Protocol::Binary, &b"\x0c\0\0\0\x64"[..], &b"\x0c\0\x01\0\0"[..]),
        (Protocol::Compact, b"\xfc\x64", b"\xfc\x80\x80\x04"),
    ] {
        assert_eq!(walked(protocol, few, 100), (Ok(()), 100));
        assert_eq!(walked(protocol, many, 65536), (Err(Error::Short), 0));
    }
}

proptest! {
    #[test]
    fn anything_ends(bytes in proptest::collection::vec(any::<u8>(), 0..300), compact: bool) {
        let protocol = if compact { Protocol::Compact } else { Protocol::Binary };
        let mut reader = Reader::new(protocol, &bytes);
        let outcome = reader.skip(Kind::Struct);
        // What can be skipped can be read, to the same place.
        let mut again = Reader::new(protocol, &bytes);
        prop_assert_eq!(structure(&mut again).is_ok(), outcome.is_ok());
        if outcome.is_ok() {
            prop_assert_eq!(reader.rest(), again.rest());
        }
    }
}
