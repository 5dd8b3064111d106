//! Whose a process is (`/etc/passwd`).

use std::{collections::HashMap, fs, path::Path, time::SystemTime};

use crate::reader::Reader;

const USERS: &str = "/etc/passwd";

/// The names of users by number. Those of this process's system: the host's may be out of sight, and Go asks it too.
#[derive(Debug, Default)]
pub(super) struct Owners {
    names: HashMap<u32, String>,
    /// When the list was last changed.
    changed: Option<SystemTime>,
}

impl Owners {
    /// Reads the list again if it was changed.
    pub(super) fn refresh(&mut self, reader: &mut Reader) {
        let changed = fs::metadata(USERS).and_then(|about| about.modified()).ok();
        if changed.is_none() || changed != self.changed {
            self.names = reader.read(Path::new(USERS)).map(|text| users(&text)).unwrap_or_default();
            self.changed = changed;
        }
    }

    /// The name of a user, none if the process's is not known.
    ///
    /// # Errors
    /// There is no such user, in Go's words.
    pub(super) fn name(&self, user: Option<u32>) -> Result<Option<&str>, String> {
        let Some(user) = user else { return Ok(None) };
        let name = self.names.get(&user).ok_or_else(|| format!("user: unknown userid {user}"))?;
        Ok(Some(name))
    }
}

/// The first name of each number counts.
fn users(text: &str) -> HashMap<u32, String> {
    let mut users = HashMap::new();
    for line in text.lines() {
        let mut fields = line.split(':');
        if let (Some(name), Some(Ok(user))) = (fields.next(), fields.nth(1).map(str::parse)) {
            users.entry(user).or_insert_with(|| name.to_owned());
        }
    }
    users
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn users_have_names() {
        let names = users("root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\ndaemon:x:1:1::/:\n#\nx:y\n");
        let owners = Owners { names, changed: None };
        assert_eq!(owners.name(Some(0)), Ok(Some("root")));
        assert_eq!(owners.name(Some(1)), Ok(Some("daemon")));
        assert_eq!(owners.name(None), Ok(None));
        assert_eq!(owners.name(Some(7)), Err("user: unknown userid 7".into()));
    }

    proptest! {
        #[test]
        fn garbage_is_left_out(text in "([a-z]|:|\n|[0-9]{1,12}){0,40}") {
            users(&text);
        }
    }
}
