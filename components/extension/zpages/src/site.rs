//! Which page is where.

use std::{sync::Arc, time::SystemTime};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use slimcol_net::http::server::{HttpHandler, HttpRequest, HttpResponse, plain};
use slimcol_service::Context;

use crate::{
    expvar,
    html::{Html, Links},
    pages,
    traces::Recent,
};

/// The paths, which are Go's.
pub(crate) const SERVICE: &str = "/debug/servicez";
pub(crate) const PIPELINES: &str = "/debug/pipelinez";
pub(crate) const EXTENSIONS: &str = "/debug/extensionz";
pub(crate) const FEATURES: &str = "/debug/featurez";
pub(crate) const TRACES: &str = "/debug/tracez";
pub(crate) const EXPVAR: &str = "/debug/expvarz";

/// The pages do nothing but show.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// All pages.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) cx: Context,
    pub(crate) begun: SystemTime,
    pub(crate) expvar: bool,
    /// Spans, if they are made.
    pub(crate) traces: Option<Arc<Recent>>,
}

impl HttpHandler for Site {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        let cx = &self.cx;
        let (title, page) = match request.path() {
            SERVICE => ("Service", pages::service(cx, self.begun)),
            PIPELINES => ("Pipelines", pages::pipelines(cx, &request)),
            EXTENSIONS => ("Extensions", pages::extensions(cx, &request)),
            FEATURES => ("Feature Gates", pages::features(cx)),
            EXPVAR if self.expvar => {
                return answer("application/json; charset=utf-8", expvar::json(cx, std::env::args()));
            }
            path => match (&self.traces, path) {
                (Some(recent), TRACES) => ("Trace Spans", pages::traces(recent, &request)),
                _ => return plain(StatusCode::NOT_FOUND, "404 page not found"),
            },
        };
        self.page(title, request.path(), page)
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        let served = |(at, _): &(&str, &str)| *at == path;
        self.links().iter().any(served).then_some(path)
    }
}

impl Site {
    fn links(&self) -> Links {
        let mut links = vec![
            (SERVICE, "Service"),
            (PIPELINES, "Pipelines"),
            (EXTENSIONS, "Extensions"),
            (FEATURES, "Feature gates"),
        ];
        if self.traces.is_some() {
            links.push((TRACES, "Traces"));
        }
        if self.expvar {
            links.push((EXPVAR, "Variables"));
        }
        links
    }

    fn page(&self, title: &str, path: &str, page: Html) -> HttpResponse {
        let html = page.document(self.cx.build().name, title, path, &self.links());
        let mut response = answer("text/html; charset=utf-8", html);
        let policy = HeaderValue::from_static(POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }
}

fn answer(media: &'static str, body: String) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
