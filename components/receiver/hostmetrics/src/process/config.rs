//! The keys of `process`.

use slimcol_config::{Duration, Section, Settings};
use slimcol_scraper::{Filters, Resources, Switches};

use super::{RESOURCE, table::TABLE};

/// What is measured, of which processes.
#[derive(Debug)]
pub(crate) struct Config {
    pub(super) names: Filters,
    pub(super) mute: Mute,
    /// For how many milliseconds a process has to have been there.
    pub(super) delay: u64,
    pub(super) resources: Resources,
    pub(super) switches: Switches,
}

/// Which errors are not told.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "these are users' switches")]
pub(super) struct Mute {
    pub(super) all: bool,
    pub(super) name: bool,
    pub(super) exe: bool,
    pub(super) io: bool,
    pub(super) user: bool,
    pub(super) cgroup: bool,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            names: Filters::read(from, "include", "exclude", "names"),
            mute: Mute {
                all: from.get("mute_process_all_errors", false),
                name: from.get("mute_process_name_error", false),
                exe: from.get("mute_process_exe_error", false),
                io: from.get("mute_process_io_error", false),
                user: from.get("mute_process_user_error", false),
                cgroup: from.get("mute_process_cgroup_error", false),
            },
            delay: u64::try_from(from.get("scrape_process_delay", Duration::default()).0 / 1_000_000)
                .unwrap_or(0),
            resources: Resources::read(from, &RESOURCE),
            switches: Switches::read(from, &TABLE),
        }
    }
}
