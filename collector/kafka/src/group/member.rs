//! What a member asks of its group's coordinator.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use slimcol_service::BoxFuture;

use super::{Consumer, part::Place, protocol::Subscription};
use crate::{
    Code, Error,
    client::Broker,
    config::Strategy,
    message::{
        Asked, Exchange, Request,
        group::{FindCoordinator, Heartbeat, JoinGroup, Joined, LeaveGroup, Membership, SyncGroup},
        offsets::{At, ListOffsets, OffsetCommit, OffsetFetch},
    },
};

/// How long members may take to give up what they have when partitions are shared out anew; what Go's client takes.
pub(super) const REBALANCE: Duration = Duration::from_mins(1);

/// Who this member is to its group.
#[derive(Clone, Debug, Default)]
pub(super) struct Identity {
    /// Empty before the coordinator has given it one.
    pub(super) id: String,
    pub(super) generation: i32,
}

/// Which broker the group's coordinator is, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Coordinator(Mutex<Option<Arc<Broker>>>);

impl Coordinator {
    fn known(&self) -> Option<Arc<Broker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, broker: Option<Arc<Broker>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = broker;
    }
}

impl<T: Sync> Consumer<T> {
    /// Asks the coordinator. If it is not the one any more, the next request finds out who is.
    async fn coordinate<R: Request>(&self, request: &R, wait: Duration) -> Result<R::Answer, Error> {
        let mut asked = Asked::new(request);
        self.exchange(&mut asked, wait).await?;
        asked.answer()
    }

    /// Boxed, so that it is compiled once, and not for each request.
    fn exchange<'a>(
        &'a self,
        asked: &'a mut dyn Exchange,
        wait: Duration,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let broker = if let Some(broker) = self.coordinator.known() {
                broker
            } else {
                let found = self.client.call_any(&FindCoordinator(&self.config.group_id)).await?;
                Error::check(found.error)?;
                let broker = self.client.broker(found.id, found.host, found.port);
                let broker = broker.ok_or(Error::Malformed("the coordinator has no address"))?;
                self.coordinator.set(Some(broker.clone()));
                broker
            };
            let outcome = self.client.exchange(&broker, asked, wait).await;
            if outcome.as_ref().is_err_and(Error::is_stale) {
                self.coordinator.set(None);
            }
            outcome
        })
    }

    /// The same for an error in an answer.
    fn check(&self, code: i16) -> Result<(), Error> {
        let outcome = Error::check(code);
        if outcome.as_ref().is_err_and(Error::is_stale) {
            self.coordinator.set(None);
        }
        outcome
    }

    fn instance(&self) -> Option<&str> {
        Some(self.config.group_instance_id.as_str()).filter(|id| !id.is_empty())
    }

    fn membership<'a>(&'a self, who: &'a Identity) -> Membership<'a> {
        Membership {
            group: &self.config.group_id,
            generation: who.generation,
            member: &who.id,
            instance: self.instance(),
        }
    }

    /// Joins, or joins again, and returns when all others have.
    pub(super) async fn join(&self, who: &mut Identity, about: &Subscription) -> Result<Joined, Error> {
        let about = about.write();
        let protocols: Vec<(&'static str, Vec<u8>)> =
            self.config.strategies().into_iter().map(|strategy| (strategy.name(), about.clone())).collect();
        let milliseconds = |duration: Duration| i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
        for _ in 0..2 {
            let request = JoinGroup {
                group: &self.config.group_id,
                session_timeout_ms: milliseconds(self.config.session_timeout.std()),
                rebalance_timeout_ms: milliseconds(REBALANCE),
                member: &who.id,
                instance: self.instance(),
                protocols: &protocols,
            };
            let joined = self.coordinate(&request, REBALANCE).await?;
            if joined.error == Code::MEMBER_ID_REQUIRED.0 && who.id.is_empty() {
                who.id = joined.member;
                continue;
            }
            self.check(joined.error)?;
            who.id.clone_from(&joined.member);
            who.generation = joined.generation;
            return Ok(joined);
        }
        Err(Error::Refused(Code::MEMBER_ID_REQUIRED))
    }

    /// Says what everybody gets, if this member leads, and hears what it gets itself.
    pub(super) async fn sync(
        &self,
        who: &Identity,
        shares: &[(String, Vec<u8>)],
    ) -> Result<bytes::Bytes, Error> {
        let request = SyncGroup { by: self.membership(who), shares };
        let (error, share) = self.coordinate(&request, REBALANCE).await?;
        self.check(error)?;
        Ok(share)
    }

    pub(super) async fn heartbeat(&self, who: &Identity) -> Result<(), Error> {
        let request = Heartbeat(self.membership(who));
        let error = self.coordinate(&request, Duration::ZERO).await?;
        self.check(error)
    }

    /// Goes, so that the others need not wait until it is missed. Members with a name of their own come back.
    pub(super) async fn leave(&self, who: &Identity) -> Result<(), Error> {
        if who.id.is_empty() || self.instance().is_some() {
            return Ok(());
        }
        let request = LeaveGroup { group: &self.config.group_id, member: &who.id };
        let error = self.coordinate(&request, Duration::ZERO).await?;
        self.check(error)
    }

    /// Says how far partitions were read. Gives back those of which the coordinator knows it now.
    pub(super) async fn commit(
        &self,
        who: &Identity,
        places: &[(String, i32, i64)],
    ) -> Result<Vec<At>, Error> {
        let request = OffsetCommit { by: self.membership(who), partitions: places };
        let answer = self.coordinate(&request, Duration::ZERO).await?;
        for at in &answer {
            self.check(at.error)?;
        }
        Ok(answer)
    }

    /// How far the group has come in `places`.
    pub(super) async fn committed(&self, places: &[Place]) -> Result<Vec<At>, Error> {
        let request = OffsetFetch { group: &self.config.group_id, partitions: places };
        let (error, answer) = self.coordinate(&request, Duration::ZERO).await?;
        self.check(error)?;
        for at in &answer {
            self.check(at.error)?;
        }
        Ok(answer)
    }

    /// Where a partition is read from that nobody has committed anything for.
    pub(super) async fn initial(&self, place: &Place) -> Result<i64, Error> {
        let time = if self.config.begins_early() { -2 } else { -1 };
        let leader = self.leader(place).await?;
        let places = [place.clone()];
        let request = ListOffsets { time, partitions: &places };
        let answer = self.client.call(leader, &request, Duration::ZERO).await?;
        let at = answer.first().ok_or(Error::Malformed("the broker says nothing of a partition"))?;
        Error::check(at.error)?;
        Ok(at.offset)
    }

    /// Who leads a partition.
    pub(super) async fn leader(&self, place: &Place) -> Result<i32, Error> {
        let topic = self.client.topic(&place.0, false).await?;
        let leader = usize::try_from(place.1).ok().and_then(|index| topic.leaders.get(index)).copied();
        let nobody = || Error::NoLeader(format!("partition {} of topic {:?}", place.1, place.0));
        leader.filter(|leader| *leader >= 0).ok_or_else(nobody)
    }

    /// The strategy that a coordinator chose of those that this member offers.
    pub(super) fn strategy(&self, name: &str) -> Result<Strategy, Error> {
        let offered = self.config.strategies();
        let found = offered.into_iter().find(|strategy| strategy.name() == name);
        found.ok_or(Error::Malformed("the coordinator chose a strategy that this member does not offer"))
    }
}
