//! Statements that a client signs with its key instead of showing a secret (RFC 7523).

use std::{
    fmt::Write,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    rand::{SecureRandom, SystemRandom},
    signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair},
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use serde_json::{Map, Value, json};

use crate::config::{Algorithm, Assertion};

/// How long a statement counts, seconds; Go's.
const LIFETIME: u64 = 30 * 60;

/// The client's key, ready to sign.
pub(crate) fn key(pem: &str) -> Result<RsaKeyPair, String> {
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| "invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key")?;
    let pair = match &der {
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        _ => return Err("key is not a valid RSA private key".to_owned()),
    };
    pair.map_err(|error| format!("key is not a valid RSA private key: {error}"))
}

/// The statement that `client` asks the server at `url` for a token with `scopes`.
pub(crate) fn sign(
    pem: &str,
    settings: &Assertion,
    client: &str,
    url: &str,
    scopes: &str,
) -> Result<String, String> {
    let pair = key(pem)?;
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut claims: Map<String, Value> = Map::new();
    let own = [
        ("iss", or(&settings.issuer, client).into()),
        ("sub", client.into()),
        ("jti", id()?.into()),
        ("aud", or(&settings.audience, url).into()),
        ("iat", now.into()),
        ("exp", (now + LIFETIME).into()),
        ("scope", if scopes.is_empty() { Value::Null } else { scopes.into() }),
    ];
    claims
        .extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)).filter(|(_, v)| !v.is_null()));
    claims.extend(settings.claims.clone());

    let (name, padding): (_, &'static dyn ring::signature::RsaEncoding) = match settings.algorithm {
        Algorithm::Rs256 => ("RS256", &RSA_PKCS1_SHA256),
        Algorithm::Rs384 => ("RS384", &RSA_PKCS1_SHA384),
        Algorithm::Rs512 => ("RS512", &RSA_PKCS1_SHA512),
    };
    let mut header = json!({"alg": name, "typ": "JWT"});
    if !settings.key_id.is_empty() {
        header["kid"] = settings.key_id.clone().into();
    }
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&header), part(&Value::Object(claims)));
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature)
        .map_err(|_| "the key cannot sign")?;
    Ok(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

/// A random UUID.
fn id() -> Result<String, String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "no randomness to make an id of")?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
