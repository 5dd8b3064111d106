//! Names for documents that need one of their own: made of what they say, so that the same build gives the same document.

use crate::digest;

/// A UUID (version 8, whose bits are the maker's choice) of the SHA-256 of `text`.
pub(super) fn of(text: &str) -> String {
    let hex = digest::sha256(text.as_bytes());
    format!("{}-{}-8{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_says_its_version() {
        assert_eq!(of("abc"), "ba7816bf-8f01-8fea-a141-40de5dae2223");
    }
}
