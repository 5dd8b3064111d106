//! The encodings of texts, and texts in them as UTF-8.
//!
//! What is UTF-8 or taken as it is needs no second copy. The others are decoded as they are read, before tokens are
//! looked for, so that patterns see text; where a token stands in the file follows from what its characters took there.

mod code_page;
mod east_asian;
mod lengths;

use std::ops::Range;

use slimcol_config::nearest;

pub use self::lengths::Lengths;
use self::{
    code_page::CodePage,
    east_asian::{EastAsian, Tables},
};

/// How bytes are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes, which are left alone.
    Nop,
    /// UTF-8; a byte that is none becomes U+FFFD.
    Utf8,
    /// UTF-8, in which other bytes stay.
    Utf8Raw,
    /// One byte a character.
    CodePage(&'static CodePage),
    /// One of East Asia, of several bytes a character.
    EastAsian(Tables),
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
}

/// One name of each but the code pages.
const OTHERS: [&str; 6] = ["nop", "utf-8", "utf-8-raw", "ascii", "utf-16le", "utf-16be"];

impl Encoding {
    /// The encoding that a configuration names: Go's own names, and those that IANA has for the same.
    ///
    /// # Errors
    /// Go's words, and which name was meant or which there are.
    pub fn find(name: &str) -> Result<Self, String> {
        let small = name.to_ascii_lowercase();
        Ok(match small.as_str() {
            "nop" => Self::Nop,
            "" | "utf-8" | "utf8" | "csutf8" | "ascii" | "us-ascii" => Self::Utf8,
            "utf-8-raw" | "utf8-raw" => Self::Utf8Raw,
            "utf-16" | "utf16" | "utf-16le" | "utf16le" | "csutf16le" => Self::Utf16Le,
            "utf-16be" | "utf16be" | "csutf16be" => Self::Utf16Be,
            small => match EastAsian::find(small) {
                Some(encoding) => Self::EastAsian(Tables::of(encoding).ok_or_else(|| left_out(name))?),
                None => Self::CodePage(CodePage::find(small).ok_or_else(|| unsupported(name))?),
            },
        })
    }

    /// Whether text must be decoded before tokens are looked for.
    pub const fn is_decoded(self) -> bool {
        !matches!(self, Self::Nop | Self::Utf8 | Self::Utf8Raw)
    }

    /// Appends to `to` what `from` says, and tells how many bytes were taken: all but a character that has only begun.
    /// What that took is appended to `lengths` where the text does not say it.
    pub fn decode(self, from: &[u8], to: &mut Vec<u8>, lengths: &mut Lengths) -> usize {
        match self {
            Self::Nop | Self::Utf8 | Self::Utf8Raw => {
                to.extend_from_slice(from);
                from.len()
            }
            Self::CodePage(page) => {
                page.decode(from, to);
                from.len()
            }
            Self::EastAsian(tables) => tables.decode(from, to, lengths),
            Self::Utf16Le => units(from, to, u16::from_le_bytes),
            Self::Utf16Be => units(from, to, u16::from_be_bytes),
        }
    }

    /// The text that `from` is. What is none in it is U+FFFD.
    pub fn text(self, from: &[u8]) -> String {
        let mut to = Vec::with_capacity(from.len());
        if self.is_decoded() {
            let taken = self.decode(from, &mut to, &mut Lengths::default());
            end(&from[taken..], &mut to);
        } else {
            repair(from, &mut to);
        }
        // All that was appended is text; the default is for the type.
        String::from_utf8(to).unwrap_or_default()
    }

    /// How many of the file's bytes a part of decoded text was.
    pub fn len_in_file(self, text: &[u8], part: Range<usize>, lengths: &Lengths) -> usize {
        let text = &text[part.clone()];
        let is_start = |byte: &&u8| **byte & 0xc0 != 0x80;
        match self {
            Self::Nop | Self::Utf8 | Self::Utf8Raw => text.len(),
            Self::EastAsian(_) => lengths.sum(part),
            Self::CodePage(_) => text.iter().filter(is_start).count(),
            // Characters of four bytes are two units.
            Self::Utf16Le | Self::Utf16Be => {
                2 * (text.iter().filter(is_start).count() + text.iter().filter(|byte| **byte >= 0xf0).count())
            }
        }
    }
}

/// Appends what stands for a character that has begun and that nothing comes behind any more.
pub fn end(begun: &[u8], to: &mut Vec<u8>) {
    // The half of a pair, and the half of a unit.
    for _ in begun.chunks(2) {
        push(to, char::REPLACEMENT_CHARACTER);
    }
}

fn left_out(name: &str) -> String {
    format!(
        "unsupported encoding '{name}': this collector is built without the encodings of East Asia (feature `east-asian`)"
    )
}

fn unsupported(name: &str) -> String {
    match nearest(name, OTHERS.into_iter().chain(CodePage::names()).chain(EastAsian::names())) {
        Some(meant) => format!("unsupported encoding '{name}': did you mean `{meant}`?"),
        None => format!("unsupported encoding '{name}' (valid values: [{}])", usual_names().join(" ")),
    }
}

fn usual_names() -> Vec<&'static str> {
    OTHERS.into_iter().chain(CodePage::usual_names()).chain(EastAsian::usual_names()).collect()
}

fn units(from: &[u8], to: &mut Vec<u8>, unit: impl Fn([u8; 2]) -> u16) -> usize {
    to.reserve(from.len() / 2);
    let mut taken = 0;
    while let Some(pair) = from.get(taken..).and_then(<[u8]>::first_chunk) {
        let first = unit(*pair);
        if let Ok(ascii @ 0..0x80) = u8::try_from(first) {
            to.push(ascii);
            taken += 2;
            continue;
        }
        let Some(second) = from.get(taken + 2..).and_then(<[u8]>::first_chunk).map(|pair| unit(*pair)) else {
            // The second half of a pair may come yet.
            if (0xd800..0xdc00).contains(&first) {
                break;
            }
            push(to, char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER));
            taken += 2;
            continue;
        };
        let decoded = char::decode_utf16([first, second]).next().and_then(Result::ok);
        let c = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
        push(to, c);
        taken += 2 * c.len_utf16();
    }
    taken
}

fn push(to: &mut Vec<u8>, c: char) {
    to.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Appends text in which each byte that is no UTF-8 is U+FFFD, as Go's decoder has it.
pub fn repair(bytes: &[u8], to: &mut Vec<u8>) {
    for chunk in bytes.utf8_chunks() {
        to.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            push(to, char::REPLACEMENT_CHARACTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(name: &str, bytes: &[u8]) -> (String, usize) {
        let mut to = Vec::new();
        let taken = Encoding::find(name).unwrap().decode(bytes, &mut to, &mut Lengths::default());
        (String::from_utf8(to).unwrap(), taken)
    }

    #[test]
    fn texts_are_decoded() {
        assert_eq!(decoded("latin1", b"a\xe9\x80"), ("aé\u{80}".to_owned(), 3));
        assert_eq!(decoded("windows-1252", b"\x80\x81\xff"), ("€\u{fffd}ÿ".to_owned(), 3));
        assert_eq!(decoded("utf-16", b"a\0\xe9\0"), ("aé".to_owned(), 4));
        assert_eq!(decoded("UTF-16BE", b"\0a\xd8\x3d\xde\x00"), ("a😀".to_owned(), 6));
        // A unit that has only begun, a pair that has, halves without the other.
        assert_eq!(decoded("utf-16le", b"a\0b"), ("a".to_owned(), 2));
        assert_eq!(decoded("utf-16be", b"\0a\xd8\x3d"), ("a".to_owned(), 2));
        assert_eq!(decoded("utf-16be", b"\xde\x00\xd8\x3d\0a"), ("\u{fffd}\u{fffd}a".to_owned(), 6));
        for (name, bytes, text) in [
            ("utf-8", &b"a\xe9"[..], "a\u{fffd}"),
            ("utf-16le", b"a\0b", "a\u{fffd}"),
            ("utf-16be", b"\0a\xd8\x3d\0", "a\u{fffd}\u{fffd}"),
            ("latin1", b"\xe9", "é"),
        ] {
            assert_eq!(Encoding::find(name).unwrap().text(bytes), text, "{name}");
        }
        let error = Encoding::find("klingon").unwrap_err();
        assert!(error.starts_with("unsupported encoding 'klingon' (valid values: [nop utf-8"), "{error}");
        let error = Encoding::find("iso8859-2").unwrap_err();
        assert_eq!(error, "unsupported encoding 'iso8859-2': did you mean `iso-8859-2`?");
        for name in usual_names() {
            assert!(Encoding::find(name).is_ok(), "{name}");
        }
    }

    /// What Python's codecs make of texts in languages that the pages are for.
    #[test]
    fn code_pages_say_what_they_are_for() {
        for (names, bytes, text) in [
            ("iso-8859-2 latin2 ISO_8859-2:1987", &b"za\xbf\xf3\xb3\xe6 \xb6\xbc"[..], "zażółć śź"),
            ("windows-1250", b"za\xbf\xf3\xb3\xe6 \x9c\x9f", "zażółć śź"),
            ("IBM852", b"za\xbe\xa2\x88\x86 \x98\xab", "zażółć śź"),
            ("koi8-r csKOI8R koi8-u", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"),
            ("windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
            ("ibm866", b"\x8f\xe0\xa8\xa2\xa5\xe2", "Привет"),
            ("iso-8859-5 cyrillic", b"\xbf\xe0\xd8\xd2\xd5\xe2", "Привет"),
            ("koi8-u", b"\xa7\xd6\xc1\xcb", "їжак"),
            ("iso-8859-7 windows-1253", b"\xca\xe1\xeb\xe7\xec\xdd\xf1\xe1", "Καλημέρα"),
            ("iso-8859-8 iso-8859-8-i windows-1255", b"\xf9\xec\xe5\xed", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"),
            ("iso-8859-6", b"\xe5\xd1\xcd\xc8\xc7", "\u{645}\u{631}\u{62d}\u{628}\u{627}"),
            ("windows-1256", b"\xe3\xd1\xcd\xc8\xc7", "\u{645}\u{631}\u{62d}\u{628}\u{627}"),
            ("windows-874", b"\xca\xc7\xd1\xca\xb4\xd5", "สวัสดี"),
            ("windows-1254 iso-8859-9", b"\xd0\xfcne\xfe", "Ğüneş"),
            ("windows-1257", b"\xc1\xfeuolas \x80", "Įžuolas €"),
            ("iso-8859-15 latin-9", b"c\xbdur \xa4", "cœur €"),
            ("macintosh mac", b"na\x95ve \xaa", "naïve ™"),
            ("ibm437 cp437 850", b"\x81ber", "über"),
            (
                "ibm037 cp037 IBM01140 ibm1047",
                b"\xc8\xc5\xd3\xd3\xd6k@\xe6\x96\x99\x93\x84\x40\xf1\xf2",
                "HELLO, World 12",
            ),
            // The line's end has another number there, and with it the end of a token.
            ("ibm037", b"\x81\x25\x82", "a\nb"),
        ] {
            for name in names.split(' ') {
                assert_eq!(decoded(name, bytes), (text.to_owned(), bytes.len()), "{name}");
            }
        }
    }

    /// What Python's codecs make of the same.
    #[test]
    fn east_asian_texts_are_decoded_to_the_last_whole_character() {
        for (names, bytes, text) in [
            ("big5 csBig5", &b"\xc1c\xc5\xe9\xa4\xa4\xa4\xe5"[..], "繁體中文"),
            // One character that is two of Unicode.
            ("big5", b"\x88\x62", "\u{ca}\u{304}"),
            ("euc-kr", b"\xbe\xc8\xb3\xe7 a", "안녕 a"),
            ("euc-jp", b"\xc6\xfc\xcb\xdc\xb8\xec\x8e\xb1\x8f\xb0\xa1", "日本語ｱ丂"),
            ("Shift_JIS MS_Kanji", b"\x93\xfa\x96{\x8c\xea\xb1", "日本語ｱ"),
            ("gbk cp936", b"\xbc\xf2\xcc\xe5\x80", "简体€"),
            ("gb18030", b"\xbc\xf2\xcc\xe5\xa2\xe3\x949\xfc6", "简体€😀"),
            // The end of a line is one, whatever began before it, and what is no character is one of another kind.
            ("big5 euc-kr gbk gb18030", b"\xc1\n\xffa", "\u{fffd}\n\u{fffd}a"),
            ("euc-jp", b"\x8f\xb0\n", "\u{fffd}\u{fffd}\n"),
            ("shift_jis", b"\x93\n", "\u{fffd}\n"),
            ("gb18030", b"\x949\xfc\n", "\u{fffd}9\u{fffd}\n"),
        ] {
            for name in names.split(' ') {
                assert_eq!(decoded(name, bytes), (text.to_owned(), bytes.len()), "{name}");
            }
        }
        for (name, bytes, taken) in
            [("shift_jis", &b"a\x93"[..], 1), ("euc-jp", b"\x8f\xb0", 0), ("gb18030", b"\x949\xfc", 0)]
        {
            assert_eq!(decoded(name, bytes).1, taken, "{name}");
        }
        let error = Encoding::find("shift-jis").unwrap_err();
        assert_eq!(error, "unsupported encoding 'shift-jis': did you mean `shift_jis`?");
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_one_by_one() {
        let mut to = Vec::new();
        repair(b"a\xe2\x82b\xff", &mut to);
        assert_eq!(String::from_utf8(to).unwrap(), "a\u{fffd}\u{fffd}b\u{fffd}");
    }

    proptest! {
        #[test]
        fn what_was_taken_is_known_from_the_text(bytes: Vec<u8>, cut in 0_usize..100) {
            for name in usual_names() {
                let encoding = Encoding::find(name).unwrap();
                if !encoding.is_decoded() {
                    continue;
                }
                let (mut whole, mut lengths) = (Vec::new(), Lengths::default());
                let taken = encoding.decode(&bytes, &mut whole, &mut lengths);
                prop_assert!(std::str::from_utf8(&whole).is_ok());
                prop_assert_eq!(encoding.len_in_file(&whole, 0..whole.len(), &lengths), taken);
                prop_assert!(bytes.len() - taken < 4);
                // A part and the rest.
                let part = cut.min(whole.len());
                let rest = encoding.len_in_file(&whole, part..whole.len(), &lengths);
                if whole.get(part).is_none_or(|byte| byte & 0xc0 != 0x80) {
                    prop_assert_eq!(encoding.len_in_file(&whole, 0..part, &lengths) + rest, taken);
                }
                lengths.skip(part);
                prop_assert_eq!(encoding.len_in_file(&whole[part..], 0..whole.len() - part, &lengths), rest);
                // In two steps it is the same.
                let (mut steps, mut lengths) = (Vec::new(), Lengths::default());
                let first = encoding.decode(&bytes[..cut.min(bytes.len())], &mut steps, &mut lengths);
                let second = encoding.decode(&bytes[first..], &mut steps, &mut lengths);
                prop_assert_eq!((steps, first + second), (whole, taken));
            }
        }
    }
}
