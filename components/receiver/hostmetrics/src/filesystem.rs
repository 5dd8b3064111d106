//! How full the file systems are.

mod mounts;
mod table;

use std::{
    collections::HashSet,
    fs,
    io::Error,
    path::{Path, PathBuf},
    process,
    sync::Arc,
};

use slimcol_config::{Section, Settings};
use slimcol_scraper::{Filters, Number, Recorder, Scraped, Scraper, Switches};
use slimcol_service::{BoxError, go_error};

use self::{
    mounts::Mount,
    table::{INODES, TABLE, USAGE, UTILIZATION},
};
use crate::{
    host::{Host, emitted, now},
    number::ratio,
    parts::Part,
    reader::Reader,
    root::{self, Root},
};

/// What Go counts as missing when nothing could be read.
const METRICS: usize = 2;

/// The keys of `filesystem`.
#[derive(Debug)]
pub(crate) struct Config {
    with_virtual: bool,
    devices: Filters,
    kinds: Filters,
    mount_points: Filters,
    switches: Switches,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            with_virtual: from.get("include_virtual_filesystems", false),
            devices: Filters::read(from, "include_devices", "exclude_devices", "devices"),
            kinds: Filters::read(from, "include_fs_types", "exclude_fs_types", "fs_types"),
            mount_points: Filters::read(from, "include_mount_points", "exclude_mount_points", "mount_points"),
            switches: Switches::read(from, &TABLE),
        }
    }
}

impl Part for Config {
    fn start(self: Box<Self>, host: &Arc<Host>) -> Result<Box<dyn Scraper>, BoxError> {
        if host.root.is_default() && is_container() {
            host.log.warn(
                "No `root_path` config set when running in docker environment, will report container filesystem stats. See \
                 https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/receiver/hostmetricsreceiver\
                 #collecting-host-metrics-from-inside-a-container-linux-only",
                &[("scraper", "filesystem".into())],
            );
        }
        let Self { with_virtual, devices, kinds, mount_points, switches } = *self;
        let recorder = host.recorder("filesystem", switches);
        let (host, reader) = (host.clone(), Reader::default());
        Ok(Box::new(FileSystem { host, with_virtual, devices, kinds, mount_points, recorder, reader }))
    }
}

fn is_container() -> bool {
    process::id() == 1 || ["/.dockerenv", "/run/.containerenv"].iter().any(|path| Path::new(path).exists())
}

#[derive(Debug)]
struct FileSystem {
    host: Arc<Host>,
    with_virtual: bool,
    devices: Filters,
    kinds: Filters,
    mount_points: Filters,
    recorder: Recorder,
    reader: Reader,
}

impl Scraper for FileSystem {
    fn name(&self) -> &'static str {
        "filesystem"
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        let mounts = match self.mounts() {
            Ok(mounts) => mounts,
            Err(error) => return Scraped { failed: METRICS, errors: vec![error], ..Scraped::default() },
        };
        let mut errors = Vec::new();
        for mount in mounts {
            let path = self.path(&mount.point);
            match rustix::fs::statfs(&path) {
                Ok(stat) => record(&mut self.recorder, &mount, &stat),
                Err(error) => {
                    let error = go_error(&Error::from(error));
                    errors.push(format!("failed to read usage at {}: {error}", path.display()));
                }
            }
        }
        let scraped = emitted(&mut self.recorder, to);
        // Go counts none as missing as long as one is there.
        let failed = if scraped.points == 0 && !errors.is_empty() { METRICS } else { 0 };
        Scraped { failed, errors, ..scraped }
    }
}

impl FileSystem {
    /// What is mounted and to be measured, each once.
    fn mounts(&mut self) -> Result<Vec<Mount>, String> {
        let root = &self.host.root;
        let real = if self.with_virtual {
            None
        } else {
            Some(mounts::on_devices(&self.reader.read(&root.proc("filesystems"))?))
        };
        let mut mounts = mounted(root, &mut self.reader, real.as_deref())?;
        let mut seen = HashSet::new();
        mounts.retain_mut(|mount| {
            name_device(mount, root);
            (mount.point.is_empty() || seen.insert((mount.point.clone(), mount.device.clone())))
                && self.devices.admit(&mount.device)
                && self.kinds.admit(&mount.kind)
                && self.mount_points.admit(&mount.point)
        });
        Ok(mounts)
    }

    /// Where this process sees a mount point of the host.
    fn path(&self, mount_point: &str) -> PathBuf {
        let (root, point) = (self.host.root.path(), Path::new(mount_point));
        // Where the host's list could not be read, this process's has the host's root before each.
        if point.starts_with(root) { point.into() } else { root.join(mount_point.trim_start_matches('/')) }
    }
}

/// What the host's first process sees, else what this one does.
fn mounted(root: &Root, reader: &mut Reader, real: Option<&[String]>) -> Result<Vec<Mount>, String> {
    let mut outcome = Err(String::new());
    let listed =
        root::mounts().map_or_else(|| vec![root.proc("1"), root.proc("self")], |folder| vec![folder]);
    for process in listed {
        let path = process.join("mountinfo");
        if let Ok(text) = reader.read(&path) {
            let failed = |error| format!("error parsing mountinfo file {}: {error}", path.display());
            return mounts::mountinfo(&text, real).map_err(failed);
        }
        match reader.read(&process.join("mounts")) {
            Ok(text) => return Ok(mounts::mounts(&text, real)),
            Err(error) => outcome = Err(error),
        }
    }
    outcome
}

/// Gives the devices their real names that the kernel calls by others.
fn name_device(mount: &mut Mount, root: &Root) {
    if let Some(name) = mount.device.strip_prefix("/dev/") {
        if name.starts_with("mapper/") {
            if let Ok(path) = fs::canonicalize(root.folder("HOST_DEV", "dev").join(name)) {
                mount.device = path.to_string_lossy().into_owned();
            }
        } else if name == "root" {
            let block = root.folder("HOST_SYS", "sys").join("dev/block").join(&mount.number);
            if let Some(name) = fs::read_link(block).ok().as_deref().and_then(Path::file_name) {
                mount.device = format!("/dev/{}", name.to_string_lossy());
            }
        }
    }
}

fn record(recorder: &mut Recorder, mount: &Mount, stat: &rustix::fs::StatFs) {
    let block = u64::try_from(stat.f_bsize).unwrap_or(0);
    let bytes = |blocks: u64| blocks.wrapping_mul(block);
    let (total, free) = (bytes(stat.f_blocks), bytes(stat.f_bavail));
    let used = bytes(stat.f_blocks.wrapping_sub(stat.f_bfree));
    let reserved = total.wrapping_sub(used).wrapping_sub(free);
    let Mount { device, point, kind, mode, .. } = mount;
    let by = |state| [device.as_str(), *mode, point, kind, state];
    for (state, bytes) in [("used", used), ("free", free), ("reserved", reserved)] {
        recorder.record(USAGE, Number::Int(bytes.cast_signed()), &by(state));
    }
    recorder.record(UTILIZATION, ratio(used, used.wrapping_add(free)), &by("")[..4]);
    recorder.record(INODES, stat.f_files.saturating_sub(stat.f_ffree), &by("used"));
    recorder.record(INODES, stat.f_ffree, &by("free"));
}
