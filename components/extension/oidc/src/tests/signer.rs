//! Keys that sign tokens, and what is published of them.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
        KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
        RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
    },
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};
use slimcol_testing::RSA_KEY;

pub(super) enum Signer {
    Rsa(RsaKeyPair),
    Ec(&'static str, EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

fn part(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    /// A key for an algorithm; that of RSA is always the same.
    pub(super) fn of(algorithm: &str) -> Self {
        let random = SystemRandom::new();
        let ec = |name, by| {
            let der = EcdsaKeyPair::generate_pkcs8(by, &random).unwrap();
            Self::Ec(name, EcdsaKeyPair::from_pkcs8(by, der.as_ref(), &random).unwrap())
        };
        match algorithm {
            "ES256" => ec("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
            "ES384" => ec("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
            "EdDSA" => {
                let der = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                Self::Ed(Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap())
            }
            _ => {
                let der = PrivateKeyDer::from_pem_slice(RSA_KEY.as_bytes()).unwrap();
                Self::Rsa(RsaKeyPair::from_pkcs8(der.secret_der()).unwrap())
            }
        }
    }

    /// The public key as providers publish it.
    pub(super) fn jwk(&self, id: &str) -> Value {
        match self {
            Self::Rsa(pair) => {
                let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                // Some providers put a zero before the number.
                json!({"kty": "RSA", "kid": id, "use": "sig", "n": part([&[0][..], &public.n].concat()), "e": part(public.e)})
            }
            Self::Ec(curve, pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(pair.public_key().as_ref().len() / 2);
                json!({"kty": "EC", "crv": curve, "kid": id, "x": part(x), "y": part(y)})
            }
            Self::Ed(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "x": part(pair.public_key())})
            }
        }
    }

    /// The token with this header and these claims.
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", part(header.to_string()), part(claims.to_string()));
        let (random, bytes) = (SystemRandom::new(), message.as_bytes());
        let signature = match self {
            Self::Rsa(pair) => {
                let by: &'static dyn RsaEncoding = match header["alg"].as_str().unwrap() {
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    "PS256" => &RSA_PSS_SHA256,
                    "PS384" => &RSA_PSS_SHA384,
                    "PS512" => &RSA_PSS_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(by, &random, bytes, &mut signature).unwrap();
                signature
            }
            Self::Ec(_, pair) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(bytes).as_ref().to_vec(),
        };
        format!("{message}.{}", part(signature))
    }
}

/// Claims of `issuer` for `me` that count for another minute.
pub(super) fn claims(issuer: &str) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({"iss": issuer, "aud": "me", "sub": "ann", "exp": now + 60})
}
