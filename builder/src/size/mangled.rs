//! What a symbol of Rust's says: which crates it is about.

use rustc_demangle::try_demangle;

/// The standard library's crates whose generic code is made for others.
const GENERIC: [&str; 3] = ["core", "alloc", "std"];

/// A crate as symbols name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named<'s> {
    /// Its name.
    pub(super) name: &'s str,
    /// What tells it from others of the name.
    pub(super) hash: u64,
}

/// Reads the crate whose code a symbol is, in its long form (`name[hash]::path`): the first one that is named and is not the
/// standard library, else the first. `Vec<T>`'s code for a `T` is there because of `T`'s crate.
pub(super) fn crate_of(long: &str) -> Option<Named<'_>> {
    let mut named = crates(long).peekable();
    let first = named.peek().cloned();
    named.find(|named| !GENERIC.contains(&named.name)).or(first)
}

/// A symbol of Rust's in its long form; nothing if it is not one.
pub(super) fn long(symbol: &str) -> Option<String> {
    try_demangle(symbol).ok().map(|symbol| symbol.to_string())
}

/// A symbol as people read it.
pub(super) fn readable(symbol: &str) -> String {
    try_demangle(symbol).map_or_else(|_| symbol.to_owned(), |symbol| format!("{symbol:#}"))
}

/// The crates that are named, in order. Only behind their names stands a number in brackets: arrays and slices have theirs
/// behind no name.
fn crates(long: &str) -> impl Iterator<Item = Named<'_>> {
    long.match_indices('[').filter_map(|(at, _)| {
        let before = &long[..at];
        let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let hash = long[at + 1..].split(']').next()?;
        let name = &before[start..];
        (!name.is_empty()).then_some(())?;
        Some(Named { name, hash: u64::from_str_radix(hash, 16).ok()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_code_belongs_to_the_crate_it_is_made_for() {
        for (symbol, name) in [
            ("_RNvNtCs1234_7mycrate3foo3bar", "mycrate"),
            ("_RNvCsef_4core3foo", "core"),
            ("_RINvCsef_4core4dropNtCscd_2h25FrameE", "h2"),
            ("_RNvXCscd_2h2NtB2_5FrameNtCsef_5alloc5Clone5clone", "h2"),
            ("_RINvNtCsab_5tokio4poll4pollNtCscd_2h25FrameE", "tokio"),
            (
                "_RNvMs_NtNtCs6eVBWfJ68TN_6rustls6server2hsNtB4_17ExpectClientHello18with_certified_key",
                "rustls",
            ),
        ] {
            let long = long(symbol).unwrap();
            assert_eq!(crate_of(&long).unwrap().name, name, "{long}");
        }
        for symbol in ["memcpy", "ZSTD_compress", "_Rsomething", ""] {
            assert_eq!(long(symbol), None, "{symbol}");
        }
        assert_eq!(readable("_RINvCsef_4core4dropNtCscd_2h25FrameE"), "core::drop::<h2::Frame>");
    }

    #[test]
    fn brackets_of_slices_are_not_hashes() {
        let long = "<[u8] as core[123abc]::ops::Index<[&str; 4]>>::index::<h2[77]::Frame>";
        let found: Vec<_> = crates(long).map(|named| (named.name, named.hash)).collect();
        assert_eq!(found, [("core", 0x12_3abc), ("h2", 0x77)]);
        assert_eq!(crate_of(long).unwrap().name, "h2");
        assert_eq!(crate_of("<[u8]>::len"), None);
    }
}
