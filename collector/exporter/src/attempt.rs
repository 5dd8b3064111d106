//! One attempt to send: with a time limit, and with panics contained.

use std::time::Duration;

use slimcol_service::{Code, Payload, Refused, contain};

use crate::push::AnyPush;

/// Lets `exporter` send `payload` once, within `timeout` if there is one.
pub(crate) async fn attempt(
    exporter: &dyn AnyPush,
    timeout: Option<Duration>,
    payload: Payload,
) -> Result<(), Refused> {
    let limited = async {
        match timeout {
            Some(timeout) => tokio::time::timeout(timeout, exporter.push_any(payload)).await,
            None => Ok(exporter.push_any(payload).await),
        }
    };
    match contain(limited).await {
        Ok(Ok(outcome)) => outcome,
        // Go's text for a context whose time is up.
        Ok(Err(_elapsed)) => {
            Err(Refused::retryable("context deadline exceeded").with_code(Code::DeadlineExceeded))
        }
        // What made it panic once will do so again.
        Err(panicked) => Err(Refused::permanent(panicked)),
    }
}
