//! The targets of a job: found, started, and ended when they are found no more.

use std::{collections::HashMap, sync::Arc};

use slimcol_relabel::Labels;
use slimcol_service::{BoxError, Context, Next, Stop, StopHandle, meter::Received};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
};

use crate::{
    discovery::{Finder, Group},
    job::Job,
    scrape::{self, Scraper},
    target::Target,
    web::WebClient,
};

/// Where all that is scraped goes.
#[derive(Clone)]
pub(crate) struct Outlet {
    pub(crate) next: Next,
    pub(crate) received: Received,
    pub(crate) cx: Context,
}

/// Another job goes on with a job's series, so that nothing is told of their end.
#[derive(Debug)]
pub(crate) struct Replaced;

/// Scrapes all targets of a job until told to stop, until it is replaced, or until whoever could say so is gone.
pub(crate) async fn run(
    job: Job,
    Outlet { next, received, cx }: Outlet,
    mut ended: oneshot::Receiver<Replaced>,
    mut stop: Stop,
) -> Result<(), BoxError> {
    let log = cx.log().with(&[("scrape_pool", (&job.name).into())]);
    let (to, mut found) = mpsc::channel(16);
    let mut discoveries = JoinSet::new();
    for (number, how) in job.discovery.iter().enumerate() {
        let finder = Finder { number, to: to.clone(), log: log.clone() };
        discoveries.spawn(cx.contained(how.discovery(&cx)?.run(finder)));
    }
    let client = job.web.client(&cx)?;
    let mut pool = Pool {
        groups: vec![Vec::new(); job.discovery.len()],
        job: Arc::new(job),
        client,
        next,
        received,
        cx,
    };
    let mut running: HashMap<(Labels, String), StopHandle> = HashMap::new();
    let mut scrapers = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.wait() => break,
            replaced = &mut ended => {
                if replaced.is_ok() {
                    scrapers.shutdown().await;
                }
                break;
            }
            Some((number, groups)) = found.recv() => {
                pool.groups[number] = groups;
                pool.sync(&log, &mut running, &mut scrapers, &stop);
            }
            Some(_) = scrapers.join_next() => {}
        }
    }
    discoveries.shutdown().await;
    // What runs on is told that its target is gone.
    drop(running);
    while scrapers.join_next().await.is_some() {}
    Ok(())
}

/// What is needed to start a target's scraping.
struct Pool {
    groups: Vec<Vec<Group>>,
    job: Arc<Job>,
    client: Arc<WebClient>,
    next: Next,
    received: Received,
    cx: Context,
}

impl Pool {
    /// Starts the targets that are new, and ends those that are gone.
    fn sync(
        &self,
        log: &slimcol_service::Log,
        running: &mut HashMap<(Labels, String), StopHandle>,
        scrapers: &mut JoinSet<()>,
        stop: &Stop,
    ) {
        let version = self.cx.build().version;
        let mut wanted = HashMap::new();
        for group in self.groups.iter().flatten() {
            for (nth, own) in group.targets.iter().enumerate() {
                match Target::new(&self.job, own, &group.labels, (version, log)) {
                    Ok(Some(target)) => drop(wanted.insert(target.identity.clone(), target)),
                    Ok(None) => {}
                    Err(error) => {
                        let error = format!("instance {nth} in group {}: {error}", group.source);
                        log.error("Creating target failed", &[("err", error.into())]);
                    }
                }
            }
        }
        running.retain(|identity, _| wanted.contains_key(identity));
        let limit = self.job.target_limit;
        let refused = (limit > 0 && wanted.len() > limit)
            .then(|| format!("target_limit exceeded (number of targets: {}, limit: {limit})", wanted.len()));
        for (identity, target) in wanted {
            if running.contains_key(&identity) {
                continue;
            }
            let (handle, gone) = Stop::new();
            running.insert(identity, handle);
            let scraper = Scraper {
                target,
                client: Arc::clone(&self.client),
                next: self.next.clone(),
                received: self.received.clone(),
                log: log.clone(),
                refused: refused.clone(),
            };
            scrapers.spawn(self.cx.contained(scrape::run(scraper, gone, stop.clone())));
        }
    }
}
