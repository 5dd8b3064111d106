//! SCRAM (RFC 5802, RFC 7677): a password proven without being sent, by both sides.

use std::num::NonZeroU32;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ring::{
    digest, hmac, pbkdf2,
    rand::{SecureRandom as _, SystemRandom},
};

/// Brokers ask for at least so many rounds, and may not ask for more than a second of work.
const ROUNDS: std::ops::RangeInclusive<u32> = 4096..=1_000_000;

#[derive(Clone, Copy, Debug)]
pub(super) enum Hash {
    Sha256,
    Sha512,
}

/// One exchange, from this client's side.
#[derive(Debug)]
pub(super) struct Scram {
    hash: Hash,
    password: String,
    nonce: String,
    /// The first message without its header.
    first: String,
    /// What the broker has to prove that it knows the password.
    expected: Vec<u8>,
}

impl Scram {
    /// `None` if the machine has no random numbers.
    pub(super) fn new(hash: Hash, user: &str, password: &str) -> Option<Self> {
        let mut random = [0; 24];
        SystemRandom::new().fill(&mut random).ok()?;
        Some(Self::with_nonce(hash, user, password, BASE64.encode(random)))
    }

    fn with_nonce(hash: Hash, user: &str, password: &str, nonce: String) -> Self {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let first = format!("n={user},r={nonce}");
        Self { hash, password: password.to_owned(), nonce, first, expected: Vec::new() }
    }

    pub(super) fn first(&self) -> String {
        format!("n,,{}", self.first)
    }

    /// What to say to the broker's first message.
    pub(super) fn answer(&mut self, server: &[u8]) -> Result<String, &'static str> {
        let text = std::str::from_utf8(server).map_err(|_| "the broker's first SCRAM message is damaged")?;
        let nonce = field(text, "r=").ok_or("the broker's first SCRAM message is damaged")?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err("the broker's SCRAM nonce is not made of this client's");
        }
        let salt = field(text, "s=").and_then(|salt| BASE64.decode(salt).ok());
        let salt = salt.ok_or("the broker's SCRAM salt is damaged")?;
        let rounds = field(text, "i=").and_then(|rounds| rounds.parse().ok());
        let rounds = rounds.filter(|rounds| ROUNDS.contains(rounds)).and_then(NonZeroU32::new);
        let rounds = rounds.ok_or("the broker asks for too few or too many SCRAM iterations")?;

        let without_proof = format!("c=biws,r={nonce}");
        let signed = format!("{},{text},{without_proof}", self.first);
        let salted = self.salted(&salt, rounds);
        let client_key = self.hmac(&salted, b"Client Key");
        let stored = digest::digest(self.digest(), &client_key);
        let signature = self.hmac(stored.as_ref(), signed.as_bytes());
        let proof: Vec<u8> = client_key.iter().zip(&signature).map(|(a, b)| a ^ b).collect();
        let server_key = self.hmac(&salted, b"Server Key");
        self.expected = self.hmac(&server_key, signed.as_bytes());
        Ok(format!("{without_proof},p={}", BASE64.encode(proof)))
    }

    /// Whether the broker knows the password, too.
    pub(super) fn verify(&self, server: &[u8]) -> Result<(), &'static str> {
        let text = std::str::from_utf8(server).unwrap_or_default();
        let proof = field(text, "v=").and_then(|proof| BASE64.decode(proof).ok());
        if proof.is_some_and(|proof| !self.expected.is_empty() && proof == self.expected) {
            Ok(())
        } else {
            Err("the broker does not know the password")
        }
    }

    fn salted(&self, salt: &[u8], rounds: NonZeroU32) -> Vec<u8> {
        let (algorithm, len) = match self.hash {
            Hash::Sha256 => (pbkdf2::PBKDF2_HMAC_SHA256, digest::SHA256_OUTPUT_LEN),
            Hash::Sha512 => (pbkdf2::PBKDF2_HMAC_SHA512, digest::SHA512_OUTPUT_LEN),
        };
        let mut out = vec![0; len];
        pbkdf2::derive(algorithm, rounds, salt, self.password.as_bytes(), &mut out);
        out
    }

    fn hmac(&self, key: &[u8], text: &[u8]) -> Vec<u8> {
        let algorithm = match self.hash {
            Hash::Sha256 => hmac::HMAC_SHA256,
            Hash::Sha512 => hmac::HMAC_SHA512,
        };
        hmac::sign(&hmac::Key::new(algorithm, key), text).as_ref().to_vec()
    }

    const fn digest(&self) -> &'static digest::Algorithm {
        match self.hash {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha512 => &digest::SHA512,
        }
    }
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(',').find_map(|part| part.strip_prefix(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677.
    #[test]
    fn the_rfcs_example() {
        let nonce = "rOprNGfwEbeRWgbNEkqO".to_owned();
        let mut scram = Scram::with_nonce(Hash::Sha256, "user", "pencil", nonce);
        assert_eq!(scram.first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let server = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        assert_eq!(
            scram.answer(server.as_bytes()).unwrap(),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        scram.verify(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").unwrap();
        scram.verify(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=").unwrap_err();
        scram.verify(b"e=other-error").unwrap_err();
    }

    #[test]
    fn brokers_that_cheat_are_refused() {
        let scram = || Scram::with_nonce(Hash::Sha512, "a=b,c", "x", "mine".to_owned());
        assert_eq!(scram().first(), "n,,n=a=3Db=2Cc,r=mine");
        for server in [
            "",
            "r=other,s=AAAA,i=4096",
            "r=mine,s=AAAA,i=4096",
            "r=mine+,s=?,i=4096",
            "r=mine+,s=AAAA,i=1",
            "r=mine+,s=AAAA,i=4000000000",
            "r=mine+,s=AAAA,i=99999999999",
        ] {
            assert!(scram().answer(server.as_bytes()).is_err(), "{server}");
        }
        // Before the exchange has come so far there is nothing to prove.
        assert!(scram().verify(b"v=").is_err());
    }
}
