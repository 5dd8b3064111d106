//! Which topics a member reads.

use std::collections::BTreeMap;

use slimcol_pattern::{Regex, Size, compile};

use crate::{Client, Error, message::metadata::Answer};

/// Topics by name, or by what their names look like.
#[derive(Debug)]
pub struct Topics(Which);

#[derive(Debug)]
enum Which {
    Named(Vec<String>),
    /// Patterns that a name has to match one of, and those that it may not match.
    Like(Vec<Regex>, Vec<Regex>),
}

impl Topics {
    /// Topics as the configuration has them. If one of them begins with `^` all are patterns, and those in `exclude` too.
    ///
    /// # Errors
    /// What a pattern is none for.
    pub fn new(topics: &[String], exclude: &[String]) -> Result<Self, String> {
        if !topics.iter().any(|topic| topic.starts_with('^')) {
            return Ok(Self(Which::Named(topics.to_vec())));
        }
        let patterns = |texts: &[String]| -> Result<Vec<Regex>, String> {
            texts.iter().map(|text| compile(text, Size::Config)).collect()
        };
        Ok(Self(Which::Like(patterns(topics)?, patterns(exclude)?)))
    }

    /// Whether all topics that are named are there.
    pub(super) fn are_all_in(&self, found: &BTreeMap<String, i32>) -> bool {
        match &self.0 {
            Which::Named(names) => names.iter().all(|name| found.contains_key(name)),
            Which::Like(..) => !found.is_empty(),
        }
    }

    /// The topics that there are, and how many partitions each has.
    pub(super) async fn find(&self, client: &Client) -> Result<BTreeMap<String, i32>, Error> {
        match &self.0 {
            Which::Named(names) => counts(client, names).await,
            Which::Like(wanted, excluded) => {
                let found = counted(&client.metadata(None, false).await?);
                let matches =
                    |patterns: &[Regex], name: &str| patterns.iter().any(|one| one.is_match(name.as_bytes()));
                let keep = |name: &str| matches(wanted, name) && !matches(excluded, name);
                Ok(found.into_iter().filter(|(name, _)| keep(name)).collect())
            }
        }
    }
}

/// How many partitions each of the topics that there are has.
pub(super) async fn counts(client: &Client, names: &[String]) -> Result<BTreeMap<String, i32>, Error> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let answer = client.metadata(Some(names), false).await?;
    // A topic that is not there may come; one that this client may not read will not without somebody's doing.
    let refused =
        answer.topics.iter().find_map(|topic| Error::check(topic.error).err().filter(|e| !e.is_retryable()));
    refused.map_or_else(|| Ok(counted(&answer)), Err)
}

fn counted(answer: &Answer) -> BTreeMap<String, i32> {
    let known = answer.topics.iter().filter(|topic| topic.error == 0 && !topic.internal);
    let count = |len: usize| i32::try_from(len).unwrap_or(i32::MAX);
    let counts = known.map(|topic| (topic.name.clone(), count(topic.partitions.len())));
    slimcol_order::map(counts.filter(|(_, count)| *count > 0))
}
