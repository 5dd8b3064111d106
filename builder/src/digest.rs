//! SHA-256, as cache keys and image digests use it.

use sha2::{Digest as _, Sha256};

/// The digest of `data` in hexadecimal, 64 characters.
pub(crate) fn sha256(data: &[u8]) -> String {
    Sha256::digest(data).iter().fold(String::with_capacity(64), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).expect("a nibble is a hexadecimal digit"));
        }
        text
    })
}

/// A short name for a set of files that changes when any name or content does. Lengths are hashed along, so that no two
/// different sets run together to the same bytes.
pub(crate) fn of_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    all_of_files(files)[..8].to_owned()
}

/// The same in full length, for those who check it.
pub(crate) fn all_of_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut hash = Sha256::new();
    for (path, content) in files {
        for part in [path.as_bytes(), content] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    sha256(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digest() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn files_do_not_run_together() {
        assert_ne!(of_files([("ab", &b"c"[..])]), of_files([("a", &b"bc"[..])]));
    }
}
