//! The encodings of East Asia, of one to four bytes a character, in which a byte below 0x80 that belongs to no other is ASCII.
//!
//! Their tables are 150 KB of a collector, which is why they are behind a feature. The names are not: who asks for one is told.

#[cfg(feature = "east-asian")]
mod tables;
#[cfg(not(feature = "east-asian"))]
mod without;

#[cfg(feature = "east-asian")]
pub(super) use self::tables::Tables;
#[cfg(not(feature = "east-asian"))]
pub(super) use self::without::Tables;

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EastAsian {
    /// Of Taiwan and Hong Kong.
    Big5,
    /// Of Korea.
    EucKr,
    /// Of Japan, on Unix.
    EucJp,
    /// Of Japan, on Windows.
    ShiftJis,
    /// Of China.
    Gbk,
    /// Of China, with all of Unicode.
    Gb18030,
}

/// IANA's names in small letters, the usual one first.
const ALL: [(EastAsian, &[&str]); 6] = [
    (EastAsian::Big5, &["big5", "csbig5"]),
    (EastAsian::EucKr, &["euc-kr", "cseuckr"]),
    (EastAsian::EucJp, &["euc-jp", "cseucpkdfmtjapanese", "extended_unix_code_packed_format_for_japanese"]),
    (EastAsian::ShiftJis, &["shift_jis", "ms_kanji", "csshiftjis"]),
    (EastAsian::Gbk, &["gbk", "cp936", "ms936", "csgbk", "windows-936"]),
    (EastAsian::Gb18030, &["gb18030", "csgb18030"]),
];

impl EastAsian {
    /// The encoding of a name in small letters.
    pub(super) fn find(name: &str) -> Option<Self> {
        ALL.iter().find(|(_, names)| names.contains(&name)).map(|(encoding, _)| *encoding)
    }

    /// All names of all.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().flat_map(|(_, names)| names.iter().copied())
    }

    /// The usual name of each.
    pub(super) fn usual_names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|(_, names)| names[0])
    }
}
