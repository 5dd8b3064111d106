//! Reads `/proc/PID/stat` and `/proc/PID/status`.

use std::time::Duration;

/// User and system time of a process, from the text of its `stat`; `None` if it is not one.
///
/// `ticks` is how many of the kernel's clock ticks make a second.
pub fn cpu(stat: &str, ticks: u64) -> Option<Duration> {
    // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
    let (_, rest) = stat.rsplit_once(')')?;
    // utime and stime are fields 14 and 15; what is left starts at field 3.
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let utime: u64 = fields.next()?.parse().ok()?;
    let stime: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis(1000 * (utime + stime) / ticks))
}

/// A memory figure in KiB (`VmHWM`, `VmRSS`), from the text of a process's `status`.
pub fn kib(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{cpu, kib};

    #[test]
    fn cpu_is_user_and_system_time() {
        let stat = "4211 (otelcol) S 1 4211 4211 0 -1 4194304 900 0 0 0 157 43 0 0 20 0 7 0 123 0 0\n";
        assert_eq!(cpu(stat, 100), Some(Duration::from_secs(2)));
        assert_eq!(cpu(stat, 1000), Some(Duration::from_millis(200)));
    }

    #[test]
    fn a_name_may_hold_anything() {
        let stat = "7 (a) b (c d) R 1 7 7 0 -1 0 0 0 0 0 3 4 9 9";
        assert_eq!(cpu(stat, 100), Some(Duration::from_millis(70)));
    }

    #[test]
    fn what_is_no_stat_is_refused() {
        for text in ["", "7 (a", "7 (a) R 1 2", "7 (a) R 1 7 7 0 -1 0 0 0 0 0 x 4"] {
            assert_eq!(cpu(text, 100), None, "{text:?}");
        }
    }

    #[test]
    fn memory_is_found_by_its_whole_name() {
        let status = "Name:\tx\nVmHWMx:\t1 kB\nVmHWM:\t  10240 kB\nVmRSS:\t   512 kB\nThreads:\t7\n";
        assert_eq!(kib(status, "VmHWM"), Some(10240));
        assert_eq!(kib(status, "VmRSS"), Some(512));
        assert_eq!(kib(status, "VmSwap"), None);
        assert_eq!(kib(status, "Threads"), None);
    }
}
