//! Exemplars on their way from one point to another.

use slimcol_pdata::{
    edit::{ExemplarMut, OwnValue},
    view::{ExemplarRef, Number, ValueRef},
};

/// An exemplar apart from its point.
pub(super) struct Kept {
    attributes: OwnValue,
    time: u64,
    value: Number,
    trace: [u8; 16],
    span: [u8; 8],
}

impl Kept {
    pub(super) fn of(exemplar: ExemplarRef<'_>) -> Self {
        Self {
            attributes: ValueRef::Map(exemplar.filtered_attributes()).into(),
            time: exemplar.time_unix_nano(),
            value: exemplar.value(),
            trace: exemplar.trace_id(),
            span: exemplar.span_id(),
        }
    }

    /// Makes an empty exemplar the same.
    pub(super) fn put(&self, mut to: ExemplarMut<'_>) {
        if let ValueRef::Map(attributes) = self.attributes.view()
            && !attributes.is_empty()
        {
            to.filtered_attributes_mut().replace(attributes);
        }
        to.set_time_unix_nano(self.time);
        to.set_value(self.value);
        if self.trace != [0; 16] {
            to.set_trace_id(self.trace);
        }
        if self.span != [0; 8] {
            to.set_span_id(self.span);
        }
    }
}
