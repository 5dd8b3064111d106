//! Jobs that a target allocator gives: asked for again and again, started, replaced and ended as they come and go.

use std::{collections::HashMap, env, time::Duration};

use http::{HeaderMap, Method, StatusCode, Uri};
use slimcol_config::{Node, Shown};
use slimcol_net::{
    Pieces,
    http::client::{HttpClient, HttpRequest},
};
use slimcol_service::{BoxError, Client, Stop};
use tokio::{
    sync::oneshot,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    Task,
    config::{Allocator, Config},
    pool::{self, Outlet, Replaced},
};

/// The longest list of jobs that is read.
const LARGEST: usize = 64 << 20;
/// How long to wait when the first list cannot be had; twice as long each time, until it is the interval.
const SOON: Duration = Duration::from_secs(1);

/// The allocator, and what runs because of it.
struct Allocated {
    config: Config,
    allocator: Allocator,
    client: HttpClient,
    uri: Uri,
    outlet: Outlet,
    /// By job: how it was written, and what ends it.
    running: HashMap<String, (Shown, oneshot::Sender<Replaced>)>,
    pools: JoinSet<Result<(), BoxError>>,
}

/// Runs what the allocator gives until told to stop.
pub(crate) async fn run(
    config: Config,
    allocator: Allocator,
    outlet: Outlet,
    mut stop: Stop,
) -> Result<(), BoxError> {
    let log = outlet.cx.log().clone();
    let interval = allocator.interval.std();
    let client = HttpClient::new(&allocator.client, &outlet.cx)?.uncounted();
    let uri = format!("{}/scrape_configs", allocator.client.endpoint).parse()?;
    client.prepare(&uri)?;
    log.info("Starting target allocator discovery", &[]);
    let (running, pools) = (HashMap::new(), JoinSet::new());
    let mut all = Allocated { config, allocator, client, uri, outlet, running, pools };
    let (mut known, mut wait) = (None, SOON.min(interval));
    loop {
        let told = tokio::select! {
            () = stop.wait() => break,
            told = all.ask() => told,
        };
        match told.and_then(|list| all.sync(list, &mut known, &stop)) {
            Ok(()) => wait = interval,
            Err(error) => log.error("Failed to retrieve job list", &[("error", error.into())]),
        }
        let next = sleep(wait);
        wait = (wait * 2).min(interval);
        tokio::pin!(next);
        loop {
            tokio::select! {
                () = stop.wait() => break,
                () = &mut next => break,
                Some(ended) = all.pools.join_next() => if let Ok(Err(error)) = ended {
                    log.error("Failed to apply new scrape configuration", &[("error", error.to_string().into())]);
                }
            }
        }
        if stop.is_stopping() {
            break;
        }
    }
    log.info("Stopping target allocator", &[]);
    while all.pools.join_next().await.is_some() {}
    Ok(())
}

impl Allocated {
    /// The list of jobs as it is now.
    async fn ask(&self) -> Result<String, String> {
        let request = HttpRequest {
            method: Method::GET,
            uri: self.uri.clone(),
            headers: HeaderMap::new(),
            body: Pieces::default(),
            client: Client::default(),
        };
        // An allocator that does not answer must not be waited for longer than there is time until the next list.
        let limit = self.allocator.interval.std().max(Duration::from_secs(10));
        let asked = async {
            let answer = self.client.send(request).await.map_err(|error| error.to_string())?;
            if answer.status != StatusCode::OK {
                return Err(format!("server returned HTTP status {}", answer.status));
            }
            let body = answer.body(LARGEST).await.map_err(|error| error.to_string())?;
            String::from_utf8(body.into()).map_err(|error| error.to_string())
        };
        timeout(limit, asked).await.unwrap_or_else(|_| Err("context deadline exceeded".to_owned()))
    }

    /// Starts, replaces and ends jobs as `list` says, if it is not what it was. Of a list that is wrong nothing is done.
    fn sync(&mut self, list: String, known: &mut Option<String>, stop: &Stop) -> Result<(), String> {
        if known.as_ref() == Some(&list) {
            return Ok(());
        }
        let shard = env::var("SHARD").unwrap_or_else(|_| "0".to_owned());
        let issue = |issues: &[slimcol_config::Issue]| issues.first().map(|issue| issue.message.clone());
        let node = slimcol_config::parse(&self.uri.to_string(), &list.replace("$(SHARD)", &shard))
            .map_err(|error| issue(error.issues()).unwrap_or_default())?;
        if !node.is_map() && !node.is_null() {
            return Err(format!("expected a map of scrape configurations, got {}", node.go_kind()));
        }
        let jobs = self.config.allocated(&self.allocator, &node)?;
        let names: Vec<&str> = node.entries().iter().map(slimcol_config::Entry::key).collect();
        self.running.retain(|name, _| names.contains(&&**name));
        for (name, (written, job)) in names.iter().zip(jobs) {
            self.start(name, &written, job, stop);
        }
        *known = Some(list);
        Ok(())
    }

    fn start(&mut self, name: &str, written: &Node, job: crate::job::Job, stop: &Stop) {
        let written = Shown::from(written);
        if let Some((before, _)) = self.running.get(name)
            && *before == written
        {
            return;
        }
        self.outlet.cx.log().info("Scrape job added", &[("jobName", (&job.name).into())]);
        let (end, ended) = oneshot::channel();
        self.pools.spawn(Box::pin(pool::run(job, self.outlet.clone(), ended, stop.clone())) as Task);
        if let Some((_, before)) = self.running.insert(name.to_owned(), (written, end)) {
            // It may have ended of itself.
            let _ = before.send(Replaced);
        }
    }
}
