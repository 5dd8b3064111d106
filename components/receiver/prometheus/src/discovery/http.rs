//! Targets that a server lists.

use std::{pin::Pin, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use slimcol_config::{Section, Settings};
use tokio::time::{sleep, timeout};

use super::{Discovery, Finder, Found, Group, groups};
use crate::{
    durations::PromDuration,
    web::{Web, WebClient},
};

/// The largest list that is read.
const LARGEST: usize = 64 << 20;

/// One of `http_sd_configs`.
pub(super) struct Endpoint {
    url: Option<Uri>,
    interval: PromDuration,
    web: Web,
}

impl Settings for Endpoint {
    fn read(from: &mut Section<'_>) -> Self {
        let text = from.get("url", String::new());
        let hostless =
            text.split_once("://").is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with('/'));
        let url = match text.parse::<Uri>() {
            _ if text.is_empty() => Err("URL is missing".to_owned()),
            _ if hostless => Err("host is missing in URL".to_owned()),
            Err(error) => Err(format!("{text:?} is no URL: {error}")),
            Ok(url) if !matches!(url.scheme_str(), Some("http" | "https")) => {
                Err("URL scheme must be 'http' or 'https'".to_owned())
            }
            Ok(url) => Ok(url),
        };
        let url = url.map_err(|error| from.error("url", error)).ok();
        let interval = from.get("refresh_interval", PromDuration::secs(60));
        Self { url, interval, web: Web::read(from) }
    }
}

impl Endpoint {
    pub(super) fn found(self) -> Option<Found> {
        Some(Found::Http { url: self.url?, interval: self.interval, web: Box::new(self.web) })
    }
}

/// Asks again and again.
pub(super) struct Poll {
    url: Uri,
    interval: Duration,
    client: Arc<WebClient>,
}

impl Poll {
    pub(super) fn new(url: Uri, interval: Duration, client: Arc<WebClient>) -> Self {
        Self { url, interval: interval.max(Duration::from_millis(100)), client }
    }

    async fn ask(&self) -> Result<Vec<Group>, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Ok(seconds) = HeaderValue::try_from(self.interval.as_secs_f64().to_string()) {
            headers.insert("x-prometheus-refresh-interval-seconds", seconds);
        }
        let answer = self.client.get(&self.url, &headers).await?;
        if answer.status != StatusCode::OK {
            return Err(format!("server returned HTTP status {}", answer.status));
        }
        let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let (media, rest) = kind.split_once(';').unwrap_or((kind, ""));
        let utf8 = matches!(rest.trim().to_lowercase().as_str(), "" | "charset=utf-8" | "charset=\"utf-8\"");
        if !media.trim().eq_ignore_ascii_case("application/json") || !utf8 {
            return Err(format!("unsupported content type {kind:?}"));
        }
        let body = answer.body(LARGEST).await.map_err(|error| error.to_string())?;
        let text = std::str::from_utf8(&body).map_err(|error| error.to_string())?;
        groups(&self.url.to_string(), text, "__meta_url")
    }
}

impl Discovery for Poll {
    fn run(self: Box<Self>, to: Finder) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            let mut told: Option<Vec<Group>> = None;
            loop {
                let asked = timeout(self.interval, self.ask()).await;
                match asked.unwrap_or_else(|_| Err("context deadline exceeded".to_owned())) {
                    Ok(groups) if told.as_ref() != Some(&groups) => {
                        to.tell(groups.clone()).await;
                        told = Some(groups);
                    }
                    Ok(_) => {}
                    Err(error) => {
                        to.log.error("Unable to refresh target groups", &[("err", error.into())]);
                    }
                }
                sleep(self.interval).await;
            }
        })
    }
}
