use std::io::Write;

use super::*;

fn sample() -> Vec<u8> {
    (0..40_000u32).flat_map(|n| format!("span {} of {};", n % 977, n % 13).into_bytes()).collect()
}

#[test]
fn every_compression_comes_back() {
    let data = sample();
    let pieces: Vec<&[u8]> = data.chunks(data.len() / 3).collect();
    for kind in Compression::ALL {
        for level in [0, 1, 9] {
            let packed = kind.compress(level, &pieces);
            assert_eq!(kind.decompress(&packed, data.len()).as_deref(), Ok(&data[..]), "{kind:?} {level}");
            if kind.is_on() {
                assert!(packed.len() < data.len() / 2, "{kind:?} {level} {}", packed.len());
            }
            let none: &[&[u8]] = &[];
            assert_eq!(kind.decompress(&kind.compress(level, none), 10), Ok(Vec::new()), "{kind:?}");
        }
    }
}

#[test]
fn one_byte_above_the_limit_is_too_large() {
    let data = sample();
    for kind in Compression::ALL {
        let packed = kind.compress(0, &[&data]);
        assert_eq!(kind.decompress(&packed, data.len() - 1), Err(DecompressError::TooLarge), "{kind:?}");
        assert_eq!(kind.decompress(&packed, 0), Err(DecompressError::TooLarge), "{kind:?}");
    }
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![0; 64 << 20];
    for kind in Compression::ALL.into_iter().filter(|kind| kind.is_on()) {
        let bomb = kind.compress(0, &[&zeros]);
        assert_eq!(kind.decompress(&bomb, 1 << 20), Err(DecompressError::TooLarge), "{kind:?}");
    }
}

#[test]
fn what_is_cut_or_broken_is_an_error() {
    let data = sample();
    for kind in Compression::ALL.into_iter().filter(|kind| kind.is_on()) {
        let packed = kind.compress(0, &[&data]);
        for end in [1, 4, 9, 11, packed.len() / 2, packed.len() - 1] {
            let result = kind.decompress(&packed[..end], data.len());
            // The formats made of blocks may end between two of them; lz4's reader does not insist on the end mark.
            let whole = result.as_deref() == Ok(&data[..]);
            assert!(!whole || kind == Compression::Lz4 && end == packed.len() - 1, "{kind:?} {end}");
            if matches!(kind, Compression::Gzip | Compression::Zlib | Compression::Zstd | Compression::Snappy)
            {
                assert!(result.is_err(), "{kind:?} {end}");
            }
        }
        let mut broken = packed.clone();
        broken[packed.len() / 2] ^= 0x55;
        assert_ne!(kind.decompress(&broken, data.len() * 2).as_deref(), Ok(&data[..]), "{kind:?}");
    }
}

#[test]
fn errors_read_as_in_go() {
    let cases: [(Compression, &[u8], &str); 10] = [
        (Compression::Gzip, b"not gzip", "unexpected EOF"),
        (Compression::Gzip, b"certainly not gzip", "gzip: invalid header"),
        (Compression::Deflate, b"", "unexpected EOF"),
        (Compression::Zlib, b"certainly not zlib", "zlib: invalid header"),
        (Compression::Snappy, b"\xff\xff\xff\xff\xff\xff", "snappy: corrupt input"),
        (Compression::SnappyFramed, b"certainly not snappy", "snappy: corrupt input"),
        (Compression::Gzip, b"", "EOF"),
        (Compression::Zstd, b"certainly not zstd", "invalid input: magic number mismatch"),
        (Compression::Zstd, b"\x28\xb5\x2f\xfd\0\0\x07\0\0", "zstd: corrupt input"),
        (Compression::Lz4, b"certainly not lz4", "lz4: bad magic number"),
    ];
    for (kind, body, text) in cases {
        assert_eq!(kind.decompress(body, 1000).unwrap_err().to_string(), text, "{kind:?}");
    }
    assert_eq!(DecompressError::TooLarge.to_string(), "http: request body too large");
}

#[test]
fn gzip_members_and_optional_header_parts_are_read() {
    let mut body = Vec::new();
    for (name, text) in [("first.txt", "ab"), ("second.txt", "cd")] {
        let mut member = flate2::GzBuilder::new()
            .filename(name)
            .comment("c")
            .extra(vec![1, 2, 3])
            .write(Vec::new(), flate2::Compression::fast());
        member.write_all(text.as_bytes()).unwrap();
        body.extend(member.finish().unwrap());
    }
    assert_eq!(Compression::Gzip.decompress(&body, 4), Ok(b"abcd".to_vec()));
    assert_eq!(Compression::Gzip.decompress(&body, 3), Err(DecompressError::TooLarge));
    let last = body.len() - 5;
    body[last] ^= 1;
    assert_eq!(
        Compression::Gzip.decompress(&body, 4),
        Err(DecompressError::Corrupt("gzip: invalid checksum"))
    );
}

#[test]
fn a_framed_stream_under_the_name_of_blocks_is_read() {
    let packed = Compression::SnappyFramed.compress(0, &[b"framed"]);
    assert_eq!(Compression::Snappy.decompress(&packed, 100), Ok(b"framed".to_vec()));
}

#[test]
fn a_promise_is_not_believed() {
    // A snappy block of five bytes that says it holds a gigabyte, and a gzip trailer that does.
    assert!(Compression::Snappy.decompress(b"\x80\x80\x80\x80\x04", usize::MAX).is_err());
    let mut packed = Compression::Gzip.compress(0, &[b"x"]);
    let len = packed.len();
    packed[len - 4..].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(Compression::Gzip.decompress(&packed, usize::MAX).is_err());
}

#[test]
fn names_and_levels() {
    for kind in Compression::ALL {
        assert_eq!(Compression::from_name(kind.name()), Some(kind));
    }
    assert_eq!(Compression::from_name("none"), Some(Compression::None));
    assert_eq!(Compression::from_name("GZIP"), None);
    assert_eq!(Compression::from_name("identity"), None);
    for (kind, level, ok) in [
        (Compression::Gzip, -2, true),
        (Compression::Gzip, 9, true),
        (Compression::Zlib, 10, false),
        (Compression::Zstd, 400, true),
        (Compression::Snappy, 1, false),
        (Compression::Lz4, 0, true),
    ] {
        assert_eq!(kind.check_level(level).is_ok(), ok, "{kind:?} {level}");
    }
    assert_eq!(
        Compression::Snappy.check_level(3).unwrap_err(),
        "unsupported parameters {Level:3} for compression type \"snappy\""
    );
}
