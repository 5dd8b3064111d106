//! Answering in spans, if anybody watches the collector's own: whatever server a request came to.

use std::sync::Arc;

use http::{HeaderMap, Request, Response, header::CONTENT_TYPE};
use slimcol_service::{
    BoxFuture, Tracing,
    meter::requests::{GRPC_SCOPE, HTTP_SCOPE},
};

use crate::exchange::{Answer, Inbound, Outbound, Peer};

/// Answers as another does.
pub(crate) struct Traced {
    pub(crate) answer: Arc<dyn Answer>,
    pub(crate) tracing: Arc<Tracing>,
}

impl Answer for Traced {
    fn answer(
        &self,
        request: Request<Inbound>,
        peer: Arc<Peer>,
    ) -> BoxFuture<'static, Option<Response<Outbound>>> {
        if self.tracing.is_on() { self.in_span(request, peer) } else { self.answer.answer(request, peer) }
    }
}

impl Traced {
    #[cold]
    fn in_span(
        &self,
        request: Request<Inbound>,
        peer: Arc<Peer>,
    ) -> BoxFuture<'static, Option<Response<Outbound>>> {
        let headers = request.headers().clone();
        let header = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
        let path = request.uri().path();
        let grpc = header(CONTENT_TYPE.as_str()).is_some_and(|media| media.starts_with("application/grpc"));
        let (scope, name) = if grpc {
            (GRPC_SCOPE, path.trim_start_matches('/').to_owned())
        } else {
            (HTTP_SCOPE, format!("{} {path}", request.method()))
        };
        self.tracing.request(scope, name, &header, self.answer.answer(request, peer), |answer| {
            failure(answer.as_ref())
        })
    }
}

/// Why an answer is a failure of ours. What senders did wrong is none, as in Go.
fn failure(answer: Option<&Response<Outbound>>) -> Option<String> {
    let Some(answer) = answer else { return Some("no answer in time".to_owned()) };
    if answer.status().is_server_error() {
        return Some(answer.status().to_string());
    }
    let told = |headers: &HeaderMap, name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
    let trailers = answer.body().trailers.as_ref().unwrap_or(answer.headers());
    // Unknown, deadline exceeded, unimplemented, internal, unavailable, data loss.
    let code = told(trailers, "grpc-status")?;
    let ours = ["2", "4", "12", "13", "14", "15"].contains(&code.as_str());
    ours.then(|| told(trailers, "grpc-message").unwrap_or_else(|| format!("code = {code}")))
}

#[cfg(test)]
mod tests;
