//! Spans, which carry what they were sampled by in their tracestate.

use slimcol_pdata::{edit::SpanMut, view::ValueRef};
use slimcol_sampling::{Randomness, Threshold, TraceState};

use crate::sampler::{Carrier, Chance, MISSING, Mode, Policy, RANDOMNESS_IN_USE, THRESHOLD_IN_USE, Wrong};

/// A span, and its tracestate.
pub(crate) struct SpanCarrier<'s, 'd, 't> {
    pub(crate) span: &'s mut SpanMut<'d>,
    pub(crate) state: TraceState<'t>,
    pub(crate) broken: Option<String>,
}

impl Carrier for SpanCarrier<'_, '_, '_> {
    fn chance(&mut self, mode: &Mode) -> (Chance, bool, Option<Wrong>) {
        let broken = self.broken.take().map(Wrong::Broken);
        let id = self.span.view().trace_id();
        let traced = id != [0; 16];
        match mode {
            // Nobody looks at it.
            Mode::Never => ((Policy::Priority, Randomness::MAX), true, broken),
            Mode::Hash(hash, _) => {
                let chance = if traced { (Policy::TraceHash, hash.of(&id)) } else { MISSING };
                let wrong = broken
                    .or_else(|| self.state.randomness().map(|_| RANDOMNESS_IN_USE))
                    .or_else(|| self.state.threshold().map(|_| THRESHOLD_IN_USE));
                if wrong.is_none() {
                    self.state.set_randomness(chance.1);
                }
                (chance, wrong.is_none(), wrong)
            }
            Mode::Equalizing(_) | Mode::Proportional(_) => {
                let chance = match self.state.randomness() {
                    _ if broken.is_some() => MISSING,
                    Some(randomness) => (Policy::Given, randomness),
                    None if traced => (Policy::TraceBits, Randomness::of_trace(id)),
                    None => MISSING,
                };
                (chance, broken.is_none(), broken)
            }
        }
    }

    fn threshold(&self) -> Option<Threshold> {
        self.state.threshold()
    }

    fn clear_threshold(&mut self) {
        self.state.clear_threshold();
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
