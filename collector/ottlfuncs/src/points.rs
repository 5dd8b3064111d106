//! Converters that ask what attributes a metric's points have.

use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, takes},
    value::Value,
};
use slimcol_pdata::view::ValueRef;

pub(super) const FUNCTIONS: &[Function] = &[
    converter!(
        "HasAttrOnDatapoint",
        [takes("key", Takes::LiteralText), takes("expected_val", Takes::LiteralText)],
        |args| has(args, args.call.literal_text(1))
    ),
    converter!("HasAttrKeyOnDatapoint", [takes("key", Takes::LiteralText)], |args| has(args, None)),
];

/// Whether a point has the attribute; with `value`, whether that is what the first has which has it. What is no text is none.
fn has<'a>(args: Args<'a>, value: Option<&str>) -> Result<Value<'a>, Fault> {
    let unknown = || Fault::new("unknown metric type");
    let metric = args.of.whole_metric().ok_or_else(unknown)?;
    if matches!(metric.data(), slimcol_pdata::view::MetricData::Empty) {
        return Err(unknown());
    }
    let key = args.call.literal_text(0).unwrap_or_default();
    let mut first = None;
    metric.any_point(|attributes| {
        first = attributes.get(key).map(|found| match (value, found) {
            (None, _) => true,
            (Some(value), ValueRef::Str(text)) => text == value,
            (Some(value), _) => value.is_empty(),
        });
        first.is_some()
    });
    Ok(first.unwrap_or_default().into())
}
