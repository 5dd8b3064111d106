//! What is answered.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use slimcol_net::http::server::{HttpHandler, HttpRequest, HttpResponse, plain};
use slimcol_service::Stop;

use crate::sampling::Sampling;

const INDEX: &str = include_str!("index.html");
/// The longest that a profile is taken for.
const LONGEST: i64 = 3600;

/// What Go has and a collector without Go's runtime has not, and why.
const NOT_THERE: [(&str, &str); 8] = [
    ("allocs", "the allocator does not record who allocates"),
    ("block", "there are no goroutines that could block"),
    ("goroutine", "there are no goroutines"),
    ("heap", "the allocator does not record who allocates"),
    ("mutex", "there are no goroutines that could block"),
    ("symbol", "a profile has its names in it, or the program has none"),
    ("threadcreate", "threads are made once, at the start"),
    ("trace", "there is no Go runtime to trace"),
];

/// Answers below `/debug/pprof/`.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) stop: Stop,
}

impl HttpHandler for Site {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        let Some(name) = request.path().strip_prefix("/debug/pprof/") else {
            return plain(StatusCode::NOT_FOUND, "404 page not found");
        };
        match name {
            "" => answer("text/html; charset=utf-8", Bytes::from_static(INDEX.as_bytes())),
            "profile" => self.profile(&request).await,
            "cmdline" => {
                let name = std::env::args().next().unwrap_or_default();
                answer("text/plain; charset=utf-8", Bytes::from(name))
            }
            name => match NOT_THERE.iter().find(|(known, _)| *known == name) {
                Some((name, why)) => {
                    let message = format!("There is no {name} profile: {why}. See /debug/pprof/profile");
                    plain(StatusCode::NOT_IMPLEMENTED, &message)
                }
                None => plain(StatusCode::NOT_FOUND, "Unknown profile"),
            },
        }
    }
}

impl Site {
    async fn profile(&self, request: &HttpRequest) -> HttpResponse {
        // Anything that is no time is Go's half a minute.
        let seconds = request.query("seconds").and_then(|text| text.parse::<i64>().ok());
        let seconds = seconds.filter(|seconds| *seconds > 0).unwrap_or(30).min(LONGEST);
        let failed = |error: &str| {
            plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("Could not enable CPU profiling: {error}"))
        };
        let sampling = match Sampling::begin() {
            Ok(sampling) => sampling,
            Err(error) => return failed(&error),
        };
        let mut stop = self.stop.clone();
        tokio::select! {
            // A collector that stops hands out what there is.
            () = stop.wait() => {}
            () = tokio::time::sleep(Duration::from_secs(seconds.unsigned_abs())) => {}
        }
        match sampling.end() {
            Ok(profile) => {
                let mut response = answer("application/octet-stream", Bytes::from(profile));
                let name = HeaderValue::from_static("attachment; filename=\"profile\"");
                response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
                response
            }
            Err(error) => failed(&error),
        }
    }
}

fn answer(media: &'static str, body: Bytes) -> HttpResponse {
    let mut response = HttpResponse::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
