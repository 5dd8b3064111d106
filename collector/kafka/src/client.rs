//! A cluster: what is known of it, and connections to its brokers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use slimcol_service::{BoxError, BoxFuture, Context};
use tokio::time::{Instant, sleep};

use crate::{
    Error,
    config::{ClientConfig, address},
    connection::{Connection, Dialer},
    counts::{Counts, Families, Tally},
    message::{
        Asked, Exchange, Request,
        metadata::{Answer, Metadata},
    },
    records::Size,
    sasl::TokenSource,
};

/// How many topics are remembered; names can come from what senders write.
const TOPICS: usize = 10_000;

/// How many connections to a broker are kept for later.
const IDLE: usize = 16;

/// A client of one cluster.
#[derive(Debug)]
pub struct Client {
    dialer: Dialer,
    seeds: Vec<Arc<Broker>>,
    pub(crate) config: ClientConfig,
    known: Mutex<Known>,
    pub(crate) counts: Arc<Counts>,
}

/// What the brokers said of the cluster.
#[derive(Debug)]
struct Known {
    counts: Arc<Counts>,
    brokers: HashMap<i32, Arc<Broker>>,
    topics: HashMap<String, Topic>,
}

/// One broker and connections to it that nobody uses right now.
#[derive(Debug)]
pub(crate) struct Broker {
    host: String,
    port: u16,
    idle: Mutex<Vec<Connection>>,
    tally: Arc<Tally>,
}

/// Who leads the partitions of a topic.
#[derive(Clone, Debug)]
pub(crate) struct Topic {
    /// By the partition's number; negative where nobody does.
    pub(crate) leaders: Arc<[i32]>,
    asked: Instant,
}

impl Client {
    /// A client that has not connected to anything yet, of the component that `cx` is of; it counts what it does as `families`.
    ///
    /// # Errors
    /// Certificates cannot be loaded, or the extension that has tokens is not there.
    pub fn new(config: ClientConfig, families: &'static Families, cx: &Context) -> Result<Self, BoxError> {
        let counts = Counts::new(families, cx.meter());
        let tls = config.tls.as_ref().map(|tls| tls.connector(&[])).transpose()?.flatten();
        let seeds = config.brokers.iter().filter_map(|broker| address(broker));
        // As Go's client calls them: brokers whose numbers are not known yet.
        let seed = |(at, (host, port)): (usize, (&str, u16))| {
            Broker::new(host.to_owned(), port, &format!("seed_{at}"), &counts)
        };
        let seeds = seeds.enumerate().map(seed).collect();
        let tokens = TokenSource::find(&config.auth, cx)?;
        let (auth, client_id) = (config.auth.clone(), config.client_id.clone());
        let dialer = Dialer { tls, auth, tokens, client_id };
        let known = Known { counts: counts.clone(), brokers: HashMap::new(), topics: HashMap::new() };
        Ok(Self { dialer, seeds, config, known: Mutex::new(known), counts })
    }

    /// Asks a broker that is known by number.
    pub(crate) async fn call<R: Request>(
        &self,
        broker: i32,
        request: &R,
        wait: Duration,
    ) -> Result<R::Answer, Error> {
        let broker = self.known().brokers.get(&broker).cloned();
        let broker = broker.ok_or_else(gone)?;
        let mut asked = Asked::new(request);
        self.exchange(&broker, &mut asked, wait).await?;
        asked.answer()
    }

    /// The same without an answer.
    pub(crate) async fn tell<R: Request>(&self, broker: i32, request: &R) -> Result<(), Error> {
        let broker = self.known().brokers.get(&broker).cloned();
        let broker = broker.ok_or_else(gone)?;
        let (began, mut asked) = (Instant::now(), Asked::new(request));
        let mut connection = self.connection(&broker).await?;
        let asking = broker.tally.request(asked.key(), began);
        connection.tell(&mut asked).await?;
        if let Some(asking) = asking {
            asking.done();
        }
        broker.give_back(connection);
        Ok(())
    }

    /// Asks whichever broker answers first, one after the other.
    pub(crate) async fn call_any<R: Request>(&self, request: &R) -> Result<R::Answer, Error> {
        let mut asked = Asked::new(request);
        self.exchange_with_any(&mut asked).await?;
        asked.answer()
    }

    fn exchange_with_any<'a>(&'a self, asked: &'a mut dyn Exchange) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let mut brokers: Vec<Arc<Broker>> = self.known().brokers.values().cloned().collect();
            // What was configured comes last: it may be one broker's name for all of them.
            brokers.extend(self.seeds.iter().cloned());
            let mut last = Error::Connect("no brokers are configured".to_owned());
            for broker in brokers {
                match self.exchange(&broker, asked, Duration::ZERO).await {
                    Ok(()) => return Ok(()),
                    Err(error @ (Error::Authentication(_) | Error::Unsupported(_))) => return Err(error),
                    Err(error) => last = error,
                }
            }
            Err(last)
        })
    }

    /// Asks `broker` on a connection that has no other request on it.
    ///
    /// Boxed, so that it is compiled once, and not for each that awaits it.
    pub(crate) fn exchange<'a>(
        &'a self,
        broker: &'a Broker,
        asked: &'a mut dyn Exchange,
        wait: Duration,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let began = Instant::now();
            let mut connection = self.connection(broker).await?;
            let asking = broker.tally.request(asked.key(), began);
            let outcome = connection.exchange(asked, wait).await;
            match &outcome {
                Ok(()) => {
                    if let Some(asking) = asking {
                        asking.done();
                    }
                    broker.tally.throttled(connection.throttled());
                    broker.give_back(connection);
                }
                // The others have ended with this one, if the broker has.
                Err(Error::Broken(_)) => broker.connections().clear(),
                Err(_) => {}
            }
            outcome
        })
    }

    async fn connection(&self, broker: &Broker) -> Result<Connection, Error> {
        match broker.idle(self.config.conn_idle_timeout.std()) {
            Some(connection) => Ok(connection),
            None => Connection::open(&self.dialer, &broker.host, broker.port, &broker.tally).await,
        }
    }

    /// Counts a batch that has come from `broker`, or has got to it.
    pub(crate) fn count(&self, broker: i32, topic: &str, partition: i32, size: Size) {
        let found = self.known().brokers.get(&broker).cloned();
        let host = found.as_ref().map_or("", |found| &found.host);
        self.counts.batch((broker, host), topic, partition, size);
    }

    /// A broker that an answer named.
    pub(crate) fn broker(&self, id: i32, host: String, port: i32) -> Option<Arc<Broker>> {
        let port = u16::try_from(port).ok().filter(|_| id >= 0 && !host.is_empty())?;
        Some(self.known().broker(id, host, port))
    }

    /// Who leads the partitions of `topic`. A topic that is not there is made if the client may do that; while nobody leads
    /// it, it is asked for again as often as the configuration says.
    pub(crate) fn topic<'a>(&'a self, topic: &'a str, create: bool) -> BoxFuture<'a, Result<Topic, Error>> {
        Box::pin(async move {
            let mut attempts = 0;
            loop {
                let known = self.known().topics.get(topic).cloned();
                if let Some(known) = known.filter(|known| self.is_fresh(known)) {
                    return Ok(known);
                }
                let names = [topic.to_owned()];
                let answer = self.metadata(Some(&names), create).await?;
                let asked = answer.topics.iter().find(|found| found.name == topic);
                let refused = match asked.map_or(Ok(()), |asked| Error::check(asked.error)) {
                    Ok(()) => match self.known().topics.get(topic) {
                        Some(found) => return Ok(found.clone()),
                        None => Error::NoLeader(format!("topic {topic:?}")),
                    },
                    Err(error) => error,
                };
                if attempts >= self.config.metadata.max || !refused.is_retryable() {
                    return Err(refused);
                }
                attempts += 1;
                sleep(self.config.metadata.backoff.std()).await;
            }
        })
    }

    /// Forgets who leads the partitions of `topic`.
    pub(crate) fn forget(&self, topic: &str) {
        self.known().topics.remove(topic);
    }

    /// Asks for topics, all of them without names, and remembers what there is.
    pub(crate) async fn metadata(&self, topics: Option<&[String]>, create: bool) -> Result<Answer, Error> {
        let answer = self.call_any(&Metadata { topics, create }).await?;
        self.known().learn(&answer);
        Ok(answer)
    }

    fn is_fresh(&self, topic: &Topic) -> bool {
        let oldest = self.config.metadata.refresh_interval;
        oldest.0 <= 0 || topic.asked.elapsed() < oldest.std()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn gone() -> Error {
    Error::NoLeader("the partition: its broker is gone".to_owned())
}

impl Known {
    fn learn(&mut self, answer: &Answer) {
        for broker in &answer.brokers {
            if let Ok(port) = u16::try_from(broker.port) {
                self.broker(broker.id, broker.host.clone(), port);
            }
        }
        self.brokers.retain(|id, _| answer.brokers.iter().any(|broker| broker.id == *id));
        let now = Instant::now();
        for topic in &answer.topics {
            let count = topic.partitions.len();
            if topic.error != 0 || count == 0 {
                self.topics.remove(&topic.name);
                continue;
            }
            let mut leaders = vec![-1; count];
            for partition in &topic.partitions {
                let index = usize::try_from(partition.index).ok();
                if let Some(leader) = index.and_then(|index| leaders.get_mut(index)) {
                    *leader = partition.leader;
                }
            }
            if self.topics.len() >= TOPICS && !self.topics.contains_key(&topic.name) {
                self.topics.clear();
            }
            self.topics.insert(topic.name.clone(), Topic { leaders: leaders.into(), asked: now });
        }
    }

    /// The broker with this number, which keeps its connections while it stays where it is.
    fn broker(&mut self, id: i32, host: String, port: u16) -> Arc<Broker> {
        match self.brokers.get(&id) {
            Some(broker) if broker.host == host && broker.port == port => broker.clone(),
            _ => {
                let broker = Broker::new(host, port, &id.to_string(), &self.counts);
                self.brokers.insert(id, broker.clone());
                broker
            }
        }
    }
}

impl Broker {
    fn new(host: String, port: u16, node: &str, counts: &Counts) -> Arc<Self> {
        let tally = counts.tally(node, &host);
        Arc::new(Self { host, port, idle: Mutex::default(), tally })
    }

    fn idle(&self, age: Duration) -> Option<Connection> {
        let mut idle = self.connections();
        while let Some(connection) = idle.pop() {
            if connection.is_fresh(age) {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection on which nothing is under way.
    fn give_back(&self, connection: Connection) {
        let mut idle = self.connections();
        if idle.len() < IDLE {
            idle.push(connection);
        }
    }

    fn connections(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
