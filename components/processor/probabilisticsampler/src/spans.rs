//! Spans, which carry what they were sampled by in their tracestate.

use slimcol_pdata::{edit::SpanMut, view::ValueRef};
use slimcol_sampling::{Randomness, Threshold, TraceState};

use crate::{
    hash::Hash,
    sampler::{Carrier, Chance, MISSING, Policy},
};

/// A span, and its tracestate.
pub(crate) struct SpanCarrier<'s, 'd, 't> {
    pub(crate) span: &'s mut SpanMut<'d>,
    pub(crate) state: TraceState<'t>,
    pub(crate) broken: Option<String>,
}

impl Carrier for SpanCarrier<'_, '_, '_> {
    fn trace_id(&self) -> [u8; 16] {
        self.span.view().trace_id()
    }

    fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    fn randomness(&self) -> Option<Randomness> {
        self.state.randomness()
    }

    fn keep(&mut self, (_, randomness): Chance) {
        self.state.set_randomness(randomness);
    }

    fn threshold(&self) -> Option<Threshold> {
        self.state.threshold()
    }

    fn clear_threshold(&mut self) {
        self.state.clear_threshold();
    }

    fn hashed(&self, hash: &Hash) -> Chance {
        let id = self.trace_id();
        if id == [0; 16] { MISSING } else { (Policy::TraceHash, hash.of(&id)) }
    }

    fn priority(&self) -> Option<Threshold> {
        let priority = match self.span.view().attributes().get("sampling.priority")? {
            ValueRef::Int(0) => 0.0,
            ValueRef::Int(priority) => {
                if priority > 0 {
                    1.0
                } else {
                    -1.0
                }
            }
            ValueRef::Double(priority) => priority,
            ValueRef::Str(text) => text.parse().ok()?,
            _ => return None,
        };
        if priority == 0.0 { Some(Threshold::NEVER) } else { (priority > 0.0).then_some(Threshold::ALWAYS) }
    }

    fn sampled(&mut self, by: Threshold) -> Result<(), &'static str> {
        let outcome = self.state.raise(by);
        let state = self.state.to_string();
        if state != self.span.view().trace_state() {
            self.span.set_trace_state(&state);
        }
        outcome
    }
}
