//! What users are told of how far a component has come (the Go collector's `StabilityLevel.LogMessage`).

use crate::{Log, Stability};

/// Tells users of a component that was made how far it has come: what is alpha or better in passing, the rest plainly.
pub(crate) fn log(log: &Log, stability: Stability) {
    let message = message(stability);
    if stability >= Stability::Alpha { log.debug(message, &[]) } else { log.info(message, &[]) }
}

fn message(stability: Stability) -> &'static str {
    match stability {
        Stability::Unmaintained => {
            "Unmaintained component. Actively looking for contributors. Component will become deprecated after 3 months \
             of remaining unmaintained."
        }
        Stability::Deprecated => "Deprecated component. Will be removed in future releases.",
        Stability::Development => "Development component. May change in the future.",
        Stability::Alpha => "Alpha component. May change in the future.",
        Stability::Beta => "Beta component. May change in the future.",
        Stability::Stable => "Stable component.",
    }
}
