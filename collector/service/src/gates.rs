//! The feature gates that change something: whether they are on, for who does it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::is_beta;

/// A feature gate with an effect. As in Go it is the process' own, whatever runs in it.
#[derive(Debug)]
pub struct Switch {
    id: &'static str,
    on: AtomicBool,
}

/// Whether the paths of OTTL that begin with `otelcol` are there.
pub static OTTL_OTELCOL: Switch = Switch::new("ottl.contexts.enableOTelColContext");

/// Whether functions of OTTL take functions without a name.
pub static OTTL_LAMBDAS: Switch = Switch::new("ottl.functions.enableLambda");

/// Whether OTTL's `set` sets no value, too.
pub static OTTL_SET_NIL: Switch = Switch::new("ottl.set.allowNil");

static ALL: [&Switch; 3] = [&OTTL_OTELCOL, &OTTL_LAMBDAS, &OTTL_SET_NIL];

impl Switch {
    /// One that is as the table of gates says, which is read by the compiler: a name that is not there does not compile.
    const fn new(id: &'static str) -> Self {
        Self { id, on: AtomicBool::new(is_beta(id)) }
    }

    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Switches it on or off: for the command line, and for tests that have a process of their own.
    pub fn turn(&self, on: bool) {
        self.on.store(on, Ordering::Relaxed);
    }
}

/// The switch of that name, if the gate has an effect.
pub(crate) fn find(id: &str) -> Option<&'static Switch> {
    ALL.into_iter().find(|switch| switch.id == id)
}
