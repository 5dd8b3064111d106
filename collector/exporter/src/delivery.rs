//! The configuration of the stages between a pipeline and an exporter.

mod batching;
mod retry_on_failure;
mod sending_queue;

use slimcol_config::{Duration, Optional, Problems, Section, Settings};

pub use self::retry_on_failure::RetryOnFailure;
pub(crate) use self::{
    batching::Batching,
    sending_queue::{Keeper, NO_STORAGE, SendingQueue, Sizer},
};

/// Which stages an exporter has (`timeout`, `retry_on_failure`, `sending_queue`) and how they are configured.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// How long one attempt may take; zero is without limit.
    pub(crate) timeout: Duration,
    /// `None` if the exporter has no such key.
    pub(crate) retry: Option<RetryOnFailure>,
    /// `None` if the exporter has no such key.
    pub(crate) queue: Option<Optional<SendingQueue>>,
}

impl Delivery {
    /// All three stages; `timeout` is the default of the key of that name, retries and queue are on by default.
    pub fn read(section: &mut Section<'_>, timeout: Duration) -> Self {
        Self {
            timeout: section.get("timeout", timeout),
            retry: Some(section.section("retry_on_failure")),
            queue: Some(section.optional("sending_queue", true)),
        }
    }

    /// Retries and queue, both on by default, for exporters whose client has a `timeout` of its own.
    pub fn untimed(section: &mut Section<'_>) -> Self {
        Self {
            timeout: Duration::default(),
            retry: Some(section.section("retry_on_failure")),
            queue: Some(section.optional("sending_queue", true)),
        }
    }

    /// Retries, of which the first waits for `first` by default, and a queue of so many payloads that are sent one at a time, for
    /// exporters that have keys of their own for it, and whose client has a `timeout`.
    pub fn with_queue_of(section: &mut Section<'_>, first: Duration, size: Option<i64>) -> Self {
        let queue = match size {
            Some(size) => Optional::On(SendingQueue::of(size.max(1))),
            None => Optional::Off,
        };
        let retry = section.section_with("retry_on_failure", |retry| RetryOnFailure::read_with(retry, first));
        Self { timeout: Duration::default(), retry: Some(retry), queue: Some(queue) }
    }

    /// The same with its queue, if it has one, in the exporter's own storage ([`crate::Push::storage`]).
    #[must_use]
    pub fn kept_by_exporter(mut self) -> Self {
        if let Some(Optional::On(queue)) = &mut self.queue {
            queue.storage = Some(Keeper::Exporter);
        }
        self
    }

    /// Only a `sending_queue`, off by default.
    pub fn queue_only(section: &mut Section<'_>) -> Self {
        Self { queue: Some(section.optional("sending_queue", false)), ..Self::direct() }
    }

    /// No stage and no key: the pipeline waits for the one attempt and gets its outcome.
    pub fn direct() -> Self {
        Self { timeout: Duration::default(), retry: None, queue: None }
    }

    /// The retries, if they are on.
    pub(crate) fn retry(&self) -> Option<&RetryOnFailure> {
        self.retry.as_ref().filter(|retry| retry.enabled)
    }

    /// The queue, if it is on.
    pub(crate) fn queue(&self) -> Option<&SendingQueue> {
        self.queue.as_ref()?.as_ref()
    }

    /// What a user could switch on against lost data, as Go appends it to its messages.
    pub(crate) fn hint(&self) -> String {
        let mut hint = String::new();
        if self.retry.is_some() && self.retry().is_none() {
            hint.push_str(" Try enabling retry_on_failure config option to retry on retryable errors.");
        }
        if self.queue.is_some() && self.queue().is_none() {
            hint.push_str(" Try enabling sending_queue to survive temporary failures.");
        }
        hint
    }

    /// Reports what is wrong, each problem under the path that Go gives it.
    pub(crate) fn validate(&self, problems: &mut Problems<'_>) {
        if self.timeout.is_negative() {
            problems.within("timeoutconfig", &Negative);
        }
        if let Some(retry) = &self.retry {
            problems.within("retry_on_failure", retry);
        }
        if let Some(queue) = &self.queue {
            problems.within_optional("sending_queue", queue);
        }
    }
}

/// The `timeout` of less than nothing: Go keeps the key in a struct whose name shows in the message.
struct Negative;

impl Settings for Negative {
    fn read(_: &mut Section<'_>) -> Self {
        Self
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.add("timeout", "timeout value must be greater than or equal to 0");
    }
}

#[cfg(test)]
mod tests;
