//! How long a compilation will take still.
//!
//! cargo says how many units are done, and the units are far from equal: the last one optimises and links the whole collector,
//! which takes as long as half of the others together. So that one is told apart, and how long it took last time is kept
//! beside the compiled crates.

use std::{fs, path::PathBuf, time::Duration};

/// A guess that gets better with every unit that is done.
#[derive(Debug)]
pub(super) struct Estimate {
    /// Where the last unit's time is kept.
    file: PathBuf,
    last_unit: Duration,
    /// When the first units were done that took any time, and how many those were.
    begun: Option<(Duration, u64)>,
    /// When all units but the last were done.
    linking: Option<Duration>,
}

/// What the last unit takes where nothing is known yet.
const UNKNOWN: Duration = Duration::from_secs(15);

impl Estimate {
    /// An estimate from what `file` says of the last time.
    pub(super) fn new(file: PathBuf) -> Self {
        let known = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
        let last_unit = known.map_or(UNKNOWN, Duration::from_secs);
        Self { file, last_unit, begun: None, linking: None }
    }

    /// What is left at `now`, counted from the start, with `done` of `of` units done; nothing while that is anybody's guess.
    pub(super) fn left(&mut self, now: Duration, done: u64, of: u64) -> Option<Duration> {
        if done + 1 >= of {
            let since = *self.linking.get_or_insert(now);
            return Some(self.last_unit.saturating_sub(now.saturating_sub(since)));
        }
        // What was compiled before is done at once and says nothing of the rest.
        let (begun, first) = *self.begun.get_or_insert((now, done));
        let units = u32::try_from(done.saturating_sub(first)).ok().filter(|units| *units >= 3)?;
        let rest = u32::try_from(of - done - 1).ok()?;
        Some((now.saturating_sub(begun) / units).saturating_mul(rest) + self.last_unit)
    }

    /// Keeps what the last unit took, at `now`, when everything is done.
    pub(super) fn finish(&self, now: Duration) {
        let Some(since) = self.linking else { return };
        let seconds = now.saturating_sub(since).as_secs();
        // A second or less: nothing was linked. That it cannot be kept is a worse guess next time and nothing else.
        if seconds > 1 {
            let _ = fs::write(&self.file, seconds.to_string());
        }
    }
}

/// A time to wait as people say it (`1 min 20 s`).
pub(super) fn spoken(left: Duration) -> String {
    match left.as_secs() {
        0 => "a moment".to_owned(),
        seconds @ 1..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_last_unit_is_told_apart_and_remembered() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("last-unit");
        let mut first = Estimate::new(file.clone());
        assert_eq!(first.left(at(1), 10, 100), None, "ten were compiled before");
        assert_eq!(first.left(at(2), 12, 100), None, "two units say little");
        assert_eq!(first.left(at(6), 20, 100), Some(at(79 / 2) + Duration::from_millis(500) + UNKNOWN));
        assert_eq!(first.left(at(45), 99, 100), Some(UNKNOWN));
        assert_eq!(first.left(at(50), 99, 100), Some(at(10)));
        assert_eq!(first.left(at(90), 99, 100), Some(at(0)), "never less than nothing");
        first.finish(at(67));
        let mut second = Estimate::new(file);
        assert_eq!(second.left(at(0), 99, 100), Some(at(22)));
        assert_eq!(spoken(at(0)), "a moment");
        assert_eq!(spoken(at(22)), "22 s");
        assert_eq!(spoken(at(80)), "1 min 20 s");
    }
}
