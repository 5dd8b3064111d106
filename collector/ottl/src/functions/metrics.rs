//! Editors of metrics as a whole.

mod extract;
mod kind;
mod scale;

use slimcol_pdata::edit::{MetricMut, OwnMetric};

use super::define::{editor, may_take, takes};
use crate::{
    context::Context,
    fault::Fault,
    function::{Call, Function, Takes},
};

pub(super) const FUNCTIONS: &[Function] = &[
    editor!("convert_sum_to_gauge", [], kind::sum_to_gauge),
    editor!(
        "convert_gauge_to_sum",
        [takes("string_agg_temp", Takes::LiteralText), takes("monotonic", Takes::LiteralBool)],
        kind::known_temporality,
        kind::gauge_to_sum
    ),
    editor!(
        "extract_count_metric",
        [takes("monotonic", Takes::LiteralBool), may_take("suffix", Takes::LiteralText)],
        extract::count
    ),
    editor!(
        "extract_sum_metric",
        [takes("monotonic", Takes::LiteralBool), may_take("suffix", Takes::LiteralText)],
        extract::sum
    ),
    editor!(
        "convert_summary_quantile_val_to_gauge",
        [may_take("attribute_key", Takes::LiteralText), may_take("suffix", Takes::LiteralText)],
        extract::quantiles
    ),
    editor!(
        "copy_metric",
        [may_take("name", Takes::Text), may_take("description", Takes::Text), may_take("unit", Takes::Text)],
        copy_metric
    ),
    editor!(
        "scale_metric",
        [takes("multiplier", Takes::LiteralNumber), may_take("unit", Takes::Text)],
        scale::scale_metric
    ),
];

/// Changes the metric, and adds others behind it.
fn change(
    on: &mut dyn Context,
    change: impl FnOnce(&mut MetricMut<'_>, &mut Vec<OwnMetric>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    match on.metric() {
        Some((mut metric, added)) => change(&mut metric, added),
        None => Err(Fault::new("there is no metric")),
    }
}

/// The text of an argument that may be left out.
fn given(call: &Call, at: usize, on: &dyn Context) -> Result<Option<String>, Fault> {
    if call.has(at) { call.on(on).text(at).map(|text| Some(text.into_owned())) } else { Ok(None) }
}

fn copy_metric(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let (name, description, unit) = (given(call, 0, on)?, given(call, 1, on)?, given(call, 2, on)?);
    change(on, |metric, added| {
        let mut copy = metric.copied();
        let mut new = copy.edit();
        if let Some(name) = name {
            new.set_name(&name);
        }
        if let Some(description) = description {
            new.set_description(&description);
        }
        if let Some(unit) = unit {
            new.set_unit(&unit);
        }
        added.push(copy);
        Ok(())
    })
}

#[cfg(test)]
mod tests;
