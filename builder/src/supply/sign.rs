//! Signatures that [minisign](https://jedisct1.github.io/minisign/) checks.

use std::{env, fmt, fs, io::Cursor, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use minisign::{PublicKey, SecretKey, SecretKeyBox};

use crate::error::{Doing as _, Error};

/// The environment variable with the key's password.
const PASSWORD: &str = "SLIMCOL_SIGN_PASSWORD";

/// A secret key, ready to sign.
pub(crate) struct Key(SecretKey);

/// The library's own would print the key.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(secret)")
    }
}

impl Key {
    /// Reads the key in `file`. If it is encrypted, its password is the first line of `password_file`, or stands in the
    /// environment: never on the command line, which others can read.
    pub(crate) fn read(file: &Path, password_file: Option<&Path>) -> Result<Self, Error> {
        let text = fs::read_to_string(file).doing("read", file)?;
        let refuse = |what: &str| Error::Other(format!("`{}`: {what}", file.display()));
        let bytes = decoded(&text).ok_or_else(|| {
            refuse("not a minisign secret key; `minisign -G` makes one, in two lines of text")
        })?;
        let key = SecretKeyBox::from(text);
        if !is_encrypted(&bytes) {
            return open(key, &bytes).map(Self).ok_or_else(|| refuse("the key is damaged"));
        }
        let password = match password_file {
            Some(file) => {
                let text = fs::read_to_string(file).doing("read", file)?;
                Some(text.lines().next().unwrap_or_default().to_owned())
            }
            None => env::var(PASSWORD).ok(),
        };
        let password = password.ok_or_else(|| {
            refuse(&format!(
                "the key has a password: put it into {PASSWORD}, or into a file and name that with --sign-password-file"
            ))
        })?;
        SecretKey::from_box(key, Some(password))
            .map(Self)
            .map_err(|_| refuse("the password is not this key's"))
    }

    /// A signature of `data`, as the text of a `.minisig` file. `comment` is signed along.
    pub(crate) fn sign(&self, data: &[u8], comment: &str) -> Result<String, Error> {
        let untrusted = Some("signature from minisign secret key");
        let signature = minisign::sign(None, &self.0, Cursor::new(data), Some(comment), untrusted);
        signature
            .map(minisign::SignatureBox::into_string)
            .map_err(|error| Error::Other(format!("cannot sign: {error}")))
    }
}

/// The bytes of the key in `text`; nothing if there is none. A comment comes first, then base64.
fn decoded(text: &str) -> Option<Vec<u8>> {
    const LENGTH: usize = 158;
    let mut lines = text.lines();
    let comment = lines.next()?;
    let bytes = BASE64_STANDARD.decode(lines.next()?.trim_end()).ok()?;
    let key = comment.starts_with("untrusted comment: ") && bytes.len() == LENGTH && bytes.starts_with(b"Ed");
    key.then_some(bytes)
}

/// Whether there is a way from a password to the key, which the bytes after the algorithm's two name, or are zero.
fn is_encrypted(bytes: &[u8]) -> bool {
    bytes[2..4] != [0, 0]
}

/// A key without a password. `minisign -G -W` writes zeros in place of the checksum, which the library takes for a wrong one:
/// such a key is whole if what it signs can be verified, since its two halves belong together.
fn open(key: SecretKeyBox, bytes: &[u8]) -> Option<SecretKey> {
    const CHECKSUM: usize = 32;
    if !bytes.ends_with(&[0; CHECKSUM]) {
        return SecretKey::from_unencrypted_box(key).ok();
    }
    let key = SecretKey::from_bytes(bytes).ok()?;
    let public = PublicKey::from_secret_key(&key).ok()?;
    minisign::sign(Some(&public), &key, Cursor::new(b""), None, None).is_ok().then_some(key)
}

#[cfg(test)]
mod tests {
    use minisign::{KeyPair, PublicKey, SignatureBox};

    use super::*;

    fn written(dir: &Path, text: &str) -> std::path::PathBuf {
        let path = dir.join("key");
        fs::write(&path, text).unwrap();
        path
    }

    fn verified(public: &PublicKey, signature: &str, data: &[u8]) -> bool {
        let signature = SignatureBox::from_string(signature).unwrap();
        assert_eq!(signature.trusted_comment().unwrap(), "what it is");
        minisign::verify(public, &signature, Cursor::new(data), true, false, false).is_ok()
    }

    #[test]
    fn a_signature_holds_for_what_was_signed_only() {
        let dir = tempfile::tempdir().unwrap();
        let KeyPair { pk, sk } = KeyPair::generate_unencrypted_keypair().unwrap();
        let file = written(dir.path(), &sk.to_box(None).unwrap().into_string());
        let signature = Key::read(&file, None).unwrap().sign(b"data", "what it is").unwrap();
        assert!(verified(&pk, &signature, b"data"));
        assert!(!verified(&pk, &signature, b"date"));
    }

    #[test]
    fn a_password_opens_its_key_and_is_not_shown() {
        let dir = tempfile::tempdir().unwrap();
        let KeyPair { pk, sk } = KeyPair::generate_encrypted_keypair(Some("open sesame".into())).unwrap();
        let file = written(dir.path(), &sk.to_box(None).unwrap().into_string());
        let password = dir.path().join("password");
        fs::write(&password, "open sesame\n").unwrap();
        let key = Key::read(&file, Some(&password)).unwrap();
        assert!(verified(&pk, &key.sign(b"", "what it is").unwrap(), b""));
        assert_eq!(format!("{key:?}"), "Key(secret)");
        fs::write(&password, "open barley\n").unwrap();
        let error = Key::read(&file, Some(&password)).unwrap_err().to_string();
        assert_eq!(error, format!("`{}`: the password is not this key's", file.display()));
    }

    /// What the program writes has no checksum, and what the library writes has one.
    #[test]
    fn a_damaged_key_without_a_password_is_refused() {
        const SECRET: std::ops::Range<usize> = 62..126;
        let dir = tempfile::tempdir().unwrap();
        let KeyPair { pk, sk } = KeyPair::generate_unencrypted_keypair().unwrap();
        let checked = sk.to_bytes();
        let mut unchecked = checked.clone();
        unchecked[SECRET.end..].fill(0);
        for whole in [checked, unchecked] {
            let read = |bytes: &[u8]| {
                let text = format!("untrusted comment: x\n{}\n", BASE64_STANDARD.encode(bytes));
                Key::read(&written(dir.path(), &text), None)
            };
            assert!(verified(&pk, &read(&whole).unwrap().sign(b"data", "what it is").unwrap(), b"data"));
            for at in SECRET {
                let mut damaged = whole.clone();
                damaged[at] ^= 1;
                let error = read(&damaged).unwrap_err().to_string();
                assert!(error.ends_with(": the key is damaged"), "{at}: {error}");
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let public = KeyPair::generate_unencrypted_keypair().unwrap().pk.to_box().unwrap().into_string();
        for text in ["", "one line", "untrusted comment: x\n!!!\n", &public] {
            let error = Key::read(&written(dir.path(), text), None).unwrap_err().to_string();
            assert!(error.contains("not a minisign secret key"), "{error}");
        }
        assert!(Key::read(&dir.path().join("absent"), None).unwrap_err().chain().contains("No such file"));
    }
}
