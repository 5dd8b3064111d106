//! A target: what discovery found, after relabelling.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use http::Uri;
use slimcol_relabel::{Labels, process};
use slimcol_series::Subject;
use slimcol_service::Log;

use crate::{durations::PromDuration, job::Job};

/// What series are said to come from that do not say it themselves.
const SCOPE: &str = "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/prometheusreceiver";

/// What is scraped, and when.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) job: Arc<Job>,
    pub(crate) subject: Arc<Subject>,
    pub(crate) uri: Uri,
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    /// All of its labels and its URL, by which it is known again.
    pub(crate) identity: (Labels, String),
}

impl Target {
    /// The target with these labels of its own and of its group; `None` if a rule drops it. The error is Prometheus'.
    pub(crate) fn new(
        job: &Arc<Job>,
        own: &Labels,
        group: &Labels,
        (version, log): (&str, &Log),
    ) -> Result<Option<Self>, String> {
        let discovered = discovered(job, own, group);
        let mut labels = discovered.clone();
        if !process(&job.relabel, &mut labels) {
            return Ok(None);
        }
        let address = labels.get("__address__").to_owned();
        if address.is_empty() {
            return Err("no address".into());
        }
        if address.contains('/') {
            return Err(format!("{address:?} is not a valid hostname"));
        }
        let duration = |name: &str, what: &str| {
            let duration = PromDuration::parse(labels.get(name))
                .map_err(|why| format!("error parsing {what}: {why}"))?;
            if duration.0.is_zero() { Err(format!("{what} cannot be 0")) } else { Ok(duration) }
        };
        let interval = duration("__scrape_interval__", "scrape interval")?;
        let timeout = duration("__scrape_timeout__", "scrape timeout")?;
        if timeout > interval {
            return Err(format!(
                "scrape timeout cannot be greater than scrape interval (\"{timeout}\" > \"{interval}\")"
            ));
        }
        labels.retain(|name| !name.starts_with("__meta_"));
        if !labels.has("instance") {
            labels.set("instance", &address);
        }
        let url = url(job, &labels);
        let uri: Uri = url.parse().map_err(|error| format!("invalid URL {url:?}: {error}"))?;
        let mut public = labels.clone();
        public.retain(|name| !name.starts_with("__"));
        let subject = Subject {
            terms: Arc::clone(&job.terms),
            labels: public,
            discovered,
            scope: (SCOPE, version.to_owned()),
            log: log.clone(),
        };
        let (interval, timeout) = (interval.0, timeout.0);
        let job = Arc::clone(job);
        Ok(Some(Self { job, subject: Arc::new(subject), uri, interval, timeout, identity: (labels, url) }))
    }

    /// How long to wait from `now` (since 1970) so that targets are spread over the interval, each at its own place.
    pub(crate) fn offset(&self, now: Duration) -> Duration {
        let mut hasher = DefaultHasher::new();
        self.identity.hash(&mut hasher);
        let interval = self.interval.as_nanos().max(1);
        let place = u128::from(hasher.finish()) % interval;
        let wait = (place + interval - now.as_nanos() % interval) % interval;
        Duration::from_nanos(u64::try_from(wait).unwrap_or(u64::MAX))
    }
}

/// The labels before relabelling.
fn discovered(job: &Job, own: &Labels, group: &Labels) -> Labels {
    let mut labels = group.clone();
    for (name, value) in own.iter() {
        labels.set(name, value);
    }
    let interval = PromDuration(job.interval).to_string();
    let timeout = PromDuration(job.timeout).to_string();
    let known = [
        ("job", &*job.name),
        ("__scrape_interval__", &*interval),
        ("__scrape_timeout__", &*timeout),
        ("__metrics_path__", &*job.metrics_path),
        ("__scheme__", &*job.scheme),
    ];
    for (name, value) in known {
        if !labels.has(name) {
            labels.set(name, value);
        }
    }
    for (name, values) in &job.params {
        let label = format!("__param_{name}");
        if let Some(value) = values.first().filter(|_| !labels.has(&label)) {
            labels.set(&label, value);
        }
    }
    labels
}

/// What is asked for.
fn url(job: &Job, labels: &Labels) -> String {
    let mut params = job.params.clone();
    for (name, value) in labels.iter() {
        let Some(key) = name.strip_prefix("__param_") else { continue };
        match params.iter_mut().find(|(known, _)| known == key) {
            Some((_, values)) if !values.is_empty() => value.clone_into(&mut values[0]),
            Some((_, values)) => values.push(value.to_owned()),
            None => params.push((key.to_owned(), vec![value.to_owned()])),
        }
    }
    slimcol_order::sort(&mut params);
    let mut url = format!("{}://{}", labels.get("__scheme__"), labels.get("__address__"));
    let path = labels.get("__metrics_path__");
    if !path.starts_with('/') {
        url.push('/');
    }
    escape(&mut url, path, |byte| byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@!'()*%".contains(&byte));
    let mut mark = '?';
    for (name, value) in
        params.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
    {
        url.push(mark);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        escape(&mut url, name, plain);
        url.push('=');
        escape(&mut url, value, plain);
        mark = '&';
    }
    url
}

/// A text as it may stand in a URL's query (Go's `url.QueryEscape`).
pub(crate) fn query(text: &str) -> String {
    let mut escaped = String::new();
    escape(&mut escaped, text, |byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
    escaped.replace("%20", "+")
}

fn escape(to: &mut String, text: &str, plain: impl Fn(u8) -> bool) {
    use std::fmt::Write;
    for byte in text.bytes() {
        // Writing to a string cannot fail.
        let _ = if plain(byte) { write!(to, "{}", char::from(byte)) } else { write!(to, "%{byte:02X}") };
    }
}

#[cfg(test)]
mod tests;
