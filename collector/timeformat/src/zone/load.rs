//! Where zones come from: the machine's files, as Go's `LoadLocation` finds them.

use std::{
    env, fmt, fs,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::{Fixed, Zone, tzif};

/// Where Unix systems keep the database.
const FOLDERS: [&str; 4] =
    ["/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo"];

/// How large a file may be; the largest has 4 KB.
const LARGEST: u64 = 1 << 20;

/// There is no such zone; the message is Go's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone(String);

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnknownZone {}

impl Zone {
    /// The zone of an IANA name (`Europe/Paris`), `UTC` (or nothing), or `Local`.
    pub fn load(name: &str) -> Result<Self, UnknownZone> {
        match name {
            "" | "UTC" => return Ok(Self::Utc),
            "Local" => return Ok(Self::local()),
            _ => {}
        }
        if name.starts_with(['/', '\\']) || name.contains("..") {
            return Err(UnknownZone("time: invalid location name".into()));
        }
        let own = env::var_os("ZONEINFO").filter(|folder| !folder.is_empty());
        let folders = own.iter().map(Path::new).chain(FOLDERS.iter().map(Path::new));
        let found = folders.map(|folder| folder.join(name)).find_map(|path| file(&path));
        found.ok_or_else(|| UnknownZone(format!("unknown time zone {name}")))
    }

    /// The machine's zone: what `TZ` says, else `/etc/localtime`, else UTC. It is found once.
    pub fn local() -> Self {
        static LOCAL: OnceLock<Zone> = OnceLock::new();
        let find = || match env::var("TZ") {
            Err(_) => file(Path::new("/etc/localtime")),
            Ok(name) => match name.strip_prefix(':').unwrap_or(&name) {
                "" | "UTC" => None,
                path if path.starts_with('/') => file(Path::new(path)),
                name => Self::load(name).ok(),
            },
        };
        LOCAL.get_or_init(|| find().unwrap_or(Self::Utc)).clone()
    }
}

fn file(path: &Path) -> Option<Zone> {
    let about = fs::metadata(path).ok()?;
    let bytes = (about.is_file() && about.len() <= LARGEST).then(|| fs::read(path))?.ok()?;
    tzif::read(&bytes).map(Arc::new).map(Zone::Place)
}

/// Zones that texts named by abbreviations. There are few of them, unless somebody plays: then each is looked for again.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Vec<(String, Result<Zone, UnknownZone>)>>);

impl Known {
    const MOST: usize = 32;

    pub(crate) fn load(&self, name: &str) -> Result<Zone, UnknownZone> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, zone)) = known.iter().find(|(n, _)| n == name) {
            return zone.clone();
        }
        let zone = Zone::load(name);
        if known.len() < Self::MOST {
            known.push((name.to_owned(), zone.clone()));
        }
        zone
    }
}

impl Zone {
    /// A fixed distance from UTC.
    pub(crate) fn fixed(seconds: i32, name: &[u8]) -> Self {
        Self::Fixed(Fixed::new(seconds, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_zones() {
        for (name, message) in [
            ("../etc/passwd", "time: invalid location name"),
            ("Europe/../../x", "time: invalid location name"),
            ("/etc/localtime", "time: invalid location name"),
            ("Nowhere/Land", "unknown time zone Nowhere/Land"),
            ("PDT", "unknown time zone PDT"),
        ] {
            assert_eq!(Zone::load(name).unwrap_err().to_string(), message);
        }
        assert!(matches!(Zone::load(""), Ok(Zone::Utc)));
    }

    #[test]
    fn abbreviations_are_remembered_up_to_a_number() {
        let known = Known::default();
        for i in 0..100 {
            assert!(known.load(&format!("X{i}")).is_err());
        }
        assert_eq!(known.0.lock().unwrap().len(), Known::MOST);
    }
}
