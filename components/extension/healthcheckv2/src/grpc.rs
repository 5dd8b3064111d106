//! `grpc.health.v1.Health`.

use std::{sync::Arc, time::Instant};

use bytes::Bytes;
use slimcol_net::grpc::{
    client::GrpcStatus,
    server::{GrpcService, Messages, Reply, Unknown},
};
use slimcol_pdata::get::{Value, fields};
use slimcol_service::{Client, Code, Stop};
use tokio::time::sleep_until;

use crate::{verdict::Reported, view::View};

/// The service.
pub(crate) struct Health {
    pub(crate) view: Arc<View>,
    pub(crate) stop: Stop,
}

/// A method of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Method {
    Check,
    Watch,
}

impl GrpcService for Health {
    type Method = Method;
    type Reply = Reply;

    fn find(&self, service: &str, method: &str) -> Result<Method, Unknown> {
        match (service, method) {
            ("grpc.health.v1.Health", "Check") => Ok(Method::Check),
            ("grpc.health.v1.Health", "Watch") => Ok(Method::Watch),
            ("grpc.health.v1.Health", _) => Err(Unknown::Method),
            _ => Err(Unknown::Service),
        }
    }

    async fn call(&self, method: Method, message: Bytes, _: Client) -> Result<Reply, GrpcStatus> {
        let scope = service(&message)?;
        match method {
            Method::Check => match self.view.now(&scope) {
                Some(found) => {
                    let serving = self.view.verdict.serving(&found.event, Instant::now());
                    Ok(Bytes::copy_from_slice(&response(serving)).into())
                }
                None => Err(GrpcStatus::new(Code::NotFound, "Service not found.")),
            },
            Method::Watch => {
                let (view, stop) = (Arc::clone(&self.view), self.stop.clone());
                Ok(Reply::stream(|mut messages| async move {
                    let end = watch(&mut messages, &view, &scope, stop).await;
                    (messages, GrpcStatus::new(Code::Canceled, end))
                }))
            }
        }
    }
}

/// Sends how `scope` is now and after each change; why it ends.
async fn watch(messages: &mut Messages, view: &View, scope: &str, mut stop: Stop) -> &'static str {
    let mut changes = view.changes();
    let mut last = None;
    loop {
        changes.mark_unchanged();
        let now = Instant::now();
        let (serving, until) = match view.now(scope) {
            Some(found) => (view.verdict.serving(&found.event, now), view.verdict.until(&found.event, now)),
            None => (Reported::ServiceUnknown, None),
        };
        let expiry = async {
            match until {
                Some(end) => sleep_until(end.into()).await,
                None => std::future::pending().await,
            }
        };
        if last != Some(serving) {
            let response = response(serving);
            tokio::select! {
                sent = messages.send(&response) => if sent.is_err() {
                    return "Error sending; stream terminated.";
                },
                () = stop.wait() => return "Server shutting down.",
            }
            last = Some(serving);
        }
        tokio::select! {
            biased;
            // The view has the other end, and outlives this.
            _ = changes.changed() => {}
            () = expiry => {}
            () = messages.gone() => return "Stream has ended.",
            () = stop.wait() => return "Server shutting down.",
        }
    }
}

/// What a `HealthCheckRequest` asks about.
fn service(message: &[u8]) -> Result<String, GrpcStatus> {
    let mut service = String::new();
    for field in fields(message) {
        match field {
            Ok((1, Value::Bytes(name))) => service = String::from_utf8_lossy(name).into_owned(),
            Ok(_) => {}
            Err(malformed) => {
                let message = format!("grpc: error unmarshalling request: {malformed}");
                return Err(GrpcStatus::new(Code::Internal, message));
            }
        }
    }
    Ok(service)
}

/// A `HealthCheckResponse`.
const fn response(serving: Reported) -> [u8; 2] {
    [8, serving as u8]
}
