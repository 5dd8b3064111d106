//! Tokens as they are shown: signed statements of three parts (RFC 7515, RFC 7519).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::algorithm::Algorithm;

/// How much of what a sender wrote is repeated, characters.
const SHOWN: usize = 200;

/// A token. Nothing in it can be relied on before its signature has been checked.
pub(crate) struct Token<'a> {
    pub(crate) raw: &'a str,
    /// What was signed.
    pub(crate) message: &'a str,
    pub(crate) signature: Vec<u8>,
    pub(crate) algorithm: Algorithm,
    /// The key's name; may be empty.
    pub(crate) key: String,
    pub(crate) claims: Map<String, Value>,
}

impl<'a> Token<'a> {
    /// Takes a token apart; anything but `allowed` is no signature.
    pub(crate) fn parse(raw: &'a str, allowed: &[Algorithm]) -> Result<Self, String> {
        let malformed = |what: &str| format!("malformed jws: {what}");
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part);
        let [header, payload, signature] = raw.split('.').collect::<Vec<_>>()[..] else {
            return Err(malformed("compact JWS format must have three parts"));
        };
        let bytes = |part: &str| decode(part).map_err(|_| malformed("illegal base64 data"));
        let header: Map<String, Value> = serde_json::from_slice(&bytes(header)?)
            .map_err(|error| malformed(&format!("invalid header: {error}")))?;
        let text = |name: &str| header.get(name).and_then(Value::as_str).unwrap_or_default();
        let algorithm = Algorithm::from_name(text("alg"))
            .filter(|algorithm| allowed.contains(algorithm))
            .ok_or_else(|| malformed(&unexpected(text("alg"), allowed)))?;
        // What must be understood and is not: there is nothing that is understood.
        if header.contains_key("crit") {
            return Err(malformed("unsupported crit header"));
        }
        let claims = serde_json::from_slice::<Map<String, Value>>(&bytes(payload)?)
            .map_err(|error| format!("failed to unmarshal claims: {error}"))?;
        if claims.get("iss").is_some_and(|issuer| !issuer.is_string()) {
            return Err("failed to unmarshal claims: `iss` is no string".to_owned());
        }
        Ok(Self {
            raw,
            message: raw.rsplit_once('.').map_or("", |(message, _)| message),
            signature: bytes(signature)?,
            algorithm,
            key: text("kid").to_owned(),
            claims,
        })
    }

    /// Who is said to have made it.
    pub(crate) fn issuer(&self) -> &str {
        self.claims.get("iss").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Go's text about an algorithm that is not `allowed`.
pub(crate) fn unexpected(name: &str, allowed: &[Algorithm]) -> String {
    let allowed: Vec<_> = allowed.iter().map(|algorithm| format!("{:?}", algorithm.name())).collect();
    format!("unexpected signature algorithm {:?}; expected [{}]", shortened(name), allowed.join(" "))
}

/// The beginning of a sender's text, for messages.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
