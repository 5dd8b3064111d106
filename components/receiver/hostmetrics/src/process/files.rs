//! What the kernel says of a process besides `stat`.

use crate::number::whole;

/// What of `/proc/PID/status` is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) user: Option<u32>,
    pub(super) voluntary: u64,
    pub(super) involuntary: u64,
    /// The signals that wait for the process, a bit for each: Go shows it as a number.
    pub(super) signals: u64,
}

/// `/proc/PID/status`.
pub(super) fn status(text: &str) -> Status {
    let mut status = Status::default();
    for line in text.lines() {
        let Some((key, value)) = line.split_once(":\t") else { continue };
        match key {
            "Uid" => status.user = value.split('\t').next().and_then(|user| user.parse().ok()),
            "ShdPnd" => status.signals = u64::from_str_radix(value, 16).unwrap_or(0),
            "voluntary_ctxt_switches" => status.voluntary = whole(value).unwrap_or(0),
            "nonvoluntary_ctxt_switches" => status.involuntary = whole(value).unwrap_or(0),
            _ => {}
        }
    }
    status
}

/// `/proc/PID/cmdline`: the first part, and all of them with blanks between.
pub(super) fn command(text: &str) -> (String, String) {
    let text = text.trim_end_matches('\0');
    (text.split('\0').next().unwrap_or_default().to_owned(), text.replace('\0', " "))
}

/// The last part of a path.
pub(super) fn base(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// What of `/proc/PID/io` is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) read: u64,
    pub(super) written: u64,
    pub(super) reads: u64,
    pub(super) writes: u64,
}

/// `/proc/PID/io`.
pub(super) fn moved(text: &str) -> Result<Moved, String> {
    let mut moved = Moved::default();
    for line in text.lines() {
        let Some((key, value)) = line.split_once(": ") else { continue };
        let to = match key {
            "rchar" => &mut moved.read,
            "wchar" => &mut moved.written,
            "syscr" => &mut moved.reads,
            "syscw" => &mut moved.writes,
            _ => continue,
        };
        *to = whole(value)?;
    }
    Ok(moved)
}

/// `/proc/PID/statm`: how many pages there are, and how many of them in memory.
pub(super) fn pages(text: &str) -> Result<(u64, u64), String> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    if fields.len() < 6 {
        return Err(format!("malformed statm file: expected at least 6 fields, got {}", fields.len()));
    }
    Ok((whole(fields[0])?, whole(fields[1])?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_found() {
        let text = "Name:\tx\nUid:\t7\t8\t9\t9\nShdPnd:\t0000000000000102\nvoluntary_ctxt_switches:\t12\n\
                    nonvoluntary_ctxt_switches:\t3\n";
        let expected = Status { user: Some(7), voluntary: 12, involuntary: 3, signals: 0x102 };
        assert_eq!(status(text), expected);
        let text = "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\n";
        assert_eq!(moved(text), Ok(Moved { read: 1, written: 2, reads: 3, writes: 4 }));
        assert!(moved("rchar: -1\n").is_err());
        assert_eq!(pages("7 6 5 4 3 2 1\n"), Ok((7, 6)));
        assert_eq!(pages("7 6"), Err("malformed statm file: expected at least 6 fields, got 2".into()));
    }

    #[test]
    fn commands_are_lines() {
        for (text, first, all) in [
            ("/sbin/init\0--deep\0\0", "/sbin/init", "/sbin/init --deep"),
            ("sh\0-c\0\0x\0", "sh", "sh -c  x"),
            ("nginx: worker", "nginx: worker", "nginx: worker"),
            ("", "", ""),
        ] {
            assert_eq!(command(text), (first.into(), all.into()));
        }
        assert_eq!((base("/usr/bin/x"), base("x/"), base("/"), base("")), ("x", "x", "", ""));
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "(Uid|ShdPnd|rchar|:\t|: |\0|[0-9]{1,22}|/|é| |\n){0,40}") {
            let _ = (status(&text), command(&text), base(&text), moved(&text), pages(&text));
        }
    }
}
