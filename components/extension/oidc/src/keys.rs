//! Public keys as providers publish them (RFC 7517).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::signature::{RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

use crate::{
    algorithm::{Algorithm, Check},
    token::Token,
};

/// How many keys of a set count. A token without `kid` is tried with each.
const MOST: usize = 128;

/// A key that can check signatures.
#[derive(Debug)]
pub(crate) struct Key {
    /// `kid`; empty without one.
    pub(crate) id: String,
    /// The algorithms that it may be used for.
    pub(crate) algorithms: Vec<Algorithm>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Plain(Vec<u8>),
}

/// The keys of a set that can check signatures; others may stand in it.
///
/// # Errors
/// It is no set.
pub(crate) fn read(text: &[u8]) -> Result<Vec<Key>, String> {
    let set: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let keys = match set.get("keys") {
        Some(Value::Array(keys)) => keys.as_slice(),
        None if set.is_object() => &[],
        _ => return Err("`keys` is no list".to_owned()),
    };
    Ok(keys.iter().filter_map(Key::read).take(MOST).collect())
}

impl Key {
    fn read(jwk: &Value) -> Option<Self> {
        use Algorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let number = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(text(name)?.trim_end_matches('=')).ok();
        let point = |size: usize| {
            let (x, y) = (number("x")?, number("y")?);
            (x.len() == size && y.len() == size).then(|| Material::Plain([&[4][..], &x, &y].concat()))
        };
        if text("use").is_some_and(|of| of != "sig") {
            return None;
        }
        let (material, mut algorithms) = match (text("kty")?, text("crv")) {
            ("RSA", _) => {
                let (n, e) = (stripped(number("n")?), stripped(number("e")?));
                (Material::Rsa { n, e }, vec![Rs256, Rs384, Rs512, Ps256, Ps384, Ps512])
            }
            ("EC", Some("P-256")) => (point(32)?, vec![Es256]),
            ("EC", Some("P-384")) => (point(48)?, vec![Es384]),
            ("OKP", Some("Ed25519")) => (Material::Plain(number("x")?), vec![EdDsa]),
            _ => return None,
        };
        if let Some(only) = text("alg") {
            algorithms.retain(|algorithm| algorithm.name() == only);
        }
        let id = text("kid").unwrap_or_default().to_owned();
        (!algorithms.is_empty()).then_some(Self { id, algorithms, material })
    }

    /// Whether the token was signed with this key's other half.
    pub(crate) fn signed(&self, token: &Token<'_>) -> bool {
        if !self.algorithms.contains(&token.algorithm) {
            return false;
        }
        let (message, signature) = (token.message.as_bytes(), token.signature.as_slice());
        let outcome = match (token.algorithm.check(), &self.material) {
            (Check::Rsa(by), Material::Rsa { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(by, message, signature)
            }
            (Check::Plain(by), Material::Plain(bytes)) => {
                UnparsedPublicKey::new(by, bytes).verify(message, signature)
            }
            _ => return false,
        };
        outcome.is_ok()
    }
}

/// Without the zeros that some put before a number.
fn stripped(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.drain(..zeros);
    number
}
