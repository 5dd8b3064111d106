//! What is being done that takes a while: a line that is gone when it is done, or an event.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::{Event, event, watched};

/// A step under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct Step(Option<ProgressBar>);

impl Step {
    /// Says that `step` begins (`fetching crates`).
    pub(crate) fn begin(step: &'static str) -> Self {
        event(&Event::Step { step });
        Self(watched().then(|| {
            let style =
                ProgressStyle::with_template("  {msg} {elapsed}").expect("the template is well-formed");
            let line = ProgressBar::new_spinner().with_style(style).with_message(step);
            line.enable_steady_tick(Duration::from_millis(200));
            line
        }))
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let Some(line) = &self.0 {
            line.finish_and_clear();
        }
    }
}
