//! Targets that stand in files, which are read again when they change.

use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    pin::Pin,
    time::{Duration, SystemTime},
};

use slimcol_config::{Section, Settings};
use slimcol_service::go_error;
use tokio::{task::spawn_blocking, time::sleep};

use super::{Discovery, Finder, Found, Group, groups};
use crate::{
    durations::PromDuration,
    stars::{LARGEST, matching},
};

/// From one look at the files to the next, if not sooner.
const LOOK: Duration = Duration::from_secs(5);

/// `file_sd_configs`.
pub(super) struct Files {
    patterns: Vec<String>,
    interval: PromDuration,
}

impl Settings for Files {
    fn read(from: &mut Section<'_>) -> Self {
        let patterns: Vec<String> = from.get("files", Vec::new());
        if patterns.is_empty() {
            from.error("files", "file service discovery config must contain at least one path name");
        }
        for name in &patterns {
            let known = [".json", ".yml", ".yaml"].iter().any(|end| name.to_lowercase().ends_with(end));
            let stars = name.rsplit_once('/').is_some_and(|(folder, _)| folder.contains('*'));
            if !known || stars {
                from.error("files", format!("path name {name:?} is not valid for file discovery"));
            }
        }
        Self { patterns, interval: from.get("refresh_interval", PromDuration::secs(300)) }
    }
}

impl From<Files> for Found {
    fn from(files: Files) -> Self {
        Self::File { patterns: files.patterns, interval: files.interval }
    }
}

/// Looks at the files again and again.
pub(super) struct Watch {
    patterns: Vec<String>,
    interval: Duration,
    known: Known,
}

/// What the files say, by when they were written and how long they are.
type Known = HashMap<PathBuf, (SystemTime, u64, Vec<Group>)>;

impl Watch {
    pub(super) fn new(patterns: Vec<String>, interval: Duration) -> Self {
        Self { patterns, interval: interval.min(LOOK).max(Duration::from_millis(100)), known: Known::new() }
    }
}

impl Discovery for Watch {
    fn run(mut self: Box<Self>, to: Finder) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            let mut told: Option<Vec<Group>> = None;
            loop {
                let (patterns, known) = (self.patterns.clone(), std::mem::take(&mut self.known));
                let Ok((known, errors)) = spawn_blocking(move || look(&patterns, known)).await else {
                    return;
                };
                for (path, error) in errors {
                    to.log.error("Error reading file", &[("path", path.into()), ("err", error.into())]);
                }
                let mut paths: Vec<_> = known.keys().collect();
                slimcol_order::sort(&mut paths);
                let all: Vec<Group> = paths.iter().flat_map(|path| known[*path].2.clone()).collect();
                self.known = known;
                if told.as_ref() != Some(&all) {
                    to.tell(all.clone()).await;
                    told = Some(all);
                }
                sleep(self.interval).await;
            }
        })
    }
}

/// Reads what has changed; a file that is wrong is what it was.
fn look(patterns: &[String], mut known: Known) -> (Known, Vec<(String, String)>) {
    let (mut now, mut errors) = (Known::new(), Vec::new());
    for path in patterns.iter().flat_map(|pattern| matching(pattern)) {
        let Ok(facts) = path.metadata() else { continue };
        let stamp = (facts.modified().unwrap_or(SystemTime::UNIX_EPOCH), facts.len());
        let before = match known.remove(&path) {
            Some(before) if (before.0, before.1) == stamp => {
                now.insert(path, before);
                continue;
            }
            before => before,
        };
        let name = path.display().to_string();
        let read = match facts.len() {
            0..=LARGEST => fs::read_to_string(&path).map_err(|error| go_error(&error)),
            _ => Err("file too large".to_owned()),
        };
        let found = read.and_then(|text| groups(&name, &text, "__meta_filepath"));
        let found = found.unwrap_or_else(|error| {
            errors.push((name, error));
            before.map(|before| before.2).unwrap_or_default()
        });
        now.insert(path, (stamp.0, stamp.1, found));
    }
    (now, errors)
}
