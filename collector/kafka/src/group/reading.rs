//! All partitions that a member reads, and the tasks that do it: one for each broker that leads some of them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::Notify, task::JoinHandle, time::sleep};

use super::{
    Consumer, Take,
    part::{Part, Place},
    protocol::Share,
};
use crate::together::together;

/// The partitions, and who reads them.
#[derive(Debug, Default)]
pub(super) struct Reading {
    parts: Arc<Parts>,
    /// By the broker's number.
    tasks: HashMap<i32, JoinHandle<()>>,
}

/// The partitions by where they are.
#[derive(Debug, Default)]
struct Parts {
    all: Mutex<BTreeMap<Place, Arc<Part>>>,
    /// A task has ended because its broker leads nothing any more.
    changed: Notify,
}

impl Parts {
    fn all(&self) -> MutexGuard<'_, BTreeMap<Place, Arc<Part>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, places: &[Place]) -> Vec<Arc<Part>> {
        let all = self.all();
        places.iter().filter_map(|place| all.get(place).cloned()).collect()
    }

    fn each(&self) -> Vec<Arc<Part>> {
        self.all().values().cloned().collect()
    }
}

impl Reading {
    pub(super) fn has(&self, place: &Place) -> bool {
        self.parts.all().contains_key(place)
    }

    pub(super) fn places(&self) -> Vec<Place> {
        self.parts.all().keys().cloned().collect()
    }

    pub(super) fn share(&self) -> Share {
        let mut share = Share::new();
        for (topic, partition) in self.places() {
            share.entry(topic).or_default().push(partition);
        }
        share
    }

    /// Reads a partition from `position` on.
    pub(super) fn add(&self, place: Place, position: i64, committed: i64) {
        let part = Arc::new(Part::new(place.clone(), position, committed));
        self.parts.all().insert(place, part);
    }

    /// What is to be committed.
    pub(super) fn uncommitted(&self) -> Vec<(String, i32, i64)> {
        let all = self.parts.all();
        all.values()
            .filter_map(|part| part.uncommitted().map(|at| (part.place.0.clone(), part.place.1, at)))
            .collect()
    }

    /// The coordinator knows that.
    pub(super) fn committed(&self, places: &[(String, i32, i64)]) {
        let all = self.parts.all();
        for (topic, partition, position) in places {
            if let Some(part) = all.get(&(topic.clone(), *partition)) {
                part.commit(*position);
            }
        }
    }

    /// No more records of these are handed on; returns when the last ones were.
    pub(super) async fn end(&self, places: &[Place]) {
        let parts = self.parts.of(places);
        together(parts.iter().map(|part| part.end()).collect()).await;
    }

    /// Not even the records that are being handed on are waited for.
    pub(super) fn abandon(&self, places: &[Place]) {
        for part in self.parts.of(places) {
            part.abandon();
        }
    }

    /// Forgets these; how far each was read, and what the coordinator knows of that.
    pub(super) fn remove(&self, places: &[Place]) -> Vec<(Place, i64, i64)> {
        let mut all = self.parts.all();
        let gone = places.iter().filter_map(|place| all.remove(place));
        gone.map(|part| (part.place.clone(), part.position(), part.committed())).collect()
    }

    /// Returns when who leads what has changed.
    pub(super) async fn changed(&self) {
        self.parts.changed.notified().await;
    }

    /// Sees to it that there is a task for each broker that leads a partition.
    pub(super) async fn keep_fetching<T: Take>(&mut self, consumer: &Arc<Consumer<T>>) {
        self.tasks.retain(|_, task| !task.is_finished());
        for part in self.parts.each() {
            let Ok(leader) = consumer.leader(&part.place).await else { continue };
            self.tasks.entry(leader).or_insert_with(|| {
                let (consumer, parts) = (consumer.clone(), self.parts.clone());
                let cx = consumer.cx.clone();
                cx.spawn(async move { fetch(&consumer, &parts, leader).await })
            });
        }
    }
}

/// Reads what `leader` leads, until that is nothing.
async fn fetch<T: Take>(consumer: &Consumer<T>, parts: &Parts, leader: i32) {
    loop {
        let (mut led, mut resting) = (Vec::new(), false);
        for part in parts.each() {
            if consumer.leader(&part.place).await.is_ok_and(|found| found == leader) {
                if part.is_read() {
                    led.push(part);
                } else {
                    resting = true;
                }
            }
        }
        if !led.is_empty() {
            consumer.read(leader, &led).await;
        } else if resting {
            sleep(consumer.config.max_fetch_wait.std()).await;
        } else {
            break;
        }
    }
    parts.changed.notify_one();
}

impl Drop for Reading {
    fn drop(&mut self) {
        for task in self.tasks.values() {
            task.abort();
        }
    }
}
