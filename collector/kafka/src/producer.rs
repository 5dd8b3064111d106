//! Sends records.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use slimcol_config::Duration;
use slimcol_service::{BoxError, BoxFuture, Context};
use tokio::time::sleep;

use crate::{
    Client, Error, Families, Partitioning,
    config::{ClientConfig, ProducerConfig},
    counts::Counts,
    message::produce::{Batch, Produce},
    partition::Partitioner,
    records::{self, Record},
    together::together,
};

/// How long a broker may take where the configuration sets no limit.
const UNLIMITED: std::time::Duration = std::time::Duration::from_secs(30);

/// Sends records to the brokers that lead their partitions.
#[derive(Debug)]
pub struct Producer {
    client: Client,
    config: ProducerConfig,
    partitioner: Partitioner,
    timeout: Duration,
}

/// Why records were not sent; others of the same call may have been.
#[derive(Debug)]
pub struct Unsent {
    /// The topic that they were for.
    pub topic: String,
    /// What went wrong.
    pub error: Error,
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error exporting to topic {:?}: {}", self.topic, self.error)
    }
}

impl std::error::Error for Unsent {}

impl Producer {
    /// A producer that has not connected to anything yet, of the component that `cx` is of; it counts what it does as
    /// `families`. Brokers may take `timeout` until replicas have a batch.
    ///
    /// # Errors
    /// Certificates cannot be loaded, or the extension that has tokens is not there.
    pub fn new(
        client: ClientConfig,
        config: ProducerConfig,
        partitioning: Partitioning,
        timeout: Duration,
        (families, cx): (&'static Families, &Context),
    ) -> Result<Self, BoxError> {
        let partitioner = Partitioner::new(partitioning);
        Ok(Self { client: Client::new(client, families, cx)?, config, partitioner, timeout })
    }

    /// Whether a record can be sent at all.
    pub fn fits(&self, record: &Record) -> bool {
        records::size([record]) <= self.config.max_message_bytes()
    }

    /// Sends records, each to its topic, and returns when all that have to have them do.
    ///
    /// What fails for reasons that may pass is tried again, as often as the configuration says for metadata.
    ///
    /// # Errors
    /// The first thing that stayed wrong, if possible one that does not pass.
    pub fn send<'a>(&'a self, records: &'a [(String, Record)]) -> BoxFuture<'a, Result<(), Unsent>> {
        Box::pin(self.send_all(records))
    }

    async fn send_all(&self, records: &[(String, Record)]) -> Result<(), Unsent> {
        let mut unplaced = Unplaced { records, counts: &self.client.counts };
        let mut left = self.batches(records).await?;
        unplaced.records = &[];
        let mut attempts = 0;
        loop {
            let (again, failed) = self.attempt(left).await;
            if let Some(failed) = failed {
                return Err(failed);
            }
            let Some((batch, error)) = again.first() else { return Ok(()) };
            if attempts >= self.client.config.metadata.max {
                return Err(Unsent { topic: batch.topic.clone(), error: error.clone() });
            }
            attempts += 1;
            for (batch, error) in &again {
                if error.is_stale() {
                    self.client.forget(&batch.topic);
                }
            }
            sleep(self.client.config.metadata.backoff.std()).await;
            left = again.into_iter().map(|(batch, _)| batch).collect();
        }
    }

    /// Records as batches, one or more for each partition.
    async fn batches(&self, records: &[(String, Record)]) -> Result<Vec<Batch>, Unsent> {
        let turn = self.partitioner.turn();
        let mut leaders = HashMap::new();
        let mut partitions: BTreeMap<(&str, i32), Vec<&Record>> = BTreeMap::new();
        for (topic, record) in records {
            let unsent = |error| Unsent { topic: topic.clone(), error };
            if !self.fits(record) {
                let most = self.config.max_message_bytes();
                return Err(unsent(Error::TooLarge(record.user_size(), most)));
            }
            if !leaders.contains_key(topic) {
                let create = self.config.allow_auto_topic_creation;
                let found = self.client.topic(topic, create).await.map_err(unsent)?;
                leaders.insert(topic, found.leaders);
            }
            let partition = self.partitioner.choose(record.key.as_deref(), &leaders[topic], turn);
            let partition = partition.ok_or_else(|| unsent(Error::NoLeader(format!("topic {topic:?}"))))?;
            partitions.entry((topic, partition)).or_default().push(record);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        let mut batches = Vec::new();
        let compression = self.config.compression();
        for ((topic, partition), records) in partitions {
            for part in self.parts(&records) {
                let records = records::encode(part, compression, self.config.level, now);
                let size = records::measure(part, compression, &records);
                let counts = Some(self.client.counts.clone());
                batches.push(Batch { topic: topic.to_owned(), partition, records, size, counts });
            }
        }
        Ok(batches)
    }

    /// Cuts records so that each part fits a batch.
    fn parts<'a, 'b>(&self, records: &'b [&'a Record]) -> Vec<&'b [&'a Record]> {
        let most = self.config.max_message_bytes();
        let (mut parts, mut begin, mut size) = (Vec::new(), 0, 0);
        for (at, record) in records.iter().enumerate() {
            // Alone it is a little larger than among others, but for the number it has among many.
            let own = records::size([*record]) + 4;
            if size + own > most && at > begin {
                parts.push(&records[begin..at]);
                (begin, size) = (at, 0);
            }
            size += own;
        }
        parts.push(&records[begin..]);
        parts
    }

    /// Sends each batch once: those that may go better another time, and the first that will not.
    async fn attempt(&self, batches: Vec<Batch>) -> (Vec<(Batch, Error)>, Option<Unsent>) {
        let (mut failed, mut by_leader) = (Vec::new(), BTreeMap::<i32, Vec<Batch>>::new());
        for batch in batches {
            match self.leader(&batch).await {
                Ok(leader) => by_leader.entry(leader).or_default().push(batch),
                Err(error) => failed.push((batch, error)),
            }
        }
        let mut requests = Vec::new();
        for (leader, batches) in by_leader {
            let (mut size, mut request) = (0, Vec::new());
            for batch in batches {
                let own: usize =
                    batch.records.iter().map(bytes::Bytes::len).sum::<usize>() + batch.topic.len() + 64;
                // One batch of each partition: brokers take no more.
                let taken = request
                    .iter()
                    .any(|other: &Batch| other.partition == batch.partition && other.topic == batch.topic);
                if !request.is_empty() && (taken || size + own > self.config.max_request()) {
                    requests.push((leader, std::mem::take(&mut request)));
                    size = 0;
                }
                size += own;
                request.push(batch);
            }
            requests.push((leader, request));
        }
        let sent = requests.into_iter().map(|(leader, batches)| self.request(leader, batches)).collect();
        failed.extend(together(sent).await.into_iter().flatten());
        match failed.iter().position(|(_, error)| !error.is_retryable()) {
            Some(at) => {
                let (batch, error) = failed.swap_remove(at);
                (Vec::new(), Some(Unsent { topic: batch.topic.clone(), error }))
            }
            None => (failed, None),
        }
    }

    async fn leader(&self, batch: &Batch) -> Result<i32, Error> {
        let topic = self.client.topic(&batch.topic, self.config.allow_auto_topic_creation).await?;
        let leader = usize::try_from(batch.partition).ok().and_then(|index| topic.leaders.get(index));
        let leader = leader.copied().filter(|leader| *leader >= 0);
        leader.ok_or_else(|| {
            Error::NoLeader(format!("partition {} of topic {:?}", batch.partition, batch.topic))
        })
    }

    /// One request to one broker: what of it failed.
    async fn request(&self, leader: i32, batches: Vec<Batch>) -> Vec<(Batch, Error)> {
        let timeout = if self.timeout.is_zero() { UNLIMITED } else { self.timeout.std() };
        let request = Produce {
            acks: self.config.required_acks.0,
            timeout_ms: i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX),
            batches: &batches,
        };
        let outcome = if self.config.required_acks.0 == 0 {
            self.client.tell(leader, &request).await.map(|()| None)
        } else {
            self.client.call(leader, &request, timeout).await.map(Some)
        };
        let outcomes = match outcome {
            Ok(outcomes) => outcomes,
            Err(error) => return batches.into_iter().map(|batch| (batch, error.clone())).collect(),
        };
        let of = |batch: &Batch| {
            let Some(outcomes) = &outcomes else { return Ok(()) };
            let found =
                outcomes.iter().find(|one| one.partition == batch.partition && one.topic == batch.topic);
            found.map_or(Err(Error::Malformed("the broker says nothing of a batch")), |one| {
                Error::check(one.error)
            })
        };
        let mut failed = Vec::new();
        for mut batch in batches {
            match of(&batch) {
                Ok(()) => {
                    self.client.count(leader, &batch.topic, batch.partition, batch.size);
                    batch.counts = None;
                }
                Err(error) => failed.push((batch, error)),
            }
        }
        failed
    }
}

/// Records that have no partition yet: they count as given up if that is how it stays.
struct Unplaced<'a> {
    records: &'a [(String, Record)],
    counts: &'a Counts,
}

impl Drop for Unplaced<'_> {
    fn drop(&mut self) {
        for (topic, _) in self.records {
            // What Go's client says of them.
            self.counts.unsent(topic, 0, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::{io::AsyncReadExt as _, net::TcpListener};

    use super::*;
    use crate::{
        Hasher, Way,
        counts::tests::{shown, whose},
    };

    /// What shows of three records that nobody takes at `address`, given up at the latest when `until` returns.
    async fn lost(address: &str, until: impl Future<Output = ()>) -> Vec<String> {
        let (families, cx) = whose(Way::Out);
        let yaml = format!("{{brokers: ['{address}'], metadata: {{retry: {{max: 0}}}}}}");
        let (client, config) = (slimcol_config::from_yaml(&yaml), slimcol_config::from_yaml("{}"));
        let way = Partitioning::StickyKey(Hasher::Murmur2);
        let (client, config) = (client.unwrap(), config.unwrap());
        let producer = Producer::new(client, config, way, Duration::secs(5), (families, &cx)).unwrap();
        let records = ["a", "a", "b"].map(|topic| (topic.to_owned(), Record::default()));
        tokio::select! {
            sent = producer.send(&records) => assert!(sent.is_err()),
            () = until => {}
        }
        shown(&cx)
    }

    #[tokio::test]
    async fn what_is_given_up_counts() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let gone = [
            "messages{outcome=failure,partition=0,topic=a} 2",
            "messages{outcome=failure,partition=0,topic=b} 1",
            "records{outcome=failure,partition=0,topic=a} 2",
            "records{outcome=failure,partition=0,topic=b} 1",
        ];
        let connects = |outcome: &str| {
            format!("broker_connects{{node_id=seed_0,outcome={outcome},server.address=127.0.0.1}} 1")
        };
        let closed = "broker_closed{node_id=seed_0,server.address=127.0.0.1} 1";
        let asked = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_u8().await.unwrap();
        };
        let shown = lost(&address, asked).await;
        assert_eq!(shown, [&[closed, &connects("success")], &gone[..]].concat());
        drop(listener);
        let shown = lost(&address, pending()).await;
        assert_eq!(shown, [&[&*connects("failure")], &gone[..]].concat());
    }
}
