//! What memory there is and what of it the process uses, from `/proc` and `/sys/fs/cgroup`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Where to look.
#[derive(Clone, Debug)]
pub(crate) struct System {
    root: PathBuf,
}

impl System {
    /// The system that the process runs on.
    pub(crate) fn here() -> Self {
        Self { root: "/".into() }
    }

    /// One that a test made up.
    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.into() }
    }

    /// The bytes of memory that the process may use: its control group's limit (v2, then v1), else the machine's memory.
    pub(crate) fn total(&self) -> io::Result<u64> {
        let machine = self.kib("proc/meminfo", "MemTotal:")?;
        let group = self.v2().or_else(|| self.v1()).filter(|limit| *limit > 0);
        Ok(group.map_or(machine, |limit| limit.min(machine)))
    }

    /// The bytes that the process holds: resident, without pages that only mirror files.
    pub(crate) fn used(&self) -> io::Result<u64> {
        // Kernels before 4.5 do not tell the kinds of pages apart.
        self.kib("proc/self/status", "RssAnon:").or_else(|_| self.kib("proc/self/status", "VmRSS:"))
    }

    fn v2(&self) -> Option<u64> {
        let groups = self.groups()?;
        let group = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
        least(&self.root.join("sys/fs/cgroup"), group, "memory.max")
    }

    fn v1(&self) -> Option<u64> {
        let groups = self.groups()?;
        // Number, controllers, path.
        let group = groups.lines().find_map(|line| {
            let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
            controllers.split(',').any(|controller| controller == "memory").then_some(path)
        })?;
        least(&self.root.join("sys/fs/cgroup/memory"), group, "memory.limit_in_bytes")
    }

    /// The control groups that the process is in, one a line.
    fn groups(&self) -> Option<String> {
        fs::read_to_string(self.root.join("proc/self/cgroup")).ok()
    }

    /// The value of `key` in a file of `key: number kB` lines, in bytes.
    fn kib(&self, file: &str, key: &str) -> io::Result<u64> {
        let path = self.root.join(file);
        let text = fs::read_to_string(&path)?;
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(key))
            .and_then(|rest| rest.split_whitespace().next());
        let kib: Option<u64> = value.and_then(|number| number.parse().ok());
        let missing =
            || io::Error::new(io::ErrorKind::InvalidData, format!("no {key} in {}", path.display()));
        Ok(kib.ok_or_else(missing)?.saturating_mul(1024))
    }
}

/// The least limit of a group and those above it. A container that sees only its own group finds it at the top.
fn least(mount: &Path, group: &str, file: &str) -> Option<u64> {
    let path = mount.join(group.trim_start_matches('/'));
    path.ancestors().take_while(|dir| dir.starts_with(mount)).filter_map(|dir| number(&dir.join(file))).min()
}

/// The number in a file; `max` and anything else that is not a number is none.
fn number(file: &Path) -> Option<u64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A system of the given files.
    fn system(files: &[(&str, &str)]) -> (tempfile::TempDir, System) {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let system = System::at(dir.path());
        (dir, system)
    }

    #[test]
    fn the_least_limit_above_the_process_counts() {
        let meminfo = ("proc/meminfo", "MemTotal:        1000 kB\nMemFree:  1 kB\n");
        let v2 = ("proc/self/cgroup", "0::/a/b\n");
        let v1 = ("proc/self/cgroup", "3:memory:/docker/x\n1:cpu:/\n");
        let cases: &[(&[(&str, &str)], u64)] = &[
            (&[meminfo], 1_024_000),
            (&[meminfo, v2, ("sys/fs/cgroup/a/b/memory.max", "max\n")], 1_024_000),
            (&[meminfo, v2, ("sys/fs/cgroup/a/b/memory.max", "5000\n")], 5000),
            (
                &[
                    meminfo,
                    v2,
                    ("sys/fs/cgroup/a/memory.max", "4000"),
                    ("sys/fs/cgroup/a/b/memory.max", "5000"),
                ],
                4000,
            ),
            (&[meminfo, ("proc/self/cgroup", "0::/"), ("sys/fs/cgroup/memory.max", "3000")], 3000),
            (&[meminfo, v1, ("sys/fs/cgroup/memory/memory.limit_in_bytes", "2000")], 2000),
            (&[meminfo, v1, ("sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "1500")], 1500),
            (
                &[
                    meminfo,
                    ("proc/self/cgroup", "12:devices:/x\n4:cpuset,memory:/a/b\n0::/\n"),
                    ("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "1200"),
                    ("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "1400"),
                ],
                1200,
            ),
            // What version 1 writes for no limit.
            (
                &[meminfo, v1, ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712")],
                1_024_000,
            ),
        ];
        for (files, expected) in cases {
            let (_dir, system) = system(files);
            assert_eq!(system.total().unwrap(), *expected, "{files:?}");
        }
    }

    #[test]
    fn resident_memory_is_read_with_or_without_its_kinds() {
        let (_dir, new) = system(&[("proc/self/status", "VmRSS:\t 30 kB\nRssAnon:\t 20 kB\n")]);
        assert_eq!(new.used().unwrap(), 20 << 10);
        let (_dir, old) = system(&[("proc/self/status", "VmRSS:\t 30 kB\n")]);
        assert_eq!(old.used().unwrap(), 30 << 10);
        let (_dir, none) = system(&[("proc/self/status", "Name: x\n")]);
        assert!(none.used().unwrap_err().to_string().contains("no VmRSS: in "));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_system_can_be_measured() {
        let here = System::here();
        assert!(here.total().unwrap() > here.used().unwrap());
        assert!(here.used().unwrap() > 0);
    }
}
