//! A member of a consumer group: joins, gets its share of the partitions, reads them and hands on what is in them, says how far
//! it has come, and gives partitions up when they are shared out anew.
//!
//! Only what was handed on and taken is committed, so what a member had not finished when it died comes to another.

mod assign;
mod fetch;
mod member;
mod part;
mod protocol;
mod reading;
mod topics;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use slimcol_config::Duration as Configured;
use slimcol_service::{Backoff, BoxError, Context, Log, StatusReporter, Stop};
use tokio::time::{Instant, sleep, timeout};

pub use self::topics::Topics;
use self::{
    assign::assign,
    member::{Coordinator, Identity},
    part::Place,
    protocol::{Subscription, assignment, read_assignment},
    reading::Reading,
};
use crate::{
    Client, Code, Consumed, Error, Families,
    config::{ClientConfig, ConsumerConfig, Strategy},
};

/// How long to wait for what is being handed on when partitions are given up; the rest of the time that the group allows is
/// for saying so.
const DRAIN: Duration = Duration::from_secs(45);

/// How often topics are looked for that are not there.
const LOOK: Duration = Duration::from_secs(5);

/// A record and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The partition.
    pub partition: i32,
    /// The record.
    pub record: &'a Consumed,
    /// How often it was offered before.
    pub attempts: u32,
    /// How long ago that was for the first time.
    pub elapsed: Duration,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is done with, and the next one can come.
    Done,
    /// It is to be offered again, after this long.
    Later(Duration),
    /// It will not be taken, nor be passed over: the partition is not read on until it is shared out again.
    Stuck,
}

/// What takes records, those of a partition one after the other.
pub trait Take: Send + Sync + 'static {
    /// Takes one record, however long that takes. Dropped half-way if the partition has to be given up before.
    fn take(&self, record: Record<'_>) -> impl Future<Output = Taken> + Send;

    /// A partition is this member's from now on.
    fn begun(&self);

    /// A partition that was this member's is so no more.
    fn ended(&self, topic: &str, partition: i32);

    /// Records of a partition were taken; `lag` are behind them that may be read.
    fn came_to(&self, topic: &str, partition: i32, lag: i64);
}

/// A member of a group.
#[derive(Debug)]
pub struct Consumer<T> {
    client: Client,
    config: ConsumerConfig,
    topics: Topics,
    to: T,
    cx: Context,
    log: Log,
    status: StatusReporter,
    coordinator: Coordinator,
}

/// How a generation of a group ended for this member.
enum End {
    /// The partitions are to be shared out anew.
    Rejoin,
    /// This member is to stop.
    Stopped,
}

/// What a member keeps from one generation to the next.
#[derive(Debug, Default)]
struct Memory {
    who: Identity,
    reading: Reading,
    /// How far partitions were read that were lost, and what was committed of them then: if nobody has committed anything
    /// since, nobody has read on either, and nothing need be read twice.
    lost: HashMap<Place, (i64, i64)>,
}

impl<T: Take> Consumer<T> {
    /// A member that has not joined yet. `cx`, `log` and `status` are those of whom it reads for, `families` what it counts.
    ///
    /// # Errors
    /// Certificates cannot be loaded, or the extension that has tokens is not there.
    pub fn new(
        client: ClientConfig,
        config: ConsumerConfig,
        topics: Topics,
        to: T,
        families: &'static Families,
        (cx, log, status): (&Context, Log, StatusReporter),
    ) -> Result<Arc<Self>, BoxError> {
        let client = Client::new(client, families, cx)?;
        let (cx, coordinator) = (cx.clone(), Coordinator::default());
        Ok(Arc::new(Self { client, config, topics, to, cx, log, status, coordinator }))
    }

    /// Reads until told to stop; then says how far it has come, and goes.
    pub async fn run(self: Arc<Self>, mut stop: Stop) {
        let mut memory = Memory::default();
        let mut backoff = backoff();
        while !stop.is_stopping() {
            match self.generation(&mut memory, &mut stop).await {
                Ok(End::Stopped) => break,
                Ok(End::Rejoin) => backoff = self::backoff(),
                Err(error) => {
                    self.lose(&mut memory, &error).await;
                    // What passes by itself is the way of things while a broker starts or a group is made.
                    if error.is_retryable() {
                        let fields = [("error", error.to_string().into())];
                        self.log.warn("consumer group session error", &fields);
                        self.status.recoverable(&error);
                    } else {
                        self.complain("consumer group session error", &error);
                    }
                    tokio::select! {
                        () = sleep(backoff.wait()) => {}
                        () = stop.wait() => break,
                    }
                }
            }
        }
        let places = memory.reading.places();
        self.give_up(&mut memory, &places).await;
        if let Err(error) = self.leave(&memory.who).await {
            self.log.debug("failed to leave the group", &[("error", error.to_string().into())]);
        }
        self.log.info("consumer stopped", &[]);
    }

    fn status(&self) -> &StatusReporter {
        &self.status
    }

    /// From joining to the next time that partitions are shared out.
    async fn generation(self: &Arc<Self>, memory: &mut Memory, stop: &mut Stop) -> Result<End, Error> {
        let counts = self.topics.find(&self.client).await?;
        let cooperative = self.config.strategies().iter().all(|one| *one == Strategy::CooperativeSticky);
        if !cooperative {
            let all = memory.reading.places();
            self.give_up(memory, &all).await;
        }
        let about = Subscription {
            topics: counts.keys().cloned().collect(),
            owned: memory.reading.share(),
            generation: memory.who.generation,
        };
        let joined = tokio::select! {
            joined = self.join(&mut memory.who, &about) => joined?,
            () = stop.wait() => return Ok(End::Stopped),
        };
        let shares = if joined.leader == joined.member {
            self.share_out(&joined.protocol, joined.members).await?
        } else {
            Vec::new()
        };
        let share = tokio::select! {
            share = self.sync(&memory.who, &shares) => read_assignment(share?)?,
            () = stop.wait() => return Ok(End::Stopped),
        };
        let own: Vec<Place> = share
            .into_iter()
            .flat_map(|(topic, partitions)| {
                partitions.into_iter().map(move |partition| (topic.clone(), partition))
            })
            .collect();
        let revoked: Vec<Place> =
            memory.reading.places().into_iter().filter(|place| !own.contains(place)).collect();
        let gave_up = !revoked.is_empty();
        self.give_up(memory, &revoked).await;
        self.begin(memory, own).await?;
        self.status.ok();
        // Whoever gets what was given up only learns of it when all join once more.
        if gave_up && cooperative {
            return Ok(End::Rejoin);
        }
        self.read_on(memory, &counts, stop).await
    }

    /// Everybody's share, from the leader.
    async fn share_out(
        &self,
        protocol: &str,
        members: Vec<(String, bytes::Bytes)>,
    ) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let strategy = self.strategy(protocol)?;
        let mut about = BTreeMap::new();
        for (id, subscription) in members {
            about.insert(id, Subscription::read(subscription)?);
        }
        let mut topics: Vec<String> =
            about.values().flat_map(|member| member.topics.iter().cloned()).collect();
        slimcol_order::sort(&mut topics);
        topics.dedup();
        let counts = topics::counts(&self.client, &topics).await?;
        let shares = assign(strategy, &about, &counts);
        Ok(shares.into_iter().map(|(id, share)| (id, assignment(&share))).collect())
    }

    /// Begins to read what this member got and does not read yet.
    async fn begin(self: &Arc<Self>, memory: &mut Memory, own: Vec<Place>) -> Result<(), Error> {
        let added: Vec<Place> = own.into_iter().filter(|place| !memory.reading.has(place)).collect();
        if added.is_empty() {
            return Ok(());
        }
        for at in self.committed(&added).await? {
            let place = (at.topic, at.partition);
            if !added.contains(&place) {
                continue;
            }
            let position = match memory.lost.remove(&place) {
                Some((position, committed)) if committed == at.offset => position,
                _ if at.offset >= 0 => at.offset,
                _ => self.initial(&place).await?,
            };
            let fields = [
                ("topic", (&place.0).into()),
                ("partition", i64::from(place.1).into()),
                ("offset", position.into()),
            ];
            self.log.info("partition assigned", &fields);
            self.to.begun();
            memory.reading.add(place, position, at.offset);
        }
        Ok(())
    }

    /// Reads, says that it is there and how far it has come, until partitions are shared out anew.
    async fn read_on(
        self: &Arc<Self>,
        memory: &mut Memory,
        counts: &BTreeMap<String, i32>,
        stop: &mut Stop,
    ) -> Result<End, Error> {
        let beat = self.config.heartbeat_interval.std();
        let every = Some(self.config.autocommit_interval.std()).filter(|every| !every.is_zero());
        // Without commits at intervals there is one after what each fetch brought; this is how often that is looked for.
        let every = every.filter(|_| self.config.autocommit).unwrap_or(Duration::from_millis(100));
        let refresh = self.client.config.metadata.refresh_interval.std().max(Duration::from_secs(1));
        let look = if self.topics.are_all_in(counts) { refresh } else { LOOK.min(refresh) };
        let session = self.config.session_timeout.std();
        let now = Instant::now();
        let (mut next_beat, mut next_commit, mut next_look, mut heard) =
            (now + beat, now + every, now + look, now);
        loop {
            memory.reading.keep_fetching(self).await;
            let next = next_beat.min(next_commit).min(next_look);
            tokio::select! {
                () = stop.wait() => return Ok(End::Stopped),
                () = memory.reading.changed() => continue,
                () = tokio::time::sleep_until(next) => {}
            }
            let now = Instant::now();
            if now >= next_beat {
                next_beat = now + beat;
                match self.heartbeat(&memory.who).await {
                    Ok(()) => heard = Instant::now(),
                    Err(Error::Refused(Code::REBALANCE_IN_PROGRESS)) => {
                        self.log.info("partitions are shared out anew", &[]);
                        self.commit_all(memory).await;
                        return Ok(End::Rejoin);
                    }
                    // The coordinator may be moving, or its broker starting: what it knows of this member lasts for a session.
                    Err(error) if error.is_retryable() && heard.elapsed() < session => {
                        self.complain("heartbeat failed", &error);
                        next_beat = Instant::now() + beat.min(Duration::from_millis(500));
                    }
                    Err(error) => return Err(error),
                }
            }
            if now >= next_commit {
                next_commit = now + every;
                self.commit_all(memory).await;
            }
            if now >= next_look {
                next_look = now + look;
                if self.topics.find(&self.client).await.is_ok_and(|found| found != *counts) {
                    self.log.info("topics have changed", &[]);
                    self.commit_all(memory).await;
                    return Ok(End::Rejoin);
                }
            }
        }
    }

    /// Says how far all partitions were read.
    async fn commit_all(&self, memory: &Memory) {
        let places = memory.reading.uncommitted();
        if places.is_empty() {
            return;
        }
        match self.commit(&memory.who, &places).await {
            Ok(_) => memory.reading.committed(&places),
            Err(error) => self.complain("failed to commit offsets", &error),
        }
    }

    /// Ends reading `places`: waits for what is being handed on, saying meanwhile that this member is there, and says how far it
    /// has come.
    async fn give_up(&self, memory: &mut Memory, places: &[Place]) {
        if places.is_empty() {
            return;
        }
        let beat = self.config.heartbeat_interval.std();
        let deadline = Instant::now() + DRAIN;
        {
            let mut ended = Box::pin(memory.reading.end(places));
            while timeout(beat, &mut ended).await.is_err() {
                if Instant::now() >= deadline {
                    memory.reading.abandon(places);
                }
                // What is wrong shows when this member joins again.
                let _ = self.heartbeat(&memory.who).await;
            }
        }
        for _ in 0..3 {
            self.commit_all(memory).await;
            if memory.reading.uncommitted().is_empty() {
                break;
            }
            sleep(Duration::from_millis(200)).await;
        }
        for (place, position, committed) in memory.reading.remove(places) {
            let fields = [("topic", (&place.0).into()), ("partition", i64::from(place.1).into())];
            self.log.info("partition given up", &fields);
            self.to.ended(&place.0, place.1);
            // Only what could not be committed is worth remembering.
            if position > committed {
                memory.lost.insert(place, (position, committed));
            }
        }
    }

    /// The group does not count this member in any more, or cannot be reached: what it reads may be another's by now.
    async fn lose(&self, memory: &mut Memory, error: &Error) {
        let all = memory.reading.places();
        let forgotten = matches!(
            error,
            Error::Refused(Code::UNKNOWN_MEMBER_ID | Code::ILLEGAL_GENERATION | Code::FENCED_INSTANCE_ID)
        );
        if forgotten {
            memory.who = Identity { id: String::new(), generation: -1 };
        }
        // The record under way is finished if it can be: then it need not come a second time.
        if timeout(self.config.session_timeout.std(), memory.reading.end(&all)).await.is_err() {
            memory.reading.abandon(&all);
            memory.reading.end(&all).await;
        }
        for (place, position, committed) in memory.reading.remove(&all) {
            self.to.ended(&place.0, place.1);
            memory.lost.insert(place, (position, committed));
        }
    }
}

fn backoff() -> Backoff {
    Backoff::new(Configured::millis(250), Configured::secs(5))
}
