//! What becomes of a record.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use slimcol_kafka::{Received as Record, Take, Taken};
use slimcol_pdata::{Data, Of, Otlp, Signal};
use slimcol_service::{Backoff, Client, ClientInfo, Log, Next, Payload, Refused, meter::Received};

use crate::{
    config::{Config, Marking},
    counts::Counts,
    encoding::{Encoding, Reader},
};

/// Makes telemetry of one signal's records and hands it on.
#[derive(Debug)]
pub(crate) struct Intake {
    pub(crate) signal: Signal,
    pub(crate) encoding: Encoding,
    pub(crate) config: Config,
    pub(crate) to: Next,
    pub(crate) received: Received,
    pub(crate) counts: Arc<Counts>,
    pub(crate) log: Log,
    /// The collector's.
    pub(crate) version: &'static str,
}

impl Take for Intake {
    async fn take(&self, record: Record<'_>) -> Taken {
        if record.attempts == 0 {
            self.counts.came(record.topic, record.partition, record.record.timestamp);
        }
        self.counts.offered(record.topic, record.partition, record.record.offset);
        match self.hand_on(&record).await {
            Ok(()) => Taken::Done,
            Err(refused) => self.judge(&record, &refused),
        }
    }

    fn begun(&self) {
        self.counts.begun();
    }

    fn ended(&self, topic: &str, partition: i32) {
        self.counts.ended(topic, partition);
    }

    fn came_to(&self, topic: &str, partition: i32, lag: i64) {
        self.counts.came_to(topic, partition, lag);
    }
}

impl Intake {
    async fn hand_on(&self, record: &Record<'_>) -> Result<(), Refused> {
        let by = Reader { version: self.version, log: &self.log };
        let mut data = self.encoding.read(self.signal, &record.record.value, by).map_err(|error| {
            self.counts.unmarshal_failed(self.signal, record.topic, record.partition);
            self.log.error("failed to unmarshal message", &[("error", (&error).into())]);
            Refused::permanent(format!("Permanent error: {error}"))
        })?;
        if !self.config.headers.is_empty() {
            extract(&self.config.headers, &record.record.headers, &mut data);
        }
        let items = data.items();
        let outcome = self.to.consume(Payload { data, client: client(record) }).await;
        self.received.count(self.signal, items, outcome.is_ok());
        outcome
    }

    /// Whether a record that was refused is offered again, passed over, or the end for now.
    fn judge(&self, record: &Record<'_>, refused: &Refused) -> Taken {
        let Marking { after, on_error, on_permanent_error } = self.config.marking;
        let log = || {
            self.log.with(&[
                ("topic", record.topic.into()),
                ("partition", i64::from(record.partition).into()),
                ("offset", record.record.offset.into()),
                ("error", refused.to_string().into()),
            ])
        };
        if refused.is_permanent() && after && !on_permanent_error {
            log().error(
                "pausing partition due to permanent processing error, partition will remain paused until rebalance",
                &[],
            );
            return Taken::Stuck;
        }
        let backoff = &self.config.backoff;
        let limit = backoff.max_elapsed_time.std();
        let patient = backoff.enabled && (limit.is_zero() || record.elapsed < limit);
        if refused.is_permanent() || on_error && !patient {
            log().error("failed to consume message, skipping due to message_marking config", &[]);
            return Taken::Done;
        }
        let wait = self.wait(record.attempts);
        let delay = slimcol_config::Duration::nanos(i64::try_from(wait.as_nanos()).unwrap_or(i64::MAX));
        let fields = [("delay", delay.to_string().into())];
        log().info("Backing off due to error from the next consumer.", &fields);
        Taken::Later(wait)
    }

    /// How long until the next attempt after so many others.
    fn wait(&self, attempts: u32) -> Duration {
        let own = || Backoff::new(slimcol_config::Duration::millis(500), slimcol_config::Duration::secs(30));
        let mut backoff = if self.config.backoff.enabled { self.config.backoff.backoff() } else { own() };
        // The interval has grown as far as it does long before.
        for _ in 0..attempts.min(30) {
            backoff.wait();
        }
        backoff.wait().max(Duration::from_millis(1))
    }
}

/// What exporters and processors may ask of who sent a record.
fn client(record: &Record<'_>) -> Client {
    let mut metadata = vec![
        ("kafka.topic".to_owned(), vec![record.topic.to_owned()]),
        ("kafka.partition".to_owned(), vec![record.partition.to_string()]),
        ("kafka.offset".to_owned(), vec![record.record.offset.to_string()]),
    ];
    for (name, value) in &record.record.headers {
        let (name, value) = (name.to_ascii_lowercase(), String::from_utf8_lossy(value).into_owned());
        match metadata.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => metadata.push((name, vec![value])),
        }
    }
    Client::new(ClientInfo { metadata, ..ClientInfo::default() })
}

/// Sets those of the headers that are there as attributes of every resource.
fn extract(wanted: &[String], headers: &[(String, Bytes)], data: &mut Data) {
    let first = |name: &String| headers.iter().find(|(found, _)| found == name);
    let found: Vec<(String, String)> = wanted
        .iter()
        .filter_map(|name| {
            let (_, value) = first(name)?;
            Some((format!("kafka.header.{name}"), String::from_utf8_lossy(value).into_owned()))
        })
        .collect();
    if found.is_empty() {
        return;
    }
    match data {
        Data::Traces(traces) => set(traces, &found),
        Data::Metrics(metrics) => set(metrics, &found),
        Data::Logs(logs) => set(logs, &found),
    }
}

fn set<S: Of>(data: &mut Otlp<S>, attributes: &[(String, String)]) {
    data.edit(|tree| {
        for mut entry in tree.entries_mut() {
            let mut resource = entry.resource_mut();
            for (key, value) in attributes {
                resource.attributes_mut().insert(key, value.as_str());
            }
        }
    });
}

#[cfg(test)]
mod tests;
