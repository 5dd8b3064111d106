//! MD5-crypt, in its own (`$1$`) and Apache's (`$apr1$`) spelling.

use ::md5::{Digest, Md5};
use subtle::ConstantTimeEq;

/// Apache's and the system's alphabet, which is not base64's.
const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Which bytes stand together in the text.
const GROUPS: [[usize; 3]; 5] = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]];

/// Prefix, salt and hash of a text.
pub(super) fn split(text: &str) -> Option<(&str, &str, &str)> {
    let prefix = ["$apr1$", "$1$"].into_iter().find(|prefix| text.starts_with(prefix))?;
    let (salt, hash) = text[prefix.len()..].split_once('$')?;
    (hash.len() == 22).then(|| (prefix, salt.get(..8).unwrap_or(salt), hash))
}

/// Whether `text` is the password's.
pub(super) fn fits(password: &[u8], text: &str) -> bool {
    split(text).is_some_and(|(prefix, salt, hash)| {
        encoded(&digest(password, prefix.as_bytes(), salt.as_bytes())).ct_eq(hash.as_bytes()).into()
    })
}

fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

fn digest(password: &[u8], prefix: &[u8], salt: &[u8]) -> [u8; 16] {
    let inner = md5(&[password, salt, password]);
    let mut outer = Md5::new();
    for part in [password, prefix, salt] {
        outer.update(part);
    }
    for at in (0..password.len()).step_by(16) {
        outer.update(&inner[..(password.len() - at).min(16)]);
    }
    let mut bits = password.len();
    while bits > 0 {
        outer.update(if bits & 1 == 1 { &[0][..] } else { &password[..1] });
        bits >>= 1;
    }
    let mut last: [u8; 16] = outer.finalize().into();
    for round in 0..1000 {
        let odd = round % 2 == 1;
        let parts = [
            if odd { password } else { &last },
            if round % 3 == 0 { b"" } else { salt },
            if round % 7 == 0 { b"" } else { password },
            if odd { &last } else { password },
        ];
        last = md5(&parts);
    }
    last
}

fn encoded(digest: &[u8; 16]) -> Vec<u8> {
    let mut text = Vec::with_capacity(22);
    let mut put = |mut bits: u32, count| {
        for _ in 0..count {
            text.push(DIGITS[(bits & 63) as usize]);
            bits >>= 6;
        }
    };
    for [high, middle, low] in GROUPS {
        put(u32::from_be_bytes([0, digest[high], digest[middle], digest[low]]), 4);
    }
    put(digest[11].into(), 2);
    text
}
