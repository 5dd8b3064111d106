//! What the kernel says of a process (`/proc/PID/stat`).

use std::{fs, path::Path};

use slimcol_service::go_error;

use crate::number::whole;

/// A process. Times are in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat<'a> {
    pub(crate) name: &'a str,
    pub(crate) state: &'a str,
    pub(crate) parent: u64,
    pub(crate) minor_faults: u64,
    pub(crate) major_faults: u64,
    pub(crate) user: u64,
    pub(crate) system: u64,
    pub(crate) threads: u64,
    /// From the host's start to the process's.
    pub(crate) begun: u64,
    /// What it waited for disks.
    pub(crate) waited: u64,
}

/// A process. The name stands in parentheses, and can have some itself.
pub(crate) fn stat(text: &str) -> Result<Stat<'_>, String> {
    let inner = text.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')'));
    let (name, rest) = inner.ok_or("malformed stat file: no name")?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    if fields.len() < 20 {
        return Err(format!("malformed stat file: expected at least 23 fields, got {}", fields.len() + 3));
    }
    // The first of these fields is the third of the file.
    let at = |field: usize| whole(fields[field - 3]);
    Ok(Stat {
        name,
        state: fields[0],
        parent: at(4)?,
        minor_faults: at(10)?,
        major_faults: at(12)?,
        user: at(14)?,
        system: at(15)?,
        threads: at(20)?,
        begun: at(22)?,
        // Some kernels do not know.
        waited: fields.get(39).and_then(|field| whole(field).ok()).unwrap_or(0),
    })
}

/// The numbers of all processes.
pub(crate) fn processes(proc: &Path) -> Result<Vec<i32>, String> {
    let entries =
        fs::read_dir(proc).map_err(|error| format!("open {}: {}", proc.display(), go_error(&error)))?;
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok().filter(|pid: &i32| *pid >= 0);
    Ok(entries.flatten().filter_map(number).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STAT: &str = "42 (a) (b) S 1 42 42 0 -1 4194560 314 27182 141 17 1777 2333 7 8 20 0 3 0 123456 170000384 3456 \
                        18446744073709551615 1 1 0 0 0 0 671173123 4096 1260 0 0 0 17 1 0 0 25 0 0\n";

    #[test]
    fn fields_have_their_places() {
        let expected = Stat {
            name: "a) (b",
            state: "S",
            parent: 1,
            minor_faults: 314,
            major_faults: 141,
            user: 1777,
            system: 2333,
            threads: 3,
            begun: 123_456,
            waited: 25,
        };
        assert_eq!(stat(STAT), Ok(expected));
        let short = stat("42 (x) S 1 2 3").unwrap_err();
        assert_eq!(short, "malformed stat file: expected at least 23 fields, got 7");
        assert!(stat("").is_err());
    }

    #[test]
    fn this_process_is_one() {
        let pids = processes(Path::new("/proc")).unwrap();
        assert!(pids.contains(&i32::try_from(std::process::id()).unwrap()));
        assert_eq!(processes(Path::new("/none")).unwrap_err(), "open /none: no such file or directory");
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "([0-9]{1,22}|[a-zé]|[()]| |\n){0,80}") {
            let _ = stat(&text);
        }
    }
}
