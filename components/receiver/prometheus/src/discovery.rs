//! Where targets come from.

use std::{collections::BTreeMap, pin::Pin};

use slimcol_config::{Node, Section, Settings};
use slimcol_net::dns::Resolver;
use slimcol_relabel::Labels;
use slimcol_service::{BoxError, Context, Log};
use tokio::sync::mpsc;

mod dns;
mod file;
mod http;

use crate::{
    durations::{PromDuration, Scalar},
    web::Web,
};

/// Targets that were found together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    /// Where, for messages.
    pub(crate) source: String,
    /// Each with its own labels, `__address__` among them.
    pub(crate) targets: Vec<Labels>,
    /// What all of them have.
    pub(crate) labels: Labels,
}

/// A way to find targets, as it is configured.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Static(Vec<Group>),
    Dns(dns::Records),
    File { patterns: Vec<String>, interval: PromDuration },
    Http { url: ::http::Uri, interval: PromDuration, web: Box<Web> },
}

/// Finds targets for as long as the receiver runs, and tells all of them whenever they change.
pub(crate) trait Discovery: Send {
    /// The work, which ends only if nothing will ever change.
    fn run(self: Box<Self>, to: Finder) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// Where a discovery tells what it found.
#[derive(Debug)]
pub(crate) struct Finder {
    /// Which of its job's it is.
    pub(crate) number: usize,
    pub(crate) to: mpsc::Sender<(usize, Vec<Group>)>,
    pub(crate) log: Log,
}

impl Finder {
    /// These are all targets from now on.
    pub(crate) async fn tell(&self, groups: Vec<Group>) {
        // Nobody listens any more when the receiver stops.
        let _ = self.to.send((self.number, groups)).await;
    }
}

impl Found {
    /// Reads all discoveries of a scrape configuration; `whole`: addresses are used as they are written.
    pub(crate) fn read(from: &mut Section<'_>, whole: bool) -> Vec<Self> {
        let mut all = Vec::new();
        let mut groups: Vec<Group> = from.list("static_configs");
        for (nth, group) in groups.iter_mut().enumerate() {
            group.source = nth.to_string();
            let wrong = group
                .targets
                .iter()
                .map(|target| target.get("__address__"))
                .find(|address| address.contains('/'));
            if let Some(address) = wrong.filter(|_| whole) {
                from.error("static_configs", format!("{address:?} is not a valid hostname"));
            }
        }
        if !groups.is_empty() {
            all.push(Self::Static(groups));
        }
        all.extend(from.list::<dns::Records>("dns_sd_configs").into_iter().map(Into::into));
        all.extend(from.list::<file::Files>("file_sd_configs").into_iter().map(Into::into));
        all.extend(
            from.list::<http::Endpoint>("http_sd_configs").into_iter().filter_map(http::Endpoint::found),
        );
        all
    }

    /// What does the finding.
    pub(crate) fn discovery(&self, cx: &Context) -> Result<Box<dyn Discovery>, BoxError> {
        Ok(match self {
            Self::Static(groups) => Box::new(Fixed(groups.clone())),
            Self::Dns(records) => Box::new(dns::Poll::new(records.clone(), Resolver::default())),
            Self::File { patterns, interval } => Box::new(file::Watch::new(patterns.clone(), interval.0)),
            Self::Http { url, interval, web } => {
                Box::new(http::Poll::new(url.clone(), interval.0, web.client(cx)?))
            }
        })
    }
}

/// Targets that stand in the configuration.
struct Fixed(Vec<Group>);

impl Discovery for Fixed {
    fn run(self: Box<Self>, to: Finder) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { to.tell(self.0).await })
    }
}

impl Settings for Group {
    fn read(from: &mut Section<'_>) -> Self {
        let targets: Vec<Scalar> = from.get("targets", Vec::new());
        let labels: BTreeMap<String, Scalar> = from.get("labels", BTreeMap::new());
        let mut all = Labels::default();
        for (name, value) in &labels {
            all.set(name, &value.0);
        }
        let targets = targets.iter().map(|target| Labels::from([("__address__", &*target.0)])).collect();
        Self { source: String::new(), targets, labels: all }
    }
}

/// Groups as files and servers list them, each named by where it stands, with a label that says so.
fn groups(name: &str, text: &str, label: &str) -> Result<Vec<Group>, String> {
    let node = slimcol_config::parse(name, text).map_err(|error| first(error.issues()))?;
    let items = match node.items() {
        Some(items) => items,
        None if node.is_null() => &[],
        None => return Err(format!("expected a list of target groups, got {}", node.go_kind())),
    };
    let group = |(nth, item): (usize, &Node)| {
        if item.is_null() {
            return Err("nil target group item found".to_owned());
        }
        let mut group: Group = slimcol_config::read(item).map_err(|issues| first(&issues))?;
        group.source = format!("{name}:{nth}");
        group.labels.set(label, name);
        Ok(group)
    };
    items.iter().enumerate().map(group).collect()
}

fn first(issues: &[slimcol_config::Issue]) -> String {
    issues.first().map_or_else(String::new, |issue| issue.message.clone())
}
