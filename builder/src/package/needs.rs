//! What components need of the machine beyond what the service's cage gives every collector.

use super::Facts;
use crate::class::Class;

/// Receivers that read what programs log to files. On Debian and Fedora the group `adm` may read most of `/var/log`.
const LOG_READERS: [&str; 3] = ["file_log", "file_stats", "otlp_json_file"];

/// The groups that the service's user joins when it is made, where there are such groups.
pub(super) fn groups(facts: &Facts) -> Vec<&'static str> {
    let reads_logs = LOG_READERS.into_iter().any(|name| facts.has(Class::Receiver, name));
    let reads_journal = facts.has(Class::Receiver, "journald");
    let needed = [(reads_logs, "adm"), (reads_journal, "systemd-journal")];
    needed.into_iter().filter(|(needed, _)| *needed).map(|(_, group)| group).collect()
}

/// Whether the collector measures the machine it is on: its processes, its filesystems, its network interfaces.
pub(super) fn watches_host(facts: &Facts) -> bool {
    facts.has(Class::Receiver, "host_metrics")
}
