//! The shards of a processor: one for all data, or one for each combination of metadata values.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use slimcol_service::{Client, ClientInfo, Log, Next, Payload, Refused};
use tokio::task::JoinSet;

use crate::{
    Config,
    counts::Counts,
    shard::{Limits, Sender, Shard},
};

/// The values of each metadata key, in the keys' order.
type Values = Vec<Vec<String>>;

/// All shards with the tasks that send for them.
#[derive(Debug)]
pub(crate) struct Shards {
    limits: Limits,
    log: Log,
    counts: Counts,
    kind: Kind,
    tasks: Mutex<JoinSet<()>>,
}

#[derive(Debug)]
enum Kind {
    One(Arc<Shard>),
    ByMetadata { keys: Vec<String>, limit: usize, shards: Mutex<HashMap<Values, Arc<Shard>>> },
}

impl Shards {
    pub(crate) fn new(config: &Config, log: Log, counts: Counts) -> Self {
        let limits = Limits::new(config);
        let kind = if config.metadata_keys.is_empty() {
            counts.shard();
            Kind::One(Shard::new(limits))
        } else {
            let keys = config.metadata_keys.iter().map(|key| key.to_lowercase()).collect();
            let limit = config.metadata_cardinality_limit as usize;
            Kind::ByMetadata { keys, limit, shards: Mutex::default() }
        };
        Self { limits, log, counts, kind, tasks: Mutex::default() }
    }

    /// Begins to send to `next`, as far as shards are known already.
    pub(crate) fn start(&self, next: &Next) {
        if let Kind::One(shard) = &self.kind {
            self.spawn(shard, Client::default(), next);
        }
    }

    /// Puts `payload` in a batch, once there is room.
    pub(crate) async fn push(&self, payload: Payload, next: &Next) -> Result<(), Refused> {
        match &self.kind {
            Kind::One(shard) => shard.push(payload.data).await,
            Kind::ByMetadata { keys, limit, shards } => {
                let shard = self.shard(keys, *limit, shards, &payload.client, next)?;
                shard.push(payload.data).await
            }
        }
    }

    /// Sends what is held.
    pub(crate) async fn stop(&self) {
        match &self.kind {
            Kind::One(shard) => shard.close(),
            Kind::ByMetadata { shards, .. } => lock(shards).values().for_each(|shard| shard.close()),
        }
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        while tasks.join_next().await.is_some() {}
    }

    /// The shard for what `client` sent; the first of its kind begins one.
    fn shard(
        &self,
        keys: &[String],
        limit: usize,
        shards: &Mutex<HashMap<Values, Arc<Shard>>>,
        client: &Client,
        next: &Next,
    ) -> Result<Arc<Shard>, Refused> {
        let values: Values = keys.iter().map(|key| client.metadata(key).to_vec()).collect();
        let mut shards = lock(shards);
        if let Some(shard) = shards.get(&values) {
            return Ok(shard.clone());
        }
        if limit != 0 && shards.len() >= limit {
            return Err(Refused::permanent("Permanent error: too many batcher metadata-value combinations"));
        }
        let metadata =
            keys.iter().cloned().zip(values.iter().cloned()).filter(|(_, v)| !v.is_empty()).collect();
        let shard = Shard::new(self.limits);
        self.counts.shard();
        self.spawn(&shard, Client::new(ClientInfo { metadata, ..ClientInfo::default() }), next);
        shards.insert(values, shard.clone());
        Ok(shard)
    }

    fn spawn(&self, shard: &Arc<Shard>, client: Client, next: &Next) {
        let sender =
            Sender { client, next: next.clone(), log: self.log.clone(), counts: self.counts.clone() };
        lock(&self.tasks).spawn(shard.clone().run(sender));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
