//! Entries of what was read.

use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use slimcol_fileconsumer::{Attributes, Batch, Config, Consume, Included, Token};
use slimcol_logreceiver::Intake;
use slimcol_service::{BoxError, BoxFuture};
use slimcol_stanza::{Entry, Map, Shared, Text, Value};
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
    file: Mutex<Option<(Arc<Attributes>, Shared)>>,
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

    /// Does work that reads, and beside it hands on what operators hold back; all of it once the work has ended.
    pub(crate) async fn beside(&self, work: impl Future<Output = ()>) {
        self.intake.beside(work).await;
    }

    /// An entry for each token. What goes wrong with one is added to `errors`.
    fn entries(&self, batch: &Batch<'_>, errors: &mut Vec<String>) -> impl Iterator<Item = Entry> {
        let observed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let observed = i64::try_from(observed.as_nanos()).unwrap_or(i64::MAX);
        let attributes = self.attributes(batch.file);
        // Looked through once for all tokens.
        let text = if self.bytes { None } else { Text::try_from(batch.text.clone()).ok() };
        batch.tokens().filter_map(move |token| {
            let body = self.body(batch, token, text.as_ref());
            let entry = self.entry(body, observed, token, &attributes);
            entry.map_err(|error| errors.push(error)).ok()
        })
    }

    /// What a token says. `text` is the batch's, if all of it is text.
    fn body(&self, batch: &Batch<'_>, token: Token, text: Option<&Text>) -> Value {
        if self.bytes {
            return Value::Bytes(batch.body(token));
        }
        let part = text.and_then(|text| text.get(token.start..token.end).map(|part| text.slice_ref(part)));
        // Encodings that leave bytes alone leave those that are no text, too.
        Value::Text(part.unwrap_or_else(|| Text::from(&*String::from_utf8_lossy(&batch.body(token)))))
    }

    fn entry(&self, body: Value, observed: i64, token: Token, file: &Shared) -> Result<Entry, String> {
        let mut entry = self.intake.entry(body, observed)?;
        if entry.attributes.is_empty() {
            entry.attributes = file.clone();
        } else {
            for (name, value) in file.iter() {
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
        Ok(entry)
    }

    fn attributes(&self, file: &Arc<Attributes>) -> Shared {
        let mut last = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((of, shared)) if Arc::ptr_eq(of, file) => shared.clone(),
            _ => {
                let pairs = file.iter().map(|(name, value)| (Text::from(&**name), header::value(value)));
                let shared = Shared::new(Map::from_pairs(pairs.collect()));
                *last = Some((file.clone(), shared.clone()));
                shared
            }
        }
    }
}

impl Consume for Sink {
    fn consume<'a>(&'a self, batch: Batch<'a>) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let mut errors = Vec::new();
            let outcome = self.intake.take(self.entries(&batch, &mut errors)).await;
            if outcome.is_err() && self.intake.is_stopping() {
                // Whoever polls lets go of this: the file is read from here after the next start.
                self.abandoned.notify_one();
                pending::<()>().await;
            }
            outcome?;
            if errors.is_empty() { Ok(()) } else { Err(errors.join("; ").into()) }
        })
    }

    fn header(&self, line: &str, attributes: &mut Attributes) -> Result<(), BoxError> {
        self.header.read(line, attributes)
    }
}
