//! Reading the partitions that one broker leads, and handing on what is in them.

use std::{sync::Arc, time::Duration};

use slimcol_service::Log;
use tokio::time::{Instant, sleep};

use super::{Consumer, Record, Take, Taken, part::Part};
use crate::{
    Code, Error,
    message::{
        fetch::{Fetch, Fetched, Wanted},
        offsets::ListOffsets,
    },
    records::{Batches, Consumed, Corrupt},
    together::together,
};

/// How long a broker that fails is left alone.
const BREATH: Duration = Duration::from_millis(250);

/// What came of a partition.
type Outcome = Result<(), Error>;

impl<T: Take> Consumer<T> {
    /// Reads `parts`, all of which `leader` leads, once. Returns when all that came was handed on.
    pub(super) async fn read(&self, leader: i32, parts: &[Arc<Part>]) {
        let config = &self.config;
        let wanted: Vec<Wanted> = parts
            .iter()
            .map(|part| Wanted {
                topic: part.place.0.clone(),
                partition: part.place.1,
                offset: part.position(),
                max_bytes: config.max_partition_fetch_size,
            })
            .collect();
        let wait = config.max_fetch_wait.std();
        let request = Fetch {
            max_wait_ms: i32::try_from(wait.as_millis()).unwrap_or(i32::MAX),
            min_bytes: config.min_fetch_size,
            max_bytes: config.max_fetch_size,
            rack: &self.client.config.rack_id,
            partitions: &wanted,
        };
        let answer = self.client.call(leader, &request, wait).await;
        let answer = answer.and_then(|(error, fetched)| Error::check(error).map(|()| fetched));
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(error) => {
                self.complain("consumer fetch error", &error);
                for part in parts {
                    self.client.forget(&part.place.0);
                }
                return sleep(BREATH).await;
            }
        };
        self.status().ok();
        let handed: Vec<_> = fetched
            .into_iter()
            .filter_map(|fetched| {
                let part = parts
                    .iter()
                    .find(|part| part.place.1 == fetched.partition && part.place.0 == fetched.topic);
                part.map(|part| self.handle(part, fetched, leader))
            })
            .collect();
        let mut failed = false;
        for (part, outcome) in together(handed).await {
            if let Err(error) = outcome {
                failed = true;
                let log = self.log().with(&part_fields(&part));
                log.error("consumer fetch error", &[("error", error.to_string().into())]);
                self.status().recoverable(&error);
                if error.is_stale() {
                    self.client.forget(&part.place.0);
                }
            }
        }
        if failed {
            sleep(BREATH).await;
        }
    }

    async fn handle(&self, part: &Arc<Part>, fetched: Fetched, leader: i32) -> (Arc<Part>, Outcome) {
        let (before, end) = (part.position(), fetched.high_watermark);
        let outcome = self.hand_on(part, fetched, leader).await;
        let position = part.position();
        if position > before {
            self.to.came_to(&part.place.0, part.place.1, end.saturating_sub(position).max(0));
        }
        (part.clone(), outcome)
    }

    /// Hands on what was fetched of one partition, record by record.
    async fn hand_on(&self, part: &Part, fetched: Fetched, leader: i32) -> Outcome {
        if fetched.error == Code::OFFSET_OUT_OF_RANGE.0 {
            return self.start_anew(part, leader).await;
        }
        Error::check(fetched.error)?;
        let Some(_busy) = part.begin() else { return Ok(()) };
        for batch in Batches::new(fetched.records) {
            let refused = |corrupt: Corrupt| {
                let fields = [("error", corrupt.to_string().into())];
                self.log().with(&part_fields(part)).error("record batch refused", &fields);
                Error::Malformed("a batch of records is damaged or of an unknown format")
            };
            let records = batch.records.map_err(refused)?;
            self.client.count(leader, &part.place.0, part.place.1, records.size());
            for record in records {
                let record = record.map_err(refused)?;
                // A batch is given whole, from before what was asked for.
                if record.offset < part.position() {
                    continue;
                }
                if !part.is_read() {
                    return Ok(());
                }
                if !self.offer(part, &record).await {
                    return Ok(());
                }
            }
            // Behind what was compacted away, and what is only for brokers.
            part.advance(batch.next.max(part.position()));
        }
        Ok(())
    }

    /// Offers a record until it is taken, and says whether it was: it is not if the partition ends before.
    async fn offer(&self, part: &Part, record: &Consumed) -> bool {
        let (begun, mut attempts) = (Instant::now(), 0);
        let (topic, partition) = &part.place;
        loop {
            let elapsed = begun.elapsed();
            let whole = Record { topic, partition: *partition, record, attempts, elapsed };
            let taken = tokio::select! {
                taken = self.to.take(whole) => taken,
                () = part.abandoned() => return false,
            };
            match taken {
                Taken::Done => {
                    part.advance(record.offset.saturating_add(1));
                    return true;
                }
                Taken::Later(wait) => tokio::select! {
                    () = sleep(wait) => attempts = attempts.saturating_add(1),
                    () = part.ending() => return false,
                },
                Taken::Stuck => {
                    part.pause();
                    return false;
                }
            }
        }
    }

    /// The partition does not have the record to read next any more.
    async fn start_anew(&self, part: &Part, leader: i32) -> Outcome {
        let places = [part.place.clone()];
        let time = if self.config.begins_early() { -2 } else { -1 };
        let answer =
            self.client.call(leader, &ListOffsets { time, partitions: &places }, Duration::ZERO).await?;
        let found = answer.first().ok_or(Error::Malformed("the broker says nothing of a partition"))?;
        Error::check(found.error)?;
        let fields = [("offset", part.position().into()), ("new_offset", found.offset.into())];
        self.log().with(&part_fields(part)).warn("offset out of range, starting anew", &fields);
        part.advance(found.offset);
        Ok(())
    }

    pub(super) fn complain(&self, what: &str, error: &Error) {
        self.log().error(what, &[("error", error.to_string().into())]);
        self.status().recoverable(error);
    }

    fn log(&self) -> &Log {
        &self.log
    }
}

/// What a line of the log says of the partition that it is about.
fn part_fields(part: &Part) -> [(&'static str, slimcol_service::Field<'_>); 2] {
    [("topic", (&part.place.0).into()), ("partition", i64::from(part.place.1).into())]
}
