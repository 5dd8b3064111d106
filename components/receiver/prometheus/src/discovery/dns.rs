//! Targets that DNS names.

use std::{net::IpAddr, pin::Pin, time::Duration};

use slimcol_config::{Section, Settings};
use slimcol_net::dns::{Kind, Record, Resolver};
use slimcol_relabel::Labels;
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use super::{Discovery, Finder, Found, Group};
use crate::durations::PromDuration;

/// One of `dns_sd_configs`.
#[derive(Clone, Debug)]
pub(crate) struct Records {
    names: Vec<String>,
    kind: Kind,
    port: u16,
    interval: PromDuration,
}

impl Settings for Records {
    fn read(from: &mut Section<'_>) -> Self {
        let names: Vec<String> = from.get("names", Vec::new());
        if names.is_empty() {
            from.error("names", "DNS-SD config must contain at least one SRV record name");
        }
        let text = from.get("type", "SRV".to_owned());
        let port = from.get("port", 0);
        let kind = match text.to_uppercase().as_str() {
            "SRV" => Kind::Srv,
            "A" => Kind::A,
            "AAAA" => Kind::Aaaa,
            "MX" => Kind::Mx,
            "NS" => Kind::Ns,
            _ => {
                from.error("type", format!("invalid DNS-SD records type {text}"));
                Kind::Srv
            }
        };
        if port == 0 && kind != Kind::Srv {
            let error = "a port is required in DNS-SD configs for all record types except SRV";
            from.error("port", error);
        }
        Self { names, kind, port, interval: from.get("refresh_interval", PromDuration::secs(30)) }
    }
}

impl From<Records> for Found {
    fn from(records: Records) -> Self {
        Self::Dns(records)
    }
}

/// Asks again and again.
pub(super) struct Poll {
    wanted: Records,
    resolver: Resolver,
    /// What each name was found to have when it was last answered for.
    groups: Vec<Group>,
}

impl Poll {
    pub(super) fn new(wanted: Records, resolver: Resolver) -> Self {
        let group = |name: &String| Group { source: name.clone(), ..Group::default() };
        let groups = wanted.names.iter().map(group).collect();
        Self { wanted, resolver, groups }
    }

    /// Asks for all names at once. A name that nobody can answer for has what it had.
    async fn ask(&mut self, to: &Finder) {
        let kind = self.wanted.kind;
        let mut asking = JoinSet::new();
        for (nth, name) in self.wanted.names.iter().cloned().enumerate() {
            let resolver = self.resolver.clone();
            asking.spawn(async move { (nth, resolver.records(&name, kind).await) });
        }
        while let Some(asked) = asking.join_next().await {
            match asked {
                Ok((nth, Ok(records))) => {
                    let name = &self.wanted.names[nth];
                    let target = |record: &Record| target(name, record, kind, self.wanted.port);
                    self.groups[nth].targets = records.iter().map(target).collect();
                }
                Ok((_, Err(error))) => {
                    to.log.error("Error refreshing DNS targets", &[("err", error.into())]);
                }
                Err(error) => {
                    to.log.error("Error refreshing DNS targets", &[("err", error.to_string().into())]);
                }
            }
        }
    }
}

impl Discovery for Poll {
    fn run(mut self: Box<Self>, to: Finder) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            let mut told: Option<Vec<Group>> = None;
            let mut clock = interval(self.wanted.interval.0.max(Duration::from_millis(100)));
            clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                clock.tick().await;
                self.ask(&to).await;
                if told.as_ref() != Some(&self.groups) {
                    to.tell(self.groups.clone()).await;
                    told = Some(self.groups.clone());
                }
            }
        })
    }
}

/// The target that a record of `name` is.
fn target(name: &str, record: &Record, kind: Kind, port: u16) -> Labels {
    let mut labels = Labels::from([("__meta_dns_name", name)]);
    let address = match record {
        Record::Address(IpAddr::V6(ip)) => format!("[{ip}]:{port}"),
        Record::Address(IpAddr::V4(ip)) => format!("{ip}:{port}"),
        Record::Host(host) => {
            let label =
                if kind == Kind::Mx { "__meta_dns_mx_record_target" } else { "__meta_dns_ns_record_target" };
            labels.set(label, host);
            format!("{}:{port}", host.trim_end_matches('.'))
        }
        Record::Service { host, port } => {
            labels.set("__meta_dns_srv_record_target", host);
            labels.set("__meta_dns_srv_record_port", &port.to_string());
            format!("{}:{port}", host.trim_end_matches('.'))
        }
    };
    labels.set("__address__", &address);
    labels
}

#[cfg(test)]
mod tests;
