//! What servers count.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use http::{Request, Response, Version, header::HOST, uri::Authority};
use slimcol_service::{BoxFuture, meter::requests::Requests};
use tokio::time::Instant;

use super::{code, method, place, scheme, version};
use crate::exchange::{Answer, Inbound, Outbound, Peer};

/// Answers as another does, and counts it.
struct Measured {
    answer: Arc<dyn Answer>,
    calls: Arc<Requests>,
    https: bool,
}

/// What becomes known of a request while it is answered.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    read: AtomicUsize,
    route: OnceLock<String>,
}

/// What is known of a request when it comes.
struct Head {
    begun: Instant,
    method: &'static str,
    authority: String,
    https: bool,
    version: Version,
}

/// The same answers; they are counted if anybody wants to know.
pub(crate) fn measured(
    answer: Arc<dyn Answer>,
    calls: Option<Arc<Requests>>,
    https: bool,
) -> Arc<dyn Answer> {
    match calls {
        None => answer,
        Some(calls) => Arc::new(Measured { answer, calls, https }),
    }
}

impl Tally {
    /// Says that so much of the body was read, as sent.
    pub(crate) fn read(&self, size: usize) {
        self.read.fetch_add(size, Relaxed);
    }

    /// Says which of the things that are served was asked for.
    #[cold]
    #[inline(never)]
    pub(crate) fn found(&self, route: &str) {
        self.route.get_or_init(|| route.to_owned());
    }
}

impl Answer for Measured {
    fn answer(
        &self,
        request: Request<Inbound>,
        peer: Arc<Peer>,
    ) -> BoxFuture<'static, Option<Response<Outbound>>> {
        let host = || request.headers().get(HOST)?.to_str().ok();
        let authority = request.uri().authority().map(Authority::as_str).or_else(host);
        let head = Head {
            begun: Instant::now(),
            method: method(request.method().as_str()),
            authority: authority.unwrap_or_default().to_owned(),
            https: self.https,
            version: request.version(),
        };
        let tally = Arc::<Tally>::default();
        let request = request.map(|body| Inbound::Counted(Box::new(body), tally.clone()));
        let (calls, answer) = (self.calls.clone(), self.answer.answer(request, peer));
        Box::pin(async move {
            let answer = answer.await;
            // Nobody waits for the others any more.
            if let Some(answer) = &answer {
                head.answered(&calls, &tally, answer);
            }
            answer
        })
    }
}

impl Head {
    fn answered(&self, calls: &Requests, tally: &Tally, answer: &Response<Outbound>) {
        let (route, body) = (tally.route.get().map_or("", String::as_str), answer.body());
        let time = self.begun.elapsed();
        if calls.are_calls() {
            let status = body.trailers.as_ref().unwrap_or(answer.headers()).get("grpc-status");
            let number = status.and_then(|code| code.to_str().ok()?.parse().ok());
            // One of a method that exists; a stream has no end yet.
            if let (Some(number), None, false) = (number, &body.stream, route.is_empty()) {
                calls.count(&["grpc", route, code(number), "", ""], time, [0, 0]);
            }
            return;
        }
        let (scheme, usual) = scheme(self.https);
        let (host, port) = place(&self.authority, usual);
        let (version, status) = (version(self.version), answer.status());
        let values = [self.method, host, port, scheme, "http", version, status.as_str(), route, ""];
        calls.count(&values, time, [tally.read.load(Relaxed), body.data.len()]);
    }
}
