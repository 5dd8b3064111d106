use proptest::prelude::*;
use slimcol_config::from_yaml;

use super::*;

fn cutter(yaml: &str, longest: usize) -> Cutter {
    Cutter::new(&from_yaml(yaml).unwrap(), longest).unwrap()
}

/// The tokens of a stream that comes in pieces of a size, in quotes.
fn tokens(cutter: &Cutter, stream: &[u8], size: usize) -> Result<String, TooLong> {
    let mut cutting = cutter.stream();
    let mut all = Vec::new();
    for piece in stream.chunks(size).map(Some).chain([None]) {
        cutting.room().extend_from_slice(piece.unwrap_or_default());
        let tokens = cutting.tokens(piece.is_none())?;
        all.extend(
            tokens.places().map(|(s, e)| format!("{:?}", String::from_utf8_lossy(&tokens.text()[s..e]))),
        );
    }
    Ok(all.join(" "))
}

#[test]
fn streams_are_cut_however_they_come() {
    for (yaml, stream, cut) in [
        ("", &b"one\r\n two \n\nrest"[..], r#""one" "two" "" "rest""#),
        ("", b"", ""),
        ("preserve_leading_whitespaces: true", b" a \n", r#"" a""#),
        ("multiline: {line_start_pattern: '^<'}", b"<1>a\nb\n<2>c", r#""<1>a\nb" "<2>c""#),
        ("multiline: {line_end_pattern: ';', omit_pattern: true}", b"a;b;c", r#""a" "b" "c""#),
        ("encoding: utf-16be", b"\0a\0\n\0\xfc", r#""a" "\u{fc}""#),
        ("encoding: utf-16le", b"a\0\n\0b", "\"a\" \"\u{fffd}\""),
        ("encoding: utf-16be", b"\0a\xd8\x3d\0", "\"a\u{fffd}\u{fffd}\""),
        ("encoding: shift_jis", b"\x93\xfa\n\x96{\x96", "\"日\" \"本\u{fffd}\""),
        ("", b"\xff\nb", "\"\u{fffd}\" \"b\""),
        ("", b"0123456789abcdef", r#""0123456789" "abcdef""#),
    ] {
        for size in 1..5 {
            let cut = cut.replace(r"\u{fc}", "\u{fc}");
            assert_eq!(tokens(&cutter(yaml, 10), stream, size).unwrap(), cut, "{yaml} {stream:?} {size}");
        }
    }
}

#[test]
fn lengths_come_before_what_they_count() {
    let counted = |yaml| cutter(yaml, 12).counted();
    for (yaml, stream, cut) in [
        ("", "3 abc8 0123456 ", Ok(r#""3 abc" "8 0123456 ""#)),
        ("preserve_trailing_whitespaces: true", "4 abc 1 x", Ok(r#""4 abc " "1 x""#)),
        ("", "4 ab\nc3 xyz2", Ok(r#""4 ab\nc" "3 xyz" "2""#)),
        ("", "nothing", Ok(r#""nothing""#)),
        ("", "9 abcdefghi", Ok(r#""9 abcdefghi""#)),
        ("", "11 abcdefghijk", Err(TooLong)),
        ("", "99999999999999999999999 x", Err(TooLong)),
        ("", "no number comes here", Err(TooLong)),
    ] {
        for size in [1, 2, 3, 100] {
            let found = tokens(&counted(yaml), stream.as_bytes(), size);
            assert_eq!(found.as_deref(), cut.as_ref().copied(), "{stream:?} {size}");
        }
    }
}

#[test]
fn what_is_taken_whole_is_kept_as_it_is() {
    assert_eq!(tokens(&cutter("", 8).whole(), b" a\nb ", 2).unwrap(), r#"" a\nb ""#);
    assert_eq!(tokens(&cutter("", 4).whole(), b"abcdef", 3).unwrap(), r#""abcd""#);
    assert_eq!(tokens(&cutter("", 4).whole(), b"", 3).unwrap(), "");
}

#[test]
fn packets_are_cut_like_streams_that_end() {
    let packet = |yaml, packet| {
        let tokens = cutter(yaml, 100).packet(packet).unwrap();
        tokens
            .places()
            .map(|(s, e)| String::from_utf8_lossy(&tokens.text()[s..e]).into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(packet("", b"a\n\nb"), ["a", "b"]);
    assert_eq!(packet("multiline: {line_end_pattern: '.^'}", b" a\nb \n"), ["a\nb"]);
    assert!(packet("", b" ").is_empty());
}

proptest! {
    #[test]
    fn pieces_make_no_difference(stream in "[0-9]{0,2} ?[a-c \n]{0,40}", size in 1_usize..9, counted: bool) {
        let cutter = if counted { cutter("", 20).counted() } else { cutter("", 20) };
        prop_assert_eq!(
            tokens(&cutter, stream.as_bytes(), size),
            tokens(&cutter, stream.as_bytes(), 1000)
        );
    }
}
