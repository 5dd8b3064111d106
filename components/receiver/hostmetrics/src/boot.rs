//! When the host started.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{number::whole, reader::Reader, root::Root};

/// In seconds of 1970. Containers that have an uptime of their own count from their own start, as in Go.
pub(crate) fn time(root: &Root, reader: &mut Reader) -> Result<u64, String> {
    if is_guest(root, reader) {
        let uptime = uptime(&reader.read(&root.proc("uptime"))?)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        return Ok(now.saturating_sub(uptime).as_secs());
    }
    stated(&reader.read(&root.proc("stat"))?)
}

/// What `/proc/stat` says.
fn stated(stat: &str) -> Result<u64, String> {
    let line = stat.lines().find(|line| line.starts_with("btime"));
    let mut fields = line.ok_or("could not find btime")?.split_ascii_whitespace();
    match (fields.next(), fields.next(), fields.next()) {
        (Some(_), Some(time), None) => whole(time),
        _ => Err("wrong btime format".into()),
    }
}

/// What `/proc/uptime` says.
fn uptime(text: &str) -> Result<std::time::Duration, String> {
    let seconds = text.split_ascii_whitespace().next().and_then(|field| field.parse::<f64>().ok());
    seconds
        .and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "wrong uptime format".into())
}

/// Whether this is a container of Docker or LXC. Whichever says something last is right, as in Go.
fn is_guest(root: &Root, reader: &mut Reader) -> bool {
    let mut has = |path: &Path, text: &str| reader.read(path).is_ok_and(|content| content.contains(text));
    let groups = root.proc("self/cgroup");
    let mut is_guest = has(&root.proc("1/environ"), "container=lxc");
    if has(&groups, "lxc") || has(&groups, "docker") {
        is_guest = true;
    } else if has(&groups, "machine-rkt") {
        is_guest = false;
    }
    is_guest || root.folder("HOST_ROOT", "").join(".dockerenv").exists()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_kernel_states_it() {
        assert_eq!(stated("cpu 1 2\nbtime 1795272745\nprocesses 1\n"), Ok(1_795_272_745));
        assert_eq!(stated("cpu 1 2\n").unwrap_err(), "could not find btime");
        assert_eq!(stated("btime\n").unwrap_err(), "wrong btime format");
        assert_eq!(uptime("51314.27 92012.56\n"), Ok(std::time::Duration::from_millis(51_314_270)));
        assert_eq!(uptime("-1 2").unwrap_err(), "wrong uptime format");
    }

    #[test]
    fn this_machine_started_before_now() {
        let boot = time(&Root::new(""), &mut Reader::default()).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        assert!(boot < now && boot > now - 10 * 365 * 86400, "{boot}");
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "(btime)?[ \\n0-9a-z.-]{0,40}") {
            let _ = (stated(&text), uptime(&text));
        }
    }
}
