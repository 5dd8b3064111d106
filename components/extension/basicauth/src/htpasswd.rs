//! htpasswd files: a user and a hash a line, in the formats that `htpasswd` and `openssl passwd` write.

mod md5;

use std::{collections::HashMap, fmt};

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::digest;
use sha_crypt::{PasswordVerifier, ShaCrypt};
use subtle::ConstantTimeEq;

/// The longest password that is tried, bytes: the work of some formats grows with it.
const LONGEST: usize = 1024;
/// Bytes of SHA-1.
const SHA1: usize = 20;

/// Who may come in.
#[derive(Default)]
pub(crate) struct Users(HashMap<String, Hash>);

/// How a password is kept.
#[derive(Clone)]
pub(crate) enum Hash {
    /// `$2y$`, `$2a$`, `$2b$`, `$2x$`.
    Bcrypt(String),
    /// `$apr1$` and `$1$`.
    Md5(String),
    /// `$5$` and `$6$`.
    Sha2(String),
    /// `{SHA}`, and `{SSHA}` with what stands behind the digest.
    Sha1 { digest: Vec<u8>, salt: Vec<u8> },
    /// Anything else is the password itself.
    Plain(String),
}

impl Users {
    /// Reads lines; a user's last one counts. What cannot be read is left out: the numbers of those lines, from 1.
    pub(crate) fn parse(text: &str) -> (Self, Vec<usize>) {
        let (mut users, mut bad) = (HashMap::new(), Vec::new());
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_matches([' ', '\r']);
            if line.is_empty() {
                continue;
            }
            match line.split_once(':').and_then(|(user, hash)| Some((user, Hash::parse(hash)?))) {
                Some((user, hash)) => {
                    users.insert(user.to_owned(), hash);
                }
                None => bad.push(number),
            }
        }
        (Self(users), bad)
    }

    /// The user's hash.
    pub(crate) fn find(&self, user: &str) -> Option<&Hash> {
        self.0.get(user)
    }

    /// A hash to spend time on for a user who does not exist, so that this does not show.
    pub(crate) fn any(&self) -> Option<&Hash> {
        self.0.values().next()
    }
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Users").field(&self.0.len()).finish()
    }
}

impl Hash {
    /// `None` for what begins like one of the formats and is not.
    fn parse(text: &str) -> Option<Self> {
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
        if starts(&["$2y$", "$2a$", "$2b$", "$2x$"]) {
            return text.parse::<bcrypt::HashParts>().is_ok().then(|| Self::Bcrypt(text.to_owned()));
        }
        if starts(&["$apr1$", "$1$"]) {
            return md5::split(text).is_some().then(|| Self::Md5(text.to_owned()));
        }
        if starts(&["$5$", "$6$"]) {
            return (text.matches('$').count() >= 3).then(|| Self::Sha2(text.to_owned()));
        }
        let sha1 = text.strip_prefix("{SHA}").map(|rest| (rest, false));
        if let Some((rest, salted)) = sha1.or_else(|| text.strip_prefix("{SSHA}").map(|rest| (rest, true))) {
            let mut digest = BASE64_STANDARD.decode(rest).ok()?;
            if digest.len() < SHA1 || (!salted && digest.len() != SHA1) {
                return None;
            }
            let salt = digest.split_off(SHA1);
            return Some(Self::Sha1 { digest, salt });
        }
        Some(Self::Plain(text.to_owned()))
    }

    /// Whether trying a password takes long enough to hold up others.
    pub(crate) fn is_slow(&self) -> bool {
        !matches!(self, Self::Sha1 { .. } | Self::Plain(_))
    }

    /// Whether this is the password's hash. Takes as long for a wrong one as for the right one.
    pub(crate) fn fits(&self, password: &str) -> bool {
        if password.len() > LONGEST {
            return false;
        }
        let bytes = password.as_bytes();
        match self {
            Self::Bcrypt(hash) => bcrypt::verify(bytes, hash).unwrap_or(false),
            Self::Md5(hash) => md5::fits(bytes, hash),
            Self::Sha2(hash) => ShaCrypt::SHA512.verify_password(bytes, hash.as_str()).is_ok(),
            Self::Sha1 { digest, salt } => {
                let found = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &[bytes, salt].concat());
                found.as_ref().ct_eq(digest).into()
            }
            // Digests are as long as each other, so that the password's length does not show either.
            Self::Plain(plain) => {
                let digest = |text: &[u8]| digest::digest(&digest::SHA256, text);
                digest(bytes).as_ref().ct_eq(digest(plain.as_bytes()).as_ref()).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The password `pass wörd` as `htpasswd` and `openssl passwd` keep it.
    const SAME: &[&str] = &[
        "$2y$04$2oAgGtj24RqEq1FbX4LxEOrbJwm0qEkWSrc5RDJR8baacHe82atie",
        "$2b$04$eHknfDSteZRc6OpSzPPjdeHUuqtK5x3vE25j5.Z.wrmKNtmkrFSCe",
        "$apr1$v7537BQc$wIXI67J2zf9TuiPqQX1mI1",
        "$1$abcdefgh$qpMmn7GbKJvZCGmRMyzvT0",
        "$1$x$eonWy6asUODIVwgIMJQVs0",
        "$5$J/C7pG7X9IeDZO79$RD7N1I8vb9J7xy0xPLWp0CMwHRGVAFvF5XdyRAteRcA",
        "$6$LsIA5rnqL.OEe72v$eDOhqAc94rcJsUO6XAYyLgHh5Aff7WMOygCG1O3uSA3ThjbIDOt0tLoxfsQkD7KrNvg7MdKKOuAVUHlnEGF/n1",
        "$6$rounds=1500$somesalt$AMZRNFZTajzCJBrkvgZF696O/5I.Hj5qrpa.S8Ce9yMlTLRmW80n5nVp0uqYERpuPTIM4sSrNUA18OuCwdw990",
        "{SHA}B/PcQHeAKywePq/ztWiCWf9lImE=",
        "{SSHA}aYRgzJAYe6qnAxmdrrdfMTdaNw9zYWx6",
        "pass wörd",
    ];

    #[test]
    fn every_format_is_read() {
        for hash in SAME {
            let (users, bad) = Users::parse(&format!("me:{hash}"));
            assert_eq!(bad, [0usize; 0], "{hash}");
            let hash = users.find("me").unwrap();
            assert!(hash.fits("pass wörd"), "{users:?}");
            for wrong in ["", "pass word", "pass wörd ", &"x".repeat(LONGEST + 1)] {
                assert!(!hash.fits(wrong), "{wrong}");
            }
        }
    }

    #[test]
    fn which_formats_are_slow() {
        let slow: Vec<bool> = SAME.iter().map(|hash| Hash::parse(hash).unwrap().is_slow()).collect();
        assert_eq!(slow, [true, true, true, true, true, true, true, true, false, false, false]);
    }

    #[test]
    fn the_last_line_of_a_user_counts_and_bad_ones_are_told() {
        let text = "\n a:one \r\nnobody\nb:{SHA}short\na:two:three\nb:$2y$x\nb:$apr1$\nb:$6$x\n";
        let (users, bad) = Users::parse(text);
        assert_eq!(bad, [3, 4, 6, 7, 8]);
        assert!(users.find("a").unwrap().fits("two:three") && users.find("b").is_none());
        assert!(!format!("{users:?}").contains("two"));
    }
}
