//! The converter that asks whether a span is its trace's first.

use slimcol_ottleval::{
    Fault, Field, SpanField,
    function::{Args, Function, converter},
    value::{Look, Value},
};

pub(super) const FUNCTIONS: &[Function] = &[converter!("IsRootSpan", [], is_root_span)];

#[expect(clippy::unnecessary_wraps, reason = "as all converters")]
fn is_root_span(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let parent = args.of.get(Field::Span(SpanField::ParentSpanId));
    Ok(matches!(parent.look(), Look::SpanId([0, 0, 0, 0, 0, 0, 0, 0])).into())
}
