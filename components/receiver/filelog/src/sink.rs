//! Entries of what was read.

use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use slimcol_fileconsumer::{Attributes, Batch, Config, Consume, Included, Token};
use slimcol_logreceiver::Intake;
use slimcol_service::{BoxError, BoxFuture};
use slimcol_stanza::{Entry, Map, Text, Value};
use tokio::sync::Notify;

use crate::header::{self, Header};

const RECORD_NUMBER: &str = "log.file.record_number";
const RECORD_OFFSET: &str = "log.file.record_offset";

/// Makes an entry of each token and hands them on.
#[derive(Debug)]
pub(crate) struct Sink {
    intake: Intake,
    header: Header,
    included: Included,
    /// Whether tokens are bytes rather than text.
    bytes: bool,
    /// The file that was read last, and its attributes as entries have them.
    file: Mutex<Option<(Arc<Attributes>, Map)>>,
    abandoned: Notify,
}

impl Sink {
    pub(crate) fn new(intake: Intake, header: Header, config: &Config) -> Self {
        Self {
            intake,
            header,
            included: config.include_file,
            bytes: config.encoding.eq_ignore_ascii_case("nop"),
            file: Mutex::default(),
            abandoned: Notify::new(),
        }
    }

    /// Returns once entries were given up because the receiver stops. They are not to count as read.
    pub(crate) async fn abandoned(&self) {
        self.abandoned.notified().await;
    }

    /// Hands on in time what operators hold back.
    pub(crate) async fn release(&self) {
        self.intake.release().await;
    }

    /// Hands on all that operators hold back.
    pub(crate) async fn finish(&self) {
        self.intake.finish().await;
    }

    fn entries(&self, batch: Batch<'_>) -> Result<Vec<Entry>, BoxError> {
        let observed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let observed = i64::try_from(observed.as_nanos()).unwrap_or(i64::MAX);
        let attributes = self.attributes(batch.file);
        // Looked through once for all tokens.
        let text = if self.bytes { None } else { Text::try_from(batch.text.clone()).ok() };
        let body = |token: Token| match &text {
            Some(text) => text.get(token.start..token.end).map(|body| Value::Text(text.slice_ref(body))),
            None if self.bytes => Some(Value::Bytes(batch.body(token))),
            None => None,
        };
        let lossy = |token: Token| Value::Text(Text::from(&*String::from_utf8_lossy(&batch.body(token))));
        let mut entries = Vec::with_capacity(batch.tokens().count());
        for token in batch.tokens() {
            let body = body(token).unwrap_or_else(|| lossy(token));
            let mut entry = self.intake.entry(body, observed)?;
            if entry.attributes.is_empty() {
                entry.attributes = attributes.clone();
            } else {
                for (name, value) in attributes.iter() {
                    entry.attributes.insert(name.clone(), value.clone());
                }
            }
            let number = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
            if self.included.record_number {
                entry.attributes.insert(Text::from_static(RECORD_NUMBER), number(token.record));
            }
            if self.included.record_offset {
                entry.attributes.insert(Text::from_static(RECORD_OFFSET), number(token.offset));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn attributes(&self, file: &Arc<Attributes>) -> Map {
        let mut last = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((of, map)) if Arc::ptr_eq(of, file) => map.clone(),
            _ => {
                let pairs = file.iter().map(|(name, value)| (Text::from(&**name), header::value(value)));
                let map = Map::from_pairs(pairs.collect());
                *last = Some((file.clone(), map.clone()));
                map
            }
        }
    }
}

impl Consume for Sink {
    fn consume<'a>(&'a self, batch: Batch<'a>) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let outcome = self.intake.take(self.entries(batch)?).await;
            if outcome.is_err() && self.intake.is_stopping() {
                // Whoever polls lets go of this: the file is read from here after the next start.
                self.abandoned.notify_one();
                pending::<()>().await;
            }
            outcome
        })
    }

    fn header(&self, line: &str, attributes: &mut Attributes) -> Result<(), BoxError> {
        self.header.read(line, attributes)
    }
}
