//! Whether a status is fine, by what `component_health` counts as unhealthy.

use std::time::Instant;

use http::StatusCode;
use slimcol_service::{Status, StatusEvent};

use crate::{aggregate::Priority, config::ComponentHealth};

/// What makes unhealthy; without it nothing does but a fatal error's code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict(pub(crate) Option<ComponentHealth>);

/// `grpc.health.v1.HealthCheckResponse.ServingStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Reported {
    Serving = 1,
    NotServing = 2,
    ServiceUnknown = 3,
}

impl Verdict {
    /// Which error matters more: the one that makes unhealthy.
    pub(crate) fn priority(self) -> Priority {
        match self.0 {
            Some(health) if health.include_recoverable && !health.include_permanent => Priority::Recoverable,
            _ => Priority::Permanent,
        }
    }

    pub(crate) fn healthy(self, event: &StatusEvent, now: Instant) -> bool {
        let Some(health) = self.0 else { return true };
        match event.status {
            Status::PermanentError => !health.include_permanent,
            Status::RecoverableError if health.include_recoverable => {
                now < event.clock + health.recovery.std()
            }
            status => status != Status::FatalError,
        }
    }

    /// When what is healthy now will not be any more, if nothing else happens.
    pub(crate) fn until(self, event: &StatusEvent, now: Instant) -> Option<Instant> {
        let health = self.0.filter(|health| health.include_recoverable)?;
        let end = event.clock + health.recovery.std();
        (event.status == Status::RecoverableError && now < end).then_some(end)
    }

    pub(crate) fn code(self, event: &StatusEvent, now: Instant) -> StatusCode {
        match event.status {
            Status::FatalError => StatusCode::INTERNAL_SERVER_ERROR,
            _ if !self.healthy(event, now) => StatusCode::INTERNAL_SERVER_ERROR,
            status => legacy_code(status),
        }
    }

    pub(crate) fn serving(self, event: &StatusEvent, now: Instant) -> Reported {
        let fine = legacy_code(event.status) == StatusCode::OK && self.healthy(event, now);
        if fine { Reported::Serving } else { Reported::NotServing }
    }
}

/// The code for who only wants to know whether the collector is there.
pub(crate) const fn legacy_code(status: Status) -> StatusCode {
    match status {
        Status::Ok | Status::RecoverableError | Status::PermanentError => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}
