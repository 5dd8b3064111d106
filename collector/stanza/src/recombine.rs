//! `recombine`: makes one entry of several that belong together, as lines of a stack trace do.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use slimcol_config::{ByteSize, Duration as Configured, Section, Settings};
use slimcol_expr::Condition;
use slimcol_service::Log;

use crate::{
    Entry, Field, Text, Value,
    guard::{Common, Guard},
    operator::{Build, Hold, With, Work},
};

/// What entries belong to that do not say.
const ANYBODY: &str = "DefaultSourceIdentifier";
/// For how long entries are held back, and of how many sources.
const PERIOD: Configured = Configured::secs(5);
const SOURCES: i64 = 1000;

/// Its keys.
#[derive(Debug)]
pub(crate) struct RecombineConfig {
    common: Common,
    is_first_entry: String,
    is_last_entry: String,
    max_batch_size: i64,
    max_unmatched_batch_size: i64,
    combine_field: Option<Field>,
    combine_with: String,
    source_identifier: Field,
    overwrite_with: String,
    force_flush_period: Configured,
    max_sources: i64,
    max_log_size: ByteSize,
}

/// Holds entries back until their parts are together.
#[derive(Debug)]
pub(crate) struct Recombine {
    guard: Guard,
    condition: Condition,
    /// The condition tells the first entry of a batch, not the last.
    first: bool,
    field: Field,
    with: String,
    source: Field,
    newest: bool,
    limits: Limits,
    period: Duration,
    log: Log,
    state: Mutex<State>,
}

/// How much is held back; 0 is without limit.
#[derive(Debug)]
struct Limits {
    entries: usize,
    unmatched: usize,
    bytes: usize,
    sources: usize,
}

#[derive(Debug, Default)]
struct State {
    batches: HashMap<Text, Batch>,
    /// How many batches there were, by which they are told apart.
    begun: u64,
}

/// Entries of one source.
#[derive(Debug)]
struct Batch {
    number: u64,
    /// The entry that the text goes to.
    base: Entry,
    entries: usize,
    text: String,
    /// When the first of them was read.
    since: i64,
    matched: bool,
}

impl Settings for RecombineConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            common: Common::read(from),
            is_first_entry: from.get("is_first_entry", String::new()),
            is_last_entry: from.get("is_last_entry", String::new()),
            max_batch_size: from.get("max_batch_size", 1000),
            max_unmatched_batch_size: from.get("max_unmatched_batch_size", 100),
            combine_field: from.find("combine_field"),
            combine_with: from.get("combine_with", "\n".into()),
            source_identifier: from.get("source_identifier", Field::attribute("log.file.path")),
            overwrite_with: from.get("overwrite_with", "oldest".into()),
            force_flush_period: from.get("force_flush_period", PERIOD),
            max_sources: from.get("max_sources", SOURCES),
            max_log_size: from.get("max_log_size", ByteSize(0)),
        }
    }
}

impl Build for RecombineConfig {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Hold(Box::new(self.recombine(with)?)))
    }
}

impl RecombineConfig {
    /// Joins the bodies of a source's entries without anything between, until the last of them comes.
    pub(crate) fn bodies(source_identifier: Field, is_last_entry: &str, max_log_size: ByteSize) -> Self {
        Self {
            common: Common::default(),
            is_first_entry: String::new(),
            is_last_entry: is_last_entry.to_owned(),
            max_batch_size: 0,
            max_unmatched_batch_size: 0,
            combine_field: Some(Field::BODY),
            combine_with: String::new(),
            source_identifier,
            overwrite_with: "oldest".into(),
            force_flush_period: PERIOD,
            max_sources: SOURCES,
            max_log_size,
        }
    }

    /// What works.
    pub(crate) fn recombine(&self, with: &With<'_>) -> Result<Recombine, String> {
        let guard = self.common.build(with)?;
        let compile = |key, source| {
            Condition::compile(source).map_err(|error| format!("failed to compile {key}: {error}"))
        };
        let (condition, first) = match (&*self.is_first_entry, &*self.is_last_entry) {
            ("", "") => return Err("one of is_first_entry and is_last_entry must be set".into()),
            ("", last) => (compile("is_last_entry", last)?, false),
            (first, "") => (compile("is_first_entry", first)?, true),
            _ => return Err("only one of is_first_entry and is_last_entry can be set".into()),
        };
        let field = self.combine_field.clone().ok_or("missing required argument 'combine_field'")?;
        let newest = match &*self.overwrite_with {
            "newest" => true,
            "oldest" | "" => false,
            other => return Err(format!("invalid value '{other}' for parameter 'overwrite_with'")),
        };
        let count = |number: i64| usize::try_from(number).unwrap_or_default();
        let limits = Limits {
            entries: count(self.max_batch_size),
            unmatched: count(self.max_unmatched_batch_size),
            bytes: self.max_log_size.bytes(),
            sources: count(self.max_sources),
        };
        if limits.entries == 0 && limits.bytes == 0 {
            let message = "Both 'max_batch_size' and 'max_log_size' are set to 0. This will allow unlimited batching \
                           with no size constraints, which may lead to excessive memory usage.";
            with.log.warn(message, &[]);
        }
        let period = u64::try_from(self.force_flush_period.0).ok().filter(|nanos| *nanos > 0);
        Ok(Recombine {
            guard,
            condition,
            first,
            field,
            with: self.combine_with.clone(),
            source: self.source_identifier.clone(),
            newest,
            limits,
            period: Duration::from_nanos(period.ok_or("'force_flush_period' must be positive")?),
            log: with.log.clone(),
            state: Mutex::default(),
        })
    }
}

impl Hold for Recombine {
    fn period(&self) -> Duration {
        self.period / 5
    }

    fn process(&self, entries: Vec<Entry>, errors: &mut Vec<String>) -> Vec<Entry> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = Vec::with_capacity(entries.len());
        for entry in entries {
            let admitted = self.guard.admits(&entry).map_err(|error| format!("running if expr: {error}"));
            let matches = match admitted {
                // It may overtake what is held back.
                Ok(false) => {
                    out.push(entry);
                    continue;
                }
                Ok(true) => self.condition.holds(&entry).map_err(|error| error.to_string()),
                Err(error) => Err(error),
            };
            match matches {
                Ok(matches) => self.take(entry, matches, &mut state, &mut out),
                Err(error) => {
                    if self.guard.fail(&entry, error, errors) {
                        out.push(entry);
                    }
                }
            }
        }
        out
    }

    fn due(&self, now: i64) -> Vec<Entry> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let period = i64::try_from(self.period.as_nanos()).unwrap_or(i64::MAX);
        let due = |batch: &Batch| now.saturating_sub(batch.since) >= period;
        let mut out = Vec::new();
        self.release(&mut state, due, &mut out);
        out
    }
}

impl Recombine {
    fn take(&self, entry: Entry, matches: bool, state: &mut State, out: &mut Vec<Entry>) {
        let source = match self.source.get(&entry) {
            Some(Value::Text(source)) if !source.is_empty() => source.clone(),
            Some(Value::Text(_)) => Text::from_static(ANYBODY),
            _ => {
                let message =
                    "entry does not contain the source_identifier, so it may be pooled with other sources";
                self.log.warn(message, &[]);
                Text::from_static(ANYBODY)
            }
        };
        if matches && self.first {
            out.extend(state.batches.remove(&source).map(|batch| self.whole(batch)));
        }
        self.add(entry, &source, matches, state, out);
        if matches && !self.first {
            out.extend(state.batches.remove(&source).map(|batch| self.whole(batch)));
        }
    }

    fn add(&self, entry: Entry, source: &Text, matches: bool, state: &mut State, out: &mut Vec<Entry>) {
        if !state.batches.contains_key(source) && state.batches.len() >= self.limits.sources {
            let message =
                "Too many sources. Flushing all batched logs. Consider increasing max_sources parameter";
            self.log.error(message, &[]);
            self.release(state, |_| true, out);
        }
        let text = match self.field.get(&entry) {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(Value::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned().into()),
            _ => None,
        };
        let batch = if let Some(batch) = state.batches.get_mut(source) {
            batch.entries += 1;
            if self.newest {
                batch.base = entry;
            }
            batch
        } else {
            state.begun += 1;
            let (number, since) = (state.begun, entry.observed);
            let batch = Batch { number, base: entry, entries: 1, text: String::new(), since, matched: false };
            state.batches.entry(source.clone()).or_insert(batch)
        };
        batch.matched |= matches;
        let Some(text) = text else {
            self.log.error("entry does not contain the combine_field", &[]);
            return;
        };
        if !batch.text.is_empty() {
            batch.text.push_str(&self.with);
        }
        batch.text.push_str(&text);
        let Limits { entries, unmatched, bytes, .. } = self.limits;
        let reached = |limit| limit > 0 && batch.entries >= limit;
        if bytes > 0 && batch.text.len() > bytes || reached(entries) || !batch.matched && reached(unmatched) {
            out.extend(state.batches.remove(source).map(|batch| self.whole(batch)));
        }
    }

    /// Lets go of some batches, in the order in which they began.
    fn release(&self, state: &mut State, which: impl Fn(&Batch) -> bool, out: &mut Vec<Entry>) {
        let mut batches: Vec<_> =
            state.batches.extract_if(|_, batch| which(batch)).map(|(_, batch)| batch).collect();
        slimcol_order::sort_by_key(&mut batches, |batch| batch.number);
        out.extend(batches.into_iter().map(|batch| self.whole(batch)));
    }

    fn whole(&self, batch: Batch) -> Entry {
        let mut entry = batch.base;
        if let Err(error) = self.field.set(&mut entry, Value::Text(batch.text.into())) {
            self.log.error("there was error flushing combined logs", &[("error", error.into())]);
        }
        entry
    }
}
