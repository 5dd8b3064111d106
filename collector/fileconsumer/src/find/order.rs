//! Which of the files that were found are read: the first so many by what stands in their paths.

use std::{cmp::Reverse, collections::HashMap, os::unix::ffi::OsStrExt, path::PathBuf};

use slimcol_pattern::{Regex, Size, compile};
use slimcol_timeformat::{Layout, Zone};

use crate::config;

/// `ordering_criteria`, resolved.
#[derive(Debug)]
pub(super) struct Order {
    regex: Option<Regex>,
    sorts: Vec<Sort>,
    /// Zero is all.
    top: usize,
    group_by: Option<Regex>,
}

#[derive(Debug)]
struct Sort {
    key: String,
    kind: Kind,
    ascending: bool,
}

#[derive(Debug)]
enum Kind {
    Numeric,
    Alphabetical,
    Timestamp(Layout, Zone),
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Number(i64),
    Text(Vec<u8>),
}

impl Sort {
    fn new(config: &config::Order) -> Result<Self, String> {
        let kind = match config.sort_type.as_str() {
            "numeric" => Kind::Numeric,
            "timestamp" => {
                let (layout, zone) = config.times()?;
                Kind::Timestamp(layout, zone)
            }
            _ => Kind::Alphabetical,
        };
        Ok(Self { key: config.regex_key.clone(), kind, ascending: config.ascending })
    }

    /// What a capture is compared as.
    fn rank(&self, text: &[u8]) -> Result<Rank, String> {
        match &self.kind {
            Kind::Alphabetical => Ok(Rank::Text(text.to_owned())),
            Kind::Numeric => {
                let number = str::from_utf8(text).ok().and_then(|text| text.parse().ok());
                let shown = String::from_utf8_lossy(text);
                number
                    .map(Rank::Number)
                    .ok_or_else(|| format!("strconv.Atoi: parsing {shown:?}: invalid syntax"))
            }
            Kind::Timestamp(layout, zone) => {
                let time = layout.parse(text, zone).map_err(|why| why.to_string())?;
                Ok(Rank::Number(time.unix_nanos()))
            }
        }
    }
}

impl Order {
    pub(super) fn new(config: &config::Ordering) -> Result<Option<Self>, String> {
        if config.sort_by.is_empty() && config.group_by.is_empty() {
            return Ok(None);
        }
        let pattern = |text: &str| (!text.is_empty()).then(|| compile(text, Size::Config)).transpose();
        Ok(Some(Self {
            regex: pattern(&config.regex)?,
            sorts: config.sort_by.iter().map(Sort::new).collect::<Result<_, _>>()?,
            top: usize::try_from(config.top_n.unwrap_or(1)).unwrap_or_default(),
            group_by: pattern(&config.group_by)?,
        }))
    }

    /// The paths that stay. Such that do not match are dropped and told of.
    pub(super) fn apply(&self, mut paths: Vec<PathBuf>, errors: &mut Vec<String>) -> Vec<PathBuf> {
        if let Some(regex) = &self.regex {
            paths.retain(|path| {
                let matches = regex.is_match(path.as_os_str().as_bytes());
                if !matches {
                    errors.push(format!("'{}' does not match regex", path.display()));
                }
                matches
            });
        }
        for sort in &self.sorts {
            paths = self.sorted(sort, paths, errors);
        }
        let top = if self.top == 0 { usize::MAX } else { self.top };
        let Some(group_by) = &self.group_by else {
            paths.truncate(top);
            return paths;
        };
        let mut taken: HashMap<Vec<u8>, usize> = HashMap::new();
        paths.retain(|path| {
            let found = group_by.captures(path.as_os_str().as_bytes());
            let Some(group) = found.and_then(|found| found.get(1)) else { return false };
            let count = taken.entry(group.as_bytes().to_owned()).or_default();
            *count += 1;
            *count <= top
        });
        paths
    }

    fn sorted(&self, sort: &Sort, paths: Vec<PathBuf>, errors: &mut Vec<String>) -> Vec<PathBuf> {
        let mut ranked: Vec<(Rank, PathBuf)> = Vec::with_capacity(paths.len());
        for path in paths {
            let found = self.regex.as_ref().and_then(|regex| regex.captures(path.as_os_str().as_bytes()));
            let text =
                found.as_ref().and_then(|found| found.name(&sort.key)).map_or(&b""[..], |key| key.as_bytes());
            match sort.rank(text) {
                Ok(rank) => ranked.push((rank, path)),
                Err(why) => errors.push(why),
            }
        }
        if sort.ascending {
            slimcol_order::sort_by(&mut ranked, |(a, _), (b, _)| a.cmp(b));
        } else {
            slimcol_order::sort_by(&mut ranked, |(a, _), (b, _)| Reverse(a).cmp(&Reverse(b)));
        }
        ranked.into_iter().map(|(_, path)| path).collect()
    }
}
