//! Where each signal goes.

use http::Uri;
use slimcol_net::http::client::url;
use slimcol_pdata::Signal;
use slimcol_service::Signals;

use crate::config::Config;

/// The URL for each signal that is sent.
#[derive(Debug)]
pub(crate) struct Urls([Option<Uri>; 3]);

impl Urls {
    /// The URLs for `signals`. Errors are the Go exporter's texts.
    pub(crate) fn new(config: &Config, signals: Signals) -> Result<Self, String> {
        let endpoint = config.client.endpoint.as_str();
        if !endpoint.is_empty() && url(endpoint).is_none() {
            return Err("endpoint must be a valid URL".to_owned());
        }
        let mut urls = [const { None }; 3];
        for signal in signals.iter() {
            let own = match signal {
                Signal::Traces => &config.traces_endpoint,
                Signal::Metrics => &config.metrics_endpoint,
                Signal::Logs => &config.logs_endpoint,
            };
            let to = if !own.is_empty() {
                url(own).ok_or_else(|| format!("{signal}_endpoint must be a valid URL"))?
            } else if endpoint.is_empty() {
                return Err(format!("either endpoint or {signal}_endpoint must be specified"));
            } else {
                let endpoint = endpoint.strip_suffix('/').unwrap_or(endpoint);
                url(&format!("{endpoint}/v1/{signal}")).ok_or("endpoint must be a valid URL")?
            };
            urls[signal as usize] = Some(to);
        }
        Ok(Self(urls))
    }

    /// Where `signal` goes; `None` if it is not sent.
    pub(crate) fn get(&self, signal: Signal) -> Option<&Uri> {
        self.0[signal as usize].as_ref()
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Uri> {
        self.0.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(yaml: &str, signals: Signals) -> Result<Vec<String>, String> {
        let config = slimcol_config::from_yaml(yaml).unwrap();
        Urls::new(&config, signals).map(|urls| urls.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn come_from_the_endpoint_or_stand_alone() {
        for endpoint in ["http://a:1", "http://a:1/"] {
            assert_eq!(
                urls(&format!("endpoint: {endpoint}"), Signals::ALL).unwrap(),
                ["http://a:1/v1/traces", "http://a:1/v1/metrics", "http://a:1/v1/logs"]
            );
        }
        assert_eq!(urls("endpoint: http://a/x//", Signals::LOGS).unwrap(), ["http://a/x//v1/logs"]);
        assert_eq!(
            urls(
                "{endpoint: 'http://a', traces_endpoint: 'http://b/t?x=1'}",
                Signals::TRACES.or(Signals::LOGS)
            )
            .unwrap(),
            ["http://b/t?x=1", "http://a/v1/logs"]
        );
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for (yaml, message) in [
            ("endpoint: 'localhost:4318'", "endpoint must be a valid URL"),
            ("endpoint: 'http://a b'", "endpoint must be a valid URL"),
            ("metrics_endpoint: '/v1'", "metrics_endpoint must be a valid URL"),
            ("traces_endpoint: 'http://a'", "either endpoint or metrics_endpoint must be specified"),
        ] {
            assert_eq!(urls(yaml, Signals::METRICS), Err(message.to_owned()), "{yaml}");
        }
    }
}
