//! Who collectors run as.

use std::fmt;

/// A user and a group, by number: an image made from nothing knows no names, and Kubernetes' `runAsNonRoot` wants numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// The user.
    pub(crate) uid: u32,
    /// The group.
    pub(crate) gid: u32,
}

/// The official images' user.
impl Default for User {
    fn default() -> Self {
        Self { uid: 10_001, gid: 10_001 }
    }
}

impl User {
    /// Reads `UID` or `UID:GID`; the group is otherwise the user's number.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (uid, gid) = text.split_once(':').unwrap_or((text, text));
        match (uid.parse(), gid.parse()) {
            (Ok(uid), Ok(gid)) => Ok(Self { uid, gid }),
            _ => Err(format!(
                "`{text}` is not a user by number: write `UID` or `UID:GID`, such as `10001:10001`"
            )),
        }
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.uid, self.gid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_numbers() {
        for (text, full) in [("0", "0:0"), ("65532:0", "65532:0"), ("10001", "10001:10001")] {
            assert_eq!(User::parse(text).unwrap().to_string(), full);
        }
        for text in ["", "otelcol", "1:", "1:x", "-1", "4294967296"] {
            assert!(User::parse(text).unwrap_err().starts_with(&format!("`{text}` is not a user")));
        }
    }
}
