//! The answers over HTTP.

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use slimcol_net::http::server::{HttpHandler, HttpRequest, HttpResponse, plain};
use slimcol_service::Utc;

use crate::{
    aggregate::Aggregate,
    config::{Bodies, PathConfig},
    json, shown,
    verdict::legacy_code,
    view::View,
};

/// What is answered at which paths.
#[derive(Debug, Default)]
pub(crate) struct Pages(Vec<(String, Page)>);

#[derive(Debug)]
enum Page {
    /// How things are.
    Status { verbose: bool },
    /// The configuration.
    Config,
    /// Whether the collector is there, as `health_check` says it.
    Legacy(Option<Bodies>),
}

/// All that answers need.
pub(crate) struct Site {
    pages: Pages,
    view: Arc<View>,
    /// Since when the collector has been there.
    since: (SystemTime, Instant),
}

impl Pages {
    pub(crate) fn of(status: PathConfig, config: PathConfig) -> Self {
        let pages = [
            (status.enabled, status.path, Page::Status { verbose: status.verbose }),
            (config.enabled, config.path, Page::Config),
        ];
        Self(pages.into_iter().filter(|page| page.0).map(|(_, path, page)| (path, page)).collect())
    }

    pub(crate) fn legacy(path: String, bodies: Option<Bodies>) -> Self {
        Self(vec![(path, Page::Legacy(bodies))])
    }

    /// The page at `path`, by the rule of Go's `ServeMux`: the longest that it begins with, if that ends with a slash.
    fn at(&self, path: &str) -> Option<&(String, Page)> {
        let fits = |at: &str| at == path || at.ends_with('/') && path.starts_with(at);
        self.0.iter().filter(|(at, _)| fits(at)).max_by_key(|(at, _)| at.len())
    }
}

impl Site {
    pub(crate) fn new(pages: Pages, view: &Arc<View>) -> Self {
        Self { pages, view: Arc::clone(view), since: (SystemTime::now(), Instant::now()) }
    }

    /// The answer `of` what a request asks about, if there is such a thing.
    fn about(&self, request: &HttpRequest, of: impl FnOnce(&Aggregate) -> HttpResponse) -> HttpResponse {
        match self.view.now(&request.query("pipeline").unwrap_or_default()) {
            Some(found) => of(&found),
            None => answer(StatusCode::NOT_FOUND, None, String::new()),
        }
    }

    fn config(&self) -> HttpResponse {
        match self.view.cx.config() {
            Some(config) => answer(StatusCode::OK, Some("application/json"), config.to_string()),
            None => answer(StatusCode::SERVICE_UNAVAILABLE, None, String::new()),
        }
    }

    fn status(&self, of: &Aggregate, verbose: bool) -> HttpResponse {
        let (verdict, now) = (self.view.verdict, Instant::now());
        let body = json::document(of, Utc::from(self.since.0), verdict, now, verbose);
        answer(verdict.code(&of.event, now), Some("application/json"), body)
    }

    fn legacy(&self, of: &Aggregate, bodies: Option<&Bodies>) -> HttpResponse {
        let code = legacy_code(of.event.status);
        let there = code == StatusCode::OK;
        let Some(bodies) = bodies else {
            // Go's zero time, and no duration.
            let (status, since, up) = if there {
                ("available", Utc::from(self.since.0).to_string(), shown(self.since.1.elapsed()).to_string())
            } else {
                ("not available", "0001-01-01T00:00:00Z".to_owned(), String::new())
            };
            let body = format!(r#"{{"status":"Server {status}","upSince":"{since}","uptime":"{up}"}}"#);
            return answer(code, Some("application/json"), body);
        };
        let body = if there { &bodies.healthy } else { &bodies.unhealthy };
        answer(code, Some("text/plain; charset=utf-8"), body.clone())
    }
}

impl HttpHandler for Site {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        match self.pages.at(request.path()).map(|(_, page)| page) {
            None => plain(StatusCode::NOT_FOUND, "404 page not found"),
            Some(Page::Config) => self.config(),
            Some(Page::Legacy(bodies)) => self.about(&request, |found| self.legacy(found, bodies.as_ref())),
            Some(Page::Status { verbose }) => {
                let asked = request.query("verbose").is_some_and(|value| value != "false");
                self.about(&request, |found| self.status(found, *verbose || asked))
            }
        }
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        self.pages.at(path).map(|(at, _)| at.as_str())
    }
}

fn answer(code: StatusCode, media: Option<&'static str>, body: String) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::from(body));
    *response.status_mut() = code;
    if let Some(media) = media {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    }
    response
}
